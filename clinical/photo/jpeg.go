package photo

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Markers of JPEG (ITU-T T.81 table B.1).
const (
	jpegSOF0  = 0xc0 // baseline
	jpegSOF1  = 0xc1 // extended sequential
	jpegSOF2  = 0xc2 // progressive
	jpegDHT   = 0xc4
	jpegRST0  = 0xd0
	jpegRST7  = 0xd7
	jpegSOI   = 0xd8
	jpegEOI   = 0xd9
	jpegSOS   = 0xda
	jpegDQT   = 0xdb
	jpegDRI   = 0xdd
	jpegAPP0  = 0xe0
	jpegAPP1  = 0xe1
	jpegAPP2  = 0xe2
	jpegAPP14 = 0xee
	jpegAPP15 = 0xef
	jpegCOM   = 0xfe
)

const (
	// mostScans is how many a progressive picture may have: cameras and programs write ten. Each
	// makes the whole picture be gone over again, however few bytes it has.
	mostScans = 64
	// mostSegments is how many may stand before and between the scans.
	mostSegments = 2000
)

// jpegCleaner goes through a JPEG (ITU-T T.81 annex B).
type jpegCleaner struct {
	in   *reader
	out  *bufio.Writer
	info Info
	// begun says that what stands before all else has been written.
	begun bool
	scans int
	next  byte // marker that has ended a scan, and begins the next part; 0: none
	// more says that the file has told of further pictures behind the first (CIPA DC-007): a map for
	// brighter screens, or the same one larger.
	more bool
}

func cleanJPEG(out *bufio.Writer, in *reader) (Info, error) {
	j := &jpegCleaner{in: in, out: out, info: Info{Type: JPEG, Turned: 1}}
	if err := in.skip(2); err != nil { // SOI, which has been looked at
		return Info{}, err
	}
	_, _ = out.Write([]byte{0xff, jpegSOI}) // told by Flush
	for range mostSegments {
		marker, err := j.marker()
		if err != nil {
			return Info{}, err
		}
		if marker == jpegEOI {
			if j.scans == 0 {
				return Info{}, fault("must have a picture in it")
			}
			_, _ = out.Write([]byte{0xff, jpegEOI})
			return j.info, j.behind()
		}
		if err := j.segment(marker); err != nil {
			return Info{}, err
		}
	}
	return Info{}, fault("must have at most %d parts", mostSegments)
}

// marker reads one. T.81 B.1.1.2: any number of 0xff may stand before it.
func (j *jpegCleaner) marker() (byte, error) {
	if next := j.next; next != 0 {
		j.next = 0
		return next, nil
	}
	b, err := j.in.ReadByte()
	if err != nil {
		return 0, io.ErrUnexpectedEOF
	}
	if b != 0xff {
		return 0, fault("must be a JPEG whose parts follow one another")
	}
	for b == 0xff {
		if b, err = j.in.ReadByte(); err != nil {
			return 0, io.ErrUnexpectedEOF
		}
	}
	return b, nil
}

// segment lets a part through, or leaves it out.
func (j *jpegCleaner) segment(marker byte) error {
	switch {
	case marker == 0x00, marker == 0x01, marker == jpegSOI, marker >= jpegRST0 && marker <= jpegRST7:
		return fault("must be one JPEG: it has a part %#x where none may be", marker)
	}
	length, err := j.in.take(2)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(length)) - 2
	if n < 0 {
		return fault("must be a JPEG whose parts have a length")
	}
	content, err := j.in.take(n)
	if err != nil {
		return err
	}
	switch {
	case marker >= jpegAPP0 && marker <= jpegAPP15, marker == jpegCOM:
		return j.beside(marker, content)
	}
	j.begin()
	switch marker {
	case jpegSOF0, jpegSOF1, jpegSOF2:
		if err := j.frame(marker, content); err != nil {
			return err
		}
	case jpegDHT, jpegDQT, jpegDRI:
	case jpegSOS:
		return j.scan(content)
	default: // arithmetic coding, lossless, hierarchical, and heights that are told afterwards: no camera writes them
		return fault("must be a baseline or progressive JPEG")
	}
	j.write(marker, content)
	return nil
}

func (j *jpegCleaner) write(marker byte, content []byte) {
	n := len(content) + 2
	_, _ = j.out.Write([]byte{0xff, marker, byte(n >> 8), byte(n)})
	_, _ = j.out.Write(content)
}

// mostICC is how large a colour profile may be that is let through. Cameras' are a few kilobytes, and one
// that is larger than a part can hold has places for all kinds of things.
const mostICC = 64 << 10

