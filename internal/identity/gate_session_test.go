package identity_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestASessionThatIsNotGoodOpensNothing(t *testing.T) {
	d := newDoor(t)
	_, in := d.enrolled(mari)
	good := in.Secret
	now := d.clock.Now()
	if _, err := d.Check(good, now); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(good)
	d.must(err)
	flipped := func(i int) string {
		b := append([]byte(nil), raw...)
		b[i] ^= 1
		return base64.RawURLEncoding.EncodeToString(b)
	}
	foreign := doorTo(t, d.db, d.clock, func(c *identity.GateConfig) { c.SessionKeys = []identity.Key{{Generation: 1, Secret: secret(9)}} })
	later := doorTo(t, d.db, d.clock, func(c *identity.GateConfig) { c.SessionKeys = []identity.Key{{Generation: 2, Secret: secret(1)}} })

	secrets := map[string]string{
		"empty": "", "a word": "hemmeleg", "cut short": good[:len(good)-1], "without its MAC": base64.RawURLEncoding.EncodeToString(raw[:len(raw)-32]),
		"with more behind": good + "AA", "over two lines": good[:40] + "\n" + good[40:], "padded": good + "=", "in another alphabet": base64.RawStdEncoding.EncodeToString(raw) + "+",
		"another version": flipped(0), "another kind": flipped(1), "another generation": flipped(2), "another role": flipped(3),
		"another person": flipped(25), "another MAC": flipped(len(raw) - 1), "very long": strings.Repeat("A", 1<<20),
	}
	for i := range len(raw) {
		secrets[fmt.Sprintf("byte %d changed", i)] = flipped(i)
	}
	for name, s := range secrets {
		if _, err := d.Check(s, now); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("%.40s: %v", name, err)
		}
	}
	for name, other := range map[string]*door{"another service's key": foreign, "a generation that is gone": later} {
		if _, err := other.Check(good, now); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.CheckBearer(good, now); !errors.Is(err, identity.ErrNoSession) {
		t.Errorf("a person's session as a machine's token: %v", err)
	}
}

func TestANewKeyReadsWhatTheOldOneHasMade(t *testing.T) {
	d := newDoor(t)
	_, in := d.enrolled(mari)
	rotated := doorTo(t, d.db, d.clock, func(c *identity.GateConfig) {
		c.SessionKeys = []identity.Key{{Generation: 2, Secret: secret(7)}, c.SessionKeys[0]}
		c.LinkKeys = []identity.Key{{Generation: 2, Secret: secret(8)}, c.LinkKeys[0]}
	})
	rotated.at(d.clock.Now().Add(10 * time.Minute))
	c, err := rotated.Check(in.Secret, d.clock.Now())
	d.must(err)
	if c.Renewed == "" {
		t.Fatal("not renewed")
	}
	if _, err := rotated.Check(c.Renewed, d.clock.Now()); err != nil {
		t.Errorf("made by the new key: %v", err)
	}
	d.poll()
	if _, err := d.Check(c.Renewed, d.clock.Now()); !errors.Is(err, identity.ErrNoSession) {
		t.Errorf("the old node does not have the new key: %v", err)
	}
	token := d.sent(d.seat(identity.IdentifyLink))
	if _, err := rotated.OpenLink(context.Background(), token, identity.Current{}, ""); err != nil {
		t.Errorf("a link that the old key has hashed: %v", err)
	}
}

