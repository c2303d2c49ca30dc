package fhir

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
)

// collected is a collection of values.
func collected(values ...string) string {
	return bundled(collection, each(values, func(v string) string { return `{"resource":` + v + `}` })...)
}

// posted is a batch or transaction of values that are new.
func posted(of Code, values ...string) string {
	return bundled(of, each(values, func(v string) string { return posting("", v) })...)
}

func posting(fullURL, value string) string {
	if fullURL != "" {
		fullURL = `"fullUrl":"` + fullURL + `",`
	}
	return `{` + fullURL + `"resource":` + value + `,"request":{"method":"POST","url":"Observation"}}`
}

func bundled(of Code, entries ...string) string {
	return `{"resourceType":"Bundle","type":"` + string(of) + `","timestamp":"2026-11-30T07:00:00Z","entry":[` + strings.Join(entries, ",") + `]}`
}

// of is a value of another than Olav.
func of(patient, value string) string {
	return strings.Replace(value, "Patient/olav", "Patient/"+patient, 1)
}

// answers are what a bundle's entries were answered with: the status, and where what was wrong.
func (w *world) answers(res *http.Response) (out []string, all []*EntryResponse) {
	w.t.Helper()
	var b struct {
		Type  Code
		Entry []struct{ Response *EntryResponse }
	}
	text := bodyOf(w.t, res)
	w.must(json.Unmarshal([]byte(text), &b))
	if res.StatusCode != http.StatusOK || !strings.HasSuffix(string(b.Type), "-response") {
		w.t.Fatalf("status %d: %s", res.StatusCode, text)
	}
	for _, e := range b.Entry {
		status, _, _ := strings.Cut(e.Response.Status, " ")
		issue := e.Response.Outcome.Issue[0]
		out, all = append(out, strings.TrimSpace(status+" "+strings.Join(issue.Expression, ","))), append(all, e.Response)
	}
	return out, all
}

func TestACollectionIsKeptItemByItem(t *testing.T) {
	w := newWorld(t)
	text := collected(
		pressure("128", "76", "mm[Hg]", named("1")),
		measured("8867-4", "720", "/min", named("2")),
		measured("59408-5", "93", "%", named("3")),
		measured("1234-5", "1", "kg", named("4")),
		`{"resourceType":"Patient","id":"olav"}`,
		measured("8310-5", "37.1", "Cel", named("5"), `"wards":[]`),
		strings.Replace(measured("29463-7", "82", "kg", named("6")), "2026-11-30", "2027-11-30", 1),
		measured("14743-9", "6.5", "mmol/L"),
		measured("14743-9", "7.5", "mmol/L", named("3")),
	)
	res := w.asks("POST", "", text)
	got, all := w.answers(res)
	want := []string{
		"201", "422 Bundle.entry[1].resource.valueQuantity", "201", "422 Bundle.entry[3].resource.code", "400 Bundle.entry[4].resource.resourceType",
		"400 Bundle.entry[5].resource.wards", "422 Bundle.entry[6].resource.effectiveDateTime", "201", "409 Bundle.entry[8].resource.identifier",
	}
	if !slices.Equal(got, want) || len(w.values.all) != 3 {
		t.Errorf("%q, %d kept", got, len(w.values.all))
	}
	if rule := all[1].Outcome.Issue[0].Diagnostics; rule != "must be 15–300 /min" {
		t.Errorf("%q", rule)
	}
	// What is said of one that was kept is where it is.
	path, _, _ := strings.Cut(all[0].Location, "/_history/")
	if kept := told[Observation](w, w.asks("GET", "/"+path, ""), http.StatusOK); *kept.Component[0].ValueQuantity.Value != 128 || all[0].ETag != `W/"1"` {
		t.Errorf("%+v", kept)
	}
}

func TestABundleThatIsSentAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{
		collected(pressure("128", "76", "mm[Hg]", named("1")), measured("8867-4", "72", "/min")),
		posted(batch, pressure("129", "76", "mm[Hg]", named("2")), measured("8867-4", "73", "/min")),
		posted(transaction, pressure("130", "76", "mm[Hg]", named("3")), measured("8867-4", "74", "/min")),
	} {
		first, firsts := w.answers(w.asks("POST", "", text))
		kept, entries := slices.Clone(w.values.all), len(w.values.entries)
		w.now = w.now.Add(time.Minute)
		again, seconds := w.answers(w.asks("POST", "/", text))
		if !slices.Equal(first, []string{"201", "201"}) || !slices.Equal(again, []string{"200", "200"}) || firsts[0].Location != seconds[0].Location || firsts[1].Location != seconds[1].Location {
			t.Errorf("%q, then %q", first, again)
		}
		if len(kept) != len(w.values.all) || len(w.values.entries) != entries {
			t.Errorf("%d are kept, and then %d", len(kept), len(w.values.all))
		}
	}
}

func TestOneThatIsTwiceInABundleIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	same := measured("8867-4", "72", "/min", named("1"))
	if got, _ := w.answers(w.asks("POST", "", collected(same, same))); !slices.Equal(got, []string{"201", "200"}) || len(w.values.all) != 1 {
		t.Errorf("%q, %d kept", got, len(w.values.all))
	}
}

func TestACollectionIsOfOnePatient(t *testing.T) {
	w := newWorld(t)
	w.others()
	pulse := measured("8867-4", "72", "/min")
	for _, text := range []string{collected(pulse, of("kari", pulse)), posted(transaction, pulse, of("kari", pulse))} {
		out := w.failed("two patients", w.asks("POST", "", text), 422, IssueBusinessRule, "Bundle.entry[1].resource.subject")
		if !strings.Contains(out.Issue[0].Diagnostics, "entry[0]") {
			t.Errorf("%+v", out)
		}
	}
	byNumber := strings.Replace(pulse, `"reference":"Patient/olav"`, `"identifier":{"system":"`+systemNationalID+`","value":"`+olavsNumber+`"}`, 1)
	if got, _ := w.answers(w.asks("POST", "", collected(measured("8867-4", "73", "/min"), byNumber))); !slices.Equal(got, []string{"201", "201"}) {
		t.Errorf("%q", got)
	}
	w.failed("another's patient", w.asks("POST", "", collected(of("per", pulse))), 403, IssueForbidden, "")
	if len(w.values.all) != 2 {
		t.Errorf("%d are kept", len(w.values.all))
	}
}

func TestABatchIsOfSeveralPatientsAndChangesToo(t *testing.T) {
	w := newWorld(t)
	w.others()
	made := told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "172", "/min")), http.StatusCreated)
	text := bodyOf(t, w.asks("GET", "/Observation/"+string(made.ID), ""))
	put := func(version, body string) string {
		return `{"resource":` + body + `,"request":{"method":"PUT","url":"Observation/` + string(made.ID) + `"` + version + `}}`
	}
	got, all := w.answers(w.asks("POST", "", bundled(batch,
		posting("", measured("29463-7", "82", "kg")),
		posting("", of("kari", measured("29463-7", "64", "kg"))),
		posting("", of("per", measured("29463-7", "90", "kg"))),
		put(`,"ifMatch":"W/\"1\""`, strings.Replace(text, `"value":172`, `"value":72`, 1)),
		put(`,"ifMatch":"W/\"1\""`, strings.Replace(text, "final", "entered-in-error", 1)),
		put("", text), put(`,"ifMatch":"*"`, text),
		`{"request":{"method":"GET","url":"Observation/`+string(made.ID)+`"},"resource":`+text+`}`,
		`{"request":{"method":"DELETE","url":"Observation/`+string(made.ID)+`"}}`,
		`{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}}`,
		`{"request":{"method":"PUT","url":"Patient/olav","ifMatch":"W/\"1\""},"resource":{"resourceType":"Patient","id":"olav"}}`,
		`{"request":{"method":"POST","url":"Observation","ifNoneExist":"identifier=a"},"resource":`+measured("29463-7", "83", "kg")+`}`,
		`{"resource":`+measured("29463-7", "84", "kg")+`}`,
		`7`, `null`, `{}`, `{"resource":null,"request":{"method":"POST","url":"Observation"}}`, `{"resource":7,"request":{"method":"POST","url":"Observation"}}`, `{"search":{}}`,
	)))
	want := []string{
		"201", "201", "403", "200", "412",
		"428 Bundle.entry[5].request.ifMatch", "400 Bundle.entry[6].request.ifMatch", "400 Bundle.entry[7].request.method", "422 Bundle.entry[8].resource",
		"400 Bundle.entry[9].request.url", "400 Bundle.entry[10].request.url", "400 Bundle.entry[11].request.ifNoneExist", "422 Bundle.entry[12].request",
		"400 Bundle.entry[13]", "400 Bundle.entry[14]", "400 Bundle.entry[15]", "400 Bundle.entry[16].resource", "400 Bundle.entry[17].resource", "400 Bundle.entry[18].search",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n%q, want\n%q", got, want)
	}
	if all[3].ETag != `W/"2"` || !strings.HasSuffix(all[3].Location, "/_history/2") || len(w.values.all) != 3 {
		t.Errorf("%+v, %d kept", all[3], len(w.values.all))
	}
}

func TestATransactionIsKeptWholeOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	good := measured("8867-4", "72", "/min", named("1"))
	out := w.failed("two are broken", w.asks("POST", "", posted(transaction, good, measured("1234-5", "1", "kg"), measured("8867-4", "1", "kg"))), 422, IssueBusinessRule, "Bundle.entry[1].resource.code")
	if len(out.Issue) != 2 || out.Issue[1].Expression[0] != "Bundle.entry[2].resource.valueQuantity.code" {
		t.Errorf("%+v", out)
	}
	w.failed("one is impossible", w.asks("POST", "", posted(transaction, good, measured("8867-4", "720", "/min"))), 422, IssueBusinessRule, "Bundle.entry[1].resource.valueQuantity")
	if len(w.values.all) != 0 {
		t.Fatalf("kept: %+v", w.values.all)
	}
	told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "80", "/min", named("2"))), http.StatusCreated)
	w.failed("one has another's name", w.asks("POST", "", posted(transaction, good, measured("8867-4", "72", "/min", named("2")))), 409, IssueConflict, "Bundle.entry[1].resource.identifier")
	w.failed("a change", w.asks("POST", "", bundled(transaction, `{"resource":`+good+`,"request":{"method":"PUT","url":"Observation/olav.x","ifMatch":"W/\"1\""}}`)), 400, IssueNotSupported, "Bundle.entry[0].request.method")
	if len(w.values.all) != 1 {
		t.Fatalf("kept: %+v", w.values.all)
	}
	if got, _ := w.answers(w.asks("POST", "", posted(transaction, good))); !slices.Equal(got, []string{"201"}) {
		t.Errorf("%q", got)
	}
}

