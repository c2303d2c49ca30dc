package signaling

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// chatShown is how many of the latest chat messages a page is given when it comes in.
const chatShown = 200

// consultation is one call's live state. Everything below loop belongs to the loop's
// goroutine; what takes time runs elsewhere and posts what came of it.
type consultation struct {
	id     string
	cfg    Config
	server *Server
	log    *slog.Logger
	loop   *loop

	opened  chan struct{} // closed when the journal was read, or openErr set
	openErr error
	done    chan struct{} // closed when nothing is left of it

	// Guarded by Server.mu.
	holders int // readers that use it
	ending  bool
	patient string // whom it is about; empty: nobody, or nobody's place is taken yet

	room      Room
	journal   *loop // writes to the journal, in order
	directory *loop // writes to the directory, in order
	live      *loop // asks what is new of the patient, one event after another
	workers   sync.WaitGroup
	closers   sync.WaitGroup // media participants that are being closed

	state      State // of the journal; Chat is in chat
	details    protocol.Consultation
	members    map[string]*member
	turns      map[string]*turns
	chat       []protocol.ChatMessage
	chatIDs    map[chatID]int64 // when each was written, or onItsWay to the journal
	speaking   []string
	emptySince time.Time // zero while someone is in

	unsaid  map[string]protocol.Presence // presences that the directory has not been told
	telling bool

	showing protocol.Shown // the photo that stands large before those who may see it; none: no photo

	unseen  LiveEvent // what those in the call have not been told
	looking bool      // what was before it is being asked for
}

type chatID struct{ from, id string }

const onItsWay = -1

func newConsultation(s *Server, id string) *consultation {
	return &consultation{
		id: id, cfg: s.cfg, server: s, log: s.log.With("consultation", id), loop: newLoop(),
		opened: make(chan struct{}), done: make(chan struct{}),
		journal: newLoop(), directory: newLoop(), live: newLoop(),
		members: make(map[string]*member), turns: make(map[string]*turns),
		chatIDs: make(map[chatID]int64), unsaid: make(map[string]protocol.Presence),
	}
}

// run is the loop's goroutine.
func (c *consultation) run(ctx context.Context) {
	defer close(c.done)
	defer c.server.forget(c)
	if err := c.open(ctx); err != nil {
		c.openErr = err
		c.server.fail(c)
		close(c.opened)
		return
	}
	stopWorkers := make(chan struct{})
	c.workers.Go(func() { c.journal.work(stopWorkers) })   // ends below
	c.workers.Go(func() { c.directory.work(stopWorkers) }) // ends below
	c.workers.Go(func() { c.live.work(stopWorkers) })      // ends below
	close(c.opened)

	c.emptySince = time.Now()
	stop := c.server.stop
	timer := time.NewTimer(0)
	defer timer.Stop()
	for stopping := false; ; {
		for _, f := range c.loop.take() {
			f()
		}
		next := c.expire(time.Now())
		if (stopping || c.idle(time.Now())) && c.server.retire(c) {
			break
		}
		timer.Reset(time.Until(next))
		select {
		case <-c.loop.wake:
		case <-timer.C:
		case <-stop:
			stopping, stop = true, nil // nobody holds it any more
		}
	}

	close(stopWorkers)
	c.workers.Wait()
	c.room.Close()
	c.closers.Wait()
	c.outside(ctx, "release", func(ctx context.Context) error { return c.cfg.Directory.Release(ctx, c.id) })
	c.log.Info("consultation put away")
}

// open claims the consultation and reads what the journal knows of it.
func (c *consultation) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, outsideTimeout)
	defer cancel()
	if err := c.cfg.Directory.Claim(ctx, c.id); err != nil {
		return fmt.Errorf("claim %s: %w", c.id, err)
	}
	state, err := c.cfg.Journal.Open(ctx, c.id)
	if err != nil {
		c.outside(ctx, "release", func(ctx context.Context) error { return c.cfg.Directory.Release(ctx, c.id) })
		return fmt.Errorf("open the journal of %s: %w", c.id, err)
	}
	for _, m := range state.Chat {
		c.chatIDs[chatID{m.From, m.ID}] = m.At
	}
	c.chat, state.Chat = latest(state.Chat), nil
	if state.Admitted == nil {
		state.Admitted = make(map[string]bool)
	}
	c.state = state
	c.room = c.cfg.Media.NewRoom(c.id)
	return nil
}

