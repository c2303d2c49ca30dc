package ical_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	goical "github.com/emersion/go-ical" // a reader that is not ours
	"github.com/samkonsult/samkonsult/internal/ical"
)

func oslo(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func invitation(t testing.TB) ical.Invitation {
	starts := time.Date(2026, 12, 3, 10, 0, 0, 0, oslo(t))
	return ical.Invitation{
		UID: "c7a1f6@samkonsult.example", Method: ical.Request, Starts: starts, Ends: starts.Add(30 * time.Minute),
		Stamp: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC), Summary: "Videokonsultasjon", Location: "Video",
		Description: "Fjord sjukehus; Vågen kommune, samen.\nSvar her: https://samkonsult.example/\\o/ – " + strings.Repeat("blåbærsyltetøy ", 20),
		URL:         "https://samkonsult.example/timar",
		Organiser:   ical.Party{Name: `Fjord sjukehus, poliklinikk: "sår"`, Email: "timar@fjord.example"},
		Attendees: []ical.Party{
			{Name: "Anne O'Hara; lege", Email: "anne@fjord.example", Role: ical.Chair, Status: ical.Accepted},
			{Name: "Bjørn Åsen", Email: "bjorn+timar@vagen.example"},
			{Email: "pårørande@vagen.example", Role: ical.Optional, Status: ical.Tentative},
		},
	}
}

// read is what another library makes of a calendar.
func read(t *testing.T, b []byte) *goical.Calendar {
	t.Helper()
	c, err := goical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return c
}

