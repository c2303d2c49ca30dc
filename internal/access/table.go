package access

// ways are the sets of relations each of which opens an action: one set, whole, is enough.
type ways []Relations

// rules are one role's row of the table.
type rules map[Action]ways

// Everyone who is signed in looks after their own sessions.
var own = rules{SessionRead: {Self}, SessionEnd: {Self}}

// A clinician sees patients whom the organisation cares for, or whom an agreement and the
// patient open, or whom they are about to meet; in an emergency with a reason.
var clinician = rules{
	PatientList:      {SameOrganisation},
	PatientRead:      {SameOrganisation, Agreement | Consent, Participant, Emergency},
	PatientWrite:     {SameOrganisation},
	ConsentWrite:     {SameOrganisation, Participant},
	EmergencyOpen:    {0}, // of any patient: the reason is what is looked at afterwards
	ObservationRead:  {SameOrganisation, Agreement | Consent, Participant, Emergency},
	ObservationWrite: {SameOrganisation, Participant},
	LimitWrite:       {SameOrganisation, Participant},
	// Who treats writes down what the patient has said to them.
	SharingRead:      {SameOrganisation, Participant},
	SharingWrite:     {SameOrganisation, Participant},
	PlanRead:         {SameOrganisation, Agreement | Consent, Participant, Emergency},
	PlanWrite:        {SameOrganisation, Participant},
	PlanApprove:      {SameOrganisation, Participant},
	ConsultationList: {SameOrganisation},
	ConsultationRead: {SameOrganisation, Participant},
	ConsultationJoin: {Participant},
	// Who treats books for the own house, answers in person and sees to their own hours.
	ConsultationBook:   {SameOrganisation},
	ConsultationAnswer: {Participant},
	CalendarRead:       {SameOrganisation, Agreement},
	CalendarWrite:      {Self},
	LinkReplace:        {SameOrganisation, Participant},
	OrganisationRead:   {SameOrganisation, Agreement},
	StaffRead:          {SameOrganisation, Agreement},
	CallSecond:         {Participant},
	CallChat:           {Participant},

	// An interview is answering, too.
	QuestionnaireRead:   {SameOrganisation, Agreement | Consent, Participant, Emergency},
	QuestionnaireAnswer: {SameOrganisation, Participant},
	QuestionnaireAsk:    {SameOrganisation, Participant},
	WoundRead:           {SameOrganisation, Agreement | Consent, Participant, Emergency},
	WoundWrite:          {SameOrganisation, Participant},
	PhotoSend:           {SameOrganisation, Participant},
	WorkRead:            {SameOrganisation},
	WorkAcknowledge:     {SameOrganisation},
}