func TestSessionsEndWhenTheyAreNotUsedAndAtLast(t *testing.T) {
	d := newDoor(t)
	_, staff := d.enrolled(mari)
	link, err := d.OpenLink(context.Background(), d.sent(d.seat(identity.IdentifyLink)), identity.Current{}, "")
	d.must(err)
	for _, tt := range []struct {
		name       string
		secret     string
		idle, life time.Duration
	}{
		{"staff", staff.Secret, 30 * time.Minute, 12 * time.Hour},
		{"by link", link.Secret, 12 * time.Hour, 24 * time.Hour},
	} {
		start := staff.Current.SignedIn
		if tt.name == "by link" {
			start = link.Current.SignedIn
		}
		if _, err := d.Check(tt.secret, d.at(start.Add(tt.idle-time.Millisecond))); err != nil {
			t.Errorf("%s: just before the idle time is over: %v", tt.name, err)
		}
		_, err := d.Check(tt.secret, d.at(start.Add(tt.idle)))
		wantError(t, tt.name+": unused", err, identity.ErrNoSession)

		// Used all the time, it is renewed all the time, until its end.
		secret, now := tt.secret, start
		for now.Before(start.Add(tt.life - tt.idle/2)) {
			now = now.Add(tt.idle / 2)
			c, err := d.Check(secret, d.at(now))
			if err != nil {
				t.Fatalf("%s: used after %v: %v", tt.name, now.Sub(start), err)
			}
			if c.Renewed == "" || c.ExpiresAt.After(start.Add(tt.life)) {
				t.Fatalf("%s: renewed %t, lives until %v", tt.name, c.Renewed != "", c.ExpiresAt)
			}
			secret = c.Renewed
		}
		_, err = d.Check(secret, d.at(start.Add(tt.life)))
		wantError(t, tt.name+": at its end", err, identity.ErrNoSession)
	}
}

// at moves the clock to a moment, with all that is known of revocations then.
func (d *door) at(now time.Time) time.Time {
	d.t.Helper()
	d.clock.mu.Lock()
	d.clock.now = now
	d.clock.mu.Unlock()
	d.poll()
	return now
}

func TestASessionIsNotRenewedEachTime(t *testing.T) {
	d := newDoor(t)
	_, in := d.enrolled(mari)
	c, err := d.Check(in.Secret, d.at(in.Current.SignedIn.Add(3*time.Minute)))
	d.must(err)
	if c.Renewed != "" {
		t.Error("renewed within a tenth of the idle time")
	}
}

func TestASecretFromTheFutureOpensNothing(t *testing.T) {
	d := newDoor(t)
	_, in := d.enrolled(mari)
	if _, err := d.Check(in.Secret, in.Current.SignedIn.Add(-30*time.Second)); err != nil {
		t.Errorf("clocks that are half a minute apart: %v", err)
	}
	_, err := d.Check(in.Secret, in.Current.SignedIn.Add(-2*time.Minute))
	wantError(t, "two minutes before it was made", err, identity.ErrNoSession)
}

func TestOneSeesAndEndsWhereOneIsSignedIn(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	home := d.signedIn("mari.bjork@fjordvik.no", a)
	work := d.signedIn("mari.bjork@fjordvik.no", a)
	b, _ := d.enrolled(siv)
	other := d.signedIn("siv@fjordvik.no", b)

	all, err := d.Sessions(ctx, work.Current)
	d.must(err)
	if len(all) != 3 || all[0].ID != work.Current.Actor.Session || all[0].Device != "firefox/windows" {
		t.Errorf("%d sessions, the newest %+v", len(all), all[0])
	}
	d.must(d.EndSession(ctx, other.Current, home.Current.Actor.Session))
	if _, err := d.Check(home.Secret, d.clock.Now()); err != nil {
		t.Errorf("another person has ended it: %v", err)
	}
	d.must(d.EndSession(ctx, work.Current, home.Current.Actor.Session))
	_, err = d.Check(home.Secret, d.clock.Now())
	wantError(t, "ended", err, identity.ErrNoSession)

	d.must(d.EndOtherSessions(ctx, work.Current))
	all, err = d.Sessions(ctx, work.Current)
	d.must(err)
	if len(all) != 1 || all[0].ID != work.Current.Actor.Session {
		t.Errorf("left: %v", all)
	}
	d.must(d.SignOut(ctx, work.Current))
	_, err = d.Check(work.Secret, d.clock.Now())
	wantError(t, "signed out", err, identity.ErrNoSession)
	if _, err := d.Check(other.Secret, d.clock.Now()); err != nil {
		t.Errorf("another person's: %v", err)
	}
}

