package httpapi

// Bodies about values that patients are asked for. Moments are ms since 1970, UTC.

// AskedList is what a patient is asked to measure, the newest first: GET /api/v1/patients/{id}/asked.
type AskedList struct {
	Items []AskedValue `json:"items"`
	Now   int64        `json:"now"`
}

// AskedValue is one kind that a patient is asked to measure.
type AskedValue struct {
	ID           string `json:"id"`
	Kind         string `json:"kind" doc:"of GET /kinds"`
	Consultation string `json:"consultation" doc:"that it is for; empty: none"`
	AskedAt      int64  `json:"askedAt"`
	AskedBy      string `json:"askedBy" doc:"name"`
	AskedRole    string `json:"askedRole"`
	DueAt        int64  `json:"dueAt" doc:"until when; 0: no time"`
	Status       string `json:"status" enum:"open,answered,withdrawn" doc:"answered by itself, when a value of the kind is measured after it was asked for"`
	AnsweredAt   int64  `json:"answeredAt" doc:"when it was measured last since; 0: not yet"`
	WithdrawnAt  int64  `json:"withdrawnAt" doc:"0: it holds"`
	WithdrawnBy  string `json:"withdrawnBy" doc:"name"`
}

// NewAsked is the body of POST /api/v1/patients/{id}/asked.
type NewAsked struct {
	Kinds        []string `json:"kinds" minItems:"1" maxItems:"12" doc:"of GET /kinds, those that a person can measure and enter"`
	Consultation string   `json:"consultation" maxLength:"64" doc:"that they are for; empty: none"`
	DueAt        int64    `json:"dueAt" minimum:"0" doc:"until when; 0: no time"`
}
