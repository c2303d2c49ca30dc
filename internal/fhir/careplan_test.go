package fhir

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

var olav = access.Actor{Person: "olav", Role: access.Patient, Session: "s6"}

// writes puts a text into a part of Olav's plan.
func (w *world) writes(by access.Actor, f clinical.PlanField, base int64, text string) clinical.Plan {
	w.t.Helper()
	p, err := w.clinic.EditPlan(w.t.Context(), by, "olav", clinical.PlanEdit{Field: f, Base: base, Text: text})
	w.must(err)
	return p
}

// approve is what each of them says to the draft as it stands, an hour after another.
func (w *world) approve(p clinical.Plan, parties ...access.Actor) {
	w.t.Helper()
	for _, by := range parties {
		w.now = w.now.Add(time.Hour)
		next, err := w.clinic.ApprovePlan(w.t.Context(), by, "olav", p.Version, p.Revision)
		w.must(err)
		p = next
	}
}

// planWorld is one in which Olav's plan was approved at nine o'clock by himself and his nurse, and is being written on.
func planWorld(t *testing.T) *world {
	w := newWorld(t)
	w.speak(w.db.Clinical())
	at := func(v float64) *float64 { return &v }
	w.writes(olav, clinical.PlanMatters, 0, "Å kome meg ut i båten.")
	w.writes(mari, clinical.PlanGreen, 0, "Som vanleg.\nStøttestrømper kvar dag.")
	w.writes(mari, clinical.PlanYellow, 0, "Hevelse i leggen: ring heimesjukepleia 57 00 00 00.")
	p := w.writes(mari, clinical.PlanRed, 0, "Feber og raudt sår: ring 116 117.")
	p, err := w.clinic.SetPlanLimits(t.Context(), mari, "olav", p.Revision, []clinical.KindLimits{
		{Kind: clinical.BloodPressure, Limits: []clinical.Limit{
			{Green: clinical.Range{Low: at(105), High: at(140)}, Yellow: clinical.Range{Low: at(95), High: at(160)}}, {Green: clinical.Range{High: at(90)}},
		}},
		{Kind: clinical.OxygenSaturation, Limits: []clinical.Limit{{Green: clinical.Range{Low: at(88)}, Yellow: clinical.Range{Low: at(85)}}}},
	})
	w.must(err)
	w.approve(p, mari, olav)
	w.now = w.now.Add(time.Hour)
	w.writes(mari, clinical.PlanGreen, 1, "Som vanleg.")
	return w.as(journal)
}

func TestTheExampleOfAPlan(t *testing.T) {
	w := planWorld(t)
	isExample(t, "careplan", indented(t, bodyOf(t, w.asks("GET", "/CarePlan/olav.1", ""))))
}

