package fhir

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// leg is what is known of Olav's wound: it was photographed at eight, and measured on that photo.
type leg struct {
	*world
	wound clinical.WoundView
	photo clinical.Photo
	found clinical.Assessment
}

func woundWorld(t *testing.T) *leg {
	w := &leg{world: newWorld(t)}
	w.speak(w.db.Clinical())
	var err error
	w.wound, err = w.clinic.AddWound(t.Context(), mari, "olav", clinical.NewWound{Key: "w1", Site: "utsida av venstre legg", Side: clinical.SideLeft})
	w.must(err)
	w.photo = w.photographs(mari, "1", w.wound.ID)
	w.now = w.now.Add(time.Minute)
	at := func(v float64) *float64 { return &v }
	pain := 4
	w.found, err = w.clinic.Assess(t.Context(), mari, "olav", w.wound.ID, clinical.NewAssessment{Key: "a1", Found: clinical.Found{
		At: w.now, Photo: w.photo.ID, Length: at(4.2), Width: at(2.8), Method: clinical.AreaByEllipse, Pain: &pain,
	}})
	w.must(err)
	w.as(journal)
	return w
}

// picture is a JPEG as a camera makes it, 40 by 30.
func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (w *leg) photographs(by access.Actor, key string, of clinical.WoundID) clinical.Photo {
	w.t.Helper()
	p, err := w.clinic.SendPhoto(w.t.Context(), by, "olav", clinical.NewPhoto{Key: key, Wound: of, Taken: w.now, Source: clinical.TakenStill}, bytes.NewReader(picture(w.t)))
	w.must(err)
	return p
}

// named gives what is random a name, for the examples.
func (w *leg) named(text string) string {
	return strings.NewReplacer(string(w.photo.ID), "photo", string(w.wound.ID), "wound", string(w.found.ID), "assessment", string(w.found.Measured[clinical.WoundLength]), "length").Replace(text)
}

func TestTheExamplesOfAPhotoAndOfWhatIsMeasuredOnIt(t *testing.T) {
	w := woundWorld(t)
	isExample(t, "documentreference", w.named(indented(t, bodyOf(t, w.asks("GET", "/DocumentReference/olav."+string(w.photo.ID), "")))))
	isExample(t, "observation-wound", w.named(indented(t, bodyOf(t, w.asks("GET", "/Observation/olav."+string(w.found.Measured[clinical.WoundLength]), "")))))
}

// A photo, and all that was measured on it, lead to one wound and to each other.
func TestWhatIsMeasuredAtAWoundLeadsToItsPhoto(t *testing.T) {
	w := woundWorld(t)
	photo := told[DocumentReference](w.world, w.asks("GET", "/DocumentReference/olav."+string(w.photo.ID), ""), http.StatusOK)
	all := told[bundle[Observation]](w.world, w.asks("POST", "/Observation/_search", "patient=olav"), http.StatusOK)
	if len(all.Entry) != 4 { // length, width, area, pain
		t.Fatalf("%v", all.ids())
	}
	for _, e := range all.Entry {
		o := e.Resource
		var from []string
		for _, r := range o.DerivedFrom {
			if r.Reference != "" {
				from = append(from, r.Reference)
			}
		}
		if !slices.Equal(from, []string{"DocumentReference/" + string(photo.ID)}) {
			t.Errorf("%s is from %+v", o.Code.Text, o.DerivedFrom)
		}
		if len(o.Focus) != 1 || *o.Focus[0].Identifier != *photo.Context.Related[0].Identifier || o.Focus[0].Identifier.Value != string(w.wound.ID) {
			t.Errorf("%s is of %+v", o.Code.Text, o.Focus)
		}
	}
	// A value of another sort is of no wound.
	pulse := told[Observation](w.world, w.asks("POST", "/Observation", measured("8867-4", "72", "/min")), http.StatusCreated)
	if got := told[Observation](w.world, w.asks("GET", "/Observation/"+string(pulse.ID), ""), http.StatusOK); got.Focus != nil || got.DerivedFrom != nil {
		t.Errorf("%+v", got)
	}
	w.failed("a focus of one's own", w.asks("POST", "/Observation", measured("8867-4", "72", "/min", `"focus":[{"display":"såret"}]`)), 422, IssueBusinessRule, "Observation.focus")
}

// What was read can be sent back with a change: that it is of a wound stays.
func TestAWoundsValueCanBeMarkedAsWrong(t *testing.T) {
	w := woundWorld(t)
	path := "/Observation/olav." + string(w.found.Measured[clinical.WoundWidth])
	text := bodyOf(t, w.asks("GET", path, ""))
	w.failed("of another wound", w.as(mari).asks("PUT", path, strings.Replace(text, string(w.wound.ID), "other", 1), "If-Match", `W/"1"`), 422, IssueBusinessRule, "Observation.focus")
	got := told[Observation](w.world, w.asks("PUT", path, strings.Replace(text, `"final"`, `"entered-in-error"`, 1), "If-Match", `W/"1"`), http.StatusOK)
	if got.Status != "entered-in-error" || got.Focus == nil || got.DerivedFrom[1].Reference == "" {
		t.Errorf("%+v", got)
	}
}

