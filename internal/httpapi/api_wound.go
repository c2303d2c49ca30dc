package httpapi

import "github.com/samkonsult/samkonsult/signaling/protocol"

// Bodies about wounds. Lengths are in cm, areas in cm²; moments are ms since 1970, UTC. A photo is
// one type before the call and in it: protocol.Photo.

// PatientWounds are a patient's: GET /api/v1/patients/{id}/wounds.
type PatientWounds struct {
	Items    []Wound          `json:"items" doc:"open ones first, of those the latest first; wrong ones last"`
	Loose    []protocol.Photo `json:"loose" doc:"photos that belong to no wound yet, the newest first"`
	MayWrite bool             `json:"mayWrite" doc:"wounds, assessments, and what is drawn and said of photos"`
	MaySend  bool             `json:"maySend" doc:"photos"`
	Now      int64            `json:"now"`
}

// Wound is one wound with what is latest of it.
type Wound struct {
	ID          string          `json:"id"`
	Version     int64           `json:"version"`
	Status      string          `json:"status" enum:"open,closed,entered-in-error"`
	Site        string          `json:"site" doc:"where it is, in plain words: utsida av venstre legg"`
	Side        string          `json:"side" enum:"left,right,both,none"`
	Since       int64           `json:"since" doc:"0: not known"`
	ClosedAt    int64           `json:"closedAt" doc:"0: it is not"`
	Made        int64           `json:"made"`
	By          string          `json:"by" doc:"name of who entered it, as it was then"`
	Role        string          `json:"role"`
	Latest      *Assessment     `json:"latest" doc:"null: none that counts"`
	Before      *Assessment     `json:"before" doc:"the one before it"`
	Photo       *protocol.Photo `json:"photo" doc:"the latest that counts"`
	PhotoBefore *protocol.Photo `json:"photoBefore" doc:"the latest of an earlier day than photo"`
	Photos      int             `json:"photos" doc:"how many count"`
	Assessments int             `json:"assessments" doc:"how many count"`
	// Corrected tells of the latest change of what the wound is said to be.
	Corrected *protocol.Corrected `json:"corrected,omitempty"`
}

// WoundSeries is a wound over time: GET /api/v1/patients/{id}/wounds/{wound}.
type WoundSeries struct {
	Wound       Wound            `json:"wound"`
	Photos      []protocol.Photo `json:"photos" doc:"the newest first, wrong ones too"`
	Assessments []Assessment     `json:"assessments" doc:"the newest first, wrong ones too"`
}

// NewWound is the body of POST /api/v1/patients/{id}/wounds.
type NewWound struct {
	Key   string `json:"key" minLength:"1" maxLength:"128" doc:"the sender's own name for it: sent again, it is kept once"`
	Site  string `json:"site" minLength:"1" maxLength:"80"`
	Side  string `json:"side" enum:"left,right,both,none"`
	Since int64  `json:"since" minimum:"0" doc:"0: not known"`
}

// ChangeWound is the body of PUT /api/v1/patients/{id}/wounds/{wound}.
type ChangeWound struct {
	Site   string `json:"site" minLength:"1" maxLength:"80"`
	Side   string `json:"side" enum:"left,right,both,none"`
	Since  int64  `json:"since" minimum:"0" doc:"0: not known"`
	Status string `json:"status" enum:"open,closed,entered-in-error"`
	Reason string `json:"reason" maxLength:"500"`
}

// Assessment is what was found at a wound at one time.
type Assessment struct {
	ID           string              `json:"id"`
	Version      int64               `json:"version"`
	Status       string              `json:"status" enum:"final,amended,entered-in-error"`
	Consultation string              `json:"consultation" doc:"the call in which it was made; empty: none"`
	Photo        string              `json:"photo" doc:"id of the photo that it rests on; empty: none"`
	At           int64               `json:"at"`
	ReceivedAt   int64               `json:"receivedAt"`
	Length       *float64            `json:"length" doc:"cm"`
	Width        *float64            `json:"width" doc:"cm"`
	Depth        *float64            `json:"depth" doc:"cm"`
	Area         *float64            `json:"area" doc:"cm²"`
	AreaMethod   string              `json:"areaMethod" enum:",length-width,ellipse,traced"`
	Tissue       *Tissue             `json:"tissue" doc:"null: not told"`
	Infection    []string            `json:"infection" enum:"redness,warmth,swelling,pain,odour,pus,fever" doc:"signs of it"`
	Moisture     string              `json:"moisture" enum:",none,little,moderate,much"`
	Edge         string              `json:"edge" enum:",attached,undermined,rolled,macerated"`
	Skin         string              `json:"skin" enum:",healthy,dry,macerated,red,eczema" doc:"round the wound"`
	Pain         *int                `json:"pain" doc:"0–10; null: not told"`
	Dressing     string              `json:"dressing"`
	Note         string              `json:"note"`
	By           string              `json:"by" doc:"name of who made it, as it was then"`
	Role         string              `json:"role"`
	Corrected    *protocol.Corrected `json:"corrected,omitempty"`
}

