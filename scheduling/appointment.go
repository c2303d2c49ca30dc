package scheduling

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

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
	Proposed  State = "proposed"  // times are asked for, and nobody has accepted one
	Pending   State = "pending"   // somebody has
	Booked    State = "booked"    // all who are required have accepted the same, or it was booked at once
	Arrived   State = "arrived"   // the patient is in the call
	Fulfilled State = "fulfilled" // the call was ended for all
	Cancelled State = "cancelled"
	NoShow    State = "noshow" // the patient did not come
)

// Open says whether times are still asked for.
func (s State) Open() bool { return s == Proposed || s == Pending }

// Stands says whether it is to be held at its time.
func (s State) Stands() bool { return s == Booked || s == Arrived }

func (s State) known() bool {
	return s.Open() || s.Stands() || s == Fulfilled || s == Cancelled || s == NoShow
}

// Identification is how those who come by a link show who they are.
type Identification string

// The ways, the least certain first.
const (
	ByLink     Identification = "link"       // having the link is enough
	ByCode     Identification = "code"       // a one-time code beside it
	Recognised Identification = "recognised" // a clinician confirms it on the picture
)

// Appointment is what is booked, or proposed.
type Appointment struct {
	ID             AppointmentID
	Version        int64                 // 0: new
	Organisation   access.OrganisationID // who invites, and whom to ring
	Starts, Ends   time.Time             // while times are asked for: of the first of them
	State          State
	Identification Identification
	Participants   []Participant // in the order in which they are listed
	Equipment      []EquipmentID
	Options        []Option  // the times that are asked for; none once one is booked
	AnswerBy       time.Time // until when they hold; zero: there are none
	Series         SeriesID  // empty: it stands alone
	Sequence       int       // counts what others must learn of: moves and the end (RFC 5545 §3.8.7.4)
	Made           time.Time
	MadeBy         access.PersonID // who is told of answers; empty: the house itself
	Plan
}

// Plan is what an appointment is for: of a patient's health, and so kept with the patient's key.
type Plan struct {
	Template    string        `json:"template,omitempty"` // of a Template
	Title       string        `json:"title,omitempty"`    // "Sårkontroll"
	Question    string        `json:"question,omitempty"` // that is to be answered
	Prepare     []Preparation `json:"prepare,omitempty"`
	Deadline    string        `json:"deadline,omitempty"`    // the day by which it should be held, as 2026-11-27
	Interpreter string        `json:"interpreter,omitempty"` // language that one is wanted for (BCP 47)
	Reason      Reason        `json:"reason,omitempty"`      // why it was cancelled
	Words       string        `json:"words,omitempty"`       // and what was written to that
	Was         time.Time     `json:"was,omitzero"`          // when it was to be before it was moved last; zero: it was not
	Reminded    []Reminded    `json:"reminded,omitempty"`    // in the last hour, to answer
}

// Reminded is who was reminded to answer, and when.
type Reminded struct {
	Person access.PersonID `json:"person"`
	At     time.Time       `json:"at"`
}

// LogValue keeps what is of health out of logs.
func (a Appointment) LogValue() slog.Value { return slog.StringValue(string(a.ID)) }

// Preparation is what those in a role are to have at hand or do before.
type Preparation struct {
	For  access.Role `json:"for"`
	What string      `json:"what"` // 1–200 characters
}

// Reason is why an appointment was cancelled.
type Reason string

// The reasons.
const (
	ByPatient      Reason = "patient"
	ByStaff        Reason = "staff"
	NoLongerNeeded Reason = "no-longer-needed"
	NoAnswer       Reason = "no-answer" // nobody has answered in time
	OtherReason    Reason = "other"
)

// SeriesID is what the appointments of a series have in common.
type SeriesID string

// EquipmentID is something that is booked like a person.
type EquipmentID string

// Participant is someone who is invited.
type Participant struct {
	ID           ParticipantID
	Person       access.PersonID
	Role         access.Role
	Organisation access.OrganisationID // acted for; empty for patients, relatives and interpreters
	Title        string                // in plain words: "Overlege", "Dotter"; may be empty
	Beside       []Companion           // who is in the room with them, off camera
	Required     bool                  // without them there is no consultation
	Attends      Attendance            // empty means Online
	Before       time.Duration         // of travel, whole minutes
	After        time.Duration
	Reply        Reply           // to the booked time; while times are asked for, of no use
	MayDeputise  bool            // they may send another
	DeputyFor    access.PersonID // in whose place they are; empty: nobody's
}

// Attendance is how someone takes part.
type Attendance string

// The ways.
const (
	Online    Attendance = "online" // from where they are
	Visiting  Attendance = "visit"  // at the patient's, having travelled there
	Alongside Attendance = "beside" // at the device of another who is in the same room
)

// Reply is an answer with who gave it and when.
type Reply struct {
	Answer  Answer
	At      time.Time       // zero: not answered
	By      access.PersonID // who has answered for them; empty: they themselves
	Comment string          // at most 300 characters; kept with the participant's words
}

// Answer is what someone says to a time (FHIR R4 ParticipationStatus).
type Answer string

// The answers. The empty one is NeedsAction.
const (
	NeedsAction Answer = "needs-action"
	Accepted    Answer = "accepted"
	Declined    Answer = "declined"
	Tentative   Answer = "tentative"
)

// OptionID is a time's id in its appointment.
type OptionID string

