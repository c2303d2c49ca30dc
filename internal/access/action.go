package access

import "fmt"

// Action is something that the table rules over. It is wider than it needs to be: a list of
// bytes is taken for text by whatever writes JSON's schemas.
type Action uint16

// The actions. Their names are stable: agreements, audit entries and pages hold them.
const (
	_ Action = iota

	// One's own.
	SessionRead // where one is signed in
	SessionEnd

	// Patients: people whom an organisation cares for.
	PatientList   // those whom the own organisation cares for
	PatientRead   // name, identity number, telephone, relatives
	PatientWrite  // the same, and whom they are cared for by
	PatientErase  // for good
	ConsentWrite  // what a patient has agreed to
	EmergencyOpen // to a patient who is out of reach otherwise, with a reason, for a while
	SeenRead      // who has seen what about the patient

	// What is measured of a patient, and by which limits it is judged.
	ObservationRead
	ObservationWrite
	LimitWrite

	// What a patient has decided about who sees what.
	SharingRead
	SharingWrite

	// The patient's own plan.
	PlanRead
	PlanWrite
	PlanApprove // for the party that one is
	// Questionnaires: what a patient answers about themselves.
	QuestionnaireRead
	QuestionnaireAnswer // for oneself, on behalf of a patient who agrees to it, or as who asks in an interview
	QuestionnaireAsk

	// Wounds: what they are, how they look over time, and photos of them.
	WoundRead
	WoundWrite
	// PhotoSend is to send a photo of a wound: a patient may, of their own.
	PhotoSend

	// Work that waits for a clinician of the organisation.
	WorkRead
	WorkAcknowledge

	// Consultations: calls and who is invited.
	ConsultationList // the own organisation's day
	ConsultationRead // when, and who is invited
	ConsultationJoin // take one's own seat
	ConsultationBook // propose, book, move and cancel
	// ConsultationAnswer is to say whether one comes, sends another or is late; for oneself, or
	// for those of the own organisation.
	ConsultationAnswer
	LinkReplace // send someone who is invited a new link, which ends the old one
	LinkRevoke

	// Calendars: when staff and equipment can be booked.
	CalendarRead
	CalendarWrite

	// In a call.
	CallAdmit
	CallConfirm // say that one recognises somebody on the picture
	CallMute
	CallRemove
	CallLock
	CallEnd
	CallSecond
	CallChat

	// Administration.
	OrganisationRead // the organisation, its units and its agreements
	OrganisationWrite
	OrganisationCreate
	CommunityWrite
	AgreementWrite
	StaffRead // who works there, as what
	StaffWrite
	AccountRecover // a new way in for someone who has lost theirs
	MachineWrite   // other systems' keys and scopes
	AuditExport    // the organisation's audit record

	actionCount
)

var actionNames = [actionCount]string{
	SessionRead: "session.read", SessionEnd: "session.end",
	PatientList: "patient.list", PatientRead: "patient.read", PatientWrite: "patient.write", PatientErase: "patient.erase",
	ConsentWrite: "consent.write", EmergencyOpen: "emergency.open", SeenRead: "seen.read",
	ObservationRead: "observation.read", ObservationWrite: "observation.write", LimitWrite: "limit.write",
	SharingRead: "sharing.read", SharingWrite: "sharing.write",
	PlanRead: "plan.read", PlanWrite: "plan.write", PlanApprove: "plan.approve",
	QuestionnaireRead: "questionnaire.read", QuestionnaireAnswer: "questionnaire.answer", QuestionnaireAsk: "questionnaire.ask",
	WoundRead: "wound.read", WoundWrite: "wound.write", PhotoSend: "photo.send",
	WorkRead: "work.read", WorkAcknowledge: "work.acknowledge",
	ConsultationList: "consultation.list", ConsultationRead: "consultation.read", ConsultationJoin: "consultation.join",
	ConsultationBook: "consultation.book", ConsultationAnswer: "consultation.answer", CalendarRead: "calendar.read", CalendarWrite: "calendar.write",
	LinkReplace: "link.replace", LinkRevoke: "link.revoke",
	CallAdmit: "call.admit", CallConfirm: "call.confirm", CallMute: "call.mute", CallRemove: "call.remove",
	CallLock: "call.lock", CallEnd: "call.end", CallSecond: "call.second", CallChat: "call.chat",
	OrganisationRead: "organisation.read", OrganisationWrite: "organisation.write", OrganisationCreate: "organisation.create",
	CommunityWrite: "community.write", AgreementWrite: "agreement.write", StaffRead: "staff.read", StaffWrite: "staff.write",
	AccountRecover: "account.recover", MachineWrite: "machine.write", AuditExport: "audit.export",
}

// Actions returns every action.
func Actions() []Action {
	out := make([]Action, 0, actionCount-1)
	for a := Action(1); a < actionCount; a++ {
		out = append(out, a)
	}
	return out
}

func (a Action) String() string {
	if a == 0 || a >= actionCount {
		return "nothing"
	}
	return actionNames[a]
}

// ParseAction reads an action's name.
func ParseAction(name string) (Action, error) {
	for a := Action(1); a < actionCount; a++ {
		if actionNames[a] == name {
			return a, nil
		}
	}
	return 0, fmt.Errorf("%q is not an action", name)
}

// MarshalText writes the action's name.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the action's name.
func (a *Action) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAction(string(text))
	return err
}
