package httpapi

import "github.com/samkonsult/samkonsult/signaling/protocol"

// Bodies about what is measured. Numbers are in the units of their kind, in the order of its
// components; moments are ms since 1970, UTC.

// MeasuredKind is something that can be measured, as clinical's kinds have it.
type MeasuredKind struct {
	ID         string              `json:"id"`
	LOINC      string              `json:"loinc" doc:"the first of its codes; empty: it has none"`
	Words      MeasuredWords       `json:"words" doc:"its name"`
	Category   string              `json:"category" enum:"vital-signs,laboratory,survey,exam"`
	Components []MeasuredComponent `json:"components"`
	From       string              `json:"from" doc:"what a value comes of where nobody enters it by itself; else empty"`
}

// MeasuredComponent is one number of a kind.
type MeasuredComponent struct {
	ID       string          `json:"id" doc:"empty where there is one"`
	Words    MeasuredWords   `json:"words" doc:"empty where there is one"`
	Unit     string          `json:"unit" doc:"UCUM"`
	Least    float64         `json:"least" doc:"of what is physically possible"`
	Most     float64         `json:"most"`
	Decimals int             `json:"decimals" doc:"at most"`
	Options  []MeasuredWords `json:"options" doc:"where the number is a place in this list; else empty"`
}

// MeasuredWords are a name in the languages that the page is written in.
type MeasuredWords struct {
	NN string `json:"nn"`
	NB string `json:"nb"`
	EN string `json:"en"`
}

// MeasuredKinds is the answer to GET /api/v1/kinds: all that can be measured, in the order in which it is shown.
type MeasuredKinds struct {
	Items []MeasuredKind `json:"items"`
}

// MeasurementPanel is what stands next to the video: GET /api/v1/patients/{id}/measurements.
type MeasurementPanel struct {
	Rows         []MeasurementRow `json:"rows" doc:"in the fixed order of kinds"`
	NEWS2        *NEWS2           `json:"news2" doc:"null: nothing of it was measured, or it is not for the reader"`
	Limits       PatientLimits    `json:"limits"`
	MayMeasure   bool             `json:"mayMeasure"`
	MaySetLimits bool             `json:"maySetLimits"`
	Hidden       bool             `json:"hidden" doc:"the patient has chosen not to show the reader all that there is"`
	Now          int64            `json:"now"`
}

// MeasurementRow is one kind's.
type MeasurementRow struct {
	Kind   string                `json:"kind"`
	Latest *protocol.Measurement `json:"latest" doc:"null: never measured"`
	Before *TrendPoint           `json:"before" doc:"the value before it"`
	Recent []TrendPoint          `json:"recent" doc:"the latest twelve, in order of time"`
}

// TrendPoint is a value in a row of them.
type TrendPoint struct {
	At     int64     `json:"at"`
	Values []float64 `json:"values"`
	Colour string    `json:"colour" enum:",green,yellow,red"`
}

// NEWS2 is the National Early Warning Score 2.
type NEWS2 struct {
	Total   int         `json:"total" doc:"0–20; only where nothing is missing"`
	Risk    string      `json:"risk" enum:",low,low-medium,medium,high"`
	Scale   int         `json:"scale" minimum:"1" maximum:"2"`
	Parts   []NEWS2Part `json:"parts"`
	Missing []string    `json:"missing" doc:"kinds that are not there, or too old beside the others"`
	From    int64       `json:"from" doc:"the first of them was measured then"`
	Until   int64       `json:"until" doc:"and the last"`
}

// NEWS2Part is what one of the seven gives.
type NEWS2Part struct {
	Kind   string    `json:"kind"`
	Points int       `json:"points"`
	Values []float64 `json:"values"`
	At     int64     `json:"at"`
}

// PatientLimits are a patient's limits in one version: GET and PUT /api/v1/patients/{id}/limits.
type PatientLimits struct {
	Version     int64        `json:"version" readOnly:"true" doc:"0: none have been set"`
	Kinds       []KindLimits `json:"kinds" maxItems:"50"`
	PlanVersion int64        `json:"planVersion" readOnly:"true" doc:"version of the own plan that they follow; 0: set by themselves"`
	ScaleTwo    bool         `json:"scaleTwo" doc:"a clinician has decided that NEWS2 counts oxygen by scale 2"`
	SetAt       int64        `json:"setAt" readOnly:"true"`
	SetBy       string       `json:"setBy" readOnly:"true" doc:"name"`
	SetRole     string       `json:"setRole" readOnly:"true"`
}

// KindLimits are those for one kind.
type KindLimits struct {
	Kind   string      `json:"kind" maxLength:"40"`
	Limits []KindLimit `json:"limits" maxItems:"4" doc:"one for each component"`
	Rise   ChangeLimit `json:"rise"`
	Fall   ChangeLimit `json:"fall"`
}

// KindLimit says what is green, and what is yellow outside of that; null is open.
type KindLimit struct {
	GreenLow   *float64 `json:"greenLow"`
	GreenHigh  *float64 `json:"greenHigh"`
	YellowLow  *float64 `json:"yellowLow"`
	YellowHigh *float64 `json:"yellowHigh"`
}