func TestEntriesOfATransactionComeOfEachOther(t *testing.T) {
	w := newWorld(t)
	from := func(refs ...string) string {
		return `"derivedFrom":[` + strings.Join(each(refs, func(r string) string { return `{"reference":"` + r + `"}` }), ",") + `]`
	}
	length, width := measured("39126-8", "4.2", "cm", named("l")), measured("39125-0", "2", "cm", named("w"))
	area := measured("89260-4", "8.4", "cm2", from("urn:uuid:l", "urn:uuid:w"))
	text := bundled(transaction, posting("", area), posting("urn:uuid:l", length), posting("urn:uuid:w", width))
	got, all := w.answers(w.asks("POST", "", text))
	if !slices.Equal(got, []string{"201", "201", "201"}) {
		t.Fatalf("%q", got)
	}
	at := func(r *EntryResponse) string { path, _, _ := strings.Cut(r.Location, "/_history/"); return path }
	kept := told[Observation](w, w.asks("GET", "/"+at(all[0]), ""), http.StatusOK)
	if refs := each(kept.DerivedFrom, func(r Reference) string { return r.Reference }); !slices.Equal(refs, []string{at(all[1]), at(all[2])}) {
		t.Errorf("%q", refs)
	}
	// Sent again it is the same, also by other urns.
	for _, again := range []string{text, strings.NewReplacer("urn:uuid:l", "urn:uuid:x", "urn:uuid:w", "urn:uuid:y").Replace(text)} {
		if got, _ := w.answers(w.asks("POST", "", again)); !slices.Equal(got, []string{"200", "200", "200"}) || len(w.values.all) != 3 {
			t.Errorf("%q, %d kept", got, len(w.values.all))
		}
	}
	// One that came alone before, or has no identifier, or is there twice, is what the others come of.
	depth := measured("39127-6", "0.5", "cm")
	alone := told[Observation](w, w.asks("POST", "/Observation", depth), http.StatusCreated)
	volume := measured("89260-4", "8.5", "cm2", named("v"), from("urn:uuid:d", "urn:uuid:e"))
	if got, all = w.answers(w.asks("POST", "", bundled(transaction, posting("urn:uuid:d", depth), posting("urn:uuid:e", depth), posting("", volume)))); !slices.Equal(got, []string{"200", "200", "201"}) {
		t.Fatalf("%q", got)
	}
	kept = told[Observation](w, w.asks("GET", "/"+at(all[2]), ""), http.StatusOK)
	if want := "Observation/" + string(alone.ID); kept.DerivedFrom[0].Reference != want || kept.DerivedFrom[1].Reference != want {
		t.Errorf("%+v", kept.DerivedFrom)
	}
	twice := measured("39127-6", "0.6", "cm")
	volume = measured("89260-4", "8.6", "cm2", from("urn:uuid:d", "urn:uuid:e"))
	text = bundled(transaction, posting("urn:uuid:e", twice), posting("", volume), posting("urn:uuid:d", twice))
	if got, all = w.answers(w.asks("POST", "", text)); !slices.Equal(got, []string{"201", "201", "200"}) || at(all[0]) != at(all[2]) {
		t.Fatalf("%q", got)
	}
	kept = told[Observation](w, w.asks("GET", "/"+at(all[1]), ""), http.StatusOK)
	if want := at(all[0]); kept.DerivedFrom[0].Reference != want || kept.DerivedFrom[1].Reference != want {
		t.Errorf("%+v, want %s", kept.DerivedFrom, want)
	}
	if got, _ := w.answers(w.asks("POST", "", text)); !slices.Equal(got, []string{"200", "200", "200"}) {
		t.Errorf("%q", got)
	}
	before := len(w.values.all)
	for _, tt := range []struct {
		why, text, where string
		code             IssueCode
	}{
		{"of none", bundled(transaction, posting("urn:uuid:l", measured("89260-4", "1", "cm2", from("urn:uuid:z")))), "Bundle.entry[0].resource.derivedFrom[0].reference", IssueBusinessRule},
		{"of itself", bundled(transaction, posting("urn:uuid:l", measured("89260-4", "1", "cm2", named("i"), from("urn:uuid:l")))), "Bundle.entry[0].resource.derivedFrom[0].reference", IssueBusinessRule},
		{"of each other", bundled(transaction, posting("urn:uuid:a", measured("89260-4", "1", "cm2", named("a"), from("urn:uuid:b"))), posting("urn:uuid:b", measured("89260-4", "2", "cm2", named("b"), from("urn:uuid:a")))), "Bundle.entry[1].resource.derivedFrom[0].reference", IssueBusinessRule},
		{"two with one address", bundled(transaction, posting("urn:uuid:a", length), posting("urn:uuid:a", width)), "Bundle.entry[1].fullUrl", IssueBusinessRule},
		{"of one that is not there", posted(transaction, measured("89260-4", "1", "cm2", from("Observation/olav.x"))), "Bundle.entry[0].resource.derivedFrom[0].reference", IssueBusinessRule},
	} {
		w.failed(tt.why, w.asks("POST", "", tt.text), 422, tt.code, tt.where)
	}
	if got, _ := w.answers(w.asks("POST", "", collected(measured("89260-4", "9", "cm2", from("urn:uuid:l"))))); !slices.Equal(got, []string{"422 Bundle.entry[0].resource.derivedFrom[0].reference"}) {
		t.Errorf("%q", got)
	}
	if len(w.values.all) != before {
		t.Errorf("%d are kept", len(w.values.all))
	}
}

func TestABundleHasLimitsAndAForm(t *testing.T) {
	w := newWorld(t)
	pulse := measured("8867-4", "72", "/min")
	for _, tt := range []struct {
		why, text string
		status    int
		code      IssueCode
		where     string
	}{
		{"no type", strings.Replace(collected(pulse), `"type":"collection",`, "", 1), 422, IssueRequired, "Bundle.type"},
		{"a document", bundled("document", `{"resource":`+pulse+`}`), 422, IssueBusinessRule, "Bundle.type"},
		{"an answer", bundled("batch-response", `{"resource":`+pulse+`}`), 422, IssueBusinessRule, "Bundle.type"},
		{"nothing", `{"resourceType":"Bundle","type":"collection"}`, 422, IssueRequired, "Bundle.entry"},
		{"an empty list", bundled(collection), 400, IssueStructure, "Bundle.entry"},
		{"no list", `{"resourceType":"Bundle","type":"collection","entry":{}}`, 400, IssueStructure, "Bundle.entry"},
		{"too many", collected(slices.Repeat([]string{pulse}, 501)...), 413, IssueTooLong, "Bundle.entry"},
		{"too much", strings.Repeat(" ", MaxBundle) + collected(pulse), 413, IssueTooLong, ""},
		{"a signature", strings.Replace(collected(pulse), `"type"`, `"signature":{},"type"`, 1), 400, IssueNotSupported, "Bundle.signature"},
		{"another resource", pulse, 400, IssueNotSupported, "Bundle.status"},
		{"half of one", collected(pulse)[:200], 400, IssueStructure, "Bundle"},
		{"two", collected(pulse) + collected(pulse), 400, IssueStructure, "Bundle"},
		{"very deep", strings.Repeat("[", 20000), 400, IssueStructure, "Bundle"},
		{"not there", "", 400, IssueStructure, "Bundle"},
	} {
		out := w.failed(tt.why, w.asks("POST", "", tt.text), tt.status, tt.code, tt.where)
		if strings.Contains(fmt.Sprint(out), "8867") {
			t.Errorf("%s: what was sent comes back: %+v", tt.why, out)
		}
	}
	w.failed("with a parameter", w.asks("POST", "/?x=1", collected(pulse)), 400, IssueNotSupported, "")
	w.failed("by another type", w.asks("POST", "", collected(pulse), "Content-Type", "text/plain"), 415, IssueNotSupported, "http.Content-Type")
	w.failed("a large value", w.asks("POST", "", posted(transaction, measured("8867-4", "72", "/min", `"note":[{"text":"`+strings.Repeat("a", MaxBody)+`"}]`))), 413, IssueTooLong, "Bundle.entry[0].resource")
	if len(w.values.all) != 0 {
		t.Errorf("%d are kept", len(w.values.all))
	}
	// As many as may be come in one go.
	var most []string
	for i := range maxEntries {
		most = append(most, measured("8867-4", fmt.Sprint(50+i%100), "/min", named(fmt.Sprint(i))))
	}
	if got, _ := w.answers(w.asks("POST", "", collected(most...))); len(got) != maxEntries || slices.ContainsFunc(got, func(s string) bool { return s != "201" }) || len(w.values.all) != maxEntries {
		t.Errorf("%q, %d kept", got[:3], len(w.values.all))
	}
}

