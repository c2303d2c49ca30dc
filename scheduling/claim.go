package scheduling

import (
	"cmp"
	"slices"
	"time"
)

// Claim is a piece of a subject's time that an appointment takes, or asks for. Of firm claims
// the database lets no two of different appointments overlap, whoever writes them and when.
type Claim struct {
	Subject      Subject
	Starts, Ends time.Time
	Kind         ClaimKind
	Appointment  AppointmentID
	Option       OptionID // the time that is asked for; empty: the booked one
}

// ClaimKind is what somebody does in a claim.
type ClaimKind string

// The kinds. Asked alone is not firm: nothing has been promised yet.
const (
	InCall     ClaimKind = "call"
	Travelling ClaimKind = "travel"
	Asked      ClaimKind = "asked"
)

// Firm says whether nothing else may be at the same time.
func (c Claim) Firm() bool { return c.Kind != Asked }

// Held says whether it is promised to a time that is not booked yet.
func (c Claim) Held() bool { return c.Firm() && c.Option != "" }

// Claims are what the appointment takes of whose time, by subject and start. Who must be there
// gives the booked time, and who need not gives it by accepting. While times are asked for,
// accepting one is a promise: it holds the time until the proposal ends.
func (a Appointment) Claims() []Claim {
	var out []Claim
	switch {
	case a.State.Open():
		for _, o := range a.Options {
			for _, p := range a.Participants {
				switch o.answerOf(p.ID) {
				case Accepted:
					out = append(out, a.claimsOf(p, o.Starts, o.Ends, o.ID)...)
				case Declined:
				default:
					out = append(out, Claim{Subject(p.Person), o.Starts.Add(-p.Before), o.Ends.Add(p.After), Asked, a.ID, o.ID})
				}
			}
			if a.accepted(o) > 0 {
				out = append(out, a.equipmentClaims(o.Starts, o.Ends, o.ID)...)
			}
		}
	case a.State != Cancelled:
		for _, p := range a.Participants {
			if p.Reply.Answer != Declined && (p.Required || p.Reply.Answer == Accepted) {
				out = append(out, a.claimsOf(p, a.Starts, a.Ends, "")...)
			}
		}
		out = append(out, a.equipmentClaims(a.Starts, a.Ends, "")...)
	}
	slices.SortFunc(out, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), a.Starts.Compare(b.Starts), cmp.Compare(a.Option, b.Option))
	})
	return out
}

// ClaimsUntil is Claims of a call that was over at a moment: from then on nobody's time is taken by
// what was to come, and who has travelled is on the way back at once. One that ran late claims no
// more than it had.
func (a Appointment) ClaimsUntil(over time.Time) []Claim {
	if over.Before(a.Starts) {
		over = a.Starts
	}
	if over.Before(a.Ends) {
		a.Ends = over
	}
	return slices.DeleteFunc(a.Claims(), func(c Claim) bool { return !c.Ends.After(c.Starts) })
}

func (a Appointment) claimsOf(p Participant, starts, ends time.Time, option OptionID) []Claim {
	out := []Claim{{Subject(p.Person), starts, ends, InCall, a.ID, option}}
	if p.Before > 0 {
		out = append(out, Claim{Subject(p.Person), starts.Add(-p.Before), starts, Travelling, a.ID, option})
	}
	if p.After > 0 {
		out = append(out, Claim{Subject(p.Person), ends, ends.Add(p.After), Travelling, a.ID, option})
	}
	return out
}

// equipmentClaims: equipment leaves with the first who travels and is back with the last.
func (a Appointment) equipmentClaims(starts, ends time.Time, option OptionID) []Claim {
	before, after := a.travel()
	out := make([]Claim, len(a.Equipment))
	for i, e := range a.Equipment {
		out[i] = Claim{Subject(e), starts.Add(-before), ends.Add(after), InCall, a.ID, option}
	}
	return out
}

// travel is the longest way there, and back.
func (a Appointment) travel() (before, after time.Duration) {
	for _, p := range a.Participants {
		before, after = max(before, p.Before), max(after, p.After)
	}
	return before, after
}

// accepted counts who has accepted a time.
func (a Appointment) accepted(o Option) (n int) {
	for _, r := range o.Replies {
		if r.Answer == Accepted {
			n++
		}
	}
	return n
}

// answerOf is what a participant has said to the time.
func (o Option) answerOf(p ParticipantID) Answer {
	for _, r := range o.Replies {
		if r.Participant == p {
			return r.Answer
		}
	}
	return NeedsAction
}
