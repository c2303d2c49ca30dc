package httpapi

import "github.com/samkonsult/samkonsult/internal/access"

// Bodies of the directory: organisations, their units, communities and agreements, and who
// works there. Each thing has a version, which is also its ETag: a change is sent with
// If-Match and refused where another came in between.

// Organisation is a hospital trust, a municipality or a GP office.
type Organisation struct {
	ID      access.OrganisationID `json:"id" readOnly:"true"`
	Version int64                 `json:"version" readOnly:"true"`
	Kind    OrganisationKind      `json:"kind" enum:"hospital,municipality,gp"`
	Name    string                `json:"name" minLength:"1" maxLength:"120"`
	Number  string                `json:"number" doc:"organisation number (urn:oid:2.16.578.1.12.4.1.4.101); may be empty" maxLength:"20"`
	Phone   string                `json:"phone" doc:"whom patients ring" maxLength:"30"`
	Host    bool                  `json:"host" readOnly:"true" doc:"it hosts this service"`
	Active  bool                  `json:"active"`
	// Contacts are who answers for what; the checklist of an agreement asks for them.
	Contacts []Contact `json:"contacts" maxItems:"10"`
	Units    []Unit    `json:"units" readOnly:"true"`
}

// OrganisationKind is what sort of organisation it is (CLINICAL.md, Words).
type OrganisationKind string

// The kinds.
const (
	KindHospital     OrganisationKind = "hospital"
	KindMunicipality OrganisationKind = "municipality"
	KindGP           OrganisationKind = "gp"
)

// Contact is whom to ask in an organisation about one matter.
type Contact struct {
	For   string `json:"for" enum:"clinical,technical,data-protection"`
	Name  string `json:"name" minLength:"1" maxLength:"120"`
	Phone string `json:"phone" maxLength:"30"`
	Email string `json:"email" maxLength:"254"`
}

// Unit is a part of an organisation: a clinic, a district.
type Unit struct {
	ID      string `json:"id" readOnly:"true"`
	Version int64  `json:"version" readOnly:"true"`
	Name    string `json:"name" minLength:"1" maxLength:"120"`
	Phone   string `json:"phone" maxLength:"30"`
	Active  bool   `json:"active"`
	// Contact answers for the unit, and Deputy in their place: staff of the organisation.
	Contact access.PersonID `json:"contact" maxLength:"64" doc:"who answers for it; may be empty"`
	Deputy  access.PersonID `json:"deputy" maxLength:"64" doc:"and who in their place; may be empty"`
}

// Community is a health community: a hospital trust, its municipalities and its GPs.
type Community struct {
	ID      string                  `json:"id" readOnly:"true"`
	Version int64                   `json:"version" readOnly:"true"`
	Name    string                  `json:"name" minLength:"1" maxLength:"120"`
	Members []access.OrganisationID `json:"members" maxItems:"500"`
}

// Agreement is a cooperation agreement between two organisations.
type Agreement struct {
	ID      string                `json:"id" readOnly:"true"`
	Version int64                 `json:"version" readOnly:"true"`
	A       access.OrganisationID `json:"a"`
	B       access.OrganisationID `json:"b"`
	From    string                `json:"from" doc:"first day in force, as 2026-11-23" format:"date"`
	Until   string                `json:"until" doc:"last day in force; empty: until it is ended" maxLength:"10"`
	// Grants are what one gives the other.
	Grants []Grant `json:"grants" maxItems:"20"`
	Policy Policy  `json:"policy"`
	// Papers are what the checklist asks for and only people can do.
	Papers []Paper `json:"papers" maxItems:"20"`
	// Checklist says what is done and what is missing; it is worked out, not written.
	Checklist []Check `json:"checklist" readOnly:"true"`
	InForce   bool    `json:"inForce" readOnly:"true"`
}

// Grant lets one organisation's people do something in or for the other.
type Grant struct {
	To     access.OrganisationID `json:"to" doc:"who is let"`
	May    []GrantKind           `json:"may" minItems:"1"`
	ActFor bool                  `json:"actFor" doc:"also on behalf of the other (interkommunal teneste)"`
}

// GrantKind is what an agreement may give.
type GrantKind string

// The kinds.
const (
	GrantBook     GrantKind = "book"     // times with the other's people
	GrantSee      GrantKind = "see"      // patients who have agreed to it
	GrantDocument GrantKind = "document" // write values, notes and summaries about them
)