// table holds a row for each role. An empty relation set (0) is open to all in the role.
var table = [roleCount]rules{
	Patient: own.and(rules{
		PatientRead:        {Self},
		ObservationRead:    {Self},
		ObservationWrite:   {Self},
		SharingRead:        {Self},
		SharingWrite:       {Self},
		PlanRead:           {Self},
		PlanWrite:          {Self},
		PlanApprove:        {Self},
		ConsentWrite:       {Self},
		SeenRead:           {Self},
		ConsultationRead:   {Participant},
		ConsultationJoin:   {Participant},
		ConsultationAnswer: {Participant},
		CallChat:           {Participant},

		QuestionnaireRead:   {Self},
		QuestionnaireAnswer: {Self},
		WoundRead:           {Self},
		PhotoSend:           {Self}, // what is to be said of it is for who treats
	}),
	// A relative's way to what concerns the patient is the patient's consent.
	Relative: own.and(rules{
		PatientRead:        {Self, RelativeOf | Consent},
		ObservationRead:    {RelativeOf | Consent},
		ObservationWrite:   {RelativeOf | Consent},
		PlanRead:           {RelativeOf | Consent},
		PlanWrite:          {RelativeOf | Consent}, // helps to write, and approves nothing
		SeenRead:           {Self, RelativeOf | Consent},
		ConsultationRead:   {Participant},
		ConsultationJoin:   {Participant},
		ConsultationAnswer: {Participant},
		CallChat:           {Participant},

		// What a patient has answered is not for relatives, but for what they answer in the patient's place.
		QuestionnaireAnswer: {RelativeOf | Consent},
		WoundRead:           {RelativeOf | Consent},
	}),
	Interpreter: own.and(rules{
		ConsultationRead:   {Participant},
		ConsultationJoin:   {Participant},
		ConsultationAnswer: {Participant},
		CallChat:           {Participant},
	}),
	Specialist: own.and(clinician).and(rules{
		CallAdmit: {Participant}, CallConfirm: {Participant}, CallMute: {Participant}, CallRemove: {Participant},
		CallLock: {Participant}, CallEnd: {Participant},
	}),
	Nurse: own.and(clinician).and(rules{CallAdmit: {Participant}, CallConfirm: {Participant}}),
	GP:    own.and(clinician).and(rules{CallConfirm: {Participant}}),
	// Names, times and telephone numbers, to bring people together; nothing clinical.
	Coordinator: own.and(rules{
		PatientList:  {SameOrganisation},
		PatientRead:  {SameOrganisation, Agreement | Consent},
		PatientWrite: {SameOrganisation},
		ConsentWrite: {SameOrganisation},
		// For the own organisation, and for one that it acts for; with people of those who let it.
		ConsultationList:   {SameOrganisation, Agreement},
		ConsultationRead:   {SameOrganisation, Agreement},
		ConsultationBook:   {SameOrganisation, Agreement},
		ConsultationAnswer: {SameOrganisation},
		CalendarRead:       {SameOrganisation, Agreement},
		CalendarWrite:      {Self, SameOrganisation},
		LinkReplace:        {SameOrganisation},
		LinkRevoke:         {SameOrganisation},
		OrganisationRead:   {SameOrganisation, Agreement},
		StaffRead:          {SameOrganisation, Agreement},
	}),
	// An administrator sees organisations and staff, and no patient. The host's sets up others.
	Administrator: own.and(rules{
		ConsultationList:   {SameOrganisation},
		OrganisationRead:   {SameOrganisation, Agreement, Host},
		OrganisationWrite:  {SameOrganisation, Host},
		OrganisationCreate: {Host},
		CommunityWrite:     {Host},
		AgreementWrite:     {SameOrganisation, Host},
		StaffRead:          {SameOrganisation, Host},
		StaffWrite:         {SameOrganisation, Host},
		AccountRecover:     {SameOrganisation, Host},
		MachineWrite:       {SameOrganisation, Host},
	}),
	DataProtection: own.and(rules{
		SeenRead:         {SameOrganisation},
		AuditExport:      {SameOrganisation},
		PatientErase:     {SameOrganisation}, // the right to be forgotten, and the end of a retention time
		OrganisationRead: {SameOrganisation},
		StaffRead:        {SameOrganisation},
	}),
	// What a machine may do is further narrowed by the scopes of its client.
	Machine: {
		AuditExport:      {SameOrganisation},
		ConsultationList: {SameOrganisation},
		ConsultationRead: {SameOrganisation},
		// A journal or a booking system of the organisation, in the place of its coordinators.
		ConsultationBook:   {SameOrganisation},
		ConsultationAnswer: {SameOrganisation},
		CalendarRead:       {SameOrganisation, Agreement},
		PatientRead:        {SameOrganisation},
		PatientWrite:       {SameOrganisation},
		// A platform for follow-up at home, or a journal.
		ObservationRead:  {SameOrganisation},
		ObservationWrite: {SameOrganisation},
		PlanRead:         {SameOrganisation},
		WoundRead:        {SameOrganisation},
		// What patients have answered on such a platform comes with the values.
		QuestionnaireRead:   {SameOrganisation},
		QuestionnaireAnswer: {SameOrganisation},
		OrganisationRead:    {SameOrganisation},
		StaffRead:           {SameOrganisation},
	},
}

// and joins rows; where both name an action, more's ways are what counts.
func (r rules) and(more rules) rules {
	out := make(rules, len(r)+len(more))
	for a, w := range r {
		out[a] = w
	}
	for a, w := range more {
		out[a] = w
	}
	return out
}

// compiled is the table as arrays, for a decision without a map.
var compiled = func() (c [roleCount][actionCount]ways) {
	for role, row := range table {
		for action, w := range row {
			c[role][action] = w
		}
	}
	return c
}()
