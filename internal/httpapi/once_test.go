package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
)

const noteKey = `"5c1f3c9e-2f4a-4a8b-9d53-0c8e6a5f7b21"`

// creates is a handler over a real store, with an operation that creates notes, and counts
// how often it was carried out.
func creates(t *testing.T) (h *Handler, carriedOut *int) {
	t.Helper()
	h, carriedOut = notes(t, io.Discard), new(int)
	h.cfg.Requests = storetest.SQLite(t).Requests()
	api := newAPI(h.routes)
	type newNote struct{ Body noteBody }
	register(h, api, operation{ID: "createNote", Method: "POST", Path: "/notes", Needs: signedIn, Action: access.PatientWrite, Creates: true, Status: http.StatusCreated},
		func(ctx context.Context, c caller, in *newNote) (*versioned[noteBody], error) {
			*carriedOut++
			switch in.Body.Text {
			case "again":
				// The same request, sent once more while this one is under way.
				res := ask(h, "POST", "/notes", note("again"), "Cookie", mari, "Idempotency-Key", noteKey)
				if p := problemIn(t, res); p.Code != ProblemUnderWay || p.Status != http.StatusConflict || p.RetryAfter == 0 {
					t.Errorf("sent again while under way: %+v", p)
				}
			case "broken":
				return nil, errors.New("the disk is full")
			}
			if (c.Actor.Request != "") != (in.Body.Text != "nameless") {
				t.Errorf("the change is noted as request %q", c.Actor.Request)
			}
			return atVersion(1, noteBody{Text: strconv.Itoa(*carriedOut)}), nil
		})
	return h, carriedOut
}

func note(text string) string { return `{"text":"` + text + `","words":[],"kind":"note"}` }

func TestACreatingRequestSentAgainGetsItsAnswerAgain(t *testing.T) {
	h, carriedOut := creates(t)
	for range 3 {
		res := ask(h, "POST", "/notes", note("x"), "Cookie", mari, "Idempotency-Key", noteKey)
		if res.StatusCode != http.StatusCreated || res.Header.Get("ETag") != `"1"` || res.Header.Get("Content-Type") != "application/json" ||
			res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("status %d, %v", res.StatusCode, res.Header)
		}
		if got := bodyOf(t, res); got != `{"text":"1","words":[],"kind":""}`+"\n" {
			t.Error(got)
		}
	}
	p := problemIn(t, ask(h, "POST", "/notes", note("y"), "Cookie", mari, "Idempotency-Key", noteKey))
	if p.Status != 422 || p.Field != "Idempotency-Key" || p.Rule != "stands for another request" {
		t.Errorf("the key for another body: %+v", p)
	}
	if *carriedOut != 1 {
		t.Errorf("carried out %d times", *carriedOut)
	}
}

func TestARequestThatIsUnderWayIsNotCarriedOutBesideItself(t *testing.T) {
	h, carriedOut := creates(t)
	if res := ask(h, "POST", "/notes", note("again"), "Cookie", mari, "Idempotency-Key", noteKey); res.StatusCode != http.StatusCreated || *carriedOut != 1 {
		t.Errorf("status %d, carried out %d times", res.StatusCode, *carriedOut)
	}
}

func TestARequestThatFailedMayBeSentAgainAlsoChanged(t *testing.T) {
	h, carriedOut := creates(t)
	if p := problemIn(t, ask(h, "POST", "/notes", note("broken"), "Cookie", mari, "Idempotency-Key", noteKey)); p.Code != ProblemInternal {
		t.Errorf("%+v", p)
	}
	if p := problemIn(t, ask(h, "POST", "/notes", note(""), "Cookie", mari, "Idempotency-Key", noteKey)); p.Field != "text" {
		t.Errorf("%+v", p)
	}
	if res := ask(h, "POST", "/notes", note("x"), "Cookie", mari, "Idempotency-Key", noteKey); res.StatusCode != http.StatusCreated || *carriedOut != 2 {
		t.Errorf("status %d, carried out %d times", res.StatusCode, *carriedOut)
	}
}

func TestWithoutAKeyEachRequestCreates(t *testing.T) {
	h, carriedOut := creates(t)
	for range 2 {
		if res := ask(h, "POST", "/notes", note("nameless"), "Cookie", mari); res.StatusCode != http.StatusCreated {
			t.Errorf("status %d", res.StatusCode)
		}
	}
	if *carriedOut != 2 {
		t.Errorf("carried out %d times", *carriedOut)
	}
}

func TestAKeyThatCouldBeGuessedOrIsNoStringIsRefused(t *testing.T) {
	h, carriedOut := creates(t)
	for name, key := range map[string]string{
		"short": `"1"`, "no quotes": strings.Trim(noteKey, `"`), "half a quote": noteKey[1:], "an escape": `"0123456789\"01234"`,
		"a blank": `"0123456789 0123456"`, "long": `"` + strings.Repeat("k", 129) + `"`,
	} {
		p := problemIn(t, ask(h, "POST", "/notes", note("x"), "Cookie", mari, "Idempotency-Key", key))
		if p.Status != http.StatusBadRequest || p.Field != "Idempotency-Key" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if *carriedOut != 0 {
		t.Errorf("carried out %d times", *carriedOut)
	}
	if res := ask(h, "POST", "/notes", note("x"), "Idempotency-Key", noteKey); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("nobody: status %d", res.StatusCode)
	}
	if p := problemIn(t, ask(h, "POST", "/notes", `{"text":"`+strings.Repeat("x", 70_000)+`"}`, "Cookie", mari, "Idempotency-Key", noteKey)); p.Status != 413 {
		t.Errorf("too large: %+v", p)
	}
}
