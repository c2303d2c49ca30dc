package clinical

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Plan is one version of a patient's own plan, in the patient's words. Versions count from 1. The
// latest may be a draft, which is written together; when each party has approved it, it is what
// limits and print-outs follow, and it is never changed again: who goes on writing begins the next.
//
// It is edited a field at a time, and a field is held by one writer for as long as they write
// (signaling shows who). That is no text of many hands, and needs to be none: each field is two
// or three sentences that the one reads aloud whom they are about; a plain text field is what
// screen readers, dictation and every keyboard know; and words that merge by themselves from two
// hands could say of a limit what neither meant. What is written without the hold, as after a
// lost connection, is kept beside the field and loses nobody's text.
type Plan struct {
	Patient  access.PersonID
	Version  int64
	State    PlanState
	Fields   map[PlanField]PlanText
	Limits   []KindLimits // what green, yellow and red mean in numbers
	Parties  []PlanParty  // who is to approve it, in the order in which they are shown
	Made     time.Time
	MadeBy   Performer
	Revision int64 // of the whole draft: counts each change of it
}

// PlanState is how far a version has come. FHIR R4 CarePlan.status.
type PlanState string

// The states.
const (
	PlanDraft    PlanState = "draft"
	PlanActive   PlanState = "active"  // approved by all, and the latest that is
	PlanReplaced PlanState = "revoked" // a later version has been approved
)

// PlanField is one of its parts.
type PlanField string

// The fields, in the order in which they are read.
const (
	PlanMatters PlanField = "matters" // what matters to me
	PlanGreen   PlanField = "green"   // as usual
	PlanYellow  PlanField = "yellow"  // signs of deterioration, what to do, whom to ring
	PlanRed     PlanField = "red"     // act now
)

// PlanFields are all of them.
func PlanFields() []PlanField { return []PlanField{PlanMatters, PlanGreen, PlanYellow, PlanRed} }

// PlanText is what stands in a field.
type PlanText struct {
	Text     string    `json:"text"`
	Revision int64     `json:"revision"` // counts changes of this field; 0: nothing has been written
	By       Performer `json:"by"`
	At       time.Time `json:"at"`
	// Beside are texts that came when another's stood there already: to be taken in by hand, or put away.
	Beside []PlanBeside `json:"beside,omitempty"`
}

// PlanBeside is a text that lost the race for a field.
type PlanBeside struct {
	ID   string    `json:"id"`
	Text string    `json:"text"`
	By   Performer `json:"by"`
	At   time.Time `json:"at"`
}

// PlanParty is someone who is to approve the plan: the patient, or who treats them in an organisation.
type PlanParty struct {
	Role         access.Role           `json:"role"`
	Organisation access.OrganisationID `json:"organisation,omitempty"` // empty: the patient
	Approved     *Decision             `json:"approved,omitempty"`     // nil: not yet
}

// maxPlanText is how long a field may be, in characters, and mostBeside how many texts may wait beside one.
const (
	maxPlanText = 2000
	mostBeside  = 20
)

// PlanStore keeps plans. A version's row is replaced while it is a draft.
type PlanStore interface {
	// Plans returns all versions, the latest first.
	Plans(ctx context.Context, patient access.PersonID) ([]Plan, error)
	// SavePlan keeps a draft, or a change of one: p.Revision is the one that it rests on, 0 for a new version. With
	// limits, which may be nil, they become the patient's in the same transaction. Errors: ErrVersion.
	SavePlan(ctx context.Context, p Plan, limits *Limits, entries []audit.Entry) (Plan, error)
}

// PlanEdit is a change of one field.
type PlanEdit struct {
	Field PlanField
	Base  int64 // revision of the field that the text rests on
	Text  string
}

// latestPlan is the version that is written or read now: the latest.
func latestPlan(all []Plan) (Plan, bool) {
	if len(all) == 0 {
		return Plan{}, false
	}
	return all[0], true
}

