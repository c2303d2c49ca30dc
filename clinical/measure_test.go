package clinical_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

func TestAValueIsKeptWithWhereItComesFrom(t *testing.T) {
	w := newWard(t)
	in := clinical.New{
		Key: "k1", Kind: clinical.BloodPressure, Values: []float64{148, 86}, Measured: noon.Add(-time.Minute + 1234*time.Microsecond), Method: clinical.ByDevice,
		Device: clinical.Device{Name: "Blodtrykksmålar", Model: "M7", ID: "123"}, Site: "venstre arm", Position: "sitjande", Note: "etter kvile",
	}
	kept, err := w.Add(t.Context(), mari, "olav", "c1", []clinical.New{in})
	if err != nil {
		t.Fatal(err)
	}
	want := clinical.Observation{
		ID: kept[0].ID, Version: 1, Patient: "olav", Kind: in.Kind, Values: in.Values, Status: clinical.Final,
		Measured: in.Measured.Truncate(time.Millisecond), Received: noon, Method: clinical.ByDevice, Device: in.Device,
		Site: in.Site, Position: in.Position, Note: in.Note, Consultation: "c1", Key: "k1",
		Performer: clinical.Performer{Person: "mari", Name: "Mari Bjørk", Role: access.Nurse, Organisation: "fjordvik"},
	}
	if !reflect.DeepEqual(kept[0].Observation, want) || kept[0].Key != "k1" || kept[0].Known {
		t.Errorf("kept\n %+v, want\n %+v", kept[0], want)
	}
	if !reflect.DeepEqual(w.told, []clinical.Event{{Observations: []clinical.ObservationID{want.ID}}}) {
		t.Errorf("told %+v", w.told)
	}
	if got := w.recorded("mari"); !slices.Equal(got, []string{"observation.write"}) {
		t.Errorf("on record: %v", got)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("kept", "observation", want)
	if strings.Contains(log.String(), "148") || strings.Contains(log.String(), "Mari") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestWhatThePatientsSideEntersIsReported(t *testing.T) {
	w := newWard(t)
	for _, by := range []access.Actor{olav, ragna} {
		if kept := w.keeps(by, weight("w-"+string(by.Person), 0, 81)); kept[0].Method != clinical.Reported {
			t.Errorf("%s: %s", by.Person, kept[0].Method)
		}
	}
	device := weight("scale", 0, 81)
	device.Method, device.Device = clinical.ByDevice, clinical.Device{Name: "Vekt"}
	if kept := w.keeps(olav, device); kept[0].Method != clinical.ByDevice {
		t.Errorf("the patient's own device: %s", kept[0].Method)
	}
	if kept := w.keeps(home, weight("h", 0, 81)); kept[0].Performer.Name != "" || kept[0].Performer.Person != "homecare" {
		t.Errorf("another system: %+v", kept[0].Performer)
	}
}

func TestAValueThatBreaksARuleIsRefusedByItselfAndTheRestIsKept(t *testing.T) {
	good := weight("good", 0, 81)
	for rule, change := range map[string]func(*clinical.New){
		"kind must be one":                        func(n *clinical.New) { n.Kind = "shoe-size" },
		"values must be 1 numbers":                func(n *clinical.New) { n.Values = []float64{81, 82} },
		"values must be 0.3–500 kg":               func(n *clinical.New) { n.Values = []float64{501} },
		"measuredAt must not be in the future":    func(n *clinical.New) { n.Measured = noon.Add(5*time.Minute + time.Second) },
		"measuredAt is required":                  func(n *clinical.New) { n.Measured = time.Time{} },
		"measuredAt must be a time":               func(n *clinical.New) { n.Measured = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC) },
		"method must be manual":                   func(n *clinical.New) { n.Method = "guessed" },
		"device is required":                      func(n *clinical.New) { n.Method = clinical.ByDevice },
		"site must be at most 80":                 func(n *clinical.New) { n.Site = strings.Repeat("ø", 81) },
		"note must be at most 500":                func(n *clinical.New) { n.Note = "to\nlinjer" },
		"key must be at most 128":                 func(n *clinical.New) { n.Key = strings.Repeat("k", 129) },
		"position must be at most 80":             func(n *clinical.New) { n.Position = "\xff" },
		"device.model must be at most 80":         func(n *clinical.New) { n.Device.Model = strings.Repeat("x", 81) },
		`units "stone" is not a unit of it: must`: func(n *clinical.New) { n.Units = []string{"stone"} },
		"units must be as many":                   func(n *clinical.New) { n.Units = []string{"kg", "kg"} },
		"derivedFrom must be at most":             func(n *clinical.New) { n.DerivedFrom = make([]string, 51) },
		"derivedFrom[0] must be":                  func(n *clinical.New) { n.DerivedFrom = []string{"a\nb"} },
	} {
		w := newWard(t)
		bad := weight("bad", 1, 80)
		change(&bad)
		kept, err := w.Add(t.Context(), mari, "olav", "", []clinical.New{bad, good})
		if err != nil {
			t.Fatal(err)
		}
		if kept[0].Fault == nil || !strings.HasPrefix(kept[0].Fault.Error(), rule) || kept[0].ID != "" || kept[0].Key != bad.Key {
			t.Errorf("%s: %+v", rule, kept[0])
		}
		if kept[1].Fault != nil || kept[1].ID == "" {
			t.Errorf("%s: the good one: %+v", rule, kept[1])
		}
		// Whole or not at all.
		w = newWard(t)
		_, err = w.AddAll(t.Context(), mari, "olav", "", []clinical.New{good, bad})
		if one, ok := errors.AsType[*clinical.ItemError](err); !ok || one.Index != 1 {
			t.Errorf("%s, whole: %v", rule, err)
		}
		if len(w.told) != 0 || len(w.store.Entries()) != 0 {
			t.Errorf("%s: something was kept", rule)
		}
	}
	w := newWard(t)
	for _, n := range []int{0, clinical.MaxAtOnce + 1} {
		if _, err := w.Add(t.Context(), mari, "olav", "", make([]clinical.New, n)); !isInvalid(err) {
			t.Errorf("%d at once: %v", n, err)
		}
	}
	early := weight("clock", 0, 81)
	early.Measured = noon.Add(5 * time.Minute) // a device's clock may be so much ahead
	w.keeps(mari, early)
}

func TestAValueInAnotherUnitIsKeptInTheKindsOwn(t *testing.T) {
	w := newWard(t)
	pressure := clinical.New{Kind: clinical.BloodPressure, Values: []float64{16, 10.7}, Units: []string{"kPa", "kPa"}, Measured: noon, Method: clinical.ByHand}
	if kept := w.keeps(mari, pressure); !slices.Equal(kept[0].Values, []float64{120, 80}) {
		t.Errorf("kept %v", kept[0].Values)
	}
	if !slices.Equal(pressure.Values, []float64{16, 10.7}) {
		t.Error("the sender's own numbers were changed")
	}
}

func TestWhatIsSentAgainIsKeptOnce(t *testing.T) {
	w := newWard(t)
	first := w.keeps(mari, weight("k1", 0, 81), weight("k2", 1, 80))
	again := w.keeps(mari, weight("k2", 1, 80), weight("k1", 0, 81), weight("k3", 2, 79))
	if again[0].ID != first[1].ID || again[1].ID != first[0].ID || !again[0].Known || !again[1].Known || again[2].Known {
		t.Errorf("again: %+v", again)
	}
	if len(w.told) != 2 || !slices.Equal(w.told[1].Observations, []clinical.ObservationID{again[2].ID}) {
		t.Errorf("told %+v", w.told)
	}
	w.keeps(mari, weight("k1", 0, 81))
	if len(w.told) != 2 || len(w.recorded("mari")) != 2 {
		t.Errorf("nothing is new: told %+v, on record %v", w.told, w.recorded("mari"))
	}
	// The key of another sender is another key, and one that names something else is refused.
	if other := w.keeps(tuva, weight("k1", 0, 90)); other[0].Known || other[0].ID == first[0].ID {
		t.Errorf("another's: %+v", other)
	}
	kept, err := w.Add(t.Context(), mari, "olav", "", []clinical.New{weight("k4", 3, 78), weight("k1", 0, 99), weight("k5", 4, 77)})
	if err != nil || kept[1].Fault == nil || kept[1].Fault.Field != "key" || kept[0].Fault != nil || kept[2].Fault != nil || kept[0].ID == "" || kept[2].ID == "" {
		t.Errorf("%+v, %v", kept, err)
	}
	if _, err := w.AddAll(t.Context(), mari, "olav", "", []clinical.New{weight("k6", 3, 78), weight("k1", 0, 99)}); !isInvalid(err) {
		t.Errorf("whole: %v", err)
	}
	// Without a key nothing says that it is the same.
	if a, b := w.keeps(mari, weight("", 0, 81)), w.keeps(mari, weight("", 0, 81)); a[0].ID == b[0].ID {
		t.Error("two without a key are one")
	}
	// A correction does not make what was sent before another value.
	if _, err := w.Correct(t.Context(), mari, "olav", first[0].ID, 1, clinical.Edit{Values: []float64{82}}); err != nil {
		t.Fatal(err)
	}
	if again := w.keeps(mari, weight("k1", 0, 81)); !again[0].Known || again[0].Version != 2 || again[0].Values[0] != 82 {
		t.Errorf("after a correction: %+v", again[0])
	}
}

func TestAConsultationIsOneOfThePatients(t *testing.T) {
	w := newWard(t)
	for _, in := range []string{"c2", "nothing"} {
		_, err := w.Add(t.Context(), mari, "olav", in, []clinical.New{weight("k", 0, 81)})
		if broken, ok := errors.AsType[*clinical.Invalid](err); !ok || broken.Field != "consultation" {
			t.Errorf("in %s: %v", in, err)
		}
	}
	if len(w.told) != 0 {
		t.Error("something was kept")
	}
}

func TestACorrectionStandsBesideWhatWas(t *testing.T) {
	w := newWard(t)
	first := w.keeps(mari, weight("k1", 0, 81))[0]
	w.now = noon.Add(time.Minute)
	amended, err := w.Correct(t.Context(), tuva, "olav", first.ID, 1, clinical.Edit{Values: []float64{82}, Reason: "feil siffer"})
	if err != nil || amended.Version != 2 || amended.Status != clinical.Amended || amended.Values[0] != 82 {
		t.Fatalf("%+v, %v", amended, err)
	}
	if c := amended.Correction; c == nil || c.By.Name != "Tuva Ask" || !c.At.Equal(w.now) || c.Reason != "feil siffer" || amended.Performer.Name != "Mari Bjørk" {
		t.Errorf("%+v", amended)
	}
	if _, err := w.Correct(t.Context(), mari, "olav", first.ID, 1, clinical.Edit{Values: []float64{83}}); !errors.Is(err, clinical.ErrVersion) {
		t.Errorf("on what is past: %v", err)
	}
	if _, err := w.Correct(t.Context(), mari, "olav", first.ID, 2, clinical.Edit{Values: []float64{830}}); !isInvalid(err) {
		t.Errorf("to what can't be: %v", err)
	}
	wrong, err := w.Correct(t.Context(), mari, "olav", first.ID, 2, clinical.Edit{Wrong: true})
	if err != nil || wrong.Status != clinical.Wrong || wrong.Values[0] != 82 || wrong.Zone.Colour != "" {
		t.Errorf("%+v, %v", wrong, err)
	}
	if _, err := w.Correct(t.Context(), mari, "olav", first.ID, 3, clinical.Edit{Values: []float64{82}}); !isInvalid(err) {
		t.Errorf("what is wrong stays so: %v", err)
	}
	var kept []float64
	for _, o := range w.store.Versions(first.ID) {
		kept = append(kept, o.Values[0])
	}
	if !slices.Equal(kept, []float64{81, 82, 82}) || len(w.told) != 3 {
		t.Errorf("versions %v, told %v", kept, w.told)
	}
	if _, err := w.Correct(t.Context(), mari, "olav", "nothing", 1, clinical.Edit{Wrong: true}); !errors.Is(err, clinical.ErrNotFound) {
		t.Errorf("what is not there: %v", err)
	}
	if _, err := w.Correct(t.Context(), mari, "kari", first.ID, 3, clinical.Edit{Wrong: true}); !errors.Is(err, clinical.ErrNotFound) {
		t.Errorf("another patient's: %v", err)
	}
}

func TestOnlyWhoTreatsCorrectsWhatOthersHaveEntered(t *testing.T) {
	for _, by := range []access.Actor{olav, ragna, home} {
		w := newWard(t)
		others, own := w.keeps(mari, weight("m", 0, 81))[0], w.keeps(by, weight("o", 1, 80))[0]
		if _, err := w.Correct(t.Context(), by, "olav", others.ID, 1, clinical.Edit{Wrong: true}); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("%s corrects the nurse's: %v", by.Role, err)
		}
		if _, err := w.Correct(t.Context(), by, "olav", own.ID, 1, clinical.Edit{Wrong: true}); err != nil {
			t.Errorf("%s corrects their own: %v", by.Role, err)
		}
		if _, err := w.Correct(t.Context(), mari, "olav", own.ID, 2, clinical.Edit{Wrong: true}); !isInvalid(err) { // is wrong already
			t.Errorf("the nurse, %s's: %v", by.Role, err)
		}
	}
}

