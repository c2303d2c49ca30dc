package fhir

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The examples are the manual's, too: what each kind looks like, whole.
func TestEachKindIsReadAsItsExample(t *testing.T) {
	w := newWorld(t).as(sol)
	w.wound()
	for path, name := range map[string]string{
		"/metadata":              "capabilitystatement",
		"/Organization/fjordvik": "organization", "/Practitioner/mari": "practitioner", "/PractitionerRole/mari.a-mari": "practitionerrole",
		"/Patient/olav": "patient", "/RelatedPerson/olav.ragna": "relatedperson", "/RelatedPerson/olav.geir": "relatedperson-guardian",
		"/Schedule/mari.fjordvik": "schedule", "/Appointment/c1": "appointment", "/AppointmentResponse/c1.p-tuva": "appointmentresponse",
	} {
		res := w.asks("GET", path, "")
		got := indented(t, bodyOf(t, res))
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d: %s", path, res.StatusCode, got)
			continue
		}
		isExample(t, name, got)
	}
}

// isExample compares with a file; EXAMPLES=write writes it, for a look at what has changed.
func isExample(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".json")
	if os.Getenv("EXAMPLES") == "write" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is now\n%s\nand was\n%s", file, got, want)
	}
}

func indented(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out.String()
}

func TestOrganisationsAndStaffAreFoundByTheirNumbers(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		path, body string
		want       []string
	}{
		{"/Organization/_search", "identifier=" + systemOrganisation + "|310000027", []string{"fjordvik"}},
		{"/Organization/_search", "identifier=" + systemHPR + "|310000027", nil},
		{"/Practitioner/_search", "identifier=" + systemHPR + "|9144897", []string{"mari"}},
		{"/Practitioner/_search", "identifier=" + systemHPR + "|9144889", nil}, // Tuva's, of the hospital
		{"/Practitioner/_search", "", []string{"mari", "siv"}},
		{"/PractitionerRole/_search", "role=" + systemRole + "|nurse", []string{"mari.a-mari"}},
		{"/PractitionerRole/_search", "practitioner=Practitioner/siv", []string{"siv.a-siv"}},
		{"/PractitionerRole/_search", "practitioner=Practitioner/siv&organization=hospital", nil},
	} {
		found := told[bundle[Header]](w, w.asks("POST", tt.path, tt.body), http.StatusOK)
		if !slices.Equal(found.ids(), tt.want) || found.Total == nil || *found.Total != len(tt.want) {
			t.Errorf("%s %s: %v, want %v", tt.path, tt.body, found.ids(), tt.want)
		}
	}
	// The other's are the coordinator's to see, whom an agreement lets book with them.
	found := told[bundle[PractitionerRole]](w, w.as(siv).asks("GET", "/PractitionerRole?organization=Organization/hospital", ""), http.StatusOK)
	if want := []string{"sol.a-sol", "tuva.a-tuva"}; !slices.Equal(found.ids(), want) {
		t.Errorf("%v, want %v", found.ids(), want)
	}
}

func TestAListIsReadPageByPage(t *testing.T) {
	w := newWorld(t)
	var all []string
	for next := "/Practitioner?_count=1"; next != ""; {
		page := told[bundle[Practitioner]](w, w.asks("GET", next, ""), http.StatusOK)
		all = append(all, page.ids()...)
		next = ""
		for _, l := range page.Link {
			if l.Relation == "next" {
				next = strings.TrimPrefix(l.URL, "https://video.example.no/fhir")
			}
		}
		if len(page.Entry) != 1 || len(all) > 2 {
			t.Fatalf("%v, %+v", all, page.Link)
		}
	}
	if want := []string{"mari", "siv"}; !slices.Equal(all, want) {
		t.Errorf("%v, want %v", all, want)
	}
	w.failed("a page that is gone", w.asks("GET", "/Practitioner?page=tuva", ""), 422, IssueBusinessRule, "http.page")
	w.failed("a page of none", w.asks("GET", "/Practitioner?_count=0", ""), 400, IssueValue, "http._count")
}
