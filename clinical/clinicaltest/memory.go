// Package clinicaltest is what tests of measurements need where a database would tell them
// nothing more: a Store in memory. It keeps the rules that clinical.Store's comments give.
package clinicaltest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Memory is a clinical.Store that lasts as long as the process. It is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	all     map[clinical.ObservationID][]clinical.Observation // versions, the latest last
	keys    map[sender]clinical.ObservationID
	limits  map[access.PersonID][]clinical.Limits // versions, the latest last
	sharing map[access.PersonID]clinical.Sharing  // the latest version
	entries []audit.Entry
	reads   int
}

// sender is who names a value, of whom, and how.
type sender struct {
	patient, performer access.PersonID
	key                string
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{
		all: map[clinical.ObservationID][]clinical.Observation{}, keys: map[sender]clinical.ObservationID{},
		limits: map[access.PersonID][]clinical.Limits{}, sharing: map[access.PersonID]clinical.Sharing{},
	}
}

// Entries are the audit record, as it stands.
func (m *Memory) Entries() []audit.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.entries)
}

// Versions are an observation's, the first one first.
func (m *Memory) Versions(id clinical.ObservationID) []clinical.Observation {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.all[id])
}

// Reads counts how often a series was asked for.
func (m *Memory) Reads() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads
}

func copied(o clinical.Observation) clinical.Observation {
	o.Values, o.DerivedFrom = slices.Clone(o.Values), slices.Clone(o.DerivedFrom)
	return o
}

// sameContent says whether a value that was sent again is the one that was sent before.
func sameContent(a, b clinical.Observation) bool {
	return a.Kind == b.Kind && slices.Equal(a.Values, b.Values) && a.Measured.Equal(b.Measured) && a.Method == b.Method && a.Device == b.Device
}

// Add implements clinical.ObservationStore.
func (m *Memory) Add(_ context.Context, all []clinical.Observation, entries []audit.Entry) ([]clinical.Added, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]clinical.Added, len(all))
	within := map[sender]int{} // keys that this very list brings
	fresh := false
	for i, o := range all {
		out[i].Observation = copied(o)
		s := sender{o.Patient, o.Performer.Person, o.Key}
		if o.Key == "" {
			fresh = true
			continue
		}
		var first clinical.Observation
		if id, known := m.keys[s]; known {
			versions := m.all[id]
			first, out[i].Observation = versions[0], copied(versions[len(versions)-1])
		} else if j, known := within[s]; known {
			first, out[i].Observation = all[j], out[j].Observation
		} else {
			within[s], fresh = i, true
			continue
		}
		if !sameContent(first, o) {
			return nil, &clinical.ItemError{Index: i, Err: clinical.ErrKeyTaken}
		}
		out[i].Known = true
	}
	for _, a := range out {
		if a.Known {
			continue
		}
		m.all[a.ID] = []clinical.Observation{copied(a.Observation)}
		if a.Key != "" {
			m.keys[sender{a.Patient, a.Performer.Person, a.Key}] = a.ID
		}
	}
	if fresh {
		m.entries = append(m.entries, entries...)
	}
	return out, nil
}

// Correct implements clinical.ObservationStore.
func (m *Memory) Correct(_ context.Context, o clinical.Observation, entries []audit.Entry) (clinical.Observation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	versions := m.all[o.ID]
	switch {
	case len(versions) == 0 || versions[0].Patient != o.Patient:
		return clinical.Observation{}, clinical.ErrNotFound
	case versions[len(versions)-1].Version != o.Version:
		return clinical.Observation{}, clinical.ErrVersion
	}
	o.Version++
	m.all[o.ID] = append(versions, copied(o))
	m.entries = append(m.entries, entries...)
	return copied(o), nil
}

