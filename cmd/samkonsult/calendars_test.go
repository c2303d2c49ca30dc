package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/ical"
	"github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

var (
	tuvaOfHospital = access.Actor{Person: "tuva", Role: access.Specialist, Organisation: "hospital", Session: "s1"}
	coordinator    = access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "hospital", Session: "s2"}
)

// outlook is a server of calendars on loopback, by TLS: to those who may ask example.com it is
// that, and to all others a machine inside.
type outlook struct {
	*httptest.Server
	port uint16

	mu     sync.Mutex
	answer http.HandlerFunc
	asked  []string // the If-None-Match of each question
}

func (o *outlook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	answer := o.answer
	o.asked = append(o.asked, r.Header.Get("If-None-Match"))
	o.mu.Unlock()
	answer(w, r)
}

func (o *outlook) answers(h http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = h
}

// gives answers with a calendar of these lines, and an entity tag.
func (o *outlook) gives(tag string, lines ...string) {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
	o.answers(func(w http.ResponseWriter, r *http.Request) {
		if tag != "" && r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", tag)
		fmt.Fprint(w, text)
	})
}

// took returns how it was asked since the last time.
func (o *outlook) took() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := o.asked
	o.asked = nil
	return out
}

// meeting is an event, UTC.
func meeting(uid, starts, ends string, more ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTART:" + starts + "\r\nDTEND:" + ends + "\r\nSUMMARY:Tannlege\r\n" + strings.Join(append(more, ""), "\r\n") + "END:VEVENT"
}

// bookingOffice is where people of a hospital are booked, over a real store, with Outlook beside it.
type bookingOffice struct {
	*scheduling.Service
	t       *testing.T
	db      *store.DB
	outlook *outlook
	reader  *scheduling.FeedReader

	mu   sync.Mutex
	now  time.Time
	left bool // Tuva works here no more
}

