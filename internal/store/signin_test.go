package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
)

var signInNow = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// signIn runs a test of what the gate keeps over both databases.
func signIn(t *testing.T, test func(t *testing.T, s *store.SignIn)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) { test(t, open().SignIn()) })
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func anAccount(t *testing.T, s *store.SignIn, person access.PersonID) {
	t.Helper()
	ok(t, s.SaveAccount(t.Context(), identity.Account{Person: person, Password: "$argon2id$…", TOTP: []byte("secret"), Credentials: 1, Enrolled: signInNow}, nil, nil))
}

func aSession(id string, person access.PersonID) identity.Session {
	return identity.Session{
		ID: id, Person: person, Role: access.Nurse, Organisation: "fjordvik", Stage: identity.StageFull,
		Method: identity.ByPasswordTOTP, SignedIn: signInNow, Seen: signInNow, Ends: signInNow.Add(12 * time.Hour), Device: "firefox/windows", Credentials: 1,
	}
}

func aLink(id string) identity.Link {
	return identity.Link{
		ID: id, Kind: identity.SeatLink, Person: "olav", Role: access.Patient, Consultation: "c1", Participant: "x1", Code: true,
		Owner: "fjordvik", Made: signInNow, Expires: signInNow.Add(time.Hour),
	}
}

func revoked(t *testing.T, s *store.SignIn, after int64) (map[string]bool, int64) {
	t.Helper()
	all, turn, err := s.Revocations(t.Context(), after, signInNow)
	ok(t, err)
	out := map[string]bool{}
	for _, r := range all {
		out[r.Subject] = true
	}
	return out, turn
}

func TestAnAccountIsKeptAsItWasSaved(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		_, err := s.Account(t.Context(), "mari")
		is(t, "unknown", err, identity.ErrNotFound)
		a := identity.Account{
			Person: "mari", Password: "$argon2id$…", TOTP: []byte("a"), Step: 7, PendingTOTP: []byte("b"), PendingLink: "l1", Credentials: 3,
			Tries:    identity.Tries{Wrong: 2, Locks: 1, Last: time.UnixMilli(1000), LockedUntil: time.UnixMilli(2000)},
			Enrolled: time.UnixMilli(3000), Ended: time.UnixMilli(4000),
		}
		ok(t, s.SaveAccount(t.Context(), a, nil, nil))
		is(t, "a second new one", s.SaveAccount(t.Context(), a, nil, nil), identity.ErrVersion)
		got, err := s.Account(t.Context(), "mari")
		ok(t, err)
		a.Version, a.Tries.Version = 1, 1
		if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", a) {
			t.Errorf("\n%#v, want\n%#v", got, a)
		}
		got.PendingTOTP, got.PendingLink = nil, ""
		ok(t, s.SaveAccount(t.Context(), got, nil, nil))
		is(t, "an edit that comes late", s.SaveAccount(t.Context(), got, nil, nil), identity.ErrVersion)
		if got, err = s.Account(t.Context(), "mari"); err != nil || got.Version != 2 || got.PendingTOTP != nil {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestASaveThatLosesLeavesNothingBehind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		s := db.SignIn()
		anAccount(t, s, "mari")
		e := audit.New(signInNow, access.Actor{Person: "mari"}, "test.lost", audit.Failed)
		err := s.SaveAccount(t.Context(), identity.Account{Person: "mari", Version: 9}, []audit.Entry{e}, nil)
		is(t, "another version", err, identity.ErrVersion)
		// The entry's id is free still: the entry was not kept.
		ok(t, s.Record(t.Context(), []audit.Entry{e}))
	})
}

func TestTriesAreCountedOneByOne(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { // ends when its try is counted
				for {
					n, err := s.Tries(ctx, "account/mari")
					if err == nil {
						n.Wrong++
						err = s.SaveTries(ctx, "account/mari", n, nil, nil)
					}
					if errors.Is(err, identity.ErrVersion) {
						continue
					}
					if err != nil {
						t.Error(err)
					}
					return
				}
			})
		}
		wg.Wait()
		n, err := s.Tries(ctx, "account/mari")
		ok(t, err)
		if n.Wrong != 8 || n.Version != 8 {
			t.Errorf("%+v", n)
		}
	})
}

