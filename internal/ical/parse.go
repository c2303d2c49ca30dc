package ical

import (
	"errors"
	"io"
	"strings"
)

// Limits bound what a calendar from outside may cost. Zero means the default.
type Limits struct {
	Bytes       int64 // 0 means 5 MB
	Lines       int   // as they stand in the file; 0 means 500,000
	LineBytes   int   // of one that matters, unfolded; 0 means 64 KiB
	Components  int   // events and all else; 0 means 20,000
	Depth       int   // of components in components; 0 means 6
	RuleWork    int   // days and times looked at for one rule; 0 means 250,000
	Work        int   // and for all of them; 0 means 2,000,000, a second or so
	Occurrences int   // in the window; 0 means 50,000
}

func (l Limits) orDefault() Limits {
	return Limits{
		Bytes: or(l.Bytes, 5_000_000), Lines: or(l.Lines, 500_000), LineBytes: or(l.LineBytes, 64<<10), Components: or(l.Components, 20_000),
		Depth: or(l.Depth, 6), RuleWork: or(l.RuleWork, 250_000), Work: or(l.Work, 2_000_000), Occurrences: or(l.Occurrences, 50_000),
	}
}

// component is one that matters, with what matters in it.
type component struct {
	name       string
	line       int
	properties []property
	within     []*component
	declined   bool // by the calendar's owner
}

// one is the property of that name that must be there.
func (c *component) one(name string) (property, error) {
	for _, p := range c.properties {
		if p.name == name {
			return p, nil
		}
	}
	e := invalid("calendar", RuleSyntax, "has a %s without %s", c.name, name)
	e.Line = c.line
	return property{}, e
}

// maybe is the property of that name, if it is there.
func (c *component) maybe(name string) (property, bool) {
	p, err := c.one(name)
	return p, err == nil
}

// word is the value of a property that is one word, in capitals.
func (c *component) word(name string) string {
	p, _ := c.maybe(name)
	return strings.ToUpper(strings.TrimSpace(p.value))
}

// calendar is a VCALENDAR.
type calendar struct {
	zone   property // X-WR-TIMEZONE, of its days; no name where there is none
	events []*component
	free   []*component // VFREEBUSY
	zones  map[string]*component
}

// several may stand more than once in a component; for any other two could be meant.
var several = map[string]bool{"RRULE": true, "RDATE": true, "EXDATE": true, "FREEBUSY": true}

// parse reads all calendars in r. Of attendees it keeps only whether owner has declined.
func parse(r io.Reader, owner string, limits Limits) ([]*calendar, error) {
	in := newLines(r, limits)
	var (
		all   []*calendar
		now   *calendar
		stack []*component
		count int
	)
	for {
		p, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch p.name {
		case "BEGIN":
			c := &component{name: strings.ToUpper(strings.TrimSpace(p.value)), line: p.line}
			if count++; count > limits.Components {
				return nil, p.invalid(RuleComponents, "has more than %d events and other parts", limits.Components)
			}
			if len(stack) >= limits.Depth {
				return nil, p.invalid(RuleDepth, "has parts more than %d deep in one another", limits.Depth)
			}
			if len(stack) == 0 {
				if c.name != "VCALENDAR" {
					return nil, p.invalid(RuleCalendar, "is not a calendar: it begins with another part")
				}
				now = &calendar{zones: map[string]*component{}}
				all = append(all, now)
			}
			stack = append(stack, c)
		case "END":
			last := len(stack) - 1
			if last < 0 || stack[last].name != strings.ToUpper(strings.TrimSpace(p.value)) {
				return nil, p.invalid(RuleSyntax, "ends a part that has not begun")
			}
			now.take(stack)
			stack = stack[:last]
		default:
			if len(stack) == 0 {
				return nil, p.invalid(RuleCalendar, "is not a calendar: it has a property outside of it")
			}
			if err := now.note(stack, p, owner); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case len(stack) > 0:
		e := invalid("calendar", RuleUnfinished, "ends before its END:VCALENDAR")
		e.Line = in.line
		return nil, e
	case len(all) == 0:
		return nil, invalid("calendar", RuleCalendar, "is not a calendar: no BEGIN:VCALENDAR in it")
	}
	return all, nil
}

// take keeps the component on top, which has ended, if it matters.
func (c *calendar) take(stack []*component) {
	top := stack[len(stack)-1]
	switch {
	case len(stack) == 2 && top.name == "VEVENT":
		c.events = append(c.events, top)
	case len(stack) == 2 && top.name == "VFREEBUSY":
		c.free = append(c.free, top)
	case len(stack) == 2 && top.name == "VTIMEZONE":
		if id, ok := top.maybe("TZID"); ok {
			c.zones[unescape(id.value)] = top
		}
	case len(stack) == 3 && stack[1].name == "VTIMEZONE":
		stack[1].within = append(stack[1].within, top)
	}
}

// note keeps a property of the component on top.
func (c *calendar) note(stack []*component, p property, owner string) error {
	top := stack[len(stack)-1]
	switch {
	case len(stack) == 1:
		if p.name == "X-WR-TIMEZONE" && strings.TrimSpace(p.value) != "" {
			c.zone = p
		}
		if p.name == "VERSION" && strings.TrimSpace(p.value) != "2.0" {
			// vCalendar 1.0 writes its rules in another language.
			return p.invalid(RuleUnsupported, "is not of version 2.0")
		}
		return nil
	case len(stack) == 2 && (top.name == "VEVENT" || top.name == "VFREEBUSY" || top.name == "VTIMEZONE"):
	case len(stack) == 3 && stack[1].name == "VTIMEZONE":
	default: // an alarm, a task
		return nil
	}
	if p.name == "ATTENDEE" {
		if owner != "" && strings.EqualFold(p.params["PARTSTAT"], "DECLINED") && strings.EqualFold(strings.TrimSpace(p.value), "mailto:"+owner) {
			top.declined = true
		}
		return nil
	}
	if !several[p.name] {
		if _, there := top.maybe(p.name); there {
			return p.invalid(RuleSyntax, "has a %s with two of %s", top.name, p.name)
		}
	}
	top.properties = append(top.properties, p)
	return nil
}