func (o *bookingOffice) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *bookingOffice) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func newBookingOffice(t *testing.T, open func() *store.DB, patience time.Duration) *bookingOffice {
	t.Helper()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	o := &bookingOffice{t: t, db: open(), now: time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC), outlook: &outlook{}}
	o.outlook.gives("")
	o.outlook.Server = httptest.NewUnstartedServer(o.outlook)
	o.outlook.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that hang up
	o.outlook.StartTLS()
	t.Cleanup(o.outlook.Close)
	u, err := url.Parse(o.outlook.URL)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	o.outlook.port = uint16(n)
	roots := x509.NewCertPool()
	roots.AddCert(o.outlook.Certificate())
	fetcher, err := ical.NewFetcher(ical.FetcherConfig{
		Ports: []uint16{o.outlook.port}, AllowHosts: []string{"example.com"}, Roots: roots, MaxBytes: 100_000,
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	owner := func(context.Context, access.PersonID) (string, error) { return "tuva@fjord.example", nil }
	elsewhere := calendars{fetcher, owner, oslo}
	people, err := register.New(register.Config{Store: o.db.Directory(), Directory: func() register.Directory { return nil }}) // names alone are asked for
	if err != nil {
		t.Fatal(err)
	}
	o.Service, err = scheduling.NewService(scheduling.Config{
		Store: o.db.Appointments(), People: people, Register: fewPeople{}, Calendars: elsewhere, FeedPatience: patience, Zone: oslo, Now: o.clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.reader, err = scheduling.NewFeedReader(scheduling.FeedReaderConfig{
		Queue: o.db.Appointments(), Calendars: elsewhere, Look: time.Millisecond, Now: o.clock,
		Works: func(context.Context, access.PersonID) (bool, error) { return !o.left, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// fewPeople is a hospital with one who treats.
type fewPeople struct{}

func (fewPeople) Colleagues(ctx context.Context, _ []access.OrganisationID, day string) ([]scheduling.Colleague, error) {
	return fewPeople{}.Working(ctx, nil, day)
}

func (fewPeople) Working(context.Context, []access.PersonID, string) ([]scheduling.Colleague, error) {
	return []scheduling.Colleague{{Person: "tuva", Organisation: "hospital", Role: access.Specialist, Title: "Overlege"}}, nil
}

func (fewPeople) Reach(context.Context, access.Actor) (scheduling.Reach, error) {
	return scheduling.Reach{With: []access.OrganisationID{"hospital"}, For: []access.OrganisationID{"hospital"}}, nil
}

func (fewPeople) Relations(context.Context, access.Actor, access.PersonID) (access.Relations, error) {
	return access.SameOrganisation, nil
}

func (fewPeople) Around(context.Context, access.PersonID, []access.OrganisationID) (scheduling.Around, error) {
	return scheduling.Around{Guests: map[access.PersonID]scheduling.Guest{"olav": {Role: access.Patient}}, Identification: scheduling.ByCode}, nil
}

// address is Outlook's, under a name.
func (o *bookingOffice) address(host, path string) string {
	return fmt.Sprintf("https://%s:%d/s3cret%s", host, o.outlook.port, path)
}

// adds adds a calendar of Tuva's, and returns it as the page shows it.
func (o *bookingOffice) adds(path string) scheduling.Feed {
	o.t.Helper()
	own, err := o.AddFeed(o.t.Context(), tuvaOfHospital, o.address("example.com", path))
	if err != nil {
		o.t.Fatal(err)
	}
	return own.In[len(own.In)-1]
}

// reads has the calendar read that is due after a time, and returns it.
func (o *bookingOffice) reads(after time.Duration) scheduling.Feed {
	o.t.Helper()
	o.pass(after)
	if read, err := o.reader.Next(o.t.Context()); err != nil || !read {
		o.t.Fatalf("%s later: read %t, %v", after, read, err)
	}
	own, err := o.Feeds(o.t.Context(), tuvaOfHospital)
	if err != nil || len(own.In) != 1 {
		o.t.Fatalf("%+v, %v", own, err)
	}
	return own.In[0]
}

func (o *bookingOffice) parties() []scheduling.Party {
	return []scheduling.Party{
		{Person: "tuva", Role: access.Specialist, Organisation: "hospital", Required: true},
		{Person: "olav", Role: access.Patient, Required: true},
	}
}

// free says whether a search finds Tuva free for half an hour at a time.
func (o *bookingOffice) free(at time.Time) bool {
	o.t.Helper()
	common, err := o.Find(o.t.Context(), coordinator, scheduling.Search{Parties: o.parties(), Length: 30 * time.Minute, From: at, Until: at.Add(30 * time.Minute)})
	if err != nil {
		o.t.Fatal(err)
	}
	return common.Free > 0
}

func (o *bookingOffice) books(at time.Time, anyway bool) error {
	_, _, err := o.Book(o.t.Context(), coordinator, scheduling.Request{
		AtOnce: true, Parties: o.parties(), Length: 30 * time.Minute, Starts: []time.Time{at}, Anyway: anyway, Plan: scheduling.Plan{Title: "Sårkontroll"},
	})
	return err
}

func TestWhatOutlookSaysIsNotBookedOverUnlessSomebodyWantsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		o := newBookingOffice(t, open, 0)
		nine := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
		if !o.free(nine) {
			t.Fatal("she is not free to begin with")
		}
		o.outlook.gives(`"1"`,
			meeting("1", "20261201T090000Z", "20261201T100000Z"),
			meeting("2", "20261201T110000Z", "20261201T120000Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:tuva@fjord.example"),
			meeting("3", "20261203T070000Z", "20261203T080000Z", "RRULE:FREQ=WEEKLY;COUNT=10"))
		f := o.adds("/kalender.ics")
		if f.Host() != "example.com" || !f.Read.Equal(o.clock()) || f.Busy != 11 || f.Fault != "" {
			t.Errorf("%+v", f)
		}
		for hour, want := range map[int]bool{8: true, 9: false, 10: true, 11: true} {
			if at := nine.Add(time.Duration(hour-9) * time.Hour); o.free(at) != want {
				t.Errorf("free at %s: %t", at, !want)
			}
		}
		err := o.books(nine, false)
		if taken, ok := errors.AsType[*scheduling.TakenError](err); !ok || taken.Taken[0].Rule != scheduling.TakenElsewhere || taken.Taken[0].Subject != "tuva" {
			t.Errorf("booked over it: %v", err)
		}
		if err := o.books(nine, true); err != nil {
			t.Errorf("booked anyway: %v", err)
		}
		if _, err := o.RemoveFeed(t.Context(), tuvaOfHospital, f.ID); err != nil || !o.free(nine.AddDate(0, 0, 2).Add(-2*time.Hour)) {
			t.Errorf("removed, and its times are still there: %v", err)
		}
	})
}

func TestACalendarIsReadAgainAndKeepsItsTimesWhenItCanNotBe(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
	ten := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	o.outlook.gives(`"1"`, meeting("1", "20261201T090000Z", "20261201T100000Z"))
	first := o.adds("/kalender.ics")
	if read, err := o.reader.Next(t.Context()); read || err != nil {
		t.Errorf("read again at once: %t, %v", read, err)
	}
	o.outlook.took()

	f := o.reads(15 * time.Minute)
	if !f.Read.After(first.Read) || f.Busy != 1 || o.outlook.took()[0] != `"1"` {
		t.Errorf("not changed: %+v", f)
	}
	o.outlook.gives(`"2"`, meeting("1", "20261201T100000Z", "20261201T110000Z"))
	if f = o.reads(15 * time.Minute); f.Busy != 1 || o.free(ten) || !o.free(ten.Add(-time.Hour)) {
		t.Errorf("moved: %+v", f)
	}
	good := f.Read

	o.outlook.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	f = o.reads(15 * time.Minute)
	began := o.clock()
	for i, wait := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour} {
		if f.Fault != scheduling.FeedUnreachable || !f.Since.Equal(began) || !f.Read.Equal(good) || f.Tries != i+1 || f.Busy != 1 && o.clock().Before(ten) {
			t.Errorf("try %d in vain: %+v", i+1, f)
		}
		if due := f.Due.Sub(o.clock()); due > wait || due < wait*3/4 {
			t.Errorf("after try %d it waits %s, want nearly %s", i+1, due, wait)
		}
		f = o.reads(wait)
	}
	if o.free(ten) {
		t.Error("she is free, for Outlook can't be read")
	}
	o.outlook.gives(`"2"`, meeting("1", "20261201T100000Z", "20261201T110000Z"))
	if f = o.reads(6 * time.Hour); f.Fault != "" || !f.Since.IsZero() || f.Tries != 0 || !f.Read.Equal(o.clock()) {
		t.Errorf("it is back: %+v", f)
	}

	// Once a week it is read whole, though it hasn't changed: there are days that were not asked for before.
	o.outlook.took()
	o.reads(5 * 24 * time.Hour)
	o.reads(24 * time.Hour)
	o.reads(24 * time.Hour)
	if asked := o.outlook.took(); len(asked) != 3 || asked[0] != `"2"` || asked[1] != "" || asked[2] != `"2"` {
		t.Errorf("asked with %q", asked)
	}
}

func TestOfWhoHasLeftNothingIsReadAndNothingRemembered(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
	o.outlook.gives(`"1"`, meeting("1", "20261201T090000Z", "20261201T100000Z"))
	o.adds("/kalender.ics")
	o.outlook.took()
	o.left = true
	if f := o.reads(15 * time.Minute); f.Busy != 0 || len(o.outlook.took()) != 0 {
		t.Errorf("%+v", f)
	}
	o.left = false // back again
	if f := o.reads(6 * time.Hour); f.Busy != 1 || o.outlook.took()[0] != "" {
		t.Errorf("%+v", f)
	}
}

func TestACalendarThatCanNotBeReadSaysWhy(t *testing.T) {
	for _, tt := range []struct {
		fault   scheduling.FeedFault
		details string
		answer  http.HandlerFunc
	}{
		{scheduling.FeedUnknownZone, "Fjord Standard Time", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Fjord Standard Time:20261201T090000\r\nDTEND;TZID=Fjord Standard Time:20261201T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		}},
		{scheduling.FeedTooLarge, "bytes", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "BEGIN:VCALENDAR\r\n"+strings.Repeat("X-NOTE:x\r\n", 100_000))
		}},
		{scheduling.FeedNoCalendar, "", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><p>Sign in") }},
		{scheduling.FeedNoCalendar, "syntax 4", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:tomorrow\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		}},
		{scheduling.FeedMissing, "", http.NotFound},
		{scheduling.FeedRefused, "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }},
		{scheduling.FeedUnreachable, "answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }},
		{scheduling.FeedUnreachable, "form", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://example.com/", http.StatusFound)
		}},
	} {
		t.Run(string(tt.fault)+" "+tt.details, func(t *testing.T) {
			o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
			o.outlook.answers(tt.answer)
			f := o.adds("/kalender.ics")
			if f.Fault != tt.fault || f.Details != tt.details || !f.Read.IsZero() || !f.Since.Equal(o.clock()) || f.Busy != 0 {
				t.Errorf("%+v", f)
			}
			o.outlook.gives("", meeting("1", "20261201T090000Z", "20261201T100000Z"))
			if f = o.reads(15 * time.Minute); f.Fault != "" || f.Busy != 1 {
				t.Errorf("mended: %+v", f)
			}
		})
	}
}

func TestAnAddressThatLeadsInsideIsRefusedAndNotKept(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
	for _, tt := range []struct{ address, rule string }{
		{o.address("10.0.0.1", ""), "leads into this network"},
		{o.address("intranett.fjord.example", ""), "leads into this network"}, // found on loopback
		{"http://example.com/s3cret", "must begin with https://"},
		{"https://example.com:22/s3cret", "ports"},
		{"kalenderen min", "must begin with https://"},
	} {
		_, err := o.AddFeed(t.Context(), tuvaOfHospital, tt.address)
		broken, ok := errors.AsType[*scheduling.Invalid](err)
		if !ok || broken.Field != "address" || !strings.Contains(broken.Rule, tt.rule) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", tt.address, err)
		}
	}
	if own, err := o.Feeds(t.Context(), tuvaOfHospital); err != nil || len(own.In) != 0 {
		t.Errorf("kept: %+v, %v", own, err)
	}
	if asked := o.outlook.took(); len(asked) != 0 {
		t.Errorf("asked %d times", len(asked))
	}

	// One that leads there later is told so, and its times stay.
	o.outlook.gives("", meeting("1", "20261201T090000Z", "20261201T100000Z"))
	o.adds("/kalender.ics")
	o.outlook.answers(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, o.address("intranett.fjord.example", ""), http.StatusFound)
	})
	if f := o.reads(15 * time.Minute); f.Fault != scheduling.FeedInsideFault || f.Busy != 1 {
		t.Errorf("%+v", f)
	}
}