func TestALostAssignmentEndsItsSessions(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(tuva)
	in := d.signedIn("tuva@haukeland.no", a)
	specialist, err := d.ChooseRole(ctx, in.Current, "a-tuva", "")
	d.must(err)
	in = d.signedIn("tuva@haukeland.no", a)
	coordinator, err := d.ChooseRole(ctx, in.Current, "a-tuva2", "")
	d.must(err)

	staff, err := d.db.Directory().Staff(ctx, tuva)
	d.must(err)
	staff.Assignments = staff.Assignments[:1]
	d.must(d.db.Directory().SaveStaff(ctx, staff, nil, nil))
	d.poll()
	_, err = d.Check(coordinator.Secret, d.clock.Now())
	wantError(t, "in the role that is lost", err, identity.ErrNoSession)
	if _, err := d.Check(specialist.Secret, d.clock.Now()); err != nil {
		t.Errorf("in the role that is left: %v", err)
	}
}

func TestASessionLastsNoLongerThanItsAssignment(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	staff, err := d.db.Directory().Staff(ctx, mari)
	d.must(err)
	staff.Assignments[0].Until = "2026-11-23"
	d.must(d.db.Directory().SaveStaff(ctx, staff, nil, nil))
	a, _ := d.enrolled(mari)
	d.clock.pass(14*time.Hour + 49*time.Minute)
	in := d.signedIn("mari.bjork@fjordvik.no", a)
	// It is 23.50.
	if in.Current.Stage != identity.StageFull {
		t.Fatalf("on the last day: %+v", in.Current)
	}
	d.clock.pass(9 * time.Minute)
	d.poll()
	if _, err := d.Check(in.Secret, d.clock.Now()); err != nil {
		t.Errorf("at 23.59: %v", err)
	}
	d.clock.pass(time.Minute)
	_, err = d.Check(in.Secret, d.clock.Now())
	wantError(t, "at midnight", err, identity.ErrNoSession)
	in = d.signedIn("mari.bjork@fjordvik.no", a)
	if in.Current.Stage != identity.StageRole {
		t.Errorf("the day after: %+v", in.Current)
	}
}

func TestAnotherRoleIsNoLongerStay(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(tuva)
	in := d.signedIn("tuva@haukeland.no", a)
	begun := in.Current.SignedIn
	for i := range 29 { // turn about, each within the idle time: the last is at 11 h 40 min
		d.at(begun.Add(time.Duration(i) * 25 * time.Minute))
		next, err := d.ChooseRole(ctx, in.Current, []string{"a-tuva", "a-tuva2"}[i%2], "")
		d.must(err)
		in = next
	}
	d.at(begun.Add(12 * time.Hour))
	_, err := d.Check(in.Secret, d.clock.Now())
	wantError(t, "twelve hours after the sign-in", err, identity.ErrNoSession)
}

func TestNobodyActsForAnOrganisationThatIsNotActive(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, before := d.enrolled(mari)
	o, err := d.db.Directory().Organisation(ctx, "fjordvik")
	d.must(err)
	o.Active = false
	d.must(d.db.Directory().SaveOrganisation(ctx, o, nil, nil))
	d.poll()
	_, err = d.Check(before.Secret, d.clock.Now())
	wantError(t, "the session of before", err, identity.ErrNoSession)
	if in := d.signedIn("mari.bjork@fjordvik.no", a); in.Current.Stage != identity.StageRole || in.Current.Actor.Role != 0 {
		t.Errorf("%+v", in.Current)
	}
}

