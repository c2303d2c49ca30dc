package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	goical "github.com/emersion/go-ical" // a reader that is not ours

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// workplaces is where people of the world work, for calendars.
type workplaces struct {
	scheduling.Register // the rest is not asked
	ended               map[access.PersonID]bool
}

func (p workplaces) Working(_ context.Context, people []access.PersonID, _ string) (out []scheduling.Colleague, err error) {
	for _, m := range employed {
		if slices.Contains(people, m.person) && !p.ended[m.person] {
			out = append(out, scheduling.Colleague{Person: m.person, Organisation: m.in, Role: m.role})
		}
	}
	return out, nil
}

// withCalendars is a world in which it is known who works where, and what it has logged.
func withCalendars(t *testing.T, ended ...access.PersonID) (*world, *bytes.Buffer) {
	t.Helper()
	w := newWorld(t)
	places := workplaces{ended: map[access.PersonID]bool{}}
	for _, p := range ended {
		places.ended[p] = true
	}
	cfg := w.cfg
	var err error
	w.schedule, err = scheduling.NewService(scheduling.Config{
		Store: w.db.Appointments(), People: rollCall{}, Register: places, Now: func() time.Time { return w.now },
	})
	w.must(err)
	log := &bytes.Buffer{}
	cfg.Schedule, cfg.Log = w.schedule, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.Handler, err = New(cfg)
	w.must(err)
	return w, log
}

// feeds asks for one's calendars in other programs, or changes them.
func (w *world) feeds(method, path string, header []string) (out CalendarFeeds) {
	w.t.Helper()
	res := w.asks(method, path, "", header...)
	body := bodyOf(w.t, res)
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, body)
	}
	w.must(json.Unmarshal([]byte(body), &out))
	return out
}

// subscribed is what another program makes of an address: each event as a line.
func subscribed(t *testing.T, res *http.Response) (lines []string) {
	t.Helper()
	body := bodyOf(t, res)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %s %s", res.StatusCode, res.Header, body)
	}
	for _, secret := range []string{"Olav", "olav", "Ragna", "Sårkontroll", "Kva trengst"} {
		if strings.Contains(body, secret) {
			t.Errorf("the calendar tells %q", secret)
		}
	}
	c, err := goical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, body)
	}
	for _, e := range c.Events() {
		text := func(name string) string {
			s, err := e.Props.Text(name)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		starts, err1 := e.DateTimeStart(time.UTC)
		ends, err2 := e.DateTimeEnd(time.UTC)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		lines = append(lines, fmt.Sprintf("%s–%s %s %s %s %s", starts.Format("02 15:04"), ends.Format("15:04"), text("UID"), text("STATUS"), text("TRANSP"), text("SUMMARY")))
	}
	return lines
}

func (w *world) saved(a scheduling.Appointment) {
	w.t.Helper()
	_, err := w.schedule.Save(w.t.Context(), a)
	w.must(err)
}

