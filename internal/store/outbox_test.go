package store

import (
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

func message(id, to string) notify.Message {
	return notify.Message{ID: id, To: "olav", Channel: notify.SMS, Address: to, Language: "nn", Kind: notify.KindCode, Code: "123456"}
}

func enqueued(t *testing.T, db *DB, messages ...notify.Message) {
	t.Helper()
	must(t, db.change(t.Context(), nil, messages, func(*tx) error { return nil }))
}

func claimed(t *testing.T, db *DB) []notify.Waiting {
	t.Helper()
	m, err := db.Outbox().Claim(t.Context(), 10)
	must(t, err)
	return m
}

func TestAMessageIsClaimedByOneAndGoneWhenItIsSent(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		first := claimed(t, db)
		if len(first) != 1 || first[0] != (notify.Waiting{Message: message("m1", "+4790000001")}) {
			t.Fatalf("claimed %+v", first)
		}
		if again := claimed(t, db); len(again) != 0 {
			t.Errorf("claimed twice: %+v", again)
		}
		must(t, db.Outbox().Done(t.Context(), "m1"))
		p.clock.pass(time.Hour)
		if again := claimed(t, db); len(again) != 0 {
			t.Errorf("claimed after it was sent: %+v", again)
		}
		counts, err := db.Outbox().Count(t.Context())
		if must(t, err); counts != (OutboxCounts{}) {
			t.Errorf("counts %+v", counts)
		}
	})
}

func TestAMessageOfANotifierThatDiedIsClaimedByTheNext(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		claimed(t, db)
		p.clock.pass(outboxLease - time.Millisecond)
		if early := claimed(t, db); len(early) != 0 {
			t.Errorf("claimed within another's lease: %+v", early)
		}
		p.clock.pass(time.Millisecond)
		if late := claimed(t, db); len(late) != 1 {
			t.Errorf("claimed %d after the lease", len(late))
		}
	})
}

func TestAMessageThatFailsWaitsForItsNextTryAndCountsThem(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		for tries := range 3 {
			if got := claimed(t, db); len(got) != 1 || got[0].Tries != tries {
				t.Fatalf("claimed %+v, want one after %d tries", got, tries)
			}
			must(t, db.Outbox().Failed(t.Context(), "m1", p.clock.Now().Add(time.Minute)))
			p.clock.pass(time.Minute - time.Millisecond)
			if got := claimed(t, db); len(got) != 0 {
				t.Fatal("claimed before its time")
			}
			p.clock.pass(time.Millisecond)
		}
	})
}

func TestAMessageThatIsGivenUpIsCountedAndItsContentIsThrownAway(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "no number"))
		claimed(t, db)
		must(t, db.Outbox().Failed(t.Context(), "m1", time.Time{}))
		givenUp(t, p, db)
		must(t, db.Outbox().Failed(t.Context(), "m1", p.clock.Now())) // by one whose lease is over
		givenUp(t, p, db)
	})
}

func givenUp(t *testing.T, p place, db *DB) {
	t.Helper()
	p.clock.pass(1000 * time.Hour)
	if got := claimed(t, db); len(got) != 0 {
		t.Errorf("claimed after it was given up: %+v", got)
	}
	counts, err := db.Outbox().Count(t.Context())
	if must(t, err); counts != (OutboxCounts{Failed: 1}) {
		t.Errorf("counts %+v", counts)
	}
	must(t, db.read(t.Context(), func(x *tx) error {
		content, err := one(x, nil, oneColumn[[]byte], "SELECT message FROM outbox")
		if content != nil {
			t.Error("the content of a message that was given up is still there")
		}
		return err
	}))
}

func TestAMessageToAnErasedPersonIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		must(t, db.Erase(t.Context(), "olav", nil))
		if got := claimed(t, db); len(got) != 0 {
			t.Errorf("claimed %+v", got)
		}
	})
}

func TestMessagesWaitAsLongAsTheOldest(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		p.clock.pass(time.Minute)
		enqueued(t, db, message("m2", "+4790000001"))
		counts, err := db.Outbox().Count(t.Context())
		if must(t, err); counts != (OutboxCounts{Waiting: 2, Oldest: time.Minute}) {
			t.Errorf("counts %+v", counts)
		}
	})
}
