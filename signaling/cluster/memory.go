package cluster

import (
	"context"
	"maps"
	"sync"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Memory is the cluster of a single node: every consultation is its own.
type Memory struct {
	hub

	mu    sync.Mutex
	calls map[string]map[string]protocol.Presence // those claimed; by participant
}

// NewMemory makes an empty cluster of one.
func NewMemory() *Memory {
	return &Memory{calls: make(map[string]map[string]protocol.Presence)}
}

// Claim always succeeds.
func (m *Memory) Claim(_ context.Context, consultation string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls[consultation] == nil {
		m.calls[consultation] = make(map[string]protocol.Presence)
	}
	return nil
}

// Release forgets who was present.
func (m *Memory) Release(_ context.Context, consultation string) error {
	m.mu.Lock()
	were := len(m.calls[consultation])
	delete(m.calls, consultation)
	m.mu.Unlock()
	if were > 0 {
		m.deliver(Event{Kind: PresenceChanged, Consultation: consultation})
	}
	return nil
}

// SetPresence notes where a participant is.
func (m *Memory) SetPresence(_ context.Context, consultation, participant string, p protocol.Presence) error {
	m.mu.Lock()
	people := m.calls[consultation]
	changed := people != nil && set(people, participant, p)
	m.mu.Unlock()
	if people == nil {
		return notHeld(consultation)
	}
	if changed {
		m.deliver(Event{Kind: PresenceChanged, Consultation: consultation})
	}
	return nil
}

// set notes where a participant is among people, and says whether that is news.
func set(people map[string]protocol.Presence, participant string, p protocol.Presence) bool {
	if people[participant] == p {
		return false
	}
	if p == "" {
		delete(people, participant)
	} else {
		people[participant] = p
	}
	return true
}

// Present returns a copy.
func (m *Memory) Present(_ context.Context, consultation string) (map[string]protocol.Presence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	people := maps.Clone(m.calls[consultation])
	if people == nil {
		people = map[string]protocol.Presence{}
	}
	return people, nil
}

// PresentIn implements Presences.
func (m *Memory) PresentIn(_ context.Context, consultations []string) (map[string]map[string]protocol.Presence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[string]map[string]protocol.Presence)
	for _, id := range consultations {
		if people := m.calls[id]; len(people) > 0 {
			out[id] = maps.Clone(people)
		}
	}
	return out, nil
}

// Publish implements Events.
func (m *Memory) Publish(_ context.Context, e Event) error {
	if err := e.check(); err != nil {
		return err
	}
	m.deliver(e)
	return nil
}
