package access

import "fmt"

// Ids of people and organisations: short random text, by the rule of protocol.ValidID.
type (
	PersonID       string
	OrganisationID string
)

// Actor is who acts: a signed-in person in the organisation and role they have chosen, or a machine.
type Actor struct {
	Person       PersonID // a machine's client id
	Role         Role
	Organisation OrganisationID // empty for patients, relatives and interpreters
	Session      string         // id of the session, not its secret; empty for machines
	// Consultation is the only one that the actor's link is for; empty for an account.
	Consultation string
	// Request is the claim of the request that this is done for, where it may be sent again
	// (idempotency.Claim); it is noted with the change, and part of nobody's identity.
	Request string
}

// Decision is the table's answer.
type Decision struct {
	Allowed bool
	By      Relations // the relations that opened it; none where the role alone does, or nothing did
}

// Decide says whether someone in a role and with these relations may do something, and by
// which of them. It allocates nothing.
func Decide(role Role, action Action, has Relations) Decision {
	if role >= roleCount || action >= actionCount {
		return Decision{}
	}
	for _, way := range compiled[role][action] {
		if has.Has(way) {
			return Decision{Allowed: true, By: way}
		}
	}
	return Decision{}
}

// Ways returns the sets of relations each of which opens the action to the role; none: nothing does.
func Ways(role Role, action Action) []Relations {
	if role >= roleCount || action >= actionCount {
		return nil
	}
	return append([]Relations(nil), compiled[role][action]...)
}

// Can is Decide as an error: nil, or *Refused. What a role of staff opens takes an account: a
// link in such a role, as a demo has them, is for its consultation and nothing else.
func Can(a Actor, action Action, has Relations) (by Relations, err error) {
	if a.Consultation == "" || !a.Role.Staff() || byLink[action] {
		if d := Decide(a.Role, action, has); d.Allowed {
			return d.By, nil
		}
	}
	return 0, &Refused{Role: a.Role, Action: action}
}

// byLink are the actions for which staff need no account.
var byLink = map[Action]bool{
	SessionRead: true, SessionEnd: true, ConsultationRead: true, ConsultationJoin: true,
	CallAdmit: true, CallConfirm: true, CallMute: true, CallRemove: true, CallLock: true, CallEnd: true, CallSecond: true, CallChat: true,
	ObservationRead: true, ObservationWrite: true, LimitWrite: true, // of the patient whom they meet
	SharingRead: true, SharingWrite: true,
	WoundRead: true, WoundWrite: true, PhotoSend: true,
	PlanRead: true, PlanWrite: true, PlanApprove: true,
	QuestionnaireRead: true, QuestionnaireAnswer: true, QuestionnaireAsk: true, // the same
}

// Refused says what was refused to whom. It is the same for what is there and for what is
// not: whether a patient exists must not be told by it.
type Refused struct {
	Role   Role
	Action Action
}

func (e *Refused) Error() string { return fmt.Sprintf("%s may not %s", e.Role, e.Action) }
