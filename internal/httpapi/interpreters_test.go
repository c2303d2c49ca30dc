package httpapi

import (
	"net/http"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestACoordinatorLooksAfterWhoInterprets(t *testing.T) {
	w := newWorld(t)
	sol := w.signsIn("sol", identity.LevelSubstantial)
	ewa := Interpreter{Name: "Ewa Nowak", Phone: "412 34 567", Language: Bokmaal, Speaks: []string{"pl", "uk"}, Active: true}
	made, res := sends[Interpreter](w, http.StatusCreated, "POST", "/interpreters", ewa, and(sol, "Idempotency-Key", `"ewa-comes-for-the-first-time"`)...)
	if made.Phone != "+4741234567" || made.ID == "" || len(made.Speaks) != 2 || res.Header.Get("ETag") != `"1"` {
		t.Errorf("made %+v with tag %s", made, res.Header.Get("ETag"))
	}
	if again, _ := sends[Interpreter](w, http.StatusCreated, "POST", "/interpreters", ewa, and(sol, "Idempotency-Key", `"ewa-comes-for-the-first-time"`)...); again.ID != made.ID {
		t.Error("sending it again has made another")
	}
	list, _ := sends[Interpreters](w, http.StatusOK, "GET", "/interpreters", nil, sol...)
	if len(list.Items) != 3 || list.Items[0].ID != made.ID || list.Items[1].ID != "ida" || list.Items[2].ID != "tor" {
		t.Errorf("%+v", list)
	}
	made.Active, made.Phone, made.Email = false, "", "ewa@tolk.example"
	at := "/interpreters/" + string(made.ID)
	if gone, _ := sends[Interpreter](w, http.StatusOK, "PUT", at, made, and(sol, "If-Match", `"1"`)...); gone.Active || gone.Email == "" || gone.Version != 2 {
		t.Errorf("%+v", gone)
	}
	sends[Problem](w, http.StatusPreconditionFailed, "PUT", at, made, and(sol, "If-Match", `"1"`)...)
	made.Email = ""
	if p, _ := sends[Problem](w, http.StatusUnprocessableEntity, "PUT", at, made, and(sol, "If-Match", `"2"`)...); p.Field != "phone" {
		t.Errorf("with nowhere to send a link: %+v", p)
	}
	made.Phone, made.Speaks = "412 34 567", []string{"polsk språk"}
	if p, _ := sends[Problem](w, http.StatusUnprocessableEntity, "PUT", at, made, and(sol, "If-Match", `"2"`)...); p.Field != "speaks" {
		t.Errorf("a language that is none: %+v", p)
	}

	// Fjordvik, which has an agreement with the hospital, has its own.
	theirs, _ := sends[Interpreters](w, http.StatusOK, "GET", "/interpreters", nil, w.signsIn("siv", identity.LevelSubstantial)...)
	if len(theirs.Items) != 0 {
		t.Errorf("Fjordvik sees the hospital's: %+v", theirs)
	}
	// Who is invited finds the way by a link.
	if link := w.opens("c1", "tor", access.Interpreter); len(link) == 0 {
		t.Error("the interpreter's link opens nothing")
	}
}
