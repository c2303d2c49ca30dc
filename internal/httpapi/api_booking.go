package httpapi

import (
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Booking is an appointment as those who book it, and those who are asked, read it. Moments
// are ms since 1970, UTC.
type Booking struct {
	ID               scheduling.AppointmentID `json:"id"`
	Version          int64                    `json:"version"`
	State            string                   `json:"state" enum:"proposed,pending,booked,arrived,fulfilled,cancelled,noshow" doc:"FHIR R4 AppointmentStatus: pending when some have answered"`
	Starts           int64                    `json:"starts" doc:"of the first time proposed, until one is booked"`
	Ends             int64                    `json:"ends"`
	Organisation     access.OrganisationID    `json:"organisation" doc:"who invites, and whom to ring"`
	OrganisationName string                   `json:"organisationName"`
	Phone            string                   `json:"phone"`
	Template         string                   `json:"template" doc:"id of a BookingTemplate"`
	Title            string                   `json:"title" doc:"what it is about, for those who see the patient; empty for others"`
	Question         string                   `json:"question" doc:"what is to be answered; for those who treat"`
	Prepare          []Preparation            `json:"prepare"`
	Patient          access.PersonID          `json:"patient" doc:"empty: about nobody, or not for the reader to see"`
	PatientName      string                   `json:"patientName"`
	People           []BookingPerson          `json:"people"`
	Equipment        []EquipmentLine          `json:"equipment"`
	Options          []BookingOption          `json:"options" doc:"times that are proposed; none when one is booked"`
	AnswerBy         int64                    `json:"answerBy" doc:"until when the options hold; 0: nothing is proposed"`
	Deadline         string                   `json:"deadline" doc:"by which day it should be held; empty: none"`
	Interpreter      string                   `json:"interpreter" doc:"language that an interpreter is wanted for, BCP 47; empty: none"`
	Series           string                   `json:"series" doc:"empty: it stands alone"`
	Reason           string                   `json:"reason" enum:",patient,staff,no-longer-needed,no-answer,no-show,other" doc:"why it was cancelled"`
	Words            string                   `json:"words" doc:"what was written to it"`
	MadeBy           string                   `json:"madeBy" doc:"name of who has booked it"`
	MovedFrom        int64                    `json:"movedFrom" doc:"when it was to be before it was moved last; 0: it was not moved"`
	Mine             string                   `json:"mine" doc:"participant that is the reader; empty: none"`
	May              []string                 `json:"may" enum:"answer,answer-for,move,cancel,deputy,people,remind,noshow,link" doc:"what the reader may do with it now"`
}

// BookingPerson is someone who is invited.
type BookingPerson struct {
	ID               string                `json:"id" doc:"participant"`
	Person           access.PersonID       `json:"person"`
	Name             string                `json:"name" doc:"empty where it is not for the reader"`
	Role             string                `json:"role" enum:"patient,relative,interpreter,specialist,nurse,gp"`
	Title            string                `json:"title" doc:"in plain words: Overlege, Dotter"`
	Organisation     access.OrganisationID `json:"organisation"`
	OrganisationName string                `json:"organisationName"`
	Required         bool                  `json:"required"`
	Attends          string                `json:"attends" enum:"online,visit,beside" doc:"from where they are; at the patient's, having travelled there; at the device of another"`
	Before           int                   `json:"before" doc:"minutes of travel before"`
	After            int                   `json:"after" doc:"minutes of travel after"`
	Answer           string                `json:"answer" enum:"needs-action,accepted,declined,tentative" doc:"to the booked time, or the best of the answers to the options (FHIR participationstatus)"`
	AnsweredAt       int64                 `json:"answeredAt" doc:"0: not"`
	AnsweredBy       string                `json:"answeredBy" doc:"name of who has answered for them; empty: they themselves"`
	Comment          string                `json:"comment" doc:"what they wrote to their answer"`
	DeputyFor        string                `json:"deputyFor" doc:"name of the one in whose place they are; empty: nobody's"`
	DeputyAllowed    bool                  `json:"deputyAllowed" doc:"they may send another"`
	Readiness        Readiness             `json:"readiness"`
}

// Readiness is how ready somebody is for a consultation.
type Readiness struct {
	State   string `json:"state" enum:"unknown,not-opened,opened,tested,on-the-way,late,waiting,here,left" doc:"unknown: staff who have not said anything"`
	At      int64  `json:"at" doc:"since when; 0: unknown"`
	Minutes int    `json:"minutes" doc:"how late"`
	Test    string `json:"test" enum:",good,poor,failed" doc:"what the device check found; empty: none"`
}

// BookingOption is one of the times that are proposed.
type BookingOption struct {
	ID          string         `json:"id"`
	Starts      int64          `json:"starts"`
	Ends        int64          `json:"ends"`
	SuggestedBy string         `json:"suggestedBy" doc:"participant who wants this time instead; empty: who booked"`
	Taken       bool           `json:"taken" doc:"somebody who is required is not free any more"`
	Answers     []OptionAnswer `json:"answers" doc:"of those who have answered"`
}

// OptionAnswer is one participant's answer to one time.
type OptionAnswer struct {
	Participant string `json:"participant"`
	Answer      string `json:"answer" enum:"accepted,declined,tentative"`
}

// Preparation is what somebody is to have at hand or do before.
type Preparation struct {
	For  string `json:"for" enum:"patient,relative,interpreter,specialist,nurse,gp"`
	What string `json:"what" minLength:"1" maxLength:"200"`
}

// EquipmentLine is equipment that is booked along.
type EquipmentLine struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Bookings is a list of them, by start.
type Bookings struct {
	Items   []Booking    `json:"items"`
	Skipped []SkippedDay `json:"skipped" doc:"times of a series that could not be booked"`
	Now     int64        `json:"now"`
}

// SkippedDay is a time of a series that was left out.
type SkippedDay struct {
	Starts int64           `json:"starts"`
	Rule   string          `json:"rule" enum:"busy,away,closed,holiday"`
	Person access.PersonID `json:"person" doc:"who is not free"`
}

// NewBooking is the body of POST /api/v1/bookings.
type NewBooking struct {
	Organisation access.OrganisationID `json:"organisation" maxLength:"64" doc:"for which organisation; empty: one's own. Another where an agreement lets one act for it"`
	Mode         string                `json:"mode" enum:"propose,book" doc:"ask everybody, or book at once"`
	Template     string                `json:"template" maxLength:"40"`
	Title        string                `json:"title" maxLength:"80"`
	Question     string                `json:"question" maxLength:"500"`
	Prepare      []Preparation         `json:"prepare" maxItems:"20"`
	Parties      []Party               `json:"parties" minItems:"1" maxItems:"8" doc:"the patient among them"`
	Equipment    []string              `json:"equipment" maxItems:"8"`
	Minutes      int                   `json:"minutes" minimum:"5" maximum:"480"`
	Times        []int64               `json:"times" minItems:"1" maxItems:"5" doc:"starts; one where mode is book"`
	AnswerBy     int64                 `json:"answerBy" doc:"until when the proposal holds; 0: three days, at the latest the day before"`
	Deadline     string                `json:"deadline" maxLength:"10" doc:"day; empty: none"`
	Interpreter  string                `json:"interpreter" maxLength:"20" doc:"language, BCP 47; empty: none"`
	Anyway       bool                  `json:"anyway" doc:"also outside of working hours and over what a calendar elsewhere says; never over another booking"`
	Series       *Series               `json:"series,omitempty" doc:"repeats it; only where mode is book"`
}

// Series repeats a booking at the same local time.
type Series struct {
	EveryWeeks int  `json:"everyWeeks" minimum:"1" maximum:"8"`
	Count      int  `json:"count" minimum:"2" maximum:"52" doc:"with the first"`
	SkipBusy   bool `json:"skipBusy" doc:"leave out times that can't be; else nothing is booked where one can't"`
}

// Party is someone who is to be in a consultation.
type Party struct {
	Person        access.PersonID       `json:"person" maxLength:"64" doc:"who; in a search it may be empty, and one of anyOf is found"`
	AnyOf         []access.PersonID     `json:"anyOf" maxItems:"30" doc:"in a search: one of these, whoever suits best"`
	Role          string                `json:"role" enum:"patient,relative,interpreter,specialist,nurse,gp"`
	Organisation  access.OrganisationID `json:"organisation" maxLength:"64" doc:"acted for; empty for patient, relative and interpreter"`
	Required      bool                  `json:"required"`
	Attends       string                `json:"attends" enum:"online,visit,beside"`
	Before        int                   `json:"before" minimum:"0" maximum:"240" doc:"minutes of travel before"`
	After         int                   `json:"after" minimum:"0" maximum:"240" doc:"minutes of travel after"`
	DeputyAllowed bool                  `json:"deputyAllowed"`
}

// FindTimes is the body of POST /api/v1/times: common free times.
type FindTimes struct {
	Parties   []Party  `json:"parties" minItems:"1" maxItems:"8"`
	Equipment []string `json:"equipment" maxItems:"8"`
	Minutes   int      `json:"minutes" minimum:"5" maximum:"480"`
	From      int64    `json:"from" doc:"not before; 0: from now on"`
	Until     int64    `json:"until" doc:"0: eight weeks after from"`
	Deadline  string   `json:"deadline" maxLength:"10" doc:"day by which it should be held; empty: none"`
	Earliest  int      `json:"earliest" minimum:"0" maximum:"1440" doc:"minute of the day before which the patient does not want it"`
	Latest    int      `json:"latest" minimum:"0" maximum:"1440" doc:"minute of the day by which it is to be over; 0: any"`
	Limit     int      `json:"limit" minimum:"0" maximum:"50" doc:"0: 20"`
	Not       string   `json:"not" maxLength:"64" doc:"an appointment that is to be moved, and is in nobody's way"`
}

// CommonTimes is its answer, the best first.
type CommonTimes struct {
	Items  []CommonTime `json:"items"`
	Nearly []NearlyTime `json:"nearly" doc:"what would do with a change; at most three"`
	Free   int          `json:"free" doc:"how many starts are free for all who are required"`
	Faults []PartyFault `json:"faults" doc:"why somebody is never free in the whole time, where that is so"`
}

// CommonTime is a time at which all who are required can.
type CommonTime struct {
	Starts  int64        `json:"starts"`
	Ends    int64        `json:"ends"`
	Parties []TimeParty  `json:"parties" doc:"in the order asked"`
	Reasons []TimeReason `json:"reasons" doc:"what speaks for it and against, the weightiest first"`
}

// TimeParty is one party at a common time, with that day as it is.
type TimeParty struct {
	Person access.PersonID `json:"person" doc:"who was found, where any of several would do"`
	Name   string          `json:"name"`
	Role   string          `json:"role" enum:"patient,relative,interpreter,specialist,nurse,gp"`
	Free   bool            `json:"free" doc:"false only for who is not required"`
	Before int             `json:"before" doc:"minutes of travel"`
	After  int             `json:"after"`
	Day    []BusySpan      `json:"day"`
}

// TimeReason explains the order.
type TimeReason struct {
	Kind    string `json:"kind" enum:"all-free,optional-missing,travel,deadline,after-deadline,back-to-back,before-after-hours,tentative,soon"`
	Party   int    `json:"party" doc:"index into parties; -1: all"`
	Minutes int    `json:"minutes" doc:"of travel, or past the end of working hours"`
	Days    int    `json:"days" doc:"before the deadline, or after"`
	Good    bool   `json:"good" doc:"it speaks for the time"`
}

// NearlyTime is a time that would do if something were changed.
type NearlyTime struct {
	Starts  int64 `json:"starts"`
	Minutes int   `json:"minutes" doc:"as long as all are free"`
	Without int   `json:"without" doc:"index of the one required party who can't; -1: all can, for a shorter time"`
}

// PartyFault says why a party is never free.
type PartyFault struct {
	Party int    `json:"party" doc:"index into parties"`
	Rule  string `json:"rule" enum:"no-hours,away,busy"`
}

// BusySpan is a piece of somebody's day.
type BusySpan struct {
	Starts  int64                    `json:"starts"`
	Ends    int64                    `json:"ends"`
	Kind    string                   `json:"kind" enum:"call,travel,held,away,elsewhere,closed" doc:"held: promised to a proposal; elsewhere: by a calendar outside; closed: not working"`
	Booking scheduling.AppointmentID `json:"booking" doc:"empty: none, or not for the reader to see"`
}

// CalendarWeek is the answer to GET /api/v1/calendar.
type CalendarWeek struct {
	From     string           `json:"from" doc:"first day, as 2026-11-23"`
	Days     int              `json:"days"`
	People   []CalendarPerson `json:"people" doc:"by organisation, one's own first, then by unit and name"`
	More     int              `json:"more" doc:"people who are not shown, for they would be too many"`
	Bookings []Booking        `json:"bookings" doc:"that the own organisation invites to or takes part in, by start; also proposed ones, at each of their options"`
	Holidays []Holiday        `json:"holidays"`
	Now      int64            `json:"now"`
}

// Holiday is a day on which the country does not work.
type Holiday struct {
	Day  string `json:"day"`
	Name string `json:"name" enum:"new-year,maundy-thursday,good-friday,easter,easter-monday,labour,constitution,ascension,whitsun,whit-monday,christmas,boxing" doc:"the page has the words"`
}

// CalendarPerson is one row of the calendar: a person, or equipment.
type CalendarPerson struct {
	Person           access.PersonID       `json:"person"`
	Name             string                `json:"name"`
	Role             string                `json:"role" doc:"empty for equipment"`
	Title            string                `json:"title"`
	Organisation     access.OrganisationID `json:"organisation"`
	OrganisationName string                `json:"organisationName"`
	OrganisationKind string                `json:"organisationKind" enum:"hospital,municipality,gp"`
	Unit             string                `json:"unit" doc:"name"`
	Busy             []BusySpan            `json:"busy"`
	Away             []Away                `json:"away" doc:"absences that touch the days"`
}

// Away is an absence in the calendar.
type Away struct {
	ID     string `json:"id"`
	Starts int64  `json:"starts"`
	Ends   int64  `json:"ends"`
	Kind   string `json:"kind" enum:"away,course,holiday,sick" doc:"away, for who may not know why"`
	Cover  bool   `json:"cover" doc:"a deputy is wanted"`
}

// MoveBooking is the body of PUT /api/v1/bookings/{id}/time.
type MoveBooking struct {
	Starts  int64 `json:"starts"`
	Minutes int   `json:"minutes" minimum:"5" maximum:"480"`
	Anyway  bool  `json:"anyway" doc:"as in NewBooking"`
}

// CancelBooking is the body of POST /api/v1/bookings/{id}/cancel.
type CancelBooking struct {
	Reason string `json:"reason" enum:"patient,staff,no-longer-needed,other"`
	Words  string `json:"words" maxLength:"300" doc:"for the other parties' staff; no patient reads it"`
	Series bool   `json:"series" doc:"all to come of its series, too"`
}

// AnswerBooking is the body of POST /api/v1/bookings/{id}/answers.
type AnswerBooking struct {
	Participant string        `json:"participant" maxLength:"64" doc:"whose answer; empty: one's own, or, for who coordinates, that of all of the own organisation"`
	Answers     []GivenAnswer `json:"answers" maxItems:"6" doc:"may be empty where another start or an interpreter is asked for"`
	Comment     string        `json:"comment" maxLength:"300"`
	Starts      int64         `json:"starts" doc:"another start that would suit; 0: none"`
	Interpreter *string       `json:"interpreter,omitempty" maxLength:"20" doc:"language that one needs an interpreter for, BCP 47; empty: none is needed; left out: unchanged"`
}

// GivenAnswer is an answer to one option, or to the booked time.
type GivenAnswer struct {
	Option string `json:"option" maxLength:"64" doc:"empty: the booked time"`
	Answer string `json:"answer" enum:"accepted,declined,tentative"`
}

// SendDeputy is the body of POST /api/v1/bookings/{id}/deputy.
type SendDeputy struct {
	Participant string          `json:"participant" maxLength:"64" doc:"in whose place; empty: one's own"`
	Person      access.PersonID `json:"person" maxLength:"64"`
}

// BookingPeople is the body of PUT /api/v1/bookings/{id}/people: who is to be in it from now on.
type BookingPeople struct {
	Parties []Party `json:"parties" minItems:"1" maxItems:"8"`
}

// BookingTemplate is what a kind of consultation usually needs.
type BookingTemplate struct {
	ID       string          `json:"id"`
	Name     string          `json:"name" doc:"in the reader's language"`
	About    string          `json:"about"`
	Title    string          `json:"title"`
	Question string          `json:"question"`
	Minutes  int             `json:"minutes"`
	Parties  []TemplateParty `json:"parties"`
	Prepare  []Preparation   `json:"prepare"`
}

// TemplateParty is a role that a kind of consultation has.
type TemplateParty struct {
	Role          string `json:"role" enum:"patient,relative,interpreter,specialist,nurse,gp"`
	Organisation  string `json:"organisation" enum:",hospital,municipality,gp" doc:"kind of organisation; empty for patient, relative and interpreter"`
	Required      bool   `json:"required"`
	Attends       string `json:"attends" enum:"online,visit,beside"`
	DeputyAllowed bool   `json:"deputyAllowed"`
}

// BookingTemplates is the answer to GET /api/v1/booking-templates.
type BookingTemplates struct {
	Items []BookingTemplate `json:"items"`
}

// Colleagues is the answer to GET /api/v1/colleagues: staff whom one may book, by organisation and name.
type Colleagues struct {
	Items []Colleague `json:"items"`
}

// Colleague is someone who can be asked to be in a consultation.
type Colleague struct {
	Person           access.PersonID       `json:"person"`
	Name             string                `json:"name"`
	Role             string                `json:"role" enum:"specialist,nurse,gp"`
	Title            string                `json:"title"`
	Competence       string                `json:"competence"`
	Organisation     access.OrganisationID `json:"organisation"`
	OrganisationName string                `json:"organisationName"`
	OrganisationKind string                `json:"organisationKind" enum:"hospital,municipality,gp"`
	Unit             string                `json:"unit" doc:"name"`
	ActFor           bool                  `json:"actFor" doc:"one may also book on behalf of this organisation"`
}

// Waiting is the answer to GET /api/v1/waiting: what waits for the one who asks, the most
// urgent first.
type Waiting struct {
	Items []WaitingItem `json:"items"`
	Now   int64         `json:"now"`
}

// WaitingItem is one thing to see to.
type WaitingItem struct {
	Kind    string            `json:"kind" enum:"asked,suggested,declined,missing,unanswered,lapsed,not-ready,undelivered,interpreter" doc:"asked: one's own answer; missing: who is away and needs a deputy"`
	Since   int64             `json:"since"`
	Booking Booking           `json:"booking"`
	Person  string            `json:"person" doc:"participant whom it is about; empty: several"`
	Option  string            `json:"option" doc:"the time that was suggested; empty: none"`
	Free    bool              `json:"free" doc:"of suggested: the own organisation's people are free then"`
	Deputy  []access.PersonID `json:"deputy" doc:"of missing: who is free and has the role, at most three"`
	Message string            `json:"message" doc:"of undelivered: the message's id"`
	Why     string            `json:"why" enum:",no-address,refused,gave-up,uncertain,too-late" doc:"of undelivered"`
	Again   bool              `json:"again" doc:"of undelivered: whether it can be sent again"`
}

// SendAgain is the body of POST /api/v1/bookings/{id}/remind.
type SendAgain struct {
	Participant string `json:"participant" maxLength:"64" doc:"whom to remind; empty: all who have not answered"`
}

// Hours is when somebody, a unit or equipment can be booked.
type Hours struct {
	Subject      string                `json:"subject" readOnly:"true" doc:"person, unit or equipment"`
	Organisation access.OrganisationID `json:"organisation" readOnly:"true"`
	Version      int64                 `json:"version" readOnly:"true"`
	Own          bool                  `json:"own" readOnly:"true" doc:"false: none are set, and these are the unit's or the usual ones"`
	Weekly       []WeeklyHours         `json:"weekly" maxItems:"50"`
	Days         []DayHours            `json:"days" maxItems:"200" doc:"days that differ"`
	Holidays     bool                  `json:"holidays" doc:"also works on public holidays"`
	Buffer       int                   `json:"buffer" minimum:"0" maximum:"60" doc:"minutes kept free between two consultations"`
}

// WeeklyHours is a piece of each week.
type WeeklyHours struct {
	Weekday int    `json:"weekday" minimum:"1" maximum:"7" doc:"1: Monday (ISO 8601)"`
	From    int    `json:"from" minimum:"0" maximum:"1440" doc:"minute of the day"`
	Until   int    `json:"until" minimum:"0" maximum:"1440"`
	First   string `json:"first" maxLength:"10" doc:"from which day on; empty: always"`
	Last    string `json:"last" maxLength:"10" doc:"last day; empty: for the time being"`
}

// DayHours is what a day has in place of the week's hours.
type DayHours struct {
	Day   string `json:"day" format:"date"`
	From  int    `json:"from" minimum:"0" maximum:"1440" doc:"both 0: closed"`
	Until int    `json:"until" minimum:"0" maximum:"1440"`
}

// Absences is the answer to GET /api/v1/absences.
type Absences struct {
	Items []Absence `json:"items" doc:"those not over, by start"`
}

// Absence is a time when somebody is away.
type Absence struct {
	ID     string          `json:"id" readOnly:"true"`
	Person access.PersonID `json:"person" maxLength:"64" doc:"empty: oneself"`
	Starts int64           `json:"starts"`
	Ends   int64           `json:"ends"`
	Kind   string          `json:"kind" enum:"away,course,holiday,sick"`
	Cover  bool            `json:"cover" doc:"a deputy is wanted for what is booked then"`
	Met    int             `json:"met" readOnly:"true" doc:"how many bookings it meets"`
}

// CalendarFeeds is the answer to GET /api/v1/feeds.
type CalendarFeeds struct {
	Out     string         `json:"out" doc:"address at which other programs read one's own calendar: told once, when it is made"`
	OutMade int64          `json:"outMade" doc:"when that address was made; 0: there is none"`
	In      []CalendarFeed `json:"in" doc:"calendars elsewhere whose busy times are read"`
}

// CalendarFeed is a calendar elsewhere.
type CalendarFeed struct {
	ID      string `json:"id"`
	Host    string `json:"host" doc:"of its address; the rest is a secret"`
	ReadAt  int64  `json:"readAt" doc:"when it was read last, and its busy times are of; 0: never; without a fault, it is being read"`
	Busy    int    `json:"busy" doc:"busy times to come"`
	Fault   string `json:"fault" enum:",unreachable,refused,not-found,too-large,not-a-calendar,unknown-zone,inside" doc:"why it was not read the last time; it is tried again"`
	Since   int64  `json:"since" doc:"since when it can't be read; 0: it can"`
	Details string `json:"details" doc:"of the fault, as the zone's name; may be empty"`
}

// AddFeed is the body of POST /api/v1/feeds.
type AddFeed struct {
	Address string `json:"address" minLength:"1" maxLength:"2000" doc:"https:// or webcal://"`
}

// Equipment is something that is booked like a person: a tablet kit, a head camera.
type Equipment struct {
	ID           string                `json:"id" readOnly:"true"`
	Version      int64                 `json:"version" readOnly:"true"`
	Organisation access.OrganisationID `json:"organisation" maxLength:"64" doc:"empty: one's own"`
	Unit         string                `json:"unit" maxLength:"64" doc:"id; may be empty"`
	Name         string                `json:"name" minLength:"1" maxLength:"80"`
	Kind         string                `json:"kind" enum:"tablet,head-camera,other"`
	Active       bool                  `json:"active"`
}

// EquipmentList is the answer to GET /api/v1/equipment: what one may book, by organisation and name.
type EquipmentList struct {
	Items []Equipment `json:"items"`
}

// TellReadiness is the body of POST /api/v1/consultations/{consultation}/readiness.
type TellReadiness struct {
	State   string `json:"state" enum:"tested,on-the-way,late,ready"`
	Minutes int    `json:"minutes" minimum:"0" maximum:"240" doc:"how late; 0: not late after all"`
	Test    string `json:"test" enum:",good,poor,failed"`
}

// Invitation is the answer to GET /api/v1/invitation: what a personal link invites to.
type Invitation struct {
	Booking Booking           `json:"booking"`
	Others  []OwnConsultation `json:"others" doc:"the person's other consultations, not over, by start"`
	Patient access.PersonID   `json:"patient,omitempty" doc:"whom it is about, where what is measured of them is open to the session now; else left out"`
}

// OwnConsultation is one of the reader's own consultations, as its own link opens it.
type OwnConsultation struct {
	Starts           int64  `json:"starts"`
	Ends             int64  `json:"ends"`
	State            string `json:"state" enum:"proposed,pending,booked,arrived,fulfilled,cancelled,noshow"`
	OrganisationName string `json:"organisationName"`
}

// TakenBy is somebody who is not free at the time that was asked for.
type TakenBy struct {
	Person string `json:"person" doc:"id"`
	Name   string `json:"name"`
	Rule   string `json:"rule" enum:"busy,away,closed,elsewhere" doc:"busy: in another booking, or travelling to one"`
	Starts int64  `json:"starts" doc:"of the time that was asked for"`
}
