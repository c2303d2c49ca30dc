package httpapi

// Bodies about the patient's own plan. Moments are ms since 1970, UTC.

// PatientPlans is the answer to GET /api/v1/patients/{id}/plan.
type PatientPlans struct {
	Draft    *PatientPlan  `json:"draft" doc:"what is being written; null: nothing is"`
	Active   *PatientPlan  `json:"active" doc:"the latest that all have approved; null: there is none"`
	Earlier  []PatientPlan `json:"earlier" doc:"those before it, the latest first"`
	MayWrite bool          `json:"mayWrite"`
	// MayApprove: one is of a party that approves.
	MayApprove   bool  `json:"mayApprove"`
	MaySetLimits bool  `json:"maySetLimits"`
	Now          int64 `json:"now"`
}

// PatientPlan is one version of it.
type PatientPlan struct {
	Version    int64          `json:"version"`
	Revision   int64          `json:"revision" doc:"counts the changes of a draft; an approval names the one that it is of"`
	State      string         `json:"state" enum:"draft,active,revoked"`
	Fields     []PlanField    `json:"fields" doc:"all of them, in the order in which they are read"`
	Limits     []KindLimits   `json:"limits" doc:"what the colours mean in numbers"`
	Parties    []PlanApproval `json:"parties" doc:"who approves it"`
	MadeAt     int64          `json:"madeAt"`
	MadeBy     string         `json:"madeBy" doc:"name of who began it"`
	MadeByRole string         `json:"madeByRole"`
}

// PlanField is a part of the plan, in the patient's words.
type PlanField struct {
	Field    string       `json:"field" enum:"matters,green,yellow,red"`
	Text     string       `json:"text"`
	Revision int64        `json:"revision" doc:"0: nothing has been written"`
	By       string       `json:"by" doc:"name of who has written it last"`
	ByRole   string       `json:"byRole"`
	At       int64        `json:"at"`
	Beside   []PlanBeside `json:"beside" doc:"texts that came when another's stood there already"`
}

// PlanBeside is a text that waits beside a field.
type PlanBeside struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	By     string `json:"by"`
	ByRole string `json:"byRole"`
	At     int64  `json:"at"`
}

// PlanApproval is whether a party has approved.
type PlanApproval struct {
	Role             string `json:"role"`
	OrganisationName string `json:"organisationName" doc:"empty: the patient"`
	By               string `json:"by" doc:"name of who has approved; empty: not yet"`
	At               int64  `json:"at"`
	Mine             bool   `json:"mine" doc:"it is the reader's party"`
}

// EditPlan is the body of PUT /api/v1/patients/{id}/plan/{field}; If-Match is the field's revision.
type EditPlan struct {
	Text string `json:"text" maxLength:"2000"`
}

// PlanLimits is the body of PUT /api/v1/patients/{id}/plan/limits; If-Match is the draft's revision.
type PlanLimits struct {
	Kinds []KindLimits `json:"kinds" maxItems:"50"`
}

// ApprovePlan is the body of POST /api/v1/patients/{id}/plan/approval.
type ApprovePlan struct {
	Version  int64 `json:"version"`
	Revision int64 `json:"revision"`
}
