package ical_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/ical"
)

func TestACalendarThatBreaksARuleIsRefusedWhole(t *testing.T) {
	const good = "DTSTART:20261203T090000Z\nDURATION:PT1H"
	many := func(n int, s string) string { return strings.Repeat(s+"\n", n) }
	for _, tt := range []struct {
		rule            ical.Rule
		words, calendar string
	}{
		{ical.RuleCalendar, "not a calendar", ""},
		{ical.RuleCalendar, "not a calendar", "<!doctype html><title>Sign in</title>\n"},
		{ical.RuleCalendar, "not a calendar", "BEGIN:VCARD\nEND:VCARD\n"},
		{ical.RuleCalendar, "outside of it", "UID:1\n"},
		{ical.RuleUnfinished, "ends before", strings.TrimSuffix(in(event(good)), "END:VCALENDAR\r\n")},
		{ical.RuleUnfinished, "ends before", in(event(good))[:60]},
		{ical.RuleSyntax, "not begun", in("END:VEVENT")},
		{ical.RuleSyntax, "not begun", in("BEGIN:VEVENT\nEND:VTODO")},
		{ical.RuleUnsupported, "2.0", "BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR\n"},
		{ical.RuleSyntax, "without DTSTART", in(event("SUMMARY:x"))},
		{ical.RuleSyntax, "two of DTSTART", in(event(good, good))},
		{ical.RuleSyntax, "DTSTART that is not", in(event("DTSTART:20260230T090000Z"))},
		{ical.RuleSyntax, "DTSTART that is not", in(event("DTSTART:tomorrow"))},
		{ical.RuleSyntax, "DTSTART that is not", in(event("DTSTART;VALUE=DATE:20261203T090000Z"))},
		{ical.RuleYear, "before 1601", in(event("DTSTART:00010101T000000Z"))},
		{ical.RuleSyntax, "both", in(event(good, "DTEND:20261203T100000Z"))},
		{ical.RuleSyntax, "ends before it starts", in(event("DTSTART:20261203T090000Z", "DTEND:20261203T080000Z"))},
		{ical.RuleSyntax, "ends before it starts", in(event("DTSTART:20261203", "DTEND:20261202"))},
		{ical.RuleSyntax, "a day and a time", in(event("DTSTART:20261203", "DTEND:20261203T080000Z"))},
		{ical.RuleSyntax, "below zero", in(event("DTSTART:20261203T090000Z", "DURATION:-PT1H"))},
		{ical.RuleSyntax, "not a duration", in(event("DTSTART:20261203T090000Z", "DURATION:PT99999999999999999999H"))},
		{ical.RuleSyntax, "RRULE", in(event(good, "RRULE:FREQ=NEVER"))},
		{ical.RuleSyntax, "EXDATE", in(event(good, "EXDATE:x"))},
		{ical.RuleUnsupported, "RDATE of days", in(event(good, "RDATE;VALUE=DATE:20261204"))},
		{ical.RuleUnsupported, "RANGE", in(event(good, "RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T090000Z"))},
		{ical.RuleSyntax, "not a period", in("BEGIN:VFREEBUSY\nFREEBUSY:20261203T090000Z\nEND:VFREEBUSY")},
		{ical.RuleSyntax, "not a property", in(event("DTSTART;TZID=\"x:20261203T090000"))},
		{ical.RuleSyntax, "not a property", in(event("DTSTART;TZID"))},

		{ical.RuleZone, `"Mars Standard Time"`, in(event("DTSTART;TZID=Mars Standard Time:20261203T090000"))},
		{ical.RuleZone, `"Mars"`, in(event("DTSTART:20261203T090000Z", "DTEND;TZID=Mars:20261203T100000"))},
		{ical.RuleZone, `"Mars"`, in(event(good, "RRULE:FREQ=DAILY", "EXDATE;TZID=Mars:20261203T100000"))},
		{ical.RuleZone, `"Mars"`, in("X-WR-TIMEZONE:Mars", event("DTSTART;VALUE=DATE:20261203"))},
		{ical.RuleZone, `"Local"`, in(event("DTSTART;TZID=Local:20261203T090000"))},
		{ical.RuleZone, `"../../etc/passwd"`, in(event("DTSTART;TZID=../../etc/passwd:20261203T090000"))},
		{ical.RuleZone, `"a\x00b`, in(event("DTSTART;TZID=a\x00b" + strings.Repeat("x", 500) + ":20261203T090000"))},
		{ical.RuleZone, `"Empty"`, in("BEGIN:VTIMEZONE\nTZID:Empty\nEND:VTIMEZONE", event("DTSTART;TZID=Empty:20261203T090000"))},
		{ical.RuleSyntax, "TZOFFSETTO", in("BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+9900\nEND:STANDARD\nEND:VTIMEZONE", event("DTSTART;TZID=X:20261203T090000"))},
		{ical.RuleSyntax, "without TZOFFSETFROM", in("BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE", event("DTSTART;TZID=X:20261203T090000"))},

		{ical.RuleBytes, "5000000 bytes", in("DESCRIPTION:" + strings.Repeat("x", 5_000_001))},
		{ical.RuleLines, "500000 lines", in(many(500_001, "X:"))},
		{ical.RuleLines, "500000 lines", in("X:" + many(500_001, "\n "))},
		{ical.RuleLine, "65536 bytes", in(event(good, "EXDATE:"+strings.Repeat("20261203T090000Z,", 4000)))},
		{ical.RuleComponents, "20000 events", in(many(20_001, "BEGIN:VEVENT\nEND:VEVENT"))},
		{ical.RuleDepth, "6 deep", in(many(6, "BEGIN:X") + strings.TrimSuffix(many(6, "END:X"), "\n"))},
		{ical.RuleRepeats, "repeats too often", in(event("DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"))},
		{ical.RuleRepeats, "began too long ago", in(event("DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;COUNT=999999999"))},
		{ical.RuleRepeats, "repeats more than", in(many(300, event("DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;BYDAY=MO;COUNT=999999999")) + "X:")},
		{ical.RuleOccurrences, "50000 busy", in(many(5, event("DTSTART:20261130T000000Z", "DURATION:PT1S", "RRULE:FREQ=MINUTELY")) + "X:")},
	} {
		list, _, err := ical.ReadBusy(strings.NewReader(tt.calendar), day(t, "2026-11-30"), day(t, "2026-12-08"), ical.Options{Zone: oslo(t)})
		bad, ok := errors.AsType[*ical.Invalid](err)
		if !ok || bad.Rule != tt.rule || bad.Field != "calendar" || !strings.Contains(bad.Error(), tt.words) || list != nil {
			head := tt.calendar
			t.Errorf("%.200q:\n got %v\nwant %s, %s", head, err, tt.rule, tt.words)
		}
		if ok && len(bad.Words) > 400 {
			t.Errorf("its words are too long: %s", bad.Words)
		}
	}
}

func TestTheWindowHasTwoEnds(t *testing.T) {
	for _, days := range []int{-1, 0, 3 * 366} {
		from := day(t, "2026-11-30")
		_, _, err := ical.ReadBusy(strings.NewReader(in()), from, from.AddDate(0, 0, days), ical.Options{})
		if bad, ok := errors.AsType[*ical.Invalid](err); !ok || bad.Field != "until" {
			t.Errorf("%d days: %v", days, err)
		}
	}
}

type broken struct{ read int }

func (b *broken) Read(p []byte) (int, error) {
	if b.read++; b.read > 3 {
		return 0, errBroken
	}
	return copy(p, in(event("DTSTART:20261203T090000Z", "DURATION:PT1H"))[:20]), nil
}

var errBroken = errors.New("the line is cut")

func TestAReaderThatFailsIsNoShortCalendar(t *testing.T) {
	_, _, err := ical.ReadBusy(&broken{}, day(t, "2026-11-30"), day(t, "2026-12-08"), ical.Options{})
	if !errors.Is(err, errBroken) {
		t.Error(err)
	}
}
