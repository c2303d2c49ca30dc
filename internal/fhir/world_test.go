package fhir

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// world is a hospital, the municipality Fjordvik that it works with and cares for Olav with, and
// the municipality Langvik that nobody works with, over a real store. What is answered in it is
// validated, all of it.
type world struct {
	*Handler
	t         *testing.T
	db        *store.DB
	directory *identity.Directory
	schedule  *scheduling.Service
	clinic    *clinical.Service
	questions *clinical.Questions
	values    *memory // what is measured
	mux       *http.ServeMux
	by        access.Actor // who asks
	now       time.Time
}

const (
	hospital, fjordvik, langvik = access.OrganisationID("hospital"), access.OrganisationID("fjordvik"), access.OrganisationID("langvik")

	// Synthetic: month+80.
	olavsNumber   = "15895840081"
	aDNumber      = "55895840075"
	nobodysNumber = "15895840162"
)

// The people who act.
var (
	journal = access.Actor{Person: "journal", Role: access.Machine, Organisation: fjordvik}
	booker  = access.Actor{Person: "booker", Role: access.Machine, Organisation: hospital}
	sol     = access.Actor{Person: "sol", Role: access.Coordinator, Organisation: hospital, Session: "s1"}
	siv     = access.Actor{Person: "siv", Role: access.Coordinator, Organisation: fjordvik, Session: "s2"}
	mari    = access.Actor{Person: "mari", Role: access.Nurse, Organisation: fjordvik, Session: "s4"}
	tuva    = access.Actor{Person: "tuva", Role: access.Specialist, Organisation: hospital, Session: "s3"}
	lise    = access.Actor{Person: "lise", Role: access.Coordinator, Organisation: langvik, Session: "s5"}
	stray   = access.Actor{Person: "stray", Role: access.Machine, Organisation: langvik}
)

func newWorld(t *testing.T) *world {
	t.Helper()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: storetest.SQLite(t), by: journal, now: time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC)} // a Monday
	clock := func() time.Time { return w.now }
	var directory *identity.Directory
	people, err := register.New(register.Config{Store: w.db.Directory(), Directory: func() register.Directory { return directory }, Zone: oslo, Now: clock})
	w.must(err)
	w.schedule, err = scheduling.NewService(scheduling.Config{Store: w.db.Appointments(), People: people, Register: people, Zone: oslo, Now: clock})
	w.must(err)
	directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: w.db.Directory(), Meetings: w.schedule, Zone: oslo, Now: clock})
	w.must(err)
	w.values = newMemory()
	w.directory = directory
	w.settle()
	w.speak(w.values)
	return w
}

// vas is a questionnaire of the operator's own: a number and words, and no address of its own.
const vas = `{"resourceType":"Questionnaire","id":"helse","status":"active","version":"2","title":"Helse","language":"nb-NO","item":[
 {"linkId":"a","type":"integer","required":true,"text":"Helse i dag","extension":[
   {"url":"http://hl7.org/fhir/StructureDefinition/minValue","valueInteger":0},{"url":"http://hl7.org/fhir/StructureDefinition/maxValue","valueInteger":100}]},
 {"linkId":"b","type":"choice","text":"Gange","answerOption":[{"valueCoding":{"code":"1","display":"Godt"}},{"valueCoding":{"code":"2","display":"Dårlig"}}]},
 {"linkId":"c","type":"string","maxLength":5,"text":"Kort"}]}`

// ward answers for everybody.
type ward struct{}

func (ward) Responsible(context.Context, access.PersonID, access.OrganisationID, access.PersonID) (clinical.Responsible, error) {
	return clinical.Responsible{Organisation: fjordvik, Name: "Nord", Phone: "+4757000000", Contact: "mari"}, nil
}

