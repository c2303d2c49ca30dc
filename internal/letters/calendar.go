package letters

import (
	"context"
	"strings"

	"github.com/samkonsult/samkonsult/internal/ical"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// calendar adds what puts the appointment into the recipient's calendar or takes it out:
// to e-mail alone, and of what is agreed. Other people's addresses are nobody's business, so
// that the recipient is the only one who is named in it.
func (c *Composer) calendar(_ context.Context, d *draft) error {
	if d.letter.Channel != notify.Email || c.sender == "" {
		return nil
	}
	method := ical.Request
	switch d.about.Kind {
	case notify.KindBooked, notify.KindMoved, notify.KindStaffBooked, notify.KindStaffMoved, notify.KindDeputyIn:
	case notify.KindDeputyAsked:
		if !d.of.State.Stands() {
			return nil
		}
	case notify.KindCancelled, notify.KindStaffCancelled:
		if !d.of.AnswerBy.IsZero() {
			return nil // it was only asked for, and is in nobody's calendar
		}
		method = ical.Cancel
	default:
		return nil
	}
	w := wordsIn(d.person.Language)
	i := ical.Invitation{
		UID: string(d.of.ID) + "@" + c.host, Sequence: d.of.Sequence, Method: method,
		Starts: d.of.Starts, Ends: d.of.Ends, Stamp: c.cfg.Now(),
		Summary:   w.call + ": " + strings.Join(d.names(d.parties()), ", "),
		Organiser: ical.Party{Name: d.houses[d.of.Organisation].Name, Email: c.sender},
		Attendees: []ical.Party{d.attendee()},
	}
	if method == ical.Request {
		i.URL = d.letter.Link
		open := w.open
		if d.forStaff {
			i.URL, open = c.base+"/", w.signIn
		}
		i.Description = open + "\n" + i.URL
		if d.letter.Phone != "" {
			i.Description += "\n" + w.ring + " " + d.letter.Phone
		}
	}
	body, err := i.Bytes()
	if err != nil {
		return nil // what can't stand in a calendar, such as a quoted address, must not keep the message back
	}
	d.letter.Calendar = &notify.Calendar{Method: string(method), Body: body}
	return nil
}

// attendee is the recipient. Guests are not named: a mailbox is seen by others than its owner.
func (d *draft) attendee() ical.Party {
	p := ical.Party{Email: d.letter.Address}
	if d.forStaff {
		p.Name = d.person.Name
	}
	if d.seat.Person == d.about.To {
		p.Status = ical.Status(strings.ToUpper(string(d.seat.Reply.Answer))) // both have FHIR's words for it
	}
	return p
}
