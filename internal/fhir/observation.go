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

// Measurements keeps what is measured: clinical.Service.
type Measurements interface {
	Kinds() clinical.Kinds
	Search(ctx context.Context, by access.Actor, patient access.PersonID, kinds []clinical.KindID, q clinical.Query) ([]clinical.Observation, clinical.Limits, error)
	Add(ctx context.Context, by access.Actor, patient access.PersonID, in string, values []clinical.New) ([]clinical.Result, error)
	AddAll(ctx context.Context, by access.Actor, patient access.PersonID, in string, values []clinical.New) ([]clinical.Result, error)
	Correct(ctx context.Context, by access.Actor, patient access.PersonID, id clinical.ObservationID, version int64, c clinical.Edit) (clinical.Seen, error)
}

// Observation is something measured of a patient. Its zone is not told: that is not what HL7's
// interpretation means; the patient's limits are its referenceRange.
type Observation struct {
	Header
	Contained         []Device          `json:"contained,omitempty"`
	Extension         []Extension       `json:"extension,omitempty"` // the body's position
	Identifier        []Identifier      `json:"identifier,omitempty"`
	Status            Code              `json:"status,omitempty"`
	Category          []CodeableConcept `json:"category,omitempty"`
	Code              *CodeableConcept  `json:"code,omitempty"`
	Subject           *Reference        `json:"subject,omitempty"`
	Focus             []Reference       `json:"focus,omitempty"` // the wound, of what is measured at one
	EffectiveDateTime DateTime          `json:"effectiveDateTime,omitempty"`
	Issued            Instant           `json:"issued,omitempty"` // when this version came here
	Performer         []Reference       `json:"performer,omitempty"`
	ValueQuantity     *Quantity         `json:"valueQuantity,omitempty"`
	Note              []Annotation      `json:"note,omitempty"`
	BodySite          *CodeableConcept  `json:"bodySite,omitempty"`
	Method            *CodeableConcept  `json:"method,omitempty"`
	Device            *Reference        `json:"device,omitempty"`
	ReferenceRange    []ReferenceRange  `json:"referenceRange,omitempty"`
	DerivedFrom       []Reference       `json:"derivedFrom,omitempty"`
	Component         []Component       `json:"component,omitempty"`
}

// Component is one number of several that are measured at once.
type Component struct {
	Code           *CodeableConcept `json:"code,omitempty"`
	ValueQuantity  *Quantity        `json:"valueQuantity,omitempty"`
	ReferenceRange []ReferenceRange `json:"referenceRange,omitempty"`
}

// Quantity is a number with its unit.
type Quantity struct {
	Value  *Decimal `json:"value,omitempty"`
	Unit   string   `json:"unit,omitempty"` // for people
	System string   `json:"system,omitempty"`
	Code   Code     `json:"code,omitempty"`
}

// Annotation is a note; one with an author is of whoever has corrected the value.
type Annotation struct {
	AuthorReference *Reference `json:"authorReference,omitempty"`
	Time            DateTime   `json:"time,omitempty"`
	Text            string     `json:"text,omitempty"`
}

// ReferenceRange is one of the patient's own limits.
type ReferenceRange struct {
	Low  *Quantity `json:"low,omitempty"`
	High *Quantity `json:"high,omitempty"`
	Text string    `json:"text,omitempty"`
}

// Device is what measured. It stands within its observation only.
type Device struct {
	Header
	Manufacturer string       `json:"manufacturer,omitempty"` // kept as part of the model
	SerialNumber string       `json:"serialNumber,omitempty"`
	DeviceName   []DeviceName `json:"deviceName,omitempty"`
	ModelNumber  string       `json:"modelNumber,omitempty"`
}

// DeviceName is what a device is called.
type DeviceName struct {
	Name string `json:"name,omitempty"`
	Type Code   `json:"type,omitempty"`
}

