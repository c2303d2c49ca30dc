package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/demo"
	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// day is a demo with a clock that the test moves, and calls that the test makes up.
type day struct {
	*demo.World
	demo.Links
	now   time.Time
	here  map[string]int
	ended map[string]bool
}

func newDay(t *testing.T, consultations int) *day {
	t.Helper()
	d := &day{
		now:  time.Date(2026, 11, 23, 9, 0, 17, 0, time.UTC),
		here: map[string]int{}, ended: map[string]bool{},
	}
	d.World, d.Links = demo.New(demo.Config{
		Consultations: consultations,
		Now:           func() time.Time { return d.now },
		Calls:         func(id string) (int, bool) { return d.here[id], d.ended[id] },
	})
	return d
}

func (d *day) open(t *testing.T, token string) httpapi.Opened {
	t.Helper()
	o, err := d.Open(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (d *day) ticket(t *testing.T, token string) string {
	t.Helper()
	ticket, err := d.Ticket(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	if ticket.ExpiresAt != d.now.Add(time.Minute).UnixMilli() {
		t.Errorf("ticket lives until %d, now is %d", ticket.ExpiresAt, d.now.UnixMilli())
	}
	return ticket.Ticket
}

func wantClosed(t *testing.T, err error, code httpapi.ProblemCode) {
	t.Helper()
	var closed *httpapi.ClosedError
	if !errors.As(err, &closed) || closed.Code != code || closed.Phone == "" || closed.Organisation == "" {
		t.Errorf("got %v, want %s and whom to ring", err, code)
	}
}

func TestEachLinkSignsItsPersonIn(t *testing.T) {
	d := newDay(t, 0)
	for _, tt := range []struct {
		token, name string
		role        protocol.Role
		admits      bool
	}{
		{d.Specialist, "Tuva Ask", protocol.RoleSpecialist, true},
		{d.Nurse, "Mari Bjørk", protocol.RoleNurse, true},
		{d.Patient, "Olav Eik", protocol.RolePatient, false},
		{d.Relative, "Ragna Eik", protocol.RoleRelative, false},
		{d.GP, "Per Selje", protocol.RoleGP, false},
	} {
		o := d.open(t, tt.token)
		if o.Me.Name != tt.name || o.Me.Role != tt.role || o.Me.Kind != httpapi.KindParticipant || o.AdmitsItself != tt.admits {
			t.Errorf("%s: %+v", tt.name, o)
		}
		if o.Consultation == nil || o.Consultation.ID != d.Consultation {
			t.Fatalf("%s is led to %+v", tt.name, o.Consultation)
		}
		if !slices.ContainsFunc(o.Consultation.Expected, func(p protocol.Person) bool { return p.ID == o.Me.ID && p.Name == tt.name }) {
			t.Errorf("%s is not expected under the own id", tt.name)
		}
		if starts := time.UnixMilli(o.Consultation.Starts); starts.After(d.now) || d.now.Sub(starts) > time.Minute {
			t.Errorf("starts at %v, now is %v", starts, d.now)
		}
	}
	for token, kind := range map[string]httpapi.Kind{d.Coordinator: httpapi.KindCoordinator, d.Admin: httpapi.KindAdmin} {
		if o := d.open(t, token); o.Me.Kind != kind || o.Consultation != nil || len(o.May) != 0 {
			t.Errorf("%s: %+v", kind, o)
		}
	}
}

func TestALinkOpensAsOftenAsOneLikes(t *testing.T) {
	d := newDay(t, 0)
	first := d.open(t, d.Patient)
	for range 3 {
		if again := d.open(t, d.Patient); again.Me.ID != first.Me.ID {
			t.Error("another person the second time")
		}
	}
}

func TestATicketSeatsOnceAndInTime(t *testing.T) {
	d := newDay(t, 0)
	redeem := func(ticket string) (signaling.Seat, error) { return d.Redeem(context.Background(), ticket) }

	ticket := d.ticket(t, d.Patient)
	seat, err := redeem(ticket)
	if err != nil {
		t.Fatal(err)
	}
	if seat.Participant != d.open(t, d.Patient).Me.ID || seat.Consultation.ID != d.Consultation || seat.Name != "Olav Eik" ||
		seat.AdmitsItself || seat.Admitted || len(seat.Beside) != 1 || seat.Beside[0].Name != "Inga Eik" {
		t.Errorf("%+v", seat)
	}
	if _, err := redeem(ticket); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := redeem("nonsense"); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("made up: %v", err)
	}

	late := d.ticket(t, d.Patient)
	d.now = d.now.Add(time.Minute)
	if _, err := redeem(late); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("after 60 s: %v", err)
	}
	d.now = d.now.Add(-time.Minute)
	if _, err := redeem(late); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("a late one is used up too: %v", err)
	}
}

func TestOneTicketSeatsOneOfManyAtOnce(t *testing.T) {
	d := newDay(t, 0)
	ticket := d.ticket(t, d.Nurse)
	var seated sync.Map
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { // ends when the ticket has been answered
			if _, err := d.Redeem(context.Background(), ticket); err == nil {
				seated.Store(i, true)
			}
		})
	}
	wg.Wait()
	n := 0
	seated.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d were seated", n)
	}
}