// TestWhoMaySeeAndMeasure has everybody who stands around the patient, in each thing that is done.
func TestWhoMaySeeAndMeasure(t *testing.T) {
	for _, tt := range []struct {
		by                access.Actor
		see, measure, set bool
	}{
		{tuva, true, true, true}, {mari, true, true, true}, {olav, true, true, false}, {ragna, true, true, false},
		{knut, false, false, false}, {tor, false, false, false}, {lars, false, false, false}, {siv, false, false, false}, {home, true, true, false},
	} {
		w := newWard(t)
		ctx := t.Context()
		kept := w.keeps(mari, weight("k1", 0, 81))
		if may, err := w.May(ctx, tt.by, "olav"); err != nil || may.See != tt.see || may.Measure != tt.measure || may.SetLimits != tt.set {
			t.Errorf("%s may %+v, %v", tt.by.Person, may, err)
		}
		before := len(w.recorded(tt.by.Person))
		sight, ok, err := w.See(ctx, tt.by, "olav", clinical.Event{Observations: []clinical.ObservationID{kept[0].ID}, Limits: true})
		if err != nil || ok != tt.see || (len(sight.Values) == 1) != tt.see {
			t.Errorf("%s sees %+v, %v", tt.by.Person, sight, err)
		}
		if !tt.see && len(w.recorded(tt.by.Person)) != before {
			t.Errorf("%s was refused where nothing was asked", tt.by.Person)
		}
		for what, do := range map[string]struct {
			may bool
			err error
		}{
			"panel":  {tt.see, second(w.Panel(ctx, tt.by, "olav", nil))},
			"trend":  {tt.see, second(w.Trend(ctx, tt.by, "olav", clinical.Weight, noon.AddDate(0, 0, -7), noon, 100))},
			"values": {tt.see, second(w.Values(ctx, tt.by, "olav", clinical.Query{Kind: clinical.Weight, Most: 10}))},
			"limits": {tt.see, second(w.Limits(ctx, tt.by, "olav"))},
			"add":    {tt.measure, second(w.Add(ctx, tt.by, "olav", "", []clinical.New{weight("k2", 1, 80)}))},
			"set":    {tt.set, second(w.SetLimits(ctx, tt.by, "olav", clinical.Limits{}))},
		} {
			if (do.err == nil) != do.may || !do.may && !isRefused(do.err) {
				t.Errorf("%s, %s: %v", tt.by.Person, what, do.err)
			}
		}
		refused := slices.ContainsFunc(w.recorded(tt.by.Person), func(s string) bool { return strings.HasSuffix(s, "refused") })
		if refused != !(tt.see && tt.measure && tt.set) {
			t.Errorf("%s: on record %v", tt.by.Person, w.recorded(tt.by.Person))
		}
		// Of a patient who is not there the answer is the same.
		if _, err := w.Panel(ctx, tt.by, "nobody", nil); !isRefused(err) {
			t.Errorf("%s, nobody: %v", tt.by.Person, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestALinkIsForThePatientOfItsConsultation(t *testing.T) {
	w := newWard(t)
	// Everybody here stands to Kari as to Olav; only an account reaches her.
	for _, by := range []access.Actor{tuva, ragna} {
		if may, err := w.May(t.Context(), by, "kari"); err != nil || may != (clinical.Rights{}) {
			t.Errorf("%s by link: %+v, %v", by.Person, may, err)
		}
	}
	if may, err := w.May(t.Context(), mari, "kari"); err != nil || !may.See {
		t.Errorf("by account: %+v, %v", may, err)
	}
	// Staff by link have what the call gives, and nothing of their organisation's.
	w.stands["tuva"] = access.SameOrganisation
	if may, _ := w.May(t.Context(), tuva, "olav"); may != (clinical.Rights{}) {
		t.Errorf("when the call is over: %+v", may)
	}
}

func TestALookIsOnRecordOnceAnHourAndThePatientsOwnNever(t *testing.T) {
	w := newWard(t)
	kept := w.keeps(mari, weight("k1", 0, 81))
	looks := func(by access.Actor) int {
		n := 0
		for _, e := range w.store.Entries() {
			if e.Actor.Person == by.Person && e.Action == access.ObservationRead.String() {
				n++
			}
		}
		return n
	}
	look := func(by access.Actor) {
		t.Helper()
		for _, err := range []error{
			second(w.Panel(t.Context(), by, "olav", nil)), second(w.Limits(t.Context(), by, "olav")),
			second(w.Values(t.Context(), by, "olav", clinical.Query{Kind: clinical.Weight, Most: 1})),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, ok, err := w.See(t.Context(), by, "olav", clinical.Event{Observations: []clinical.ObservationID{kept[0].ID}}); !ok || err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []int{1, 1, 2} {
		look(tuva)
		look(olav)
		look(ragna)
		if looks(tuva) != want || looks(ragna) != want || looks(olav) != 0 {
			t.Errorf("after %d times: %d, %d and %d looks", i+1, looks(tuva), looks(ragna), looks(olav))
		}
		w.now = w.now.Add(40 * time.Minute)
	}
}

func TestThePanelShowsWhatMatters(t *testing.T) {
	w := newWard(t)
	old := clinical.New{Key: "g", Kind: clinical.Glucose, Values: []float64{6.1}, Measured: noon.AddDate(0, 0, -121), Method: clinical.ByHand}
	w.keeps(mari, weight("k3", 2, 79), weight("k1", 0, 81), weight("k2", 1, 80), old)
	for i := range 20 {
		w.keeps(mari, weight(fmt.Sprint("more", i), 10+i, 70+float64(i)))
	}
	panel, err := w.Panel(t.Context(), mari, "olav", nil)
	if err != nil || !slices.Equal(kindsOf(panel.Rows), []clinical.KindID{clinical.Weight}) {
		t.Fatalf("%+v, %v", panel, err)
	}
	row := panel.Rows[0]
	if row.Latest.Values[0] != 81 || row.Before.Values[0] != 80 || !slices.Equal(values(row.Recent), []float64{78, 77, 76, 75, 74, 73, 72, 71, 70, 79, 80, 81}) {
		t.Errorf("%+v: %v", row, values(row.Recent))
	}
	if !panel.MayWrite || !panel.MaySetLimits || row.Latest.Zone.Colour != clinical.NoColour {
		t.Errorf("%+v", panel)
	}
	// What is asked for, and what has limits, stands there though nothing of it is new, or at all.
	w.limits(tuva, clinical.Limits{Kinds: []clinical.KindLimits{{Kind: clinical.Glucose, Limits: []clinical.Limit{limit(nil, p(4), p(8), nil)}}}})
	panel, err = w.Panel(t.Context(), mari, "olav", []clinical.KindID{clinical.Temperature, "shoe-size"})
	if err != nil || !slices.Equal(kindsOf(panel.Rows), []clinical.KindID{clinical.Glucose, clinical.Weight, clinical.Temperature}) {
		t.Fatalf("%v, %v", kindsOf(panel.Rows), err)
	}
	if z := panel.Rows[0].Latest.Zone.Colour; z != clinical.Green || panel.Rows[2].Latest != nil {
		t.Errorf("%+v", panel.Rows)
	}
	// What was wrong counts for nothing.
	for _, s := range []clinical.ObservationID{row.Latest.ID} {
		if _, err := w.Correct(t.Context(), mari, "olav", s, 1, clinical.Edit{Wrong: true}); err != nil {
			t.Fatal(err)
		}
	}
	if panel, _ = w.Panel(t.Context(), mari, "olav", nil); panel.Rows[1].Latest.Values[0] != 80 {
		t.Errorf("%+v", panel.Rows[1].Latest)
	}
}

func TestAnswersAboutOneselfAreNotForARelative(t *testing.T) {
	w := newWard(t)
	phq := clinical.New{Key: "p", Kind: clinical.PHQ9, Values: []float64{14}, Measured: noon, Method: clinical.ByHand}
	kept := w.keeps(olav, phq, weight("k1", 0, 81))
	event := clinical.Event{Observations: []clinical.ObservationID{kept[0].ID, kept[1].ID}}
	for _, tt := range []struct {
		by   access.Actor
		want int
	}{{tuva, 2}, {olav, 2}, {ragna, 1}} {
		panel, err := w.Panel(t.Context(), tt.by, "olav", []clinical.KindID{clinical.PHQ9})
		if err != nil || len(panel.Rows) != tt.want {
			t.Errorf("%s: %v, %v", tt.by.Person, kindsOf(panel.Rows), err)
		}
		if sight, _, err := w.See(t.Context(), tt.by, "olav", event); err != nil || len(sight.Values) != tt.want {
			t.Errorf("%s sees %+v, %v", tt.by.Person, sight, err)
		}
		if all, err := w.Values(t.Context(), tt.by, "olav", clinical.Query{Most: 10}); err != nil || len(all) != tt.want {
			t.Errorf("%s lists %+v, %v", tt.by.Person, all, err)
		}
	}
	if _, err := w.Values(t.Context(), ragna, "olav", clinical.Query{Kind: clinical.PHQ9, Most: 10}); !isInvalid(err) {
		t.Errorf("by kind: %v", err)
	}
	if _, err := w.Trend(t.Context(), ragna, "olav", clinical.PHQ9, noon.AddDate(0, 0, -1), noon, 100); !isInvalid(err) {
		t.Errorf("its trend: %v", err)
	}
	if _, err := w.Correct(t.Context(), ragna, "olav", kept[0].ID, 1, clinical.Edit{Wrong: true}); !errors.Is(err, clinical.ErrNotFound) {
		t.Errorf("to correct it: %v", err)
	}
}

func TestNEWS2IsForWhoTreatsAGrownUp(t *testing.T) {
	w := newWard(t)
	var seven []clinical.New
	for kind, o := range well() {
		seven = append(seven, clinical.New{Key: string(kind), Kind: kind, Values: o.Values, Measured: noon, Method: clinical.ByHand})
	}
	w.keeps(mari, seven...)
	news2 := func(by access.Actor) *clinical.NEWS2 {
		t.Helper()
		panel, err := w.Panel(t.Context(), by, "olav", nil)
		if err != nil {
			t.Fatal(err)
		}
		return panel.NEWS2
	}
	if n := news2(mari); n == nil || n.Total != 0 || n.Risk != clinical.RiskLow || n.Scale != 1 {
		t.Errorf("the nurse: %+v", n)
	}
	for _, by := range []access.Actor{olav, ragna, home} {
		if n := news2(by); n != nil {
			t.Errorf("%s: %+v", by.Person, n)
		}
	}
	w.born = noon.AddDate(-15, 0, 0)
	if n := news2(mari); n != nil {
		t.Errorf("of a child: %+v", n)
	}
	w.born = noon.AddDate(-80, 0, 0)
	// Scale 2 is a clinician's decision, on record with who made it and when, and made once.
	first := w.limits(tuva, clinical.Limits{ScaleTwo: &clinical.Decision{By: clinical.Performer{Name: "Somebody Else"}}})
	w.now = noon.Add(time.Minute)
	second := w.limits(mari, clinical.Limits{Version: 1, ScaleTwo: &clinical.Decision{}})
	for _, l := range []clinical.Limits{first, second} {
		if l.ScaleTwo == nil || l.ScaleTwo.By.Name != "Tuva Ask" || !l.ScaleTwo.At.Equal(noon) {
			t.Errorf("the decision: %+v", l.ScaleTwo)
		}
	}
	if second.By.Name != "Mari Bjørk" || !second.Set.Equal(w.now) || second.Version != 2 {
		t.Errorf("the limits: %+v", second)
	}
	if n := news2(mari); n == nil || n.Scale != 2 {
		t.Errorf("after the decision: %+v", n)
	}
	if _, err := w.SetLimits(t.Context(), tuva, "olav", clinical.Limits{Version: 1}); !errors.Is(err, clinical.ErrVersion) {
		t.Errorf("on what is past: %v", err)
	}
}

func TestATrendIsThinnedAndCountsAll(t *testing.T) {
	w := newWard(t)
	var many []clinical.New
	for i := range 400 {
		n := weight(fmt.Sprint("w", i), 0, 70+float64(i%20))
		n.Measured = noon.Add(-time.Duration(i) * time.Hour)
		many = append(many, n)
	}
	w.keeps(mari, many...)
	w.limits(tuva, clinical.Limits{Kinds: []clinical.KindLimits{{Kind: clinical.Weight, Limits: []clinical.Limit{limit(nil, p(70), p(84), p(88))}}}})
	trend, err := w.Trend(t.Context(), mari, "olav", clinical.Weight, noon.AddDate(0, 0, -30), noon.Add(time.Millisecond), 50)
	if err != nil {
		t.Fatal(err)
	}
	if trend.Total != 400 || len(trend.Points) > 50 || trend.Out != 100 || trend.Week.Count != 169 || !trend.First.Equal(many[399].Measured) || trend.Set.Version != 1 {
		t.Errorf("%d of %d, %d out, %d in the week, first %s", len(trend.Points), trend.Total, trend.Out, trend.Week.Count, trend.First)
	}
	if got := values(trend.Points); slices.Min(got) != 70 || slices.Max(got) != 89 {
		t.Errorf("%v", got)
	}
	for field, err := range map[string]error{
		"kind":   second(w.Trend(t.Context(), mari, "olav", "shoe-size", noon.AddDate(0, 0, -1), noon, 50)),
		"from":   second(w.Trend(t.Context(), mari, "olav", clinical.Weight, noon, noon, 50)),
		"points": second(w.Trend(t.Context(), mari, "olav", clinical.Weight, noon.AddDate(0, 0, -1), noon, 9)),
	} {
		if broken, ok := errors.AsType[*clinical.Invalid](err); !ok || broken.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	// Those wrong are in the list, page by page, and in no trend.
	all, err := w.Values(t.Context(), mari, "olav", clinical.Query{Kind: clinical.Weight, Most: 2})
	if err != nil || len(all) != 2 || !all[0].Measured.Equal(noon) {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := w.Correct(t.Context(), mari, "olav", all[1].ID, 1, clinical.Edit{Wrong: true}); err != nil {
		t.Fatal(err)
	}
	again, err := w.Values(t.Context(), mari, "olav", clinical.Query{Kind: clinical.Weight, Most: 2})
	if err != nil || !slices.Equal(ids(again), ids(all)) || again[1].Status != clinical.Wrong {
		t.Errorf("%+v, %v", again, err)
	}
	if trend, _ = w.Trend(t.Context(), mari, "olav", clinical.Weight, noon.AddDate(0, 0, -30), noon.Add(time.Millisecond), 50); trend.Total != 399 {
		t.Errorf("%d in the trend", trend.Total)
	}
	if _, err := w.Values(t.Context(), mari, "olav", clinical.Query{Kind: clinical.Weight, Most: 1001}); !isInvalid(err) {
		t.Errorf("too many: %v", err)
	}
}

func TestWhatMovesOverDaysIsHeldAgainstWhatWasAndReadOnce(t *testing.T) {
	w := newWard(t)
	w.limits(tuva, clinical.Limits{Kinds: []clinical.KindLimits{{
		Kind: clinical.Weight, Limits: []clinical.Limit{{}}, Rise: clinical.Change{Days: 3, Yellow: 2, Red: 3},
	}}})
	reads := w.store.Reads()
	kept := w.keeps(mari, weight("a", 9, 70), weight("b", 8, 71), weight("c", 6, 72), weight("d", 3, 73.5), weight("e", 1, 73.5), weight("f", 0, 77))
	var got []clinical.Colour
	for _, r := range kept {
		got = append(got, r.Zone.Colour)
	}
	if want := []clinical.Colour{clinical.Green, clinical.Green, clinical.Yellow, clinical.Green, clinical.Green, clinical.Red}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if n := w.store.Reads() - reads; n != 1 {
		t.Errorf("the series was read %d times", n)
	}
	// One by one they are the same.
	for i, r := range kept {
		sight, _, err := w.See(t.Context(), mari, "olav", clinical.Event{Observations: []clinical.ObservationID{r.ID}})
		if err != nil || sight.Values[0].Zone.Colour != got[i] {
			t.Errorf("%s: %+v, %v", r.Key, sight, err)
		}
	}
}

func TestAReaderIsToldInTheOrderInWhichThingsHappened(t *testing.T) {
	w := newWard(t)
	kept := w.keeps(mari, weight("a", 0, 70), weight("b", 9, 71), weight("c", 3, 72))
	order := []clinical.ObservationID{kept[1].ID, kept[0].ID, "nothing", kept[2].ID}
	sight, ok, err := w.See(t.Context(), tuva, "olav", clinical.Event{Observations: order})
	if want := slices.Delete(slices.Clone(order), 2, 3); err != nil || !ok || !slices.Equal(ids(sight.Values), want) || sight.Limits != 0 {
		t.Errorf("%v, %v, want %v", ids(sight.Values), err, want)
	}
	w.limits(tuva, clinical.Limits{})
	if sight, ok, err = w.See(t.Context(), tuva, "olav", clinical.Event{Limits: true}); err != nil || !ok || sight.Limits != 1 || sight.Values != nil {
		t.Errorf("%+v, %v", sight, err)
	}
}

func TestAServiceNeedsItsParts(t *testing.T) {
	w := newWard(t)
	for name, cfg := range map[string]clinical.Config{
		"no store": {Relations: w, Names: w}, "no relations": {Store: w.store, Names: w}, "no names": {Store: w.store, Relations: w},
		"a negative time": {Store: w.store, Relations: w, Names: w, NEWS2Together: -1},
	} {
		if _, err := clinical.NewService(cfg); err == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
}