func TestASessionBeginsOnlyOnWhatStillHolds(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		start := func(n identity.Session, replaces string) error { return s.StartSession(ctx, n, replaces, nil, nil) }
		is(t, "without an account", start(aSession("s0", "mari"), ""), identity.ErrNotFound)
		anAccount(t, s, "mari")
		old := aSession("s0", "mari")
		old.Credentials = 0
		is(t, "with credentials of before", start(old, ""), identity.ErrNotFound)
		ok(t, start(aSession("s1", "mari"), ""))
		ok(t, start(aSession("s2", "mari"), "s1"))
		is(t, "in place of one that has ended", start(aSession("s3", "mari"), "s1"), identity.ErrNotFound)
		anAccount(t, s, "siv")
		is(t, "in place of another person's", start(aSession("s3", "siv"), "s2"), identity.ErrNotFound)

		ok(t, s.AddLink(ctx, aLink("l1"), identity.Hash("h1"), nil, nil))
		byLink := aSession("s4", "olav")
		byLink.Link = "l1"
		ok(t, start(byLink, ""))
		ok(t, s.RevokeLinks(ctx, "c1", "x1", signInNow, nil, nil))
		byLink.ID = "s5"
		is(t, "from a link that is revoked", start(byLink, ""), identity.ErrNotFound)

		all, err := s.Sessions(ctx, "mari", signInNow)
		ok(t, err)
		want := aSession("s2", "mari")
		want.Credentials = 0
		if len(all) != 1 || all[0].ID != "s2" || all[0].Device != "firefox/windows" || !all[0].Ends.Equal(want.Ends) || all[0].Role != access.Nurse {
			t.Errorf("%+v", all)
		}
		if gone, _ := revoked(t, s, 0); !gone["s1"] || !gone["s4"] || gone["s2"] {
			t.Errorf("revoked: %v", gone)
		}
	})
}

// Between the look at what somebody may act by and the session there is time for a change.
func TestNobodyActsByWhatWasLostMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		ctx, db := t.Context(), open()
		s, d := db.SignIn(), db.Directory()
		o := identity.Organisation{ID: "fjordvik", Kind: identity.Municipality, Name: "Fjordvik kommune", Active: true}
		ok(t, d.SaveOrganisation(ctx, o, nil, nil))
		mari := identity.Staff{Person: identity.Person{ID: "mari", Name: "Mari Bjørk", Email: "mari@fjordvik.example", Language: "nn"}, Assignments: []identity.Assignment{
			{ID: "a1", Person: "mari", Organisation: "fjordvik", Role: access.Nurse, Title: "Sjukepleiar", From: "2026-01-01"},
		}}
		ok(t, d.SaveStaff(ctx, mari, nil, nil))
		anAccount(t, s, "mari")
		begins := func(id string, change func(*identity.Session)) error {
			n := aSession(id, "mari")
			n.Assignment = "a1"
			change(&n)
			return s.StartSession(ctx, n, "", nil, nil)
		}
		as := func(*identity.Session) {}
		ok(t, begins("s1", as))
		for what, change := range map[string]func(*identity.Session){
			"another role":         func(n *identity.Session) { n.Role = access.GP },
			"another organisation": func(n *identity.Session) { n.Organisation = "hospital" },
			"another last day":     func(n *identity.Session) { n.ActsUntil = "2026-12-24" },
			"another person's":     func(n *identity.Session) { n.Assignment = "a2" },
		} {
			is(t, what, begins("s2", change), identity.ErrNotFound)
		}
		o.Version, o.Active = 1, false
		ok(t, d.SaveOrganisation(ctx, o, nil, nil))
		is(t, "an organisation that was closed", begins("s2", as), identity.ErrNotFound)
		o.Version, o.Active = 2, true
		ok(t, d.SaveOrganisation(ctx, o, nil, nil))
		mari.Version, mari.Assignments = 1, nil
		ok(t, d.SaveStaff(ctx, mari, nil, nil))
		is(t, "a role that was lost", begins("s2", as), identity.ErrNotFound)
	})
}

func TestAnOrganisationThatIsClosedShutsItsMachinesOut(t *testing.T) {
	storetest.EachAt(t, func() time.Time { return signInNow }, func(t *testing.T, open func() *store.DB) {
		ctx, db := t.Context(), open()
		s, d := db.SignIn(), db.Directory()
		for _, id := range []access.OrganisationID{"fjordvik", "langvik"} {
			ok(t, d.SaveOrganisation(ctx, identity.Organisation{ID: id, Kind: identity.Municipality, Name: "Kommunen", Active: true}, nil, nil))
			ok(t, s.SaveMachine(ctx, identity.MachineClient{ID: "ehr-" + string(id), Organisation: id, Scopes: []access.Action{access.PatientRead}, Active: true}, nil, nil, nil))
		}
		ok(t, d.SaveOrganisation(ctx, identity.Organisation{ID: "fjordvik", Version: 1, Kind: identity.Municipality, Name: "Kommunen"}, nil, nil))
		if gone, _ := revoked(t, s, 0); !gone["machine/ehr-fjordvik"] || len(gone) != 1 {
			t.Errorf("revoked: %v", gone)
		}
	})
}