func (h *Handler) observations() kind {
	return kind{
		name: "Observation", profile: profileVitalSigns, profiles: h.vitalSignsProfiles(), see: access.ObservationRead, change: access.ObservationWrite,
		read: h.readObservation, search: h.searchObservations, create: h.createObservation, update: h.updateObservation,
		params: []param{
			{name: "_id", sort: "token", doc: "the id, by itself"},
			{name: "patient", sort: "reference", doc: "whose; this, subject or patient.identifier is required", private: true},
			{name: "subject", sort: "reference", doc: "the same as patient", private: true},
			{name: "patient.identifier", sort: "token", doc: "system|number of an identity number, D-number or shared emergency number", private: true},
			{name: "code", sort: "token", doc: "what was measured, by LOINC; one, or several apart by commas"},
			{name: "category", sort: "token", doc: "vital-signs, laboratory, survey or exam"},
			{name: "date", sort: "date", doc: "when it was measured: ge and lt, or one of them, by day or moment", often: true},
			byCount, byPage,
		},
		notes: "Found of one patient at a time, the newest first, wrong ones too. The next page is the same POST with the next link's page. " +
			"What has the identifier of one that the same sender has sent is that one, and answered with status 200; without an identifier, what says the same. " +
			"An update corrects the number (the value before is kept), or sets status entered-in-error; a note more is the reason. " +
			"referenceRange are the patient's own limits at the time of reading. The service's Bundles say what is measured in several at once.",
	}
}

// observationID names an observation by its patient too, with whom it is kept.
func observationID[S ~string](patient access.PersonID, id S) string {
	return string(patient) + "." + string(id)
}

func patientAndObservation(id string) (access.PersonID, clinical.ObservationID) {
	patient, observation, _ := strings.Cut(id, ".")
	return access.PersonID(patient), clinical.ObservationID(observation)
}

// observed finds one by its id.
func (h *Handler) observed(ctx context.Context, by access.Actor, id string) (o clinical.Observation, l clinical.Limits, err error) {
	patient, name := patientAndObservation(id)
	all, l, err := h.cfg.Measurements.Search(ctx, by, patient, nil, clinical.Query{IDs: []clinical.ObservationID{name}})
	switch {
	case err != nil:
		return o, l, err
	case len(all) == 0:
		return o, l, clinical.ErrNotFound
	}
	return all[0], l, nil
}

func (h *Handler) readObservation(ctx context.Context, a *ask) (*answer, error) {
	o, limits, err := h.observed(ctx, a.by, a.id)
	if err != nil {
		return nil, err
	}
	out, err := h.shown(ctx, a.by, []clinical.Observation{o}, limits)
	if err != nil {
		return nil, err
	}
	return &answer{resource: out[0], version: o.Version}, nil
}

func (h *Handler) searchObservations(ctx context.Context, a *ask) (*answer, error) {
	if id := a.one("_id"); id != "" {
		if len(a.given) > 1 {
			return nil, faultAt(400, IssueNotSupported, "http._id", "must stand by itself")
		}
		patient, name := patientAndObservation(id)
		return h.listed(ctx, a, patient, nil, clinical.Query{IDs: []clinical.ObservationID{name}})
	}
	patient, err := h.searched(ctx, a)
	if err != nil {
		return nil, err
	}
	kinds, err := h.kindsAsked(a)
	if err != nil {
		return nil, err
	}
	var q clinical.Query
	if q.Since, q.Before, err = a.span("date", h.cfg.Zone); err != nil {
		return nil, err
	}
	if q.Most, err = a.count(); err != nil {
		return nil, err
	}
	if cursor := a.one(byPage.name); cursor != "" {
		at, id, _ := strings.Cut(cursor, ".")
		ms, err := strconv.ParseInt(at, 10, 64)
		if err != nil || ID(id).rule() != "" {
			return nil, faultAt(400, IssueValue, "http.page", "must be that of a next link")
		}
		q.Before, q.BeforeID = time.UnixMilli(ms).UTC(), clinical.ObservationID(id)
	}
	return h.listed(ctx, a, patient, kinds, q)
}

// searched is whose values are asked for: one patient, whom no address names.
func (h *Handler) searched(ctx context.Context, a *ask) (access.PersonID, error) {
	var named []string
	for _, name := range []string{"patient", "subject", "patient.identifier"} {
		if a.one(name) != "" {
			named = append(named, name)
		}
	}
	switch {
	case len(named) == 0:
		return "", faultAt(400, IssueRequired, "http.patient", "is required, in the body of a POST to "+a.kind+"/_search; or _id is")
	case len(named) > 1:
		return "", faultAt(400, IssueNotSupported, "http."+named[1], "must not be there with "+named[0])
	case named[0] != "patient.identifier":
		_, id, err := a.reference(named[0], "Patient")
		return access.PersonID(id), err
	}
	system, number, err := a.token(named[0])
	if err != nil {
		return "", err
	}
	if where, rule := wrongNumber(system, number); rule != "" {
		return "", faultAt(400, IssueValue, "http.patient.identifier"+where, rule)
	}
	p, err := h.cfg.Patients.FindPatient(ctx, a.by, number)
	return p.ID, err
}

