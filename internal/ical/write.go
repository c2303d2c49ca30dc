package ical

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// productID says who wrote a calendar (RFC 5545 §3.7.3).
const productID = "-//samkonsult//samkonsult//EN"

// Method is what an Invitation asks of the calendar that gets it (RFC 5546 §1.4).
type Method string

// The methods.
const (
	Request Method = "REQUEST" // put it in, or change what is in
	Cancel  Method = "CANCEL"  // take it out
)

// Role is a participant's (RFC 5545 §3.2.16).
type Role string

// The roles.
const (
	Chair    Role = "CHAIR"
	Required Role = "REQ-PARTICIPANT"
	Optional Role = "OPT-PARTICIPANT"
)

// Status is how a participant has answered (RFC 5545 §3.2.12).
type Status string

// The answers.
const (
	NeedsAction Status = "NEEDS-ACTION"
	Accepted    Status = "ACCEPTED"
	Declined    Status = "DECLINED"
	Tentative   Status = "TENTATIVE"
)

// Party is someone in an invitation. An organiser has no Role and Status.
type Party struct {
	Name   string // may be empty
	Email  string
	Role   Role   // "" means Required
	Status Status // "" means NeedsAction
}

// Invitation is one appointment, as it goes out by e-mail to one or more people (RFC 5546,
// RFC 6047). The caller chooses texts that hold nothing of health and no patient's name.
type Invitation struct {
	// UID and Organiser stay the same for all that is ever sent of an appointment, and
	// Sequence grows by one with each change and with the cancellation: these three are how
	// Outlook, Gmail and Apple find what to change or remove (RFC 5546 §2.1.5; MS-OXOCAL
	// 3.1.5.4 counts in the same way). Any other organiser, and they refuse or add another.
	UID         string
	Sequence    int
	Method      Method
	Starts      time.Time
	Ends        time.Time
	Stamp       time.Time // when this was written
	Summary     string
	Description string // may have lines
	URL         string
	Location    string
	Organiser   Party
	Attendees   []Party // with the one it is sent to, whose program looks for its own address among them
}

// ContentType is the part's, in the message. RFC 6047 §2.4: its method must be the
// calendar's; Outlook shows "not supported calendar message" when it is not.
func (i Invitation) ContentType() string {
	return "text/calendar; charset=utf-8; method=" + string(i.Method)
}

