package fhir

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// sent is an observation on its way in, as far as it has been understood.
type sent struct {
	in      Observation
	patient access.PersonID
	kind    clinical.Kind
	at      []int // of each of the kind's components, where it stands among those that were sent
	value   clinical.New
	// links are the derivedFrom that are other entries of a transaction.
	links []link
}

type link struct {
	at  int // in derivedFrom, and in value.DerivedFrom, where its place is kept
	urn string
}

// What a key begins with says what the rest of it is. A page's own keys begin with neither.
const (
	keyOfIdentifier = "fhir|"
	keyOfContent    = "fhir#"
)

// observedSubject is the element that says whose a value is.
const observedSubject = "Observation.subject"

// maxSources is how many others a value may come of.
const maxSources = 20

func (h *Handler) createObservation(ctx context.Context, a *ask) (*answer, error) {
	s, err := h.take(ctx, a.by, a.data, h.subjects(a.by, observedSubject))
	if err != nil {
		return nil, err
	}
	if err := s.unlinked(); err != nil {
		return nil, err
	}
	if err := h.sourcesThere(ctx, a.by, []*sent{s})[0]; err != nil {
		return nil, err
	}
	s.name()
	kept, err := h.cfg.Measurements.Add(ctx, a.by, s.patient, "", []clinical.New{s.value})
	switch {
	case err != nil:
		return nil, err
	case kept[0].Fault != nil:
		return nil, s.placed(kept[0].Fault)
	}
	return h.written(ctx, a.by, kept[0].Observation, !kept[0].Known)
}

// written is what has been kept. The limits are not in it: to write a value is no right to read.
func (h *Handler) written(ctx context.Context, by access.Actor, o clinical.Observation, created bool) (*answer, error) {
	of, err := h.origins(ctx, by, []clinical.Observation{o})
	if err != nil {
		return nil, err
	}
	return &answer{resource: h.observation(o, clinical.Limits{}, of), version: o.Version, created: created}, nil
}

// take reads an observation and all that it says by itself, and finds whose it is.
func (h *Handler) take(ctx context.Context, by access.Actor, data []byte, subject func(context.Context, *Reference) (access.PersonID, error)) (*sent, error) {
	s := &sent{}
	if err := read("Observation", data, &s.in); err != nil {
		return nil, err
	}
	if err := s.understand(h.cfg.Measurements.Kinds()); err != nil {
		return nil, err
	}
	var err error
	if s.patient, err = subject(ctx, s.in.Subject); err != nil {
		return nil, err
	}
	return s, s.comesOf(by)
}

// subjects finds whose what is sent is, as the element where says, and asks once for each: a look at
// a patient is on record.
func (h *Handler) subjects(by access.Actor, where string) func(context.Context, *Reference) (access.PersonID, error) {
	type answer struct {
		id  access.PersonID
		err error
	}
	known := map[string]answer{}
	return func(ctx context.Context, r *Reference) (access.PersonID, error) {
		switch {
		case r == nil:
			return "", missing(where)
		case (r.Reference == "") == (r.Identifier == nil):
			return "", broken(where, "must have a reference as in Patient/id, or an identifier with an identity number")
		case r.Reference != "":
			kind, id, ok := refer(r.Reference, []string{"Patient"})
			if !ok || kind+"/"+id != r.Reference {
				return "", broken(where+".reference", "must be as in Patient/id")
			}
			return access.PersonID(id), nil
		}
		number := r.Identifier.Value
		if at, rule := wrongNumber(r.Identifier.System, number); rule != "" {
			return "", broken(where+".identifier"+at, rule)
		}
		a, ok := known[number]
		if !ok {
			p, err := h.cfg.Patients.FindPatient(ctx, by, number)
			a = answer{p.ID, placed(err, []place{{field: "nationalId", element: where + ".identifier"}})}
			known[number] = a
		}
		return a.id, a.err
	}
}

