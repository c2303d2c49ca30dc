package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// visitDay is a day with one consultation at ten, over a real store, gate and schedule. Staff
// come by a demo's links, so that the tests need no passwords.
type visitDay struct {
	*Handler
	t    *testing.T
	db   *store.DB
	gate *identity.Gate
	now  time.Time
}

// rollCall is the directory's names for scheduling.
type rollCall struct{}

func (rollCall) Names(context.Context, []access.PersonID) (map[access.PersonID]string, error) {
	return map[access.PersonID]string{"tuva": "Tuva Ask", "mari": "Mari Bjørk", "olav": "Olav Eik"}, nil
}

func (rollCall) Organisations(context.Context, []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error) {
	return map[access.OrganisationID]scheduling.Organisation{
		"hospital": {Name: "Fjord sjukehus", Phone: "+4755000000"}, "fjordvik": {Name: "Fjordvik kommune", Phone: "+4757000000"},
	}, nil
}

func newVisitDay(t *testing.T) *visitDay {
	t.Helper()
	d := &visitDay{t: t, db: storetest.SQLite(t), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	schedule, err := scheduling.NewService(scheduling.Config{
		Store: d.db.Appointments(), People: rollCall{}, Now: clock,
	})
	d.must(err)
	directory, err := identity.NewDirectory(identity.DirectoryConfig{Store: d.db.Directory(), Meetings: schedule, Now: clock})
	d.must(err)
	d.gate, err = identity.NewGate(identity.GateConfig{
		Store: d.db.SignIn(), People: d.db.Directory(), Relations: directory, Demo: true, Now: clock, PublicURL: "https://video.example.no",
		SessionKeys: []identity.Key{{Generation: 1, Secret: bytes.Repeat([]byte{1}, 32)}},
		LinkKeys:    []identity.Key{{Generation: 1, Secret: bytes.Repeat([]byte{2}, 32)}},
	})
	d.must(err)
	d.people()
	_, err = schedule.Save(t.Context(), scheduling.Appointment{
		ID: "c1", Organisation: "hospital", Starts: d.now, Ends: d.now.Add(time.Hour), State: scheduling.Booked, Identification: scheduling.ByLink,
		Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital", Title: "Overlege"},
			{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: "fjordvik", Title: "Sjukepleiar"},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient"},
		},
	})
	d.must(err)
	d.Handler, err = New(Config{
		Gate: d.gate, Directory: directory, Schedule: schedule, Call: http.NotFoundHandler(), Pages: fstest.MapFS{}, Now: clock,
	})
	d.must(err)
	return d
}

func (d *visitDay) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *visitDay) people() {
	d.t.Helper()
	ctx, s := d.t.Context(), d.db.Directory()
	d.must(s.SaveOrganisation(ctx, identity.Organisation{ID: "hospital", Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "+4755000000", Host: true, Active: true}, nil, nil))
	d.must(s.SaveOrganisation(ctx, identity.Organisation{ID: "fjordvik", Kind: identity.Municipality, Name: "Fjordvik kommune", Phone: "+4757000000", Active: true}, nil, nil))
	for _, a := range []identity.Assignment{
		{ID: "a-tuva", Person: "tuva", Organisation: "hospital", Role: access.Specialist},
		{ID: "a-mari", Person: "mari", Organisation: "fjordvik", Role: access.Nurse},
		{ID: "a-siv", Person: "siv", Organisation: "hospital", Role: access.Coordinator},
		{ID: "a-jon", Person: "jon", Organisation: "hospital", Role: access.Administrator},
	} {
		a.From, a.Title = "2026-01-01", "Tittel"
		d.must(s.SaveStaff(ctx, identity.Staff{
			Person:      identity.Person{ID: a.Person, Name: string(a.Person), Email: string(a.Person) + "@example.no", Phone: "+4790000412", Language: "nb"},
			Assignments: []identity.Assignment{a},
		}, nil, nil))
	}
	d.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: "olav", Name: "Olav Eik", Phone: "+4790000123", Language: "en"}, CaredForBy: []access.OrganisationID{"fjordvik"},
	}, "fjordvik", nil, nil))
}

// signsIn lets someone in by a demo's link, and returns the headers of their requests.
func (d *visitDay) signsIn(a identity.Assignment) []string {
	d.t.Helper()
	token, err := d.gate.DemoStaffLink(d.t.Context(), a, d.now.Add(time.Hour))
	d.must(err)
	return d.opens(token)
}

func (d *visitDay) mari() []string {
	return d.signsIn(identity.Assignment{ID: "a-mari", Person: "mari", Organisation: "fjordvik", Role: access.Nurse})
}

func (d *visitDay) siv() []string {
	return d.signsIn(identity.Assignment{ID: "a-siv", Person: "siv", Organisation: "hospital", Role: access.Coordinator})
}

