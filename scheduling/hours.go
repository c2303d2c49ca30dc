package scheduling

import (
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Subject is whose time it is: a person, a unit or equipment, by its id.
type Subject string

// Hours are when a subject can be booked, in the local time of the service's place. A person
// who works in two organisations has hours in each.
type Hours struct {
	Subject      Subject
	Organisation access.OrganisationID
	Version      int64         // 0: none are set, and these are the unit's, or the usual ones
	Weekly       []Weekly      `json:"weekly"`
	Days         []DayHours    `json:"days,omitempty"` // that differ from their weekday
	Holidays     bool          `json:"holidays,omitempty"`
	Buffer       time.Duration `json:"buffer,omitempty"` // kept free between two consultations, whole minutes
}

// Weekly is a piece of each week. Minutes are of the local day, and 1440 is its end, also
// where it has 23 or 25 hours.
type Weekly struct {
	Weekday time.Weekday `json:"weekday"`
	From    int          `json:"from"` // minutes
	Until   int          `json:"until"`
	First   string       `json:"first,omitempty"` // days, both included; empty: always
	Last    string       `json:"last,omitempty"`
}

// DayHours are what a day has in place of its weekday's hours; several may be of one day.
type DayHours struct {
	Day   string `json:"day"`
	From  int    `json:"from"` // both 0: closed
	Until int    `json:"until"`
}

// UsualHours hold where nobody has set any: eight to four on working days.
func UsualHours() Hours {
	var h Hours
	for day := time.Monday; day <= time.Friday; day++ {
		h.Weekly = append(h.Weekly, Weekly{Weekday: day, From: 8 * 60, Until: 16 * 60})
	}
	return h
}

const (
	dayMinutes = 24 * 60
	maxWeekly  = 50
	maxDays    = 200
	maxBuffer  = time.Hour
)

// Check names the first field that breaks a rule, as *Invalid.
func (h Hours) Check() error {
	switch {
	case !isID(string(h.Subject)):
		return &Invalid{"subject", ruleID}
	case h.Organisation == "":
		return &Invalid{"organisation", "is required"}
	case len(h.Weekly) > maxWeekly:
		return &Invalid{"weekly", fmt.Sprintf("must be at most %d", maxWeekly)}
	case len(h.Days) > maxDays:
		return &Invalid{"days", fmt.Sprintf("must be at most %d", maxDays)}
	case h.Buffer < 0 || h.Buffer > maxBuffer || h.Buffer%time.Minute != 0:
		return &Invalid{"buffer", "must be whole minutes, at most 60"}
	}
	for i, w := range h.Weekly {
		place := fmt.Sprintf("weekly[%d].", i)
		switch {
		case w.Weekday < time.Sunday || w.Weekday > time.Saturday:
			return &Invalid{place + "weekday", "must be 1–7"}
		case w.From < 0 || w.Until > dayMinutes || w.From >= w.Until:
			return &Invalid{place + "until", "must be after from, and both within the day"}
		case w.First != "" && !isDay(w.First):
			return &Invalid{place + "first", ruleDay}
		case w.Last != "" && (!isDay(w.Last) || w.Last < w.First):
			return &Invalid{place + "last", "must be a date, not before the first"}
		}
	}
	for i, d := range h.Days {
		place := fmt.Sprintf("days[%d].", i)
		switch {
		case !isDay(d.Day):
			return &Invalid{place + "day", ruleDay}
		case (d.From != 0 || d.Until != 0) && (d.From < 0 || d.Until > dayMinutes || d.From >= d.Until):
			return &Invalid{place + "until", "must be after from, and both within the day; or both 0"}
		}
	}
	return nil
}

// open are the hours from one moment until another. The days are counted in the zone, so
// that eight o'clock is eight o'clock in summer and in winter.
func (h Hours) open(from, until time.Time, zone *time.Location, holidays *almanac) spans {
	special := map[string][]DayHours{}
	for _, d := range h.Days {
		special[d.Day] = append(special[d.Day], d)
	}
	var all []stretch
	y, m, d := from.In(zone).Date()
	for day := time.Date(y, m, d, 0, 0, 0, 0, zone); day.Before(until); {
		year, month, date := day.Date()
		next := time.Date(year, month, date+1, 0, 0, 0, 0, zone)
		name := day.Format(time.DateOnly)
		add := func(from, until int) {
			all = append(all, stretch{minuteOf(day, from).UnixMilli(), minuteOf(day, until).UnixMilli()})
		}
		if own, differs := special[name]; differs {
			for _, d := range own {
				add(d.From, d.Until)
			}
		} else if h.Holidays || !holidays.has(year, name) {
			for _, w := range h.Weekly {
				if w.Weekday == day.Weekday() && (w.First == "" || w.First <= name) && (w.Last == "" || name <= w.Last) {
					add(w.From, w.Until)
				}
			}
		}
		day = next
	}
	return merged(all).and(spans{stretchOf(from, until)})
}

// minuteOf is a minute of a local day, as the clock on the wall shows it. Of one that the clock
// shows twice, or leaps over, it is one of the two moments that it could mean.
func minuteOf(midnight time.Time, minute int) time.Time {
	y, m, d := midnight.Date()
	return time.Date(y, m, d, 0, minute, 0, 0, midnight.Location())
}

// almanac knows the holidays of the years that it has been asked for. It is one search's own.
type almanac struct{ years map[int]map[string]Holiday }

func newAlmanac() *almanac { return &almanac{years: map[int]map[string]Holiday{}} }

func (a *almanac) has(year int, day string) bool {
	days, known := a.years[year]
	if !known {
		days = Holidays(year)
		a.years[year] = days
	}
	_, there := days[day]
	return there
}
