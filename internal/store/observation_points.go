package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/samkonsult/samkonsult/clinical"
)

// point is an observation as it stands in a leaf.
type point struct {
	at     int64 // ms since 1970, UTC
	name   int64 // of the observation: pointName
	values []float64
}

// pointName stands for an observation's id among those of its kind, a patient and a moment: the
// first 64 bits of its SHA-256, a third of an id's length.
func pointName(id clinical.ObservationID) int64 {
	sum := sha256.Sum256([]byte(id))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

func pointOf(o clinical.Observation) point {
	return point{o.Measured.UnixMilli(), pointName(o.ID), o.Values}
}

// compare is the order of points: by time, and within a moment by name.
func (p point) compare(q point) int {
	return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.name, q.name))
}

// leafMost is how many points a leaf has at most. A new value writes half of them again, on
// average; a picture reads all of a kind's leaves.
const leafMost = 512

// packedV1 is the first byte of packed points: then for each point the time since the one before
// (varint of encoding/binary, the first since 1970), its name (64 bits), how many values it has
// (uvarint), and these (IEEE 754, 64 bits), big-endian.
const packedV1 = 1

func packPoints(points []point) []byte {
	out := make([]byte, 1, 1+len(points)*24)
	out[0] = packedV1
	before := int64(0)
	for _, p := range points {
		out = binary.AppendVarint(out, p.at-before)
		out = binary.BigEndian.AppendUint64(out, uint64(p.name))
		out = binary.AppendUvarint(out, uint64(len(p.values)))
		for _, v := range p.values {
			out = binary.BigEndian.AppendUint64(out, math.Float64bits(v))
		}
		before = p.at
	}
	return out
}

var errPacked = errors.New("is no packed row of points")

// unpackPoints appends what packPoints has packed.
func unpackPoints(points []point, packed []byte) ([]point, error) {
	if len(packed) == 0 || packed[0] != packedV1 {
		return points, errPacked
	}
	packed = packed[1:]
	values := make([]float64, 0, len(packed)/8) // of all points: more than there are
	at := int64(0)
	for len(packed) > 0 {
		since, n := binary.Varint(packed)
		if n <= 0 || len(packed) < n+8 {
			return points, errPacked
		}
		at += since
		name := int64(binary.BigEndian.Uint64(packed[n:]))
		packed = packed[n+8:]
		count, n := binary.Uvarint(packed)
		if n <= 0 || uint64(len(packed)-n)/8 < count {
			return points, errPacked
		}
		packed = packed[n:]
		first := len(values)
		for range count {
			values = append(values, math.Float64frombits(binary.BigEndian.Uint64(packed)))
			packed = packed[8:]
		}
		points = append(points, point{at, name, values[first:len(values):len(values)]})
	}
	return points, nil
}

// leaf is a row of observation_leaves: points that follow one another. It is called by the first of
// them; the next leaf's name is where it ends.
type leaf struct {
	first  point // at and name alone
	points []point
}

// leafChange is what becomes of some leaves: those that are gone, and those that are written.
type leafChange struct {
	gone    []point
	written []leaf
}

// change puts points into a leaf and takes others out of it; what is too much becomes more leaves.
func (l leaf) change(added, gone []point) (c leafChange, err error) {
	points := l.points
	for _, p := range gone {
		i, there := slices.BinarySearchFunc(points, p, point.compare)
		if !there {
			return c, fmt.Errorf("a point at %d is missing in its leaf", p.at)
		}
		points = slices.Delete(points, i, i+1)
	}
	added = slices.SortedFunc(slices.Values(added), point.compare)
	// Values come in the order of time, most often: then the leaf that is full stays full.
	behind := len(points) == 0 || len(added) > 0 && points[len(points)-1].compare(added[0]) < 0
	points = append(points, added...)
	slices.SortFunc(points, point.compare)
	for i := 1; i < len(points); i++ {
		if points[i-1].compare(points[i]) == 0 {
			return c, fmt.Errorf("two points at %d are one observation", points[i].at)
		}
	}
	size := leafMost
	if n := len(points); n > leafMost && !behind {
		parts := (n + leafMost - 1) / leafMost
		size = (n + parts - 1) / parts
	}
	for part := range slices.Chunk(points, size) {
		c.written = append(c.written, leaf{point{at: part[0].at, name: part[0].name}, part})
	}
	if len(l.points) > 0 && (len(c.written) == 0 || c.written[0].first.compare(l.first) != 0) {
		c.gone = append(c.gone, l.first)
	}
	return c, nil
}

// changeLeaves puts points into leaves, in order, and takes others out of them. Before the first
// leaf's first point is in it, too.
func changeLeaves(leaves []leaf, added, gone []point) (c leafChange, err error) {
	if len(leaves) == 0 {
		leaves = []leaf{{}}
	}
	in, out := make([][]point, len(leaves)), make([][]point, len(leaves))
	place := func(p point) int {
		i, there := slices.BinarySearchFunc(leaves, p, func(l leaf, p point) int { return l.first.compare(p) })
		if !there {
			i = max(i-1, 0)
		}
		return i
	}
	for _, p := range added {
		in[place(p)] = append(in[place(p)], p)
	}
	for _, p := range gone {
		out[place(p)] = append(out[place(p)], p)
	}
	for i, l := range leaves {
		if len(in[i])+len(out[i]) == 0 {
			continue
		}
		one, err := l.change(in[i], out[i])
		if err != nil {
			return c, err
		}
		c.gone, c.written = append(c.gone, one.gone...), append(c.written, one.written...)
	}
	return c, nil
}
