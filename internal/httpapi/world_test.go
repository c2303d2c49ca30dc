package httpapi

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/clinical/clinicaltest"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/fhir"
	"github.com/samkonsult/samkonsult/internal/identity"
	reg "github.com/samkonsult/samkonsult/internal/register" // register is what operations are added by
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// world is a hospital that hosts the service, the municipality Fjordvik that it works with,
// the municipality Vestvik that acts for it, Langvik that nobody works with, and their people, over a real store.
// Fjordvik cares for Olav, whom consultation c1 is about: Tuva, Mari, Olav, his daughter
// Ragna and the interpreter Tor are in it. Langvik cares for Kari, whom c2 is about.
type world struct {
	*Handler
	t        *testing.T
	db       *store.DB
	gate     *identity.Gate
	schedule *scheduling.Service
	clinical *clinicaltest.Memory
	now      time.Time
	asked    int
}

const (
	hospital, fjordvik, langvik = access.OrganisationID("hospital"), access.OrganisationID("fjordvik"), access.OrganisationID("langvik")

	olavsNumber = "15890012345" // synthetic: month+80
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: storetest.SQLite(t), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	var directory *identity.Directory
	people, err := reg.New(reg.Config{Store: w.db.Directory(), Directory: func() reg.Directory { return directory }, Now: clock})
	w.must(err)
	w.schedule, err = scheduling.NewService(scheduling.Config{Store: w.db.Appointments(), People: rollCall{}, Register: people, Now: clock})
	w.must(err)
	directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: w.db.Directory(), Meetings: w.schedule, Now: clock})
	w.must(err)
	w.gate, err = identity.NewGate(identity.GateConfig{
		Store: w.db.SignIn(), People: w.db.Directory(), Relations: directory, Demo: true, Now: clock, PublicURL: "https://video.example.no",
		SessionKeys: []identity.Key{{Generation: 1, Secret: bytes.Repeat([]byte{1}, 32)}},
		LinkKeys:    []identity.Key{{Generation: 1, Secret: bytes.Repeat([]byte{2}, 32)}},
	})
	w.must(err)
	reader, err := audit.NewReader(audit.ReaderConfig{Store: w.db.Audit(), Relations: directory, Names: w.db.Audit(), Now: clock})
	w.must(err)
	w.clinical = clinicaltest.NewMemory()
	measures, err := clinical.NewService(clinical.Config{
		Store: w.clinical, Plans: w.db.Clinical(), Asked: w.db.Clinical(), Wounds: w.db.Clinical(), Relations: directory, Names: people, Born: directory.Born, Now: clock,
		About: func(ctx context.Context, consultation string) (access.PersonID, error) {
			return w.schedule.About(ctx, scheduling.AppointmentID(consultation))
		},
		Seated: func(ctx context.Context, consultation, participant string) (access.PersonID, error) {
			a, err := w.db.Appointments().Appointment(ctx, scheduling.AppointmentID(consultation))
			for _, p := range a.Participants {
				if string(p.ID) == participant {
					return p.Person, err
				}
			}
			return "", err
		},
	})
	w.must(err)
	w.settle()
	w.book()
	w.link("c1", "ida", access.Interpreter) // reads the revocations, without which nobody is known
	questions := w.asksPatients(directory, people)
	spoken, err := fhir.New(fhir.Config{
		Directory: directory, Patients: directory, Calendar: w.schedule, Bookings: w.schedule, Changes: w.schedule, Contacts: directory,
		Measurements: measures, Questions: questions, Plans: measures, Photos: measures, Base: "https://video.example.no", Now: clock,
	})
	w.must(err)
	w.Handler, err = New(Config{
		Gate: w.gate, Directory: directory, Schedule: w.schedule, Clinical: measures, Questions: questions, Organisations: people, Audit: reader, Contacts: directory, Requests: w.db.Requests(), FHIR: spoken, PublicURL: "https://video.example.no",
		Call: http.NotFoundHandler(), Pages: fstest.MapFS{}, Now: clock,
	})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// settle puts organisations and people into the store.
