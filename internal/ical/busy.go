package ical

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"
)

// Busy is a time in which someone can't be booked: [Starts, Ends), in UTC.
type Busy struct{ Starts, Ends time.Time }

// Options of ReadBusy.
type Options struct {
	// Zone is where times and days hold that the calendar gives no zone for; nil means UTC.
	Zone *time.Location
	// Owner is the e-mail address of the calendar's owner: what the owner has declined
	// doesn't count. Without it, it does.
	Owner  string
	Limits Limits
}

// Report counts what was read.
type Report struct {
	Events      int // and busy times without one
	Free        int // of these: cancelled, declined or shown as free
	Occurrences int // busy, in the window, before they were joined
}

const longestWindow = 2 * 366 * 24 * time.Hour

// ReadBusy reads from a calendar when its owner is busy between from and until: sorted,
// disjoint, not touching one another. What can't be understood is an *Invalid and no times at
// all, for times that are missing from the list would be booked over; where two readings
// are possible, the busier one is taken. An error of r is returned as it is.
func ReadBusy(r io.Reader, from, until time.Time, o Options) ([]Busy, Report, error) {
	if !until.After(from) || until.Sub(from) > longestWindow || from.Year() < minYear || until.Year() > maxYear {
		return nil, Report{}, invalid("until", RuleRange, "must be after from, by two years at most")
	}
	limits := o.Limits.orDefault()
	all, err := parse(r, o.Owner, limits)
	if err != nil {
		return nil, Report{}, err
	}
	b := &busyReader{limits: limits, from: from.Unix(), until: until.Unix() + 1, work: limits.Work, world: map[string]zone{}}
	b.floating = zone(utc)
	if o.Zone != nil {
		b.floating = zoneOf(o.Zone)
	}
	for _, c := range all {
		if err := b.calendar(c); err != nil {
			return nil, Report{}, err
		}
	}
	return b.joined(from, until), b.report, nil
}

type busyReader struct {
	limits      Limits
	from, until int64 // seconds since 1970
	floating    zone
	own         property // X-WR-TIMEZONE of the calendar at hand: where its days begin
	zones       *zones
	world       map[string]zone
	moved       map[string]*moments // by UID: occurrences that have an event of their own
	work        int
	found       [][2]int64
	report      Report
}

// moments are occurrences, by when they start or by their day.
type moments struct {
	at   map[int64]bool
	days map[int64]bool
}

// has says whether the occurrence at that instant is among them. A day means its only one.
func (m *moments) has(at int64, w wall, often bool) bool {
	return m != nil && (m.at[at] || m.days[w.day()] && !often)
}

func newMoments() *moments { return &moments{at: map[int64]bool{}, days: map[int64]bool{}} }

func (b *busyReader) pay(n int) error {
	if b.work -= n; b.work < 0 {
		return invalid("calendar", RuleRepeats, "repeats more than can be looked through")
	}
	return nil
}

// once limits what one rule may cost.
func once(p property, pay spend, most int) spend {
	return func(n int) error {
		if most -= n; most < 0 {
			return p.invalid(RuleRepeats, "has an RRULE that repeats too often, or began too long ago, to look through")
		}
		return pay(n)
	}
}

func (b *busyReader) calendar(c *calendar) error {
	b.zones = &zones{world: b.world, found: map[string]zone{}, defined: c.zones, from: wall(b.from), to: wall(b.until), pay: b.pay, ruleWork: b.limits.RuleWork}
	b.own, b.moved = c.zone, map[string]*moments{}
	for _, e := range c.events {
		if err := b.note(e); err != nil {
			return err
		}
	}
	for _, e := range c.events {
		b.report.Events++
		if free(e) {
			b.report.Free++
			continue
		}
		if err := b.event(e); err != nil {
			return err
		}
	}
	for _, f := range c.free {
		if err := b.freeBusy(f); err != nil {
			return err
		}
	}
	return nil
}

