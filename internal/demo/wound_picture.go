package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

	"github.com/samkonsult/samkonsult/clinical"
)

// The demo's photos are drawn: nobody's wound is shown to who tries it out. The camera looks straight down
// on a leg, from so far away that a centimetre is photoScale pixels.
const (
	photoWidth, photoHeight = 1200, 900
	photoScale              = 120 // pixels in a centimetre
	rulerLeft, rulerTop     = 180, 770
	rulerLength             = 7 // cm
)

// rulersScale is five centimetres along the ruler.
func rulersScale() *clinical.Scale {
	return &clinical.Scale{
		X1: float64(rulerLeft) / photoWidth, Y1: float64(rulerTop) / photoHeight,
		X2: float64(rulerLeft+5*photoScale) / photoWidth, Y2: float64(rulerTop) / photoHeight, Cm: 5,
	}
}

// woundsMiddle is where on the picture a wound lies.
const woundsMiddleX, woundsMiddleY = 600, 380

// edge is how far a wound's edge is from its middle, in pixels, in a direction from 0 to 2π. It is an ellipse
// of the wound's length and width, lying aslant, and a little uneven.
func (v dressing) edge(direction float64) float64 {
	const slant = 0.35
	a, b := v.length/2*photoScale, v.width/2*photoScale
	sin, cos := math.Sincos(direction - slant)
	ellipse := a * b / math.Hypot(b*cos, a*sin)
	return ellipse * (1 + 0.025*math.Sin(3*direction+1) + 0.015*math.Sin(7*direction))
}

// outlineOf is the edge as a hand would trace it.
func outlineOf(v dressing) []float64 {
	const points = 72
	var out []float64
	for i := range points {
		direction := 2 * math.Pi * float64(i) / points
		sin, cos := math.Sincos(direction)
		far := v.edge(direction)
		out = append(out, (woundsMiddleX+far*cos)/photoWidth, (woundsMiddleY+far*sin)/photoHeight)
	}
	return out
}

// drawWound is a photo of the wound as JPEG: skin, what grows and what clings in the wound, and a ruler.
func drawWound(v dressing) ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	var edges [720]float64 // by half degrees: it is asked for each pixel
	farthest := 0.0
	for i := range edges {
		edges[i] = v.edge(2 * math.Pi * float64(i) / float64(len(edges)))
		farthest = max(farthest, edges[i])
	}
	for y := range photoHeight {
		round := float64(y-photoHeight/2) / (photoHeight / 2)
		light := 1 - 0.28*round*round // the leg is round, and the lamp above it
		for x := range photoWidth {
			dx, dy := float64(x-woundsMiddleX), float64(y-woundsMiddleY)
			depth := near
			if d := math.Hypot(dx, dy); d < near*farthest {
				direction := math.Atan2(dy, dx)
				if direction < 0 {
					direction += 2 * math.Pi
				}
				depth = d / edges[int(direction/(2*math.Pi)*float64(len(edges)))%len(edges)]
			}
			r, g, b := v.tint(x, y, depth)
			at := m.PixOffset(x, y)
			grain := light * (1 + 0.03*speck(x, y))
			m.Pix[at], m.Pix[at+1], m.Pix[at+2], m.Pix[at+3] = bright(r*grain), bright(g*grain), bright(b*grain), 255
		}
	}
	drawRuler(m)
	var out bytes.Buffer
	err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 85})
	return out.Bytes(), err
}

// near is up to where the skin is irritated, as tint's depth.
const near = 1.35

// tint is the colour of a place: depth is 0 in the wound's middle, 1 at its edge and more outside.
func (v dressing) tint(x, y int, depth float64) (r, g, b float64) {
	switch {
	case depth >= near:
		return 226, 184, 160
	case depth >= 1:
		part := (near - depth) / (near - 1)
		return 226 - 10*part, 184 - 55*part, 160 - 45*part
	case depth > 0.93: // the edge, where new skin comes
		return 236, 170, 160
	}
	// Fibrin lies in islands: where slow waves are low.
	waves := math.Sin(float64(x)/47+1.3*math.Sin(float64(y)/61)) + math.Sin(float64(y)/39+1.1*math.Sin(float64(x)/53))
	if waves < 4*float64(v.granulation)/100-2 {
		shade := 6 * waves
		return 168 + shade, 42 + shade, 44 + shade
	}
	return 206, 182, 120
}

// speck is a number of a pixel's own, from -1 to 1, the same each time.
func speck(x, y int) float64 {
	n := uint32(x)*374761393 + uint32(y)*668265263
	n = (n ^ n>>13) * 1274126177
	return float64(n>>16&0xff)/127.5 - 1
}

func bright(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

// drawRuler lays a white ruler below the wound, with a stroke for each millimetre.
func drawRuler(m *image.RGBA) {
	fill := func(x0, y0, x1, y1 int, c color.Color) {
		draw.Draw(m, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(rulerLeft-30, rulerTop-10, rulerLeft+rulerLength*photoScale+30, rulerTop+80, color.RGBA{246, 246, 240, 255})
	ink := color.RGBA{20, 24, 30, 255}
	for mm := range rulerLength*10 + 1 {
		x, long := rulerLeft+mm*photoScale/10, 18
		switch {
		case mm%10 == 0:
			long = 48
		case mm%5 == 0:
			long = 30
		}
		fill(x-1, rulerTop, x+1, rulerTop+long, ink)
	}
}