func (w *world) settle() {
	ctx, s := w.t.Context(), w.db.Directory()
	for _, o := range []identity.Organisation{
		{ID: hospital, Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "+4755000000", Host: true},
		{ID: fjordvik, Kind: identity.Municipality, Name: "Fjordvik kommune", Phone: "+4757000000"},
		{ID: langvik, Kind: identity.Municipality, Name: "Langvik kommune", Phone: "+4757000001"},
		{ID: "vestvik", Kind: identity.Municipality, Name: "Vestvik kommune", Phone: "+4757000002"},
	} {
		o.Active = true
		w.must(s.SaveOrganisation(ctx, o, nil, nil))
	}
	w.must(s.SaveUnit(ctx, identity.Unit{ID: "north", Organisation: fjordvik, Name: "Nord", Active: true}, nil, nil))
	w.must(s.SaveCommunity(ctx, identity.Community{ID: "fjord", Name: "Helsefellesskapet", Members: []access.OrganisationID{hospital, fjordvik}}, nil, nil))
	w.must(s.SaveAgreement(ctx, identity.Agreement{
		ID: "pair", A: hospital, B: fjordvik, From: "2026-01-01",
		Grants: []identity.Grant{{To: hospital, May: []identity.GrantKind{identity.GrantBook, identity.GrantSee}}},
		Policy: identity.Policy{Identification: identity.IdentifyLink, RetentionDays: 90},
	}, nil, nil))
	w.must(s.SaveAgreement(ctx, identity.Agreement{
		ID: "for-hospital", A: hospital, B: "vestvik", From: "2026-01-01",
		Grants: []identity.Grant{{To: "vestvik", May: []identity.GrantKind{identity.GrantBook}, ActFor: true}},
		Policy: identity.Policy{Identification: identity.IdentifyLink, RetentionDays: 90},
	}, nil, nil))
	for _, m := range employed {
		all := []identity.Assignment{{ID: "a-" + string(m.person), Person: m.person, Organisation: m.in, Role: m.role, Title: "Tittel", From: "2026-01-01"}}
		if m.person == "vera" { // works in two places
			all = append(all, identity.Assignment{ID: "a-vera-2", Person: "vera", Organisation: hospital, Role: access.Nurse, Title: "Tittel", From: "2026-01-01"})
		}
		w.must(s.SaveStaff(ctx, identity.Staff{
			Person:      identity.Person{ID: m.person, Name: string(m.person), Email: string(m.person) + "@example.no", Phone: "+4790000412", Language: "nn"},
			Assignments: all,
		}, nil, nil))
		w.must(w.db.SignIn().SaveAccount(ctx, identity.Account{Person: m.person, Credentials: 1, Enrolled: w.now}, nil, nil))
	}
	for _, interpreter := range []access.PersonID{"tor", "ida"} {
		w.must(s.SaveInterpreter(ctx, identity.Interpreter{
			Person: identity.Person{ID: interpreter, Name: string(interpreter), Phone: "+4790000127", Language: "nn"}, Organisation: hospital, Speaks: []string{"pl"}, Active: true,
		}, nil, nil))
	}
	w.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: "olav", Name: "Olav Eik", Phone: "+4790000123", NationalID: olavsNumber, Language: "nn"}, CaredForBy: []access.OrganisationID{fjordvik},
		Relatives: []identity.RelatedPerson{
			{Person: identity.Person{ID: "ragna", Name: "Ragna Eik", Phone: "+4790000124", Language: "nn"}, Kind: identity.KindRelative, Title: "dotter"},
			{Person: identity.Person{ID: "knut", Name: "Knut Eik", Phone: "+4790000125", Language: "nn"}, Kind: identity.KindRelative, Title: "bror"},
		},
		Consents: []identity.Consent{{Relative: "ragna", From: "2026-01-01"}},
	}, fjordvik, nil, nil))
	w.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: "kari", Name: "Kari Vik", Phone: "+4790000126", Language: "nn"}, CaredForBy: []access.OrganisationID{langvik},
	}, langvik, nil, nil))
}

// employed are the staff of the world, by whom the test names them.
var employed = []struct {
	person access.PersonID
	in     access.OrganisationID
	role   access.Role
}{
	{"tuva", hospital, access.Specialist}, {"hans", hospital, access.Administrator}, {"sol", hospital, access.Coordinator},
	{"mari", fjordvik, access.Nurse}, {"siv", fjordvik, access.Coordinator}, {"jon", fjordvik, access.Administrator}, {"eva", fjordvik, access.DataProtection},
	{"per", fjordvik, access.GP}, {"vera", fjordvik, access.Nurse},
	{"lars", langvik, access.Nurse}, {"lise", langvik, access.Coordinator}, {"leif", langvik, access.Administrator}, {"lotte", langvik, access.DataProtection},
	{"vigdis", "vestvik", access.Coordinator}, {"vidar", "vestvik", access.Nurse},
}

