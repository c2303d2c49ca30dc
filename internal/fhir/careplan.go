package fhir

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// Plans keeps patients' own plans: clinical.Service.
type Plans interface {
	Plans(ctx context.Context, by access.Actor, patient access.PersonID) ([]clinical.Plan, error)
}

// CarePlan is one version of a patient's own plan. It is read, and not written: it is made with the
// patient, and each party approves it by name. Its zones are activities (what to do, and when), what matters
// to the patient is its note, and the numbers of the zones are goals.
type CarePlan struct {
	Header
	Contained   []Goal            `json:"contained,omitempty"`
	Extension   []PlanExtension   `json:"extension,omitempty"` // the approvals, one for each party
	Replaces    []Reference       `json:"replaces,omitempty"`
	Status      Code              `json:"status"`
	Intent      Code              `json:"intent"`
	Category    []CodeableConcept `json:"category"`
	Title       string            `json:"title"`
	Subject     *Reference        `json:"subject"`
	Period      *Period           `json:"period,omitempty"` // from when all had approved it until the next was
	Created     DateTime          `json:"created"`
	Author      *Reference        `json:"author"` // who began this version
	Contributor []Reference       `json:"contributor,omitempty"`
	Goal        []Reference       `json:"goal,omitempty"`
	Activity    []PlanActivity    `json:"activity,omitempty"`
	Note        []Annotation      `json:"note,omitempty"`
}

// PlanActivity is one zone.
type PlanActivity struct {
	Detail PlanDetail `json:"detail"`
}

// PlanDetail is what to do in it, in the patient's words.
type PlanDetail struct {
	Code        *CodeableConcept `json:"code"`
	Status      Code             `json:"status"`
	Description string           `json:"description"`
}

// PlanExtension is what R4 has no element for: whether a party has approved the version.
type PlanExtension struct {
	URL            string          `json:"url"`
	Extension      []PlanExtension `json:"extension,omitempty"`
	ValueCoding    *Coding         `json:"valueCoding,omitempty"`
	ValueReference *Reference      `json:"valueReference,omitempty"`
	ValueDateTime  DateTime        `json:"valueDateTime,omitempty"`
}

// Goal is what the zones mean in numbers, of one thing that is measured. It stands within its plan only.
type Goal struct {
	Header
	LifecycleStatus Code             `json:"lifecycleStatus"`
	Description     *CodeableConcept `json:"description"`
	Subject         *Reference       `json:"subject"`
	Target          []GoalTarget     `json:"target"` // the green zone; R4 has none for the others
}

// GoalTarget is what a number should be.
type GoalTarget struct {
	Measure     *CodeableConcept `json:"measure"`
	DetailRange *QuantityRange   `json:"detailRange"`
}

// QuantityRange is from low to high, both included; one that is not there is open.
type QuantityRange struct {
	Low  *Quantity `json:"low,omitempty"`
	High *Quantity `json:"high,omitempty"`
}

func (h *Handler) carePlans() kind {
	return kind{
		name: "CarePlan", profile: structureDefinition + "CarePlan", see: access.PlanRead, read: h.readCarePlan, search: h.searchCarePlans,
		params: []param{
			{name: "_id", sort: "token", doc: "the id, by itself"},
			{name: "patient", sort: "reference", doc: "whose; this, subject or patient.identifier is required", private: true},
			{name: "subject", sort: "reference", doc: "the same as patient", private: true},
			{name: "patient.identifier", sort: "token", doc: "system|number of an identity number, D-number or shared emergency number", private: true},
			{name: "status", sort: "token", doc: "draft, active or revoked"},
		},
		notes: "A patient's own plan (egenbehandlingsplan), each version of it by itself, the latest first: at most one is being written (draft), one at most is what limits and print-outs follow " +
			"(active, approved by all), and those before it are revoked. activity are the zones green, yellow and red, in the patient's own words; note is what matters to the patient; " +
			"the contained Goals are the patient's limits for what is measured, green as target and all in words. Each extension " + extensionApproval +
			" is a party, with who has approved for it and when; without by and at it has not yet. Norway has no base profile of it.",
	}
}

// carePlanID names a version by its patient too, with whom it is kept.
func carePlanID(patient access.PersonID, version int64) string {
	return string(patient) + "." + strconv.FormatInt(version, 10)
}

func patientAndVersion(id string) (access.PersonID, int64) {
	patient, text, _ := strings.Cut(id, ".")
	version, err := strconv.ParseInt(text, 10, 64)
	if err != nil || carePlanID(access.PersonID(patient), version) != id {
		version = 0 // which none has
	}
	return access.PersonID(patient), version
}

func (h *Handler) readCarePlan(ctx context.Context, a *ask) (*answer, error) {
	all, at, err := h.planned(ctx, a.by, a.id)
	if err != nil {
		return nil, err
	}
	if at < 0 {
		return nil, clinical.ErrNotFound
	}
	return &answer{resource: h.carePlan(all, at), version: carePlanVersion(all[at])}, nil
}

