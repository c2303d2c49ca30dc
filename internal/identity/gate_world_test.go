package identity_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
)

// door is a gate over a real database, with a hospital and a municipality, and people who
// have not been invited yet. The test's clock is its only one.
type door struct {
	*identity.Gate
	t     testing.TB
	db    *store.DB
	clock *clock
	cfg   identity.GateConfig
	said  *entries
}

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// noMeetings is a day on which nobody meets anybody.
type noMeetings struct{}

func (noMeetings) Meets(context.Context, access.Actor, access.PersonID) (bool, error) {
	return false, nil
}

// The people. Their passwords and second factors are theirs once they are enrolled.
const (
	mari access.PersonID = "mari" // nurse in Fjordvik
	tuva access.PersonID = "tuva" // specialist, and coordinator, at the hospital
	jon  access.PersonID = "jon"  // the hospital's administrator; the hospital hosts
	siv  access.PersonID = "siv"  // Fjordvik's administrator
	olav access.PersonID = "olav" // patient
)

const rightPassword identity.Password = "ein fin dag på fjorden"

var (
	jonActs = access.Actor{Person: jon, Role: access.Administrator, Organisation: "hospital", Session: "s-jon"}
	sivActs = access.Actor{Person: siv, Role: access.Administrator, Organisation: "fjordvik", Session: "s-siv"}
)

func newDoor(t testing.TB, change ...func(*identity.GateConfig)) *door {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	db := storetest.SQLite(t)
	d := doorTo(t, db, c, change...)
	d.people()
	return d
}

// doorTo is another node's gate to the same database.
func doorTo(t testing.TB, db *store.DB, c *clock, change ...func(*identity.GateConfig)) *door {
	t.Helper()
	directory, err := identity.NewDirectory(identity.DirectoryConfig{Store: db.Directory(), Meetings: noMeetings{}, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	said := &entries{GateStore: db.SignIn()}
	cfg := identity.GateConfig{
		Store: said, People: db.Directory(), Relations: directory,
		SessionKeys: []identity.Key{{Generation: 1, Secret: secret(1)}}, LinkKeys: []identity.Key{{Generation: 1, Secret: secret(2)}},
		PublicURL: "https://video.example.no", Cost: identity.PasswordCost{Memory: 64, Time: 1}, Now: c.Now,
	}
	for _, f := range change {
		f(&cfg)
	}
	g, err := identity.NewGate(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := &door{Gate: g, t: t, db: db, clock: c, cfg: cfg, said: said}
	d.poll()
	return d
}

func secret(n byte) []byte {
	out := make([]byte, 32)
	for i := range out {
		out[i] = n
	}
	return out
}

// poll reads revocations, as Run does twice a second.
func (d *door) poll() {
	d.t.Helper()
	if err := d.Refresh(context.Background()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *door) people() {
	d.t.Helper()
	ctx, s := context.Background(), d.db.Directory()
	for _, o := range []identity.Organisation{
		{ID: "hospital", Kind: identity.Hospital, Name: "Haukeland", Phone: "+4755000000", Host: true, Active: true},
		{ID: "fjordvik", Kind: identity.Municipality, Name: "Fjordvik kommune", Phone: "+4757000000", Active: true},
	} {
		d.must(s.SaveOrganisation(ctx, o, nil, nil))
	}
	staff := func(id access.PersonID, email string, acts ...identity.Assignment) {
		for i := range acts {
			acts[i].Person, acts[i].From, acts[i].Title = id, "2026-01-01", "Tittel"
		}
		d.must(s.SaveStaff(ctx, identity.Staff{
			Person: identity.Person{ID: id, Name: string(id), Email: email, Phone: "+4790000412", Language: "nn"}, Assignments: acts,
		}, nil, nil))
	}
	staff(mari, "mari.bjork@fjordvik.no", identity.Assignment{ID: "a-mari", Organisation: "fjordvik", Role: access.Nurse})
	staff(tuva, "tuva@haukeland.no", identity.Assignment{ID: "a-tuva", Organisation: "hospital", Role: access.Specialist},
		identity.Assignment{ID: "a-tuva2", Organisation: "hospital", Role: access.Coordinator})
	staff(jon, "jon@haukeland.no", identity.Assignment{ID: "a-jon", Organisation: "hospital", Role: access.Administrator})
	staff(siv, "siv@fjordvik.no", identity.Assignment{ID: "a-siv", Organisation: "fjordvik", Role: access.Administrator})
	d.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: olav, Name: "Olav Eik", Phone: "+4790000123", Language: "nn"}, CaredForBy: []access.OrganisationID{"fjordvik"},
	}, "fjordvik", nil, nil))
}

func (d *door) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// app is a person's authenticator app.
type app struct {
	secret string
	clock  *clock
}

func (a app) code() string {
	code, err := totp.GenerateCode(a.secret, a.clock.Now())
	if err != nil {
		panic(err)
	}
	return code
}

// wrong is a code that the app doesn't show now, nor just before or after.
func (a app) wrong() string {
	for _, code := range []string{"000000", "111111", "222222", "333333"} {
		ok := true
		for _, d := range []time.Duration{-30 * time.Second, 0, 30 * time.Second} {
			if c, err := totp.GenerateCode(a.secret, a.clock.Now().Add(d)); err != nil || c == code {
				ok = false
			}
		}
		if ok {
			return code
		}
	}
	panic("all of four codes at once")
}

