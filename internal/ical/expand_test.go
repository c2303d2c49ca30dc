package ical

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go" // how others read the same rules
	"pgregory.net/rapid"
)

// ruleAfter is a rule that a calendar may hold, of the part of the standard that both read
// in the same way: rrule-go takes BYDAY=MO,2TU for both at once, BYWEEKNO alone for whole
// weeks, and counts BYSETPOS in the first week from the start instead of from the week's.
func ruleAfter(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"}).Draw(t, "freq")
	parts := []string{"FREQ=" + freq}
	list := func(name string, least, most int, signed bool) {
		if rapid.IntRange(0, 3).Draw(t, "with "+name) > 0 {
			return
		}
		var s []string
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(least, most), 1, 3, rapid.ID[int]).Draw(t, name) {
			if signed && rapid.Bool().Draw(t, "from the end") {
				n = -n
			}
			s = append(s, fmt.Sprint(n))
		}
		parts = append(parts, name+"="+strings.Join(s, ","))
	}
	if n := rapid.IntRange(1, 5).Draw(t, "interval"); n > 1 {
		parts = append(parts, fmt.Sprint("INTERVAL=", n))
	}
	if rapid.Bool().Draw(t, "counted") {
		parts = append(parts, fmt.Sprint("COUNT=", rapid.IntRange(1, 40).Draw(t, "count")))
	}
	list("BYMONTH", 1, 12, false)
	long := freq != "HOURLY" && freq != "MINUTELY"
	if freq == "YEARLY" {
		list("BYYEARDAY", 1, 366, true)
	}
	if freq != "WEEKLY" {
		list("BYMONTHDAY", 1, 31, true)
	}
	days := []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
	number := ""
	if freq == "MONTHLY" && rapid.Bool().Draw(t, "numbered") {
		number = rapid.SampledFrom([]string{"1", "2", "3", "4", "-1", "-2"}).Draw(t, "which")
	}
	if rapid.Bool().Draw(t, "on days") {
		var s []string
		for range rapid.IntRange(1, 3).Draw(t, "many days") {
			s = append(s, number+rapid.SampledFrom(days).Draw(t, "day"))
		}
		parts = append(parts, "BYDAY="+strings.Join(s, ","))
		if freq == "YEARLY" {
			list("BYWEEKNO", 2, 51, false)
		}
	}
	if rapid.Bool().Draw(t, "week") {
		parts = append(parts, "WKST="+rapid.SampledFrom(days).Draw(t, "begins"))
	}
	if long {
		list("BYHOUR", 0, 23, false)
		list("BYMINUTE", 0, 59, false)
		if len(parts) > 2 && freq != "WEEKLY" {
			list("BYSETPOS", 1, 4, true)
		}
	}
	return strings.Join(parts, ";")
}

func TestARuleMeansWhatItMeansElsewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := ruleAfter(t)
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 800*24*4).Draw(t, "start")) * 15 * time.Minute)
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(-400, 400).Draw(t, "from"))
		until := from.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "days"))

		options, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatal(err)
		}
		options.Dtstart, options.Until = start, until.Add(-time.Second)
		// Its own search for a rule that comes to nothing is endless; that is why it isn't ours.
		theirs, err := rrule.NewRRule(*options)
		if err != nil {
			t.Fatal(err)
		}
		want := []time.Time{}
		next := theirs.Iterator()
		for at, ok := next(); ok; at, ok = next() {
			if !at.Before(from) {
				want = append(want, at)
			}
		}
		ours, err := parseRule(property{value: text})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got := []time.Time{}
		err = ours.expand(wall(start.Unix()), wall(from.Unix()), wall(until.Unix()), func(int) error { return nil }, func(w wall) error {
			got = append(got, w.time())
			return nil
		})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s from %v\n got %v\nwant %v", text, start, got, want)
		}
	})
}

// on lists the days and times of a rule until the end of 2030.
func on(t *testing.T, start, text string) []string {
	t.Helper()
	r, err := parseRule(property{value: text})
	if err != nil {
		t.Fatal(err)
	}
	m, err := parseMoment(property{}, start)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := r.expand(m.at, m.at, wallOf(2031, 1, 1, 0, 0, 0), func(int) error { return nil }, func(w wall) error {
		out = append(out, w.time().Format("060102T1504"))
		if len(out) == 6 {
			return errEnough
		}
		return nil
	}); err != nil && !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	return out
}

var errEnough = errors.New("enough")

