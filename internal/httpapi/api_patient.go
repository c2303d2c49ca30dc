package httpapi

import "github.com/samkonsult/samkonsult/internal/access"

// Patient is someone whom an organisation cares for.
type Patient struct {
	ID      access.PersonID `json:"id" readOnly:"true"`
	Version int64           `json:"version" readOnly:"true"`
	Name    string          `json:"name" minLength:"1" maxLength:"120"`
	// NationalID is a national identity number or D-number: 11 digits, or empty. A wrong
	// control digit is a warning and no error (CLINICAL.md, Identifiers).
	NationalID string                  `json:"nationalId" pattern:"^([0-9]{11})?$" patternDescription:"11 digits, or empty"`
	Phone      string                  `json:"phone" maxLength:"30"`
	Email      string                  `json:"email" maxLength:"254"`
	Language   Language                `json:"language" enum:"nn,nb,en"`
	CaredForBy []access.OrganisationID `json:"caredForBy" minItems:"1" maxItems:"20"`
	Relatives  []RelatedPerson         `json:"relatives" maxItems:"20"`
	Consents   []PatientConsent        `json:"consents" maxItems:"50"`
	// Warnings name fields whose content is kept and looks wrong.
	Warnings []Warning `json:"warnings" readOnly:"true"`
}

// RelatedPerson is a relative or guardian (FHIR RelatedPerson).
type RelatedPerson struct {
	ID       access.PersonID `json:"id" doc:"empty for a new one" maxLength:"64"`
	Name     string          `json:"name" minLength:"1" maxLength:"120"`
	Kind     string          `json:"kind" enum:"relative,guardian"`
	Title    string          `json:"title" doc:"as in dotter" maxLength:"60"`
	Phone    string          `json:"phone" maxLength:"30"`
	Email    string          `json:"email" maxLength:"254"`
	Language Language        `json:"language" enum:"nn,nb,en"`
}

// PatientConsent is what the patient has agreed to: that an organisation, or a relative, may see.
type PatientConsent struct {
	Organisation access.OrganisationID `json:"organisation" doc:"or empty" maxLength:"64"`
	Relative     access.PersonID       `json:"relative" doc:"or empty; exactly one of the two" maxLength:"64"`
	From         string                `json:"from" format:"date"`
	Until        string                `json:"until" doc:"last day; empty: until taken back" maxLength:"10"`
}

// Warning names a field that was accepted and looks wrong.
type Warning struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
}

// PatientLine is a patient in a list.
type PatientLine struct {
	ID       access.PersonID `json:"id"`
	Name     string          `json:"name"`
	BornYear int             `json:"bornYear" doc:"from the identity number; 0: unknown"`
}

// Patients is the answer to GET /api/v1/patients: those whom the own organisation cares for, by name.
type Patients struct {
	Items []PatientLine `json:"items"`
	Next  string        `json:"next"`
}

// FindPatient is the body of POST /api/v1/patients/find: a search that leaves nothing in an address.
type FindPatient struct {
	NationalID string `json:"nationalId" pattern:"^[0-9]{11}$" patternDescription:"11 digits"`
	// Emergency opens somebody who is out of reach otherwise, as POST …/emergency does.
	Emergency string `json:"emergency,omitempty" doc:"the reason, at least 10 characters; empty: it is none" maxLength:"500"`
}

// OpenEmergency is the body of POST /api/v1/patients/{patient}/emergency.
type OpenEmergency struct {
	Reason string `json:"reason" minLength:"10" maxLength:"500"`
}

// Emergency is its answer.
type Emergency struct {
	Until int64 `json:"until" doc:"ms since 1970, UTC"`
}

// Seen is the answer to GET /api/v1/seen and GET /api/v1/patients/{patient}/seen: who has
// seen or changed what about the patient, the newest first.
type Seen struct {
	Items []SeenLine `json:"items"`
	Next  string     `json:"next"`
}

// SeenLine is one look or change; several of one person, kind and hour are one line.
type SeenLine struct {
	At           int64    `json:"at" doc:"the last of them; ms since 1970, UTC"`
	Times        int      `json:"times"`
	Name         string   `json:"name" doc:"who; empty where the person has been erased"`
	Role         string   `json:"role" doc:"as in nurse; empty: nobody was signed in"`
	Organisation string   `json:"organisation"`
	Action       string   `json:"action" doc:"as in patient.read; the page has the words"`
	Refused      bool     `json:"refused" doc:"tried, and was not let"`
	By           []string `json:"by" doc:"by which relations"`
	Reason       string   `json:"reason" doc:"what was written, in an emergency"`
}

// FindRecord is the body of POST /api/v1/seen/find.
type FindRecord struct {
	NationalID string `json:"nationalId" pattern:"^[0-9]{11}$" patternDescription:"11 digits"`
}

// Records is its answer: the patients with that number of whom one may see who has seen what.
type Records struct {
	Items []RecordMark `json:"items" doc:"one, as a rule"`
}

// RecordMark says where to look, and what an erasure rests on. Name and all else of a patient
// are not needed for either.
type RecordMark struct {
	Patient access.PersonID `json:"patient"`
	Version int64           `json:"version"`
}

// Emergencies is the answer to GET /api/v1/emergencies: what was opened in an emergency within
// 30 days, the newest first.
type Emergencies struct {
	Items []EmergencyLine `json:"items"`
	Next  string          `json:"next"`
}

// EmergencyLine is one patient, opened once.
type EmergencyLine struct {
	At           int64           `json:"at" doc:"ms since 1970, UTC"`
	Name         string          `json:"name" doc:"who; empty where the person has been erased"`
	Role         string          `json:"role" doc:"as in nurse"`
	Organisation string          `json:"organisation" doc:"whom they acted for"`
	Patient      access.PersonID `json:"patient" doc:"empty: another organisation's, whose officer reads the reason, or erased"`
	Reason       string          `json:"reason" doc:"empty where patient is"`
}