func TestNobodyComesInBeforeRevocationsAreKnown(t *testing.T) {
	d := newDoor(t)
	_, in := d.enrolled(mari)
	fresh, err := identity.NewGate(d.cfg)
	d.must(err)
	_, err = fresh.Check(in.Secret, d.clock.Now())
	wantError(t, "before the first reading", err, identity.ErrNotReady)
	if fresh.Ready() {
		t.Error("ready all the same")
	}
	d.must(fresh.Refresh(context.Background()))
	if _, err := fresh.Check(in.Secret, d.clock.Now()); err != nil || !fresh.Ready() {
		t.Errorf("after it: %v, ready %t", err, fresh.Ready())
	}
	d.clock.pass(time.Minute)
	_, err = fresh.Check(in.Secret, d.clock.Now())
	wantError(t, "when nothing could be read for a minute", err, identity.ErrNotReady)
}

// slowNode is a store in memory that keeps what a gate's Run needs, for a bubble of time.
type slowNode struct {
	identity.GateStore
	mu    sync.Mutex
	ended []identity.Revocation
	seen  map[string]time.Time
}

func (s *slowNode) Prune(context.Context, time.Time) error { return nil }

func (s *slowNode) Revocations(_ context.Context, after int64, _ time.Time) ([]identity.Revocation, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended[after:], int64(len(s.ended)), nil
}

func (s *slowNode) SeenSessions(_ context.Context, seen map[string]time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, at := range seen {
		s.seen[id] = at
	}
	return nil
}

func TestAnotherNodesRevocationHoldsWithinASecond(t *testing.T) {
	made := newDoor(t)
	_, in := made.enrolled(mari)
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		now := func() time.Time { return in.Current.SignedIn.Add(time.Since(started)) }
		node := &slowNode{seen: map[string]time.Time{}}
		cfg := made.cfg
		cfg.Store, cfg.Now = node, now
		g, err := identity.NewGate(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- g.Run(ctx) }() // ends with ctx
		synctest.Wait()
		if _, err := g.Check(in.Secret, now()); err != nil {
			t.Fatal(err)
		}
		node.mu.Lock()
		node.ended = append(node.ended, identity.Revocation{Subject: in.Current.Actor.Session, At: now(), Until: now().Add(time.Hour)})
		node.mu.Unlock()
		time.Sleep(time.Second) // of the bubble
		synctest.Wait()
		if _, err := g.Check(in.Secret, now()); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("a second after: %v", err)
		}
		cancel()
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
}

func TestTheLastUseIsSavedWhenTheNodeStops(t *testing.T) {
	made := newDoor(t)
	_, in := made.enrolled(mari)
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		now := func() time.Time { return in.Current.SignedIn.Add(time.Since(started)) }
		node := &slowNode{seen: map[string]time.Time{}}
		cfg := made.cfg
		cfg.Store, cfg.Now = node, now
		g, err := identity.NewGate(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- g.Run(ctx) }() // ends with ctx
		time.Sleep(10*time.Minute + time.Millisecond)
		if _, err := g.Check(in.Secret, now()); err != nil {
			t.Fatal(err)
		}
		cancel()
		<-over
		if len(node.seen) != 1 {
			t.Errorf("saved: %v", node.seen)
		}
	})
}

func TestTwoNodesOverOneDatabaseAgreeOnWhoIsOut(t *testing.T) {
	here := newDoor(t)
	there := doorTo(t, here.db, here.clock)
	ctx := context.Background()
	_, in := here.enrolled(mari)
	there.poll()
	if _, err := there.Check(in.Secret, here.clock.Now()); err != nil {
		t.Fatal(err)
	}
	here.must(here.SignOut(ctx, in.Current))
	_, err := here.Check(in.Secret, here.clock.Now())
	wantError(t, "here, at once", err, identity.ErrNoSession)
	there.poll()
	_, err = there.Check(in.Secret, here.clock.Now())
	wantError(t, "there, after its next reading", err, identity.ErrNoSession)
}

func BenchmarkSessionCheck(b *testing.B) {
	d := newDoor(b)
	_, in := d.enrolled(mari)
	now := d.clock.Now()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Check(in.Secret, now); err != nil {
			b.Fatal(err)
		}
	}
}
