package photo

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that go on beside the critical ones (PNG, third edition, §11.3): how
// colours and pixels are to be read. tRNS is part of the pixels: without it what is clear is not.
var pngKept = map[string]int{"sRGB": 1, "gAMA": 4, "cHRM": 32, "pHYs": 9, "tRNS": 256}

// mostChunks is how many a PNG may have: 20 MB in IDATs of 8 kB, which is the least that programs write, and some.
const mostChunks = 10_000

// cleanPNG goes through a PNG (PNG, third edition, §5).
func cleanPNG(out *bufio.Writer, in *reader) (Info, error) {
	info := Info{Type: PNG, Turned: 1}
	if err := in.skip(int64(len(pngMagic))); err != nil {
		return Info{}, err
	}
	_, _ = out.WriteString(pngMagic) // told by Flush
	data := false
	for number := range mostChunks {
		head, err := in.take(8)
		if err != nil {
			return Info{}, err
		}
		length, name := binary.BigEndian.Uint32(head), string(head[4:])
		if length > MaxBytes {
			return Info{}, fault("must be a PNG whose parts are within it")
		}
		if (number == 0) != (name == "IHDR") {
			return Info{}, fault("must be a PNG with one header, at its beginning")
		}
		keep := name[0]&0x20 == 0 // §5.4: an upper case letter says that it is critical
		switch name {
		case "IHDR", "IDAT", "IEND":
		case "PLTE":
			if data || length > 3*256 || length%3 != 0 {
				return Info{}, fault("must be a PNG with a good palette")
			}
		default:
			if keep {
				return Info{}, fault("must be a PNG without parts of its own kind")
			}
			most, known := pngKept[name]
			keep = known && !data && int(length) <= most
		}
		sum := crc32.NewIEEE()
		_, _ = sum.Write(head[4:])
		to := io.Writer(sum)
		if keep {
			_, _ = out.Write(head)
			to = io.MultiWriter(sum, out)
		}
		if name == "IHDR" {
			content, err := in.take(int(min(length, 13)))
			if err != nil {
				return Info{}, err
			}
			if err := info.header(content); err != nil || length != 13 {
				return Info{}, firstOf(err, fault("must be a PNG with a good header"))
			}
			_, _ = to.Write(content)
		} else if _, err := io.CopyN(to, in, int64(length)); err != nil {
			return Info{}, io.ErrUnexpectedEOF
		}
		check, err := in.take(4)
		if err != nil {
			return Info{}, err
		}
		if binary.BigEndian.Uint32(check) != sum.Sum32() {
			return Info{}, fault("must be a PNG whose parts have not changed on their way")
		}
		if keep {
			_, _ = out.Write(check)
		}
		data = data || name == "IDAT"
		if name == "IEND" {
			if !data || length != 0 {
				return Info{}, fault("must have a picture in it")
			}
			return info, in.ended()
		}
	}
	return Info{}, fault("must have at most %d parts", mostChunks)
}

// header reads an IHDR (§11.2.1).
func (i *Info) header(content []byte) error {
	if len(content) < 13 {
		return nil
	}
	width, height := binary.BigEndian.Uint32(content), binary.BigEndian.Uint32(content[4:])
	if width > MaxSide || height > MaxSide { // before they are ints
		return sized(MaxSide+1, 1)
	}
	i.Width, i.Height = int(width), int(height)
	if err := sized(i.Width, i.Height); err != nil {
		return err
	}
	depth, colour, interlaced := content[8], content[9], content[12]
	each := map[byte]int64{0: 1, 2: 4, 3: 1, 4: 4, 6: 4}[colour] // bytes a pixel as image/png holds them
	if depth == 16 {
		each *= 2
	}
	if each == 0 || depth != 1 && depth != 2 && depth != 4 && depth != 8 && depth != 16 || content[10] != 0 || content[11] != 0 || interlaced > 1 {
		return fault("must be a PNG with a good header")
	}
	if colour == 0 { // with tRNS a grey one becomes one with an alpha
		each *= 4
	}
	i.decoded = int64(i.Width) * int64(i.Height) * each
	if interlaced == 1 {
		i.decoded += i.decoded / 2 // its passes, one at a time: the largest is half of it
	}
	return fits(i.decoded)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