// kindsAsked are those that code and category leave; nil: any.
func (h *Handler) kindsAsked(a *ask) (out []clinical.KindID, err error) {
	all := h.cfg.Measurements.Kinds()
	category := a.one("category")
	if system, code, ok := strings.Cut(category, "|"); ok {
		if category = code; system != systemObservationCategory {
			return nil, faultAt(400, IssueValue, "http.category", "must be of "+systemObservationCategory)
		}
	}
	for _, k := range all.All() {
		if category != "" && k.Category == category {
			out = append(out, k.ID)
		}
	}
	if category != "" && out == nil {
		return nil, faultAt(400, IssueValue, "http.category", "must be vital-signs, laboratory, survey or exam")
	}
	codes := a.one("code")
	if codes == "" {
		return out, nil
	}
	var named []clinical.KindID
	for text := range strings.SplitSeq(codes, ",") {
		system, code, ok := strings.Cut(text, "|")
		if !ok { // R4 §3.1.1.4.11: a code of any system
			system, code = systemLOINC, text
		}
		k, known := kindOf(all, &CodeableConcept{Coding: []Coding{{System: system, Code: Code(code)}}})
		switch {
		case !known:
			return nil, faultAt(400, IssueValue, "http.code", "must be codes of what is measured here, by "+systemLOINC)
		case category != "" && k.Category != category:
			return nil, faultAt(400, IssueValue, "http.code", "must be of the category that is asked for")
		case !slices.Contains(named, k.ID):
			named = append(named, k.ID)
		}
	}
	return named, nil
}

func (h *Handler) listed(ctx context.Context, a *ask, patient access.PersonID, kinds []clinical.KindID, q clinical.Query) (*answer, error) {
	all, limits, err := h.cfg.Measurements.Search(ctx, a.by, patient, kinds, q)
	if err != nil {
		return nil, placed(err, []place{{field: "kind", element: "http.code"}})
	}
	next := ""
	if q.Most > 0 && len(all) == q.Most {
		last := all[len(all)-1]
		next = strconv.FormatInt(last.Measured.UnixMilli(), 10) + "." + string(last.ID)
	}
	out, err := h.shown(ctx, a.by, all, limits)
	if err != nil {
		return nil, err
	}
	return found(h, a, out, next), nil
}

// shown are observations of one patient as resources.
func (h *Handler) shown(ctx context.Context, by access.Actor, all []clinical.Observation, limits clinical.Limits) (out []*Observation, err error) {
	of, err := h.origins(ctx, by, all)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		out = append(out, h.observation(o, limits, of))
	}
	return out, nil
}

// seek says of each source whether it is an observation: it could be answers, or a photo.
func (h *Handler) seek(ctx context.Context, by access.Actor, of []clinical.Observation, sources map[string]bool) error {
	if len(sources) == 0 {
		return nil
	}
	q := clinical.Query{}
	for id := range sources {
		q.IDs = append(q.IDs, clinical.ObservationID(id))
	}
	found, _, err := h.cfg.Measurements.Search(ctx, by, of[0].Patient, nil, q)
	for _, o := range found {
		sources[string(o.ID)] = true
	}
	return err
}