// outside calls something that is not ours, whatever ctx says, but not for long.
func (c *consultation) outside(ctx context.Context, what string, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), outsideTimeout)
	defer cancel()
	err := call(ctx)
	if err != nil {
		c.log.Error("call failed", "what", what, "error", err)
	}
	return err
}

// do runs f on the loop and returns when f has called done, which it may do later. The
// caller holds the consultation, so the loop runs.
func (c *consultation) do(f func(done func())) {
	ch := make(chan struct{})
	if c.loop.post(func() { f(func() { close(ch) }) }) {
		<-ch
	}
}

// record writes an entry to the journal and then runs then on the loop, with what came
// of it. Entries are kept in the order of the calls, and so are the thens.
func (c *consultation) record(e Entry, then func(error)) {
	c.journal.post(func() {
		err := c.outside(context.Background(), "record", func(ctx context.Context) error {
			return c.cfg.Journal.Record(ctx, c.id, e)
		})
		c.loop.post(func() { then(err) })
	})
}

// tell notes a presence for the directory. Only the latest of each participant matters.
func (c *consultation) tell(participant string, p protocol.Presence) {
	c.unsaid[participant] = p
	c.tellDirectory()
}

func (c *consultation) tellDirectory() {
	if c.telling || len(c.unsaid) == 0 {
		return
	}
	news := c.unsaid
	c.unsaid, c.telling = make(map[string]protocol.Presence), true
	c.directory.post(func() {
		for participant, p := range news {
			_ = c.outside(context.Background(), "set presence", func(ctx context.Context) error {
				return c.cfg.Directory.SetPresence(ctx, c.id, participant, p)
			}) // logged; the call goes on without
		}
		c.loop.post(func() { c.telling = false; c.tellDirectory() })
	})
}

// expire does what is due and returns when to look again.
func (c *consultation) expire(now time.Time) (next time.Time) {
	next = now.Add(time.Hour)
	due := func(at time.Time) bool {
		if !at.After(now) {
			return true
		}
		if at.Before(next) {
			next = at
		}
		return false
	}
	for _, m := range c.members {
		if m.conn == nil && due(m.lostAt.Add(c.cfg.ResumeWindow)) {
			c.log.Info("resume window passed", "participant", m.id)
			c.dismiss(m, protocol.LeftLost)
			continue
		}
		if m.conn == nil && !m.away && due(m.lostAt.Add(awayGrace)) {
			c.sayAway(m)
		}
		if m.heldBack && due(m.qualityAt.Add(qualityGap)) {
			c.publishQuality(m, now)
		}
	}
	if !c.emptySince.IsZero() {
		due(c.emptySince.Add(c.cfg.ResumeWindow))
	}
	return next
}

// idle says whether it has been empty for long enough to be put away.
func (c *consultation) idle(now time.Time) bool {
	if c.emptySince.IsZero() {
		return false
	}
	return c.state.Ended || !c.emptySince.Add(c.cfg.ResumeWindow).After(now)
}

// turns lets what happens to one participant's media happen one after another: joins
// of a page that comes twice, and the end of what was.
type turns struct{ waiting []func() }

// takeTurn runs f on the loop when it is this participant's turn; endTurn must follow.
func (c *consultation) takeTurn(participant string, f func()) {
	if t := c.turns[participant]; t != nil {
		t.waiting = append(t.waiting, f)
		return
	}
	c.turns[participant] = &turns{}
	f()
}

func (c *consultation) endTurn(participant string) {
	t := c.turns[participant]
	if len(t.waiting) == 0 {
		delete(c.turns, participant)
		if m := c.members[participant]; m != nil {
			c.hear(m.id, m.link) // what was left alone meanwhile
		}
		return
	}
	next := t.waiting[0]
	t.waiting = t.waiting[1:]
	next()
}

// closeMedia closes a media participant, which takes its time, and then runs then on the loop.
func (c *consultation) closeMedia(p Participant, then func()) {
	c.closers.Go(func() { // ends when the media is closed; run waits for it
		p.Close()
		c.loop.post(then)
	})
}

// latest is the end of a chat, as much as is shown to who comes in, in an array of its own.
func latest(chat []protocol.ChatMessage) []protocol.ChatMessage {
	if over := len(chat) - chatShown; over > 0 {
		chat = chat[over:]
	}
	return append(make([]protocol.ChatMessage, 0, chatShown+1), chat...)
}