// link is a new personal link of the patient's.
func (d *visitDay) link() (token string) {
	d.t.Helper()
	token, err := d.gate.DemoSeatLink(d.t.Context(), identity.Seat{
		Consultation: "c1", Participant: "p-olav", Person: "olav", Role: access.Patient, Owner: "hospital",
		Identification: identity.IdentifyLink, Starts: d.now, Expires: d.now.Add(24 * time.Hour),
	})
	d.must(err)
	return token
}

func (d *visitDay) olav() []string { return d.opens(d.link()) }

// opens opens a link.
func (d *visitDay) opens(token string) (headers []string) {
	d.t.Helper()
	res := ask(d, "POST", "/link", `{"token":"`+token+`"}`)
	var answer LinkAnswer
	d.reads(res, &answer)
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	return []string{"Cookie", cookie, SessionHeader, answer.Handle}
}

// reads expects a good answer.
func (d *visitDay) reads(res *http.Response, into any) {
	d.t.Helper()
	body := bodyOf(d.t, res)
	if res.StatusCode != http.StatusOK {
		d.t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	if strings.Contains(body, "null,") && !strings.Contains(body, `"code":null`) {
		d.t.Errorf("a list is null: %s", body)
	}
	d.must(json.Unmarshal([]byte(body), into))
}

// closed expects a problem.
func (d *visitDay) closed(why string, res *http.Response, status int, code ProblemCode) Problem {
	d.t.Helper()
	p := problemIn(d.t, res)
	if p.Status != status || p.Code != code {
		d.t.Errorf("%s: %d %s, want %d %s", why, p.Status, p.Code, status, code)
	}
	return p
}

const askC1 = `{"consultation":"c1"}`

func TestAPatientComesByLinkIsGreetedAndGetsATicket(t *testing.T) {
	d := newVisitDay(t)
	token := d.link()
	var answer LinkAnswer
	d.reads(ask(d, "POST", "/link", `{"token":"`+token+`"}`), &answer)
	if answer.Opened == nil || answer.Opened.Me.Name != "Olav Eik" || answer.Handle == "" {
		t.Fatalf("%+v", answer)
	}
	olav := d.opens(token)
	var o Opened
	d.reads(ask(d, "GET", "/consultations/c1", "", olav...), &o)
	want := Me{ID: "p-olav", Name: "Olav Eik", Role: protocol.RolePatient, Title: "Pasient", Language: English}
	if o.Me != want || o.AdmitsItself || len(o.May) != 1 || o.May[0] != protocol.MayChat {
		t.Errorf("%+v", o)
	}
	if c := o.Consultation; c.Organisation != "Fjord sjukehus" || c.Phone == "" || len(c.Expected) != 3 ||
		c.Expected[1] != (protocol.Person{ID: "p-mari", Name: "Mari Bjørk", Role: protocol.RoleNurse, Title: "Sjukepleiar", Organisation: "Fjordvik kommune"}) {
		t.Errorf("%+v", c)
	}
	if o.OpensAt != d.now.Add(-15*time.Minute).UnixMilli() || o.Now != d.now.UnixMilli() {
		t.Errorf("opens at %d, now is %d", o.OpensAt, o.Now)
	}
	var ticket Ticket
	d.reads(ask(d, "POST", "/tickets", askC1, olav...), &ticket)
	seat, err := d.gate.Redeem(t.Context(), ticket.Ticket)
	if err != nil || seat.Participant != "p-olav" || seat.Method != identity.ByLink || ticket.ExpiresAt != d.now.Add(time.Minute).UnixMilli() {
		t.Errorf("%+v, %v", seat, err)
	}
}

func TestANurseComesByTheConsultationsAddress(t *testing.T) {
	d := newVisitDay(t)
	mari := d.mari()
	var o Opened
	d.reads(ask(d, "GET", "/consultations/c1", "", mari...), &o)
	if o.Me.ID != "p-mari" || o.Me.Organisation != "Fjordvik kommune" || o.Me.Language != Bokmaal || !o.AdmitsItself {
		t.Errorf("%+v", o.Me)
	}
	var ticket Ticket
	d.reads(ask(d, "POST", "/tickets", askC1, mari...), &ticket)
}

func TestWhoHasNoSeatGetsNoTicket(t *testing.T) {
	d := newVisitDay(t)
	olav := d.olav()
	for _, path := range []string{"/consultations/c1", "/consultations/c2"} {
		d.closed("nobody", ask(d, "GET", path, ""), http.StatusUnauthorized, ProblemSignIn)
	}
	d.closed("nobody", ask(d, "POST", "/tickets", askC1), http.StatusUnauthorized, ProblemSignIn)
	d.closed("by the link of another", ask(d, "GET", "/consultations/c2", "", olav...), http.StatusForbidden, ProblemRefused)
	d.closed("by the link of another", ask(d, "POST", "/tickets", `{"consultation":"c2"}`, olav...), http.StatusForbidden, ProblemRefused)
	siv := d.siv()
	d.closed("a coordinator", ask(d, "GET", "/consultations/c1", "", siv...), http.StatusForbidden, ProblemNoSeat)
	d.closed("a coordinator", ask(d, "POST", "/tickets", askC1, siv...), http.StatusForbidden, ProblemNoSeat)
}

func TestAConsultationThatIsClosedSaysWhyAndWhomToRing(t *testing.T) {
	d := newVisitDay(t)
	d.now = d.now.Add(-16 * time.Minute)
	olav := d.olav()
	var o Opened
	d.reads(ask(d, "GET", "/consultations/c1", "", olav...), &o) // greets and says when
	p := d.closed("early", ask(d, "POST", "/tickets", askC1, olav...), http.StatusForbidden, ProblemNotYetOpen)
	if p.Organisation != "Fjord sjukehus" || p.Phone != "+4755000000" {
		t.Errorf("%+v", p)
	}
	if err := d.db.Journal().Record(t.Context(), "c1", signaling.CallEnded{At: d.now}); err != nil {
		t.Fatal(err)
	}
	for _, res := range []*http.Response{ask(d, "POST", "/tickets", askC1, olav...), ask(d, "GET", "/consultations/c1", "", olav...)} {
		if p := d.closed("ended", res, http.StatusGone, ProblemConsultationEnded); p.Phone == "" {
			t.Errorf("%+v", p)
		}
	}
}

func TestTheDayIsForTheOrganisationsOwnStaff(t *testing.T) {
	d := newVisitDay(t)
	day := func(headers []string) DayVisit {
		t.Helper()
		var day Day
		d.reads(ask(d, "GET", "/day", "", headers...), &day)
		if len(day.Items) != 1 || day.Now != d.now.UnixMilli() {
			t.Fatalf("%+v", day)
		}
		return day.Items[0]
	}
	if v := day(d.mari()); v.Seat != "p-mari" || v.State != VisitOpen || v.People[2].Name != "Olav Eik" {
		t.Errorf("the nurse: %+v", v)
	}
	if v := day(d.siv()); v.Seat != "" || v.People[2].Name != "Olav Eik" {
		t.Errorf("the coordinator: %+v", v)
	}
	admin := d.signsIn(identity.Assignment{ID: "a-jon", Person: "jon", Organisation: "hospital", Role: access.Administrator})
	if v := day(admin); v.People[2].Name != "" || v.People[0].Name != "Tuva Ask" {
		t.Errorf("the administrator: %+v", v)
	}
	d.closed("a patient", ask(d, "GET", "/day", "", d.olav()...), http.StatusForbidden, ProblemRefused)
	p := d.closed("a day that is none", ask(d, "GET", "/day?date=2026-02-30", "", d.siv()...), http.StatusUnprocessableEntity, ProblemInvalid)
	if p.Field != "date" {
		t.Errorf("%+v", p)
	}
}

func TestANewLinkEndsTheOneBeforeAndARevokedOneOpensNothing(t *testing.T) {
	d := newVisitDay(t)
	const path = "/consultations/c1/people/p-olav/link"
	first := d.link()
	olav := d.opens(first)
	d.closed("by one's own link", ask(d, "POST", path, "", olav...), http.StatusForbidden, ProblemRefused)

	var sent NewLink
	d.reads(ask(d, "POST", path, "", d.mari()...), &sent)
	if sent.Channel != "sms" || !strings.HasSuffix(sent.Hint, "123") || strings.Contains(sent.Hint, "90000") {
		t.Errorf("%+v", sent)
	}
	p := d.closed("the link before", ask(d, "POST", "/link", `{"token":"`+first+`"}`), http.StatusGone, ProblemLinkRevoked)
	if p.Phone != "+4755000000" {
		t.Errorf("%+v", p)
	}
	d.closed("its session", ask(d, "GET", "/consultations/c1", "", olav...), http.StatusUnauthorized, ProblemSignIn)

	second := d.link()
	d.closed("a nurse revokes", ask(d, "DELETE", path, "", d.mari()...), http.StatusForbidden, ProblemRefused)
	if res := ask(d, "DELETE", path, "", d.siv()...); res.StatusCode != http.StatusNoContent {
		t.Errorf("the coordinator revokes: %d %s", res.StatusCode, bodyOf(t, res))
	}
	d.closed("the revoked", ask(d, "POST", "/link", `{"token":"`+second+`"}`), http.StatusGone, ProblemLinkRevoked)
	d.closed("of nobody", ask(d, "DELETE", "/consultations/c1/people/p-x/link", "", d.siv()...), http.StatusNotFound, ProblemNotFound)
}

func TestThePermissionsOfACallAreTheTablesAndNoOthers(t *testing.T) {
	all := map[protocol.Permission]bool{}
	for _, a := range access.Actions() {
		p, inCall := permissions[a]
		if name, is := strings.CutPrefix(a.String(), "call."); is != inCall || is && string(p) != name {
			t.Errorf("%s is %q in a call", a, p)
		}
		all[p] = inCall
	}
	for _, r := range access.Roles() {
		for _, p := range Permissions(scheduling.MayInCall(r)) {
			if !all[p] {
				t.Errorf("%s may %s", r, p)
			}
		}
	}
}
