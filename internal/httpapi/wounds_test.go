package httpapi

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// aPhoto is a JPEG of so many pixels, with where it was taken.
func aPhoto(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	file := b.String()
	const told = "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00 61.4520 N 5.8571 E"
	return file[:2] + string([]byte{0xff, 0xe1, 0, byte(len(told) + 2)}) + told + file[2:]
}

// sendsPhoto sends one by an account or a link.
func (w *world) sendsPhoto(query, content string, header ...string) *http.Response {
	w.t.Helper()
	path := fmt.Sprintf("/patients/olav/photos?takenAt=%d&%s", w.now.UnixMilli(), query)
	if !strings.Contains(query, "source=") {
		path += "&source=still"
	}
	return w.asks("POST", path, content, append([]string{"Content-Type", "image/jpeg"}, header...)...)
}

func TestAWoundGoesFromItsFirstPhotoToItsCorrectedAssessment(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	with := func(version int64) []string {
		return append([]string{"If-Match", fmt.Sprintf(`"%d"`, version)}, mari...)
	}
	wound := decoded[Wound](w, w.asks("POST", "/patients/olav/wounds", `{"key":"k","site":"utsida av venstre legg","side":"left","since":0}`, mari...), http.StatusCreated)
	const wounds = "/patients/olav/wounds"
	content := aPhoto(t, 800, 600)
	photo := decoded[protocol.Photo](w, w.sendsPhoto("key=f1&consultation=c1&askedBy=p-tuva&wound="+wound.ID, content, mari...), http.StatusCreated)
	if photo.Width != 800 || photo.Height != 600 || photo.Wound != wound.ID || photo.AskedBy == "" || photo.Role != "nurse" || photo.Scale != nil || photo.Drawings == nil {
		t.Errorf("%+v", photo)
	}
	if again := decoded[protocol.Photo](w, w.sendsPhoto("key=f1&consultation=c1&askedBy=p-tuva&wound="+wound.ID, content, mari...), http.StatusCreated); again.ID != photo.ID {
		t.Errorf("sent again: %+v", again)
	}
	path := "/patients/olav/photos/" + photo.ID
	res := w.asks("GET", path+"/image", "", mari...)
	body := bodyOf(t, res)
	if res.StatusCode != http.StatusOK || strings.Contains(body, "61.4520") || !strings.HasPrefix(body, "\xff\xd8") || int64(len(body)) != photo.Bytes {
		t.Errorf("the picture: %d, %d bytes of %d", res.StatusCode, len(body), photo.Bytes)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("the picture's %s is %q", name, got)
		}
	}
	res = w.asks("GET", path+"/thumbnail", "", mari...)
	if c, err := jpeg.DecodeConfig(strings.NewReader(bodyOf(t, res))); err != nil || c.Width != 512 || c.Height != 384 || res.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the small picture: %+v, %v", c, err)
	}

	photo = decoded[protocol.Photo](w, w.asks("PUT", path, `{"wound":"`+wound.ID+`","status":"final","reason":"","scale":[0.25,0.9,0.75,0.9,4]}`, with(1)...), http.StatusOK)
	if photo.PixelsPerCm != 100 || (*photo.Scale)[4] != 4 || photo.Corrected == nil {
		t.Errorf("%+v", photo)
	}
	photo = decoded[protocol.Photo](w, w.asks("POST", path+"/drawings", `{"key":"d","shape":"outline","colour":"white","points":[0,0,0.5,0,0,0.5],"note":""}`, mari...), http.StatusCreated)
	if photo.Area == nil || *photo.Area != 6 || *photo.Longest != 5 || photo.Drawings[0].By == "" { // 4 × 3 cm
		t.Errorf("%+v", photo)
	}
	a := decoded[Assessment](w, w.asks("POST", wounds+"/"+wound.ID+"/assessments", `{"key":"a","consultation":"c1",`+
		strings.Replace(strings.Replace(assessed, `"photo":""`, `"photo":"`+photo.ID+`"`, 1), "1795420000000", fmt.Sprint(w.now.UnixMilli()), 1)+`}`, mari...), http.StatusCreated)
	if *a.Area != 9.2 || a.Photo != photo.ID || *a.Pain != 3 || a.Infection == nil {
		t.Errorf("%+v", a)
	}
	p := problemIn(t, w.asks("POST", wounds+"/"+wound.ID+"/assessments/"+a.ID+"/correction", `{"version":9,"wrong":true,"content":null,"reason":""}`, mari...))
	if p.Code != ProblemChanged {
		t.Errorf("a correction that comes late: %+v", p)
	}
	p = problemIn(t, w.asks("POST", wounds+"/"+wound.ID+"/assessments/"+a.ID+"/correction", `{"version":1,"wrong":false,"content":null,"reason":""}`, mari...))
	if p.Field != "content" {
		t.Errorf("a correction of nothing: %+v", p)
	}
	a = decoded[Assessment](w, w.asks("POST", wounds+"/"+wound.ID+"/assessments/"+a.ID+"/correction", `{"version":1,"wrong":true,"content":null,"reason":"feil sår"}`, mari...), http.StatusOK)
	if a.Status != "entered-in-error" || a.Corrected.Reason != "feil sår" {
		t.Errorf("%+v", a)
	}
	all := decoded[PatientWounds](w, w.asks("GET", wounds, "", mari...), http.StatusOK)
	if len(all.Items) != 1 || all.Items[0].Photo.ID != photo.ID || all.Items[0].Latest != nil || !all.MayWrite || all.Loose == nil {
		t.Errorf("%+v", all)
	}
	series := decoded[WoundSeries](w, w.asks("GET", wounds+"/"+wound.ID, "", mari...), http.StatusOK)
	if len(series.Photos) != 1 || len(series.Assessments) != 1 {
		t.Errorf("%+v", series)
	}
	photo = decoded[protocol.Photo](w, w.asks("DELETE", path+"/drawings/"+photo.Drawings[0].ID, "", mari...), http.StatusOK)
	if len(photo.Drawings) != 0 || photo.Area != nil {
		t.Errorf("%+v", photo)
	}
	wound = decoded[Wound](w, w.asks("PUT", wounds+"/"+wound.ID, `{"site":"legg","side":"left","since":0,"status":"closed","reason":"grodd"}`, with(1)...), http.StatusOK)
	if wound.ClosedAt != w.now.UnixMilli() || wound.Version != 2 {
		t.Errorf("%+v", wound)
	}
}

