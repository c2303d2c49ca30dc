package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// tomorrow is an hour of the day after in the world.
func tomorrow(hour int) int64 { return time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC).UnixMilli() }

// woundVisit is the body of a booking of Tuva, Mari, Olav and Ragna. Its fields can be changed.
func woundVisit(mode string, times ...int64) map[string]any {
	party := func(person, role, organisation string, required bool) map[string]any {
		return map[string]any{
			"person": person, "anyOf": []string{}, "role": role, "organisation": organisation, "required": required, "attends": "online",
			"before": 0, "after": 0, "deputyAllowed": false,
		}
	}
	return map[string]any{
		"organisation": "", "mode": mode, "template": "wound", "title": "Sårkontroll", "question": "Veks såret?", "prepare": []any{},
		"parties":   []any{party("tuva", "specialist", "hospital", true), party("mari", "nurse", "fjordvik", true), party("olav", "patient", "", true), party("ragna", "relative", "", false)},
		"equipment": []string{}, "minutes": 30, "times": times, "answerBy": 0, "deadline": "", "interpreter": "", "anyway": false,
	}
}

func with(body map[string]any, field string, value any) map[string]any {
	body[field] = value
	return body
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// answer reads what a request has been answered with.
func answer[T any](t *testing.T, res *http.Response, status int) (out T) {
	t.Helper()
	body := bodyOf(t, res)
	if res.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", res.StatusCode, status, body)
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// everything is all that is booked, and how many messages wait, as the store has it.
func (w *world) everything() string {
	w.t.Helper()
	list, err := w.db.Appointments().List(w.t.Context(), scheduling.Query{States: []scheduling.State{
		scheduling.Proposed, scheduling.Pending, scheduling.Booked, scheduling.Arrived, scheduling.Fulfilled, scheduling.Cancelled, scheduling.NoShow,
	}})
	w.must(err)
	counts, err := w.db.Outbox().Count(w.t.Context())
	w.must(err)
	return fmt.Sprintf("%d messages, %#v", counts.Waiting, list)
}

// unchanged expects that nothing that is tried changes anything.
func (w *world) unchanged(try func()) {
	w.t.Helper()
	before := w.everything()
	try()
	if after := w.everything(); after != before {
		w.t.Errorf("it has changed something:\n%s\nwas\n%s", after, before)
	}
}

// problem asks, and expects a problem.
func (w *world) problem(why string, res *http.Response, status int, code ProblemCode, field string) Problem {
	w.t.Helper()
	p := problemIn(w.t, res)
	if p.Status != status || p.Code != code || p.Field != field {
		w.t.Errorf("%s: %+v, want %d %s of %q", why, p, status, code, field)
	}
	if code == ProblemInvalid && p.Rule == "" {
		w.t.Errorf("%s: no rule is named", why)
	}
	return p
}

func TestABookingThatBreaksARuleNamesItAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	tuva := w.signsIn("tuva", identity.LevelSubstantial)
	party := func(i int, field string, value any) map[string]any {
		b := woundVisit("book", tomorrow(10))
		b["parties"].([]any)[i].(map[string]any)[field] = value
		return b
	}
	series := func(weeks, count int) map[string]any {
		return with(woundVisit("book", tomorrow(10)), "series", map[string]any{"everyWeeks": weeks, "count": count, "skipBusy": false})
	}
	for why, tt := range map[string]struct {
		body  map[string]any
		field string
	}{
		"no times":                     {with(woundVisit("book"), "times", []int64{}), "times"},
		"a time that is past":          {woundVisit("book", tomorrow(10)-48*3600_000), "times[0]"},
		"no time":                      {woundVisit("book", 0), "times[0]"},
		"the end of time":              {woundVisit("book", 1<<62), "times[0]"},
		"a time without end":           {woundVisit("propose", tomorrow(10), 1<<53-1), "times[1]"},
		"half a minute":                {woundVisit("book", tomorrow(10)+30_000), "times[0]"},
		"two at once":                  {woundVisit("book", tomorrow(10), tomorrow(11)), "times"},
		"in no mode":                   {woundVisit("guess", tomorrow(10)), "mode"},
		"no length":                    {with(woundVisit("book", tomorrow(10)), "minutes", 0), "minutes"},
		"a length backwards":           {with(woundVisit("book", tomorrow(10)), "minutes", -30), "minutes"},
		"a field that there is not":    {with(woundVisit("book", tomorrow(10)), "diagnosis", "x"), "diagnosis"},
		"a deadline that is no day":    {with(woundVisit("book", tomorrow(10)), "deadline", "2026-02-30"), "deadline"},
		"a long title":                 {with(woundVisit("book", tomorrow(10)), "title", strings.Repeat("x", 81)), "title"},
		"a title on two lines":         {with(woundVisit("book", tomorrow(10)), "title", "a\nb"), "title"},
		"an answer by yesterday":       {with(woundVisit("propose", tomorrow(10)), "answerBy", tomorrow(10)-48*3600_000), "answerBy"},
		"a party without agreement":    {party(1, "organisation", "langvik"), "parties[1].organisation"},
		"a party who does not work":    {party(1, "person", "nobody"), "parties[1].person"},
		"a party in no role":           {party(1, "role", "cleaner"), "parties[1].role"},
		"a party who travels for days": {party(1, "before", 600), "parties[1].before"},
		"travel of who stays":          {party(1, "before", 30), "parties[1].before"},
		"nobody's relative":            {party(3, "person", "kari"), "parties[3].person"},
		"equipment that is a person":   {with(woundVisit("book", tomorrow(10)), "equipment", []string{"lars"}), "equipment[0]"},
		"a series of one":              {series(1, 1), "series.count"},
		"a series of no weeks":         {series(0, 4), "series.everyWeeks"},
	} {
		w.now = w.now.Add(time.Second)
		w.unchanged(func() {
			w.problem(why, w.asks("POST", "/bookings", text(t, tt.body), tuva...), 422, ProblemInvalid, tt.field)
		})
	}
	w.unchanged(func() {
		w.now = w.now.Add(time.Second)
		there := w.problem("a patient out of reach", w.asks("POST", "/bookings", text(t, party(2, "person", "kari")), tuva...), 403, ProblemRefused, "")
		not := w.problem("a patient who is not there", w.asks("POST", "/bookings", text(t, party(2, "person", "nobody")), tuva...), 403, ProblemRefused, "")
		if !reflect.DeepEqual(there, not) {
			t.Errorf("%+v and %+v", there, not)
		}
		w.problem("for who has not let one", w.asks("POST", "/bookings", text(t, with(woundVisit("book", tomorrow(10)), "organisation", "fjordvik")), tuva...), 403, ProblemRefused, "")
		p := w.problem("what is taken", w.asks("POST", "/bookings", text(t, woundVisit("book", tomorrow(3))), tuva...), 409, ProblemTaken, "")
		if want := []TakenBy{{Person: "tuva", Rule: "closed", Starts: tomorrow(3)}, {Person: "mari", Rule: "closed", Starts: tomorrow(3)}}; !slices.Equal(p.Taken, want) {
			t.Errorf("taken: %+v", p.Taken)
		}
	})
}

func TestABookingSentAgainIsMadeOnce(t *testing.T) {
	w := newWorld(t)
	tuva := w.signsIn("tuva", identity.LevelSubstantial)
	key := append(slices.Clone(tuva), "Idempotency-Key", `"8e03978e-40d5-43dd-bc93-6894a57f9324"`)
	body := text(t, woundVisit("book", tomorrow(10)))
	first := bodyOf(t, w.asks("POST", "/bookings", body, key...))
	before := w.everything()
	if again := w.asks("POST", "/bookings", body, key...); again.StatusCode != http.StatusCreated || bodyOf(t, again) != first {
		t.Errorf("again: status %d", again.StatusCode)
	}
	w.problem("the key for another time", w.asks("POST", "/bookings", text(t, woundVisit("book", tomorrow(12))), key...), 422, ProblemInvalid, "Idempotency-Key")
	p := w.problem("without the key", w.asks("POST", "/bookings", body, tuva...), 409, ProblemTaken, "")
	if len(p.Taken) != 3 || p.Taken[0].Rule != "busy" {
		t.Errorf("%+v", p.Taken)
	}
	made := Bookings{}
	w.must(json.Unmarshal([]byte(first), &made))
	id := string(made.Items[0].ID)
	// Another's key of the same name is another key.
	mari := append(w.signsIn("mari", identity.LevelSubstantial), "Idempotency-Key", `"8e03978e-40d5-43dd-bc93-6894a57f9324"`)
	if after := w.everything(); after != before {
		t.Errorf("%s\nwas\n%s", after, before)
	}
	accept := `{"participant":"","answers":[{"option":"","answer":"accepted"}],"comment":"","starts":0}`
	answer[Booking](t, w.asks("POST", "/bookings/"+id+"/answers", accept, mari...), 200)
	w.problem("an answer with other content", w.asks("POST", "/bookings/"+id+"/answers", strings.Replace(accept, "accepted", "declined", 1), mari...), 422, ProblemInvalid, "Idempotency-Key")
	a, err := w.db.Appointments().Appointment(t.Context(), made.Items[0].ID)
	if err != nil || a.Participants[1].Reply.Answer != scheduling.Accepted {
		t.Errorf("%+v, %v", a.Participants[1], err)
	}
}

func TestAChangeRestsOnTheVersionThatWasRead(t *testing.T) {
	w := newWorld(t)
	tuva := w.signsIn("tuva", identity.LevelSubstantial)
	b := answer[Bookings](t, w.asks("POST", "/bookings", text(t, woundVisit("book", tomorrow(10))), tuva...), 201).Items[0]
	path := "/bookings/" + string(b.ID)
	move := func(version, starts any) *http.Response {
		return w.asks("PUT", path+"/time", fmt.Sprintf(`{"starts":%v,"minutes":30,"anyway":false}`, starts), append(slices.Clone(tuva), "If-Match", fmt.Sprintf(`"%v"`, version))...)
	}
	moved := answer[Booking](t, move(b.Version, tomorrow(12)), 200)
	if moved.Version != b.Version+1 || moved.Starts != tomorrow(12) || moved.MovedFrom != b.Starts || !slices.Contains(moved.May, "move") {
		t.Errorf("%+v", moved)
	}
	w.unchanged(func() {
		w.problem("of an earlier version", move(b.Version, tomorrow(13)), 412, ProblemChanged, "")
		w.problem("of a version that is none", move("x", tomorrow(13)), 400, ProblemInvalid, "If-Match")
		w.problem("without a version", w.asks("PUT", path+"/time", `{"starts":1,"minutes":30,"anyway":false}`, tuva...), 428, ProblemVersionNeeded, "If-Match")
		w.problem("to the past", move(moved.Version, 1), 422, ProblemInvalid, "starts")
		w.problem("into the night", move(moved.Version, tomorrow(2)), 409, ProblemTaken, "")
		w.problem("an answer to nothing", w.asks("POST", path+"/answers", `{"participant":"","answers":[],"comment":"","starts":0}`, tuva...), 422, ProblemInvalid, "answers")
		w.problem("an answer to a time that is none", w.asks("POST", path+"/answers", `{"participant":"","answers":[{"option":"o","answer":"accepted"}],"comment":"","starts":0}`, tuva...), 422, ProblemInvalid, "answers[0].option")
	})
	gone := answer[Booking](t, w.asks("POST", path+"/cancel", `{"reason":"patient","words":"reist bort","series":false}`, tuva...), 200)
	if gone.State != "cancelled" || gone.Reason != "patient" {
		t.Errorf("%+v", gone)
	}
	w.unchanged(func() {
		w.problem("moved afterwards", move(gone.Version, tomorrow(13)), 410, ProblemConsultationEnded, "")
		w.problem("cancelled again", w.asks("POST", path+"/cancel", `{"reason":"patient","words":"","series":false}`, tuva...), 410, ProblemConsultationEnded, "")
	})
}

func TestHoursAreSetForTheFirstTimeAndChanged(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	set := func(version, body string) *http.Response {
		return w.asks("PUT", "/hours", body, append(slices.Clone(mari), "If-Match", version)...)
	}
	res := w.asks("GET", "/hours", "", mari...)
	version := res.Header.Get("ETag")
	if read := answer[Hours](t, res, 200); read.Own || len(read.Weekly) != 5 || read.Weekly[0].Weekday != 1 {
		t.Errorf("the usual: %+v", read)
	}
	res = set(version, someHours)
	next := res.Header.Get("ETag")
	if got := answer[Hours](t, res, 200); !got.Own || got.Version != 1 {
		t.Errorf("set: %+v", got)
	}
	w.problem("as if none had been set", set(version, someHours), 412, ProblemChanged, "")
	w.problem("that end before they begin", set(next, strings.Replace(someHours, "960", "400", 1)), 422, ProblemInvalid, "weekly[0].until")
	w.problem("of an eighth day", set(next, strings.Replace(someHours, `"weekday":1`, `"weekday":8`, 1)), 422, ProblemInvalid, "weekly[0].weekday")
	w.problem("of a day that is none", set(next, strings.Replace(someHours, `"days":[]`, `"days":[{"day":"2027-02-29","from":0,"until":0}]`, 1)), 422, ProblemInvalid, "days[0].day")
	sunday := strings.Replace(someHours, `"weekday":1`, `"weekday":7`, 1)
	if got := answer[Hours](t, set(next, sunday), 200); got.Version != 2 || got.Weekly[0].Weekday != 7 {
		t.Errorf("changed: %+v", got)
	}
}

func TestALinkShowsWhatIsItsOwnAndNothingElse(t *testing.T) {
	w := newWorld(t)
	tuva, mari := w.signsIn("tuva", identity.LevelSubstantial), w.signsIn("mari", identity.LevelSubstantial)
	b := answer[Bookings](t, w.asks("POST", "/bookings", text(t, woundVisit("propose", tomorrow(10), tomorrow(11))), tuva...), 201).Items[0]
	one := func(option int, given string) string {
		return fmt.Sprintf(`{"participant":"","answers":[{"option":%q,"answer":%q}],"comment":"berre om eg må","starts":0}`, b.Options[option].ID, given)
	}
	answer[Booking](t, w.asks("POST", "/bookings/"+string(b.ID)+"/answers", one(0, "declined"), mari...), 200)
	seat := func(person access.PersonID) string {
		return b.People[slices.IndexFunc(b.People, func(p BookingPerson) bool { return p.Person == person })].ID
	}
	link := func(expires time.Duration) string {
		token, err := w.gate.DemoSeatLink(t.Context(), identity.Seat{
			Consultation: string(b.ID), Participant: seat("olav"), Person: "olav", Role: access.Patient, Owner: hospital,
			Identification: identity.IdentifyLink, Starts: w.now, Expires: w.now.Add(expires),
		})
		w.must(err)
		return token
	}
	open := func(token string) ([]string, *http.Response) {
		res := w.asks("POST", "/link", `{"token":"`+token+`"}`)
		if res.StatusCode != http.StatusOK {
			return nil, res
		}
		cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
		return []string{"Cookie", cookie, SessionHeader, answer[LinkAnswer](t, res, 200).Handle}, nil
	}
	token := link(72 * time.Hour)
	olav, _ := open(token)
	res := w.asks("GET", "/invitation", "", olav...)
	whole := bodyOf(t, res)
	for _, secret := range []string{"Veks såret?", "berre om eg må", "declined"} {
		if strings.Contains(whole, secret) {
			t.Errorf("the patient's page has %q: %s", secret, whole)
		}
	}
	var in Invitation
	w.must(json.Unmarshal([]byte(whole), &in))
	if in.Booking.ID != b.ID || in.Booking.Mine != seat("olav") || !slices.Equal(in.Booking.May, []string{"answer"}) || len(in.Others) != 1 || in.Others[0].OrganisationName == "" {
		t.Errorf("%+v", in)
	}
	got := answer[Booking](t, w.asks("POST", "/bookings/"+string(b.ID)+"/answers", one(1, "accepted"), olav...), 200)
	// The other time, which somebody who must be there has declined, is not asked about any more.
	if len(got.Options) != 1 || got.Options[0].ID != b.Options[1].ID || got.Options[0].Answers[0].Participant != seat("olav") {
		t.Errorf("%+v", got.Options)
	}
	w.unchanged(func() {
		w.problem("another consultation", w.asks("POST", "/bookings/c1/answers", anAnswer, olav...), 403, ProblemRefused, "")
		w.problem("read another", w.asks("GET", "/bookings/c1", "", olav...), 403, ProblemRefused, "")
		w.problem("for another", w.asks("POST", "/bookings/"+string(b.ID)+"/answers", strings.Replace(one(0, "accepted"), `"participant":""`, `"participant":"`+seat("mari")+`"`, 1), olav...), 403, ProblemRefused, "")
		w.problem("cancel", w.asks("POST", "/bookings/"+string(b.ID)+"/cancel", `{"reason":"patient","words":"","series":false}`, olav...), 403, ProblemRefused, "")
		foreign := w.opens("c2", "kari", access.Patient)
		w.problem("by another's link", w.asks("POST", "/bookings/"+string(b.ID)+"/answers", one(0, "accepted"), foreign...), 403, ProblemRefused, "")
		if _, res := open(token[:20]); res == nil || res.StatusCode/100 != 4 {
			t.Error("half a link opens")
		}
	})
	answer[Booking](t, w.asks("POST", "/bookings/"+string(b.ID)+"/cancel", `{"reason":"staff","words":"legen er sjuk","series":false}`, tuva...), 200)
	whole = bodyOf(t, w.asks("GET", "/invitation", "", olav...))
	if !strings.Contains(whole, `"cancelled"`) || strings.Contains(whole, "legen er sjuk") {
		t.Errorf("of what is cancelled: %s", whole)
	}
	w.unchanged(func() {
		w.problem("an answer to what is cancelled", w.asks("POST", "/bookings/"+string(b.ID)+"/answers", one(1, "declined"), olav...), 410, ProblemConsultationEnded, "")
	})
	// A link ends with its time, and when it is revoked.
	w.now = w.now.Add(73 * time.Hour)
	w.problem("a session of a link whose time is over", w.asks("GET", "/invitation", "", olav...), 401, ProblemSignIn, "")
}

func TestARevokedLinkAnswersNothing(t *testing.T) {
	w := newWorld(t)
	tor, sol := w.opens("c1", "tor", access.Interpreter), w.signsIn("sol", identity.LevelSubstantial)
	answer[Booking](t, w.asks("POST", "/bookings/c1/answers", anAnswer, tor...), 200)
	if res := w.asks("DELETE", "/consultations/c1/people/p-tor/link", "", append(sol, "If-Match", `"1"`)...); res.StatusCode/100 != 2 {
		t.Fatalf("revoke: %s", bodyOf(t, res))
	}
	w.unchanged(func() {
		if res := w.asks("POST", "/bookings/c1/answers", anAnswer, tor...); res.StatusCode != 401 && res.StatusCode != 410 {
			t.Errorf("status %d: %s", res.StatusCode, bodyOf(t, res))
		}
	})
}

func TestWhoActsForAnotherReadsWhatTheyHaveChanged(t *testing.T) {
	w := newWorld(t)
	w.must(w.db.Directory().SaveAgreement(t.Context(), identity.Agreement{
		ID: "pair", Version: 1, A: hospital, B: fjordvik, From: "2026-01-01",
		Grants: []identity.Grant{{To: hospital, May: []identity.GrantKind{identity.GrantBook, identity.GrantSee}, ActFor: true}},
		Policy: identity.Policy{Identification: identity.IdentifyLink, RetentionDays: 90},
	}, nil, nil))
	sol := w.signsIn("sol", identity.LevelSubstantial)
	body := with(woundVisit("book", tomorrow(10)), "organisation", "fjordvik")
	body["parties"] = body["parties"].([]any)[1:2] // Mari alone: nobody of the hospital is in it
	b := answer[Bookings](t, w.asks("POST", "/bookings", text(t, body), sol...), 201).Items[0]
	got := answer[Booking](t, w.asks("PUT", "/bookings/"+string(b.ID)+"/time", fmt.Sprintf(`{"starts":%d,"minutes":30,"anyway":false}`, tomorrow(12)), append(slices.Clone(sol), "If-Match", `"1"`)...), 200)
	if got.Starts != tomorrow(12) || got.Organisation != fjordvik {
		t.Errorf("%+v", got)
	}
}

func TestASearchAsksOnlyForTimesThatThereAre(t *testing.T) {
	w := newWorld(t)
	tuva := w.signsIn("tuva", identity.LevelSubstantial)
	ask := func(change string, by string) *http.Response {
		body := strings.NewReplacer(`"nobody"`, `"tuva"`, `"nurse"`, `"specialist"`, "{own}", "hospital", change, by).Replace(findTimes)
		return w.asks("POST", "/times", body, tuva...)
	}
	if found := answer[CommonTimes](t, ask("-", "-"), 200); len(found.Items) == 0 || found.Free == 0 {
		t.Errorf("%+v", found)
	}
	w.problem("until before from", ask(`"until":0`, fmt.Sprintf(`"until":%d`, tomorrow(1)-72*3600_000)), 422, ProblemInvalid, "until")
	w.problem("from the end of time", ask(`"from":0`, fmt.Sprintf(`"from":%d`, int64(1<<53-1))), 422, ProblemInvalid, "from")
	w.problem("for ever", ask(`"until":0`, fmt.Sprintf(`"until":%d`, int64(1<<53-1))), 422, ProblemInvalid, "until")
	w.problem("a day that ends before it begins", ask(`"earliest":0,"latest":0`, `"earliest":900,"latest":600`), 422, ProblemInvalid, "latest")
}
