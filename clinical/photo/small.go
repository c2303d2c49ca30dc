package photo

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw" // Go's own, for scaling; image/draw only copies
	"golang.org/x/image/webp" // Go's own too: no C library reads what strangers send
)

const (
	// SmallSide is the longer side of a small picture, in pixels.
	SmallSide = 512
	// between is what a large one is first brought to, roughly: good filters hold whole rows.
	between      = 4 * SmallSide
	smallQuality = 82
)

// Small makes a small picture, upright, as JPEG, out of what Clean has let through. It is where a
// picture is decoded, and so where it is found out whether all of it is there. It takes as much
// memory as Info told: one at a time is enough. Errors: *Fault; those of from.
func Small(from io.Reader, info Info) ([]byte, error) {
	full, err := decode(&counter{from: from}, info.Type)
	if err != nil {
		return nil, err
	}
	if size := full.Bounds().Size(); info.Turned <= 4 && (size.X != info.Width || size.Y != info.Height) ||
		info.Turned > 4 && (size.X != info.Height || size.Y != info.Width) {
		return nil, fault("must be a picture of one size")
	}
	if size := full.Bounds().Size(); max(size.X, size.Y) > between {
		full = scaled(full, between, draw.ApproxBiLinear)
	}
	small := upright(scaled(full, SmallSide, draw.CatmullRom), info.Turned)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: smallQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// decode tells what is wrong with a picture from what is wrong with its reader.
func decode(from *counter, of Type) (image.Image, error) {
	var full image.Image
	var err error
	switch of {
	case JPEG:
		full, err = jpeg.Decode(from)
	case PNG:
		full, err = png.Decode(from)
	default:
		full, err = webp.Decode(from)
	}
	if err != nil && from.err != nil && !errors.Is(from.err, io.EOF) {
		return nil, from.err
	}
	if err != nil {
		return nil, fault("must be a whole picture: it can't be read")
	}
	return full, nil
}

// scaled is a picture whose longer side has so many pixels, on white; a smaller one stays as it is.
func scaled(full image.Image, side int, by draw.Scaler) *image.RGBA {
	size := full.Bounds().Size()
	width, height := size.X, size.Y
	if longer := max(width, height); longer > side {
		width, height = max(1, width*side/longer), max(1, height*side/longer)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	by.Scale(out, out.Bounds(), full, full.Bounds(), draw.Over, nil)
	return out
}

// upright turns a picture as Exif says (2.32 §4.6.5.1.6): the first row and column of the pixels
// are at the top and the left, or elsewhere.
func upright(in *image.RGBA, turned int) *image.RGBA {
	if turned == 1 {
		return in
	}
	w, h := in.Rect.Dx(), in.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turned > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := map[int]image.Point{
				2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x},
			}[turned]
			out.SetRGBA(to.X, to.Y, in.RGBAAt(x, y))
		}
	}
	return out
}