func TestAPatientSendsAPhotoOfTheOwnWoundAndSaysNothingElseOfIt(t *testing.T) {
	w := newWorld(t)
	olav := w.opens("c1", "olav", access.Patient)
	photo := decoded[protocol.Photo](w, w.sendsPhoto("key=k", aPhoto(t, 40, 30), olav...), http.StatusCreated)
	all := decoded[PatientWounds](w, w.asks("GET", "/patients/olav/wounds", "", olav...), http.StatusOK)
	if len(all.Loose) != 1 || all.Loose[0].ID != photo.ID || all.MayWrite || !all.MaySend {
		t.Errorf("%+v", all)
	}
	if res := w.asks("PUT", "/patients/olav/photos/"+photo.ID, `{"wound":"","status":"entered-in-error","reason":"","scale":null}`, append([]string{"If-Match", `"1"`}, olav...)...); res.StatusCode != http.StatusForbidden {
		t.Errorf("the patient takes it back: %d", res.StatusCode)
	}
}

func TestWhatIsNoPhotoIsToldByFieldAndRule(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	good := aPhoto(t, 40, 30)
	for name, c := range map[string]struct {
		query, content, kind string
		status               int
		field, rule          string
	}{
		"a page that says it is a photo": {"key=a", "<html>", "image/jpeg", 422, "photo", "must be a JPEG, PNG or WebP picture"},
		"a drawing that is a program":    {"key=b", "<svg/>", "image/svg+xml", 415, "Content-Type", "must be image/jpeg or image/png or image/webp"},
		"what another site can send":     {"key=c", good, "text/plain", 415, "Content-Type", "must be image/jpeg or image/png or image/webp"},
		"21 MB":                          {"key=d", good[:len(good)-2] + strings.Repeat("x", 21<<20), "image/jpeg", 422, "photo", "must be at most 20 MB"},
		"no key":                         {"wound=", good, "image/jpeg", 422, "key", ""},
		"an odd source":                  {"key=e&source=dream", good, "image/jpeg", 422, "source", ""},
		"a wound that is not there":      {"key=f&wound=nothing", good, "image/jpeg", 422, "wound", "must be one of the patient's that is not wrong"},
	} {
		res := w.sendsPhoto(c.query, c.content, append([]string{"Content-Type", c.kind}, mari...)...)
		p := problemIn(t, res)
		if p.Status != c.status || !strings.HasSuffix(p.Field, c.field) || c.rule != "" && p.Rule != c.rule {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if all := decoded[PatientWounds](w, w.asks("GET", "/patients/olav/wounds", "", mari...), http.StatusOK); len(all.Loose) != 0 {
		t.Errorf("something was kept: %+v", all)
	}
}
