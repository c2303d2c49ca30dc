package ical

import "strings"

// length is how long an event takes, each time.
type length struct {
	zone   zone
	exact  int64 // seconds
	onWall wall  // what the clock on the wall moves on; -1 where start and end have different clocks
	days   int64 // beside exact, of a DURATION
	date   bool  // whole days
}

// most is at least as long as any occurrence.
func (l length) most() wall {
	return max(wall(l.exact), l.onWall) + wall(l.days*daySecs) + 2*daySecs
}

// ends is when an occurrence ends that starts at the instant at, which is w on the wall.
func (l length) ends(at int64, w wall) int64 {
	switch {
	case l.date:
		_, last := l.zone.instants(w + l.onWall)
		return last
	case l.days > 0: // RFC 5545 §3.3.6: days are nominal
		next, _ := l.zone.instants(w + wall(l.days*daySecs))
		return max(next, at) + l.exact
	case l.onWall < 0:
		return at + l.exact
	}
	// RFC 5545 §3.8.5.3 has each occurrence take the same exact time; Outlook and Google
	// have it end at the same time of the clock. Over a change of the clock the longer counts.
	last, _ := l.zone.instants(w + l.onWall)
	return max(at+l.exact, last)
}

// occurs adds an occurrence that starts at w on the wall.
func (b *busyReader) occurs(l length, w wall) error {
	at, _ := l.zone.instants(w)
	return b.busy(at, l.ends(at, w))
}

// event adds the times of a VEVENT that isn't free.
func (b *busyReader) event(e *component) error {
	p, err := e.one("DTSTART")
	if err != nil {
		return err
	}
	starts, err := parseMoment(p, p.value)
	if err != nil {
		return err
	}
	z, err := b.zone(p, starts)
	if err != nil {
		return err
	}
	l, err := b.length(e, starts, z)
	if err != nil {
		return err
	}
	if _, moved := e.maybe("RECURRENCE-ID"); moved { // one occurrence, whatever else it says
		return b.occurs(l, starts.at)
	}
	without := newMoments()
	var rules, extra []property
	for _, p := range e.properties {
		switch p.name {
		case "EXDATE":
			if err := b.add(without, p); err != nil {
				return err
			}
		case "RRULE":
			rules = append(rules, p)
		case "RDATE":
			extra = append(extra, p)
		}
	}
	var elsewhere *moments
	if uid := e.uid(); uid != "" {
		elsewhere = b.moved[uid]
	}
	often := false // perhaps more than once a day
	one := func(l length, w wall) error {
		first, second := l.zone.instants(w)
		if !often {
			second = first // RFC 5545 §3.3.5: of an hour that is there twice the first; every hour means both
		}
		for at := first; ; at = second {
			if !without.has(at, w, often) && !elsewhere.has(at, w, often) {
				if err := b.busy(at, l.ends(at, w)); err != nil {
					return err
				}
			}
			if at == second {
				return nil
			}
		}
	}
	// RFC 5545 §3.8.5.3: the start is always one of them.
	if err := one(l, starts.at); err != nil {
		return err
	}
	lo := z.onWall(b.from) - l.most()
	hi := z.onWall(b.until) + 2*daySecs
	for _, p := range rules {
		r, err := parseRule(p)
		if err != nil {
			return err
		}
		if r.untilUTC {
			r.until = z.onWall(int64(r.until))
		}
		often = r.freq < daily || !r.hours.empty() || !r.minutes.empty() || !r.seconds.empty()
		if err := r.expand(starts.at, lo, hi, once(p, b.pay, b.limits.RuleWork), func(w wall) error { return one(l, w) }); err != nil {
			return err
		}
	}
	often = false
	for _, p := range extra {
		for value := range strings.SplitSeq(p.value, ",") {
			if err := b.extra(p, value, l, one); err != nil {
				return err
			}
		}
	}
	return nil
}

