package sfu

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// maxWaiting bounds those who are connected and not admitted, beside MaxParticipants.
const maxWaiting = 8

// Room is one call's media.
type Room struct {
	srv  *Server
	id   string
	keys atomic.Uint32 // last forward.Key given out

	mu      sync.Mutex
	members map[ParticipantID]*Participant
	order   []ParticipantID // by first arrival
	closed  bool

	levels   sync.Mutex // guards speakers
	speakers *forward.Speakers[ParticipantID]

	beat uint64 // pulses so far; the pulse's own
}

// NewRoom makes an empty room.
func (s *Server) NewRoom(id string) *Room {
	r := &Room{
		srv: s, id: id, members: map[ParticipantID]*Participant{},
		speakers: forward.NewSpeakers[ParticipantID](forward.SpeakersConfig{}),
	}
	s.mu.Lock()
	s.rooms[r] = struct{}{}
	s.mu.Unlock()
	return r
}

// Close ends every participant and waits until all they started is gone.
func (r *Room) Close() {
	r.mu.Lock()
	r.closed = true
	members := make([]*Participant, 0, len(r.members))
	for _, p := range r.members {
		members = append(members, p)
	}
	r.mu.Unlock()
	for _, p := range members {
		p.Close()
	}
	r.srv.mu.Lock()
	delete(r.srv.rooms, r)
	r.srv.mu.Unlock()
}

// JoinConfig is what a participant comes with.
type JoinConfig struct {
	ID       ParticipantID
	Offer    string // SDP of the page's one offer (MEDIA.md)
	Admitted bool   // false: connected, and nothing is forwarded either way until Admit
	// Events is called, never with a lock held and never at the same time for one participant,
	// for everything in Event. It must not block and must not call Close.
	Events func(Event)
}

// Join answers the offer. A participant of the same id that is still there is closed and
// its lines are taken over: the others keep theirs and see no cut but the missing pictures.
// Its errors wrap ErrOffer, ErrRoomFull or ErrClosed.
func (r *Room) Join(_ context.Context, cfg JoinConfig) (p *Participant, answer string, err error) {
	o, err := parseOffer(cfg.Offer, r.srv.prefer)
	if err != nil {
		return nil, "", err
	}
	p = newParticipant(r, cfg, o)
	answer = p.makeAnswer()

	r.mu.Lock()
	old := r.members[cfg.ID]
	if err := r.roomFor(cfg, old); err != nil {
		r.mu.Unlock()
		return nil, "", err
	}
	if err := r.srv.register(p.t); err != nil {
		r.mu.Unlock()
		return nil, "", err
	}
	if old == nil {
		r.order = append(r.order, cfg.ID)
	} else {
		p.takeOver(old)
	}
	r.members[cfg.ID] = p
	out := r.srv.outbox()
	touched := r.assign(out)
	r.mu.Unlock()

	p.t.start()
	r.srv.flush(out)
	drain(touched)
	if old != nil {
		old.end()
	}
	return p, answer, nil
}

// roomFor needs mu.
func (r *Room) roomFor(cfg JoinConfig, old *Participant) error {
	if r.closed {
		return fmt.Errorf("room %s: %w", r.id, ErrClosed)
	}
	here, waiting := r.count(old)
	if cfg.Admitted && here >= MaxParticipants || !cfg.Admitted && waiting >= maxWaiting {
		return fmt.Errorf("room %s: %w", r.id, ErrRoomFull)
	}
	return nil
}

// count counts those who are admitted and those who wait, without one of them. It needs mu.
func (r *Room) count(without *Participant) (here, waiting int) {
	for _, m := range r.members {
		switch {
		case m == without:
		case m.admitted.Load():
			here++
		default:
			waiting++
		}
	}
	return here, waiting
}

// assign puts every admitted participant's sources on the lines of the others, leaving
// each where it already is, and starts what is new. It needs mu, and returns whose events
// are to be drained once mu is free.
func (r *Room) assign(o *outbox) []*Participant {
	var touched []*Participant
	for _, id := range r.order {
		p := r.members[id]
		if p != nil && p.admitted.Load() && p.assign(r.others(p), o) {
			touched = append(touched, p)
		}
	}
	return touched
}

// others lists who p sees, in order of arrival. It needs mu.
func (r *Room) others(p *Participant) []*Participant {
	var out []*Participant
	for _, id := range r.order {
		if m := r.members[id]; m != nil && m != p && m.admitted.Load() {
			out = append(out, m)
		}
	}
	return out
}

// leave takes p out, unless a newer one has taken its place.
func (r *Room) leave(p *Participant) {
	r.mu.Lock()
	replaced := r.members[p.id] != p
	if !replaced {
		delete(r.members, p.id)
		r.order = slices.DeleteFunc(r.order, func(id ParticipantID) bool { return id == p.id })
	}
	p.unsubscribeAll()
	o := r.srv.outbox()
	touched := r.assign(o)
	r.mu.Unlock()
	r.srv.flush(o)
	drain(touched)
	if !replaced { // else the voice is the newer one's
		r.levels.Lock()
		r.speakers.Remove(p.id)
		r.levels.Unlock()
	}
}

func drain(ps []*Participant) {
	for _, p := range ps {
		p.events.drain()
	}
}

func (r *Room) nextKey() forward.Key { return forward.Key(r.keys.Add(1)) }

// pulse does what is due by time. Only the server's pulse goroutine calls it.
func (r *Room) pulse(o *outbox) {
	r.beat++
	r.mu.Lock()
	members := make([]*Participant, 0, len(r.members))
	for _, id := range r.order {
		if m := r.members[id]; m != nil {
			members = append(members, m)
		}
	}
	r.mu.Unlock()
	now := forward.Time(o.now)
	anyWaiting := slices.ContainsFunc(members, func(p *Participant) bool { return !p.admitted.Load() })
	for i, p := range members {
		if p.beat == 0 {
			p.beat = uint64(i) // spread, so that not all reports go out at once
		}
		p.beat++
		beat := p.beat
		p.t.watch(o.now)
		p.requestLost(o)
		p.refreshKeyframes(o, anyWaiting)
		if beat%4 == 0 {
			p.sendTransportFeedback(o)
		}
		if beat%10 == 0 || p.dirty.Swap(false) {
			p.allocate(o, now)
		}
		if beat%5 == 0 {
			p.tellUseful(members, now)
		}
		if beat%25 == 0 {
			p.measure(now)
		}
		p.probe(o, beat%25 == 0, now)
		if beat%50 == 0 {
			p.sendReports(o)
		}
		p.marker(o)
	}
	if r.beat%5 == 0 {
		r.tellSpeakers(members, now)
	}
	drain(members)
}

func (r *Room) tellSpeakers(members []*Participant, now forward.Time) {
	r.levels.Lock()
	active := r.speakers.Active(now, nil)
	r.levels.Unlock()
	for _, p := range members {
		// By each one's own memory: who comes in while someone speaks is told so.
		if p.admitted.Load() && !slices.Equal(active, p.spoke) {
			p.spoke = active
			p.events.post(Speaking{Participants: active})
		}
	}
}