func TestAnotherProgramReadsWhenAndWithWhomOneIsBookedAndNothingElse(t *testing.T) {
	w, _ := withCalendars(t)
	visit := scheduling.Appointment{
		ID: "visit", Organisation: hospital, State: scheduling.Booked, Identification: scheduling.ByLink,
		Starts: w.now.AddDate(0, 0, 1), Ends: w.now.AddDate(0, 0, 1).Add(30 * time.Minute),
		Plan: scheduling.Plan{Title: "Sårkontroll", Question: "Kva trengst?"},
		Participants: []scheduling.Participant{
			{ID: "t", Person: "tuva", Role: access.Specialist, Organisation: hospital, Required: true},
			{ID: "m", Person: "mari", Role: access.Nurse, Organisation: fjordvik, Required: true, Attends: scheduling.Visiting, Before: 20 * time.Minute, After: 10 * time.Minute},
			{ID: "o", Person: "olav", Role: access.Patient, Required: true},
		},
	}
	w.saved(visit)
	asked := visit
	asked.ID, asked.State, asked.AnswerBy = "asked", scheduling.Proposed, w.now.AddDate(0, 0, 1)
	asked.Starts, asked.Ends = visit.Starts.AddDate(0, 0, 1), visit.Ends.AddDate(0, 0, 1)
	asked.Options = []scheduling.Option{
		{ID: "one", Starts: asked.Starts, Ends: asked.Ends, Replies: []scheduling.OptionReply{{Participant: "m", Answer: scheduling.Accepted, At: w.now}}},
		{ID: "two", Starts: asked.Starts.AddDate(0, 0, 1), Ends: asked.Ends.AddDate(0, 0, 1)},
	}
	w.saved(asked)
	elsewhere := visit // she works in Fjordvik, and was in this for the hospital
	elsewhere.ID, elsewhere.Starts, elsewhere.Ends = "elsewhere", visit.Starts.AddDate(0, 0, 4), visit.Ends.AddDate(0, 0, 4)
	elsewhere.Participants = slices.Clone(visit.Participants)
	elsewhere.Participants[1].Organisation = hospital
	w.saved(elsewhere)
	declined := visit
	declined.ID, declined.Starts, declined.Ends = "declined", visit.Starts.AddDate(0, 0, 5), visit.Ends.AddDate(0, 0, 5)
	declined.Participants = slices.Clone(visit.Participants)
	declined.Participants[1].Reply = scheduling.Reply{Answer: scheduling.Declined, At: w.now}
	w.saved(declined)
	cancelled := visit
	cancelled.ID, cancelled.State, cancelled.Starts, cancelled.Ends = "cancelled", scheduling.Cancelled, visit.Starts.AddDate(0, 0, 6), visit.Ends.AddDate(0, 0, 6)
	w.saved(cancelled)

	mari := w.signsIn("mari", identity.LevelSubstantial)
	made := w.feeds("POST", "/feeds/out", mari)
	path, ours := strings.CutPrefix(made.Out, "https://video.example.no/api/v1")
	if !ours || made.OutMade != w.now.UnixMilli() {
		t.Fatalf("%+v", made)
	}
	res := w.asks("GET", path, "")
	got := subscribed(t, res)
	want := []string{
		"23 09:00–10:00 c1@video.example.no CONFIRMED TRANSPARENT Videosamtale: Fjord sjukehus", // need not come, and has not answered
		"24 08:40–09:00 visit-there@video.example.no CONFIRMED OPAQUE Køyring",
		"24 09:00–09:30 visit@video.example.no CONFIRMED OPAQUE Videosamtale: Fjord sjukehus",
		"24 09:30–09:40 visit-return@video.example.no CONFIRMED OPAQUE Køyring",
		"25 08:40–09:00 asked-one-there@video.example.no TENTATIVE OPAQUE Køyring",
		"25 09:00–09:30 asked-one@video.example.no TENTATIVE OPAQUE Videosamtale: Fjord sjukehus",
		"25 09:30–09:40 asked-one-return@video.example.no TENTATIVE OPAQUE Køyring",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if cache := res.Header.Get("Cache-Control"); !strings.HasPrefix(cache, "private") || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("%v", res.Header)
	}
	if entries := w.seenBy("/patients/olav/seen", http.StatusOK, w.signsIn("eva", identity.LevelSubstantial)...); slices.ContainsFunc(entries.Items, func(l SeenLine) bool { return l.Name == "mari" }) {
		t.Errorf("the patient is told of it: %+v", entries.Items)
	}

	// The address is told once; a new one takes its place, and it can be taken away.
	if own := w.feeds("GET", "/feeds", mari); own.Out != "" || own.OutMade == 0 {
		t.Errorf("%+v", own)
	}
	again := w.feeds("POST", "/feeds/out", mari)
	if res := w.asks("GET", path, ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("the old address: %d", res.StatusCode)
	}
	subscribed(t, w.asks("GET", strings.TrimPrefix(again.Out, "https://video.example.no/api/v1"), ""))
	if own := w.feeds("DELETE", "/feeds/out", mari); own.OutMade != 0 {
		t.Errorf("%+v", own)
	}
	if res := w.asks("GET", strings.TrimPrefix(again.Out, "https://video.example.no/api/v1"), ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("an address that was taken away: %d", res.StatusCode)
	}
}

