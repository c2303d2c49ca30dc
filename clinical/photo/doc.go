// Package photo reads photos as cameras and phones send them. It tells what a file is by its content
// alone, lets through the pixels as they are compressed and leaves out all else (where a photo was
// taken, by which camera, what it looked like before it was cut), and makes a small picture of it. It
// is apart from clinical so that it can be tested, and attacked, as what it is: a reader of strangers'
// bytes, without a database, a clock or a patient.
package photo

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// What a photo may be.
const (
	MaxBytes  = 20 << 20   // of a file as it comes
	MaxPixels = 50_000_000 // width × height
	MaxSide   = 12_000     // pixels
	// maxDecoded is how many bytes a picture may take in memory while it is made small.
	maxDecoded = 400 << 20
)

// Type is what a file is, as its media type.
type Type string

// The types.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	WebP Type = "image/webp"
)

// Info is what a file's own bytes say of it.
type Info struct {
	Type Type
	// Width and Height are of the picture as it stands upright, in pixels.
	Width, Height int
	// Turned is how the pixels lie in the file (Exif 2.32 §4.6.5.1.6): 1 upright, 2–8 otherwise.
	Turned int
	// decoded is how many bytes of memory its pixels need.
	decoded int64
}

// Fault says why a file is no photo that is kept, as a rule that it breaks.
type Fault struct{ Rule string }

func (f *Fault) Error() string { return f.Rule }

func fault(format string, args ...any) error { return &Fault{fmt.Sprintf(format, args...)} }

// errTruncated is of a file that ends before it is whole.
var errTruncated = &Fault{"must be whole: it ends too early"}

// Clean copies a photo as it comes, without what it tells beside its pixels, and returns what it
// is. JPEG and PNG pass through as they are read; nothing is decoded. What was written before an
// error is no photo. Errors: *Fault; those of from and to.
func Clean(to io.Writer, from io.Reader) (Info, error) {
	// One byte more than may be, so that what is too large is told from what is just so.
	counted := &counter{from: io.LimitReader(from, MaxBytes+1)}
	in := &reader{Reader: bufio.NewReaderSize(counted, 64<<10)}
	out := bufio.NewWriterSize(to, 64<<10)
	magic, err := in.Peek(12)
	if err != nil && !errors.Is(err, io.EOF) {
		return Info{}, err
	}
	var info Info
	switch {
	case len(magic) >= 3 && string(magic[:3]) == "\xff\xd8\xff":
		info, err = cleanJPEG(out, in)
	case len(magic) >= 8 && string(magic[:8]) == pngMagic:
		info, err = cleanPNG(out, in)
	case len(magic) >= 12 && string(magic[:4]) == "RIFF" && string(magic[8:12]) == "WEBP":
		info, err = cleanWebP(out, in)
	default:
		return Info{}, fault("must be a JPEG, PNG or WebP picture")
	}
	switch {
	case counted.err != nil && !errors.Is(counted.err, io.EOF):
		return Info{}, counted.err
	case counted.n > MaxBytes:
		return Info{}, fault("must be at most %d MB", MaxBytes>>20)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return Info{}, errTruncated
	case err != nil:
		return Info{}, err
	}
	if info.Turned > 4 { // lies on its side
		info.Width, info.Height = info.Height, info.Width
	}
	return info, out.Flush()
}

// sized refuses what is too large to be looked at, before anything of it is decoded.
func sized(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return fault("must have a width and a height")
	case width > MaxSide || height > MaxSide:
		return fault("must be at most %d pixels a side", MaxSide)
	case width*height > MaxPixels:
		return fault("must have at most %d million pixels", MaxPixels/1_000_000)
	}
	return nil
}

// fits refuses what takes too much memory to be made small.
func fits(decoded int64) error {
	if decoded > maxDecoded {
		return fault("must have fewer pixels, or be stored more plainly: it takes %d MB to read", decoded>>20)
	}
	return nil
}

// counter counts what has been read, and keeps the error that its reader has given: a file that is
// broken is another thing than a network that is.
type counter struct {
	from io.Reader
	n    int64
	err  error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	if err != nil {
		c.err = err
	}
	return n, err
}

// reader reads numbers of a file; io.ErrUnexpectedEOF where it ends.
type reader struct{ *bufio.Reader }

// take reads the next n bytes.
func (r *reader) take(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	return b, nil
}

// skip passes over n bytes.
func (r *reader) skip(n int64) error {
	if _, err := io.CopyN(io.Discard, r, n); err != nil {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// ended refuses what comes after a picture's end: another file may hide there.
func (r *reader) ended() error {
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		if err != nil {
			return err
		}
		return errTrailing
	}
	return nil
}

var errTrailing = &Fault{"must end where the picture ends: something else is behind it"}