// A session that begins while all of the person's are ended must not outlive that: either
// it comes first and is ended, or it comes after and doesn't begin.
func TestNoSessionSlipsPastARecovery(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		anAccount(t, s, "mari")
		l := aLink("e1")
		l.Kind, l.Person, l.Consultation, l.Participant = identity.EnrolLink, "mari", "", ""
		ok(t, s.AddLink(ctx, l, identity.Hash("h1"), nil, nil))
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() { // ends when the session has begun or not
				err := s.StartSession(ctx, aSession(fmt.Sprintf("s%d", i), "mari"), "", nil, nil)
				if err != nil && !errors.Is(err, identity.ErrNotFound) {
					t.Error(err)
				}
			})
		}
		wg.Go(func() { // ends when the account is saved
			a, err := s.Account(ctx, "mari")
			if err == nil {
				a.Credentials++
				err = s.Enrol(ctx, a, "e1", signInNow, nil, nil)
			}
			if err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if left, err := s.Sessions(ctx, "mari", signInNow); err != nil || len(left) != 0 {
			t.Errorf("%d sessions rest on the old credentials: %v", len(left), err)
		}
		a, err := s.Account(ctx, "mari")
		ok(t, err)
		is(t, "the link again", s.Enrol(ctx, a, "e1", signInNow, nil, nil), identity.ErrNotFound)
	})
}

// Whoever polls while others revoke has seen every revocation in the end.
func TestAPollMissesNoRevocation(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		anAccount(t, s, "mari")
		const n = 12
		for i := range n {
			ok(t, s.StartSession(ctx, aSession(fmt.Sprintf("s%d", i), "mari"), "", nil, nil))
		}
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { // ends when the session has
				if err := s.EndSessions(ctx, identity.Ending{Person: "mari", ID: fmt.Sprintf("s%d", i)}, signInNow, nil, nil); err != nil {
					t.Error(err)
				}
			})
		}
		over := make(chan struct{})
		go func() { wg.Wait(); close(over) }() // ends when all have
		seen, turn := map[string]bool{}, int64(0)
		poll := func() {
			found, last := revoked(t, s, turn)
			for id := range found {
				seen[id] = true
			}
			turn = max(turn, last)
		}
		for ended := false; !ended; {
			select {
			case <-over:
				ended = true
			default:
			}
			poll()
		}
		if len(seen) != n {
			t.Errorf("seen %d of %d", len(seen), n)
		}
	})
}

func TestANewLinkReplacesTheOneToTheSameSeatAlone(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		other := aLink("l0")
		other.Participant = "x2"
		ok(t, s.AddLink(ctx, other, identity.Hash("h0"), nil, nil))
		ok(t, s.AddLink(ctx, aLink("l1"), identity.Hash("h1"), nil, nil))
		n := aSession("s1", "olav")
		n.Link = "l1"
		ok(t, s.StartSession(ctx, n, "", nil, nil))
		ok(t, s.AddLink(ctx, aLink("l2"), identity.Hash("h2"), nil, nil))
		for hash, open := range map[string]bool{"h0": true, "h1": false, "h2": true} {
			l, err := s.LinkByHash(ctx, []identity.Hash{identity.Hash("no"), identity.Hash(hash)})
			ok(t, err)
			if l.Revoked.IsZero() != open {
				t.Errorf("%s: %+v", hash, l)
			}
		}
		if gone, _ := revoked(t, s, 0); !gone["s1"] {
			t.Error("the session of the one that was replaced goes on")
		}
		_, err := s.LinkByHash(ctx, []identity.Hash{identity.Hash("h3")})
		is(t, "unknown", err, identity.ErrNotFound)
	})
}

func TestACodeIsKeptWithItsLink(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		ok(t, s.AddLink(ctx, aLink("l1"), identity.Hash("h1"), nil, nil))
		c, err := s.Code(ctx, "l1")
		ok(t, err)
		c.Person, c.Hash, c.Hint, c.Channel, c.Expires, c.Count = "olav", identity.Hash("code"), "••• •• 123", "sms", signInNow, 1
		ok(t, s.SaveCode(ctx, c, nil, nil))
		is(t, "a second first one", s.SaveCode(ctx, c, nil, nil), identity.ErrVersion)
		if c, err = s.Code(ctx, "l1"); err != nil || c.Hint != "••• •• 123" || string(c.Hash) != "code" || c.Tries.Version != 1 {
			t.Errorf("%+v %v", c, err)
		}
		c.Hash = nil
		ok(t, s.SaveCode(ctx, c, nil, nil))
		is(t, "an answer that comes late", s.SaveCode(ctx, c, nil, nil), identity.ErrVersion)
		if c, err = s.Code(ctx, "l1"); err != nil || c.Hash != nil {
			t.Errorf("%+v %v", c, err)
		}
	})
}