// extra adds one time of an RDATE.
func (b *busyReader) extra(p property, value string, l length, one func(length, wall) error) error {
	if err := b.pay(1); err != nil {
		return err
	}
	if strings.TrimSpace(value) == "" {
		return nil
	}
	if strings.Contains(value, "/") { // VALUE=PERIOD
		m, l, err := b.period(p, value)
		if err != nil {
			return err
		}
		return one(l, m.at)
	}
	m, err := parseMoment(p, value)
	if err != nil {
		return err
	}
	if m.date && !l.date { // on that day, at the time of the others: which, it doesn't say
		return p.invalid(RuleUnsupported, "has an RDATE of days for an event with a time")
	}
	if !m.date {
		if l.zone, err = b.zone(p, m); err != nil {
			return err
		}
	}
	return one(l, m.at)
}

// length reads DTEND or DURATION of an event that starts so.
func (b *busyReader) length(e *component, starts moment, z zone) (length, error) {
	end, hasEnd := e.maybe("DTEND")
	duration, hasDuration := e.maybe("DURATION")
	switch {
	case hasEnd && hasDuration:
		return length{}, duration.invalid(RuleSyntax, "has an event with both DTEND and DURATION")
	case hasEnd:
		ends, err := parseMoment(end, end.value)
		if err != nil {
			return length{}, err
		}
		return b.between(end, starts, ends, z)
	case hasDuration:
		d, err := parseSpan(duration, duration.value)
		if err != nil {
			return length{}, err
		}
		return lengthOf(d, starts, z), nil
	case starts.date: // RFC 5545 §3.6.1: a day without an end is that day
		return length{zone: z, date: true, onWall: daySecs}, nil
	}
	return length{zone: z}, nil // and a time without an end takes none
}

func lengthOf(d span, starts moment, z zone) length {
	if starts.date {
		// RFC 5545 §3.6.1: in days or weeks; a rest counts for the whole day.
		return length{zone: z, date: true, onWall: wall(max(1, d.days+(d.seconds+daySecs-1)/daySecs) * daySecs)}
	}
	if d.days == 0 {
		return length{zone: z, exact: d.seconds, onWall: -1}
	}
	return length{zone: z, exact: d.seconds, days: d.days, onWall: -1}
}

// between is the length from one moment to another.
func (b *busyReader) between(p property, starts, ends moment, z zone) (length, error) {
	late := func() (length, error) {
		return length{}, p.invalid(RuleSyntax, "has an event that ends before it starts")
	}
	if starts.date != ends.date {
		return length{}, p.invalid(RuleSyntax, "has an event with a day and a time")
	}
	if starts.date {
		if ends.at < starts.at {
			return late()
		}
		// RFC 5545 §3.6.1: the end is the day after; some write the same day.
		return length{zone: z, date: true, onWall: max(daySecs, ends.at-starts.at)}, nil
	}
	other, err := b.zone(p, ends)
	if err != nil {
		return length{}, err
	}
	from, _ := z.instants(starts.at)
	to, again := other.instants(ends.at)
	l := length{zone: z, exact: to - from, onWall: -1}
	if starts.utc == ends.utc && starts.tzid == ends.tzid {
		l.onWall = max(-1, ends.at-starts.at)
	}
	switch {
	case l.exact >= 0:
	case l.onWall >= 0: // it starts in the hour that isn't there
		l.exact = int64(l.onWall)
	case again >= from: // and ends in the one that is there twice
		l.exact = again - from
	default:
		return late()
	}
	return l, nil
}

// period reads a PERIOD (RFC 5545 §3.3.9): a start, and an end or a duration.
func (b *busyReader) period(p property, value string) (moment, length, error) {
	first, last, ok := strings.Cut(strings.TrimSpace(value), "/")
	if !ok {
		return moment{}, length{}, p.invalid(RuleSyntax, "has a %s that is not a period", p.name)
	}
	starts, err := parseMoment(p, first)
	if err != nil {
		return moment{}, length{}, err
	}
	if starts.date {
		return moment{}, length{}, p.invalid(RuleSyntax, "has a %s that is not a period", p.name)
	}
	z, err := b.zone(p, starts)
	if err != nil {
		return moment{}, length{}, err
	}
	if strings.ContainsAny(last, "Pp") {
		d, err := parseSpan(p, last)
		return starts, lengthOf(d, starts, z), err
	}
	ends, err := parseMoment(p, last)
	if err != nil {
		return moment{}, length{}, err
	}
	l, err := b.between(p, starts, ends, z)
	return starts, l, err
}