// observation is one as a resource. of are what it comes of.
func (h *Handler) observation(o clinical.Observation, limits clinical.Limits, of origins) *Observation {
	kind, _ := h.cfg.Measurements.Kinds().Kind(o.Kind)
	issued := o.Received
	if o.Correction != nil {
		issued = o.Correction.At
	}
	out := &Observation{
		Header: header("Observation", observationID(o.Patient, o.ID), o.Version, profileOf(kind)),
		Status: Code(o.Status), Category: []CodeableConcept{{Coding: []Coding{{System: systemObservationCategory, Code: Code(kind.Category)}}}},
		Code: conceptOf(kind), Subject: &Reference{Reference: spell("Patient", o.Patient)},
		EffectiveDateTime: DateTime(preciseOf(o.Measured)), Issued: preciseOf(issued),
		Performer: performers(o.Patient, o.Performer, o.Method), Method: methodOf(o.Method),
	}
	out.Meta.LastUpdated = out.Issued
	if text, ok := strings.CutPrefix(o.Key, keyOfIdentifier); ok {
		system, value, _ := strings.Cut(text, "|")
		out.Identifier = []Identifier{{System: system, Value: value}}
	}
	if o.Site != "" {
		out.BodySite = &CodeableConcept{Text: o.Site}
	}
	if o.Position != "" {
		out.Extension = []Extension{{URL: extensionBodyPosition, ValueCodeableConcept: &CodeableConcept{Text: o.Position}}}
	}
	if o.Note != "" {
		out.Note = append(out.Note, Annotation{Text: o.Note})
	}
	if c := o.Correction; c != nil && c.Reason != "" {
		author := performers(o.Patient, c.By, "")[0]
		out.Note = append(out.Note, Annotation{&author, DateTime(preciseOf(c.At)), c.Reason})
	}
	for _, id := range o.DerivedFrom {
		source, known := of.from[id]
		if !known {
			source = Reference{Identifier: &Identifier{System: systemSource, Value: id}}
		}
		if wound, known := of.about[id]; known {
			out.Focus = []Reference{wound}
		}
		out.DerivedFrom = append(out.DerivedFrom, source)
	}
	out.measuredBy(o.Device)
	h.numbers(out, o, kind, limits)
	return out
}

// numbers puts the values and their limits where the kind has them.
func (h *Handler) numbers(out *Observation, o clinical.Observation, kind clinical.Kind, limits clinical.Limits) {
	of, _ := limits.Of(o.Kind)
	for i, c := range kind.Components {
		if i >= len(o.Values) {
			break
		}
		var ranges []ReferenceRange
		if i < len(of.Limits) && o.Status != clinical.Wrong {
			ranges = h.ranges(c, of.Limits[i], limits.Set)
		}
		if len(kind.Components) == 1 {
			out.ValueQuantity, out.ReferenceRange = quantity(o.Values[i], c), ranges
			break
		}
		out.Component = append(out.Component, Component{componentConcept(c), quantity(o.Values[i], c), ranges})
	}
}

// ranges are the patient's own limits, each with a text that says so: they are nobody else's norm.
func (h *Handler) ranges(c clinical.Component, l clinical.Limit, set time.Time) (out []ReferenceRange) {
	for _, one := range []struct {
		words string
		clinical.Range
	}{{"grønn (som vanlig)", l.Green}, {"gul (følges)", l.Yellow}} {
		if one.Range == (clinical.Range{}) {
			continue
		}
		r := ReferenceRange{Text: "Pasientens egne grenser: " + one.words + ", satt " + set.In(h.cfg.Zone).Format(time.DateOnly)}
		if one.Low != nil {
			r.Low = quantity(*one.Low, c)
		}
		if one.High != nil {
			r.High = quantity(*one.High, c)
		}
		out = append(out, r)
	}
	return out
}

func quantity(v float64, c clinical.Component) *Quantity {
	value := Decimal(v)
	return &Quantity{Value: &value, Unit: unitFor(c.Unit), System: systemUCUM, Code: Code(c.Unit)}
}

// unitFor is a UCUM unit as people write it.
func unitFor(code string) string {
	switch code {
	case "mm[Hg]":
		return "mmHg"
	case "Cel":
		return "°C"
	case "cm2":
		return "cm²"
	case "{score}":
		return "poeng"
	}
	return code
}

// performers are who recorded a value. Another system has no person in it: its house did, with the
// patient where the value is theirs.
func performers(patient access.PersonID, p clinical.Performer, m clinical.Method) (out []Reference) {
	house := func() {
		if p.Organisation != "" {
			out = append(out, Reference{Reference: spell("Organization", p.Organisation)})
		}
	}
	switch p.Role {
	case access.Patient:
		return []Reference{{Reference: spell("Patient", patient), Display: p.Name}}
	case access.Relative:
		return []Reference{{Reference: spell("RelatedPerson", relatedPersonID(patient, p.Person)), Display: p.Name}}
	case access.Machine:
		if m == clinical.Reported {
			out = append(out, Reference{Reference: spell("Patient", patient)})
		}
	default:
		out = append(out, Reference{Reference: spell("Practitioner", p.Person), Display: p.Name})
	}
	house()
	return out
}