func TestATicketIsTakenByOne(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		anAccount(t, s, "mari")
		ok(t, s.StartSession(ctx, aSession("s1", "mari"), "", nil, nil))
		k := identity.Ticket{ID: "t1", Session: "s1", Consultation: "c1", Participant: "x1", Person: "mari", Role: access.Nurse, Expires: signInNow}
		ok(t, s.AddTicket(ctx, k, identity.Hash("h1"), nil, nil))
		got, err := s.Ticket(ctx, []identity.Hash{identity.Hash("h1")})
		ok(t, err)
		if got.SessionEnded || got.Person != "mari" || !got.Expires.Equal(signInNow) {
			t.Errorf("%+v", got)
		}
		ok(t, s.EndSessions(ctx, identity.Ending{Person: "mari"}, signInNow, nil, nil))
		if got, err = s.Ticket(ctx, []identity.Hash{identity.Hash("h1")}); err != nil || !got.SessionEnded {
			t.Errorf("of a session that has ended: %+v %v", got, err)
		}
		taken := make(chan error, 20)
		var wg sync.WaitGroup
		for range cap(taken) {
			wg.Go(func() { taken <- s.UseTicket(ctx, "t1", nil, nil) }) // ends when it has been answered
		}
		wg.Wait()
		close(taken)
		n := 0
		for err := range taken {
			if err == nil {
				n++
			} else {
				is(t, "a loser", err, identity.ErrNotFound)
			}
		}
		if n != 1 {
			t.Errorf("%d took it", n)
		}
	})
}

func TestAMachineAndItsAssertions(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		m := identity.MachineClient{ID: "m1", Name: "Journalen", Organisation: "fjordvik", Keys: "{}", Scopes: []access.Action{access.PatientRead, access.AuditExport}, Active: true}
		ok(t, s.SaveMachine(ctx, m, nil, nil, nil))
		ok(t, s.UseAssertion(ctx, "m1", identity.Hash("j1"), signInNow.Add(time.Minute), signInNow, nil, nil))
		is(t, "replayed", s.UseAssertion(ctx, "m1", identity.Hash("j1"), signInNow.Add(time.Minute), signInNow, nil, nil), identity.ErrExists)
		got, err := s.Machine(ctx, "m1")
		ok(t, err)
		if got.Version != 1 || len(got.Scopes) != 2 || got.Scopes[1] != access.AuditExport || !got.LastUsed.Equal(signInNow) || !got.Active {
			t.Errorf("%+v", got)
		}
		got.Active = false
		ok(t, s.SaveMachine(ctx, got, &identity.Revocation{Subject: "machine/m1", At: signInNow, Until: signInNow.Add(time.Minute)}, nil, nil))
		is(t, "an edit that comes late", s.SaveMachine(ctx, got, nil, nil, nil), identity.ErrVersion)
		if gone, _ := revoked(t, s, 0); !gone["machine/m1"] {
			t.Error("its tokens are good still")
		}
		if all, err := s.Machines(ctx, "fjordvik"); err != nil || len(all) != 1 || all[0].Active {
			t.Errorf("%+v %v", all, err)
		}
		if all, err := s.Machines(ctx, "another"); err != nil || len(all) != 0 {
			t.Errorf("%+v %v", all, err)
		}
	})
}

func TestWhatIsOverIsThrownAwayAndNothingElse(t *testing.T) {
	signIn(t, func(t *testing.T, s *store.SignIn) {
		ctx := t.Context()
		anAccount(t, s, "mari")
		ok(t, s.StartSession(ctx, aSession("s1", "mari"), "", nil, nil))
		ok(t, s.SeenSessions(ctx, map[string]time.Time{"s1": signInNow.Add(time.Minute), "gone": signInNow}))
		ok(t, s.AddLink(ctx, aLink("l1"), identity.Hash("h1"), nil, nil))
		ok(t, s.SaveCode(ctx, identity.OneTimeCode{Link: "l1", Person: "olav"}, nil, nil))
		ok(t, s.Prune(ctx, signInNow.Add(2*time.Hour)))
		all, err := s.Sessions(ctx, "mari", signInNow)
		if err != nil || len(all) != 1 || !all[0].Seen.Equal(signInNow.Add(time.Minute)) {
			t.Errorf("%+v %v", all, err)
		}
		if _, err := s.LinkByHash(ctx, []identity.Hash{identity.Hash("h1")}); err != nil {
			t.Errorf("a link that has expired still says whom to ring: %v", err)
		}
		ok(t, s.Prune(ctx, signInNow.Add(100*24*time.Hour)))
		_, err = s.LinkByHash(ctx, []identity.Hash{identity.Hash("h1")})
		is(t, "a hundred days later", err, identity.ErrNotFound)
		if all, err := s.Sessions(ctx, "mari", signInNow); err != nil || len(all) != 0 {
			t.Errorf("%+v %v", all, err)
		}
		if _, err := s.Account(ctx, "mari"); err != nil {
			t.Error(err)
		}
	})
}
