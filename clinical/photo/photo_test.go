package photo_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/samkonsult/samkonsult/clinical/photo"
)

// secret is what stands in all that a file tells beside its pixels.
const secret = "61.4520 N 5.8571 E Olav Eik"

// skin is a picture whose upper left quarter is dark, so that its way up can be told.
func skin(width, height int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetRGBA(x, y, color.RGBA{230, 190, 170, 255})
			if x < width/2 && y < height/2 {
				m.SetRGBA(x, y, color.RGBA{90, 20, 20, 255})
			}
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is a part of a JPEG.
func segment(marker byte, content string) string {
	n := len(content) + 2
	return string([]byte{0xff, marker, byte(n >> 8), byte(n)}) + content
}

// exif is a block as a telephone writes it: the way up, then where it was (Exif 2.32 §4.6.6).
func exif(order binary.AppendByteOrder, turned uint16) string {
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, 2)
	b = append(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x0112), 3), 1), order.AppendUint16(order.AppendUint16(nil, turned), 0)...)
	b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x8825), 4), 1), 38)
	b = order.AppendUint32(b, 0)
	return "Exif\x00\x00" + string(b) + secret
}

// inside puts parts into a JPEG behind its beginning.
func inside(file []byte, parts ...string) []byte {
	return []byte(string(file[:2]) + strings.Join(parts, "") + string(file[2:]))
}

// chunk is a part of a PNG.
func chunk(name, content string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(b, name+content...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// beforeData puts parts into a PNG between its header and the rest.
func beforeData(file []byte, parts ...string) []byte {
	const header = 8 + 25
	return []byte(string(file[:header]) + strings.Join(parts, "") + string(file[header:]))
}

// Pictures of one pixel.
const (
	lossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	lossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
	clear    = "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA=="
)

func decoded(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// riff is a WebP of these parts.
func riff(parts string) []byte {
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(parts)+4))) + "WEBP" + parts)
}

func riffPart(name, content string) string {
	out := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(content)))) + content
	if len(content)%2 == 1 {
		out += "\x00"
	}
	return out
}

// progressive is a grey JPEG of two scans: the middle of each block, then its detail, of which there is none.
func progressive(width, height int, beside ...string) []byte {
	bits := (width + 7) / 8 * ((height + 7) / 8)
	scan := bytes.Repeat([]byte{0}, bits/8)
	if bits%8 != 0 {
		scan = append(scan, 0xff>>(bits%8))
	}
	size := string([]byte{byte(height >> 8), byte(height), byte(width >> 8), byte(width)})
	onlyZero := "\x01" + strings.Repeat("\x00", 15) + "\x00" // one code of one bit, for 0
	return []byte("\xff\xd8" + strings.Join(beside, "") +
		segment(0xdb, "\x00"+strings.Repeat("\x10", 64)) + segment(0xc2, "\x08"+size+"\x01\x01\x11\x00") +
		segment(0xc4, "\x00"+onlyZero) + segment(0xda, "\x01\x01\x00\x00\x00\x00") + string(scan) +
		segment(0xc4, "\x10"+onlyZero) + segment(0xda, "\x01\x01\x00\x01\x3f\x00") + string(scan) + "\xff\xd9")
}

func clean(t testing.TB, file []byte) ([]byte, photo.Info) {
	t.Helper()
	var out bytes.Buffer
	info, err := photo.Clean(&out, iotest.HalfReader(bytes.NewReader(file)))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), info
}

