package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid" // random lives of messages, and the shortest that goes wrong

	"github.com/samkonsult/samkonsult/internal/notify"
)

// life is what a message must be, whatever its notifiers do.
type life struct {
	state string
	due   time.Time // of a claim: when it ends
	begun notify.Channel
	tries int
	about string
}

// hand is a claim that some notifier holds, or thinks so.
type hand struct{ notify.Waiting }

// world is an outbox, what it must hold, and the notifiers' hands.
type world struct {
	*rapid.T
	db    *DB
	clock *clock
	must  map[string]*life
	hands []hand
	made  int
}

func (w *world) ok(err error) {
	if err != nil {
		w.Fatal(err)
	}
}

// mine says whether a hand is the message's own.
func (w *world) mine(h hand) bool {
	m := w.must[h.ID]
	return m != nil && m.state != outboxDead && m.due.Equal(h.Lease)
}

// settled demands that a call did what it must: nothing, in a hand that has lost its message.
func (w *world) settled(h hand, err error) bool {
	if mine := w.mine(h); mine && err != nil || !mine && !errors.Is(err, notify.ErrLost) {
		w.Fatalf("%s, which is this notifier's %t: %v", h.ID, mine, err)
	}
	return err == nil
}

func (w *world) hand() int {
	if len(w.hands) == 0 {
		w.Skip("nobody has claimed anything")
	}
	return rapid.IntRange(0, len(w.hands)-1).Draw(w.T, "hand")
}

func (w *world) actions() map[string]func(*rapid.T) {
	ctx := w.T.Context()
	out := w.db.Outbox()
	return map[string]func(*rapid.T){
		"enqueue": func(t *rapid.T) {
			w.made++
			m := about(fmt.Sprintf("m%03d", w.made), rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "about"), notify.KindBooked)
			m.Due = w.clock.Now().Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "due")) * time.Minute)
			w.ok(w.db.change(ctx, nil, []notify.Message{m}, func(*tx) error { return nil }))
			due := m.Due
			if due.Before(w.clock.Now()) {
				due = w.clock.Now()
			}
			w.must[m.ID] = &life{state: outboxWaiting, due: due, about: m.About}
		},
		"claim": func(t *rapid.T) {
			got, err := out.Claim(ctx, rapid.IntRange(1, 3).Draw(t, "n"))
			w.ok(err)
			for _, c := range got {
				m := w.must[c.ID]
				if m == nil || m.state == outboxDead || m.due.After(w.clock.Now()) || c.Begun != m.begun || c.Tries != m.tries {
					t.Fatalf("claimed %+v, and it must be %+v at %v", c, m, w.clock.Now())
				}
				m.due = c.Lease
				w.hands = append(w.hands, hand{Waiting: c})
			}
		},
		"begin": func(t *rapid.T) {
			i := w.hand()
			by := rapid.SampledFrom([]notify.Channel{notify.SMS, notify.Email}).Draw(t, "by")
			next, err := out.Begin(ctx, w.hands[i].Waiting, by)
			if w.settled(w.hands[i], err) {
				m := w.must[next.ID]
				m.state, m.begun, m.due = outboxSending, by, next.Lease
				w.hands[i].Waiting = next
			}
		},
		"done": func(*rapid.T) {
			h := w.hands[w.hand()]
			w.ok(out.Done(ctx, h.ID))
			delete(w.must, h.ID)
		},
		"again": func(t *rapid.T) {
			h := w.hands[w.hand()]
			h.Tries++
			at := w.clock.Now().Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "later")) * time.Minute)
			if w.settled(h, out.Again(ctx, h.Waiting, at)) {
				m := w.must[h.ID]
				m.state, m.begun, m.tries, m.due = outboxWaiting, "", h.Tries, at
			}
		},
		"dead": func(*rapid.T) {
			h := w.hands[w.hand()]
			if w.settled(h, out.Dead(ctx, h.Waiting, notify.Uncertain)) {
				w.must[h.ID].state = outboxDead
			}
		},
		"send again": func(t *rapid.T) {
			id := fmt.Sprintf("m%03d", rapid.IntRange(1, max(w.made, 1)).Draw(t, "id"))
			m := w.must[id]
			anew, err := out.SendAgain(ctx, id, nil)
			if can := m != nil && m.state == outboxDead; can != (err == nil) || err != nil && !errors.Is(err, notify.ErrNotAgain) {
				t.Fatalf("%s, which is %+v, is sent again: %v", id, m, err)
			}
			if err == nil {
				delete(w.must, id)
				w.must[anew] = &life{state: outboxWaiting, due: w.clock.Now(), about: m.about}
			}
		},
		"withdraw": func(t *rapid.T) {
			c := rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "about")
			w.ok(w.db.change(ctx, nil, nil, func(x *tx) error { return x.withdraw(c) }))
			for id, m := range w.must {
				if m.about == c && m.state == outboxWaiting {
					delete(w.must, id)
				}
			}
		},
		"time": func(t *rapid.T) {
			w.clock.pass(time.Duration(rapid.IntRange(1, 4).Draw(t, "minutes")) * time.Minute)
		},
		"": w.compare,
	}
}

// compare demands that the outbox is as it must be.
func (w *world) compare(t *rapid.T) {
	type row struct{ id, state string }
	var got, want []row
	w.ok(w.db.read(w.T.Context(), func(x *tx) (err error) {
		got, err = all(x, func(s scanner) (r row, err error) {
			err = s.Scan(&r.id, &r.state)
			return r, err
		}, "SELECT id, state FROM outbox")
		return err
	}))
	for id, m := range w.must {
		want = append(want, row{id, m.state})
	}
	byID := func(a, b row) int { return strings.Compare(a.id, b.id) }
	slices.SortFunc(got, byID)
	slices.SortFunc(want, byID)
	if !slices.Equal(got, want) {
		t.Fatalf("the outbox holds %v and must hold %v", got, want)
	}
}

// Whatever notifiers do, also those whose lease is over, a message has one owner at a time;
// one that was begun is never given out as one that was not; and none is lost or comes back.
func TestAMessageHasOneOwnerAtATimeWhateverNotifiersDo(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		rapid.Check(t, func(rt *rapid.T) {
			must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
				_, err := x.exec("DELETE FROM outbox")
				return err
			}))
			w := &world{T: rt, db: db, clock: p.clock, must: map[string]*life{}}
			rt.Repeat(w.actions())
		})
	})
}
