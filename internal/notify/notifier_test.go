package notify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

func TestEveryMessageIsSentOnceByAnyNumberOfNotifiers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []notify.Message
		for i := range 100 { // more than there are hands
			all = append(all, code(fmt.Sprint("m", i)))
		}
		b, sms := newBox(all...), &way{}
		for range 3 {
			run(t, bySMS(b, sms))
		}
		pass(time.Second)
		seen := map[string]int{}
		for _, o := range sms.given() {
			seen[o.ID]++
		}
		if b.waiting() != 0 || len(seen) != 100 {
			t.Errorf("%d wait, %d sent", b.waiting(), len(seen))
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s sent %d times", id, n)
			}
		}
	})
}

func TestWhatFailsIsTriedAgainLaterAndLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, sms := newBox(code("m1")), &way{}
		sms.answer = func(context.Context, notify.Outgoing) error {
			if len(sms.given()) < 4 {
				return errors.New("the gateway is away")
			}
			return nil
		}
		run(t, bySMS(b, sms))
		pass(5 * time.Minute)
		if len(sms.at) != 4 || b.waiting() != 0 {
			t.Fatalf("tried at %v", sms.at)
		}
		for i, want := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
			if gap := sms.at[i+1].Sub(sms.at[i]); gap < want*3/4 || gap > want*5/4+2*time.Second {
				t.Errorf("try %d came after %v, want some %v", i+2, gap, want)
			}
		}
	})
}

func TestWhatFailedTogetherDoesNotComeBackTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []notify.Message
		for i := range 8 {
			all = append(all, code(fmt.Sprint("m", i)))
		}
		b, sms := newBox(all...), &way{answer: func(context.Context, notify.Outgoing) error { return errors.New("away") }}
		cfg := bySMS(b, sms)
		cfg.Every = time.Millisecond
		run(t, cfg)
		pass(13 * time.Second)
		again := map[time.Time]bool{}
		for _, at := range sms.at[8:] {
			again[at] = true
		}
		if len(again) < 4 {
			t.Errorf("the second tries came at %v", sms.at[8:])
		}
	})
}

func TestWhyAMessageIsGivenUpIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mail := code("no way there")
		mail.Channel = notify.Email // nobody sends these here
		strange := booked("no words")
		strange.Kind = "poem"
		late := booked("too late")
		late.Until = time.Now()
		stranger, nobody := booked("no address"), booked("no number")
		stranger.To, nobody.Address = "p2", ""
		nobody.Kind, nobody.Channel = notify.KindCode, notify.SMS
		b := newBox(code("refused"), mail, strange, late, stranger, nobody, code("away"), code("unsure"))
		sms := &way{answer: func(_ context.Context, o notify.Outgoing) error {
			switch o.ID {
			case "refused":
				return fmt.Errorf("no such number: %w", notify.ErrNever)
			case "unsure":
				return fmt.Errorf("broke off: %w", notify.ErrUncertain)
			default:
				return errors.New("away")
			}
		}}
		cfg := bySMS(b, sms)
		cfg.Composer = composes(func(m notify.Message) (notify.Letter, error) {
			if m.To == "p2" {
				return notify.Letter{}, fmt.Errorf("p2: %w", notify.ErrNoAddress)
			}
			return letterOf(m), nil
		})
		run(t, cfg)
		pass(24 * time.Hour)
		for id, want := range map[string]notify.Reason{
			"refused": notify.Refused, "no way there": notify.Refused, "no words": notify.Refused, "too late": notify.TooLate,
			"no address": notify.NoAddress, "no number": notify.NoAddress, "away": notify.GaveUp, "unsure": notify.Uncertain,
		} {
			if got := b.reason(id); got != want {
				t.Errorf("%s: %q, want %q", id, got, want)
			}
		}
		tries := map[string]int{}
		for _, o := range sms.given() {
			tries[o.ID]++
		}
		if tries["away"] != 12 || tries["refused"] != 1 || tries["unsure"] != 1 || len(tries) != 3 {
			t.Errorf("tries: %v", tries)
		}
	})
}

func TestALetterIsOfTheMomentOfSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := booked("m1")
		m.Due = time.Now().Add(time.Hour)
		var mu sync.Mutex
		phone, asked := "+4790000001", []notify.Message(nil)
		b, sms := newBox(m), &way{}
		cfg := bySMS(b, sms)
		cfg.Composer = composes(func(m notify.Message) (notify.Letter, error) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, m)
			l := letterOf(m)
			l.Address = phone
			return l, nil
		})
		run(t, cfg)
		pass(59 * time.Minute)
		mu.Lock()
		early := len(asked)
		phone = "+4790000002"
		mu.Unlock()
		if early != 0 || len(sms.given()) != 0 {
			t.Fatal("it has been composed before its time")
		}
		pass(2 * time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if len(asked) != 1 || asked[0] != m {
			t.Fatalf("composed %+v", asked)
		}
		o := sms.given()[0]
		if o.Address != "+4790000002" || o.ID != "m1" || o.To != "p1" || o.Kind != notify.KindBooked || !strings.Contains(o.Text.Body, "måndag 23. november") {
			t.Errorf("sent %+v", o)
		}
	})
}