// ChangeLimit is how much a value may move within some days; 0 days: as much as it will.
type ChangeLimit struct {
	Days   int     `json:"days" minimum:"0" maximum:"365"`
	Yellow float64 `json:"yellow"`
	Red    float64 `json:"red"`
}

// NewMeasurements is the body of POST /api/v1/patients/{id}/measurements.
type NewMeasurements struct {
	Consultation string           `json:"consultation" maxLength:"64" doc:"the call in which they are measured; empty: none"`
	Items        []NewMeasurement `json:"items" minItems:"1" maxItems:"100"`
}

// NewMeasurement is a value to be kept.
type NewMeasurement struct {
	Key        string    `json:"key" minLength:"1" maxLength:"128" doc:"the sender's own name for it: sent again, it is kept once"`
	Kind       string    `json:"kind" maxLength:"40"`
	Values     []float64 `json:"values" minItems:"1" maxItems:"4"`
	MeasuredAt int64     `json:"measuredAt"`
	Method     string    `json:"method" enum:"manual,device,reported"`
	DeviceName string    `json:"deviceName" maxLength:"80"`
	Model      string    `json:"model" maxLength:"80"`
	DeviceID   string    `json:"deviceId" maxLength:"80"`
	Site       string    `json:"site" maxLength:"80"`
	Position   string    `json:"position" maxLength:"80"`
	Note       string    `json:"note" maxLength:"500"`
}

// KeptMeasurements tells of each value, in the order in which they came, whether it was kept.
type KeptMeasurements struct {
	Items []KeptMeasurement `json:"items"`
}

// KeptMeasurement is what became of one.
type KeptMeasurement struct {
	Key         string                `json:"key"`
	Measurement *protocol.Measurement `json:"measurement" doc:"null: it was refused"`
	Known       bool                  `json:"known" doc:"it had been kept before"`
	Field       string                `json:"field" doc:"which breaks a rule; empty: none"`
	Rule        string                `json:"rule"`
}

// CorrectMeasurement is the body of PUT /api/v1/patients/{id}/measurements/{measurement}.
type CorrectMeasurement struct {
	Wrong  bool      `json:"wrong" doc:"it counts for nothing any more"`
	Values []float64 `json:"values" maxItems:"4" doc:"what it should have been, where it is not wrong"`
	Reason string    `json:"reason" maxLength:"500"`
}

// Measurements are a kind's with all that is known of each: GET /api/v1/patients/{id}/measurements/{kind}/values.
type Measurements struct {
	Items []protocol.Measurement `json:"items" doc:"the newest first, wrong ones too"`
	Next  string                 `json:"next" doc:"cursor; empty: that was all"`
}

// Trend is a kind's values over a time: GET /api/v1/patients/{id}/measurements/{kind}/trend.
type Trend struct {
	Kind   string        `json:"kind"`
	From   int64         `json:"from"`
	Until  int64         `json:"until"`
	Points []TrendPoint  `json:"points" doc:"in order of time; thinned, with every extreme"`
	Total  int           `json:"total" doc:"values that there are"`
	Out    int           `json:"out" doc:"of those, outside of green"`
	Limits *KindLimits   `json:"limits" doc:"null: the patient has none for it"`
	Set    PatientLimits `json:"set" doc:"without their kinds: by whom and when they were set"`
	Week   []float64     `json:"week" doc:"means of the last seven days; empty: no value"`
	Mean   []float64     `json:"mean" doc:"means of the whole time; empty: no value"`
	First  int64         `json:"first" doc:"when the first was measured at all; 0: never"`
}

// PatientSharing is what a patient has decided about who sees what, in one version: GET and PUT
// /api/v1/patients/{id}/sharing. Where nothing is said, relatives see all but surveys, and whoever else has
// the right to read sees all.
type PatientSharing struct {
	Version int64       `json:"version" readOnly:"true" doc:"0: nothing has been decided"`
	Rules   []ShareRule `json:"rules" maxItems:"100"`
	SetAt   int64       `json:"setAt" readOnly:"true"`
	SetBy   string      `json:"setBy" readOnly:"true" doc:"name"`
	SetRole string      `json:"setRole" readOnly:"true"`
	// Parties are those about whom something can be decided, the relatives first.
	Parties []ShareParty `json:"parties" readOnly:"true"`
}

// ShareParty is one that something is shown to or kept from.
type ShareParty struct {
	Party string `json:"party" doc:"relatives, or an organisation's id"`
	Name  string `json:"name" doc:"of the organisation; of relatives empty"`
}

// ShareRule says of an item whether a party sees it.
type ShareRule struct {
	Item  string `json:"item" maxLength:"40" doc:"id of a kind, a category of kinds, plan or wounds"`
	Party string `json:"party" maxLength:"64" doc:"relatives, or an organisation's id"`
	Shown bool   `json:"shown"`
}