func TestTheExampleOfABundle(t *testing.T) {
	w := newWorld(t)
	sent, err := os.ReadFile(filepath.Join("testdata", "bundle-collection.json"))
	w.must(err)
	valid(t, sent)
	res := w.asks("POST", "", string(sent))
	got := indented(t, bodyOf(t, res))
	for i, o := range w.values.all {
		got = strings.ReplaceAll(got, string(o.ID), fmt.Sprintf("value-%d", i+1))
	}
	isExample(t, "bundle-batch-response", got)
	found := indented(t, bodyOf(t, w.asks("POST", "/Observation/_search", "patient=Patient/olav&_count=1")))
	for i, o := range w.values.all {
		found = strings.ReplaceAll(found, string(o.ID), fmt.Sprintf("value-%d", i+1))
	}
	isExample(t, "bundle-searchset", found)
}

// FuzzReadBundle: whatever comes, a bundle is refused by a fault of its own or each of its entries is
// read or refused by one that names it.
func FuzzReadBundle(f *testing.F) {
	examples, err := filepath.Glob("testdata/*.json")
	if err != nil || len(examples) == 0 {
		f.Fatal("no examples", err)
	}
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	pulse := measured("8867-4", "72", "/min", named("1"), `"derivedFrom":[{"reference":"urn:uuid:a"},{"reference":"urn:uuid:b"}]`)
	f.Add([]byte(bundled(transaction, posting("urn:uuid:a", pulse), posting("urn:uuid:b", pulse))))
	f.Add([]byte(posted(batch, pulse, pulse)))
	f.Add([]byte(bundled(batch, `7`, `null`, `{}`, `{"resource":{},"request":{"method":"PUT","url":"Observation/a.b","ifMatch":"W/\"1\""}}`)))
	fault := func(t *testing.T, err error) {
		if f, ok := errors.AsType[*Fault](err); err != nil && (!ok || f.Status < 400 || f.Status >= 500 || len(f.Issues) != 1) {
			t.Fatalf("%#v", err)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := readBundle(text)
		if err != nil {
			fault(t, err)
			return
		}
		var entries []*entry
		for i, raw := range in.Entry {
			e := &entry{at: i, sent: &sent{patient: "olav"}}
			one, err := readEntry(in.Type, i, raw)
			if err == nil {
				e.fullURL = one.FullURL
				if err = read("Observation", one.Resource, &e.in); err == nil {
					understand(&e.in)
					err = e.comesOf(journal)
				}
				err = e.within(err)
			}
			fault(t, err)
			if f, ok := errors.AsType[*Fault](err); ok && !strings.HasPrefix(cmp.Or(f.Issues[0].Expression...), fmt.Sprintf("Bundle.entry[%d]", i)) {
				t.Fatalf("%+v", f)
			}
			if err == nil {
				entries = append(entries, e)
			}
		}
		if err := join(journal, entries, func(*sent) (clinical.ObservationID, error) { return "", nil }); err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			fault(t, e.err)
		}
	})
}