func TestWhoWorksNowhereAnyMoreHasAnEmptyCalendar(t *testing.T) {
	w, _ := withCalendars(t, "mari")
	token, _, err := w.schedule.MakeAddress(t.Context(), access.Actor{Person: "mari", Role: access.Nurse, Organisation: fjordvik})
	w.must(err)
	res := w.asks("GET", "/calendars/"+token+".ics", "")
	if body := bodyOf(t, res); res.StatusCode != http.StatusOK || strings.Contains(body, "VEVENT") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestAWrongAddressIsAnsweredAlikeAndNoAddressIsLogged(t *testing.T) {
	w, log := withCalendars(t)
	token, _, err := w.schedule.MakeAddress(t.Context(), access.Actor{Person: "mari", Role: access.Nurse, Organisation: fjordvik})
	w.must(err)
	var first string
	for _, file := range []string{strings.Repeat("a", 26) + ".ics", token, token + ".ICS", strings.ToUpper(token) + ".ics", ".ics", "x", strings.Repeat("a", 500) + ".ics"} {
		res := w.asks("GET", "/calendars/"+file, "")
		body := bodyOf(t, res)
		if first == "" {
			first = body
		}
		if res.StatusCode != http.StatusNotFound || body != first || strings.Contains(body, token) {
			t.Errorf("%s: %d %s", file, res.StatusCode, body)
		}
	}
	// Also when whoever asks has gone, and when the store has.
	for _, gone := range []bool{false, true} {
		for _, file := range []string{token + ".ics", token + "x.ics"} {
			if gone {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				r := httptest.NewRequest("GET", "http://video.example.no/api/v1/calendars/"+file, nil).WithContext(ctx)
				w.ServeHTTP(httptest.NewRecorder(), r)
				continue
			}
			r := httptest.NewRequest("GET", "http://video.example.no/api/v1/calendars/"+file, nil)
			w.ServeHTTP(deaf{httptest.NewRecorder()}, r)
		}
	}
	w.must(w.db.Close())
	if res := w.asks("GET", "/calendars/"+token+".ics", ""); res.StatusCode != http.StatusInternalServerError {
		t.Errorf("without a store: %d", res.StatusCode)
	}
	if !strings.Contains(log.String(), "request failed") || !strings.Contains(log.String(), "answer not written") {
		t.Errorf("too little was logged for this test: %s", log)
	}
	if strings.Contains(log.String(), token) {
		t.Errorf("the address is in the log: %s", log)
	}
}

// deaf is a connection that has broken.
type deaf struct{ *httptest.ResponseRecorder }

func (deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestOneAddressCanNotGuessForever(t *testing.T) {
	w, _ := withCalendars(t)
	for range 300 {
		r := httptest.NewRequest("GET", "http://video.example.no/api/v1/calendars/aaaaaaaaaaaaaaaaaaaaaaaaaa.ics", nil)
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		if out.Code == http.StatusTooManyRequests && out.Header().Get("Retry-After") != "" {
			return
		}
	}
	t.Error("300 tries at once, and nobody is told to wait")
}

func TestAPatientPutsTheConsultationIntoTheirOwnCalendarWithoutTheLink(t *testing.T) {
	w, _ := withCalendars(t)
	token := w.link("c1", "olav", access.Patient)
	res := w.asks("POST", "/link", `{"token":"`+token+`"}`)
	var answer LinkAnswer
	w.must(json.Unmarshal([]byte(bodyOf(t, res)), &answer))
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	olav := []string{"Cookie", cookie, SessionHeader, answer.Handle}

	res = w.asks("GET", "/consultations/c1/calendar.ics", "", olav...)
	if name := res.Header.Get("Content-Disposition"); name != `attachment; filename="samtale.ics"` {
		t.Errorf("the file is %s", name)
	}
	body := bodyOf(t, res)
	if strings.Contains(body, token) || !strings.Contains(body, "\r\nMETHOD:PUBLISH\r\n") || !strings.Contains(body, "\r\nURL:https://video.example.no\r\n") {
		t.Errorf("%s", body)
	}
	res.Body = io.NopCloser(strings.NewReader(body))
	want := []string{"23 09:00–10:00 c1@video.example.no CONFIRMED OPAQUE Videosamtale – Fjord sjukehus"}
	if got := subscribed(t, res); !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	// Of another consultation there is none, and of one that is cancelled neither.
	if res := w.asks("GET", "/consultations/c2/calendar.ics", "", olav...); res.StatusCode != http.StatusForbidden {
		t.Errorf("another's: %d", res.StatusCode)
	}
	a, err := w.db.Appointments().Appointment(t.Context(), "c1")
	w.must(err)
	a.State = scheduling.Cancelled
	w.saved(a)
	if p := problemIn(t, w.asks("GET", "/consultations/c1/calendar.ics", "", olav...)); p.Status != http.StatusNotFound {
		t.Errorf("cancelled: %+v", p)
	}
}