// understand reads all that needs nobody to be asked.
func (s *sent) understand(kinds clinical.Kinds) error {
	in := &s.in
	switch {
	case in.Status == "":
		return missing("Observation.status")
	case in.Status != Code(clinical.Final):
		return broken("Observation.status", "must be final: a correction, or that it was wrong, is an update")
	case in.Issued != "":
		return broken("Observation.issued", "is set here: leave it out")
	case in.ReferenceRange != nil:
		return broken("Observation.referenceRange", "is set here, from the patient's own limits: leave it out")
	case in.Focus != nil:
		return broken("Observation.focus", "is set here, of what is measured at a wound: leave it out")
	case in.Code == nil:
		return missing("Observation.code")
	}
	var ok bool
	if s.kind, ok = kindOf(kinds, in.Code); !ok {
		return broken("Observation.code", "must have one code of "+systemLOINC+" that is measured here, and none of another kind")
	}
	for i, c := range in.Category {
		if c.code(systemObservationCategory) != s.kind.Category {
			return broken(element("Observation.category", i), "must be "+s.kind.Category+" of "+systemObservationCategory+", or left out")
		}
	}
	var err error
	if s.value.Values, s.at, err = in.numbers(s.kind); err != nil {
		return err
	}
	s.value.Kind = s.kind.ID
	switch {
	case in.EffectiveDateTime == "":
		return missing("Observation.effectiveDateTime")
	case Instant(in.EffectiveDateTime).rule() != "":
		return broken("Observation.effectiveDateTime", ruleInstant+", with its zone")
	}
	s.value.Measured = Instant(in.EffectiveDateTime).time()
	return errors.Join(in.texts(&s.value), in.device(&s.value), in.identifier(&s.value)) // the first of them is what is told
}

// texts reads the words.
func (in *Observation) texts(v *clinical.New) error {
	for i, e := range in.Extension {
		where := element("Observation.extension", i)
		switch {
		case e.URL != extensionBodyPosition || i > 0:
			return broken(where, "must be one, "+extensionBodyPosition)
		case e.ValueCodeableConcept == nil || e.ValueCodeableConcept.Text == "" || e.ValueCodeableConcept.Coding != nil || e.ValueURL != "" || e.ValueCoding != nil || e.Extension != nil:
			return broken(where+".valueCodeableConcept", "must be a text: sittende")
		}
		v.Position = e.ValueCodeableConcept.Text
	}
	if c := in.BodySite; c != nil {
		if c.Text == "" || c.Coding != nil {
			return broken("Observation.bodySite", "must be a text: venstre arm")
		}
		v.Site = c.Text
	}
	for i, n := range in.Note {
		if i > 0 || n.AuthorReference != nil || n.Time != "" {
			return broken(element("Observation.note", i), "must be one text: who wrote it, and when, is the value's own")
		}
		v.Note = n.Text
	}
	return nil
}

// device reads what measured.
func (in *Observation) device(v *clinical.New) error {
	r := in.Device
	switch {
	case r == nil && in.Contained != nil:
		return broken("Observation.contained", "must be the device that device refers to") // R4 dom-3
	case r == nil:
		return nil
	case r.Identifier != nil:
		return broken("Observation.device.identifier", "is not kept here: contain the Device, or give its name as display")
	case r.Reference == "":
		if in.Contained != nil {
			return broken("Observation.contained", "must be the device that device refers to")
		}
		v.Device.Name = r.Display
		return nil
	case len(in.Contained) != 1 || in.Contained[0].ID == "" || r.Reference != "#"+string(in.Contained[0].ID):
		return broken("Observation.device.reference", "must lead to the Device that is contained, the only one: #device")
	}
	d := in.Contained[0]
	switch {
	case d.ResourceType != "Device":
		return broken("Observation.contained[0].resourceType", "must be Device")
	case len(d.DeviceName) > 1:
		return broken("Observation.contained[0].deviceName", "must be at most one")
	case len(d.DeviceName) == 1:
		v.Device.Name = d.DeviceName[0].Name
	}
	if v.Device.Name == "" {
		v.Device.Name = r.Display
	}
	v.Device.Model, v.Device.ID = strings.TrimSpace(d.Manufacturer+" "+d.ModelNumber), d.SerialNumber
	if v.Device == (clinical.Device{}) {
		return broken("Observation.contained[0]", "must have a deviceName, a modelNumber or a serialNumber")
	}
	return nil
}

// identifier reads the sender's own name for the value.
func (in *Observation) identifier(v *clinical.New) error {
	if len(in.Identifier) > 1 {
		return broken("Observation.identifier", "must be at most one: the sender's own")
	}
	for _, i := range in.Identifier {
		key, err := senderKey(i, "Observation.identifier[0]")
		if err != nil {
			return err
		}
		v.Key = key
	}
	return nil
}