// Tissue is what a wound's bed is made of, in per cent; the four make 100.
type Tissue struct {
	Granulation int `json:"granulation" minimum:"0" maximum:"100"`
	Epithelium  int `json:"epithelium" minimum:"0" maximum:"100"`
	Fibrin      int `json:"fibrin" minimum:"0" maximum:"100"`
	Necrosis    int `json:"necrosis" minimum:"0" maximum:"100"`
}

// NewAssessment is the body of POST /api/v1/patients/{id}/wounds/{wound}/assessments.
type NewAssessment struct {
	Key          string `json:"key" minLength:"1" maxLength:"128" doc:"the sender's own name for it: sent again, it is kept once"`
	Consultation string `json:"consultation" maxLength:"64" doc:"the call in which it is made; empty: none"`
	AssessmentContent
}

// AssessmentContent is what whoever assesses says.
type AssessmentContent struct {
	Photo  string   `json:"photo" maxLength:"64" doc:"id of the photo that it rests on; empty: none"`
	At     int64    `json:"at"`
	Length *float64 `json:"length" doc:"cm"`
	Width  *float64 `json:"width" doc:"cm"`
	Depth  *float64 `json:"depth" doc:"cm"`
	// Area is only told where it was traced: by the other methods it is worked out of length and width.
	Area       *float64 `json:"area" doc:"cm²; null but where areaMethod is traced"`
	AreaMethod string   `json:"areaMethod" enum:",length-width,ellipse,traced"`
	Tissue     *Tissue  `json:"tissue" doc:"null: not told"`
	Infection  []string `json:"infection" maxItems:"7" enum:"redness,warmth,swelling,pain,odour,pus,fever" doc:"signs of it"`
	Moisture   string   `json:"moisture" enum:",none,little,moderate,much"`
	Edge       string   `json:"edge" enum:",attached,undermined,rolled,macerated"`
	Skin       string   `json:"skin" enum:",healthy,dry,macerated,red,eczema"`
	Pain       *int     `json:"pain" doc:"0–10; null: not told"`
	Dressing   string   `json:"dressing" maxLength:"200"`
	Note       string   `json:"note" maxLength:"1000"`
}

// CorrectAssessment is the body of POST …/assessments/{assessment}/correction.
type CorrectAssessment struct {
	Version int64              `json:"version" minimum:"1" doc:"that the correction rests on"`
	Wrong   bool               `json:"wrong" doc:"it counts for nothing any more"`
	Content *AssessmentContent `json:"content" doc:"what it should have been, whole; null where it is wrong"`
	Reason  string             `json:"reason" maxLength:"500"`
}

// ChangePhoto is the body of PUT /api/v1/patients/{id}/photos/{photo}.
type ChangePhoto struct {
	Wound  string     `json:"wound" maxLength:"64" doc:"empty: it belongs to none yet"`
	Status string     `json:"status" enum:"final,entered-in-error"`
	Reason string     `json:"reason" maxLength:"500"`
	Scale  *[]float64 `json:"scale" minItems:"5" maxItems:"5" doc:"x1, y1, x2, y2 from 0 to 1 of the picture, and how many cm lie between; null: none"`
}

// NewDrawing is the body of POST /api/v1/patients/{id}/photos/{photo}/drawings.
type NewDrawing struct {
	Key    string    `json:"key" minLength:"1" maxLength:"128" doc:"the sender's own name for it: sent again, it is kept once"`
	Shape  string    `json:"shape" enum:"line,arrow,outline"`
	Colour string    `json:"colour" enum:"blue,white,yellow"`
	Points []float64 `json:"points" minItems:"4" maxItems:"2000" doc:"x and y by turns, from 0 to 1 of the picture as it stands upright"`
	Note   string    `json:"note" maxLength:"500"`
}