// planned reads a patient's versions, and the place of one of them; -1: it is none.
func (h *Handler) planned(ctx context.Context, by access.Actor, id string) (all []clinical.Plan, at int, err error) {
	patient, version := patientAndVersion(id)
	all, err = h.cfg.Plans.Plans(ctx, by, patient)
	return all, slices.IndexFunc(all, func(p clinical.Plan) bool { return p.Version == version }), err
}

func (h *Handler) searchCarePlans(ctx context.Context, a *ask) (*answer, error) {
	if id := a.one("_id"); id != "" {
		if len(a.given) > 1 {
			return nil, faultAt(400, IssueNotSupported, "http._id", "must stand by itself")
		}
		all, at, err := h.planned(ctx, a.by, id)
		if err != nil {
			return nil, err
		}
		var out []*CarePlan
		if at >= 0 {
			out = append(out, h.carePlan(all, at))
		}
		return found(h, a, out, ""), nil
	}
	status, err := a.planState()
	if err != nil {
		return nil, err
	}
	patient, err := h.searched(ctx, a)
	if err != nil {
		return nil, err
	}
	all, err := h.cfg.Plans.Plans(ctx, a.by, patient)
	if err != nil {
		return nil, err
	}
	var out []*CarePlan
	for i, p := range all {
		if status == "" || p.State == status {
			out = append(out, h.carePlan(all, i))
		}
	}
	return found(h, a, out, ""), nil
}

// planState is a criterion; empty: any.
func (a *ask) planState() (clinical.PlanState, error) {
	status := a.one("status")
	if system, code, ok := strings.Cut(status, "|"); ok {
		if status = code; system != systemRequestStatus {
			return "", faultAt(400, IssueValue, "http.status", "must be of "+systemRequestStatus)
		}
	}
	switch s := clinical.PlanState(status); {
	case status == "" && a.one("status") == "", s == clinical.PlanDraft, s == clinical.PlanActive, s == clinical.PlanReplaced:
		return s, nil
	}
	return "", faultAt(400, IssueValue, "http.status", "must be draft, active or revoked")
}

// carePlanVersion counts the changes of one version of the plan. That another has taken its place is one
// too, which the draft's own count does not have.
func carePlanVersion(p clinical.Plan) int64 {
	if p.State == clinical.PlanReplaced {
		return p.Revision + 1
	}
	return p.Revision
}

// carePlan is one of a patient's versions as a resource.
func (h *Handler) carePlan(all []clinical.Plan, at int) *CarePlan {
	p := all[at]
	out := &CarePlan{
		Header: header("CarePlan", carePlanID(p.Patient, p.Version), carePlanVersion(p), structureDefinition+"CarePlan"),
		Status: Code(p.State), Intent: "plan",
		Category: []CodeableConcept{{Coding: []Coding{{System: systemPlan, Code: "own-plan"}}, Text: "Egenbehandlingsplan"}},
		Title:    "Egenbehandlingsplan, versjon " + strconv.FormatInt(p.Version, 10), Subject: &Reference{Reference: spell("Patient", p.Patient)},
		Created: DateTime(preciseOf(p.Made)), Author: planner(p.Patient, p.MadeBy),
	}
	changed := p.Made
	for _, f := range clinical.PlanFields() {
		text := p.Fields[f]
		if text.Revision == 0 {
			continue
		}
		changed = latest(changed, text.At)
		out.contributed(*planner(p.Patient, text.By))
		out.part(f, text, p)
	}
	for _, q := range p.Parties {
		out.Extension = append(out.Extension, approval(p.Patient, q))
		if q.Approved != nil {
			changed = latest(changed, q.Approved.At)
		}
	}
	h.planGoals(out, p)
	if p.State != clinical.PlanDraft {
		out.Period = &Period{Start: DateTime(preciseOf(approved(p)))}
		if before := slices.IndexFunc(all, func(q clinical.Plan) bool { return q.Version == p.Version-1 }); before >= 0 {
			out.Replaces = []Reference{{Reference: spell("CarePlan", carePlanID(p.Patient, p.Version-1))}}
		}
	}
	if p.State == clinical.PlanReplaced && at > 0 && all[at-1].State != clinical.PlanDraft { // the latest stand first
		ended := approved(all[at-1])
		out.Period.End = DateTime(preciseOf(ended))
		changed = latest(changed, ended)
	}
	out.Meta.LastUpdated = preciseOf(changed)
	return out
}