// Policy is what the parties have decided for consultations under the agreement.
type Policy struct {
	Identification Identification `json:"identification" enum:"link,code,recognised"`
	Shares         []string       `json:"shares" doc:"what both sides see" enum:"measurements,wounds,plan,questionnaires,summary"`
	RetentionDays  int            `json:"retentionDays" doc:"how long the working store keeps what was shared, after the last consultation" minimum:"1" maximum:"3650"`
}

// Identification is how someone who comes by a link shows who they are.
type Identification string

// The ways, the least certain first.
const (
	IdentifyLink       Identification = "link"       // having the link is enough
	IdentifyCode       Identification = "code"       // a one-time code by SMS or e-mail
	IdentifyRecognised Identification = "recognised" // a clinician confirms it on the picture
)

// Paper is a document or decision that an agreement rests on. The document itself is kept elsewhere.
type Paper struct {
	Kind      string `json:"kind" enum:"agreement,data-protection-assessment"`
	Reference string `json:"reference" doc:"where it is filed" minLength:"1" maxLength:"200"`
	Date      string `json:"date" format:"date"`
}

// Check is one line of an agreement's checklist.
type Check struct {
	Code string `json:"code" enum:"agreement,data-protection-assessment,contacts-a,contacts-b,people-a,people-b,grants,in-force"`
	Done bool   `json:"done"`
}

// Staff is a person who works in one or more organisations.
type Staff struct {
	ID       access.PersonID `json:"id" readOnly:"true"`
	Version  int64           `json:"version" readOnly:"true"`
	Name     string          `json:"name" minLength:"1" maxLength:"120"`
	Email    string          `json:"email" doc:"to sign in with" minLength:"3" maxLength:"254"`
	Phone    string          `json:"phone" maxLength:"30"`
	HPR      string          `json:"hpr" doc:"health personnel number (urn:oid:2.16.578.1.12.4.1.4.4); may be empty" maxLength:"9"`
	Language Language        `json:"language" enum:"nn,nb,en"`
	// Assignments are the roles; those of organisations that the asker may not see are left out, and kept.
	Assignments []Assignment `json:"assignments" maxItems:"20"`
	Account     AccountState `json:"account" readOnly:"true"`
	// Warnings name fields whose content is kept and looks wrong.
	Warnings []Warning `json:"warnings" readOnly:"true"`
}

// Assignment is a role in an organisation.
type Assignment struct {
	ID           string                `json:"id" doc:"empty for a new one" maxLength:"64"`
	Organisation access.OrganisationID `json:"organisation"`
	Unit         string                `json:"unit" doc:"its id; may be empty" maxLength:"64"`
	Role         access.Role           `json:"role"`
	Title        string                `json:"title" doc:"as patients read it: Overlege" minLength:"1" maxLength:"60"`
	Competence   string                `json:"competence" doc:"as in Sårbehandling" maxLength:"120"`
	From         string                `json:"from" format:"date"`
	Until        string                `json:"until" doc:"last day; empty: for the time being" maxLength:"10"`
}

// AccountState is how far a member of staff's way in has come.
type AccountState string

// The states.
const (
	AccountNone    AccountState = "none"    // no link has been sent
	AccountInvited AccountState = "invited" // a link has been sent and not used
	AccountActive  AccountState = "active"
	AccountLocked  AccountState = "locked" // too many wrong tries; opens by itself after a while
	AccountEnded   AccountState = "ended"
)

// MachineClient is another system that signs in with a key of its own (RFC 7523 §2.2).
type MachineClient struct {
	ID           string                `json:"id" readOnly:"true" doc:"client_id"`
	Version      int64                 `json:"version" readOnly:"true"`
	Name         string                `json:"name" minLength:"1" maxLength:"120"`
	Organisation access.OrganisationID `json:"organisation"`
	Keys         string                `json:"keys" doc:"JSON Web Key Set of public keys (RFC 7517), ES256, PS256 or EdDSA" maxLength:"16384"`
	Scopes       []access.Action       `json:"scopes" minItems:"1" maxItems:"20"`
	Active       bool                  `json:"active"`
	LastUsed     int64                 `json:"lastUsed" readOnly:"true" doc:"ms since 1970, UTC; 0: never"`
}

// Lists. Next is what to ask the next page by; empty: there is none.
type (
	Organisations struct {
		Items []Organisation `json:"items"`
		Next  string         `json:"next"`
	}
	Communities struct {
		Items []Community `json:"items"`
		Next  string      `json:"next"`
	}
	Agreements struct {
		Items []Agreement `json:"items"`
		Next  string      `json:"next"`
	}
	StaffList struct {
		Items []Staff `json:"items"`
		Next  string  `json:"next"`
	}
	MachineClients struct {
		Items []MachineClient `json:"items"`
		Next  string          `json:"next"`
	}
)