// Bytes is the calendar to send, or an *Invalid.
func (i Invitation) Bytes() ([]byte, error) {
	if i.Method != Request && i.Method != Cancel {
		return nil, invalid("method", RuleRange, "must be %s or %s", Request, Cancel)
	}
	if err := checkEvent("", i.UID, i.Sequence, i.Starts, i.Ends, i.Stamp, i.Summary, i.Description, i.Location, i.URL); err != nil {
		return nil, err
	}
	if err := checkParty("organiser", i.Organiser); err != nil {
		return nil, err
	}
	if len(i.Attendees) == 0 {
		return nil, invalid("attendees", RuleRequired, "must be one or more") // RFC 5546 §3.2.2
	}
	for n, p := range i.Attendees {
		if err := checkParty(fmt.Sprintf("attendees[%d]", n), p); err != nil {
			return nil, err
		}
	}
	w := begin(i.Method)
	w.raw("BEGIN", "VEVENT")
	w.event(i.UID, i.Sequence, i.Starts, i.Ends, i.Stamp, i.Summary, i.Description, i.Location, i.URL)
	w.raw(organiser(i.Organiser), mailto(i.Organiser.Email))
	for _, p := range i.Attendees {
		// RSVP=FALSE: answers go by the link in the text; an answer by mail reaches nobody.
		w.raw("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE="+string(or(p.Role, Required))+";PARTSTAT="+string(or(p.Status, NeedsAction))+
			";RSVP=FALSE"+name(p), mailto(p.Email))
	}
	if i.Method == Cancel {
		w.raw("STATUS", "CANCELLED") // RFC 5546 §3.2.5
	} else {
		w.raw("STATUS", "CONFIRMED")
	}
	w.raw("TRANSP", "OPAQUE")
	// Becomes MS-OXOCAL 2.2.1.26: Outlook offers no "propose new time", whose mail would
	// reach nobody either.
	w.raw("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
	w.raw("END", "VEVENT")
	return w.end(), nil
}

// FeedEvent is one appointment in a Feed.
type FeedEvent struct {
	UID         string
	Sequence    int
	Starts      time.Time
	Ends        time.Time
	Summary     string
	Description string
	Location    string
	URL         string
	Held        bool // a proposal that holds the time and is not agreed on yet
	Free        bool // in view, and keeps nobody from anything else
}

// Feed is a calendar that a member of staff subscribes to (RFC 5546 §3.2.1, PUBLISH).
type Feed struct {
	Name      string
	Organiser Party         // the organisation; RFC 5546 §3.2.1 requires one, and no ATTENDEE
	Every     time.Duration // between looks into it, at least a minute; 0 means 15 min
	Stamp     time.Time
	Events    []FeedEvent
}

// ContentType is the feed's, over HTTP.
func (f Feed) ContentType() string { return "text/calendar; charset=utf-8" }

// Bytes is the calendar, or an *Invalid.
func (f Feed) Bytes() ([]byte, error) {
	every := or(f.Every, 15*time.Minute)
	if every < time.Minute {
		return nil, invalid("every", RuleRange, "must be a minute or more")
	}
	if err := checkText("name", f.Name, maxText, false); err != nil {
		return nil, err
	}
	if err := checkParty("organiser", f.Organiser); err != nil {
		return nil, err
	}
	for n, e := range f.Events {
		if err := checkEvent(fmt.Sprintf("events[%d].", n), e.UID, e.Sequence, e.Starts, e.Ends, f.Stamp, e.Summary, e.Description, e.Location, e.URL); err != nil {
			return nil, err
		}
	}
	w := begin("PUBLISH")
	w.some("NAME", f.Name)         // RFC 7986 §5.1
	w.some("X-WR-CALNAME", f.Name) // what Outlook, Google and Apple read instead
	again := fmt.Sprintf("PT%dM", int(every/time.Minute))
	w.raw("REFRESH-INTERVAL;VALUE=DURATION", again) // RFC 7986 §5.7
	w.raw("X-PUBLISHED-TTL", again)                 // MS-OXCICAL 2.1.3.1.1.15: Outlook's word for it
	for _, e := range f.Events {
		w.raw("BEGIN", "VEVENT")
		w.event(e.UID, e.Sequence, e.Starts, e.Ends, f.Stamp, e.Summary, e.Description, e.Location, e.URL)
		w.raw(organiser(f.Organiser), mailto(f.Organiser.Email))
		status, busy, transp := "CONFIRMED", "BUSY", "OPAQUE"
		if e.Held {
			status, busy = "TENTATIVE", "TENTATIVE"
		}
		if e.Free {
			busy, transp = "FREE", "TRANSPARENT"
		}
		w.raw("STATUS", status)
		w.raw("TRANSP", transp)
		w.raw("X-MICROSOFT-CDO-BUSYSTATUS", busy) // MS-OXCICAL 2.1.3.1.1.20.23: beside TRANSP, STATUS doesn't make it tentative
		w.raw("END", "VEVENT")
	}
	if len(f.Events) == 0 {
		// RFC 5545 §3.4: a calendar has one component or more, and some readers insist.
		for _, line := range [][2]string{
			{"BEGIN", "VTIMEZONE"}, {"TZID", "Etc/UTC"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19700101T000000"},
			{"TZOFFSETFROM", "+0000"}, {"TZOFFSETTO", "+0000"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"},
		} {
			w.raw(line[0], line[1])
		}
	}
	return w.end(), nil
}

func begin(m Method) *writer {
	w := &writer{}
	w.raw("BEGIN", "VCALENDAR")
	w.raw("VERSION", "2.0")
	w.raw("PRODID", productID)
	w.raw("CALSCALE", "GREGORIAN")
	w.raw("METHOD", string(m))
	return w
}

func (w *writer) end() []byte {
	w.raw("END", "VCALENDAR")
	return []byte(w.b.String())
}

// event writes what invitations and feeds have in common.
func (w *writer) event(uid string, sequence int, starts, ends, stamp time.Time, summary, description, location, link string) {
	w.text("UID", uid)
	w.raw("SEQUENCE", fmt.Sprint(sequence))
	w.at("DTSTAMP", stamp)
	w.at("LAST-MODIFIED", stamp)
	w.at("DTSTART", starts)
	w.at("DTEND", ends)
	w.text("SUMMARY", summary)
	w.some("DESCRIPTION", description)
	w.some("LOCATION", location)
	if link != "" {
		w.raw("URL", link)
	}
}

func organiser(p Party) string { return "ORGANIZER" + name(p) }

func name(p Party) string {
	if p.Name == "" {
		return ""
	}
	return ";CN=" + param(p.Name)
}

// mailto is RFC 6068 §2: what stands before the @ may hold characters that mean something
// else in an address of this kind.
func mailto(email string) string {
	at := strings.LastIndexByte(email, '@')
	return "mailto:" + url.PathEscape(email[:at]) + email[at:]
}

func or[T comparable](v, instead T) T {
	var zero T
	if v == zero {
		return instead
	}
	return v
}
