package ical

import (
	"strconv"
	"strings"
)

type frequency int

const (
	secondly frequency = iota
	minutely
	hourly
	daily
	weekly
	monthly
	yearly
)

var frequencies = map[string]frequency{
	"SECONDLY": secondly, "MINUTELY": minutely, "HOURLY": hourly, "DAILY": daily, "WEEKLY": weekly, "MONTHLY": monthly, "YEARLY": yearly,
}

var weekdays = map[string]int{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// set holds numbers from 0 to 383.
type set [6]uint64

func (s *set) add(n int)      { s[n/64] |= 1 << (n % 64) }
func (s *set) has(n int) bool { return n >= 0 && n < 384 && s[n/64]&(1<<(n%64)) != 0 }
func (s *set) empty() bool    { return *s == set{} }

// signed holds numbers counted from the beginning, and from the end.
type signed struct{ pos, neg set }

func (s *signed) add(n int) {
	if n < 0 {
		s.neg.add(-n)
	} else {
		s.pos.add(n)
	}
}

func (s *signed) has(fromStart, fromEnd int) bool { return s.pos.has(fromStart) || s.neg.has(fromEnd) }
func (s *signed) empty() bool                     { return s.pos.empty() && s.neg.empty() }

// rule is a RECUR (RFC 5545 §3.3.10). Lists are sets, so that a long one costs no more than
// a short one.
type rule struct {
	freq      frequency
	interval  int64
	count     int64 // 0: no limit
	until     wall  // the last second that counts, where bounded
	bounded   bool
	untilUTC  bool // until is in UTC, still to be brought to the wall
	weekStart int
	months    set
	weeks     signed
	yearDays  signed
	monthDays signed
	weekdays  set       // every one of them
	nth       [7]signed // the nth one in the month or year
	hours     set
	minutes   set
	seconds   set
	positions signed
}

func (r *rule) anyNth() bool {
	for i := range r.nth {
		if !r.nth[i].empty() {
			return true
		}
	}
	return false
}

// parseRule reads the value of an RRULE.
func parseRule(p property) (rule, error) {
	r := rule{interval: 1, weekStart: 1, freq: -1}
	bad := func(part string) (rule, error) {
		return rule{}, p.invalid(RuleSyntax, "has an RRULE whose %s can't be understood", part)
	}
	seen := map[string]bool{}
	for _, part := range strings.Split(strings.TrimSpace(p.value), ";") {
		if part == "" { // Exchange ends some with a semicolon
			continue
		}
		name, value, ok := strings.Cut(strings.ToUpper(part), "=")
		if !ok || len(name) > 20 || strings.ContainsFunc(name, func(c rune) bool { return (c < 'A' || c > 'Z') && c != '-' }) {
			return bad("form")
		}
		if seen[name] {
			return rule{}, p.invalid(RuleSyntax, "has an RRULE with %s twice", name)
		}
		seen[name] = true
		ok = true
		switch name {
		case "FREQ":
			r.freq, ok = frequencies[value]
		case "INTERVAL":
			r.interval, ok = number(value, 1, 1_000_000)
		case "COUNT":
			r.count, ok = number(value, 1, 1_000_000_000)
		case "UNTIL":
			m, err := parseMoment(property{name: "UNTIL", line: p.line}, value)
			if err != nil {
				return rule{}, err
			}
			r.until, r.bounded, r.untilUTC = m.at, true, m.utc
			if m.date {
				r.until += daySecs - 1 // the whole of the day
			}
		case "WKST":
			r.weekStart, ok = weekdays[value]
		case "BYMONTH":
			ok = each(value, func(s string) bool { return plain(s, 1, 12, &r.months) })
		case "BYHOUR":
			ok = each(value, func(s string) bool { return plain(s, 0, 23, &r.hours) })
		case "BYMINUTE":
			ok = each(value, func(s string) bool { return plain(s, 0, 59, &r.minutes) })
		case "BYSECOND":
			ok = each(value, func(s string) bool { return plain(s, 0, 59, &r.seconds) })
		case "BYWEEKNO":
			ok = each(value, func(s string) bool { return eitherEnd(s, 53, &r.weeks) })
		case "BYYEARDAY":
			ok = each(value, func(s string) bool { return eitherEnd(s, 366, &r.yearDays) })
		case "BYMONTHDAY":
			ok = each(value, func(s string) bool { return eitherEnd(s, 31, &r.monthDays) })
		case "BYSETPOS":
			ok = each(value, func(s string) bool { return eitherEnd(s, 366, &r.positions) })
		case "BYDAY":
			ok = each(value, r.addDay)
		default: // RFC 7529 and later: what isn't understood may say that the person is busy
			return rule{}, p.invalid(RuleUnsupported, "has an RRULE with %s", name)
		}
		if !ok {
			return bad(name)
		}
	}
	switch {
	case r.freq < 0:
		return bad("FREQ")
	case r.count > 0 && r.bounded:
		return bad("COUNT beside UNTIL")
	// RFC 5545 §3.3.10, the notes below the table of BYxxx parts.
	case !r.weeks.empty() && r.freq != yearly:
		return bad("BYWEEKNO, other than with YEARLY,")
	case !r.yearDays.empty() && (r.freq == daily || r.freq == weekly || r.freq == monthly):
		return bad("BYYEARDAY, with DAILY, WEEKLY or MONTHLY,")
	case !r.monthDays.empty() && r.freq == weekly:
		return bad("BYMONTHDAY, with WEEKLY,")
	case r.anyNth() && (r.freq < monthly || !r.weeks.empty()):
		return bad("numbered BYDAY")
	}
	return r, nil
}

func (r *rule) addDay(s string) bool {
	if len(s) < 2 {
		return false
	}
	day, ok := weekdays[s[len(s)-2:]]
	if !ok {
		return false
	}
	if s = s[:len(s)-2]; s == "" {
		r.weekdays.add(day)
		return true
	}
	return eitherEnd(s, 53, &r.nth[day])
}

func each(list string, do func(string) bool) bool {
	for s := range strings.SplitSeq(list, ",") {
		if !do(strings.TrimSpace(s)) {
			return false
		}
	}
	return true
}

func number(s string, least, most int64) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= least && n <= most
}

func plain(s string, least, most int64, into *set) bool {
	n, ok := number(s, least, most)
	if ok {
		into.add(int(n))
	}
	return ok
}

// eitherEnd is 1 to most, or -1 to -most.
func eitherEnd(s string, most int64, into *signed) bool {
	n, ok := number(s, -most, most)
	if ok = ok && n != 0; ok {
		into.add(int(n))
	}
	return ok
}