func TestAPlanIsReadVersionByVersion(t *testing.T) {
	w := planWorld(t)
	all := told[bundle[CarePlan]](w, w.asks("POST", "/CarePlan/_search", "patient=Patient/olav"), http.StatusOK)
	if !slices.Equal(all.ids(), []string{"olav.2", "olav.1"}) || all.Total == nil || *all.Total != 2 {
		t.Fatalf("%+v", all)
	}
	draft, active := all.Entry[0].Resource, all.Entry[1].Resource
	if draft.Status != "draft" || draft.Period != nil || draft.Replaces != nil || draft.Activity[0].Detail.Status != "not-started" || draft.Contained[0].LifecycleStatus != "proposed" {
		t.Errorf("%+v", draft)
	}
	if active.Status != "active" || active.Period.Start != "2026-11-30T09:00:00Z" || active.Period.End != "" || active.Meta.LastUpdated != "2026-11-30T09:00:00Z" {
		t.Errorf("%+v", active)
	}
	var zones []string
	for _, one := range active.Activity {
		zones = append(zones, one.Detail.Code.code(systemPlan)+": "+one.Detail.Description)
	}
	if !slices.Equal(zones, []string{"green: Som vanleg.\nStøttestrømper kvar dag.", "yellow: Hevelse i leggen: ring heimesjukepleia 57 00 00 00.", "red: Feber og raudt sår: ring 116 117."}) {
		t.Errorf("%q", zones)
	}
	if n := active.Note; len(n) != 1 || n[0].Text != "Å kome meg ut i båten." || n[0].AuthorReference.Reference != "Patient/olav" || n[0].Time != "2026-11-30T07:00:00Z" {
		t.Errorf("%+v", n)
	}
	for _, tt := range []struct {
		asked string
		want  []string
	}{
		{"status=active", []string{"olav.1"}}, {"status=" + systemRequestStatus + "|draft", []string{"olav.2"}}, {"status=revoked", nil},
	} {
		if got := told[bundle[CarePlan]](w, w.asks("POST", "/CarePlan/_search", "patient=olav&"+tt.asked), http.StatusOK).ids(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", tt.asked, got)
		}
	}
	for body, path := range map[string]string{"subject=Patient/olav&status=active": "/CarePlan/_search", "patient.identifier=" + systemNationalID + "|" + olavsNumber + "&status=active": "/CarePlan/_search"} {
		if got := told[bundle[CarePlan]](w, w.asks("POST", path, body), http.StatusOK).ids(); !slices.Equal(got, []string{"olav.1"}) {
			t.Errorf("%s: %v", body, got)
		}
	}
	if got := told[bundle[CarePlan]](w, w.asks("GET", "/CarePlan?_id=olav.2", ""), http.StatusOK).ids(); !slices.Equal(got, []string{"olav.2"}) {
		t.Errorf("%v", got)
	}
	if got := told[bundle[CarePlan]](w, w.asks("GET", "/CarePlan?_id=olav.3", ""), http.StatusOK).ids(); got != nil {
		t.Errorf("%v", got)
	}
}

// Each party's approval stands in it by name and moment, and so does that it is awaited.
func TestWhoHasApprovedAPlanIsTold(t *testing.T) {
	w := planWorld(t)
	told1 := func(version string) (out []string) {
		for _, e := range told[CarePlan](w, w.asks("GET", "/CarePlan/olav."+version, ""), http.StatusOK).Extension {
			var party []string
			for _, x := range e.Extension {
				switch {
				case x.ValueCoding != nil:
					party = append(party, string(x.ValueCoding.Code))
				case x.ValueReference != nil:
					party = append(party, x.ValueReference.Reference)
				default:
					party = append(party, string(x.ValueDateTime))
				}
			}
			out = append(out, strings.Join(party, " "))
		}
		return out
	}
	if got := told1("1"); !slices.Equal(got, []string{"patient Patient/olav 2026-11-30T09:00:00Z", "nurse Organization/fjordvik Practitioner/mari 2026-11-30T08:00:00Z"}) {
		t.Errorf("%q", got)
	}
	if got := told1("2"); !slices.Equal(got, []string{"patient", "nurse Organization/fjordvik"}) {
		t.Errorf("%q", got)
	}
}

// What the colours mean in numbers is the plan's as it was approved, whatever limits there are later.
func TestThePlansLimitsAreGoalsInIt(t *testing.T) {
	w := planWorld(t)
	p := told[CarePlan](w, w.asks("GET", "/CarePlan/olav.1", ""), http.StatusOK)
	var words []string
	for i, g := range p.Contained {
		words = append(words, g.Description.Text)
		if p.Goal[i].Reference != "#"+string(g.ID) || g.LifecycleStatus != "active" || g.Subject.Reference != "Patient/olav" {
			t.Errorf("%+v", g)
		}
	}
	if !slices.Equal(words, []string{"Blodtrykk, overtrykk: grønn 105–140 mmHg, gul 95–160 mmHg", "Blodtrykk, undertrykk: grønn til 90 mmHg", "Oksygen: grønn fra 88 %, gul fra 85 %"}) {
		t.Errorf("%q", words)
	}
	systolic := p.Contained[0].Target[0]
	if systolic.Measure.code(systemLOINC) != "8480-6" || *systolic.DetailRange.Low.Value != 105 || *systolic.DetailRange.High.Value != 140 || systolic.DetailRange.High.Code != "mm[Hg]" {
		t.Errorf("%+v", systolic)
	}
	if diastolic, oxygen := p.Contained[1].Target[0].DetailRange, p.Contained[2].Target[0].DetailRange; diastolic.Low != nil || *diastolic.High.Value != 90 || oxygen.High != nil {
		t.Errorf("%+v", p.Contained)
	}
}

