package letters

import (
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

func moot(why string) error { return fmt.Errorf("%s: %w", why, notify.ErrMoot) }

// forGuests says whether a kind of message is for those who come by a link.
func forGuests(k notify.Kind) bool {
	switch k {
	case notify.KindProposal, notify.KindBooked, notify.KindMoved, notify.KindCancelled, notify.KindReminderDay, notify.KindReminderHour, notify.KindLate:
		return true
	default:
		return false
	}
}

// overtaken says whether what a message tells of is so no more: then another message tells
// what is. A message of a kind that this package has no letter for is never sent.
func (d *draft) overtaken() error {
	state := d.of.State
	switch d.about.Kind {
	case notify.KindCancelled, notify.KindStaffCancelled:
		return d.invitedAgain()
	case notify.KindLapsed:
		if state != scheduling.Cancelled {
			return moot("it goes on")
		}
		return nil
	case notify.KindAgreed:
		if !state.Stands() || d.moved() {
			return moot("it is not to be held then")
		}
		return nil
	case notify.KindSuggested, notify.KindDeclined, notify.KindUndelivered:
		return d.settled()
	}
	switch {
	case d.moved():
		return moot("it was moved since")
	case d.seat.Person != d.about.To: // also where the seat is gone
		return moot("the recipient is not in that seat any more")
	}
	switch d.about.Kind {
	case notify.KindProposal, notify.KindStaffProposal:
		if !state.Open() || len(d.unanswered()) == 0 {
			return moot("nothing is asked for any more")
		}
	case notify.KindDeputyAsked:
		if !state.Open() && !state.Stands() {
			return moot("it is not to be held")
		}
	case notify.KindReminderDay, notify.KindReminderHour, notify.KindStaffReminder:
		if !state.Stands() || d.seat.Reply.Answer == scheduling.Declined {
			return moot("there is nothing to be reminded of")
		}
	case notify.KindBooked, notify.KindMoved, notify.KindStaffBooked, notify.KindStaffMoved, notify.KindDeputyIn, notify.KindLate:
		if !state.Stands() {
			return moot("it is not to be held")
		}
	default:
		return fmt.Errorf("no letter for a message of kind %q: %w", d.about.Kind, notify.ErrNever)
	}
	return nil
}

// moved says whether it has another time than the message tells of. That others have left it,
// which raises the SEQUENCE too, makes nothing untrue that waits for those who stay.
func (d *draft) moved() bool {
	if d.about.When == 0 {
		return d.about.Change != d.of.Sequence
	}
	return d.about.When != d.of.Starts.UnixMilli()
}

// invitedAgain says whether one who was told not to come is to come after all. A cancellation
// goes to who was in it, wherever it was moved since.
func (d *draft) invitedAgain() error {
	if !d.of.State.Open() && !d.of.State.Stands() {
		return nil
	}
	if slices.ContainsFunc(d.of.Participants, func(p scheduling.Participant) bool { return p.Person == d.about.To }) {
		return moot("the recipient is in it again")
	}
	return nil
}

// settled says whether what a coordinator is to see to has been seen to.
func (d *draft) settled() error {
	switch state := d.of.State; {
	case !state.Open() && !state.Stands():
		return moot("it is not to be held")
	case d.moved():
		return moot("it was moved since")
	case d.about.Kind == notify.KindUndelivered:
		return nil
	case d.seat.ID == "":
		return moot("who has answered is not in it any more")
	case d.about.Kind == notify.KindSuggested && !slices.ContainsFunc(d.of.Options, func(o scheduling.Option) bool { return o.By == d.seat.ID }):
		return moot("the suggestion is gone")
	}
	return nil
}
