package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
)

// visitor is a browser with one tab, without the pages: it keeps cookies, and says for
// which of its sessions it speaks.
type visitor struct {
	t      *testing.T
	base   string
	client *http.Client
	handle string
}

// visit opens a link in a browser of its own.
func visit(t *testing.T, link string) (*visitor, httpapi.LinkAnswer, httpapi.Problem) {
	t.Helper()
	base, token, ok := strings.Cut(link, "/k#")
	if !ok {
		t.Fatalf("%q is no link", link)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: base, client: browser(t)}
	v.client.Jar = jar
	var answer httpapi.LinkAnswer
	problem := v.ask(http.MethodPost, "/api/v1/link", httpapi.OpenLink{Token: token}, &answer)
	v.handle = answer.Handle
	return v, answer, problem
}

// ask sends a request and reads its answer, or the problem that it is.
func (v *visitor) ask(method, path string, body, into any) (problem httpapi.Problem) {
	v.t.Helper()
	return v.send(method, path, body, into)
}

// put sends a change that rests on a version.
func (v *visitor) put(path string, version int, body any) (problem httpapi.Problem) {
	v.t.Helper()
	var answer map[string]any
	return v.send(http.MethodPut, path, body, &answer, "If-Match", fmt.Sprintf("%q", strconv.Itoa(version)))
}

func (v *visitor) send(method, path string, body, into any, header ...string) (problem httpapi.Problem) {
	v.t.Helper()
	var payload io.Reader
	if body != nil {
		data, raw := body.([]byte)
		if !raw {
			var err error
			if data, err = json.Marshal(body); err != nil {
				v.t.Fatal(err)
			}
		}
		payload = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, payload)
	if err != nil {
		v.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if v.handle != "" {
		req.Header.Set(httpapi.SessionHeader, v.handle)
	}
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	to := into
	if res.StatusCode/100 != 2 {
		to = &problem
	}
	if err := json.Unmarshal(data, to); err != nil {
		v.t.Fatalf("%s %s: %d %s: %v", method, path, res.StatusCode, data, err)
	}
	return problem
}

// ticket takes one for the visitor's seat in a consultation, as the page does.
func (v *visitor) ticket(consultation string) string {
	v.t.Helper()
	var ticket httpapi.Ticket
	if problem := v.ask(http.MethodPost, "/api/v1/tickets", httpapi.AskTicket{Consultation: consultation}, &ticket); problem.Code != "" {
		v.t.Fatalf("no ticket: %+v", problem)
	}
	return ticket.Ticket
}

// open opens a link, and returns what it opens or why it opens nothing.
func open(t *testing.T, link string) (httpapi.Opened, httpapi.Problem) {
	t.Helper()
	_, answer, problem := visit(t, link)
	if problem.Code != "" {
		return httpapi.Opened{}, problem
	}
	if answer.Opened == nil {
		t.Fatalf("%s opens %+v", link, answer)
	}
	return *answer.Opened, problem
}

// day is the list that a member of staff sees.
func (v *visitor) day() []httpapi.DayVisit {
	v.t.Helper()
	var day httpapi.Day
	if problem := v.ask(http.MethodGet, "/api/v1/day", nil, &day); problem.Code != "" {
		v.t.Fatalf("no day: %+v", problem)
	}
	return day.Items
}

// browser is an HTTP client that trusts the App's own certificate and keeps no connection.
func browser(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}
	return &http.Client{
		Transport: transport, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
