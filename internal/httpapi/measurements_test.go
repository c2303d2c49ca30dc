package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const olavs = "/patients/olav/measurements"

// nullable are the fields that may be null; all else that is, is a list that should be empty.
var nullable = regexp.MustCompile(`"(opened|code|news2|latest|before|limits|measurement|greenLow|greenHigh|yellowLow|yellowHigh)":null`)

// measures is sends, for bodies in which a number may be left open.
func measures[A any](w *world, status int, method, path string, body any, header ...string) (answer A, res *http.Response) {
	w.t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		w.must(err)
		text = string(b)
	}
	res = w.asks(method, path, text, header...)
	got := bodyOf(w.t, res)
	if res.StatusCode != status {
		w.t.Fatalf("%s %s: %d %s, want %d", method, path, res.StatusCode, got, status)
	}
	if strings.Contains(nullable.ReplaceAllString(got, ""), "null") {
		w.t.Errorf("%s %s has a null, where the page knows lists: %s", method, path, got)
	}
	w.must(json.Unmarshal([]byte(got), &answer))
	return answer, res
}

// later is when time has passed; the gate has gone on meanwhile.
func (w *world) later(by time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(by)
	w.must(w.gate.Refresh(w.t.Context()))
}

// aMeasurement is a good one, a minute old.
func (w *world) aMeasurement(key, kind string, values ...float64) NewMeasurement {
	return NewMeasurement{Key: key, Kind: kind, Values: values, MeasuredAt: w.now.Add(-time.Minute).UnixMilli(), Method: "manual"}
}

// enters has values kept and returns what became of each.
func (w *world) enters(session []string, items ...NewMeasurement) []KeptMeasurement {
	w.t.Helper()
	kept, _ := measures[KeptMeasurements](w, http.StatusOK, "POST", olavs, NewMeasurements{Items: items}, session...)
	if len(kept.Items) != len(items) {
		w.t.Fatalf("%d of %d are answered", len(kept.Items), len(items))
	}
	return kept.Items
}

// byLink signs staff in by a demo's link to their seat.
func (w *world) byLink(person access.PersonID, role access.Role, of access.OrganisationID) []string {
	w.t.Helper()
	token, err := w.gate.DemoSeatLink(w.t.Context(), identity.Seat{
		Consultation: "c1", Participant: "p-" + string(person), Person: person, Role: role, Organisation: of, Owner: hospital,
		Identification: identity.IdentifyLink, Starts: w.now, Expires: w.now.Add(24 * time.Hour),
	})
	w.must(err)
	answer, res := measures[LinkAnswer](w, http.StatusOK, "POST", "/link", OpenLink{Token: token})
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	return []string{"Cookie", cookie, SessionHeader, answer.Handle}
}

func TestAPageLearnsWhosePanelIsOpenToIt(t *testing.T) {
	w := newWorld(t)
	const see, measure, ask = protocol.MaySee, protocol.MayMeasure, protocol.MayAsk
	for _, tt := range []struct {
		name    string
		session []string
		patient string
		may     []protocol.Permission
	}{
		{"the specialist by a demo's link", w.byLink("tuva", access.Specialist, hospital), "olav", []protocol.Permission{see, measure, ask}},
		{"the specialist by her account", w.signsIn("tuva", identity.LevelSubstantial), "olav", []protocol.Permission{see, measure, ask}},
		{"the nurse by her account", w.signsIn("mari", identity.LevelSubstantial), "olav", []protocol.Permission{see, measure, ask}},
		{"the GP", w.byLink("per", access.GP, fjordvik), "olav", []protocol.Permission{see, measure, ask}},
		{"the patient", w.opens("c1", "olav", access.Patient), "olav", []protocol.Permission{see, measure}},
		{"the relative whom he trusts", w.opens("c1", "ragna", access.Relative), "olav", []protocol.Permission{see, measure}},
		{"the interpreter", w.opens("c1", "tor", access.Interpreter), "", nil},
	} {
		opened, _ := measures[Opened](w, http.StatusOK, "GET", "/consultations/c1", nil, tt.session...)
		var may []protocol.Permission
		for _, p := range opened.May {
			if p == see || p == measure || p == ask {
				may = append(may, p)
			}
		}
		if opened.Patient != tt.patient || !slices.Equal(may, tt.may) {
			t.Errorf("%s: patient %q, may %v", tt.name, opened.Patient, may)
		}
		if tt.session[len(tt.session)-2] == SessionHeader { // a link's
			if i, _ := measures[Invitation](w, http.StatusOK, "GET", "/invitation", nil, tt.session...); string(i.Patient) != tt.patient {
				t.Errorf("%s is invited to see %q", tt.name, i.Patient)
			}
		}
		status := http.StatusOK
		if tt.patient == "" {
			status = http.StatusForbidden
		}
		measures[json.RawMessage](w, status, "GET", olavs, nil, tt.session...)
	}
	// A neighbour in another consultation, whom Olav has not trusted though he is his brother.
	neighbour := w.opens("c2", "knut", access.Relative)
	if opened, _ := measures[Opened](w, http.StatusOK, "GET", "/consultations/c2", nil, neighbour...); opened.Patient != "" {
		t.Errorf("the neighbour: %q", opened.Patient)
	}
}

