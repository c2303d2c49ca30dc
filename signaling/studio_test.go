package signaling_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling"
)

// studio plays the media: it answers offers, notes what it is told and says what tests
// make it say. Like package sfu it closes the old participant when one joins again.
type studio struct {
	mu    sync.Mutex
	rooms []*studioRoom
	early sfu.Event        // not nil: is told before Join returns
	gates [2]chan struct{} // not nil: Join and a room's Close wait until it is closed
}

func newStudio() *studio { return &studio{} }

func (s *studio) NewRoom(id string) signaling.Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rooms {
		if r.id == id && !r.closed {
			panic("a room was opened twice: " + id)
		}
	}
	r := &studioRoom{studio: s, id: id}
	s.rooms = append(s.rooms, r)
	return r
}

// What can be held back.
const (
	joining = iota
	closing
)

// hold makes joins, or the closing of rooms, wait until the returned function is called.
func (s *studio) hold(what int) (release func()) {
	gate := make(chan struct{})
	s.mu.Lock()
	s.gates[what] = gate
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		s.gates[what] = nil
		s.mu.Unlock()
		close(gate)
	}
}

func (s *studio) gate(what int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gates[what]
}

// of is the latest media of a participant, in any room.
func (s *studio) of(t *testing.T, participant string) *studioPart {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.rooms) {
		for _, p := range slices.Backward(r.parts) {
			if p.id == participant {
				return p
			}
		}
	}
	t.Fatalf("%s has no media", participant)
	return nil
}

// check fails if any media is left open.
func (s *studio) check(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rooms {
		if !r.closed {
			t.Errorf("room %s was left open", r.id)
		}
		for _, p := range r.parts {
			if !p.closed {
				t.Errorf("the media of %s was left open", p.id)
			}
		}
	}
}

type studioRoom struct {
	studio *studio
	id     string
	parts  []*studioPart
	closed bool
}

func (r *studioRoom) Join(ctx context.Context, cfg sfu.JoinConfig) (signaling.Participant, string, error) {
	if gate := r.studio.gate(joining); gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, "", ctx.Err()
		}
	}
	if strings.HasPrefix(cfg.Offer, "bad") {
		return nil, "", fmt.Errorf("%w: %s", sfu.ErrOffer, "no media lines")
	}
	r.studio.mu.Lock()
	defer r.studio.mu.Unlock()
	for _, p := range r.parts {
		if p.id == string(cfg.ID) && !p.closed {
			p.closed = true
			p.tell(sfu.Failed{}) // its transport is, like any that ends
		}
	}
	p := &studioPart{room: r, id: string(cfg.ID), admitted: cfg.Admitted, tell: cfg.Events}
	if r.studio.early != nil {
		cfg.Events(r.studio.early)
	}
	r.parts = append(r.parts, p)
	return p, "answer to " + cfg.Offer, nil
}

func (r *studioRoom) Close() {
	if gate := r.studio.gate(closing); gate != nil {
		<-gate
	}
	r.studio.mu.Lock()
	defer r.studio.mu.Unlock()
	r.closed = true
	for _, p := range r.parts {
		p.closed = true
	}
}

type studioPart struct {
	room *studioRoom
	id   string
	tell func(sfu.Event)

	// Guarded by studio.mu.
	admitted, closed, failed bool
	noRoom                   bool // someone's media has not ended yet
	published                [3]bool
	wishes                   []sfu.Wish
	lines                    []sfu.Line
}

func (p *studioPart) with(f func()) {
	p.room.studio.mu.Lock()
	defer p.room.studio.mu.Unlock()
	f()
}

// Admit refuses as package sfu does.
func (p *studioPart) Admit() (err error) {
	p.with(func() {
		if p.noRoom {
			err = sfu.ErrRoomFull
			return
		}
		p.admitted = true
	})
	return err
}

func (p *studioPart) Publish(src sfu.Source, on bool) { p.with(func() { p.published[src] = on }) }
func (p *studioPart) Close()                          { p.with(func() { p.closed = true }) }

func (p *studioPart) Want(wishes []sfu.Wish) (err error) {
	p.with(func() {
		for _, w := range wishes {
			if w.MID == "99" {
				err = fmt.Errorf("line %s: %w", w.MID, sfu.ErrNoLine)
				return
			}
		}
		p.wishes = wishes
	})
	return err
}

func (p *studioPart) Lines() (lines []sfu.Line) {
	p.with(func() { lines = slices.Clone(p.lines) })
	return lines
}

func (p *studioPart) Alive() (alive bool) {
	p.with(func() { alive = !p.closed && !p.failed })
	return alive
}

// What tests look at and do.

func (p *studioPart) isAdmitted() (yes bool) { p.with(func() { yes = p.admitted }); return yes }
func (p *studioPart) isClosed() (yes bool)   { p.with(func() { yes = p.closed }); return yes }
func (p *studioPart) sends() (on [3]bool)    { p.with(func() { on = p.published }); return on }

// shows puts the pictures of these, and only these, on the page's lines.
func (p *studioPart) shows(of ...string) {
	p.with(func() {
		p.lines = nil
		for i, id := range of {
			p.lines = append(p.lines, sfu.Line{MID: fmt.Sprint(10 + i), Participant: sfu.ParticipantID(id), Source: sfu.Camera})
		}
	})
}

func (p *studioPart) fails() {
	p.with(func() { p.failed = true })
	p.tell(sfu.Failed{})
}
