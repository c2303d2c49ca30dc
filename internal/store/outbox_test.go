package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
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
		if len(first) != 1 || first[0].Message != message("m1", "+4790000001") || first[0].Begun != "" || !first[0].Lease.Equal(p.clock.Now().Add(outboxLease)) {
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
		counted(t, db, OutboxCounts{})
	})
}

func counted(t *testing.T, db *DB, want OutboxCounts) {
	t.Helper()
	counts, err := db.Outbox().Count(t.Context())
	if must(t, err); counts != want {
		t.Errorf("counts %+v, want %+v", counts, want)
	}
}

func TestAMessageOfANotifierThatDiedIsClaimedByTheNext(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"), message("m2", "+4790000001"))
		_, err := db.Outbox().Begin(t.Context(), claimed(t, db)[0], notify.SMS)
		must(t, err)
		p.clock.pass(outboxLease - time.Millisecond)
		if early := claimed(t, db); len(early) != 0 {
			t.Errorf("claimed within another's lease: %+v", early)
		}
		p.clock.pass(time.Millisecond)
		late := claimed(t, db)
		if len(late) != 2 || late[0].Begun != notify.SMS || late[1].Begun != "" {
			t.Errorf("claimed after the lease: %+v", late)
		}
	})
}

func TestANotifierWhoseLeaseIsOverChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		out := db.Outbox()
		enqueued(t, db, message("m1", "+4790000001"))
		old := claimed(t, db)[0]
		p.clock.pass(outboxLease)
		now := claimed(t, db)[0]
		lost := func(when string) {
			t.Helper()
			_, begun := out.Begin(t.Context(), old, notify.SMS)
			for what, err := range map[string]error{
				"begins": begun, "puts it back": out.Again(t.Context(), old, p.clock.Now()), "gives it up": out.Dead(t.Context(), old, notify.GaveUp),
			} {
				if !errors.Is(err, notify.ErrLost) {
					t.Errorf("%s, the first claim %s: %v", when, what, err)
				}
			}
		}
		lost("claimed by another")
		now, err := out.Begin(t.Context(), now, notify.SMS)
		must(t, err)
		lost("begun by another")
		must(t, out.Dead(t.Context(), now, notify.Refused))
		lost("given up by another")
		must(t, out.Done(t.Context(), "m1"))
		lost("gone")
	})
}

func TestAMessageThatFailsWaitsForItsNextTryAndCountsThem(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		for tries := range 3 {
			got := claimed(t, db)
			if len(got) != 1 || got[0].Tries != tries || got[0].Begun != "" {
				t.Fatalf("claimed %+v, want one after %d tries", got, tries)
			}
			w, err := db.Outbox().Begin(t.Context(), got[0], notify.SMS)
			must(t, err)
			w.Tries++
			must(t, db.Outbox().Again(t.Context(), w, p.clock.Now().Add(time.Minute)))
			p.clock.pass(time.Minute - time.Millisecond)
			if got := claimed(t, db); len(got) != 0 {
				t.Fatal("claimed before its time")
			}
			p.clock.pass(time.Millisecond)
		}
	})
}

// about is a message about a consultation, composed when it is sent.
func about(id, consultation string, kind notify.Kind) notify.Message {
	return notify.Message{ID: id, To: "olav", Kind: kind, About: consultation, Seat: "seat-" + id, Change: 3}
}

func TestAMessageWaitsUntilItIsDueAndComesBackAsItWasWritten(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		m := about("m1", "c1", notify.KindReminderDay)
		m.Due, m.Until = p.clock.Now().Add(time.Hour), p.clock.Now().Add(25*time.Hour)
		enqueued(t, db, m)
		counted(t, db, OutboxCounts{Waiting: 1}) // and is not late
		p.clock.pass(time.Hour - time.Millisecond)
		if got := claimed(t, db); len(got) != 0 {
			t.Errorf("claimed before it is due: %+v", got)
		}
		p.clock.pass(time.Millisecond)
		got := claimed(t, db)
		if len(got) != 1 || !got[0].Until.Equal(m.Until) {
			t.Fatalf("claimed %+v", got)
		}
		want := m
		want.Due, want.Until = time.Time{}, got[0].Until
		if got[0].Message != want {
			t.Errorf("claimed %+v, want %+v", got[0].Message, want)
		}
	})
}

