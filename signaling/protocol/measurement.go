package protocol

// Measurement is a measured value as a reader is shown it, next to the video and in the API. It
// is health data: it stands in no log, and is sent to nobody who may not see it. FHIR R4 Observation.
type Measurement struct {
	ID         string    `json:"id"`
	Version    int64     `json:"version"`
	Kind       string    `json:"kind"`       // as clinical's kinds have it: "blood-pressure"
	Values     []float64 `json:"values"`     // one for each of the kind's components, in its units
	Status     string    `json:"status"`     // "final", "amended", or "entered-in-error": it counts for nothing
	MeasuredAt int64     `json:"measuredAt"` // ms since 1970, UTC
	ReceivedAt int64     `json:"receivedAt"` // when it came to the service
	Method     string    `json:"method"`     // "manual", "device", "reported" by the patient's side, or "calculated"
	Device     string    `json:"device"`     // its name or model; empty: none, or not known
	By         string    `json:"by"`         // name of who recorded it, as it was then; empty: another system
	Role       string    `json:"role"`       // of who recorded it: a Role, or "machine"
	Site       string    `json:"site"`       // of the body, in plain words; empty: not told
	Position   string    `json:"position"`   // empty: not told
	Note       string    `json:"note"`
	Zone       Zone      `json:"zone"`
	// Corrected tells of the latest change; left out where there was none.
	Corrected *Corrected `json:"corrected,omitempty"`
}

// Corrected is who changed a value, when and why.
type Corrected struct {
	By     string `json:"by"` // name
	Role   string `json:"role"`
	At     int64  `json:"at"` // ms since 1970, UTC
	Reason string `json:"reason"`
}

// Zone is where a value lies for this patient. A kind without limits has the empty colour.
type Zone struct {
	Colour  string     `json:"colour"`  // "", "green", "yellow" or "red"
	Crossed []Crossing `json:"crossed"` // what has made it yellow or red
}

// Crossing is a limit of the patient's that was crossed.
type Crossing struct {
	Component string  `json:"component"` // "systolic"; empty where the kind has one
	Side      string  `json:"side"`      // "over", "under", or of a change "rise", "fall"
	Limit     float64 `json:"limit"`
	By        float64 `json:"by"`   // of a change: how much; else 0
	Days      int     `json:"days"` // of a change: within how many; else 0
}