// Option is one of the times that are asked for.
type Option struct {
	ID           OptionID
	Starts, Ends time.Time
	By           ParticipantID // who has suggested it; empty: who books
	Replies      []OptionReply // of those who have answered, in the order in which they did
}

// OptionReply is one participant's answer to a time.
type OptionReply struct {
	Participant ParticipantID
	Answer      Answer
	At          time.Time
	By          access.PersonID // who has answered for them; empty: they themselves
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
	maxTravel       = 4 * time.Hour
	maxEquipment    = 8
	maxOptions      = 6 // five that are asked for, and one that is suggested
	maxPrepare      = 20
	maxQuestion     = 500
	maxWhat         = 200
	maxComment      = 300
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
	case !a.State.known():
		return &Invalid{"state", "must be proposed, pending, booked, arrived, fulfilled, cancelled or noshow"}
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
	if err := a.checkOptions(); err != nil {
		return err
	}
	if len(a.Equipment) > maxEquipment {
		return &Invalid{"equipment", fmt.Sprintf("must be at most %d", maxEquipment)}
	}
	for i, e := range a.Equipment {
		if !isID(string(e)) || slices.Contains(a.Equipment[:i], e) {
			return &Invalid{fmt.Sprintf("equipment[%d]", i), "must be an id, and there once"}
		}
	}
	return a.Plan.check()
}

func (a Appointment) checkOptions() error {
	switch {
	case a.State.Open() && (len(a.Options) == 0 || len(a.Options) > maxOptions):
		return &Invalid{"times", fmt.Sprintf("must be 1–%d", maxOptions)}
	case a.State.Stands() && len(a.Options) != 0:
		return &Invalid{"times", "must be none of what is booked"}
	case a.State.Open() && a.AnswerBy.IsZero():
		return &Invalid{"answerBy", "is required"}
	}
	for i, o := range a.Options {
		switch {
		case !isID(string(o.ID)):
			return &Invalid{fmt.Sprintf("times[%d].id", i), ruleID}
		case !o.Ends.After(o.Starts) || o.Ends.Sub(o.Starts) > maxLength:
			return &Invalid{fmt.Sprintf("times[%d].ends", i), "must be after the start, by at most 24 hours"}
		}
		for _, other := range a.Options[:i] {
			if other.Starts.Equal(o.Starts) || other.ID == o.ID {
				return &Invalid{fmt.Sprintf("times[%d]", i), "must be there once"}
			}
		}
	}
	return nil
}

func (p Plan) check() error {
	switch {
	case !isLine(p.Title, maxText):
		return &Invalid{"title", ruleLine(maxText)}
	case !isText(p.Question, maxQuestion):
		return &Invalid{"question", ruleText(maxQuestion)}
	case !isText(p.Words, maxComment):
		return &Invalid{"words", ruleText(maxComment)}
	case len(p.Prepare) > maxPrepare:
		return &Invalid{"prepare", fmt.Sprintf("must be at most %d", maxPrepare)}
	case p.Deadline != "" && !isDay(p.Deadline):
		return &Invalid{"deadline", ruleDay}
	case p.Interpreter != "" && !isLanguage(p.Interpreter):
		return &Invalid{"interpreter", "must be a language as in pl or nb-NO"}
	}
	for i, w := range p.Prepare {
		if !access.Decide(w.For, access.ConsultationJoin, access.Participant).Allowed {
			return &Invalid{fmt.Sprintf("prepare[%d].for", i), "must be a role that takes part in calls"}
		}
		if strings.TrimSpace(w.What) == "" || !isLine(w.What, maxWhat) {
			return &Invalid{fmt.Sprintf("prepare[%d].what", i), fmt.Sprintf("must be 1–%d characters on one line", maxWhat)}
		}
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
	case !isLine(p.Title, maxText):
		return "title", ruleLine(maxText)
	case p.Attends != "" && p.Attends != Online && p.Attends != Visiting && p.Attends != Alongside:
		return "attends", "must be online, visit or beside"
	case p.Before < 0 || p.Before > maxTravel || p.Before%time.Minute != 0:
		return "before", ruleTravel
	case p.After < 0 || p.After > maxTravel || p.After%time.Minute != 0:
		return "after", ruleTravel
	case p.Attends != Visiting && (p.Before != 0 || p.After != 0):
		return "before", "must be 0 for who does not travel"
	case !isText(p.Reply.Comment, maxComment):
		return "comment", ruleText(maxComment)
	case len(p.Beside) > maxCompanions:
		return "beside", fmt.Sprintf("must be at most %d", maxCompanions)
	}
	for i, c := range p.Beside {
		if strings.TrimSpace(c.Name) == "" || !isLine(c.Name, maxText) {
			return fmt.Sprintf("beside[%d].name", i), fmt.Sprintf("must be 1–%d characters on one line", maxText)
		}
		if !isLine(c.Role, maxText) {
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

// relations are how somebody stands to it. Of agreements those count alone by which the one who
// invites lets their organisation act for it: other agreements open nothing of what it books, and
// this one nothing of what it only takes part in.
func (a Appointment) relations(by access.Actor, reach Reach) (has access.Relations) {
	if !byLink(by) {
		switch {
		case a.involves(by.Organisation):
			has |= access.SameOrganisation
		case by.Organisation != "" && slices.Contains(reach.For, a.Organisation):
			has |= access.Agreement
		}
	}
	if _, seated := a.seatOf(by); seated {
		has |= access.Participant
	}
	return has
}