func TestWhatWaitsAboutAConsultationIsWithdrawnAndWhatIsBeingSentIsNot(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, about("sending", "c1", notify.KindBooked))
		_, err := db.Outbox().Begin(t.Context(), claimed(t, db)[0], notify.SMS)
		must(t, err)
		enqueued(t, db, about("held", "c1", notify.KindBooked), about("day", "c1", notify.KindReminderDay),
			about("hour", "c1", notify.KindReminderHour), about("other", "c2", notify.KindReminderHour), message("code", "+4790000001"))
		held := claimed(t, db)[2] // in some notifier's hand, and not begun
		if held.ID != "held" {
			t.Fatalf("claimed %+v", held)
		}
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			return x.withdraw("c1", notify.KindReminderDay, notify.KindReminderHour)
		}))
		left(t, db, "code", "held", "other", "sending")
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error { return x.withdraw("c1") }))
		left(t, db, "code", "other", "sending")
		if _, err := db.Outbox().Begin(t.Context(), held, notify.SMS); !errors.Is(err, notify.ErrLost) {
			t.Errorf("a withdrawn message is begun: %v", err)
		}
	})
}

// left demands that these messages are in the outbox, and no others.
func left(t *testing.T, db *DB, want ...string) {
	t.Helper()
	var got []string
	must(t, db.read(t.Context(), func(x *tx) (err error) {
		got, err = all(x, oneColumn[string], "SELECT id FROM outbox ORDER BY id")
		return err
	}))
	if !slices.Equal(got, want) {
		t.Errorf("left are %v, want %v", got, want)
	}
}

func TestAWithdrawalAndItsNewMessagesAreOneWithTheChange(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, about("old", "c1", notify.KindReminderDay))
		failed := errors.New("the change fails")
		err := db.change(t.Context(), nil, []notify.Message{about("new", "c1", notify.KindMoved)}, func(x *tx) error {
			return errors.Join(x.withdraw("c1"), failed)
		})
		if !errors.Is(err, failed) {
			t.Errorf("%v", err)
		}
		left(t, db, "old")
		must(t, db.change(t.Context(), nil, []notify.Message{about("new", "c1", notify.KindMoved)}, func(x *tx) error { return x.withdraw("c1") }))
		left(t, db, "new")
	})
}

func TestAMessageThatIsGivenUpIsShownAndWhatOpensDoorsIsThrownAway(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		out := db.Outbox()
		code, far := message("code", "no number"), about("far", "c2", notify.KindBooked)
		code.About, code.Seat = "c1", "seat-code"
		far.Until = p.clock.Now().Add(1000 * time.Hour)
		enqueued(t, db, about("booked", "c1", notify.KindBooked), code, far)
		reasons := map[string]notify.Reason{"booked": notify.Uncertain, "code": notify.Refused, "far": notify.NoAddress}
		for _, w := range claimed(t, db) {
			if w.ID != "far" {
				var err error
				w, err = out.Begin(t.Context(), w, notify.SMS)
				must(t, err)
			}
			must(t, out.Dead(t.Context(), w, reasons[w.ID]))
			p.clock.pass(time.Second)
		}
		now := p.clock.Now()
		shown := func(consultations ...string) (got []notify.Undelivered) {
			t.Helper()
			got, err := out.Undelivered(t.Context(), consultations...)
			must(t, err)
			for i := range got {
				got[i].At = got[i].At.UTC()
			}
			return got
		}
		want := []notify.Undelivered{
			{ID: "far", To: "olav", Kind: notify.KindBooked, About: "c2", Seat: "seat-far", Reason: notify.NoAddress, At: now.Add(-time.Second), Again: true},
			{ID: "code", To: "olav", Kind: notify.KindCode, About: "c1", Seat: "seat-code", Channel: notify.SMS, Reason: notify.Refused, At: now.Add(-2 * time.Second)},
			{ID: "booked", To: "olav", Kind: notify.KindBooked, About: "c1", Seat: "seat-booked", Channel: notify.SMS, Reason: notify.Uncertain, At: now.Add(-3 * time.Second), Again: true},
		}
		if got := shown(); !slices.Equal(got, want) {
			t.Errorf("shown %+v, want %+v", got, want)
		}
		if got := shown("c1", "c3"); !slices.Equal(got, want[1:]) {
			t.Errorf("about c1: %+v", got)
		}
		counted(t, db, OutboxCounts{Failed: 3})
		p.clock.pass(1001 * time.Hour)
		if got := claimed(t, db); len(got) != 0 {
			t.Errorf("claimed after they were given up: %+v", got)
		}
		if got := shown("c2"); len(got) != 1 || got[0].Again {
			t.Errorf("one that is worthless by now can be sent again: %+v", got)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			content, err := one(x, nil, oneColumn[[]byte], "SELECT message FROM outbox WHERE id = 'code'")
			if content != nil {
				t.Error("the content of a code that was given up is still there")
			}
			return err
		}))
		must(t, db.Tidy(t.Context()))
		left(t, db, "booked", "code", "far")
		p.clock.pass(outboxKeeps)
		must(t, db.Tidy(t.Context()))
		left(t, db)
	})
}

