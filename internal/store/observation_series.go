package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// pointChanges are the points of a patient that come and go, by the tags of their kinds.
type pointChanges struct {
	kinds       []string // tags, in the order in which they were met
	added, gone map[string][]point
}

func (c *pointChanges) meet(kind []byte) string {
	if c.added == nil {
		c.added, c.gone = map[string][]point{}, map[string][]point{}
	}
	if !slices.Contains(c.kinds, string(kind)) {
		c.kinds = append(c.kinds, string(kind))
	}
	return string(kind)
}

func (c *pointChanges) add(kind []byte, o clinical.Observation) {
	of := c.meet(kind)
	c.added[of] = append(c.added[of], pointOf(o))
}

func (c *pointChanges) remove(kind []byte, o clinical.Observation) {
	of := c.meet(kind)
	c.gone[of] = append(c.gone[of], pointOf(o))
}

func leafCell(patient access.PersonID, kind []byte, first point) string {
	return cell("observation_leaves", "points", fmt.Sprintf("%s/%x/%d/%d", patient, kind, first.at, first.name))
}

// changePoints keeps the leaves true to the rows, in the transaction that changes these; it holds
// the patient's lock.
func (t *tx) changePoints(patient access.PersonID, c pointChanges) error {
	for _, of := range c.kinds {
		kind := []byte(of)
		leaves, err := t.leavesAround(patient, kind, slices.Concat(c.added[of], c.gone[of]))
		if err != nil {
			return err
		}
		now, err := changeLeaves(leaves, c.added[of], c.gone[of])
		if err != nil {
			return fmt.Errorf("series of %s: %w", patient, err)
		}
		if err := t.saveLeaves(patient, kind, now); err != nil {
			return err
		}
	}
	return nil
}

// fromLeaf is a condition for leaves with points at or after $3: all that start then, and the last
// before. Several may start at one moment, and one may reach into the moment at which the next
// begins.
const fromLeaf = `patient = $1 AND kind = $2 AND starts >= COALESCE(
	(SELECT MAX(starts) FROM observation_leaves WHERE patient = $1 AND kind = $2 AND starts < $3), $3)`

// leavesAround reads the leaves into which points belong, and those between.
func (t *tx) leavesAround(patient access.PersonID, kind []byte, points []point) ([]leaf, error) {
	from, until := points[0].at, points[0].at
	for _, p := range points {
		from, until = min(from, p.at), max(until, p.at)
	}
	leaves, err := t.leaves(patient, kind, fromLeaf+" AND starts <= $4", string(patient), kind, from, until)
	if err != nil || len(leaves) > 0 {
		return leaves, err
	}
	// All points are before the first leaf, or there is none.
	return t.leaves(patient, kind, "patient = $1 AND kind = $2 AND starts = (SELECT MIN(starts) FROM observation_leaves WHERE patient = $1 AND kind = $2)",
		string(patient), kind)
}

// leaves reads those that a condition chooses, in order.
func (t *tx) leaves(patient access.PersonID, kind []byte, where string, args ...any) ([]leaf, error) {
	type row struct {
		first  point
		points []byte
	}
	rows, err := all(t, func(s scanner) (r row, err error) { return r, s.Scan(&r.first.at, &r.first.name, &r.points) },
		"SELECT starts, first, points FROM observation_leaves WHERE "+where+" ORDER BY starts, first", args...)
	if err != nil {
		return nil, err
	}
	out := make([]leaf, len(rows))
	for i, r := range rows {
		packed, err := t.open(string(patient), leafCell(patient, kind, r.first), r.points)
		if err != nil {
			return nil, err
		}
		out[i].first = r.first
		if out[i].points, err = unpackPoints(make([]point, 0, leafMost), packed); err != nil {
			return nil, fmt.Errorf("a leaf of %s: %w", patient, err)
		}
	}
	return out, nil
}

func (t *tx) saveLeaves(patient access.PersonID, kind []byte, c leafChange) error {
	for _, first := range c.gone {
		if _, err := t.exec("DELETE FROM observation_leaves WHERE patient = $1 AND kind = $2 AND starts = $3 AND first = $4",
			string(patient), kind, first.at, first.name); err != nil {
			return err
		}
	}
	for _, l := range c.written {
		sealed, err := t.seal(string(patient), leafCell(patient, kind, l.first), packPoints(l.points))
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO observation_leaves (patient, kind, starts, first, count, points) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (patient, kind, starts, first) DO UPDATE SET count = excluded.count, points = excluded.points`,
			string(patient), kind, l.first.at, l.first.name, len(l.points), sealed); err != nil {
			return err
		}
	}
	return nil
}

// Series implements clinical.ObservationStore.
func (s *Clinical) Series(ctx context.Context, patient access.PersonID, kind clinical.KindID, from, until time.Time) (points []clinical.Point, first time.Time, err error) {
	err = s.reading(ctx, patient, func(t *tx, key subjectKey) error {
		tag := kindTag(key, kind)
		starts, err := all(t, oneColumn[int64], "SELECT starts FROM observation_leaves WHERE patient = $1 AND kind = $2 ORDER BY starts LIMIT 1", string(patient), tag)
		if err != nil || len(starts) == 0 {
			return err
		}
		leaves, err := t.leaves(patient, tag, fromLeaf+" AND starts < $4", string(patient), tag, from.UnixMilli(), until.UnixMilli())
		if err != nil {
			return err
		}
		total := 0
		for _, l := range leaves {
			total += len(l.points)
		}
		found := make([]clinical.Point, 0, total)
		for _, l := range leaves {
			for _, p := range l.points {
				if p.at >= from.UnixMilli() && p.at < until.UnixMilli() {
					found = append(found, clinical.Point{At: momentOf(p.at), Values: p.values})
				}
			}
		}
		points, first = found, momentOf(starts[0])
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("series: %w", err)
	}
	return points, first, nil
}

// RebuildSeries makes a patient's leaves anew of the rows, for a patient whose leaves can't be
// read or are not believed.
func (s *Clinical) RebuildSeries(ctx context.Context, patient access.PersonID) error {
	err := s.writing(ctx, patient, nil, func(t *tx, _ subjectKey) (bool, error) {
		if _, err := t.exec("DELETE FROM observation_leaves WHERE patient = $1", string(patient)); err != nil {
			return false, err
		}
		after, id := int64(math.MinInt64), ""
		for {
			rows, err := all(t, scanObservation, "SELECT "+observationColumns+` FROM observations o
				WHERE o.patient = $1 AND (o.measured_at, o.id) > ($2, $3) ORDER BY o.measured_at, o.id LIMIT $4`, string(patient), after, id, rebuildBatch)
			if err != nil || len(rows) == 0 {
				return false, err
			}
			var points pointChanges
			for _, r := range rows {
				o, err := t.observation(r)
				if err != nil {
					return false, err
				}
				if o.Status != clinical.Wrong {
					points.add(r.kind, o)
				}
			}
			if err := t.changePoints(patient, points); err != nil {
				return false, err
			}
			last := rows[len(rows)-1]
			after, id = last.Measured.UnixMilli(), string(last.ID)
		}
	})
	if err != nil {
		return fmt.Errorf("rebuild the series of %s: %w", patient, err)
	}
	return nil
}

// rebuildBatch is how many rows are read at once.
const rebuildBatch = 5_000
