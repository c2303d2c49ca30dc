package main

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// read asks for something as a program does, or as a browser with its Accept.
func read(t *testing.T, url, accept string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	res, err := browser(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

const asBrowser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"

func TestADemosMessagesAreReadOnAPage(t *testing.T) {
	app := startApp(t, nil)
	address := app.Links().Messages
	// The patient's link that needs a code has one sent.
	if _, answer, problem := visit(t, app.Links().Code); problem.Code != "" || answer.SignedIn {
		t.Fatal(answer, problem)
	}
	var m notify.Sent // among what the fortnight's bookings have told
	for deadline := time.Now().Add(20 * time.Second); m.Message.Kind != notify.KindCode; {
		if time.Now().After(deadline) {
			t.Fatal("no code is sent")
		}
		res, body := read(t, address, "")
		var sent []notify.Sent
		if err := json.Unmarshal([]byte(body), &sent); err != nil || res.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %v", body, err)
		}
		if i := slices.IndexFunc(sent, func(s notify.Sent) bool { return s.Message.Kind == notify.KindCode }); i >= 0 {
			m = sent[i]
		}
	}
	if len(m.Message.Code) != 6 || !strings.Contains(m.Text.Body, m.Message.Code) {
		t.Errorf("%+v", m)
	}
	res, page := read(t, address, asBrowser)
	page = html.UnescapeString(page)
	for _, want := range []string{m.Message.Code, m.Message.Address, `data-kind="code"`, `<html lang="nn">`, "Til "} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page: %s", want, page)
		}
	}
	if strings.Contains(page, "Til nokon") {
		t.Error("the page does not know to whom it is")
	}
	if h := res.Header; !strings.HasPrefix(h.Get("Content-Type"), "text/html") || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
	if _, body := get(t, app.URL()+"/demo/messages"); strings.Contains(body, m.Message.Code) {
		t.Error("messages are open to everyone")
	}
}

// called is what people are called.
type called map[access.PersonID]string

func (c called) Names(context.Context, []access.PersonID) (map[access.PersonID]string, error) {
	return c, nil
}

func TestAMessageOnThePageIsAsItsReaderSeesIt(t *testing.T) {
	tray := notify.NewTray(nil)
	const calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
	for _, o := range []notify.Outgoing{
		{ID: "first", To: "olav", Kind: notify.KindCode, Letter: notify.Letter{Channel: notify.SMS, Address: "+4790000412"}, Text: notify.Text{Body: strings.Repeat("å", 161)}},
		{
			ID: "second", To: "ragna", Kind: notify.KindBooked,
			Letter: notify.Letter{
				Channel: notify.Email, Address: "ragna@example.no", Language: "en", Link: "https://samtale.example.no/k#abc",
				Calendar: &notify.Calendar{Method: "REQUEST", Body: []byte(calendar)},
			},
			Text: notify.Text{Subject: "A <call>", Body: "Open https://samtale.example.no/k#abc now.\n\nThe <rest>."},
		},
	} {
		if err := tray.Send(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	admin, err := newAdmin(func(context.Context) error { return nil },
		&trayPage{tray: tray, people: called{"olav": "Olav Eik", "ragna": "Ragna <Eik>"}, zone: time.UTC}, false)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(admin)
	defer server.Close()
	_, page := read(t, server.URL+"/demo/messages", asBrowser)
	for _, want := range []string{
		"Til Olav Eik", "SMS i 2 delar til &#43;4790000412", "Til Ragna &lt;Eik&gt;", "A &lt;call&gt;", `<div lang="en">`,
		`Open <a href="https://samtale.example.no/k#abc">https://samtale.example.no/k#abc</a> now.`, "The &lt;rest&gt;.",
		`href="/demo/messages/second/invite.ics"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page: %s", want, page)
		}
	}
	if strings.Index(page, "Ragna") > strings.Index(page, "Olav") || strings.Contains(page, "/demo/messages/first/") {
		t.Errorf("the newest is not the first, or what has no file has one: %s", page)
	}
	res, file := read(t, server.URL+"/demo/messages/second/invite.ics", "")
	if file != calendar || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(res.Header.Get("Content-Disposition"), "invite.ics") {
		t.Errorf("%q %v", file, res.Header)
	}
	for _, id := range []string{"first", "third"} {
		if res, _ := read(t, server.URL+"/demo/messages/"+id+"/invite.ics", ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", id, res.StatusCode)
		}
	}
}
