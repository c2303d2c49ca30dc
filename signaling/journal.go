package signaling

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Journal keeps what a call must not forget. It may hold health data (chat) and is
// therefore as well guarded as the store. All methods may be called from many
// goroutines at once; Record is called in order for each consultation.
type Journal interface {
	// Open returns everything recorded of a consultation; one that it does not know is empty.
	Open(ctx context.Context, consultation string) (State, error)
	// Epoch returns a number of at least 1 and greater than any it has returned for the
	// consultation before, on any node and over restarts.
	Epoch(ctx context.Context, consultation string) (int64, error)
	// Record has kept the entry for good when it returns nil.
	Record(ctx context.Context, consultation string, e Entry) error
}

// State is what entries add up to.
type State struct {
	// Admitted by participant id: true for one who was let in, false for one who was
	// removed after that and has to be let in again.
	Admitted map[string]bool
	// Confirmed by participant id: those whom someone has recognised, the latest time.
	Confirmed map[string]IdentityConfirmed
	Locked    bool
	Ended     bool
	Chat      []protocol.ChatMessage // as recorded, the oldest first
}

// Entry is one thing that a Journal keeps.
type Entry interface {
	// Apply adds the entry to a state. Journals that keep entries replay them with it.
	Apply(*State)
}

// The entries. By is the participant id of who did it, the zero value where nobody did.
type (
	// SeatAdmitted: someone is in, by another's hand or by their own right.
	SeatAdmitted struct {
		Participant, By string
		At              time.Time
	}
	// SeatRemoved: someone was put out and has to be let in again.
	SeatRemoved struct {
		Participant, By string
		At              time.Time
	}
	// IdentityConfirmed: someone was recognised on the picture, in the session that they had.
	IdentityConfirmed struct {
		Participant, Session, By string
		Name                     string // of who did it, as it was then
		At                       time.Time
	}
	// LockSet: the call was locked or opened.
	LockSet struct {
		Locked bool
		By     string
		At     time.Time
	}
	// ChatWritten: a message, as everyone in the call sees it.
	ChatWritten struct{ Message protocol.ChatMessage }
	// CallEnded: the call is over for good.
	CallEnded struct {
		By string
		At time.Time
	}
)

// Apply marks the participant as let in.
func (e SeatAdmitted) Apply(s *State) { s.admit(e.Participant, true) }

// Apply marks the participant as put out.
func (e SeatRemoved) Apply(s *State) { s.admit(e.Participant, false) }

// Apply notes who was recognised.
func (e IdentityConfirmed) Apply(s *State) {
	if s.Confirmed == nil {
		s.Confirmed = make(map[string]IdentityConfirmed)
	}
	s.Confirmed[e.Participant] = e
}

// Apply locks or opens.
func (e LockSet) Apply(s *State) { s.Locked = e.Locked }

// Apply adds the message, unless its writer has written one with the same id before.
func (e ChatWritten) Apply(s *State) {
	same := func(m protocol.ChatMessage) bool { return m.ID == e.Message.ID && m.From == e.Message.From }
	if !slices.ContainsFunc(s.Chat, same) {
		s.Chat = append(s.Chat, e.Message)
	}
}

// Apply ends the call.
func (e CallEnded) Apply(s *State) { s.Ended = true }

func (s *State) admit(participant string, in bool) {
	if s.Admitted == nil {
		s.Admitted = make(map[string]bool)
	}
	s.Admitted[participant] = in
}

// MemoryJournal keeps entries as long as the process lives.
type MemoryJournal struct {
	mu     sync.Mutex
	states map[string]*State
	epochs map[string]int64
}

// NewMemoryJournal makes an empty journal.
func NewMemoryJournal() *MemoryJournal {
	return &MemoryJournal{states: make(map[string]*State), epochs: make(map[string]int64)}
}

// Open returns a copy of what is kept.
func (j *MemoryJournal) Open(_ context.Context, consultation string) (State, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, ok := j.states[consultation]
	if !ok {
		return State{}, nil
	}
	out := *s
	out.Admitted = maps.Clone(s.Admitted)
	out.Confirmed = maps.Clone(s.Confirmed)
	out.Chat = slices.Clone(s.Chat)
	return out, nil
}

// Epoch counts up from 1.
func (j *MemoryJournal) Epoch(_ context.Context, consultation string) (int64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.epochs[consultation]++
	return j.epochs[consultation], nil
}

// Record applies the entry to the kept state.
func (j *MemoryJournal) Record(_ context.Context, consultation string, e Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, ok := j.states[consultation]
	if !ok {
		s = new(State)
		j.states[consultation] = s
	}
	e.Apply(s)
	return nil
}
