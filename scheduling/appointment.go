package scheduling

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
)

// AppointmentID is also the id of the consultation, its call.
type AppointmentID string

// ParticipantID is someone's id in one appointment and its call.
type ParticipantID string

// State is how far an appointment has come (FHIR R4 AppointmentStatus).
type State string

// The states.
const (
	Booked    State = "booked"
	Fulfilled State = "fulfilled" // the call was ended for all
	Cancelled State = "cancelled"
)

// Identification is how those who come by a link show who they are.
type Identification string

// The ways, the least certain first.
const (
	ByLink     Identification = "link"       // having the link is enough
	ByCode     Identification = "code"       // a one-time code beside it
	Recognised Identification = "recognised" // a clinician confirms it on the picture
)

// Appointment is what is booked.
type Appointment struct {
	ID             AppointmentID
	Version        int64                 // 0: new
	Organisation   access.OrganisationID // who invites, and whom to ring
	Starts, Ends   time.Time
	State          State
	Identification Identification
	Participants   []Participant // in the order in which they are listed
}

// Participant is someone who is invited.
type Participant struct {
	ID           ParticipantID
	Person       access.PersonID
	Role         access.Role
	Organisation access.OrganisationID // acted for; empty for patients and relatives
	Title        string                // in plain words: "Overlege", "Dotter"; may be empty
	Beside       []Companion           // who is in the room with them, off camera
	Required     bool                  // without them there is no consultation
}

// LogValue keeps titles and companions out of logs.
func (p Participant) LogValue() slog.Value { return slog.StringValue(string(p.ID)) }

// Companion is a person beside a participant.
type Companion struct {
	Name string // 1–80 characters
	Role string // in plain words: "kone"; at most 80 characters
}

// LogValue keeps a companion's name out of logs.
func (Companion) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// What an appointment may be at most; those of the call are the protocol's.
const (
	maxParticipants = 8
	maxCompanions   = 6
	maxText         = 80 // characters of a title, or of a companion's name or role
	maxID           = 64
	maxLength       = 24 * time.Hour
)

// Check names the first field that breaks a rule, as *Invalid.
func (a Appointment) Check() error {
	switch {
	case !isID(string(a.ID)):
		return &Invalid{"id", ruleID}
	case a.Organisation == "":
		return &Invalid{"organisation", "is required"}
	case !a.Ends.After(a.Starts):
		return &Invalid{"ends", "must be after the start"}
	case a.Ends.Sub(a.Starts) > maxLength:
		return &Invalid{"ends", "must be within 24 hours of the start"}
	case a.State != Booked && a.State != Fulfilled && a.State != Cancelled:
		return &Invalid{"state", "must be booked, fulfilled or cancelled"}
	case a.Identification != ByLink && a.Identification != ByCode && a.Identification != Recognised:
		return &Invalid{"identification", "must be link, code or recognised"}
	case len(a.Participants) == 0 || len(a.Participants) > maxParticipants:
		return &Invalid{"participants", fmt.Sprintf("must be 1–%d", maxParticipants)}
	}
	ids, people, patients := map[ParticipantID]bool{}, map[access.PersonID]bool{}, 0
	for i, p := range a.Participants {
		if field, rule := p.fault(); rule != "" {
			return &Invalid{fmt.Sprintf("participants[%d].%s", i, field), rule}
		}
		if ids[p.ID] {
			return &Invalid{fmt.Sprintf("participants[%d].id", i), "must be there once"}
		}
		if people[p.Person] {
			return &Invalid{fmt.Sprintf("participants[%d].person", i), "must be invited once"}
		}
		ids[p.ID], people[p.Person] = true, true
		if p.Role == access.Patient {
			patients++
		}
	}
	if patients > 1 {
		return &Invalid{"participants", "must hold at most one patient"}
	}
	return nil
}

func (p Participant) fault() (field, rule string) {
	switch {
	case !isID(string(p.ID)):
		return "id", ruleID
	case p.Person == "":
		return "person", "is required"
	case !access.Decide(p.Role, access.ConsultationJoin, access.Participant).Allowed:
		return "role", "must be one that takes part in calls"
	case p.Role.Staff() && p.Organisation == "":
		return "organisation", "is required for those who treat"
	case (p.Role == access.Patient || p.Role == access.Relative) && p.Organisation != "":
		return "organisation", "must be empty for patients and relatives"
	case !isLine(p.Title):
		return "title", fmt.Sprintf("must be at most %d characters on one line", maxText)
	case len(p.Beside) > maxCompanions:
		return "beside", fmt.Sprintf("must be at most %d", maxCompanions)
	}
	for i, c := range p.Beside {
		if strings.TrimSpace(c.Name) == "" || !isLine(c.Name) {
			return fmt.Sprintf("beside[%d].name", i), fmt.Sprintf("must be 1–%d characters on one line", maxText)
		}
		if !isLine(c.Role) {
			return fmt.Sprintf("beside[%d].role", i), fmt.Sprintf("must be at most %d characters on one line", maxText)
		}
	}
	return "", ""
}

// participant finds someone by their id here.
func (a Appointment) participant(id ParticipantID) (Participant, bool) {
	for _, p := range a.Participants {
		if p.ID == id {
			return p, true
		}
	}
	return Participant{}, false
}

// seatOf is the place of someone who acts. It is theirs only in the role that they are
// invited in, and staff's only for that organisation; others act for none.
func (a Appointment) seatOf(by access.Actor) (Participant, bool) {
	for _, p := range a.Participants {
		if p.Person == by.Person && p.Role == by.Role && (p.Organisation == by.Organisation || !by.Role.Staff()) {
			return p, true
		}
	}
	return Participant{}, false
}

// Patient is whom the consultation is about; empty where none is invited.
func (a Appointment) Patient() access.PersonID {
	for _, p := range a.Participants {
		if p.Role == access.Patient {
			return p.Person
		}
	}
	return ""
}

// involves says whether an organisation invites, or one of its people is invited.
func (a Appointment) involves(o access.OrganisationID) bool {
	if o == "" {
		return false
	}
	if a.Organisation == o {
		return true
	}
	for _, p := range a.Participants {
		if p.Organisation == o {
			return true
		}
	}
	return false
}

const ruleID = "must be 1–64 characters of [A-Za-z0-9_-]"

// isID is the rule of protocol.ValidID, which this package may not import.
func isID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func isLine(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxText && strings.IndexFunc(s, unicode.IsControl) < 0
}
