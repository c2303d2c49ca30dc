package clinical_test

import (
	"math"
	"testing"

	"github.com/samkonsult/samkonsult/clinical"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(b)) }

func TestAScaleSaysHowManyPixelsMakeACentimetre(t *testing.T) {
	for name, c := range map[string]struct {
		scale         clinical.Scale
		width, height int
		want          float64
	}{
		"across the picture":     {clinical.Scale{X1: 0.1, Y1: 0.5, X2: 0.6, Y2: 0.5, Cm: 5}, 4000, 3000, 400},
		"the other way":          {clinical.Scale{X1: 0.6, Y1: 0.5, X2: 0.1, Y2: 0.5, Cm: 5}, 4000, 3000, 400},
		"down it":                {clinical.Scale{X1: 0.5, Y1: 0.2, X2: 0.5, Y2: 0.4, Cm: 3}, 4000, 3000, 200},
		"aslant: 3, 4 and 5":     {clinical.Scale{X1: 0, Y1: 0, X2: 0.3, Y2: 0.4, Cm: 2}, 1000, 1000, 250},
		"aslant in a wide one":   {clinical.Scale{X1: 0, Y1: 0, X2: 0.15, Y2: 0.4, Cm: 2}, 2000, 1000, 250},
		"a coin of 21 mm across": {clinical.Scale{X1: 0.4, Y1: 0.4, X2: 0.505, Y2: 0.4, Cm: 2.1}, 4000, 3000, 200},
	} {
		if got := c.scale.PixelsPerCm(c.width, c.height); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// pixels are an outline's points on a picture of 1000 × 500.
func pixels(xy ...float64) []float64 {
	out := make([]float64, len(xy))
	for i := range xy {
		out[i] = xy[i] / []float64{1000, 500}[i%2]
	}
	return out
}

// ring is an ellipse as a hand would draw it, turned by so much.
func ring(long, wide, turned float64, points int) []float64 {
	var xy []float64
	for i := range points {
		a := 2 * math.Pi * float64(i) / float64(points)
		x, y := long/2*math.Cos(a), wide/2*math.Sin(a)
		xy = append(xy, 500+x*math.Cos(turned)-y*math.Sin(turned), 250+x*math.Sin(turned)+y*math.Cos(turned))
	}
	return pixels(xy...)
}

func TestAnOutlineIsMeasured(t *testing.T) {
	const each = 100 // pixels in a centimetre
	for name, c := range map[string]struct {
		points []float64
		want   clinical.Size
	}{
		"a square":                {pixels(100, 100, 400, 100, 400, 400, 100, 400), clinical.Size{Area: 9, Longest: 3 * math.Sqrt2, Widest: 3 * math.Sqrt2}},
		"the other way round":     {pixels(100, 400, 400, 400, 400, 100, 100, 100), clinical.Size{Area: 9, Longest: 3 * math.Sqrt2, Widest: 3 * math.Sqrt2}},
		"a triangle":              {pixels(0, 0, 400, 0, 0, 300), clinical.Size{Area: 6, Longest: 5, Widest: 2.4}},
		"closed by its last":      {pixels(0, 0, 400, 0, 0, 300, 0, 0), clinical.Size{Area: 6, Longest: 5, Widest: 2.4}},
		"a rhombus":               {pixels(0, 100, 200, 0, 400, 100, 200, 200), clinical.Size{Area: 4, Longest: 4, Widest: 2}},
		"one with a bay in it":    {pixels(0, 0, 400, 0, 400, 400, 200, 100, 0, 400), clinical.Size{Area: 10, Longest: 4 * math.Sqrt2, Widest: 4 * math.Sqrt2}},
		"a line there and back":   {pixels(0, 0, 400, 0, 200, 0), clinical.Size{Longest: 4}},
		"three points on a point": {pixels(50, 50, 50, 50, 50, 50), clinical.Size{}},
		"two points":              {pixels(0, 0, 400, 0), clinical.Size{}},
		"none":                    {nil, clinical.Size{}},
	} {
		got := clinical.SizeOf(c.points, 1000, 500, each)
		if !near(got.Area, c.want.Area) || !near(got.Longest, c.want.Longest) || !near(got.Widest, c.want.Widest) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	for _, turned := range []float64{0, 0.3, 1, 2.5} {
		got := clinical.SizeOf(ring(420, 280, turned, 1000), 1000, 500, each)
		want := clinical.Size{Area: math.Pi / 4 * 4.2 * 2.8, Longest: 4.2, Widest: 2.8}
		if math.Abs(got.Area-want.Area) > 0.001 || math.Abs(got.Longest-want.Longest) > 0.001 || math.Abs(got.Widest-want.Widest) > 0.01 {
			t.Errorf("an ellipse turned by %v: %+v, want about %+v", turned, got, want)
		}
	}
	if got := clinical.SizeOf(pixels(100, 100, 400, 100, 400, 400), 1000, 500, 0); got != (clinical.Size{}) {
		t.Errorf("without a scale: %+v", got)
	}
}
