package clinical

import (
	"slices"
	"time"
)

// Trend is a kind's values over a time, thinned for a picture: extremes are all there.
type Trend struct {
	Kind   KindID
	From   time.Time
	Until  time.Time
	Points []Point // in order of time
	Total  int     // values that there are in that time
	Limits KindLimits
	Set    Limits    // by whom and when the limits were set; Version 0: there are none
	Week   Mean      // of the last seven days
	Mean   Mean      // of the whole time
	Out    int       // values that are yellow or red
	First  time.Time // of the kind's first value at all; zero: there is none
}

// Mean is a mean of each component.
type Mean struct {
	Values []float64 // none where Count is 0
	Count  int
}

// thin keeps at most so many points of a row in order of time: in each stretch of time the least
// and the greatest value of each component, and the first and last point of all. What was
// between them would be drawn over itself.
func thin(points []Point, most int) []Point {
	if len(points) <= most || len(points) < 3 {
		return points
	}
	components := len(points[0].Values)
	stretches := max((most-2)/(2*components), 1)
	first, last := points[0].At, points[len(points)-1].At
	width := last.Sub(first)/time.Duration(stretches) + 1
	out := make([]Point, 0, most)
	out = append(out, points[0])
	keep := make([]int, 0, 2*components)
	for i := 1; i < len(points)-1; {
		end := first.Add((points[i].At.Sub(first)/width + 1) * width)
		from := i
		for i < len(points)-1 && points[i].At.Before(end) {
			i++
		}
		keep = keep[:0]
		for c := range components {
			least, greatest := from, from
			for j := from; j < i; j++ {
				if points[j].Values[c] < points[least].Values[c] {
					least = j
				}
				if points[j].Values[c] > points[greatest].Values[c] {
					greatest = j
				}
			}
			keep = append(keep, least, greatest)
		}
		slices.Sort(keep)
		for _, j := range slices.Compact(keep) {
			out = append(out, points[j])
		}
	}
	return append(out, points[len(points)-1])
}

// meanOf is each component's mean of the points since a time, rounded as the kind's values are;
// count 0 has no values.
func meanOf(kind Kind, points []Point, since time.Time) Mean {
	var m Mean
	sums := make([]float64, len(kind.Components))
	for _, p := range points {
		if p.At.Before(since) || len(p.Values) != len(sums) {
			continue
		}
		m.Count++
		for i, v := range p.Values {
			sums[i] += v
		}
	}
	if m.Count == 0 {
		return m
	}
	for i, c := range kind.Components {
		m.Values = append(m.Values, c.Rounded(sums[i]/float64(m.Count)))
	}
	return m
}

// outside counts the points that are yellow or red.
func (k KindLimits) outside(points []Point) (n int) {
	for _, p := range points {
		if c := k.Colour(p.Values); c == Yellow || c == Red {
			n++
		}
	}
	return n
}
