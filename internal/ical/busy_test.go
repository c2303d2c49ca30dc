package ical_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/ical"
)

// in makes a calendar of what is given for its components.
func in(parts ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.ReplaceAll(strings.Join(parts, "\n"), "\n", "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\nUID:a@b\n" + strings.Join(lines, "\n") + "\nEND:VEVENT"
}

func day(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02", s, oslo(t))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// busy is a calendar's busy times as someone in Oslo says them.
func busy(t testing.TB, calendar, from, until string) string {
	t.Helper()
	list, _, err := ical.ReadBusy(strings.NewReader(calendar), day(t, from), day(t, until), ical.Options{Zone: oslo(t)})
	if err != nil {
		t.Fatal(err)
	}
	return said(t, list)
}

func said(t testing.TB, list []ical.Busy) string {
	var out []string
	for _, b := range list {
		starts, ends := b.Starts.In(oslo(t)), b.Ends.In(oslo(t))
		format := "15:04"
		if starts.YearDay() != ends.YearDay() {
			format = "02.01. 15:04"
		}
		out = append(out, starts.Format("02.01. 15:04")+"–"+ends.Format(format))
	}
	return strings.Join(out, ", ")
}

func file(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCalendarsAsTheyComeFromTheProgramsPeopleUse(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		// Without Wednesday (left out) and Friday (called off), Thursday's moved; the day at home
		// keeps from nothing, a course that may be and days off do.
		{"outlook.ics", "30.11. 08:00–08:30, 01.12. 08:00–08:30, 01.12. 12:00–13:00, 03.12. 14:00–14:30, 05.12. 00:00–07.12. 00:00, 07.12. 08:00–08:30"},
		{"google.ics", "01.12. 08:00–09:00, 02.12. 13:00–15:00, 03.12. 00:00–04.12. 00:00"},
		{"apple.ics", "30.11. 11:15–12:00, 01.12. 09:00–10:30, 07.12. 11:15–12:00"},
		{"freebusy.ics", "01.12. 09:00–10:30, 03.12. 09:00–04.12. 09:00, 05.12. 09:00–10:00"},
		{"nasty.ics", "30.11. 00:00–08.12. 00:00"},
	} {
		if got := busy(t, file(t, tt.file), "2026-11-30", "2026-12-08"); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.file, got, tt.want)
		}
	}
}

func TestWhatTheOwnerHasDeclinedIsFree(t *testing.T) {
	list, report, err := ical.ReadBusy(strings.NewReader(file(t, "google.ics")), day(t, "2026-11-30"), day(t, "2026-12-03"), ical.Options{Owner: "Kari@vagen.example"})
	if err != nil || said(t, list) != "02.12. 13:00–15:00" || report.Free != 1 || report.Events != 3 {
		t.Errorf("%s, %+v, %v", said(t, list), report, err)
	}
}

