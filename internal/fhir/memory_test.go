package fhir

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// memory is a clinical.Store as its interface describes it: what a database would add is tested with
// the database.
type memory struct {
	mu      sync.Mutex // for what follows
	all     []clinical.Observation
	limits  map[access.PersonID]clinical.Limits
	entries []audit.Entry
}

func newMemory() *memory { return &memory{limits: map[access.PersonID]clinical.Limits{}} }

// of are a patient's, those that fit, the newest first.
func (m *memory) of(patient access.PersonID, fits func(clinical.Observation) bool) (out []clinical.Observation) {
	for _, o := range m.all {
		if o.Patient == patient && fits(o) {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b clinical.Observation) int {
		return cmp.Or(b.Measured.Compare(a.Measured), strings.Compare(string(b.ID), string(a.ID)))
	})
	return out
}

func (m *memory) Add(_ context.Context, all []clinical.Observation, entries []audit.Entry) ([]clinical.Added, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before, out, fresh := len(m.all), make([]clinical.Added, len(all)), false
	for i, o := range all {
		at := slices.IndexFunc(m.all, func(k clinical.Observation) bool {
			return o.Key != "" && k.Key == o.Key && k.Patient == o.Patient && k.Performer.Person == o.Performer.Person
		})
		if at < 0 {
			m.all, out[i], fresh = append(m.all, o), clinical.Added{Observation: o}, true
			continue
		}
		kept := m.all[at]
		content := func(o clinical.Observation) clinical.Observation {
			o.ID, o.Version, o.Received, o.Status, o.Correction, o.Performer = "", 0, time.Time{}, "", nil, clinical.Performer{}
			return o
		}
		first := kept
		if kept.Correction != nil {
			first.Values = o.Values // of the first version, which is not kept here
		}
		if !reflect.DeepEqual(content(first), content(o)) {
			m.all = m.all[:before]
			return nil, &clinical.ItemError{Index: i, Err: clinical.ErrKeyTaken}
		}
		out[i] = clinical.Added{Observation: kept, Known: true}
	}
	if fresh {
		m.entries = append(m.entries, entries...)
	}
	return out, nil
}

func (m *memory) Correct(_ context.Context, o clinical.Observation, entries []audit.Entry) (clinical.Observation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.all, func(k clinical.Observation) bool { return k.ID == o.ID && k.Patient == o.Patient })
	switch {
	case at < 0:
		return o, clinical.ErrNotFound
	case m.all[at].Version != o.Version:
		return o, clinical.ErrVersion
	}
	o.Version++
	m.all[at], m.entries = o, append(m.entries, entries...)
	return o, nil
}

func (m *memory) Observations(_ context.Context, patient access.PersonID, q clinical.Query) ([]clinical.Observation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := m.of(patient, func(o clinical.Observation) bool {
		switch {
		case len(q.IDs) > 0:
			return slices.Contains(q.IDs, o.ID)
		case q.Kind != "" && o.Kind != q.Kind, o.Measured.Before(q.Since):
			return false
		}
		return q.Before.IsZero() || o.Measured.Before(q.Before) || o.Measured.Equal(q.Before) && o.ID < q.BeforeID
	})
	if q.Most > 0 {
		found = found[:min(len(found), q.Most)]
	}
	return found, nil
}

func (m *memory) Latest(_ context.Context, patient access.PersonID, kinds []clinical.KindID, each int) (map[clinical.KindID][]clinical.Observation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[clinical.KindID][]clinical.Observation{}
	for _, k := range kinds {
		found := m.of(patient, func(o clinical.Observation) bool { return o.Kind == k && o.Status != clinical.Wrong })
		out[k] = found[:min(len(found), each)]
	}
	return out, nil
}

func (m *memory) Series(_ context.Context, patient access.PersonID, kind clinical.KindID, from, until time.Time) (points []clinical.Point, first time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := m.of(patient, func(o clinical.Observation) bool { return o.Kind == kind && o.Status != clinical.Wrong })
	for _, o := range slices.Backward(found) {
		if first.IsZero() {
			first = o.Measured
		}
		if !o.Measured.Before(from) && o.Measured.Before(until) {
			points = append(points, clinical.Point{At: o.Measured, Values: o.Values})
		}
	}
	return points, first, nil
}

func (m *memory) Limits(_ context.Context, patient access.PersonID) (clinical.Limits, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.limits[patient], nil
}

func (m *memory) SaveLimits(_ context.Context, patient access.PersonID, l clinical.Limits, entries []audit.Entry) (clinical.Limits, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.limits[patient].Version != l.Version {
		return l, clinical.ErrVersion
	}
	l.Version++
	m.limits[patient], m.entries = l, append(m.entries, entries...)
	return l, nil
}

func (m *memory) Record(_ context.Context, entries []audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries = append(m.entries, entries...)
	return nil
}

// everybody has their id for a name.
type everybody struct{}

func (everybody) Names(_ context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	out := map[access.PersonID]string{}
	for _, id := range ids {
		out[id] = strings.ToUpper(string(id[:1])) + string(id[1:])
	}
	return out, nil
}

// Sharing: nobody here has decided anything.
func (*memory) Sharing(context.Context, access.PersonID) (clinical.Sharing, error) {
	return clinical.Sharing{}, nil
}

func (*memory) SaveSharing(context.Context, access.PersonID, clinical.Sharing, []audit.Entry) (clinical.Sharing, error) {
	return clinical.Sharing{}, errors.New("not here")
}
