package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/ical"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// calendars reads calendars elsewhere, as scheduling.Calendars.
type calendars struct {
	fetcher *ical.Fetcher
	// owner is the address by which somebody is in their own calendar's meetings: those that
	// they have declined keep them from nothing. identity.ErrNotFound.
	owner func(context.Context, access.PersonID) (email string, err error)
	zone  *time.Location // of times and days that a calendar gives no zone for
}

// Check implements scheduling.Calendars.
func (c calendars) Check(address string) error { return feedError(c.fetcher.Check(address)) }

// Busy implements scheduling.Calendars.
func (c calendars) Busy(ctx context.Context, ask scheduling.AskBusy) (scheduling.Reading, error) {
	var last ical.Validators
	if ask.Mark != "" && json.Unmarshal([]byte(ask.Mark), &last) != nil {
		last = ical.Validators{} // of another version: read whole
	}
	got, err := c.fetcher.Get(ctx, ask.Address, last)
	if err != nil {
		return scheduling.Reading{}, feedError(err)
	}
	if got.NotModified {
		return scheduling.Reading{Unchanged: true, Mark: ask.Mark}, nil
	}
	owner, err := c.owner(ctx, ask.Person)
	if err != nil && !errors.Is(err, identity.ErrNotFound) {
		return scheduling.Reading{}, fmt.Errorf("whose calendar it is: %w", err)
	}
	busy, _, err := ical.ReadBusy(strings.NewReader(string(got.Body)), ask.From, ask.Until, ical.Options{Zone: c.zone, Owner: owner})
	if err != nil {
		return scheduling.Reading{}, feedError(err)
	}
	out := scheduling.Reading{Busy: make([]scheduling.Span, len(busy))}
	for i, b := range busy {
		out.Busy[i] = scheduling.Span(b)
	}
	if got.Validators != (ical.Validators{}) {
		mark, err := json.Marshal(got.Validators)
		if err != nil {
			return scheduling.Reading{}, err
		}
		out.Mark = string(mark)
	}
	return out, nil
}

// feedError says in scheduling's words what is wrong with a calendar elsewhere.
func feedError(err error) error {
	bad, ok := errors.AsType[*ical.Invalid](err)
	if !ok {
		return err
	}
	out := &scheduling.FeedError{Details: string(bad.Rule), Words: bad.Words}
	switch bad.Rule {
	case ical.RuleInside:
		out.Fault, out.Details = scheduling.FeedInsideFault, ""
	case ical.RuleForm, ical.RulePort: // also of what an address leads on to
		out.Fault = scheduling.FeedWrongAddress
	case ical.RuleRefused:
		out.Fault, out.Details = scheduling.FeedRefused, ""
	case ical.RuleMissing:
		out.Fault, out.Details = scheduling.FeedMissing, ""
	case ical.RuleZone:
		out.Fault, out.Details = scheduling.FeedUnknownZone, bad.Zone
	case ical.RuleBytes, ical.RuleLines, ical.RuleLine, ical.RuleComponents, ical.RuleRepeats, ical.RuleOccurrences:
		out.Fault = scheduling.FeedTooLarge
	case ical.RuleCalendar:
		out.Fault, out.Details = scheduling.FeedNoCalendar, ""
	case ical.RuleUnfinished, ical.RuleSyntax, ical.RuleDepth, ical.RuleYear, ical.RuleUnsupported:
		out.Fault = scheduling.FeedNoCalendar
		if bad.Line > 0 {
			out.Details = fmt.Sprintf("%s %d", bad.Rule, bad.Line) // where to look
		}
	case ical.RuleRedirects, ical.RuleUnknownHost, ical.RuleUnreachable, ical.RuleTimeout, ical.RuleCertificate, ical.RuleAnswer:
		out.Fault = scheduling.FeedUnreachable
	default:
		return err // of what is written, or asked wrongly: ours
	}
	return out
}