// book makes the two consultations, both open now.
func (w *world) book() {
	for _, a := range []scheduling.Appointment{
		{ID: "c1", Organisation: hospital, Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: hospital, Title: "Overlege"},
			{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: fjordvik, Title: "Sjukepleiar"},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient"},
			{ID: "p-ragna", Person: "ragna", Role: access.Relative, Title: "Dotter"},
			{ID: "p-tor", Person: "tor", Role: access.Interpreter, Title: "Tolk"},
			{ID: "p-ida", Person: "ida", Role: access.Interpreter, Title: "Tolk"},
			{ID: "p-per", Person: "per", Role: access.GP, Organisation: fjordvik, Title: "Fastlege"},
		}},
		{ID: "c2", Organisation: langvik, Participants: []scheduling.Participant{
			{ID: "p-lars", Person: "lars", Role: access.Nurse, Organisation: langvik, Title: "Sjukepleiar"},
			{ID: "p-kari", Person: "kari", Role: access.Patient, Title: "Pasient"},
			{ID: "p-knut", Person: "knut", Role: access.Relative, Title: "Nabo"},
		}},
	} {
		a.Starts, a.Ends, a.State, a.Identification = w.now, w.now.Add(time.Hour), scheduling.Booked, scheduling.ByLink
		_, err := w.schedule.Save(w.t.Context(), a)
		w.must(err)
	}
}

// signsIn begins a session of an account and returns the headers of its requests.
func (w *world) signsIn(person access.PersonID, level identity.Level) []string {
	w.t.Helper()
	s, err := w.gate.Begin(w.t.Context(), identity.Identified{Person: person, Method: identity.ByPasswordTOTP, Level: level, Credentials: 1}, "firefox/windows")
	w.must(err)
	return []string{"Cookie", "sk=" + s.Secret}
}

// link makes a personal link.
func (w *world) link(consultation string, person access.PersonID, role access.Role) (token string) {
	w.t.Helper()
	token, err := w.gate.DemoSeatLink(w.t.Context(), identity.Seat{
		Consultation: consultation, Participant: "p-" + string(person), Person: person, Role: role, Owner: hospital,
		Identification: identity.IdentifyLink, Starts: w.now, Expires: w.now.Add(24 * time.Hour),
	})
	w.must(err)
	return token
}

// opens signs someone in by a new link of theirs.
func (w *world) opens(consultation string, person access.PersonID, role access.Role) []string {
	w.t.Helper()
	res := w.asks("POST", "/link", `{"token":"`+w.link(consultation, person, role)+`"}`)
	var answer LinkAnswer
	body := bodyOf(w.t, res)
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("open a link: %s", body)
	}
	w.must(json.Unmarshal([]byte(body), &answer))
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	return []string{"Cookie", cookie, SessionHeader, answer.Handle}
}

// connects gives a machine of an organisation a token with scopes (RFC 7523).
func (w *world) connects(of access.OrganisationID, admin access.PersonID, scopes ...access.Action) []string {
	w.t.Helper()
	key, keys := publicKeys(w.t)
	by := access.Actor{Person: admin, Role: access.Administrator, Organisation: of}
	client, err := w.gate.SaveMachine(w.t.Context(), by, identity.MachineClient{Name: "Journal", Organisation: of, Keys: keys, Scopes: scopes, Active: true})
	w.must(err)
	w.now = w.now.Add(time.Second) // what the client was given before its last change is void
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
	w.must(err)
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: client.ID, Subject: client.ID, Audience: jwt.Audience{"https://video.example.no/api/v1/token"}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(w.now), Expiry: jwt.NewNumericDate(w.now.Add(time.Minute)),
	}).Serialize()
	w.must(err)
	token, err := w.gate.Token(w.t.Context(), identity.TokenRequest{GrantType: "client_credentials", AssertionType: identity.AssertionType, Assertion: assertion})
	w.must(err)
	return []string{"Authorization", "Bearer " + token.Token}
}

// asks sends a request, each from an address of its own.
func (w *world) asks(method, path, body string, header ...string) *http.Response {
	w.t.Helper()
	if !strings.HasPrefix(path, "/fhir") {
		path = "/api/v1" + path
	}
	r := httptest.NewRequest(method, "http://video.example.no"+path, strings.NewReader(body))
	w.asked++
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", w.asked>>16&255, w.asked>>8&255, w.asked&255)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if strings.Contains(path, "/_search") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	return out.Result()
}

// publicKeys is a new key, and the set that its client gives of it.
func publicKeys(t *testing.T) (*ecdsa.PrivateKey, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1", Algorithm: string(jose.ES256), Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	return key, string(set)
}

func machineOfFjordvik(t *testing.T) identity.MachineClient {
	t.Helper()
	_, keys := publicKeys(t)
	return identity.MachineClient{Name: "Journal", Organisation: fjordvik, Keys: keys, Scopes: []access.Action{access.PatientRead}, Active: true}
}