func TestFiveCalendarsAreEnoughAndEachIsThereOnce(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
	refused := func(path string) {
		t.Helper()
		_, err := o.AddFeed(t.Context(), tuvaOfHospital, o.address("example.com", path))
		if broken, ok := errors.AsType[*scheduling.Invalid](err); !ok || broken.Field != "address" {
			t.Errorf("%s: %v", path, err)
		}
	}
	for i := range 5 {
		o.adds(fmt.Sprint("/", i))
		refused(fmt.Sprint("/", i))
	}
	refused("/6")
}

func TestNobodyElseSeesToOnesCalendars(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
	f := o.adds("/kalender.ics")
	if _, err := o.RemoveFeed(t.Context(), coordinator, f.ID); !errors.Is(err, scheduling.ErrNotFound) {
		t.Errorf("a colleague removes it: %v", err)
	}
	for _, by := range []access.Actor{
		{Person: "olav", Role: access.Patient, Session: "s3", Consultation: "c1"},
		{Person: "tuva", Role: access.Specialist, Organisation: "hospital", Session: "s4", Consultation: "c1"}, // by a link
		{Person: "jon", Role: access.Administrator, Organisation: "hospital", Session: "s5"},
		{Person: "ehr", Role: access.Machine, Organisation: "hospital"},
	} {
		_, err1 := o.Feeds(t.Context(), by)
		_, err2 := o.AddFeed(t.Context(), by, o.address("example.com", "/x"))
		_, _, err3 := o.MakeAddress(t.Context(), by)
		for _, err := range []error{err1, err2, err3} {
			if _, ok := errors.AsType[*access.Refused](err); !ok {
				t.Errorf("%s: %v", by.Role, err)
			}
		}
	}
	if own, err := o.Feeds(t.Context(), tuvaOfHospital); err != nil || len(own.In) != 1 {
		t.Errorf("%+v, %v", own, err)
	}
}

