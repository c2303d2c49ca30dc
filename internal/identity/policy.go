package identity

import "slices"

// Policy is what the parties have decided for consultations under an agreement.
type Policy struct {
	Identification Identification `json:"identification"`
	Shares         []Share        `json:"shares"`        // what both sides see
	RetentionDays  int            `json:"retentionDays"` // how long what was shared is kept after the last consultation
}

// Identification is how someone who comes by a link shows who they are.
type Identification string

// The ways, the least certain first.
const (
	IdentifyLink       Identification = "link"       // having the link is enough
	IdentifyCode       Identification = "code"       // a one-time code by SMS or e-mail
	IdentifyRecognised Identification = "recognised" // a clinician confirms it on the picture
)

var identifications = []Identification{IdentifyLink, IdentifyCode, IdentifyRecognised}

// strictness orders the ways; -1 for none of them.
func (i Identification) strictness() int { return slices.Index(identifications, i) }

// Share is a kind of what both sides see.
type Share string

// The kinds.
const (
	ShareMeasurements   Share = "measurements"
	ShareWounds         Share = "wounds"
	SharePlan           Share = "plan"
	ShareQuestionnaires Share = "questionnaires"
	ShareSummary        Share = "summary"
)

var shareKinds = []Share{ShareMeasurements, ShareWounds, SharePlan, ShareQuestionnaires, ShareSummary}

// WithoutAgreement is the policy between organisations that have decided nothing: a code is
// asked for, and nothing is shared beyond the call.
func WithoutAgreement() Policy { return Policy{Identification: IdentifyCode, RetentionDays: 1} }

func (p Policy) check(c *checker) {
	c.require(p.Identification.strictness() >= 0, "policy.identification", "must be link, code or recognised")
	for i, s := range p.Shares {
		c.require(slices.Contains(shareKinds, s), "policy.shares", "must be of measurements, wounds, plan, questionnaires and summary")
		c.require(!slices.Contains(p.Shares[:i], s), "policy.shares", "must not have one twice")
	}
	c.require(p.RetentionDays >= 1 && p.RetentionDays <= 3650, "policy.retentionDays", "must be 1–3650")
}

// strictest is what holds where several policies meet.
func (p Policy) strictest(q Policy) Policy {
	out := Policy{Identification: p.Identification, RetentionDays: min(p.RetentionDays, q.RetentionDays)}
	if q.Identification.strictness() > p.Identification.strictness() {
		out.Identification = q.Identification
	}
	for _, s := range p.Shares {
		if slices.Contains(q.Shares, s) {
			out.Shares = append(out.Shares, s)
		}
	}
	return out
}

// loosened names the first field that protects less than before; it is empty for none. The
// zero Policy is before a new one.
func (p Policy) loosened(before Policy) (field string) {
	if before.Identification == "" {
		before = WithoutAgreement()
		before.RetentionDays = p.RetentionDays // there was nothing to keep
	}
	switch {
	case p.Identification.strictness() < before.Identification.strictness():
		return "policy.identification"
	case slices.ContainsFunc(p.Shares, func(s Share) bool { return !slices.Contains(before.Shares, s) }):
		return "policy.shares"
	case p.RetentionDays > before.RetentionDays:
		return "policy.retentionDays"
	}
	return ""
}
