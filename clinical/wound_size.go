package clinical

import (
	"fmt"
	"math"
)

// Scale is a line on a photo whose length is known, as along a ruler that lies beside the wound. Its
// ends are from 0 to 1 of the picture as it stands upright.
type Scale struct {
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
	X2 float64 `json:"x2"`
	Y2 float64 `json:"y2"`
	Cm float64 `json:"cm"`
}

const (
	leastScale = 0.1 // cm
	mostScale  = 100 // cm
	// leastLine is how long a scale must be on the picture, in pixels: a shorter one says nothing.
	leastLine = 10
)

// check refuses a scale that measures nothing on a picture of this size.
func (s Scale) check(width, height int) error {
	for i, v := range []float64{s.X1, s.Y1, s.X2, s.Y2} {
		if !(v >= 0 && v <= 1) { // NaN too
			return &Invalid{fmt.Sprintf("scale[%d]", i), "must be 0–1 of the picture"}
		}
	}
	if !(s.Cm >= leastScale && s.Cm <= mostScale) {
		return &Invalid{"scale[4]", fmt.Sprintf("must be %s–%s cm", Text(leastScale), Text(mostScale))}
	}
	if s.line(width, height) < leastLine {
		return &Invalid{"scale", fmt.Sprintf("must be a line of at least %d pixels", leastLine)}
	}
	return nil
}

// line is how long it is on a picture of this size, in pixels.
func (s Scale) line(width, height int) float64 {
	return math.Hypot((s.X2-s.X1)*float64(width), (s.Y2-s.Y1)*float64(height))
}

// PixelsPerCm is how many pixels of a picture of this size make a centimetre.
func (s Scale) PixelsPerCm(width, height int) float64 { return s.line(width, height) / s.Cm }

// Size is what an outline on a photo with a scale measures. It is not rounded.
type Size struct {
	Area    float64 // cm²
	Longest float64 // cm, between the two points that are farthest from each other
	Widest  float64 // cm, as far as it goes square to that line
}

// SizeOf measures a closed outline, given as x and y by turns, from 0 to 1 of a picture of this size.
// The camera is taken to look straight at the wound, and the wound to be flat.
func SizeOf(points []float64, width, height int, pixelsPerCm float64) Size {
	n := len(points) / 2
	if n < 3 || pixelsPerCm <= 0 {
		return Size{}
	}
	x, y := make([]float64, n), make([]float64, n) // cm
	for i := range n {
		x[i] = points[2*i] * float64(width) / pixelsPerCm
		y[i] = points[2*i+1] * float64(height) / pixelsPerCm
	}
	out := Size{Area: shoelace(x, y)}
	a, b := 0, 0
	for i := range n {
		for j := range i {
			if d := math.Hypot(x[i]-x[j], y[i]-y[j]); d > out.Longest {
				out.Longest, a, b = d, i, j
			}
		}
	}
	if out.Longest == 0 {
		return out
	}
	// Of each point, how far it is from the longest line, to the one side or the other.
	least, most := 0.0, 0.0
	for i := range n {
		d := ((x[b]-x[a])*(y[i]-y[a]) - (y[b]-y[a])*(x[i]-x[a])) / out.Longest
		least, most = min(least, d), max(most, d)
	}
	out.Widest = most - least
	return out
}

// shoelace is the area of a polygon: half of the sum of what its edges span with the origin.
func shoelace(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		j := (i + 1) % len(x)
		sum += x[i]*y[j] - x[j]*y[i]
	}
	return math.Abs(sum) / 2
}

// AreaMethod is how a wound's area was found.
type AreaMethod string

// The methods. Empty: it was not.
const (
	AreaByRectangle AreaMethod = "length-width"
	AreaByEllipse   AreaMethod = "ellipse"
	AreaTraced      AreaMethod = "traced"
)

// areaOf is a wound's area by its length and width, in cm², as exact as they are.
func areaOf(method AreaMethod, length, width float64) float64 {
	area := length * width
	if method == AreaByEllipse {
		area *= math.Pi / 4
	}
	return math.Round(area*10) / 10
}