func TestWhatKeepsSomeoneBusy(t *testing.T) {
	const thursday = "DTSTART:20261203T090000Z\nDTEND:20261203T100000Z"
	for _, tt := range []struct{ what, calendar, want string }{
		{"a time", in(event(thursday)), "03.12. 10:00–11:00"},
		{"no events", in(), ""},
		{"transparent", in(event(thursday, "TRANSP:TRANSPARENT")), ""},
		{"cancelled", in(event(thursday, "STATUS:CANCELLED")), ""},
		{"tentative", in(event(thursday, "STATUS:TENTATIVE")), "03.12. 10:00–11:00"},
		{"free, says Outlook", in(event(thursday, "X-MICROSOFT-CDO-BUSYSTATUS:free")), ""},
		{"busy, says Outlook", in(event(thursday, "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY")), "03.12. 10:00–11:00"},
		{"free in a zone nobody knows", in(event("DTSTART;TZID=Nowhere:20261203T090000", "TRANSP:TRANSPARENT")), ""},
		{"an instant", in(event("DTSTART:20261203T090000Z")), ""},
		{"no time at all", in(event("DTSTART:20261203T090000Z", "DTEND:20261203T090000Z")), ""},
		{"a day", in(event("DTSTART;VALUE=DATE:20261203")), "03.12. 00:00–04.12. 00:00"},
		{"a day that ends on itself", in(event("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261203")), "03.12. 00:00–04.12. 00:00"},
		{"two days", in(event("DTSTART;VALUE=DATE:20261203", "DURATION:P2D")), "03.12. 00:00–05.12. 00:00"},
		{"a day elsewhere", in("X-WR-TIMEZONE:America/New_York", event("DTSTART;VALUE=DATE:20261203")), "03.12. 06:00–04.12. 06:00"},
		{"a time that floats", in("X-WR-TIMEZONE:America/New_York", event("DTSTART:20261203T090000", "DURATION:PT1H")), "03.12. 09:00–10:00"},
		{"a tokyo hour", in(event("DTSTART;TZID=Tokyo Standard Time:20261203T180000", "DTEND;TZID=Asia/Tokyo:20261203T190000")), "03.12. 10:00–11:00"},
		{"a week of holidays, begun before", in(event("DTSTART:20261128T080000Z", "DURATION:P1WT30M")), "30.11. 00:00–05.12. 09:30"},
		{"years", in(event("DTSTART:20200101T000000Z", "DTEND:99991231T000000Z")), "30.11. 00:00–08.12. 00:00"},
		{"before and after", in(event("DTSTART:20261101T090000Z", "DURATION:PT1H"), event("DTSTART:20271101T090000Z", "DURATION:PT1H")), ""},
		{"one after the other, overlapping, inside one another", in(
			event("DTSTART:20261203T110000Z", "DURATION:PT1H"), event("DTSTART:20261203T100000Z", "DURATION:PT1H"),
			event("DTSTART:20261203T104500Z", "DURATION:PT30M"), event("DTSTART:20261203T090000Z", "DURATION:PT4H")), "03.12. 10:00–14:00"},
		{"one after the other", in(event(thursday), event("DTSTART:20261203T100000Z", "DURATION:PT1H")), "03.12. 10:00–12:00"},
		{"an alarm's words are not the event's", in(event(thursday, "BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT5M", "REPEAT:2", "END:VALARM")), "03.12. 10:00–11:00"},
		{"a task", in("BEGIN:VTODO\nDTSTART:20261203T090000Z\nDURATION:PT1H\nEND:VTODO"), ""},
		{"two calendars in one file", in(event(thursday)) + in(event("DTSTART:20261204T090000Z", "DURATION:PT1H")), "03.12. 10:00–11:00, 04.12. 10:00–11:00"},
		{"a guest's name with quotation marks of its own", in(event(thursday, `ATTENDEE;CN="Kari \"K\" N":mailto:k@vagen.example`)), "03.12. 10:00–11:00"},
		{"lower case, tabs, folds in a name, no carriage returns", "\xef\xbb\xbfbegin:vcalendar\nversion:2.0\nbegin:vevent\nDTST\n\tART:20261203\n T090000Z\nduration:pt1h\nend:vevent\nend:vcalendar\n", "03.12. 10:00–11:00"},
		{"lines that are none of its own", in("X-WHAT\nnonsense\n\n" + event(thursday, "DESCRIPTION:a", "b: c", "X-;;;")), "03.12. 10:00–11:00"},

		{"every weekday", in(event("DTSTART;TZID=Europe/Oslo:20200106T080000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE")),
			"30.11. 08:00–08:30, 02.12. 08:00–08:30, 07.12. 08:00–08:30"},
		{"until a time in UTC, in the last second", in(event("DTSTART;TZID=Europe/Oslo:20261130T080000", "DURATION:PT30M", "RRULE:FREQ=DAILY;UNTIL=20261201T070000Z")),
			"30.11. 08:00–08:30, 01.12. 08:00–08:30"},
		{"until a day, with it", in(event("DTSTART;TZID=Europe/Oslo:20261130T080000", "DURATION:PT30M", "RRULE:FREQ=DAILY;UNTIL=20261201")),
			"30.11. 08:00–08:30, 01.12. 08:00–08:30"},
		{"days in a row", in(event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261202")),
			"01.12. 00:00–02.12. 00:00, 03.12. 00:00–04.12. 00:00"},
		{"nights, begun before the window", in(event("DTSTART;TZID=Europe/Oslo:20261101T220000", "DTEND;TZID=Europe/Oslo:20261102T060000", "RRULE:FREQ=WEEKLY;BYDAY=SU")),
			"30.11. 00:00–06:00, 06.12. 22:00–07.12. 06:00"},
		{"a start that its rule doesn't meet", in(event("DTSTART:20261203T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=FR")),
			"03.12. 10:00–11:00, 04.12. 10:00–11:00"},
		{"left out in another zone's words", in(event(thursday, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE;TZID=Asia/Tokyo:20261203T180000")), "04.12. 10:00–11:00"},
		{"left out by its day", in(event(thursday, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE;VALUE=DATE:20261203")), "04.12. 10:00–11:00"},
		{"a day that could be any of two", in(event(thursday, "RRULE:FREQ=DAILY;BYHOUR=9,12;COUNT=2", "EXDATE;VALUE=DATE:20261203")), "03.12. 10:00–11:00, 03.12. 13:00–14:00"},
		{"no time in a line of busy times", in("BEGIN:VFREEBUSY\nFREEBUSY:\nFREEBUSY:20261203T090000Z/PT1H,\nEND:VFREEBUSY"), "03.12. 10:00–11:00"},
		{"nothing left out", in(event(thursday, "EXDATE:")), "03.12. 10:00–11:00"},
		{"more times, and one with its own length", in(event(thursday, "RDATE:20261204T090000Z", "RDATE;VALUE=PERIOD:20261205T090000Z/PT3H,20261206T090000Z/20261206T093000Z")),
			"03.12. 10:00–11:00, 04.12. 10:00–11:00, 05.12. 10:00–13:00, 06.12. 10:00–10:30"},

		{"one moved out of the window", in(event(thursday, "RRULE:FREQ=DAILY;COUNT=2"), event("RECURRENCE-ID:20261204T090000Z", "DTSTART:20270104T090000Z", "DURATION:PT1H")), "03.12. 10:00–11:00"},
		{"one moved into it", in(event("RECURRENCE-ID:20261104T090000Z", "DTSTART:20261204T120000Z", "DURATION:PT1H"), event("DTSTART:20261104T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")), "04.12. 13:00–14:00"},
		{"one free now", in(event(thursday, "RRULE:FREQ=DAILY;COUNT=2"), event("RECURRENCE-ID:20261203T090000Z", thursday, "TRANSP:TRANSPARENT")), "04.12. 10:00–11:00"},
		{"one called off without a start", in(event(thursday, "RRULE:FREQ=DAILY;COUNT=2"), event("RECURRENCE-ID;TZID=Europe/Oslo:20261203T100000", "STATUS:CANCELLED")), "04.12. 10:00–11:00"},
		{"one moved, told by its day", in(event(thursday, "RRULE:FREQ=DAILY;COUNT=2"), event("RECURRENCE-ID;VALUE=DATE:20261204", "DTSTART:20261204T150000Z", "DURATION:PT1H")), "03.12. 10:00–11:00, 04.12. 16:00–17:00"},
		{"one of another's series", in(event(thursday), strings.ReplaceAll(event("RECURRENCE-ID:20261203T090000Z", "DTSTART:20261203T150000Z", "DURATION:PT1H"), "a@b", "c@d")), "03.12. 10:00–11:00, 03.12. 16:00–17:00"},
	} {
		if got := busy(t, tt.calendar, "2026-11-30", "2026-12-08"); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.what, got, tt.want)
		}
	}
}

func TestWhereTheClockIsPutForwardOrBack(t *testing.T) {
	utc := func(list []ical.Busy) string {
		var out []string
		for _, b := range list {
			out = append(out, b.Starts.Format("02T1504")+"/"+b.Ends.Format("02T1504"))
		}
		return strings.Join(out, " ")
	}
	custom := "BEGIN:VTIMEZONE\nTZID:Fjord\n" +
		"BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n" +
		"BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE"
	// In 2026 Oslo's clock goes from 02:00 to 03:00 on 29 March and from 03:00 to 02:00 on 25
	// October, both at 01:00 UTC.
	for _, tt := range []struct{ what, day, event, want string }{
		{"in the hour that isn't there", "2026-03-29", "DTSTART;TZID=@:20260329T023000\nDTEND;TZID=@:20260329T040000", "29T0130/29T0200"},
		{"out of the hour that isn't there", "2026-03-29", "DTSTART;TZID=@:20260329T023000\nDTEND;TZID=@:20260329T030000", "29T0130/29T0200"},
		{"into the hour that isn't there", "2026-03-29", "DTSTART;TZID=@:20260329T013000\nDTEND;TZID=@:20260329T023000", "29T0030/29T0130"},
		{"in the hour that is there twice", "2026-10-25", "DTSTART;TZID=@:20261025T021500\nDTEND;TZID=@:20261025T024500", "25T0015/25T0045"},
		{"over the change back", "2026-10-25", "DTSTART;TZID=@:20261025T024500\nDTEND;TZID=@:20261025T021500", "25T0045/25T0115"},
		{"every day at half past two", "2026-10-25", "DTSTART;TZID=@:20261020T023000\nDTEND;TZID=@:20261020T024500\nRRULE:FREQ=DAILY", "25T0030/25T0045"},
		{"every day at half past two, but not on that", "2026-10-25", "DTSTART;TZID=@:20261020T023000\nDTEND;TZID=@:20261020T024500\nRRULE:FREQ=DAILY\nEXDATE;TZID=@:20261025T023000", ""},
		{"every day at half past two in March", "2026-03-29", "DTSTART;TZID=@:20260320T023000\nDURATION:PT15M\nRRULE:FREQ=DAILY", "29T0130/29T0145"},
		{"every hour, of which one is there twice", "2026-10-25", "DTSTART;TZID=@:20261024T003000\nDURATION:PT15M\nRRULE:FREQ=HOURLY;COUNT=28",
			"24T2230/24T2245 24T2330/24T2345 25T0030/25T0045 25T0130/25T0145 25T0230/25T0245"},
		// The exact eight hours of the standard end at five, the clock's at six: six.
		{"the night of 25 hours", "2026-10-24", "DTSTART;TZID=@:20261017T220000\nDTEND;TZID=@:20261018T060000\nRRULE:FREQ=WEEKLY", "24T2000/24T2200"},
		{"the morning after", "2026-10-25", "DTSTART;TZID=@:20261017T220000\nDTEND;TZID=@:20261018T060000\nRRULE:FREQ=WEEKLY", "24T2200/25T0500"},
		// Here they end at seven, the clock's at six.
		{"the night of 23 hours", "2026-03-29", "DTSTART;TZID=@:20260321T220000\nDTEND;TZID=@:20260322T060000\nRRULE:FREQ=WEEKLY", "28T2300/29T0500"},
		{"a day by the clock", "2026-10-25", "DTSTART;TZID=@:20261024T120000\nDURATION:P1D", "24T2200/25T1100"},
		{"24 hours by the second", "2026-10-25", "DTSTART;TZID=@:20261024T120000\nDURATION:PT24H", "24T2200/25T1000"},
		{"a whole day of 25 hours", "2026-10-25", "DTSTART;VALUE=DATE:20261025", "24T2200/25T2300"},
	} {
		for _, zone := range []string{"Europe/Oslo", "W. Europe Standard Time", "Fjord"} {
			calendar := in(custom, event(strings.ReplaceAll(tt.event, "@", zone)))
			from := day(t, tt.day)
			list, _, err := ical.ReadBusy(strings.NewReader(calendar), from, from.AddDate(0, 0, 1), ical.Options{Zone: oslo(t)})
			if err != nil || utc(list) != tt.want {
				t.Errorf("%s, %s:\n got %s, %v\nwant %s", tt.what, zone, utc(list), err, tt.want)
			}
		}
	}
}

func TestAZoneThatTheCalendarExplains(t *testing.T) {
	explained := func(body string) string {
		return in("BEGIN:VTIMEZONE\nTZID:Here\n"+body+"\nEND:VTIMEZONE", event("DTSTART;TZID=Here:20261203T090000", "DURATION:PT1H"))
	}
	for _, tt := range []struct{ what, body, want string }{
		{"one offset for ever", "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD", "03.12. 04:30–05:30"},
		{"a change by dates", "BEGIN:STANDARD\nDTSTART:19700101T000000\nRDATE:20261101T020000\nTZOFFSETFROM:+0500\nTZOFFSETTO:-0300\nEND:STANDARD", "03.12. 13:00–14:00"},
		{"before its first change", "BEGIN:STANDARD\nDTSTART:20261210T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0900\nEND:STANDARD", "03.12. 07:00–08:00"},
		{"a rule that has ended long ago", "BEGIN:DAYLIGHT\nDTSTART:19700401T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0400\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=19800406T000000Z\nEND:DAYLIGHT\n" +
			"BEGIN:STANDARD\nDTSTART:19701001T000000\nTZOFFSETFROM:+0400\nTZOFFSETTO:+0300\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU;COUNT=11\nEND:STANDARD", "03.12. 07:00–08:00"},
		{"two that have", "BEGIN:DAYLIGHT\nDTSTART:19700401T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0400\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=19800406T000000Z\nEND:DAYLIGHT\n" +
			"BEGIN:STANDARD\nDTSTART:19701001T000000\nTZOFFSETFROM:+0400\nTZOFFSETTO:+0300\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU;UNTIL=19791201T000000Z\nEND:STANDARD", "03.12. 06:00–07:00"},
	} {
		if got := busy(t, explained(tt.body), "2026-11-30", "2026-12-08"); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.what, got, tt.want)
		}
	}
}
