package httpapi

import "github.com/samkonsult/samkonsult/internal/access"

// Bodies about questionnaires and the work list. Moments are ms since 1970, UTC.

// QuestionnaireList is the answer to GET /api/v1/questionnaires.
type QuestionnaireList struct {
	Items []Questionnaire `json:"items"`
}

// Questionnaire is what can be asked, in one language.
type Questionnaire struct {
	ID        string              `json:"id"`
	Version   string              `json:"version"`
	Title     string              `json:"title"`
	Copyright string              `json:"copyright" doc:"credit, to be shown with the questions"`
	Items     []QuestionnaireItem `json:"items"`
}

// QuestionnaireItem is a line of a questionnaire.
type QuestionnaireItem struct {
	ID        string                `json:"id"`
	Prefix    string                `json:"prefix" doc:"what stands before it; may be empty"`
	Type      string                `json:"type" enum:"display,choice,integer,string,text" doc:"FHIR R4 item-type; display asks nothing"`
	Text      string                `json:"text"`
	Required  bool                  `json:"required"`
	Options   []QuestionnaireOption `json:"options" doc:"of a choice"`
	Least     int64                 `json:"least" doc:"of an integer"`
	Most      int64                 `json:"most"`
	MaxLength int                   `json:"maxLength" doc:"of words, in characters"`
}

// QuestionnaireOption is one of several answers.
type QuestionnaireOption struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Alarm bool   `json:"alarm,omitempty" doc:"who chooses it is to be shown at once whom to ring, also without a network"`
}

// FormList is a patient's forms, the newest first: GET /api/v1/patients/{id}/forms.
type FormList struct {
	Items []Form `json:"items"`
}

// Form is one questionnaire of a patient's, from when it is asked for.
type Form struct {
	ID            string       `json:"id"`
	Version       int64        `json:"version"`
	Questionnaire string       `json:"questionnaire"`
	Edition       string       `json:"edition" doc:"the questionnaire's version"`
	Status        string       `json:"status" enum:"asked,in-progress,completed,amended,entered-in-error" doc:"FHIR R4 questionnaire-answers-status, and asked before it"`
	MadeAt        int64        `json:"madeAt" doc:"asked for, or begun"`
	ChangedAt     int64        `json:"changedAt"`
	CompletedAt   int64        `json:"completedAt" doc:"0: it is not"`
	Consultation  string       `json:"consultation" doc:"that it is for; empty: none"`
	AskedBy       string       `json:"askedBy" doc:"name; empty: nobody has asked"`
	AskedRole     string       `json:"askedRole"`
	DueAt         int64        `json:"dueAt" doc:"until when it is asked for; 0: no time"`
	Author        string       `json:"author" doc:"name of who has answered, last; empty: nobody"`
	AuthorRole    string       `json:"authorRole"`
	As            string       `json:"as" enum:",self,on-behalf,interview" doc:"in which place the author has answered"`
	Answers       []FormAnswer `json:"answers"`
	Score         *FormScore   `json:"score" doc:"null: not completed, or there is none for it"`
	Alarm         bool         `json:"alarm" doc:"an answer is one that somebody must see to"`
	Reason        string       `json:"reason" doc:"of the latest change of what was completed"`
	Help          []HelpLine   `json:"help" doc:"whom to ring now, to be shown at once to who has answered; only in the answer to saving"`
}

// FormAnswer is the answer to one item: what its type takes, and nothing in the other two.
type FormAnswer struct {
	Item   string `json:"item" minLength:"1" maxLength:"80"`
	Code   string `json:"code" maxLength:"80" doc:"of an option"`
	Number *int64 `json:"number"`
	Text   string `json:"text" maxLength:"4000"`
}

// FormScore is what answers add up to.
type FormScore struct {
	Kind    string   `json:"kind" doc:"under which it stands among what is measured"`
	Value   float64  `json:"value" doc:"only where nothing is missing"`
	Band    string   `json:"band" enum:",minimal,mild,moderate,moderately-severe,severe,very-low,low,usual" doc:"how much, by the questionnaire's own borders; no diagnosis"`
	Missing []string `json:"missing" doc:"items without which there is no score"`
}

// HelpLine is somebody to ring.
type HelpLine struct {
	ID    string `json:"id" enum:"emergency,urgent-care,own" doc:"own is the patient's own contact"`
	Name  string `json:"name" doc:"of the own contact's unit; else empty"`
	Phone string `json:"phone"`
}

// NewForm is the body of POST /api/v1/patients/{id}/forms and …/forms/ask.
type NewForm struct {
	Questionnaire string `json:"questionnaire" minLength:"1" maxLength:"40"`
	Consultation  string `json:"consultation" maxLength:"64" doc:"that it is for; empty: none"`
	DueAt         int64  `json:"dueAt" minimum:"0" doc:"until when it is asked for; 0: no time; left out of account where it is begun"`
}

// SaveForm is the body of PUT /api/v1/patients/{id}/forms/{form}.
type SaveForm struct {
	Answers  []FormAnswer `json:"answers" maxItems:"100" doc:"all that are answered so far"`
	Complete bool         `json:"complete" doc:"it is answered; else it goes on later"`
	Wrong    bool         `json:"wrong" doc:"what was completed counts for nothing any more"`
	Reason   string       `json:"reason" maxLength:"500" doc:"of a change of what was completed"`
}

// WorkList is what waits for the clinicians of one's organisation, the oldest first, and after it
// what was acknowledged in the last week: GET /api/v1/work.
type WorkList struct {
	Items []WorkItem `json:"items"`
}

// WorkItem is something that somebody is to see to.
type WorkItem struct {
	ID               string          `json:"id"`
	Kind             string          `json:"kind" enum:"answer" doc:"an answer that somebody must see to"`
	Patient          access.PersonID `json:"patient"`
	PatientName      string          `json:"patientName"`
	MadeAt           int64           `json:"madeAt"`
	Questionnaire    string          `json:"questionnaire"`
	Form             string          `json:"form"`
	Item             string          `json:"item" doc:"of the questionnaire"`
	Points           int             `json:"points" doc:"what the answer counts"`
	AcknowledgedAt   int64           `json:"acknowledgedAt" doc:"0: it waits"`
	AcknowledgedBy   string          `json:"acknowledgedBy" doc:"name"`
	AcknowledgedRole string          `json:"acknowledgedRole"`
	Words            string          `json:"words" doc:"of who has acknowledged it"`
}

// Acknowledge is the body of POST /api/v1/work/{work}/acknowledge.
type Acknowledge struct {
	Words string `json:"words" maxLength:"500" doc:"what is done about it; may be empty"`
}

// WorkAcknowledged tells who sees to it.
type WorkAcknowledged struct {
	Already bool     `json:"already" doc:"somebody had acknowledged it before: the item says who, and nothing was changed"`
	Item    WorkItem `json:"item"`
}