// speak has what is measured in kept; plans, wounds and photos are in the database.
func (w *world) speak(kept clinical.Store) {
	w.t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	w.must(err)
	clock := func() time.Time { return w.now }
	w.clinic, err = clinical.NewService(clinical.Config{
		Store: kept, Plans: w.db.Clinical(), Wounds: w.db.Clinical(), Relations: w.directory, Names: everybody{}, Zone: zone, Now: clock,
	})
	w.must(err)
	asked, err := clinical.ReadQuestionnaires(fstest.MapFS{"vas.json": {Data: []byte(vas)}})
	w.must(err)
	w.questions, err = clinical.NewQuestions(clinical.QuestionsConfig{
		Store: w.db.Questions(), Scores: kept, Relations: w.directory, Names: everybody{}, Contacts: ward{}, Questionnaires: asked, Now: clock,
		About: func(context.Context, string) (access.PersonID, error) { return "", clinical.ErrNotFound },
	})
	w.must(err)
	w.Handler, err = New(Config{
		Directory: w.directory, Patients: w.directory, Calendar: w.schedule, Bookings: w.schedule, Changes: w.schedule, Contacts: w.directory,
		Measurements: w.clinic, Questions: w.questions, Plans: w.clinic, Photos: w.clinic, Base: "https://video.example.no", Zone: zone, Now: clock,
	})
	w.must(err)
	w.mux = http.NewServeMux()
	for _, i := range w.Interactions() {
		w.mux.HandleFunc(i.Method+" "+Path+i.Path, func(out http.ResponseWriter, r *http.Request) { w.Serve(out, r, i, w.by) })
	}
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
		{ID: hospital, Kind: identity.Hospital, Name: "Fjord sjukehus", Number: "310000019", Phone: "+4755000000", Host: true},
		{ID: fjordvik, Kind: identity.Municipality, Name: "Fjordvik kommune", Number: "310000027", Phone: "+4757000000", Contacts: []identity.Contact{
			{For: identity.Technical, Name: "Jon Li", Phone: "+4757000009", Email: "jon@example.no"},
		}},
		{ID: langvik, Kind: identity.Municipality, Name: "Langvik kommune", Phone: "+4757000001"},
	} {
		o.Active = true
		w.must(s.SaveOrganisation(ctx, o, nil, nil))
	}
	both := []identity.GrantKind{identity.GrantBook, identity.GrantSee}
	w.must(s.SaveAgreement(ctx, identity.Agreement{
		ID: "pair", A: hospital, B: fjordvik, From: "2026-01-01",
		Grants: []identity.Grant{{To: hospital, May: both}, {To: fjordvik, May: both}},
		Policy: identity.Policy{Identification: identity.IdentifyLink, RetentionDays: 90},
	}, nil, nil))
	for _, m := range []struct {
		person, name string
		in           access.OrganisationID
		role         access.Role
		title, hpr   string
	}{
		{"tuva", "Tuva Ask", hospital, access.Specialist, "Overlege", "9144889"}, {"sol", "Sol Vik", hospital, access.Coordinator, "Koordinator", ""},
		{"mari", "Mari Bjørk", fjordvik, access.Nurse, "Sjukepleiar", "9144897"}, {"siv", "Siv Dal", fjordvik, access.Coordinator, "Koordinator", ""},
		{"lise", "Lise Moe", langvik, access.Coordinator, "Koordinator", ""},
	} {
		w.must(s.SaveStaff(ctx, identity.Staff{
			Person:      identity.Person{ID: access.PersonID(m.person), Name: m.name, Email: m.person + "@example.no", Phone: "+4790000412", HPR: m.hpr, Language: "nn"},
			Assignments: []identity.Assignment{{ID: "a-" + m.person, Person: access.PersonID(m.person), Organisation: m.in, Role: m.role, Title: m.title, From: "2026-01-01"}},
		}, nil, nil))
	}
	w.must(s.SavePatient(ctx, identity.Patient{
		Person:     identity.Person{ID: "olav", Name: "Olav Eik", Phone: "+4790000123", NationalID: olavsNumber, Language: "nn"},
		CaredForBy: []access.OrganisationID{fjordvik, hospital},
		Relatives: []identity.RelatedPerson{
			{Person: identity.Person{ID: "ragna", Name: "Ragna Eik", Phone: "+4790000124", Email: "ragna@example.no", Language: "nn"}, Kind: identity.KindRelative, Title: "dotter"},
			{Person: identity.Person{ID: "geir", Name: "Geir Verje", Phone: "+4790000125", Language: "nb"}, Kind: identity.KindGuardian},
		},
	}, fjordvik, nil, nil))
}