// senderKey is the key of what a sender calls by a name of its own.
func senderKey(i Identifier, where string) (string, error) {
	const most = 128 - len(keyOfIdentifier) - 1
	switch {
	case i.System == "" || strings.Contains(i.System, "|"):
		return "", broken(where+".system", "must be the address of the sender's own numbering, without |")
	case i.Value == "":
		return "", missing(where + ".value")
	case len(i.System)+len(i.Value) > most:
		return "", broken(where, "must be at most 122 bytes, system and value together")
	}
	return keyOfIdentifier + i.System + "|" + i.Value, nil
}

// numbers reads the values in the kind's own units, and where each of its components stands.
func (in *Observation) numbers(kind clinical.Kind) (values []float64, at []int, err error) {
	if len(kind.Components) == 1 {
		if in.Component != nil {
			return nil, nil, broken("Observation.component", "must not be there: it is one number, in valueQuantity")
		}
		v, err := in.ValueQuantity.in(kind.Components[0], "Observation.valueQuantity")
		return []float64{v}, nil, err
	}
	if in.ValueQuantity != nil {
		return nil, nil, broken("Observation.valueQuantity", "must not be there: the numbers are components")
	}
	values, at = make([]float64, len(kind.Components)), make([]int, len(kind.Components))
	for i := range at {
		at[i] = -1
	}
	for i, c := range in.Component {
		where := element("Observation.component", i)
		n := slices.IndexFunc(kind.Components, func(k clinical.Component) bool {
			return slices.Contains(k.LOINC, c.Code.code(systemLOINC)) || c.Code.code(systemMeasured) == k.ID
		})
		switch {
		case c.Code == nil:
			return nil, nil, missing(where + ".code")
		case n < 0:
			return nil, nil, broken(where+".code", "must be "+strings.Join(componentCodes(kind), " or ")+" of "+systemLOINC)
		case at[n] >= 0:
			return nil, nil, broken(where+".code", "must be there once")
		case c.ReferenceRange != nil:
			return nil, nil, broken(where+".referenceRange", "is set here, from the patient's own limits: leave it out")
		}
		if values[n], err = c.ValueQuantity.in(kind.Components[n], where+".valueQuantity"); err != nil {
			return nil, nil, err
		}
		at[n] = i
	}
	for i, n := range at {
		if n < 0 {
			return nil, nil, faultAt(422, IssueRequired, "Observation.component", "must have "+componentCodes(kind)[i]+" too: both numbers are one value")
		}
	}
	return values, at, nil
}

func componentCodes(k clinical.Kind) []string {
	return each(k.Components, func(c clinical.Component) string { return string(componentConcept(c).Coding[0].Code) })
}

// in is a quantity in a component's own unit.
func (q *Quantity) in(c clinical.Component, where string) (float64, error) {
	switch {
	case q == nil:
		return 0, missing(where)
	case q.Value == nil:
		return 0, missing(where + ".value")
	case q.System != systemUCUM:
		return 0, broken(where+".system", "must be "+systemUCUM)
	case q.Code == "":
		return 0, missing(where + ".code")
	}
	v, err := c.Convert(float64(*q.Value), string(q.Code))
	if err != nil {
		return 0, broken(where+".code", "must be a unit of what is measured, as "+c.Unit+" is")
	}
	return v, nil
}