func TestWhatHasBeenOvertakenIsDroppedAndNobodyIsBothered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b, sms := newBox(booked("m1")), &way{}
		cfg := bySMS(b, sms)
		cfg.Composer = composes(func(notify.Message) (notify.Letter, error) {
			return notify.Letter{}, fmt.Errorf("moved again: %w", notify.ErrMoot)
		})
		cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
		run(t, cfg)
		pass(time.Minute)
		if b.waiting() != 0 || b.reason("m1") != "" || len(sms.given()) != 0 || log.Len() != 0 {
			t.Errorf("%d wait, reason %q, %d sent, log %s", b.waiting(), b.reason("m1"), len(sms.given()), log.String())
		}
	})
}

// crashed is a box whose notifier has died while it sent m by a channel.
func crashed(t *testing.T, m notify.Message, by notify.Channel) *box {
	t.Helper()
	b := newBox(m)
	w, err := b.Claim(t.Context(), 1)
	if err != nil || len(w) != 1 {
		t.Fatal(err)
	}
	if _, err := b.Begin(t.Context(), w[0], by); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAfterACrashOnlyWhatCanBeRepeatedIsSentAgain(t *testing.T) {
	for name, repeatable := range map[string]bool{"a way that knows messages again": true, "a way that does not": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, sms := crashed(t, code("m1"), notify.SMS), &way{repeatable: repeatable}
				run(t, bySMS(b, sms))
				pass(lease - time.Second)
				if len(sms.given()) != 0 || b.reason("m1") != "" {
					t.Fatal("settled within another's lease")
				}
				pass(3 * time.Second)
				want := map[bool]notify.Reason{false: notify.Uncertain}[repeatable]
				if sent := len(sms.given()); (sent == 1) != repeatable || b.reason("m1") != want || b.waiting() != 0 {
					t.Errorf("sent %d, reason %q", sent, b.reason("m1"))
				}
			})
		})
	}
}

func TestAfterATimeoutOnlyWhatCanBeRepeatedIsSentAgain(t *testing.T) {
	for name, repeatable := range map[string]bool{"a way that knows messages again": true, "a way that does not": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, sms := newBox(code("m1")), &way{repeatable: repeatable}
				sms.answer = func(ctx context.Context, _ notify.Outgoing) error {
					if len(sms.given()) > 1 {
						return nil
					}
					<-ctx.Done()
					return fmt.Errorf("%w: %w", notify.ErrUncertain, ctx.Err())
				}
				run(t, bySMS(b, sms))
				pass(2 * time.Minute)
				want := map[bool]notify.Reason{false: notify.Uncertain}[repeatable]
				if sent := len(sms.given()); (sent == 2) != repeatable || b.reason("m1") != want || b.waiting() != 0 {
					t.Errorf("sent %d, reason %q", sent, b.reason("m1"))
				}
			})
		})
	}
}

func TestASenderThatHangsDoesNotHoldTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		for i := range 60 {
			b.put(code(fmt.Sprint("sms", i)))
		}
		hanging := &way{repeatable: true, answer: func(ctx context.Context, _ notify.Outgoing) error { <-ctx.Done(); return ctx.Err() }}
		busiest := 0
		now := make(chan int, 1)
		now <- 0
		slow := hanging.answer
		hanging.answer = func(ctx context.Context, o notify.Outgoing) error {
			n := <-now + 1
			busiest = max(busiest, n)
			now <- n
			defer func() { now <- <-now - 1 }()
			return slow(ctx, o)
		}
		mail := &way{}
		cfg := bySMS(b, hanging)
		cfg.Senders[notify.Email] = mail
		run(t, cfg)
		pass(time.Second)
		m := code("mail")
		m.Channel, m.Address = notify.Email, "ragna@example.no"
		b.put(m)
		pass(10 * time.Second)
		if len(mail.given()) != 1 {
			t.Errorf("%d e-mails are sent while the SMS gateway hangs", len(mail.given()))
		}
		if busiest != 8 {
			t.Errorf("the gateway was asked for %d messages at once", busiest)
		}
	})
}