// draftOf is a new version after the latest.
func draftOf(all []Plan, patient access.PersonID, by Performer, now time.Time) Plan {
	draft := Plan{Patient: patient, Version: 1, State: PlanDraft, Fields: map[PlanField]PlanText{}, Made: now, MadeBy: by}
	if before, ok := latestPlan(all); ok {
		draft.Version = before.Version + 1
		for field, text := range before.Fields {
			text.Beside = nil
			draft.Fields[field] = text
		}
		draft.Limits = slices.Clone(before.Limits)
		for _, p := range before.Parties {
			draft.Parties = append(draft.Parties, PlanParty{Role: p.Role, Organisation: p.Organisation})
		}
	}
	if len(draft.Parties) == 0 {
		draft.Parties = []PlanParty{{Role: access.Patient}}
	}
	draft.joins(by)
	return draft
}

// joins makes one who writes a party that approves, where they treat the patient.
func (p *Plan) joins(by Performer) {
	if by.Role.Clinician() && p.party(by) < 0 {
		p.Parties = append(p.Parties, PlanParty{Role: by.Role, Organisation: by.Organisation})
	}
}

// party is which of the parties someone is of; -1: none. A relative is none: they help to write.
func (p *Plan) party(by Performer) int {
	return slices.IndexFunc(p.Parties, func(q PlanParty) bool { return q.Role == by.Role && q.Organisation == by.Organisation })
}

// edit changes a field. Nobody's text is lost: one that rests on an earlier revision than the
// field's is kept beside it. Who has approved has approved another text, and is asked anew.
func (p *Plan) edit(e PlanEdit, by Performer, now time.Time) error {
	if !slices.Contains(PlanFields(), e.Field) {
		return &Invalid{"field", "must be matters, green, yellow or red"}
	}
	if rule := planTextRule(e.Text); rule != "" {
		return &Invalid{"text", rule}
	}
	text := p.Fields[e.Field]
	switch {
	case e.Base > text.Revision || e.Base < 0:
		return &Invalid{"base", "must be a revision of the field"}
	case e.Text == text.Text:
		return nil
	case e.Base < text.Revision && text.By.Person != by.Person:
		if len(text.Beside) >= mostBeside {
			return &Invalid{"base", fmt.Sprintf("is an earlier revision, and %d texts wait beside the field", mostBeside)}
		}
		text.Beside = append(text.Beside, PlanBeside{ID: newID(), Text: e.Text, By: by, At: now})
	default:
		text.Text, text.By, text.At = e.Text, by, now
		text.Revision++
		for i := range p.Parties {
			p.Parties[i].Approved = nil
		}
	}
	p.joins(by)
	p.Fields[e.Field] = text
	return nil
}

// answersForLimits is who has set the limits of an approved plan: of those who have approved it the
// last one who treats the patient; else the one who was last of all.
func (p *Plan) answersForLimits(last Performer) Performer {
	by := last
	if by.Role.Clinician() {
		return by
	}
	var at time.Time
	for _, q := range p.Parties {
		if q.Approved != nil && q.Role.Clinician() && !q.Approved.At.Before(at) {
			by, at = q.Approved.By, q.Approved.At
		}
	}
	return by
}

func planTextRule(text string) string {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxPlanText {
		return fmt.Sprintf("must be at most %d characters", maxPlanText)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		return "must hold no control characters but line ends"
	}
	return ""
}

// approve notes that a party agrees with the draft as it stands; whole says that all have.
func (p *Plan) approve(by Performer, now time.Time) (whole bool, err error) {
	if p.State != PlanDraft {
		return false, &Invalid{"version", "has been approved by all already"}
	}
	if p.Fields[PlanMatters].Text == "" && p.Fields[PlanGreen].Text == "" && p.Fields[PlanYellow].Text == "" && p.Fields[PlanRed].Text == "" {
		return false, &Invalid{"version", "has no text to agree with"}
	}
	i := p.party(by)
	if i < 0 {
		return false, &Invalid{"party", "must be one of those who approve the plan"}
	}
	if p.Parties[i].Approved == nil {
		p.Parties[i].Approved = &Decision{By: by, At: now}
	}
	return !slices.ContainsFunc(p.Parties, func(q PlanParty) bool { return q.Approved == nil }), nil
}