// free says whether an event keeps its owner from nothing. That a time is only tentative
// does not: someone holds it.
func free(e *component) bool {
	if e.declined || e.word("STATUS") == "CANCELLED" {
		return true
	}
	// MS-OXCICAL 2.1.3.1.1.20.31: Outlook's own word says more than TRANSP.
	switch e.word("X-MICROSOFT-CDO-BUSYSTATUS") {
	case "":
		return e.word("TRANSP") == "TRANSPARENT" // RFC 5545 §3.8.2.7
	case "FREE", "WORKINGELSEWHERE": // MS-OXOCAL 2.2.1.2: elsewhere, and working: there is video there too
		return true
	}
	return false
}

// note remembers which occurrence of a series an event stands for, be it moved, free now or
// cancelled (RFC 5545 §3.8.4.4).
func (b *busyReader) note(e *component) error {
	p, ok := e.maybe("RECURRENCE-ID")
	if !ok {
		return nil
	}
	if p.params["RANGE"] != "" {
		return p.invalid(RuleUnsupported, "has a RECURRENCE-ID with RANGE")
	}
	uid := e.uid()
	if uid == "" {
		return nil // of no series that could be named
	}
	if b.moved[uid] == nil {
		b.moved[uid] = newMoments()
	}
	return b.add(b.moved[uid], p)
}

func (c *component) uid() string {
	p, _ := c.maybe("UID")
	return strings.TrimSpace(p.value)
}

// add puts the times in p among m.
func (b *busyReader) add(m *moments, p property) error {
	for value := range strings.SplitSeq(p.value, ",") {
		if err := b.pay(1); err != nil {
			return err
		}
		if strings.TrimSpace(value) == "" { // some write an empty EXDATE
			continue
		}
		t, err := parseMoment(p, value)
		if err != nil {
			return err
		}
		if t.date { // also of a series with times: the one on that day
			m.days[t.at.day()] = true
			continue
		}
		z, err := b.zone(p, t)
		if err != nil {
			return err
		}
		at, _ := z.instants(t.at)
		m.at[at] = true
	}
	return nil
}

// zone is where m is meant.
func (b *busyReader) zone(p property, m moment) (zone, error) {
	switch {
	case m.utc:
		return utc, nil
	case m.tzid != "":
		return b.zones.named(p, m.tzid)
	case m.date && b.own.name != "":
		return b.zones.named(b.own, unescape(strings.TrimSpace(b.own.value)))
	}
	return b.floating, nil
}

func (b *busyReader) freeBusy(f *component) error {
	for _, p := range f.properties {
		if p.name != "FREEBUSY" || strings.EqualFold(p.params["FBTYPE"], "FREE") { // RFC 5545 §3.2.9
			continue
		}
		for value := range strings.SplitSeq(p.value, ",") {
			if err := b.pay(1); err != nil {
				return err
			}
			if strings.TrimSpace(value) == "" {
				continue
			}
			starts, length, err := b.period(p, value)
			if err != nil {
				return err
			}
			if err := b.occurs(length, starts.at); err != nil {
				return err
			}
		}
	}
	return nil
}

// busy adds a time, as far as it lies in the window.
func (b *busyReader) busy(starts, ends int64) error {
	if ends <= starts || ends <= b.from || starts >= b.until {
		return nil
	}
	if b.report.Occurrences++; b.report.Occurrences > b.limits.Occurrences {
		return invalid("calendar", RuleOccurrences, "has more than %d busy times between the two days", b.limits.Occurrences)
	}
	b.found = append(b.found, [2]int64{max(starts, b.from), min(ends, b.until)})
	return nil
}

// joined is what was found, as few intervals as can be.
func (b *busyReader) joined(from, until time.Time) []Busy {
	slices.SortFunc(b.found, func(x, y [2]int64) int { return cmp.Compare(x[0], y[0]) })
	var out []Busy
	for _, f := range b.found {
		starts, ends := time.Unix(f[0], 0).UTC(), time.Unix(f[1], 0).UTC()
		if starts.Before(from) {
			starts = from.UTC()
		}
		if ends.After(until) {
			ends = until.UTC()
		}
		switch last := len(out) - 1; {
		case !ends.After(starts):
		case last >= 0 && !starts.After(out[last].Ends):
			if ends.After(out[last].Ends) {
				out[last].Ends = ends
			}
		default:
			out = append(out, Busy{starts, ends})
		}
	}
	return out
}
