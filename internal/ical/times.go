package ical

import (
	"strings"
	"time"
)

// wall is a date and time on a clock on the wall, in seconds since 1970 as that clock would
// count them: which instant it is, a zone says.
type wall int64

const (
	minYear = 1601 // Windows begins its time zones there
	maxYear = 9999
	daySecs = 24 * 60 * 60
)

func wallOf(year, month, day, hour, minute, second int) wall {
	return wall(time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC).Unix())
}

// day is the number of the day since 1970.
func (w wall) day() int64 { return floorDiv(int64(w), daySecs) }

// clock is the second of the day.
func (w wall) clock() int64 { return int64(w) - w.day()*daySecs }

func (w wall) time() time.Time { return time.Unix(int64(w), 0).UTC() }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// moment is a DATE or DATE-TIME as it is written (RFC 5545 §3.3.4, §3.3.5).
type moment struct {
	at   wall
	date bool   // a day, without a time
	utc  bool   // written with a Z
	tzid string // "" with a date, in UTC, and where the time floats
}

// digits reads a number of exactly n digits.
func digits(s string, n int) (int, bool) {
	if len(s) < n {
		return 0, false
	}
	v := 0
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, true
}

// parseMoment reads value, one of those of p.
func parseMoment(p property, value string) (moment, error) {
	bad := func() (moment, error) {
		return moment{}, p.invalid(RuleSyntax, "has a %s that is not a date or time", p.name)
	}
	value = strings.TrimSpace(value)
	if len(value) != 8 && len(value) != 15 && len(value) != 16 {
		return bad()
	}
	year, ok1 := digits(value, 4)
	month, ok2 := digits(value[4:], 2)
	day, ok3 := digits(value[6:], 2)
	if !ok1 || !ok2 || !ok3 {
		return bad()
	}
	m := moment{date: len(value) == 8}
	var hour, minute, second int
	if !m.date {
		var ok4, ok5, ok6 bool
		hour, ok4 = digits(value[9:], 2)
		minute, ok5 = digits(value[11:], 2)
		second, ok6 = digits(value[13:], 2)
		if value[8] != 'T' || !ok4 || !ok5 || !ok6 || hour > 23 || minute > 59 || second > 60 {
			return bad()
		}
		second = min(second, 59) // a leap second; clocks here have none
		if len(value) == 16 {
			if value[15] != 'Z' {
				return bad()
			}
			m.utc = true
		} else {
			m.tzid = p.params["TZID"]
		}
	}
	if kind := strings.ToUpper(p.params["VALUE"]); kind == "DATE" && !m.date || kind == "DATE-TIME" && m.date {
		return bad()
	}
	if year < minYear {
		return moment{}, p.invalid(RuleYear, "has a %s before %d", p.name, minYear)
	}
	m.at = wallOf(year, month, day, hour, minute, second)
	if t := m.at.time(); t.Day() != day || int(t.Month()) != month {
		return bad() // 30 February
	}
	return m, nil
}

// span is a DURATION: days follow the clock on the wall, seconds are exact (RFC 5545 §3.3.6).
type span struct{ days, seconds int64 }

const longest = 10000 * 366 // days; a span beyond it is nonsense

// parseSpan reads dur-value.
func parseSpan(p property, value string) (span, error) {
	bad := func() (span, error) {
		return span{}, p.invalid(RuleSyntax, "has a %s that is not a duration", p.name)
	}
	s := strings.ToUpper(strings.TrimSpace(value))
	if strings.HasPrefix(s, "-") {
		return span{}, p.invalid(RuleSyntax, "has a %s below zero", p.name)
	}
	s, ok := strings.CutPrefix(strings.TrimPrefix(s, "+"), "P")
	if !ok || s == "" {
		return bad()
	}
	var d span
	inTime, number, have, parts := false, int64(0), false, 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			if number, have = number*10+int64(c-'0'), true; number > longest*daySecs {
				return bad()
			}
			continue
		case c == 'T' && !inTime && !have:
			inTime = true
			continue
		case !have:
			return bad()
		case c == 'W' && !inTime:
			d.days += 7 * number
		case c == 'D' && !inTime:
			d.days += number
		case c == 'H' && inTime:
			d.seconds += 3600 * number
		case c == 'M' && inTime:
			d.seconds += 60 * number
		case c == 'S' && inTime:
			d.seconds += number
		default:
			return bad()
		}
		number, have = 0, false
		if parts++; parts > 5 {
			return bad()
		}
	}
	if have || parts == 0 || d.days > longest || d.seconds > longest*daySecs {
		return bad()
	}
	return d, nil
}