// comesOf reads who and what a value comes of.
func (s *sent) comesOf(by access.Actor) error {
	own := performers(s.patient, clinical.Performer{Person: by.Person, Role: by.Role, Organisation: by.Organisation}, "")
	reported := false
	for i, r := range s.in.Performer {
		switch {
		case by.Role == access.Machine && r.Reference == spell("Patient", s.patient):
			reported = true
		case !slices.ContainsFunc(own, func(o Reference) bool { return o.Reference == r.Reference }):
			return broken(element("Observation.performer", i), "must be who sends it (yourself, or your organisation), or of another system the patient: nobody else is kept here")
		}
	}
	said := clinical.Method(s.in.Method.code(systemMethod))
	switch {
	case s.in.Method != nil && said == "":
		return broken("Observation.method", "must have a code of "+systemMethod+": manual, device, reported or calculated")
	case reported && said != "" && said != clinical.Reported:
		return broken("Observation.method", "must be reported where the patient is the performer; where a device sent it by itself, leave the performer out")
	case said != "":
		s.value.Method = said
	case reported:
		s.value.Method = clinical.Reported
	case s.in.Device != nil:
		s.value.Method = clinical.ByDevice
	default:
		s.value.Method = clinical.ByHand
	}
	if len(s.in.DerivedFrom) > maxSources {
		return broken("Observation.derivedFrom", "must be at most 20")
	}
	for i, r := range s.in.DerivedFrom {
		where := element("Observation.derivedFrom", i) + ".reference"
		if strings.HasPrefix(r.Reference, "urn:") {
			s.links = append(s.links, link{i, r.Reference})
			s.value.DerivedFrom = append(s.value.DerivedFrom, "")
			continue
		}
		kind, id, ok := refer(r.Reference, []string{"Observation"})
		patient, name := patientAndObservation(id)
		switch {
		case !ok || kind+"/"+id != r.Reference || name == "":
			return broken(where, "must be as in Observation/id")
		case patient != s.patient:
			return broken(where, "must be of the same patient")
		}
		s.value.DerivedFrom = append(s.value.DerivedFrom, string(name))
	}
	return nil
}

// unlinked refuses links to other entries where there are none.
func (s *sent) unlinked() error {
	if len(s.links) == 0 {
		return nil
	}
	return broken(element("Observation.derivedFrom", s.links[0].at)+".reference", "must be as in Observation/id: entries refer to each other in a transaction only")
}

// sourcesThere says of each value of one patient whether what it comes of is there. Links are left out.
func (h *Handler) sourcesThere(ctx context.Context, by access.Actor, all []*sent) []error {
	out, sources := make([]error, len(all)), map[string]bool{}
	for _, s := range all {
		for i, id := range s.value.DerivedFrom {
			if !s.linked(i) {
				sources[id] = false
			}
		}
	}
	if err := h.seek(ctx, by, []clinical.Observation{{Patient: all[0].patient}}, sources); err != nil {
		return slices.Repeat([]error{err}, len(all))
	}
	for n, s := range all {
		for i, id := range s.value.DerivedFrom {
			if !s.linked(i) && !sources[id] && out[n] == nil {
				out[n] = broken(element("Observation.derivedFrom", i)+".reference", "must be an observation of this patient")
			}
		}
	}
	return out
}

func (s *sent) linked(i int) bool {
	return slices.ContainsFunc(s.links, func(l link) bool { return l.at == i })
}

// name gives a value the name by which it is known again: the sender's own, or else what it says.
func (s *sent) name() {
	if s.value.Key == "" {
		text, _ := json.Marshal(s.value) // of types that can always be written
		sum := sha256.Sum256(text)
		s.value.Key = keyOfContent + base32.StdEncoding.EncodeToString(sum[:])
	}
}

// placed says which element an error of the domain is about.
func (s *sent) placed(err error) error {
	if errors.Is(err, clinical.ErrKeyTaken) {
		return faultAt(409, IssueConflict, "Observation.identifier", "has been used for another value: an identifier names one")
	}
	return placed(err, s.places())
}

func (s *sent) places() []place {
	out := []place{
		{field: "kind", element: "Observation.code"}, {field: "measuredAt", element: "Observation.effectiveDateTime"},
		{field: "method", element: "Observation.method"}, {field: "device", element: "Observation.device"}, {field: "site", element: "Observation.bodySite"},
		{field: "position", element: "Observation.extension"}, {field: "note", element: "Observation.note"}, {field: "reason", element: "Observation.note"},
		{field: "key", element: "Observation.identifier"}, {field: "status", element: "Observation.status"},
	}
	if s.at == nil {
		return append(out, place{field: "values", element: "Observation.valueQuantity"})
	}
	for i, c := range s.kind.Components {
		out = append(out, place{field: "values." + c.ID, element: element("Observation.component", s.at[i]) + ".valueQuantity"})
	}
	return append(out, place{field: "values", element: "Observation.component"})
}

