package ical

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// zone says how far a place is ahead of UTC at an instant; both in seconds.
type zone func(at int64) (ahead int64)

func utc(int64) int64 { return 0 }

func zoneOf(loc *time.Location) zone {
	return func(at int64) int64 {
		_, ahead := time.Unix(at, 0).In(loc).Zone()
		return int64(ahead)
	}
}

// instants are when a clock on the wall there shows w. RFC 5545 §3.3.5: a time that is there
// twice is the first of the two; one that isn't there is told by the offset from before.
func (z zone) instants(w wall) (first, second int64) {
	const apart = 15 * 3600 // no place is further ahead or behind
	before, after := z(int64(w)-apart), z(int64(w)+apart)
	a, b := int64(w)-before, int64(w)-after
	switch okA, okB := z(a) == before, z(b) == after; {
	case okA && okB:
		return min(a, b), max(a, b)
	case okB:
		return b, b
	}
	return a, a
}

// onWall is what the clock there shows.
func (z zone) onWall(at int64) wall { return wall(at + z(at)) }

// zones finds a calendar's zones by name: in the world's database, among those of Windows,
// and in what the calendar itself says of them, in this order: the database knows the rules
// of past and coming years, files often only those of the day they were written.
type zones struct {
	world    map[string]zone // by name; of all calendars in a file
	found    map[string]zone // of this one
	defined  map[string]*component
	from, to wall // the window
	pay      spend
	ruleWork int
}

func (z *zones) named(p property, id string) (zone, error) {
	if f, ok := z.found[id]; ok {
		return f, nil
	}
	f, err := z.look(id)
	if err != nil {
		return nil, err
	}
	if f == nil {
		e := p.invalid(RuleZone, "has a time in the zone %s, which is neither known nor explained in it", shown(id))
		e.Zone = strings.Trim(shown(id), `"`)
		return nil, e
	}
	z.found[id] = f
	return f, nil
}

// shown makes a name from outside fit for a message.
func shown(id string) string {
	if len(id) > 60 {
		id = id[:60] + "…"
	}
	return strconv.QuoteToASCII(strings.ToValidUTF8(id, "?"))
}

func (z *zones) look(id string) (zone, error) {
	if strings.EqualFold(id, "UTC") || strings.EqualFold(id, "Z") || id == "tzone://Microsoft/Utc" { // Exchange's
		return utc, nil
	}
	for _, name := range spellings(id) {
		if f := z.world[name]; f != nil {
			return f, nil
		}
		if loc, err := time.LoadLocation(name); err == nil {
			z.world[name] = zoneOf(loc)
			return z.world[name], nil
		}
	}
	if def := z.defined[id]; def != nil {
		return z.explained(def)
	}
	return nil, nil
}

// spellings are the names under which the world's database may know a zone.
func spellings(id string) []string {
	id = strings.TrimSpace(id)
	if name, ok := windowsZones[id]; ok {
		return []string{name}
	}
	// LoadLocation takes "Local" and "" for zones, and would read files of other names.
	if id == "" || len(id) > 100 || strings.EqualFold(id, "Local") || strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("/_+-.", r)
	}) {
		return nil
	}
	if !strings.HasPrefix(id, "/") {
		return []string{id}
	}
	// RFC 5545 §3.2.19: a name that is unique in the world, such as Evolution's
	// /freeassociation.sourceforge.net/Europe/Oslo.
	var names []string
	parts := strings.Split(id, "/")
	for n := 3; n >= 2; n-- {
		if len(parts) > n {
			names = append(names, strings.Join(parts[len(parts)-n:], "/"))
		}
	}
	return names
}

// change is an instant from which on a zone has another offset.
type change struct{ at, before, after int64 }

const (
	lookBack = 15 * 366 * daySecs // how long before the window the rules of zones are looked at
	farthest = 14 * 3600          // no place is further ahead of UTC, or behind
)

// explained makes a zone of a VTIMEZONE (RFC 5545 §3.6.5).
func (z *zones) explained(def *component) (zone, error) {
	var all []change
	for _, o := range def.within {
		if o.name != "STANDARD" && o.name != "DAYLIGHT" {
			continue
		}
		start, err := o.one("DTSTART")
		if err != nil {
			return nil, err
		}
		begins, err := parseMoment(start, start.value)
		if err != nil {
			return nil, err
		}
		c := change{}
		if c.before, err = o.offset("TZOFFSETFROM"); err != nil {
			return nil, err
		}
		if c.after, err = o.offset("TZOFFSETTO"); err != nil {
			return nil, err
		}
		onset := func(w wall) error { // told by the clock as it was before
			c.at = int64(w) - c.before
			all = append(all, c)
			return z.pay(1)
		}
		if err := onset(begins.at); err != nil {
			return nil, err
		}
		for _, p := range o.properties {
			switch p.name {
			case "RDATE":
				for value := range strings.SplitSeq(p.value, ",") {
					m, err := parseMoment(p, value)
					if err != nil {
						return nil, err
					}
					if err := onset(m.at); err != nil {
						return nil, err
					}
				}
			case "RRULE":
				r, err := parseRule(p)
				if err != nil {
					return nil, err
				}
				from := z.from - lookBack
				if r.bounded {
					if r.untilUTC {
						r.until, r.untilUTC = r.until+wall(c.before), false
					}
					from = min(from, r.until-2*366*daySecs) // the last one still holds
				}
				if r.count > 0 {
					from = begins.at // likewise, and nobody knows which that is
				}
				if err := r.expand(begins.at, from, z.to+3*daySecs, once(p, z.pay, z.ruleWork), onset); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(all, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	return func(at int64) int64 {
		i, _ := slices.BinarySearchFunc(all, at+1, func(c change, at int64) int { return cmp.Compare(c.at, at) })
		if i == 0 {
			return all[0].before
		}
		return all[i-1].after
	}, nil
}

// offset reads a UTC-OFFSET (RFC 5545 §3.3.14).
func (c *component) offset(name string) (int64, error) {
	p, err := c.one(name)
	if err != nil {
		return 0, err
	}
	s := strings.TrimSpace(p.value)
	if len(s) == 5 {
		s += "00"
	}
	if len(s) == 7 && (s[0] == '+' || s[0] == '-') {
		hours, ok1 := digits(s[1:], 2)
		minutes, ok2 := digits(s[3:], 2)
		seconds, ok3 := digits(s[5:], 2)
		v := int64(hours*3600 + minutes*60 + seconds)
		if ok1 && ok2 && ok3 && minutes < 60 && seconds < 60 && v <= farthest {
			if s[0] == '-' {
				v = -v
			}
			return v, nil
		}
	}
	return 0, p.invalid(RuleSyntax, "has a %s that is not an offset", name)
}