func TestPhotosAreFoundOfOnePatient(t *testing.T) {
	w := woundWorld(t)
	w.now = w.now.AddDate(0, 0, 1)
	loose := w.photographs(olav, "2", "")
	first, second := "olav."+string(w.photo.ID), "olav."+string(loose.ID)
	w.as(journal)
	for asked, want := range map[string][]string{
		"patient=olav": {second, first}, "subject=Patient/olav": {second, first}, "patient.identifier=" + systemNationalID + "|" + olavsNumber: {second, first},
		"patient=olav&date=2026-11-30": {first}, "patient=olav&date=ge2026-12-01": {second}, "patient=olav&date=ge2026-12-02": nil,
	} {
		got := told[bundle[DocumentReference]](w.world, w.asks("POST", "/DocumentReference/_search", asked), http.StatusOK)
		if !slices.Equal(got.ids(), want) {
			t.Errorf("%s: %v", asked, got.ids())
		}
	}
	one := told[bundle[DocumentReference]](w.world, w.asks("GET", "/DocumentReference?_id="+second, ""), http.StatusOK).Entry[0].Resource
	if one.Context != nil || one.Description != "" || one.Author[0].Reference != "Patient/olav" || one.Status != "current" {
		t.Errorf("%+v", one)
	}
	_, err := w.clinic.ChangePhoto(t.Context(), mari, "olav", loose.ID, 1, clinical.PhotoChange{Wrong: true, Reason: "Uskarpt"})
	w.must(err)
	if now := told[DocumentReference](w.world, w.asks("GET", "/DocumentReference/"+second, ""), http.StatusOK); now.Status != "entered-in-error" || now.Meta.VersionID != "2" {
		t.Errorf("%+v", now)
	}
	w.failed("no such photo", w.asks("GET", "/DocumentReference/olav.x", ""), 404, IssueNotFound, "")
	w.failed("a patient in an address", w.asks("GET", "/DocumentReference?patient=olav", ""), 400, IssueBusinessRule, "http.patient")
	w.failed("a date that is none", w.asks("POST", "/DocumentReference/_search", "patient=olav&date=x"), 400, IssueValue, "http.date")
	w.failed("an id beside", w.asks("POST", "/DocumentReference/_search", "_id="+first+"&patient=olav"), 400, IssueNotSupported, "http._id")
}

func TestAPictureIsReadAsItIs(t *testing.T) {
	w := woundWorld(t)
	photo := told[DocumentReference](w.world, w.asks("GET", "/DocumentReference/olav."+string(w.photo.ID), ""), http.StatusOK).Content[0].Attachment
	path, ok := strings.CutPrefix(photo.URL, "https://video.example.no"+Path)
	if !ok || photo.ContentType != "image/jpeg" {
		t.Fatalf("%+v", photo)
	}
	for _, accept := range []string{"", "image/jpeg", "image/*", "*/*", "application/fhir+json, image/*;q=0.5"} {
		res := w.asks("GET", path, "", "Accept", accept)
		content := bodyOf(t, res)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/jpeg" || int64(len(content)) != photo.Size {
			t.Fatalf("%s: status %d, %v, %d bytes", accept, res.StatusCode, res.Header, len(content))
		}
		got, err := jpeg.Decode(strings.NewReader(content))
		if err != nil || got.Bounds().Dx() != 40 || got.Bounds().Dy() != 30 {
			t.Errorf("%v %v", got, err)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'", "X-Security-Context": "DocumentReference/olav." + string(w.photo.ID),
		} {
			if res.Header.Get(name) != want {
				t.Errorf("%s is %q", name, res.Header.Get(name))
			}
		}
	}
	w.failed("as JSON", w.asks("GET", path, "", "Accept", ContentType), 406, IssueNotSupported, "http.Accept")
	w.failed("with a parameter", w.asks("GET", path+"?size=small", ""), 400, IssueNotSupported, "")
	w.failed("no such picture", w.asks("GET", "/Binary/olav.x", ""), 404, IssueNotFound, "")
	w.failed("another's", w.as(stray).asks("GET", path, ""), 403, IssueForbidden, "")
	w.failed("a coordinator's", w.as(siv).asks("GET", path, ""), 403, IssueForbidden, "")
}

// gone is a reader whose connection breaks as soon as something comes.
type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, http.ErrHandlerTimeout }

// Half of a picture must not be taken for one.
func TestAPictureThatIsNotSentWholeBreaksTheConnection(t *testing.T) {
	w := woundWorld(t)
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("%v", got)
		}
	}()
	w.mux.ServeHTTP(gone{httptest.NewRecorder()}, httptest.NewRequest("GET", "https://video.example.no"+Path+"/Binary/olav."+string(w.photo.ID), nil))
	t.Error("it went on")
}

// That photos were looked at is on record, and which was opened.
func TestWhoOpensAPictureIsOnRecord(t *testing.T) {
	w := woundWorld(t)
	w.asks("POST", "/DocumentReference/_search", "patient=olav")
	w.asks("GET", "/DocumentReference/olav."+string(w.photo.ID), "")
	w.asks("GET", "/Binary/olav."+string(w.photo.ID), "")
	seen, err := w.db.Audit().OfPatient(t.Context(), "olav", "", 100, audit.New(w.now, siv, "seen.read", audit.Done))
	w.must(err)
	var objects []string
	for _, e := range seen {
		if e.Action == "wound.read" && e.Actor.Person == journal.Person {
			objects = append(objects, e.Object)
		}
	}
	slices.Sort(objects)
	if !slices.Equal(objects, []string{"patient/olav/wounds", "photo/" + string(w.photo.ID)}) {
		t.Errorf("%q", objects)
	}
}