func (h *Handler) updateObservation(ctx context.Context, a *ask) (*answer, error) {
	s := &sent{}
	in := &s.in
	if err := read("Observation", a.data, in); err != nil {
		return nil, err
	}
	o, limits, err := h.observed(ctx, a.by, a.id)
	switch {
	case err != nil:
		return nil, err
	case string(in.ID) != a.id: // R4 §3.1.0.5
		return nil, unreadable("Observation.id", "must be the one in the address")
	case o.Version != a.version:
		return nil, clinical.ErrVersion
	}
	all, err := h.shown(ctx, a.by, []clinical.Observation{o}, limits)
	if err != nil {
		return nil, err
	}
	was := all[0]
	if err := in.sameBut(was); err != nil {
		return nil, err
	}
	edit, err := in.edit(was)
	if err != nil {
		return nil, err
	}
	s.kind, _ = h.cfg.Measurements.Kinds().Kind(o.Kind)
	bare := *in
	for i := range bare.Component {
		bare.Component[i].ReferenceRange = nil // as it was
	}
	if edit.Values, s.at, err = bare.numbers(s.kind); err != nil {
		return nil, err
	}
	moved := !slices.Equal(edit.Values, o.Values)
	switch {
	case o.Status == clinical.Wrong && !edit.Wrong:
		return nil, broken("Observation.status", "is entered-in-error for good: send a new value")
	case edit.Wrong && moved:
		return nil, broken("Observation.status", "must be as it was where the number is another: one change at a time")
	case edit.Wrong && o.Status == clinical.Wrong, !edit.Wrong && !moved && edit.Reason == "" && (in.Status == was.Status):
		return &answer{resource: was, version: o.Version}, nil // nothing is changed
	case !edit.Wrong && !moved:
		return nil, broken("Observation.valueQuantity", "is as it was: a correction has another number")
	}
	kept, err := h.cfg.Measurements.Correct(ctx, a.by, o.Patient, o.ID, a.version, edit)
	if err != nil {
		return nil, s.placed(err)
	}
	return h.written(ctx, a.by, kept.Observation, false)
}

// edit reads what the change is, and why.
func (in *Observation) edit(was *Observation) (c clinical.Edit, err error) {
	switch in.Status {
	case Code(clinical.Wrong):
		c.Wrong = true
	case Code(clinical.Final), Code(clinical.Amended), "corrected":
	case "":
		return c, missing("Observation.status")
	default:
		return c, broken("Observation.status", "must be amended, or entered-in-error")
	}
	if in.Note == nil {
		return c, nil
	}
	before := len(was.Note)
	if len(in.Note) < before || !reflect.DeepEqual(in.Note[:before:before], was.Note) && before > 0 || len(in.Note) > before+1 {
		return c, broken("Observation.note", "stays as it is here, or is left out; one more is the reason for the change")
	}
	for _, n := range in.Note[before:] {
		if n.AuthorReference != nil || n.Time != "" {
			return c, broken(element("Observation.note", before), "must be a text alone: who wrote it, and when, is set here")
		}
		c.Reason = n.Text
	}
	return c, nil
}

// sameBut says which element is another than it was, of those that an update does not change.
func (in *Observation) sameBut(was *Observation) error {
	if t := Instant(in.EffectiveDateTime); t.rule() == "" && t.time().Equal(Instant(was.EffectiveDateTime).time()) {
		in.EffectiveDateTime = was.EffectiveDateTime // in another zone
	}
	err := errors.Join( // the first of them is what is told
		stays("Observation.subject", in.Subject, was.Subject), stays("Observation.focus", in.Focus, was.Focus), stays("Observation.code", in.Code, was.Code), stays("Observation.category", in.Category, was.Category),
		stays("Observation.effectiveDateTime", in.EffectiveDateTime, was.EffectiveDateTime), stays("Observation.issued", in.Issued, was.Issued),
		stays("Observation.identifier", in.Identifier, was.Identifier), stays("Observation.performer", in.Performer, was.Performer),
		stays("Observation.method", in.Method, was.Method), stays("Observation.device", in.Device, was.Device), stays("Observation.contained", in.Contained, was.Contained),
		stays("Observation.bodySite", in.BodySite, was.BodySite), stays("Observation.extension", in.Extension, was.Extension),
		stays("Observation.derivedFrom", in.DerivedFrom, was.DerivedFrom), stays("Observation.referenceRange", in.ReferenceRange, was.ReferenceRange),
	)
	if err != nil {
		return err
	}
	for i, c := range in.Component {
		if i < len(was.Component) {
			if err := stays(element("Observation.component", i)+".referenceRange", c.ReferenceRange, was.Component[i].ReferenceRange); err != nil {
				return err
			}
		}
	}
	return nil
}