// of are a patient's latest versions that pass, the newest first.
func (m *Memory) of(patient access.PersonID, pass func(clinical.Observation) bool) []clinical.Observation {
	var out []clinical.Observation
	for _, versions := range m.all {
		if o := versions[len(versions)-1]; o.Patient == patient && pass(o) {
			out = append(out, copied(o))
		}
	}
	slices.SortFunc(out, func(a, b clinical.Observation) int {
		return cmp.Or(b.Measured.Compare(a.Measured), cmp.Compare(b.ID, a.ID))
	})
	return out
}

// Observations implements clinical.ObservationStore.
func (m *Memory) Observations(_ context.Context, patient access.PersonID, q clinical.Query) ([]clinical.Observation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := m.of(patient, func(o clinical.Observation) bool {
		if len(q.IDs) > 0 {
			return slices.Contains(q.IDs, o.ID)
		}
		before := q.Before.IsZero() || o.Measured.Before(q.Before) || q.BeforeID != "" && o.Measured.Equal(q.Before) && o.ID < q.BeforeID
		return before && (q.Kind == "" || o.Kind == q.Kind) && !o.Measured.Before(q.Since)
	})
	if q.Most > 0 && len(found) > q.Most {
		found = found[:q.Most]
	}
	return found, nil
}

// Latest implements clinical.ObservationStore.
func (m *Memory) Latest(_ context.Context, patient access.PersonID, kinds []clinical.KindID, each int) (map[clinical.KindID][]clinical.Observation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[clinical.KindID][]clinical.Observation{}
	for _, o := range m.of(patient, func(o clinical.Observation) bool { return o.Status != clinical.Wrong && slices.Contains(kinds, o.Kind) }) {
		if len(out[o.Kind]) < each {
			out[o.Kind] = append(out[o.Kind], o)
		}
	}
	return out, nil
}

// Series implements clinical.ObservationStore.
func (m *Memory) Series(_ context.Context, patient access.PersonID, kind clinical.KindID, from, until time.Time) (points []clinical.Point, first time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	found := m.of(patient, func(o clinical.Observation) bool { return o.Kind == kind && o.Status != clinical.Wrong })
	slices.Reverse(found)
	for _, o := range found {
		if first.IsZero() {
			first = o.Measured
		}
		if !o.Measured.Before(from) && o.Measured.Before(until) {
			points = append(points, clinical.Point{At: o.Measured, Values: o.Values})
		}
	}
	return points, first, nil
}

// Limits implements clinical.LimitStore.
func (m *Memory) Limits(_ context.Context, patient access.PersonID) (clinical.Limits, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.latest(patient), nil
}

func (m *Memory) latest(patient access.PersonID) clinical.Limits {
	versions := m.limits[patient]
	if len(versions) == 0 {
		return clinical.Limits{}
	}
	return versions[len(versions)-1]
}

// SaveLimits implements clinical.LimitStore.
func (m *Memory) SaveLimits(_ context.Context, patient access.PersonID, l clinical.Limits, entries []audit.Entry) (clinical.Limits, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.latest(patient).Version != l.Version {
		return clinical.Limits{}, clinical.ErrVersion
	}
	l.Version++
	l.Kinds = slices.Clone(l.Kinds)
	m.limits[patient] = append(m.limits[patient], l)
	m.entries = append(m.entries, entries...)
	return l, nil
}

// Record implements clinical.Store.
func (m *Memory) Record(_ context.Context, entries []audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries = append(m.entries, entries...)
	return nil
}

// Sharing implements clinical.SharingStore.
func (m *Memory) Sharing(_ context.Context, patient access.PersonID) (clinical.Sharing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sharing[patient], nil
}

// SaveSharing implements clinical.SharingStore.
func (m *Memory) SaveSharing(_ context.Context, patient access.PersonID, s clinical.Sharing, entries []audit.Entry) (clinical.Sharing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sharing[patient].Version != s.Version {
		return clinical.Sharing{}, clinical.ErrVersion
	}
	s.Version++
	m.sharing[patient] = s
	m.entries = append(m.entries, entries...)
	return s, nil
}