// methodOf is how a value came to be.
func methodOf(m clinical.Method) *CodeableConcept {
	words := map[clinical.Method]string{
		clinical.ByHand: "Avlest og ført inn", clinical.ByDevice: "Sendt av apparatet", clinical.Reported: "Oppgitt av pasient eller pårørende", clinical.Calculated: "Beregnet",
	}
	return &CodeableConcept{Coding: []Coding{{System: systemMethod, Code: Code(m)}}, Text: words[m]}
}

// deviceID is what a contained device is called.
const deviceID = "device"

// measuredBy says what measured: by its name alone where no more is known.
func (out *Observation) measuredBy(d clinical.Device) {
	if d == (clinical.Device{}) {
		return
	}
	out.Device = &Reference{Display: d.Name}
	if d.Model == "" && d.ID == "" {
		return
	}
	out.Device.Reference = "#" + deviceID
	one := Device{Header: Header{ResourceType: "Device", ID: deviceID}, ModelNumber: d.Model, SerialNumber: d.ID}
	if d.Name != "" {
		one.DeviceName = []DeviceName{{d.Name, "user-friendly-name"}}
	}
	out.Contained = []Device{one}
}

// profileOf is HL7's profile of what is measured; empty: it has none. R4 §10.1.
func profileOf(k clinical.Kind) string {
	if k.Category != "vital-signs" {
		return ""
	}
	if len(k.LOINC) > 0 {
		if name := vitalSigns[k.LOINC[0]]; name != "" {
			return structureDefinition + name
		}
	}
	return profileVitalSigns
}

// vitalSigns are R4's profiles of single ones, by their codes.
var vitalSigns = map[string]string{
	"85354-9": "bp", "29463-7": "bodyweight", "8867-4": "heartrate", "9279-1": "resprate", "8310-5": "bodytemp", "2708-6": "oxygensat",
}

func (h *Handler) vitalSignsProfiles() (out []string) {
	for _, k := range h.cfg.Measurements.Kinds().All() {
		if p := profileOf(k); p != "" && p != profileVitalSigns {
			out = append(out, p)
		}
	}
	return out
}

// conceptOf is a kind with all the codes that a value is written with.
func conceptOf(k clinical.Kind) *CodeableConcept {
	out := &CodeableConcept{Text: k.Words[usualLanguage]}
	for _, code := range k.LOINC {
		out.Coding = append(out.Coding, Coding{System: systemLOINC, Code: Code(code)})
	}
	if out.Coding == nil {
		out.Coding = []Coding{{System: systemMeasured, Code: Code(k.ID)}}
	}
	return out
}

func componentConcept(c clinical.Component) *CodeableConcept {
	out := &CodeableConcept{Text: c.Words[usualLanguage]}
	for _, code := range c.LOINC {
		out.Coding = append(out.Coding, Coding{System: systemLOINC, Code: Code(code)})
	}
	if out.Coding == nil {
		out.Coding = []Coding{{System: systemMeasured, Code: Code(c.ID)}}
	}
	return out
}

// kindOf is what a concept says was measured. Codes of other systems may stand beside: they say the
// same in others' words. Those of ours must all be one kind's.
func kindOf(kinds clinical.Kinds, c *CodeableConcept) (out clinical.Kind, ok bool) {
	for _, coding := range c.Coding {
		var k clinical.Kind
		var known bool
		switch coding.System {
		case systemLOINC:
			k, known = kinds.ByLOINC(string(coding.Code))
		case systemMeasured:
			k, known = kinds.Kind(clinical.KindID(coding.Code))
		default:
			continue
		}
		if !known || ok && k.ID != out.ID {
			return out, false
		}
		out, ok = k, true
	}
	return out, ok
}

// preciseOf is a moment in UTC with its milliseconds, where it has some.
func preciseOf(t time.Time) Instant { return Instant(t.UTC().Format(time.RFC3339Nano)) }
