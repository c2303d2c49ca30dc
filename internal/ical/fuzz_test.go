package ical_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/ical"
)

// FuzzReadBusy gives the reader whatever comes. Its limits are small here, so that a file
// that would take long breaks one of them.
func FuzzReadBusy(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.ics")
	if err != nil || len(seeds) < 5 {
		f.Fatal("no seeds", err)
	}
	for _, name := range seeds {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b), uint16(56))
	}
	f.Add(in(event("DTSTART;TZID=X:20261203T023000", "DTEND;TZID=Y:20261203T023000", "RRULE:FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=-1", "RDATE;VALUE=PERIOD:20261203T023000/P1D"),
		"BEGIN:VTIMEZONE\nTZID:X\nBEGIN:DAYLIGHT\nDTSTART:20260101T000000\nTZOFFSETFROM:-1400\nTZOFFSETTO:+1400\nRRULE:FREQ=HOURLY\nEND:DAYLIGHT\nEND:VTIMEZONE"), uint16(3))
	from := time.Date(2026, 10, 1, 7, 30, 0, 5, time.UTC)
	limits := ical.Limits{Bytes: 50_000, Lines: 2000, LineBytes: 4000, Components: 200, RuleWork: 20_000, Work: 100_000, Occurrences: 2000}
	f.Fuzz(func(t *testing.T, calendar string, days uint16) {
		until := from.AddDate(0, 0, int(days%700)+1)
		options := ical.Options{Zone: time.UTC, Owner: "kari@vagen.example", Limits: limits}
		list, report, err := ical.ReadBusy(strings.NewReader(calendar), from, until, options)
		if err != nil {
			bad, ok := errors.AsType[*ical.Invalid](err)
			if !ok || bad.Field == "" || bad.Rule == "" || bad.Words == "" || len(bad.Error()) > 500 || list != nil || report != (ical.Report{}) {
				t.Fatalf("%v with %d times", err, len(list))
			}
			return
		}
		last := from.Add(-1)
		for _, b := range list {
			if !b.Starts.After(last) || !b.Ends.After(b.Starts) || b.Starts.Before(from) || b.Ends.After(until) {
				t.Fatalf("%v is not after %v, or not within %v–%v", b, last, from, until)
			}
			last = b.Ends
		}
		if len(list) > report.Occurrences {
			t.Fatalf("%d times of %d occurrences", len(list), report.Occurrences)
		}
		// The same calendar twice in a file is not busier.
		again, _, err := ical.ReadBusy(strings.NewReader(calendar+"\r\n"+strings.TrimPrefix(calendar, "\xef\xbb\xbf")), from, until, options)
		if err == nil && fmt.Sprint(again) != fmt.Sprint(list) {
			t.Fatalf("once %v, twice %v", list, again)
		}
	})
}

// export is a calendar as Outlook publishes one: n events, a tenth of them series.
func export(n int) string {
	head, _, _ := strings.Cut(mustRead("testdata/outlook.ics"), "BEGIN:VEVENT")
	var b strings.Builder
	b.WriteString(head)
	begin := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	for i := range n {
		at := begin.Add(time.Duration(i) * 4 * time.Hour)
		rule := ""
		if i%10 == 0 {
			at = at.AddDate(-3, 0, 0)
			rule = "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH;WKST=MO\r\nEXDATE;TZID=W. Europe Standard Time:20261203T080000\r\n"
		}
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nDESCRIPTION:%s\r\n%sUID:0400%06d\r\nSUMMARY:Møte %d\r\nDTSTART;TZID=W. Europe Standard Time:%s\r\n"+
			"DTEND;TZID=W. Europe Standard Time:%s\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\nDTSTAMP:20261130T070000Z\r\nTRANSP:OPAQUE\r\nSTATUS:CONFIRMED\r\nSEQUENCE:1\r\n"+
			"ATTENDEE;CN=\"Nordmann, Kari\";RSVP=TRUE:mailto:kari@vagen.example\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"+
			"BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\n",
			strings.Repeat("Ei linje om det som skal skje\\n\r\n ", 12), rule, i, i, at.Format("20060102T150405"), at.Add(30*time.Minute).Format("20060102T150405"))
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func mustRead(name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// BenchmarkReadBusy is a specialist's year: 2,000 events of Outlook, for eight weeks.
func BenchmarkReadBusy(b *testing.B) {
	calendar := export(2000)
	from := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	b.SetBytes(int64(len(calendar)))
	b.ReportAllocs()
	for b.Loop() {
		list, report, err := ical.ReadBusy(strings.NewReader(calendar), from, from.AddDate(0, 0, 56), ical.Options{})
		if err != nil || report.Events != 2000 || len(list) == 0 {
			b.Fatal(report, err)
		}
	}
}

// Within its limits no calendar makes the reader work for long: what the worst of them
// allocate stays below twice what a large and honest one does.
func TestTheWorstCalendarsAllocateNotMuchMoreThanALargeOne(t *testing.T) {
	read := func(calendar string) float64 {
		from := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
		return testing.AllocsPerRun(1, func() {
			_, _, _ = ical.ReadBusy(strings.NewReader(calendar), from, from.AddDate(0, 0, 56), ical.Options{})
		})
	}
	honest := read(export(5000))
	old := "DTSTART:16010101T090000Z\nDURATION:PT1S\nRRULE:COUNT=99999999;FREQ="
	for what, calendar := range map[string]string{
		"long lists":      in(event(old + "YEARLY;BYSETPOS=" + strings.Repeat("1,-366,", 8000) + "1")),
		"all times":       in(event(old + "DAILY;BYHOUR=" + numbers(24) + ";BYMINUTE=" + numbers(60) + ";BYSECOND=" + numbers(60))),
		"places in days":  in(strings.TrimSuffix(strings.Repeat(event(old+"DAILY;BYSETPOS="+numbers(300)[2:]+";BYHOUR="+numbers(24)+";BYMINUTE="+numbers(60))+"\n", 2000), "\n")),
		"many old rules":  in(strings.TrimSuffix(strings.Repeat(event(old+"WEEKLY;BYDAY=MO,FR")+"\n", 15_000), "\n")),
		"many calendars":  strings.Repeat(in(event("DTSTART;TZID=Europe/Oslo:20261203T090000", "DURATION:PT1H")), 9000),
		"dates left out":  in(event("DTSTART:20261203T090000Z\nEXDATE;TZID=Europe/Oslo:" + strings.Repeat("20261203T090000,", 4000) + "\n" + strings.Repeat("EXDATE:20261203T090000Z\n", 100_000) + "X:")),
		"open parts":      strings.Repeat("BEGIN:VCALENDAR\r\n", 100_000),
		"a folded line":   in("DESCRIPTION:" + strings.Repeat("x\r\n ", 400_000)),
		"an endless line": in("DESCRIPTION:" + strings.Repeat("x", 4_900_000)),
	} {
		if n := read(calendar); n > 2*honest {
			t.Errorf("%s: %v allocations, %v for 5,000 events", what, n, honest)
		} else {
			t.Logf("%s: %v allocations of %v", what, n, honest)
		}
	}
}

func numbers(n int) string {
	s := make([]string, n)
	for i := range s {
		s[i] = fmt.Sprint(i)
	}
	return strings.Join(s, ",")
}