// next waits until the app shows another code: none counts twice.
func (d *door) next() { d.clock.pass(30 * time.Second) }

// outbox takes what waits to be sent.
func (d *door) outbox() []notify.Message {
	d.t.Helper()
	messages, err := d.db.Outbox().Claim(context.Background(), 100)
	d.must(err)
	var out []notify.Message
	for _, m := range messages {
		d.must(d.db.Outbox().Done(context.Background(), m.ID))
		out = append(out, m.Message)
	}
	return out
}

// onlyMessage is the one message that waits.
func (d *door) onlyMessage() notify.Message {
	d.t.Helper()
	messages := d.outbox()
	if len(messages) != 1 {
		d.t.Fatalf("%d messages wait, want 1", len(messages))
	}
	return messages[0]
}

func tokenOf(link string) string {
	_, token, _ := strings.Cut(link, "#")
	return token
}

// invited is a new enrolment link's token, as the mail brings it.
func (d *door) invited(by access.Actor, person access.PersonID) string {
	d.t.Helper()
	if _, err := d.Invite(context.Background(), by, person); err != nil {
		d.t.Fatal(err)
	}
	return tokenOf(d.onlyMessage().Link)
}

// enrolled gives a person a password and a second factor.
func (d *door) enrolled(person access.PersonID) (app, identity.SignedIn) {
	d.t.Helper()
	ctx := context.Background()
	token := d.invited(jonActs, person)
	e, err := d.OpenEnrolment(ctx, token)
	d.must(err)
	a := app{e.Secret, d.clock}
	in, err := d.FinishEnrolment(ctx, token, rightPassword, a.code(), "firefox/windows")
	d.must(err)
	d.next()
	return a, in
}

// signedIn signs a person in by password and second factor.
func (d *door) signedIn(email string, a app) identity.SignedIn {
	d.t.Helper()
	ctx := context.Background()
	half, err := d.SignIn(ctx, email, rightPassword, "firefox/windows")
	d.must(err)
	full, err := d.SecondFactor(ctx, half.Current, a.code(), "firefox/windows")
	d.must(err)
	d.next()
	return full
}

// seat is Olav's place in a consultation.
func (d *door) seat(how identity.Identification) identity.Seat {
	return identity.Seat{
		Consultation: "c1", Participant: "p-olav", Person: olav, Role: access.Patient, Owner: "fjordvik",
		Identification: how, Starts: d.clock.Now().Add(time.Hour), Expires: d.clock.Now().Add(24 * time.Hour),
	}
}

// sent sends a link to a seat, and returns its token as the message brings it.
func (d *door) sent(seat identity.Seat) string {
	d.t.Helper()
	nurse := access.Actor{Person: mari, Role: access.Nurse, Organisation: "fjordvik"}
	if _, err := d.SendLink(context.Background(), nurse, access.SameOrganisation, seat); err != nil {
		d.t.Fatal(err)
	}
	return tokenOf(d.onlyMessage().Link)
}

// entries remembers what was recorded, on its way to the real store.
type entries struct {
	identity.GateStore
	mu   sync.Mutex
	said []audit.Entry
}

func (e *entries) keep(err error, more []audit.Entry) error {
	if err == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.said = append(e.said, more...)
	}
	return err
}

func (e *entries) Record(ctx context.Context, more []audit.Entry) error {
	return e.keep(e.GateStore.Record(ctx, more), more)
}

func (e *entries) SaveTries(ctx context.Context, key string, n identity.Tries, more []audit.Entry, out []notify.Message) error {
	return e.keep(e.GateStore.SaveTries(ctx, key, n, more, out), more)
}

func (e *entries) SaveAccount(ctx context.Context, a identity.Account, more []audit.Entry, out []notify.Message) error {
	return e.keep(e.GateStore.SaveAccount(ctx, a, more, out), more)
}

func (e *entries) StartSession(ctx context.Context, s identity.Session, replaces string, more []audit.Entry, out []notify.Message) error {
	return e.keep(e.GateStore.StartSession(ctx, s, replaces, more, out), more)
}

func (e *entries) UseTicket(ctx context.Context, id string, more []audit.Entry, out []notify.Message) error {
	return e.keep(e.GateStore.UseTicket(ctx, id, more, out), more)
}

func (e *entries) SaveCode(ctx context.Context, c identity.OneTimeCode, more []audit.Entry, out []notify.Message) error {
	return e.keep(e.GateStore.SaveCode(ctx, c, more, out), more)
}

// count says how many entries of an action went so.
func (e *entries) count(action string, outcome audit.Outcome) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.said {
		if x.Action == action && x.Outcome == outcome {
			n++
		}
	}
	return n
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func wantLocked(t testing.TB, what string, err error) *identity.LockedError {
	t.Helper()
	locked, ok := errors.AsType[*identity.LockedError](err)
	if !ok {
		t.Fatalf("%s: got %v, want a lock", what, err)
	}
	return locked
}