func TestLinksThatOpenNothingSayWhy(t *testing.T) {
	d := newDay(t, 0)
	ctx := context.Background()
	if _, err := d.Open(ctx, "AAAAAAAAAAAAAAAAAAAAAA"); !errors.Is(err, httpapi.ErrLinkUnknown) {
		t.Errorf("unknown: %v", err)
	}
	_, err := d.Open(ctx, d.Expired)
	wantClosed(t, err, httpapi.ProblemLinkExpired)
	_, err = d.Open(ctx, d.Revoked)
	wantClosed(t, err, httpapi.ProblemLinkRevoked)
	_, err = d.Ticket(ctx, d.Revoked)
	wantClosed(t, err, httpapi.ProblemLinkRevoked)
	if _, err := d.Ticket(ctx, d.Coordinator); !errors.Is(err, httpapi.ErrNoSeat) {
		t.Errorf("a coordinator's ticket: %v", err)
	}
	d.ended[d.Consultation] = true
	_, err = d.Open(ctx, d.Patient)
	wantClosed(t, err, httpapi.ProblemConsultationEnded)
}

func TestTheWaitingRoomOpensAQuarterBeforeTheTime(t *testing.T) {
	d := newDay(t, 0)
	o := d.open(t, d.Early) // the page greets and says when
	_, err := d.Ticket(context.Background(), d.Early)
	wantClosed(t, err, httpapi.ProblemNotYetOpen)
	d.now = time.UnixMilli(o.OpensAt)
	if early := time.UnixMilli(o.Consultation.Starts).Sub(d.now); early != 15*time.Minute {
		t.Errorf("opens %v before the time", early)
	}
	d.ticket(t, d.Early)
}

func TestTheDaysListTellsHowEachVisitStands(t *testing.T) {
	d := newDay(t, 3)
	list := func() []httpapi.Visit { return d.open(t, d.Coordinator).Today }
	states := func() []httpapi.VisitState {
		var s []httpapi.VisitState
		for _, v := range list() {
			s = append(s, v.State)
		}
		return s
	}
	if got := states(); !slices.Equal(got, []httpapi.VisitState{httpapi.VisitEnded, httpapi.VisitOpen, httpapi.VisitPlanned}) {
		t.Fatalf("%v", got)
	}
	if !slices.IsSortedFunc(list(), func(a, b httpapi.Visit) int { return int(a.Starts - b.Starts) }) {
		t.Error("not by time")
	}
	d.here[d.Consultation] = 2
	if v := list()[1]; v.State != httpapi.VisitRunning || v.Here != 2 || len(v.People) != 5 {
		t.Errorf("%+v", v)
	}
	d.ended[d.Consultation] = true
	if v := list()[1]; v.State != httpapi.VisitEnded {
		t.Errorf("%+v", v)
	}
}

func TestLoadTestsHaveAdmittedSeatsWithTicketsThatLast(t *testing.T) {
	d := newDay(t, 2)
	load := d.LoadTests()
	if len(load) != 2 || load[0].ID == load[1].ID {
		t.Fatalf("%+v", load)
	}
	d.now = d.now.Add(10 * time.Hour)
	d.ticket(t, d.Patient) // throws late tickets away, and these are never late
	want := []protocol.Role{protocol.RoleSpecialist, protocol.RoleNurse, protocol.RolePatient}
	seats := map[string]bool{}
	for _, c := range load {
		if len(c.Tickets) != 12 {
			t.Fatalf("%d tickets", len(c.Tickets))
		}
		for i, ticket := range c.Tickets {
			seat, err := d.Redeem(context.Background(), ticket)
			if err != nil {
				t.Fatal(err)
			}
			if seat.Role != want[i%3] || !seat.Admitted || seat.Consultation.ID != c.ID {
				t.Errorf("ticket %d: %+v", i, seat)
			}
			seats[seat.Participant] = true
			if _, err := d.Redeem(context.Background(), ticket); !errors.Is(err, signaling.ErrTicket) {
				t.Errorf("a second time: %v", err)
			}
		}
	}
	if len(seats) != 6 {
		t.Errorf("%d people in two calls of three", len(seats))
	}
}

func TestWhatIsNotNamedAPatientMayNot(t *testing.T) {
	d := newDay(t, 0)
	if may := d.open(t, d.Patient).May; !slices.Equal(may, []protocol.Permission{protocol.MayChat}) {
		t.Errorf("a patient may %v", may)
	}
	for _, p := range []protocol.Permission{protocol.MayRemove, protocol.MayEnd, protocol.MayLock} {
		if slices.Contains(d.open(t, d.Nurse).May, p) {
			t.Errorf("a nurse may %s", p)
		}
		if !slices.Contains(d.open(t, d.Specialist).May, p) {
			t.Errorf("a specialist may not %s", p)
		}
	}
	// A list that somebody changes is their own.
	d.open(t, d.Patient).May[0] = protocol.MayEnd
	if may := d.open(t, d.Patient).May; may[0] != protocol.MayChat {
		t.Error("the table was changed from outside")
	}
}

func TestTokensAreLongAndNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		d := newDay(t, 0)
		for _, token := range []string{d.Specialist, d.Nurse, d.Patient, d.Relative, d.GP, d.Coordinator, d.Admin} {
			if len(token) != 22 || strings.ContainsAny(token, "+/=") {
				t.Errorf("%q is not 128 bits of base64url", token)
			}
			if seen[token] {
				t.Error("the same token twice")
			}
			seen[token] = true
		}
	}
}

func TestWhatALinkOpensHoldsNoToken(t *testing.T) {
	d := newDay(t, 1)
	for _, token := range []string{d.Specialist, d.Coordinator} {
		b, err := json.Marshal(d.open(t, token))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range append([]string{d.Specialist, d.Nurse, d.Patient, d.Coordinator}, d.LoadTests()[0].Tickets...) {
			if strings.Contains(string(b), secret) {
				t.Errorf("%s", b)
			}
		}
	}
}
