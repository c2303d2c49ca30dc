package photo

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// Flags of a VP8X chunk (RFC 9649 §2.7).
const (
	webpAnimated = 0x02
	webpAlpha    = 0x10
	webpICC      = 0x20
)

// cleanWebP goes through a WebP (RFC 9649). Its length stands in front of it, and is another one when
// parts of it are left out: it is held until its end, once its header has been found good.
func cleanWebP(out *bufio.Writer, in *reader) (Info, error) {
	info := Info{Type: WebP, Turned: 1}
	head, err := in.take(12)
	if err != nil {
		return Info{}, err
	}
	left := int64(binary.LittleEndian.Uint32(head[4:])) - 4 // of what comes after "WEBP"
	if left > MaxBytes {
		return Info{}, fault("must be at most %d MB", MaxBytes>>20)
	}
	var kept bytes.Buffer
	seen := map[string]bool{} // as many as there are parts
	const mostParts = 100
	extended, colours := false, false
	for left > 0 {
		if len(seen) == mostParts {
			return Info{}, fault("must have at most %d parts", mostParts)
		}
		chunk, err := in.take(8)
		if err != nil {
			return Info{}, err
		}
		name, length := string(chunk[:4]), int64(binary.LittleEndian.Uint32(chunk[4:]))
		padded := length + length%2 // RFC 9649 §2.3
		if left -= 8 + padded; left < 0 {
			return Info{}, fault("must be a WebP whose parts are within it")
		}
		if seen[name] {
			return Info{}, fault("must be a WebP with one of each part")
		}
		seen[name] = true
		keep := false
		switch name {
		case "VP8X", "VP8 ", "VP8L", "ALPH":
			keep = true
		case "ICCP":
			keep = length < mostICC
		case "ANIM", "ANMF":
			return Info{}, errAnimated
		}
		if !keep { // Exif, XMP, and what is unknown (§2.7.1.6)
			if err := in.skip(padded); err != nil {
				return Info{}, err
			}
			continue
		}
		// The dimensions stand at a part's beginning, and are looked at before the rest is read.
		first, err := in.Peek(int(min(length, 10)))
		if err != nil {
			return Info{}, errTruncated
		}
		if err := info.webp(name, first, extended); err != nil {
			return Info{}, err
		}
		if name == "VP8X" {
			if length != 10 || kept.Len() > 0 {
				return Info{}, fault("must be a WebP with a good header")
			}
			extended = true
		}
		colours = colours || name == "ICCP"
		_, _ = kept.Write(chunk)
		if _, err := io.CopyN(&kept, in, padded); err != nil {
			return Info{}, io.ErrUnexpectedEOF
		}
	}
	if !seen["VP8 "] && !seen["VP8L"] || seen["VP8 "] && seen["VP8L"] {
		return Info{}, fault("must have a picture in it")
	}
	if err := in.ended(); err != nil {
		return Info{}, err
	}
	if extended { // the first part: its flags tell of what is left out
		kept.Bytes()[8] &= webpAlpha
		if colours {
			kept.Bytes()[8] |= webpICC
		}
	}
	_, _ = out.WriteString("RIFF")
	_, _ = out.Write(binary.LittleEndian.AppendUint32(nil, uint32(kept.Len()+4)))
	_, _ = out.WriteString("WEBP")
	_, _ = out.Write(kept.Bytes())
	return info, nil
}

var errAnimated = &Fault{"must be one picture that stands still"}

// webp reads the dimensions out of a chunk's first bytes.
func (i *Info) webp(name string, b []byte, extended bool) error {
	bad := fault("must be a WebP with a good header")
	width, height := 0, 0
	switch name {
	case "ALPH", "ICCP":
		return nil
	case "VP8X": // §2.7
		if len(b) < 10 {
			return bad
		}
		if b[0]&webpAnimated != 0 {
			return errAnimated
		}
		width, height = 1+(int(b[4])|int(b[5])<<8|int(b[6])<<16), 1+(int(b[7])|int(b[8])<<8|int(b[9])<<16)
	case "VP8 ": // RFC 6386 §9.1: a key frame, its start code, and 14 bits each
		if len(b) < 10 || b[0]&1 != 0 || b[3] != 0x9d || b[4] != 0x01 || b[5] != 0x2a {
			return bad
		}
		width, height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	case "VP8L": // RFC 9649 §3.4
		if len(b) < 5 || b[0] != 0x2f {
			return bad
		}
		bits := binary.LittleEndian.Uint32(b[1:])
		width, height = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
	}
	if err := sized(width, height); err != nil {
		return err
	}
	if extended && (width != i.Width || height != i.Height) {
		return fault("must be a WebP of one size")
	}
	i.Width, i.Height = width, height
	each := int64(3) // a luma, two chromas of a quarter, an alpha
	if name == "VP8L" {
		each = 8 // the picture, and its transforms beside it
	}
	i.decoded = max(i.decoded, int64(width)*int64(height)*each)
	return fits(i.decoded)
}