// part puts a part of the plan where its sort has its place.
func (out *CarePlan) part(f clinical.PlanField, t clinical.PlanText, p clinical.Plan) {
	switch {
	case strings.TrimSpace(t.Text) == "": // written, and taken out again
	case f == clinical.PlanMatters:
		out.Note = append(out.Note, Annotation{planner(p.Patient, t.By), DateTime(preciseOf(t.At)), t.Text})
	default:
		words := map[clinical.PlanField]string{
			clinical.PlanGreen: "Grønn: som vanlig", clinical.PlanYellow: "Gul: tegn på forverring", clinical.PlanRed: "Rød: handle nå",
		}
		// R4 CarePlanActivityStatus.
		status := map[clinical.PlanState]Code{clinical.PlanDraft: "not-started", clinical.PlanActive: "in-progress", clinical.PlanReplaced: "stopped"}
		out.Activity = append(out.Activity, PlanActivity{PlanDetail{
			Code:   &CodeableConcept{Coding: []Coding{{System: systemPlan, Code: Code(f)}}, Text: words[f]},
			Status: status[p.State], Description: t.Text,
		}})
	}
}

func (out *CarePlan) contributed(by Reference) {
	if !slices.ContainsFunc(out.Contributor, func(r Reference) bool { return r.Reference == by.Reference }) {
		out.Contributor = append(out.Contributor, by)
	}
}

// planner is the person of those that a part of the plan comes of.
func planner(patient access.PersonID, by clinical.Performer) *Reference {
	return &performers(patient, by, "")[0]
}

// approval is a party: which it is, and if it has approved, by whom and when.
func approval(patient access.PersonID, q clinical.PlanParty) PlanExtension {
	out := PlanExtension{URL: extensionApproval, Extension: []PlanExtension{
		{URL: "role", ValueCoding: &Coding{System: systemRole, Code: Code(q.Role.String())}},
	}}
	if q.Organisation != "" {
		out.Extension = append(out.Extension, PlanExtension{URL: "organization", ValueReference: &Reference{Reference: spell("Organization", q.Organisation)}})
	}
	if q.Approved != nil {
		out.Extension = append(out.Extension,
			PlanExtension{URL: "by", ValueReference: planner(patient, q.Approved.By)},
			PlanExtension{URL: "at", ValueDateTime: DateTime(preciseOf(q.Approved.At))})
	}
	return out
}

// approved is when the last party did.
func approved(p clinical.Plan) (at time.Time) {
	for _, q := range p.Parties {
		if q.Approved != nil {
			at = latest(at, q.Approved.At)
		}
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// planGoals says what the zones mean in numbers.
func (h *Handler) planGoals(out *CarePlan, p clinical.Plan) {
	for _, l := range p.Limits {
		kind, known := clinical.Kind{}, false
		if h.cfg.Measurements != nil {
			kind, known = h.cfg.Measurements.Kinds().Kind(l.Kind)
		}
		if !known {
			continue
		}
		for i, limit := range l.Limits {
			if i >= len(kind.Components) || limit == (clinical.Limit{}) {
				continue
			}
			goal := goalOf(kind, i, limit)
			goal.ID, goal.Subject = ID("limit-"+strconv.Itoa(len(out.Contained)+1)), out.Subject
			goal.LifecycleStatus = map[clinical.PlanState]Code{clinical.PlanDraft: "proposed", clinical.PlanActive: "active", clinical.PlanReplaced: "cancelled"}[p.State]
			out.Contained = append(out.Contained, goal)
			out.Goal = append(out.Goal, Reference{Reference: "#" + string(goal.ID)})
		}
	}
}

func goalOf(kind clinical.Kind, i int, l clinical.Limit) Goal {
	c, measure := kind.Components[i], conceptOf(kind)
	words := kind.Words[usualLanguage]
	if len(kind.Components) > 1 {
		measure = componentConcept(c)
		words += ", " + strings.ToLower(measure.Text)
	}
	var zones []string
	for _, one := range []struct {
		name string
		clinical.Range
	}{{"grønn", l.Green}, {"gul", l.Yellow}} {
		if one.Range != (clinical.Range{}) {
			zones = append(zones, one.name+" "+rangeWords(one.Range)+" "+unitFor(c.Unit))
		}
	}
	green := &QuantityRange{} // where anything is yellow, something is green
	if l.Green.Low != nil {
		green.Low = quantity(*l.Green.Low, c)
	}
	if l.Green.High != nil {
		green.High = quantity(*l.Green.High, c)
	}
	return Goal{
		Header: Header{ResourceType: "Goal"}, Description: &CodeableConcept{Text: words + ": " + strings.Join(zones, ", ")},
		Target: []GoalTarget{{measure, green}},
	}
}

func rangeWords(r clinical.Range) string {
	switch {
	case r.Low == nil:
		return "til " + clinical.Text(*r.High)
	case r.High == nil:
		return "fra " + clinical.Text(*r.Low)
	}
	return clinical.Text(*r.Low) + "–" + clinical.Text(*r.High)
}