func TestWhatOneDoesToOnesCalendarsIsOnRecordWithoutTheirAddresses(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 0)
	f := o.adds("/kalender.ics")
	token, _, err := o.MakeAddress(t.Context(), tuvaOfHospital)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.RemoveFeed(t.Context(), tuvaOfHospital, f.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.OwnCalendar(t.Context(), token); err != nil { // by a program, of nobody's health
		t.Fatal(err)
	}
	var entries []audit.Stored
	onlyLooked := errors.New("nothing is to be sealed")
	err = o.db.Audit().Seal(t.Context(), 100, func(_ audit.End, waiting []audit.Stored) ([]audit.Seal, []audit.Head, error) {
		entries = waiting
		return nil, nil, onlyLooked
	})
	if !errors.Is(err, onlyLooked) || len(entries) != 3 {
		t.Fatalf("%+v, %v", entries, err)
	}
	for _, e := range entries {
		if e.Person != "tuva" || e.Patient != "" || e.Action != access.CalendarWrite.String() || e.Object != "feed/tuva" || strings.Contains(fmt.Sprintf("%+v", e), token) || strings.Contains(fmt.Sprintf("%+v", e), "s3cret") {
			t.Errorf("%+v", e)
		}
	}
}

func TestASlowCalendarIsAddedAndReadByTheReader(t *testing.T) {
	o := newBookingOffice(t, func() *store.DB { return storetest.SQLite(t) }, 20*time.Millisecond)
	o.outlook.answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }) // until whoever asks has gone
	f := o.adds("/kalender.ics")
	if !f.Read.IsZero() || f.Fault != "" || f.Busy != 0 {
		t.Errorf("%+v", f)
	}
	read := make(chan struct{})
	o.outlook.gives("", meeting("1", "20261201T090000Z", "20261201T100000Z"))
	quick := o.outlook.answer
	o.outlook.answers(func(w http.ResponseWriter, r *http.Request) {
		quick(w, r)
		close(read) // a second question would close it twice, and fail
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.reader.Run(ctx) }() // ends with ctx
	<-read
	for {
		own, err := o.Feeds(t.Context(), tuvaOfHospital)
		if err != nil {
			t.Fatal(err)
		}
		if f = own.In[0]; !f.Read.IsZero() {
			break
		}
	}
	cancel()
	if err := <-ended; err != nil || f.Busy != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}