func TestAWithdrawnMessageThatIsClaimedIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, sms := newBox(booked("m1")), &way{}
		cfg := bySMS(b, sms)
		cfg.Composer = composes(func(m notify.Message) (notify.Letter, error) {
			b.withdraw(m.ID) // cancelled while it is composed
			return letterOf(m), nil
		})
		run(t, cfg)
		pass(time.Minute)
		if len(sms.given()) != 0 || b.reason("m1") != "" {
			t.Errorf("%d sent, reason %q", len(sms.given()), b.reason("m1"))
		}
	})
}

func TestWhatIsBeingSentWhenTheServiceEndsIsFinishedAndMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, sms := newBox(code("m1")), &way{answer: func(ctx context.Context, _ notify.Outgoing) error {
			select {
			case <-time.After(20 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}
		stop := run(t, bySMS(b, sms))
		pass(2 * time.Second)
		stop()
		if b.waiting() != 0 || len(sms.given()) != 1 {
			t.Errorf("%d wait, %d sent", b.waiting(), len(sms.given()))
		}
	})
}

func TestThatAMessageIsSentIsToldAgainWhileTheOutboxDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, sms := newBox(code("m1")), &way{}
		b.failing = 5
		run(t, bySMS(b, sms))
		pass(time.Minute)
		if b.waiting() != 0 || len(sms.given()) != 1 {
			t.Errorf("%d wait, %d sent", b.waiting(), len(sms.given()))
		}
	})
}

func TestTheLogHoldsNoAddressAndNoCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := newBox(code("m1"), booked("m2"), code("m3"))
		failed := map[string]bool{}
		sms := &way{answer: func(_ context.Context, o notify.Outgoing) error {
			if o.ID == "m3" {
				return notify.ErrNever
			}
			if !failed[o.ID] {
				failed[o.ID] = true
				return errors.New("away")
			}
			return nil
		}}
		cfg := bySMS(b, sms)
		cfg.Senders[notify.SMS] = one{sms}
		cfg.Composer = composes(func(m notify.Message) (notify.Letter, error) { return letterOf(m), nil })
		cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		run(t, cfg)
		pass(time.Minute)
		for _, secret := range []string{"493021", "90000412", "samtale.example.no", "#abc"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s is in the log: %s", secret, log.String())
			}
		}
		for _, id := range []string{"m1", "m2", "m3", "about=c1"} {
			if !strings.Contains(log.String(), id) {
				t.Errorf("%s is not in the log: %s", id, log.String())
			}
		}
		logged := bytes.Buffer{}
		slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "letter", letterOf(booked("m2")), "message", code("m1"))
		if strings.Contains(logged.String(), "9000") {
			t.Errorf("a letter logs itself: %s", logged.String())
		}
	})
}

// one is a way that is asked for one message at a time.
type one struct{ *way }

func (o one) Send(ctx context.Context, out notify.Outgoing) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.answer(ctx, out)
}

func TestPatientsAreNotDisturbedAtNightUnlessItCannotWait(t *testing.T) {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		// A bubble begins on Saturday 1 January 2000 at 00:00 UTC: 01:00 in Oslo.
		morning := time.Date(2000, 1, 1, 8, 0, 0, 0, oslo)
		at := func(h, min int) time.Time { return time.Date(2000, 1, 1, h, min, 0, 0, oslo) }
		with := func(id string, kind notify.Kind, until time.Time) notify.Message {
			m := booked(id)
			m.Kind, m.Until = kind, until
			return m
		}
		b, sms := newBox(
			code("a code"), with("late", notify.KindLate, time.Time{}), with("for staff", notify.KindStaffBooked, time.Time{}),
			with("starts at 9.30", notify.KindMoved, at(9, 30)),
			with("starts at 10.00", notify.KindReminderHour, at(10, 0)), with("some day", notify.KindBooked, time.Time{}),
			with("an invitation", notify.KindProposal, at(20, 0)),
		), &way{}
		cfg := bySMS(b, sms)
		cfg.Quiet, cfg.Zone = notify.Quiet{}, oslo
		cfg.Composer = composes(func(m notify.Message) (notify.Letter, error) { return letterOf(m), nil })
		run(t, cfg)
		pass(2 * time.Second)
		now := map[string]bool{"a code": true, "late": true, "for staff": true, "starts at 9.30": true}
		if got := sms.given(); len(got) != len(now) {
			t.Errorf("%d are sent in the night", len(got))
		}
		for _, o := range sms.given() {
			if !now[o.ID] {
				t.Errorf("%s is sent in the night", o.ID)
			}
		}
		pass(time.Until(morning) - time.Second)
		if got := len(sms.given()); got != len(now) {
			t.Errorf("%d are sent before eight", got)
		}
		pass(3 * time.Second)
		if b.waiting() != 0 || len(sms.given()) != 7 {
			t.Errorf("%d wait, %d sent when it is day", b.waiting(), len(sms.given()))
		}
	})
}