// A reader that holds the version before must not be told that nothing is new.
func TestAPlanThatAnotherReplacesIsAnotherVersionOfItself(t *testing.T) {
	w := planWorld(t)
	before := w.asks("GET", "/CarePlan/olav.1", "").Header.Get("ETag")
	if got := w.asks("GET", "/CarePlan/olav.1", "", "If-None-Match", before); got.StatusCode != http.StatusNotModified {
		t.Errorf("status %d", got.StatusCode)
	}
	all, err := w.clinic.Plans(t.Context(), mari, "olav")
	w.must(err)
	w.approve(all[0], mari, olav)
	now := told[CarePlan](w, w.asks("GET", "/CarePlan/olav.1", "", "If-None-Match", before), http.StatusOK)
	if now.Status != "revoked" || now.Period.End != "2026-11-30T12:00:00Z" || now.Meta.LastUpdated != now.Period.End.instant() || now.Activity[0].Detail.Status != "stopped" {
		t.Errorf("%+v", now)
	}
	if next := told[CarePlan](w, w.asks("GET", "/CarePlan/olav.2", ""), http.StatusOK); next.Status != "active" || next.Replaces[0].Reference != "CarePlan/olav.1" {
		t.Errorf("%+v", next)
	}
}

func (d DateTime) instant() Instant { return Instant(d) }

func TestWhatIsNotAPlanIsRefused(t *testing.T) {
	w := planWorld(t)
	w.failed("another version", w.asks("GET", "/CarePlan/olav.7", ""), 404, IssueNotFound, "")
	w.failed("a version in another spelling", w.asks("GET", "/CarePlan/olav.01", ""), 404, IssueNotFound, "")
	w.failed("no version", w.asks("GET", "/CarePlan/olav", ""), 404, IssueNotFound, "")
	w.failed("nobody's", w.as(stray).asks("GET", "/CarePlan/olav.1", ""), 403, IssueForbidden, "")
	w.failed("a coordinator's", w.as(siv).asks("GET", "/CarePlan/olav.1", ""), 403, IssueForbidden, "")
	w.as(journal)
	w.failed("a patient in an address", w.asks("GET", "/CarePlan?patient=olav", ""), 400, IssueBusinessRule, "http.patient")
	w.failed("no patient", w.asks("POST", "/CarePlan/_search", "status=active"), 400, IssueRequired, "http.patient")
	w.failed("another status", w.asks("POST", "/CarePlan/_search", "patient=olav&status=completed"), 400, IssueValue, "http.status")
	w.failed("a status of another system", w.asks("POST", "/CarePlan/_search", "patient=olav&status=x|active"), 400, IssueValue, "http.status")
	w.failed("a status without a code", w.asks("POST", "/CarePlan/_search", "patient=olav&status="+systemRequestStatus+"|"), 400, IssueValue, "http.status")
	w.failed("an id beside", w.asks("POST", "/CarePlan/_search", "_id=olav.1&status=active"), 400, IssueNotSupported, "http._id")
}

// One who goes on reading has read once.
func TestALookAtAPlanIsOnRecordOnce(t *testing.T) {
	w := planWorld(t)
	for range 3 {
		w.asks("GET", "/CarePlan/olav.1", "")
		w.asks("POST", "/CarePlan/_search", "patient=olav")
	}
	seen, err := w.db.Audit().OfPatient(t.Context(), "olav", "", 100, audit.New(w.now, siv, "seen.read", audit.Done))
	w.must(err)
	n := 0
	for _, e := range seen {
		if e.Action == "plan.read" && e.Actor.Person == journal.Person {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d reads are on record", n)
	}
}