func TestTrustThatIsTakenBackCountsAtOnce(t *testing.T) {
	w := newWorld(t)
	ragna, mari := w.opens("c1", "ragna", access.Relative), w.signsIn("mari", identity.LevelSubstantial)
	w.enters(ragna, w.aMeasurement("r1", "weight", 81.4))
	patient, res := sends[Patient](w, http.StatusOK, "GET", "/patients/olav", nil, mari...)
	patient.Consents = []PatientConsent{}
	sends[Patient](w, http.StatusOK, "PUT", "/patients/olav", writable(t, patient), and(mari, "If-Match", res.Header.Get("ETag"))...)
	for _, path := range []string{olavs, olavs + "/weight/values", "/patients/olav/limits"} {
		if p, _ := measures[Problem](w, http.StatusForbidden, "GET", path, nil, ragna...); p.Code != ProblemRefused || p.Rule != "observation.read" {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if opened, _ := measures[Opened](w, http.StatusOK, "GET", "/consultations/c1", nil, ragna...); opened.Patient != "" {
		t.Errorf("her page still has a panel: %q", opened.Patient)
	}
}

// writable is a body without what the server alone says.
func writable(t *testing.T, p Patient) map[string]any {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"id", "version", "warnings"} {
		delete(out, field)
	}
	return out
}

func TestALinkOfStaffIsForThePatientOfItsConsultation(t *testing.T) {
	w := newWorld(t)
	_, err := w.schedule.Save(t.Context(), scheduling.Appointment{ // she meets Kari now, too
		ID: "c9", Organisation: langvik, Starts: w.now, Ends: w.now.Add(time.Hour), State: scheduling.Booked, Identification: scheduling.ByLink,
		Participants: []scheduling.Participant{
			{ID: "p-tuva9", Person: "tuva", Role: access.Specialist, Organisation: hospital}, {ID: "p-kari9", Person: "kari", Role: access.Patient},
		},
	})
	w.must(err)
	link, account := w.byLink("tuva", access.Specialist, hospital), w.signsIn("tuva", identity.LevelSubstantial)
	measures[MeasurementPanel](w, http.StatusOK, "GET", olavs, nil, link...)
	measures[MeasurementPanel](w, http.StatusOK, "GET", "/patients/kari/measurements", nil, account...)
	measures[Problem](w, http.StatusForbidden, "GET", "/patients/kari/measurements", nil, link...)
	measures[Problem](w, http.StatusForbidden, "POST", "/patients/kari/measurements", NewMeasurements{Items: []NewMeasurement{w.aMeasurement("k", "weight", 60)}}, link...)
	// What is cancelled opens nothing more to the link; Fjordvik's nurse has her own patient.
	w.later(7 * time.Hour)
	measures[MeasurementPanel](w, http.StatusOK, "GET", olavs, nil, link...) // calls run late
	nurse := w.signsIn("mari", identity.LevelSubstantial)
	c1, err := w.db.Appointments().Appointment(t.Context(), "c1")
	w.must(err)
	c1.State = scheduling.Cancelled
	_, err = w.schedule.Save(t.Context(), c1)
	w.must(err)
	measures[Problem](w, http.StatusForbidden, "GET", olavs, nil, link...)
	measures[MeasurementPanel](w, http.StatusOK, "GET", olavs, nil, nurse...)
}

func TestWhatIsMeasuredIsFoundAgainWithAllThatIsKnownOfIt(t *testing.T) {
	w := newWorld(t)
	mari, olav := w.signsIn("mari", identity.LevelSubstantial), w.opens("c1", "olav", access.Patient)
	pressure := w.aMeasurement("bp1", "blood-pressure", 148, 86)
	pressure.Method, pressure.DeviceName, pressure.Model, pressure.Site, pressure.Position, pressure.Note = "device", "Blodtrykksmålar", "M7", "venstre arm", "sitjande", "etter kvile"
	kept, _ := measures[KeptMeasurements](w, http.StatusOK, "POST", olavs, NewMeasurements{Consultation: "c1", Items: []NewMeasurement{pressure}}, mari...)
	m := kept.Items[0].Measurement
	if m == nil || m.By != "mari" || m.Role != "nurse" || m.Device != "Blodtrykksmålar" || m.Site != "venstre arm" || m.Position != "sitjande" || m.Note != "etter kvile" ||
		m.MeasuredAt != pressure.MeasuredAt || m.ReceivedAt != w.now.UnixMilli() || m.Version != 1 || m.Status != "final" || m.Zone.Colour != "" || m.Zone.Crossed == nil {
		t.Fatalf("kept %+v", m)
	}
	if own := w.enters(olav, w.aMeasurement("w1", "weight", 81.4))[0]; own.Measurement.Method != "reported" || own.Measurement.Role != "patient" {
		t.Errorf("the patient's own: %+v", own)
	}

	panel, _ := measures[MeasurementPanel](w, http.StatusOK, "GET", olavs+"?for=temperature", nil, olav...)
	var rows []string
	for _, r := range panel.Rows {
		rows = append(rows, r.Kind)
	}
	if !slices.Equal(rows, []string{"blood-pressure", "weight", "temperature"}) || panel.Rows[2].Latest != nil || panel.Rows[0].Latest.ID != m.ID || panel.Rows[0].Before != nil {
		t.Errorf("the panel: %v, %+v", rows, panel)
	}
	if !panel.MayMeasure || panel.MaySetLimits || panel.NEWS2 != nil || panel.Now != w.now.UnixMilli() || panel.Limits.Version != 0 {
		t.Errorf("the patient's panel: %+v", panel)
	}
	if theirs, _ := measures[MeasurementPanel](w, http.StatusOK, "GET", olavs, nil, mari...); !theirs.MaySetLimits || theirs.NEWS2 == nil || len(theirs.NEWS2.Missing) != 6 {
		t.Errorf("the nurse's: %+v", theirs)
	}

	from, until := w.now.AddDate(0, 0, -7).UnixMilli(), w.now.UnixMilli()
	trend, _ := measures[Trend](w, http.StatusOK, "GET", fmt.Sprintf("%s/blood-pressure/trend?from=%d&until=%d", olavs, from, until), nil, olav...)
	if trend.Total != 1 || len(trend.Points) != 1 || !slices.Equal(trend.Points[0].Values, []float64{148, 86}) || trend.Limits != nil || !slices.Equal(trend.Mean, trend.Points[0].Values) || trend.First != pressure.MeasuredAt {
		t.Errorf("the trend: %+v", trend)
	}
	kinds, _ := measures[MeasuredKinds](w, http.StatusOK, "GET", "/kinds", nil, olav...)
	if k := kinds.Items[0]; k.ID != "blood-pressure" || k.Words.NN != "Blodtrykk" || len(k.Components) != 2 || k.Components[0].Unit != "mm[Hg]" || k.Components[0].Most != 300 {
		t.Errorf("the kinds: %+v", k)
	}
}

func TestAListOfValuesIsReadPageByPage(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	var items []NewMeasurement
	for i := range 5 { // two of one moment among them
		item := w.aMeasurement(fmt.Sprint("w", i), "weight", 80+float64(i))
		item.MeasuredAt -= int64(i/2) * 60_000
		items = append(items, item)
	}
	w.enters(mari, items...)
	var got []float64
	next := ""
	for range 5 {
		page, _ := measures[Measurements](w, http.StatusOK, "GET", olavs+"/weight/values?limit=2&cursor="+next, nil, mari...)
		for _, m := range page.Items {
			got = append(got, m.Values[0])
		}
		if next = page.Next; next == "" {
			break
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, []float64{80, 81, 82, 83, 84}) {
		t.Errorf("each is there once: %v", got)
	}
	if p, _ := measures[Problem](w, http.StatusUnprocessableEntity, "GET", olavs+"/weight/values?cursor=nonsense", nil, mari...); p.Field != "cursor" {
		t.Errorf("%+v", p)
	}
}

func TestAMeasurementThatIsSentAgainIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	a, b, c := w.aMeasurement("k1", "weight", 81), w.aMeasurement("k2", "weight", 80), w.aMeasurement("k3", "weight", 79)
	first := w.enters(mari, a, b)
	w.later(time.Minute) // the tablet was offline for a while
	again := w.enters(mari, a, b, c)
	if !again[0].Known || !again[1].Known || again[2].Known || again[0].Measurement.ID != first[0].Measurement.ID || again[1].Measurement.ReceivedAt != first[1].Measurement.ReceivedAt {
		t.Errorf("%+v", again)
	}
	if again[2].Measurement.ReceivedAt != w.now.UnixMilli() || again[2].Measurement.MeasuredAt != c.MeasuredAt {
		t.Errorf("measured then and received now: %+v", again[2].Measurement)
	}
	a.Values = []float64{99}
	if other := w.enters(mari, a)[0]; other.Measurement != nil || other.Field != "key" || other.Key != "k1" {
		t.Errorf("another value by the same name: %+v", other)
	}
	if list, _ := measures[Measurements](w, http.StatusOK, "GET", olavs+"/weight/values", nil, mari...); len(list.Items) != 3 {
		t.Errorf("%d are kept", len(list.Items))
	}
}

func TestABadMeasurementNamesItsFieldAndRuleAndKeepsNoOtherBack(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	good := w.aMeasurement("good", "weight", 81)
	for field, tt := range map[string]struct {
		change func(*NewMeasurement)
		rule   string
	}{
		"kind":             {func(m *NewMeasurement) { m.Kind = "shoe-size" }, "must be one that can be measured here"},
		"values":           {func(m *NewMeasurement) { m.Values = []float64{700} }, "must be 0.3–500 kg"},
		"values.diastolic": {func(m *NewMeasurement) { m.Kind, m.Values = "blood-pressure", []float64{80, 120} }, "must be below the systolic"},
		"values.systolic":  {func(m *NewMeasurement) { m.Kind, m.Values = "blood-pressure", []float64{400, 120} }, "must be 30–300 mm[Hg]"},
		"measuredAt":       {func(m *NewMeasurement) { m.MeasuredAt = w.now.Add(time.Hour).UnixMilli() }, "must not be in the future"},
		"device":           {func(m *NewMeasurement) { m.Method = "device" }, "is required where a device has sent the value"},
	} {
		bad := w.aMeasurement("bad-"+field, "weight", 80)
		tt.change(&bad)
		kept := w.enters(mari, bad, good)
		if kept[0].Measurement != nil || kept[0].Field != field || kept[0].Rule != tt.rule || kept[0].Key != bad.Key {
			t.Errorf("%s: %+v", field, kept[0])
		}
		if kept[1].Measurement == nil {
			t.Errorf("%s: the good one: %+v", field, kept[1])
		}
	}
	// What breaks the form of the request is refused whole.
	whole := func(items ...NewMeasurement) NewMeasurements { return NewMeasurements{Items: items} }
	withKey := func(key string) NewMeasurement { m := good; m.Key = key; return m }
	guessed := good
	guessed.Method = "calculated" // the service's own
	elsewhere := whole(good)
	elsewhere.Consultation = "c2"
	for field, body := range map[string]NewMeasurements{
		"items": {Items: []NewMeasurement{}}, "items ": whole(slices.Repeat([]NewMeasurement{good}, 101)...), "items[0].key": whole(withKey("")),
		"items[1].key": whole(good, withKey(strings.Repeat("k", 129))), "items[0].method": whole(guessed), "consultation": elsewhere,
	} {
		if p, _ := measures[Problem](w, http.StatusUnprocessableEntity, "POST", olavs, body, mari...); p.Field != strings.TrimSpace(field) || p.Rule == "" {
			t.Errorf("%s: %+v", field, p)
		}
	}
	for field, path := range map[string]string{
		"kind": olavs + "/shoe-size/trend?from=1&until=2", "from": olavs + "/weight/trend?from=2&until=2", "points": olavs + "/weight/trend?from=1&until=2&points=9",
		"kind ": olavs + "/shoe-size/values", "until": olavs + "/weight/trend?from=1", "limit": olavs + "/weight/values?limit=0",
	} {
		if p, _ := measures[Problem](w, http.StatusUnprocessableEntity, "GET", path, nil, mari...); p.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestACorrectionRestsOnTheVersionThatWasSeen(t *testing.T) {
	w := newWorld(t)
	mari, olav, tuva := w.signsIn("mari", identity.LevelSubstantial), w.opens("c1", "olav", access.Patient), w.byLink("tuva", access.Specialist, hospital)
	kept := w.enters(mari, w.aMeasurement("k1", "weight", 18.4))[0].Measurement
	at := olavs + "/" + kept.ID
	to := func(v float64) CorrectMeasurement {
		return CorrectMeasurement{Values: []float64{v}, Reason: "sifra var bytte om"}
	}
	if p, _ := measures[Problem](w, http.StatusPreconditionRequired, "PUT", at, to(81.4), tuva...); p.Field != "If-Match" {
		t.Errorf("%+v", p)
	}
	m, res := measures[protocol.Measurement](w, http.StatusOK, "PUT", at, to(81.4), and(tuva, "If-Match", `"1"`)...)
	if m.Status != "amended" || m.Values[0] != 81.4 || m.Corrected == nil || m.Corrected.By != "tuva" || m.Corrected.Reason == "" || m.By != "mari" || res.Header.Get("ETag") != `"2"` {
		t.Errorf("%+v, %s", m, res.Header.Get("ETag"))
	}
	measures[Problem](w, http.StatusPreconditionFailed, "PUT", at, to(81), and(mari, "If-Match", `"1"`)...)
	if p, _ := measures[Problem](w, http.StatusUnprocessableEntity, "PUT", at, to(814), and(mari, "If-Match", `"2"`)...); p.Field != "values" {
		t.Errorf("%+v", p)
	}
	measures[Problem](w, http.StatusNotFound, "PUT", at, to(81), and(olav, "If-Match", `"2"`)...) // not his to change
	wrong, _ := measures[protocol.Measurement](w, http.StatusOK, "PUT", at, CorrectMeasurement{Wrong: true, Values: []float64{}}, and(mari, "If-Match", `"2"`)...)
	if wrong.Status != "entered-in-error" {
		t.Errorf("%+v", wrong)
	}
	list, _ := measures[Measurements](w, http.StatusOK, "GET", olavs+"/weight/values", nil, mari...)
	panel, _ := measures[MeasurementPanel](w, http.StatusOK, "GET", olavs, nil, mari...)
	if len(list.Items) != 1 || len(panel.Rows) != 0 {
		t.Errorf("it stays to be seen, and counts for nothing: %+v, %+v", list, panel.Rows)
	}
}

func TestLimitsGiveZonesAndRestOnTheirVersion(t *testing.T) {
	w := newWorld(t)
	tuva, olav := w.byLink("tuva", access.Specialist, hospital), w.opens("c1", "olav", access.Patient)
	low, green, yellow := 100.0, 145.0, 160.0
	type body struct {
		Kinds    []KindLimits `json:"kinds"`
		ScaleTwo bool         `json:"scaleTwo"`
	}
	limits := func(all ...KindLimits) body { return body{Kinds: each(all, same)} }
	pressure := KindLimits{Kind: "blood-pressure", Limits: []KindLimit{{GreenLow: &low, GreenHigh: &green, YellowHigh: &yellow}, {}}}
	weight := KindLimits{Kind: "weight", Limits: []KindLimit{{}}, Rise: ChangeLimit{Days: 3, Yellow: 2}}
	none, res := measures[PatientLimits](w, http.StatusOK, "GET", "/patients/olav/limits", nil, olav...)
	if none.Version != 0 || none.SetBy != "" || len(none.Kinds) != 0 {
		t.Errorf("%+v", none)
	}
	set, _ := measures[PatientLimits](w, http.StatusOK, "PUT", "/patients/olav/limits", limits(pressure, weight), and(tuva, "If-Match", res.Header.Get("ETag"))...)
	if set.Version != 1 || set.SetBy != "tuva" || set.SetRole != "specialist" || len(set.Kinds) != 2 || *set.Kinds[0].Limits[0].YellowHigh != 160 || set.Kinds[1].Rise != weight.Rise || set.PlanVersion != 0 {
		t.Errorf("%+v", set)
	}
	measures[Problem](w, http.StatusPreconditionFailed, "PUT", "/patients/olav/limits", limits(), and(tuva, "If-Match", `"0"`)...)
	if p, _ := measures[Problem](w, http.StatusForbidden, "PUT", "/patients/olav/limits", limits(), and(olav, "If-Match", `"1"`)...); p.Rule != "limit.write" {
		t.Errorf("the patient sets them: %+v", p)
	}
	pressure.Limits[0].GreenHigh = &low
	pressure.Limits[0].GreenLow = &green
	if p, _ := measures[Problem](w, http.StatusUnprocessableEntity, "PUT", "/patients/olav/limits", limits(pressure), and(tuva, "If-Match", `"1"`)...); p.Field != "kinds[0].limits[0]" {
		t.Errorf("%+v", p)
	}
	kept := w.enters(olav, w.aMeasurement("a", "blood-pressure", 145, 80), w.aMeasurement("b", "blood-pressure", 146, 80), w.aMeasurement("c", "blood-pressure", 161, 80))
	for i, want := range []string{"green", "yellow", "red"} {
		if z := kept[i].Measurement.Zone; z.Colour != want || (len(z.Crossed) == 0) != (want == "green") {
			t.Errorf("%v: %+v", kept[i].Measurement.Values, z)
		}
	}
	from, until := w.now.AddDate(0, 0, -7).UnixMilli(), w.now.UnixMilli()
	trend, _ := measures[Trend](w, http.StatusOK, "GET", fmt.Sprintf("%s/blood-pressure/trend?from=%d&until=%d", olavs, from, until), nil, olav...)
	if trend.Limits == nil || trend.Out != 2 || trend.Set.SetBy != "tuva" || len(trend.Set.Kinds) != 0 {
		t.Errorf("%+v", trend)
	}
	// Scale 2 is whose decision it was.
	two, _ := measures[PatientLimits](w, http.StatusOK, "PUT", "/patients/olav/limits", body{Kinds: []KindLimits{}, ScaleTwo: true}, and(tuva, "If-Match", `"1"`)...)
	if !two.ScaleTwo || two.Version != 2 {
		t.Errorf("%+v", two)
	}
}

func TestThePatientReadsWhoHasSeenWhatIsMeasured(t *testing.T) {
	w := newWorld(t)
	tuva := w.byLink("tuva", access.Specialist, hospital)
	for range 3 { // a panel that is open asks again and again, and is one look
		measures[MeasurementPanel](w, http.StatusOK, "GET", olavs, nil, tuva...)
	}
	n := 0
	for _, e := range w.clinical.Entries() {
		if e.Actor.Person == "tuva" && e.Action == "observation.read" && e.Patient == "olav" && e.By == access.Participant {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d looks are on record", n)
	}
}