func TestNothingButThePictureIsLetThrough(t *testing.T) {
	flat, plain := jpegOf(t, skin(64, 48)), pngOf(t, skin(64, 48))
	profile := segment(0xe2, "ICC_PROFILE\x00\x01\x01"+strings.Repeat("p", 500))
	for name, c := range map[string]struct {
		file []byte
		kept string // what must be in it still
	}{
		"a JPEG with all that a telephone tells": {file: inside(flat,
			segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x01\x01"+"abc"), segment(0xe1, exif(binary.BigEndian, 1)),
			segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret), segment(0xed, "Photoshop 3.0\x00"+secret), segment(0xfe, secret), profile), kept: profile},
		"one with a profile that may hold anything": {file: inside(flat, segment(0xe2, "ICC_PROFILE\x00\x01\x02"+secret), segment(0xe2, "ICC_PROFILE\x00\x02\x02"+secret))},
		"a progressive one":                         {file: progressive(64, 48, segment(0xe1, exif(binary.LittleEndian, 1)), segment(0xfe, secret))},
		"a PNG with texts":                          {file: beforeData(plain, chunk("tEXt", "Comment\x00"+secret), chunk("eXIf", exif(binary.BigEndian, 1)[6:]), chunk("iTXt", secret), chunk("tIME", "1234567"), chunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01")), kept: "pHYs"},
		"a WebP with Exif and XMP":                  {file: riff(riffPart("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + string(decoded(t, lossy)[12:]) + riffPart("EXIF", exif(binary.LittleEndian, 6)) + riffPart("XMP ", secret))},
		"a WebP that is clear":                      {file: decoded(t, clear)},
		"a WebP without loss":                       {file: decoded(t, lossless)},
		"a JPEG with a brighter one behind it":      {file: append(inside(flat, segment(0xe2, "MPF\x00MM\x00*")), inside(flat, segment(0xe1, exif(binary.BigEndian, 1)))...)},
		"a JPEG of one maker's telephones":          {file: append(append([]byte(nil), flat...), "\x00\x00"+secret+"SEFHe\x00\x00\x00SEFT"...)},
	} {
		out, info := clean(t, c.file)
		if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("abc")) || bytes.Contains(out, []byte("EXIF")) {
			t.Errorf("%s: what is beside the picture has come through", name)
		}
		if c.kept != "" && !bytes.Contains(out, []byte(c.kept)) {
			t.Errorf("%s: how the picture is to be read is lost", name)
		}
		if len(out) > len(c.file) {
			t.Errorf("%s has grown from %d to %d bytes", name, len(c.file), len(out))
		}
		if small, err := photo.Small(bytes.NewReader(out), info); err != nil || len(small) == 0 {
			t.Errorf("%s can't be made small: %v", name, err)
		}
		again, second := clean(t, out)
		if !bytes.Equal(again, out) || second != info {
			t.Errorf("%s is cleaner when it is cleaned again: %+v, then %+v", name, info, second)
		}
	}
}

func TestThePixelsAreNotTouched(t *testing.T) {
	for name, c := range map[string]struct {
		file   []byte
		decode func(io.Reader) (image.Image, error)
	}{
		"JPEG":        {inside(jpegOf(t, skin(100, 60)), segment(0xe1, exif(binary.BigEndian, 1)), segment(0xfe, secret)), jpeg.Decode},
		"progressive": {progressive(100, 60, segment(0xe1, exif(binary.BigEndian, 1))), jpeg.Decode},
		"PNG":         {beforeData(pngOf(t, skin(100, 60)), chunk("tEXt", "a\x00"+secret)), png.Decode},
	} {
		out, _ := clean(t, c.file)
		before, err := c.decode(bytes.NewReader(c.file))
		if err != nil {
			t.Fatal(err)
		}
		after, err := c.decode(bytes.NewReader(out))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for y := range 60 {
			for x := range 100 {
				if before.At(x, y) != after.At(x, y) {
					t.Fatalf("%s: (%d, %d) is %v, and was %v", name, x, y, after.At(x, y), before.At(x, y))
				}
			}
		}
	}
}

func TestAPictureStandsUprightWhicheverWayTheCameraWasHeld(t *testing.T) {
	// Where the dark quarter is, seen upright, when it is at the upper left of the pixels.
	dark := map[uint16]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for turned, where := range dark {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			out, info := clean(t, inside(jpegOf(t, skin(160, 96)), segment(0xe1, exif(order, turned))))
			width, height := 160, 96
			if turned > 4 {
				width, height = height, width
			}
			if info.Width != width || info.Height != height || info.Turned != int(turned) {
				t.Errorf("turned %d: %+v", turned, info)
			}
			if turned != 1 {
				if _, again := clean(t, out); again.Turned != int(turned) {
					t.Errorf("turned %d: what has come through says %d", turned, again.Turned)
				}
			}
			small, err := photo.Small(bytes.NewReader(out), info)
			if err != nil {
				t.Fatal(err)
			}
			m, err := jpeg.Decode(bytes.NewReader(small))
			if err != nil || m.Bounds().Dx() != width || m.Bounds().Dy() != height {
				t.Fatalf("turned %d: %v, %v", turned, m.Bounds(), err)
			}
			for _, corner := range []image.Point{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				r, _, _, _ := m.At(width/4+corner.X*width/2, height/4+corner.Y*height/2).RGBA()
				if isDark := r>>8 < 150; isDark != (corner == where) {
					t.Errorf("turned %d: the corner %v is dark: %t", turned, corner, isDark)
				}
			}
		}
	}
}

func TestASmallPictureHasAtMost512PixelsASide(t *testing.T) {
	for _, c := range [][4]int{{2400, 1800, 512, 384}, {1800, 2400, 384, 512}, {300, 200, 300, 200}, {12000, 1, 512, 1}, {513, 513, 512, 512}} {
		out, info := clean(t, jpegOf(t, image.NewGray(image.Rect(0, 0, c[0], c[1]))))
		small, err := photo.Small(bytes.NewReader(out), info)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(small))
		if err != nil || m.Bounds().Dx() != c[2] || m.Bounds().Dy() != c[3] {
			t.Errorf("%v: %v, %v", c, m.Bounds(), err)
		}
	}
}

// header is a PNG that says it is so large, and has next to nothing in it.
func header(width, height uint32, depth, colour byte) []byte {
	b := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return []byte("\x89PNG\r\n\x1a\n" + chunk("IHDR", string(append(b, depth, colour, 0, 0, 0))) + chunk("IDAT", "x\x9c\x03\x00") + chunk("IEND", ""))
}

func TestWhatIsNoPhotoIsRefusedByItsRule(t *testing.T) {
	flat, plain := jpegOf(t, skin(64, 48)), pngOf(t, skin(64, 48))
	web := decoded(t, lossy)
	with := func(file []byte, at int, b byte) []byte {
		out := append([]byte(nil), file...)
		out[at] = b
		return out
	}
	scans := progressive(64, 48)
	var many []byte
	for range 70 {
		many = append(many, scans[len(scans)-2-6-10:len(scans)-2]...) // the last scan, again and again
	}
	for name, c := range map[string]struct {
		file []byte
		rule string
	}{
		"nothing":                             {nil, "must be a JPEG, PNG or WebP"},
		"a drawing that is a program":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "must be a JPEG, PNG or WebP"},
		"a page":                              {[]byte("<!doctype html><script>alert(1)</script>"), "must be a JPEG, PNG or WebP"},
		"a GIF":                               {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "must be a JPEG, PNG or WebP"},
		"HEIC":                                {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "must be a JPEG, PNG or WebP"},
		"a sound":                             {riff(riffPart("fmt ", "1234"))[:8], "must be a JPEG, PNG or WebP"},
		"a page behind a picture":             {append(append([]byte(nil), flat...), "<script>alert(1)</script>"...), "must end where the picture ends"},
		"an archive behind a PNG":             {append(append([]byte(nil), plain...), "PK\x03\x04"...), "must end where the picture ends"},
		"something behind a WebP":             {append(append([]byte(nil), web...), 0), "must end where the picture ends"},
		"half a JPEG":                         {flat[:len(flat)/2], "must be whole"},
		"a JPEG without its end":              {flat[:len(flat)-2], "must be whole"},
		"half a PNG":                          {plain[:len(plain)/2], "must be whole"},
		"half a WebP":                         {web[:len(web)-6], "must be whole"},
		"only a beginning":                    {[]byte("\xff\xd8\xff"), "must be whole"},
		"a JPEG without a picture":            {[]byte("\xff\xd8\xff\xd9"), "must have a picture"},
		"a JPEG in a JPEG":                    {inside(flat, string(flat)), "must be one JPEG"},
		"a JPEG with two headers":             {inside(progressive(8, 8), segment(0xc0, "\x08\x00\x08\x00\x08\x01\x01\x11\x00")), "must be one picture"},
		"a lossless JPEG":                     {bytes.Replace(flat, []byte("\xff\xc0\x00\x11"), []byte("\xff\xc3\x00\x11"), 1), "must be a baseline or progressive"},
		"a JPEG of no height":                 {progressive(8, 0), "must have a width and a height"},
		"a JPEG that is too wide":             {progressive(12001, 8), "must be at most 12000 pixels a side"},
		"a JPEG of too many pixels":           {progressive(8000, 6251), "must have at most 50 million pixels"},
		"a JPEG that is gone over endlessly":  {append(append(scans[:len(scans)-2:len(scans)-2], many...), 0xff, 0xd9), "must have at most 64 scans"},
		"a JPEG of parts without end":         {[]byte("\xff\xd8" + strings.Repeat(segment(0xfe, ""), 3000)), "must have at most 2000 parts"},
		"a JPEG with something between parts": {inside(flat, segment(0xfe, "")+"x"), "must be a JPEG whose parts follow"},
		"a PNG that unpacks to gigabytes":     {header(50_000, 50_000, 8, 6), "must be at most 12000 pixels a side"},
		"a PNG of too many pixels":            {header(12_000, 4_167, 8, 6), "must have at most 50 million pixels"},
		"a PNG of 2^32 pixels a side":         {header(1<<32-1, 1<<32-1, 8, 6), "must be at most 12000 pixels a side"},
		"a PNG of an odd depth":               {header(8, 8, 7, 6), "must be a PNG with a good header"},
		"a PNG that was changed":              {with(plain, 60, plain[60]^1), "must be a PNG whose parts have not changed"},
		"a PNG with a part of its own kind":   {beforeData(plain, chunk("EVIL", "x")), "must be a PNG without parts of its own kind"},
		"a PNG with two headers":              {beforeData(plain, string(plain[8:33])), "must be a PNG with one header"},
		"a PNG whose part is endless":         {beforeData(plain, "\xff\xff\xff\xfftEXt"), "must be a PNG whose parts are within it"},
		"a film":                              {riff(riffPart("VP8X", "\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00") + riffPart("ANIM", "123456")), "must be one picture that stands still"},
		"a WebP of two sizes":                 {riff(riffPart("VP8X", "\x00\x00\x00\x00\x09\x00\x00\x09\x00\x00") + string(web[12:])), "must be a WebP of one size"},
		"a WebP whose part is endless":        {riff("VP8 \xff\xff\xff\x7f123456789012"), "must be a WebP whose parts are within it"},
		"a WebP of too many pixels":           {riff(riffPart("VP8X", "\x00\x00\x00\x00\xdf\x2e\x00\xdf\x2e\x00")), "must have at most 50 million pixels"},
		"a WebP without a picture":            {riff(riffPart("EXIF", "x")), "must have a picture in it"},
		"a WebP of parts without end":         {riff(manyParts(200)), "must have at most 100 parts"},
		"21 MB":                               {inside(flat, strings.Repeat(segment(0xfe, strings.Repeat("x", 65_533)), 321)), "must be at most 20 MB"},
	} {
		var out bytes.Buffer
		_, err := photo.Clean(&out, bytes.NewReader(c.file))
		if fault, ok := errors.AsType[*photo.Fault](err); !ok || !strings.HasPrefix(fault.Rule, c.rule) {
			t.Errorf("%s: %v, want %q", name, err, c.rule)
		}
	}
}

