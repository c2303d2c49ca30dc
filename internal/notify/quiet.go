package notify

import (
	"errors"
	"slices"
	"time"
)

// Quiet is when patients and relatives are not disturbed: hours of the clock on the wall,
// From included, To not. The zero value means 21 to 8; From and To alike mean never.
type Quiet struct{ From, To int }

func (q Quiet) checked() (Quiet, error) {
	if q == (Quiet{}) {
		return Quiet{From: 21, To: 8}, nil
	}
	if q.From < 0 || q.From > 24 || q.To < 0 || q.To > 24 {
		return q, errors.New("quiet hours must be from 0 to 24")
	}
	return q, nil
}

// ends is when the quiet that t falls into is over, in t's zone; zero: t is in none.
func (q Quiet) ends(t time.Time) time.Time {
	if q.From == q.To {
		return time.Time{}
	}
	end := time.Date(t.Year(), t.Month(), t.Day(), q.To, 0, 0, 0, t.Location())
	switch h := t.Hour(); {
	case q.From < q.To && (h < q.From || h >= q.To):
		return time.Time{}
	case q.From > q.To && h >= q.To && h < q.From:
		return time.Time{}
	case q.From > q.To && h >= q.From:
		return time.Date(t.Year(), t.Month(), t.Day()+1, q.To, 0, 0, 0, t.Location())
	}
	return end
}

// wakeful is how long before it is worthless a message must come, to be read in peace: for
// the sake of less, the quiet is broken.
const wakeful = 2 * time.Hour

// held is until when a message waits for the morning; zero: it goes now.
func (q Quiet) held(m Message, now time.Time) time.Time {
	if !m.Kind.calm() {
		return time.Time{}
	}
	end := q.ends(now)
	if end.IsZero() || !m.Until.IsZero() && m.Until.Before(end.Add(wakeful)) {
		return time.Time{}
	}
	return end
}

// reminderGap is how soon after a message the next is more of a nuisance than a reminder.
const reminderGap = 30 * time.Minute

// Reminders are when to remind of what starts at start, given how long before: the earliest
// first, without those whose time has passed, or comes so soon that the message with which
// they are written is reminder enough.
func Reminders(start, now time.Time, before []time.Duration) []time.Time {
	var out []time.Time
	for _, d := range before {
		if at := start.Add(-d); d > 0 && !at.Before(now.Add(reminderGap)) {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// ReminderKind is the kind of a reminder that comes so long before.
func ReminderKind(before time.Duration) Kind {
	if before > 6*time.Hour {
		return KindReminderDay
	}
	return KindReminderHour
}