func text(t *testing.T, c *goical.Component, name string) string {
	t.Helper()
	s, err := c.Props.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, i ical.Invitation) []byte {
	t.Helper()
	b, err := i.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnotherLibraryReadsWhatAnInvitationSays(t *testing.T) {
	i := invitation(t)
	i.Attendees = i.Attendees[:2] // the third has an address that no calendar takes; see below
	c := read(t, write(t, i))
	if m := text(t, c.Component, "METHOD"); m != "REQUEST" {
		t.Errorf("the method is %s", m)
	}
	e := c.Events()[0]
	for name, want := range map[string]string{
		"UID": i.UID, "SUMMARY": i.Summary, "DESCRIPTION": i.Description, "LOCATION": "Video", "STATUS": "CONFIRMED", "TRANSP": "OPAQUE",
	} {
		if got := text(t, e.Component, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if n, err := e.Props.Get("SEQUENCE").Int(); err != nil || n != 0 {
		t.Errorf("the sequence is %d, %v", n, err)
	}
	starts, err := e.DateTimeStart(time.UTC)
	ends, err2 := e.DateTimeEnd(time.UTC)
	if err != nil || err2 != nil || !starts.Equal(i.Starts) || !ends.Equal(i.Ends) {
		t.Errorf("it lasts from %v to %v", starts, ends)
	}
	if v := e.Props.Get("DTSTART").Value; v != "20261203T090000Z" {
		t.Errorf("DTSTART is %s: not in UTC", v)
	}
	organiser := e.Props.Get("ORGANIZER")
	// RFC 6868's ^' for a quotation mark is left to this library's user.
	if organiser.Value != "mailto:timar@fjord.example" || organiser.Params.Get("CN") != "Fjord sjukehus, poliklinikk: ^'sår^'" {
		t.Errorf("the organiser is %+v", organiser)
	}
	want := []struct{ to, cn, role, status string }{
		{"mailto:anne@fjord.example", "Anne O'Hara; lege", "CHAIR", "ACCEPTED"},
		{"mailto:bjorn+timar@vagen.example", "Bjørn Åsen", "REQ-PARTICIPANT", "NEEDS-ACTION"},
	}
	for n, a := range e.Props.Values("ATTENDEE") {
		got := struct{ to, cn, role, status string }{a.Value, a.Params.Get("CN"), a.Params.Get("ROLE"), a.Params.Get("PARTSTAT")}
		if got != want[n] || a.Params.Get("RSVP") != "FALSE" {
			t.Errorf("attendee %d is %+v", n, a)
		}
	}
}

func TestAChangeAndACancellationFindWhatWasSent(t *testing.T) {
	first := invitation(t)
	first.Attendees = first.Attendees[:2]
	moved := first
	moved.Sequence, moved.Starts, moved.Ends = 1, first.Starts.Add(time.Hour), first.Ends.Add(time.Hour)
	gone := moved
	gone.Sequence, gone.Method = 2, ical.Cancel
	for n, i := range []ical.Invitation{first, moved, gone} {
		c := read(t, write(t, i))
		e := c.Events()[0]
		sequence, err := e.Props.Get("SEQUENCE").Int()
		if err != nil || sequence != n || text(t, e.Component, "UID") != first.UID || e.Props.Get("ORGANIZER").Value != "mailto:timar@fjord.example" {
			t.Errorf("message %d has sequence %d, uid %s", n, sequence, text(t, e.Component, "UID"))
		}
		status, err := e.Status()
		if want := map[bool]goical.EventStatus{false: goical.EventConfirmed, true: goical.EventCancelled}[n == 2]; err != nil || status != want {
			t.Errorf("message %d is %s", n, status)
		}
		if method := text(t, c.Component, "METHOD"); !strings.Contains(i.ContentType(), "method="+method) {
			t.Errorf("message %d is %s in a %s", n, method, i.ContentType())
		}
	}
}

func TestLinesAreFoldedAndKeepTheirLetters(t *testing.T) {
	i := invitation(t)
	i.Attendees = i.Attendees[:2]
	for shift := range 8 { // so that a letter of several bytes comes to lie on each side of the fold
		i.Summary = strings.Repeat("x", shift) + strings.Repeat("æ", 60) + strings.Repeat("👩‍⚕️", 40)
		b := write(t, i)
		for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("a line of %d octets: %q", len(line), line)
			}
		}
		if got := text(t, read(t, b).Events()[0].Component, "SUMMARY"); got != i.Summary {
			t.Fatalf("read as %q", got)
		}
	}
}

func TestNoFieldBeginsALineOfItsOwn(t *testing.T) {
	set := map[string]func(i *ical.Invitation, s string){
		"uid":                func(i *ical.Invitation, s string) { i.UID += s },
		"summary":            func(i *ical.Invitation, s string) { i.Summary += s },
		"description":        func(i *ical.Invitation, s string) { i.Description += s },
		"location":           func(i *ical.Invitation, s string) { i.Location += s },
		"url":                func(i *ical.Invitation, s string) { i.URL += s },
		"organiser.name":     func(i *ical.Invitation, s string) { i.Organiser.Name += s },
		"organiser.email":    func(i *ical.Invitation, s string) { i.Organiser.Email += s },
		"attendees[1].name":  func(i *ical.Invitation, s string) { i.Attendees[1].Name += s },
		"attendees[1].email": func(i *ical.Invitation, s string) { i.Attendees[1].Email += s },
	}
	for field, put := range set {
		for _, s := range []string{"\r\nATTENDEE:mailto:x@evil.example", "\n\rX", "\r", "\x00", "\x1b", "\u0085", "\u2028", "\xff"} {
			i := invitation(t)
			i.Attendees = i.Attendees[:2]
			put(&i, s)
			_, err := i.Bytes()
			if bad, ok := errors.AsType[*ical.Invalid](err); !ok || bad.Field != field || bad.Words == "" {
				t.Errorf("%s with %q: %v", field, s, err)
			}
		}
	}
	// A description has lines, and they stay in it.
	i := invitation(t)
	i.Attendees = i.Attendees[:2]
	i.Description = "ein\nEND:VEVENT\nto"
	if c := read(t, write(t, i)); len(c.Events()) != 1 || text(t, c.Events()[0].Component, "DESCRIPTION") != i.Description {
		t.Error("lines of the description became the calendar's")
	}
}

func TestAnInvitationThatBreaksARuleIsNamedByItsField(t *testing.T) {
	for _, tt := range []struct {
		field string
		spoil func(i *ical.Invitation)
	}{
		{"method", func(i *ical.Invitation) { i.Method = "REPLY" }},
		{"uid", func(i *ical.Invitation) { i.UID = "" }},
		{"uid", func(i *ical.Invitation) { i.UID = strings.Repeat("u", 256) }},
		{"sequence", func(i *ical.Invitation) { i.Sequence = -1 }},
		{"stamp", func(i *ical.Invitation) { i.Stamp = time.Time{} }},
		{"starts", func(i *ical.Invitation) { i.Starts = time.Time{} }},
		{"starts", func(i *ical.Invitation) { i.Starts = time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{"ends", func(i *ical.Invitation) { i.Ends = i.Starts }},
		{"ends", func(i *ical.Invitation) { i.Ends = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{"summary", func(i *ical.Invitation) { i.Summary = "" }},
		{"summary", func(i *ical.Invitation) { i.Summary = strings.Repeat("æ", 501) }},
		{"url", func(i *ical.Invitation) { i.URL = "javascript:alert(1)" }},
		{"url", func(i *ical.Invitation) { i.URL = "/timar" }},
		{"organiser.email", func(i *ical.Invitation) { i.Organiser.Email = "" }},
		{"organiser.email", func(i *ical.Invitation) { i.Organiser.Email = "Anne <anne@fjord.example>" }},
		{"attendees", func(i *ical.Invitation) { i.Attendees = nil }},
		{"attendees[0].email", func(i *ical.Invitation) { i.Attendees[0].Email = "anne" }},
		{"attendees[0].email", func(i *ical.Invitation) { i.Attendees[0].Email = `"a;b"@fjord.example` }},
		{"attendees[0].role", func(i *ical.Invitation) { i.Attendees[0].Role = "KING" }},
		{"attendees[1].status", func(i *ical.Invitation) { i.Attendees[1].Status = "MAYBE" }},
		{"attendees[2].email", func(i *ical.Invitation) {}}, // å: mail of the address's kind is ASCII
	} {
		i := invitation(t)
		tt.spoil(&i)
		b, err := i.Bytes()
		if bad, ok := errors.AsType[*ical.Invalid](err); !ok || bad.Field != tt.field || bad.Rule == "" || b != nil {
			t.Errorf("%s: %v", tt.field, err)
		}
	}
}

func TestAFeedShowsWhatIsAgreedAndWhatIsHeld(t *testing.T) {
	at := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	event := func(uid string, n int) ical.FeedEvent {
		return ical.FeedEvent{UID: uid, Sequence: n, Starts: at.Add(time.Duration(n) * time.Hour), Ends: at.Add(time.Duration(n)*time.Hour + time.Hour/2), Summary: "Videokonsultasjon"}
	}
	held, seen := event("b", 1), event("c", 2)
	held.Held, seen.Free = true, true
	f := ical.Feed{Name: "Samkonsult", Organiser: ical.Party{Name: "Fjord sjukehus", Email: "timar@fjord.example"}, Stamp: at,
		Events: []ical.FeedEvent{event("a", 0), held, seen}}
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	c := read(t, b)
	for name, want := range map[string]string{"METHOD": "PUBLISH", "X-WR-CALNAME": "Samkonsult", "X-PUBLISHED-TTL": "PT15M"} {
		if got := text(t, c.Component, name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if again, err := c.Props.Get("REFRESH-INTERVAL").Duration(); err != nil || again != 15*time.Minute {
		t.Errorf("looked into again after %v, %v", again, err)
	}
	want := [][3]string{{"CONFIRMED", "OPAQUE", "BUSY"}, {"TENTATIVE", "OPAQUE", "TENTATIVE"}, {"CONFIRMED", "TRANSPARENT", "FREE"}}
	for n, e := range c.Events() {
		got := [3]string{text(t, e.Component, "STATUS"), text(t, e.Component, "TRANSP"), text(t, e.Component, "X-MICROSOFT-CDO-BUSYSTATUS")}
		if sequence, err := e.Props.Get("SEQUENCE").Int(); got != want[n] || sequence != n || err != nil || len(e.Props.Values("ATTENDEE")) != 0 {
			t.Errorf("event %d is %v, sequence %d", n, got, sequence)
		}
	}
	// And read back by the reader of this package, it keeps its owner busy with the first two.
	busy, report, err := ical.ReadBusy(bytes.NewReader(b), at.Add(-time.Hour), at.Add(24*time.Hour), ical.Options{})
	if err != nil || len(busy) != 2 || !busy[1].Starts.Equal(held.Starts) || report.Free != 1 {
		t.Errorf("busy at %v, %+v, %v", busy, report, err)
	}
}

func TestAnEmptyFeedIsACalendarStill(t *testing.T) {
	f := ical.Feed{Organiser: ical.Party{Email: "timar@fjord.example"}, Stamp: time.Unix(0, 0), Every: time.Hour}
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if c := read(t, b); len(c.Children) != 1 || len(c.Events()) != 0 {
		t.Errorf("it holds %d parts", len(c.Children))
	}
	f.Events = []ical.FeedEvent{{UID: "a"}}
	if _, err := f.Bytes(); err == nil || !strings.HasPrefix(err.Error(), "events[0].starts ") {
		t.Errorf("an event without a start: %v", err)
	}
}