func manyParts(n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(riffPart(fmt.Sprintf("%04d", i), ""))
	}
	return out.String()
}

func TestAPictureOfWhichAPartIsMissingIsFoundOutWhenItIsMadeSmall(t *testing.T) {
	flat := jpegOf(t, skin(640, 480))
	short := append(append([]byte(nil), flat[:len(flat)/2]...), 0xff, 0xd9)
	bomb := header(1000, 1000, 8, 6) // of which no pixel is there
	for name, file := range map[string][]byte{"a JPEG": short, "a PNG": bomb} {
		out, info := clean(t, file)
		if _, err := photo.Small(bytes.NewReader(out), info); err == nil || !strings.HasPrefix(err.Error(), "must be a whole picture") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABrokenConnectionIsNoFaultOfThePhoto(t *testing.T) {
	flat := jpegOf(t, skin(64, 48))
	broken := errors.New("connection reset")
	for _, n := range []int{0, 100, len(flat) - 1} {
		_, err := photo.Clean(io.Discard, io.MultiReader(bytes.NewReader(flat[:n]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	out, info := clean(t, flat)
	if _, err := photo.Small(io.MultiReader(bytes.NewReader(out[:100]), iotest.ErrReader(broken)), info); !errors.Is(err, broken) {
		t.Errorf("made small: %v", err)
	}
}

// FuzzClean holds that whatever is let through is a picture as it was found to be, within its bounds,
// and is let through again as it is.
func FuzzClean(f *testing.F) {
	flat := jpegOf(f, skin(32, 24))
	for _, seed := range [][]byte{
		flat, inside(flat, segment(0xe1, exif(binary.BigEndian, 6))), progressive(24, 24), pngOf(f, skin(16, 16)),
		beforeData(pngOf(f, skin(8, 8)), chunk("tEXt", "a\x00b"), chunk("gAMA", "1234")),
		decoded(f, lossy), decoded(f, lossless), decoded(f, clear), header(100, 100, 16, 6),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var out, again bytes.Buffer
		info, err := photo.Clean(&out, bytes.NewReader(file))
		if err != nil {
			if _, ok := errors.AsType[*photo.Fault](err); !ok {
				t.Fatalf("no fault of the photo's: %v", err)
			}
			return
		}
		if info.Width < 1 || info.Height < 1 || info.Width > photo.MaxSide || info.Height > photo.MaxSide || info.Width*info.Height > photo.MaxPixels {
			t.Fatalf("let through at %d × %d", info.Width, info.Height)
		}
		second, err := photo.Clean(&again, bytes.NewReader(out.Bytes()))
		if err != nil || second != info || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Fatalf("what has come through: %+v and %v, was %+v", second, err, info)
		}
		if info.Width*info.Height > 1<<20 {
			return // a fuzzer has no time for it
		}
		small, err := photo.Small(bytes.NewReader(out.Bytes()), info)
		if err != nil {
			if _, ok := errors.AsType[*photo.Fault](err); !ok {
				t.Fatalf("made small: %v", err)
			}
			return
		}
		if m, err := jpeg.DecodeConfig(bytes.NewReader(small)); err != nil || max(m.Width, m.Height) > photo.SmallSide {
			t.Fatalf("small: %+v, %v", m, err)
		}
	})
}