// beside is a part that is about the picture and not of it. Only what says how its colours are to
// be read goes on, and which way up it is.
func (j *jpegCleaner) beside(marker byte, content []byte) error {
	if j.begun && marker != jpegAPP14 && marker != jpegAPP2 {
		return nil
	}
	switch {
	case marker == jpegAPP0 && bytes.HasPrefix(content, []byte("JFIF\x00")) && len(content) >= 14:
		// ITU-T T.871 §10.1. It may have a small picture of its own, which shows what was cut away.
		plain := append([]byte(nil), content[:14]...)
		plain[12], plain[13] = 0, 0
		j.write(marker, plain)
	case marker == jpegAPP1 && bytes.HasPrefix(content, []byte("Exif\x00\x00")):
		if turned := orientation(content[6:]); turned != 0 {
			j.info.Turned = turned
		}
	case marker == jpegAPP2 && bytes.HasPrefix(content, []byte("MPF\x00")):
		j.more = true
	case marker == jpegAPP2 && bytes.HasPrefix(content, []byte("ICC_PROFILE\x00\x01\x01")) && len(content) < mostICC:
		j.write(marker, content) // ICC.1:2010 annex B.4: the first of one
	case marker == jpegAPP14 && bytes.HasPrefix(content, []byte("Adobe")) && len(content) == 12:
		j.write(marker, content) // ITU-T T.872 §6.5.3: whether colours were transformed
	}
	return nil
}

// begin writes which way up the picture is, once all has been said of that.
func (j *jpegCleaner) begin() {
	if j.begun {
		return
	}
	j.begun = true
	if j.info.Turned != 1 {
		j.write(jpegAPP1, exifOf(j.info.Turned))
	}
}

// frame reads a frame header (T.81 B.2.2).
func (j *jpegCleaner) frame(marker byte, content []byte) error {
	if j.info.Width != 0 {
		return fault("must be one picture")
	}
	if len(content) < 6 || len(content) != 6+3*int(content[5]) {
		return fault("must be a JPEG with a good header")
	}
	j.info.Height, j.info.Width = int(binary.BigEndian.Uint16(content[1:])), int(binary.BigEndian.Uint16(content[3:]))
	if err := sized(j.info.Width, j.info.Height); err != nil {
		return err
	}
	most := 1 // the largest sampling factors: an MCU's size in blocks
	for c := range int(content[5]) {
		sampling := content[6+3*c+1]
		most = max(most, int(sampling>>4)*int(sampling&15))
	}
	// Each component's share of the pixels, by its own sampling.
	pixels, decoded := int64(j.info.Width)*int64(j.info.Height), int64(0)
	for c := range int(content[5]) {
		sampling := content[6+3*c+1]
		decoded += pixels * int64(sampling>>4) * int64(sampling&15) / int64(most)
	}
	if marker == jpegSOF2 {
		decoded *= 5 // its coefficients are held too, 32 bits each
	}
	j.info.decoded = decoded
	return fits(decoded)
}

// scan lets a scan through: a header, and what is coded, up to the next marker (T.81 B.2.3, B.1.1.5).
func (j *jpegCleaner) scan(header []byte) error {
	if j.info.Width == 0 {
		return fault("must be a JPEG with a good header")
	}
	if j.scans++; j.scans > mostScans {
		return fault("must have at most %d scans", mostScans)
	}
	j.write(jpegSOS, header)
	for {
		// All up to the next 0xff goes through as it lies.
		part, err := j.in.ReadSlice(0xff)
		if errors.Is(err, bufio.ErrBufferFull) {
			_, _ = j.out.Write(part)
			continue
		}
		if err != nil {
			return io.ErrUnexpectedEOF
		}
		_, _ = j.out.Write(part[:len(part)-1])
		next, err := j.in.ReadByte()
		for err == nil && next == 0xff { // fill bytes before a marker
			next, err = j.in.ReadByte()
		}
		if err != nil {
			return io.ErrUnexpectedEOF
		}
		if next == 0 || next >= jpegRST0 && next <= jpegRST7 {
			_, _ = j.out.Write([]byte{0xff, next})
			continue
		}
		j.next = next
		return nil
	}
}

// behind is what comes after the picture. What the file has told of is left out as what is beside the
// picture is: further pictures, and what one maker's phones write behind every photo.
func (j *jpegCleaner) behind() error {
	var last [4]byte
	n := 0
	buffer := make([]byte, 32<<10)
	for {
		got, err := j.in.Read(buffer)
		if got > 0 {
			n += got
			tail := append(last[:], buffer[:got]...)
			copy(last[:], tail[len(tail)-4:])
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if n == 0 || j.more || string(last[:]) == "SEFT" {
		return nil
	}
	return errTrailing
}