func TestAMessageIsSentAgainAsAnotherAndWhoWantedItIsInTheRecord(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		out := db.Outbox()
		late := about("late", "c1", notify.KindReminderHour)
		late.Until = p.clock.Now().Add(time.Minute)
		enqueued(t, db, about("m1", "c1", notify.KindBooked), message("code", "+4790000001"), late, about("waits", "c1", notify.KindBooked), about("gone", "c1", notify.KindBooked))
		for _, w := range claimed(t, db) {
			w.Tries = 4
			switch w.ID {
			case "waits":
			case "gone":
				must(t, out.Done(t.Context(), w.ID))
			default:
				must(t, out.Dead(t.Context(), w, notify.GaveUp))
			}
		}
		p.clock.pass(time.Minute)
		for _, id := range []string{"code", "late", "waits", "gone", "never"} {
			if _, err := out.SendAgain(t.Context(), id, []audit.Entry{entry("a-" + id)}); !errors.Is(err, notify.ErrNotAgain) {
				t.Errorf("%s is sent again: %v", id, err)
			}
		}
		id, err := out.SendAgain(t.Context(), "m1", []audit.Entry{entry("a1")})
		must(t, err)
		if n := rows(t, db, "audit_entries"); n != 1 {
			t.Errorf("%d entries in the record", n)
		}
		got := claimed(t, db)
		want := about(id, "c1", notify.KindBooked)
		want.Seat = "seat-m1"
		if len(got) != 1 || got[0].Message != want || got[0].Tries != 0 || got[0].Begun != "" || id == "m1" {
			t.Errorf("claimed %+v, want %+v", got, want)
		}
		if got, err := out.Undelivered(t.Context(), "c1"); err != nil || len(got) != 1 || got[0].ID != "late" {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := out.SendAgain(t.Context(), "m1", nil); !errors.Is(err, notify.ErrNotAgain) {
			t.Errorf("sent again twice: %v", err)
		}
	})
}

func TestAMessageToAnErasedPersonIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		must(t, db.Erase(t.Context(), "olav", nil))
		if got := claimed(t, db); len(got) != 0 {
			t.Errorf("claimed %+v", got)
		}
		left(t, db)
	})
}

func TestMessagesWaitAsLongAsTheOldest(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		enqueued(t, db, message("m1", "+4790000001"))
		p.clock.pass(time.Minute)
		enqueued(t, db, message("m2", "+4790000001"))
		counted(t, db, OutboxCounts{Waiting: 2, Oldest: time.Minute})
	})
}

func TestWhatHadFailedBeforeIsShownAsGivenUp(t *testing.T) {
	eachEmpty(t, func(t *testing.T, p place) {
		cfg, err := p.checked()
		must(t, err)
		d, err := connect(t.Context(), p.URL, mainDatabase, cfg)
		must(t, err)
		must(t, d.migrate(t.Context(), 7, p.clock.Now()))
		for _, statement := range []string{
			"INSERT INTO outbox (id, recipient, message, created_at, due_at, tries, failed_at) VALUES ('failed', 'olav', NULL, 1, NULL, 12, 2)",
			"INSERT INTO outbox (id, recipient, message, created_at, due_at, tries, failed_at) VALUES ('waits', 'olav', NULL, 1, 9000000000000, 0, NULL)",
		} {
			_, err := d.writer.ExecContext(t.Context(), statement)
			must(t, err)
		}
		must(t, d.close())
		db := p.open(t)
		got, err := db.Outbox().Undelivered(t.Context())
		if must(t, err); len(got) != 1 || got[0].ID != "failed" || got[0].Reason != notify.GaveUp || got[0].Again {
			t.Errorf("shown %+v", got)
		}
		counted(t, db, OutboxCounts{Waiting: 1, Failed: 1})
	})
}
