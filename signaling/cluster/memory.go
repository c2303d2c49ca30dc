// Package cluster says which node holds which consultation and who is in it: in the
// memory of the one node that there is. It is apart from package signaling because the
// same interface is also to be met by a shared memory, with clients of its own.
package cluster

import (
	"context"
	"maps"
	"sync"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Memory is the directory of a single node: every consultation is its own.
type Memory struct {
	mu      sync.Mutex
	present map[string]map[string]protocol.Presence // consultation → participant
}

var _ signaling.Directory = (*Memory)(nil)

// NewMemory makes an empty directory.
func NewMemory() *Memory {
	return &Memory{present: make(map[string]map[string]protocol.Presence)}
}

// Claim always succeeds.
func (m *Memory) Claim(context.Context, string) error { return nil }

// Release forgets who was present.
func (m *Memory) Release(_ context.Context, consultation string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.present, consultation)
	return nil
}

// SetPresence notes where a participant is.
func (m *Memory) SetPresence(_ context.Context, consultation, participant string, p protocol.Presence) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	people := m.present[consultation]
	if p == "" {
		delete(people, participant)
		if len(people) == 0 {
			delete(m.present, consultation)
		}
		return nil
	}
	if people == nil {
		people = make(map[string]protocol.Presence)
		m.present[consultation] = people
	}
	people[participant] = p
	return nil
}

// Present returns a copy.
func (m *Memory) Present(_ context.Context, consultation string) (map[string]protocol.Presence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	people := maps.Clone(m.present[consultation])
	if people == nil {
		people = map[string]protocol.Presence{}
	}
	return people, nil
}