// wound is a consultation at ten o'clock on Tuesday that is booked.
func (w *world) wound() scheduling.Appointment {
	w.t.Helper()
	starts := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	a, err := w.schedule.Save(w.t.Context(), scheduling.Appointment{
		ID: "c1", Organisation: hospital, Starts: starts, Ends: starts.Add(30 * time.Minute), State: scheduling.Booked, Identification: scheduling.ByLink, Made: w.now,
		Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: hospital, Title: "Overlege", Required: true, Reply: scheduling.Reply{Answer: scheduling.Accepted, At: w.now}},
			{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: fjordvik, Title: "Sjukepleiar", Required: true, Attends: scheduling.Visiting, Before: 20 * time.Minute, After: 20 * time.Minute},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient", Required: true},
			{ID: "p-ragna", Person: "ragna", Role: access.Relative, Title: "Dotter"},
		},
		Plan: scheduling.Plan{Title: "Sårkontroll", Question: "Kva bandasje no?", Prepare: []scheduling.Preparation{{For: access.Patient, What: "Ha bandasjen klar"}, {For: access.Nurse, What: "Mål såret"}}},
	})
	w.must(err)
	return a
}

// as is the world as another meets it.
func (w *world) as(by access.Actor) *world {
	w.by = by
	return w
}

// asks sends a request and validates the answer, which it returns.
func (w *world) asks(method, path, body string, header ...string) *http.Response {
	w.t.Helper()
	r := httptest.NewRequest(method, "https://video.example.no"+Path+path, strings.NewReader(body)).WithContext(w.t.Context())
	if strings.Contains(path, "/_search") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if body != "" || method == "POST" {
		r.Header.Set("Content-Type", ContentType)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	out := httptest.NewRecorder()
	w.mux.ServeHTTP(out, r)
	if out.Body.Len() > 0 && !strings.HasPrefix(out.Result().Header.Get("Content-Type"), "image/") {
		if got := out.Result().Header.Get("Content-Type"); got != ContentType+"; charset=utf-8" {
			w.t.Errorf("%s %s: Content-Type is %s", method, path, got)
		}
		valid(w.t, out.Body.Bytes())
	}
	return out.Result()
}

// told is a good answer, as a resource.
func told[R any](w *world, res *http.Response, status int) (out R) {
	w.t.Helper()
	text := bodyOf(w.t, res)
	if res.StatusCode != status {
		w.t.Fatalf("status %d, want %d: %s", res.StatusCode, status, text)
	}
	w.must(json.Unmarshal([]byte(text), &out))
	return out
}

// bundle is a search's answer, its entries in their own type.
type bundle[R any] struct {
	Total *int   `json:"total"`
	Link  []Link `json:"link"`
	Entry []struct {
		FullURL  string `json:"fullUrl"`
		Resource R      `json:"resource"`
	} `json:"entry"`
}

// ids are those of the resources that were found.
func (b bundle[R]) ids() (out []string) {
	for _, e := range b.Entry {
		out = append(out, e.FullURL[strings.LastIndexByte(e.FullURL, '/')+1:])
	}
	return out
}

// failed expects an outcome that says what is wrong, and where.
func (w *world) failed(why string, res *http.Response, status int, code IssueCode, where string) OperationOutcome {
	w.t.Helper()
	var out OperationOutcome
	text := bodyOf(w.t, res)
	w.must(json.Unmarshal([]byte(text), &out))
	if res.StatusCode != status || len(out.Issue) == 0 || out.Issue[0].Code != code || strings.Join(out.Issue[0].Expression, ",") != where {
		w.t.Errorf("%s: status %d, want %d %s at %q: %s", why, res.StatusCode, status, code, where, text)
	}
	return out
}

func bodyOf(t *testing.T, res *http.Response) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := out.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
