package scheduling

import (
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// WithoutPatient is the change that an appointment needs whose patient is erased: what is still to
// come is cancelled, nobody's time is claimed by it any more, and the others are told; that is the
// house's doing and nobody's. It is for a Store to commit with the erasure, so that no crash comes
// in between. There is none to make of what is over: ok is false.
func (a Appointment) WithoutPatient(now time.Time) (c Change, ok bool) {
	if !a.State.Open() && !(a.State.Stands() && now.Before(a.Ends)) {
		return Change{}, false
	}
	after := a.clone()
	after.State = Cancelled // why stands in what only the patient's key opens
	after.Sequence++
	e := audit.New(now, access.Actor{}, access.ConsultationBook.String(), audit.Done)
	e.Patient, e.Object = a.Patient(), a.object()
	c = Change{Appointments: []Appointment{after}, Withdraw: true, Entries: []audit.Entry{e}}
	for _, p := range a.Participants {
		// Relatives are erased with the patient.
		if p.Role != access.Patient && p.Role != access.Relative {
			c.Out = append(c.Out, gone(after, p))
		}
	}
	a.heard(access.Actor{}, c.Out)
	return c, true
}