// The examples of RFC 5545 §3.8.5.3, and where rrule-go and the RFC part.
func TestRulesOfTheStandard(t *testing.T) {
	for _, tt := range []struct{ start, rule, want string }{
		{"19970902T090000", "FREQ=DAILY;COUNT=3", "970902T0900 970903T0900 970904T0900"},
		{"19970902T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "970902T0900 970907T0900 970916T0900 970921T0900"},
		{"19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "970805T0900 970817T0900 970819T0900 970831T0900"},
		{"19970928T090000", "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", "970928T0900 971029T0900 971128T0900"},
		{"19970929T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", "970929T0900 971030T0900 971127T0900"},
		{"19970512T090000", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "970512T0900 980511T0900 990517T0900"},
		{"19970519T090000", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", "970519T0900 980518T0900 990517T0900"},
		{"19970101T090000", "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200", "970101T0900 970410T0900 970719T0900 000101T0900"},
		{"19970902T090000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", "980213T0900 980313T0900"},
		{"19970902T090000", "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10;COUNT=6", "970902T0900 970902T0920 970902T0940 970902T1000 970902T1020 970902T1040"},
		{"20070115T090000", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "070115T0900 070130T0900 070215T0900 070315T0900 070330T0900"},
		{"20240229T090000", "FREQ=YEARLY", "240229T0900 280229T0900"},
		{"20240131T090000", "FREQ=MONTHLY;COUNT=3", "240131T0900 240331T0900 240531T0900"},
		{"20260105T080000", "FREQ=MONTHLY;BYDAY=1MO,3WE;COUNT=4", "260105T0800 260121T0800 260202T0800 260218T0800"},
		{"20260106T080000", "FREQ=MONTHLY;BYDAY=FR,1TU;UNTIL=20260112", "260106T0800 260109T0800"},      // RFC: either, not both
		{"20260108T080000", "FREQ=YEARLY;BYWEEKNO=2,-1;COUNT=3", "260108T0800 261231T0800 270114T0800"}, // RFC: the start's weekday
		{"20260101T000000", "FREQ=SECONDLY;INTERVAL=45;COUNT=3", "260101T0000 260101T0000 260101T0001"},
		{"20260101T000000", "FREQ=HOURLY;BYMINUTE=30,0;BYSETPOS=-1;COUNT=2", "260101T0030 260101T0130"},
		{"20260101T000000", "FREQ=DAILY;UNTIL=20260103T000000", "260101T0000 260102T0000 260103T0000"},
		{"20250828T000000", "FREQ=WEEKLY;COUNT=2;BYDAY=TU,WE;WKST=WE;BYSETPOS=2", "250902T0000 250909T0000"}, // RFC: of the whole first week
		// What never comes to be, and would be looked for for ever.
		{"20260101T000000", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ""},
		{"20260101T060000", "FREQ=HOURLY;INTERVAL=24;BYHOUR=5", ""},
		{"20260101T000000", "FREQ=MONTHLY;BYDAY=53MO", ""},
		{"20260101T000000", "FREQ=MONTHLY;BYDAY=-53MO", ""},
	} {
		if got := strings.Join(on(t, tt.start, tt.rule), " "); got != tt.want {
			t.Errorf("%s %s\n got %s\nwant %s", tt.start, tt.rule, got, tt.want)
		}
	}
}

func TestARuleThatBreaksTheStandardIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "FREQ=FORTNIGHTLY", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=2;UNTIL=20260101",
		"FREQ=DAILY;FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYWEEKNO=1", "FREQ=DAILY;BYYEARDAY=1",
		"FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYHOUR=", "FREQ=DAILY;UNTIL=soon",
		"FREQ=YEARLY;BYDAY=54MO", "FREQ=YEARLY;BYDAY=XX", "FREQ=YEARLY;RSCALE=HEBREW", "FREQ=YEARLY;SKIP=FORWARD", "FREQ=YEARLY;BYEASTER=1",
		"DAILY", "FREQ=DAILY;COUNT=99999999999999999999", "D2 #10",
	} {
		if r, err := parseRule(property{value: text, line: 7}); err == nil {
			t.Errorf("%q is read as %+v", text, r)
		} else if bad, ok := errors.AsType[*Invalid](err); !ok || bad.Line != 7 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestARuleCostsNoMoreForHavingBegunLongAgo(t *testing.T) {
	lo, hi := wallOf(2026, 11, 30, 0, 0, 0), wallOf(2027, 1, 25, 0, 0, 0) // eight weeks
	for text, most := range map[string]int{
		"FREQ=DAILY": 200, "FREQ=WEEKLY;BYDAY=MO,TU": 200, "FREQ=MONTHLY;BYDAY=1MO": 250, "FREQ=YEARLY;BYMONTH=12": 200, "FREQ=HOURLY": 3000,
		"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30": 200, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": 200, "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3": 200,
	} {
		r, err := parseRule(property{value: text})
		if err != nil {
			t.Fatal(err)
		}
		cost := 0
		if err := r.expand(wallOf(1970, 1, 1, 0, 0, 0), lo, hi, func(n int) error { cost += n; return nil }, func(wall) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if cost > most {
			t.Errorf("%s looks at %d days and times, more than %d", text, cost, most)
		}
	}
}
