package fhir

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// readable are the kinds that others send.
func readable() map[string]func() resource {
	return map[string]func() resource{
		"Patient": func() resource { return &Patient{} }, "RelatedPerson": func() resource { return &RelatedPerson{} },
		"Appointment": func() resource { return &Appointment{} }, "AppointmentResponse": func() resource { return &AppointmentResponse{} },
		"Observation": func() resource { return &Observation{} }, "QuestionnaireResponse": func() resource { return &QuestionnaireResponse{} },
	}
}

func TestWhatIsNotKeptIsRefusedByItsName(t *testing.T) {
	for text, want := range map[string]string{
		`{"resourceType":"Patient","gender":"male"}`:                               "Patient.gender is not kept here: leave it out",
		`{"resourceType":"Patient","name":[{"text":"Olav","period":{}}]}`:          "Patient.name[0].period is not kept here: leave it out",
		`{"resourceType":"Patient","Name":[{"text":"Olav"}]}`:                      "Patient.Name is not kept here: leave it out",
		`{"resourceType":"Patient","_birthDate":{"extension":[]}}`:                 "Patient._birthDate is not kept here: leave it out",
		`{"resourceType":"Patient","15895840081 Olav":"x"}`:                        "Patient is not kept here: leave it out",
		`{"resourceType":"Patient","name":null}`:                                   "Patient.name must not be null: leave it out",
		`{"resourceType":"Patient","name":[]}`:                                     "Patient.name must not be empty: leave it out",
		`{"resourceType":"Patient","name":[{}]}`:                                   "Patient.name[0] must not be empty",
		`{"resourceType":"Patient","name":[null]}`:                                 "Patient.name[0] must not be null: leave it out",
		`{"resourceType":"Patient","name":{"text":"Olav"}}`:                        "Patient.name must be a list",
		`{"resourceType":"Patient","name":[{"text":7}]}`:                           "Patient.name[0].text must be text",
		`{"resourceType":"Patient","name":[{"text":" "}]}`:                         "Patient.name[0].text must not be empty: leave it out",
		`{"resourceType":"Patient","name":[{"text":"a\u0000b"}]}`:                  "Patient.name[0].text must be text, without control characters",
		`{"resourceType":"Patient","name":[{"text":"\ud800"}]}`:                    "Patient.name[0].text must be text, without control characters",
		`{"resourceType":"Patient","name":[{"text":"a"}],"name":[{"text":"b"}]}`:   "Patient.name must be there once",
		`{"resourceType":"Patient","id":"Patient/1"}`:                              "Patient.id must be 1–64 characters of [A-Za-z0-9-.]",
		`{"resourceType":"Patient","telecom":[{"system":" phone"}]}`:               "Patient.telecom[0].system must be a code, without spaces around it",
		`{"resourceType":"Appointment","start":"2026-11-23"}`:                      "Appointment.start " + ruleInstant,
		`{"resourceType":"Appointment","start":"2026-02-30T09:00:00Z"}`:            "Appointment.start " + ruleInstant,
		`{"resourceType":"Appointment","start":"2026-11-23T09:00:00,5Z"}`:          "Appointment.start " + ruleInstant,
		`{"resourceType":"Appointment","requestedPeriod":[{"start":"next week"}]}`: "Appointment.requestedPeriod[0].start must be a day as 2026-11-23, or a moment as 2026-11-23T09:00:00Z",
		`{"resourceType":"Appointment","minutesDuration":"30"}`:                    "Appointment.minutesDuration must be a whole number from 0 on",
		`{"resourceType":"Appointment","minutesDuration":1e3}`:                     "Appointment.minutesDuration must be a whole number from 0 on",
		`{"resourceType":"Appointment","minutesDuration":-1}`:                      "Appointment.minutesDuration must be a whole number from 0 on",
		`{"resourceType":"Appointment","minutesDuration":99999999999}`:             "Appointment.minutesDuration must be a whole number from 0 on",
		`{"resourceType":"Organization"}`:                                          "resourceType must be Patient",
		`{"id":"a"}`:                                                               "resourceType must be Patient",
		`{"resourceType":"Patient"} {}`:                                            "Patient must be JSON in UTF-8",
		`{"resourceType":"Patient"`:                                                "Patient must be JSON in UTF-8",
		"{\"resourceType\":\"Patient\",\"id\":\"\xff\"}":                           "Patient must be JSON in UTF-8",
		`[]`:   "Patient must be an object",
		`null`: "Patient must not be null: leave it out",
		``:     "Patient must be JSON in UTF-8",
		`{"resourceType":"Appointment","extension":` + strings.Repeat(`[{"extension":`, 20) + `"x"` + strings.Repeat(`}]`, 20) + `}`: "stands too deep",
		`{"resourceType":"Patient","id":"` + strings.Repeat("a", MaxBody) + `"}`:                                                     "must be at most 64 KiB",
	} {
		kind := "Patient"
		if strings.Contains(text, "Appointment") {
			kind = "Appointment"
		}
		err := read(kind, []byte(text), readable()[kind]())
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%.100s: %v, want %q", text, err, want)
		}
	}
}

func TestATimeMeansTheSameInEveryZone(t *testing.T) {
	var a Appointment
	if err := read("Appointment", []byte(`{"resourceType":"Appointment","start":"2026-12-01T10:00:00+01:00","end":"2026-12-01T09:30:00.000Z"}`), &a); err != nil {
		t.Fatal(err)
	}
	if instantOf(a.Start.time()) != "2026-12-01T09:00:00Z" || instantOf(a.End.time()) != "2026-12-01T09:30:00Z" {
		t.Errorf("%s, %s", instantOf(a.Start.time()), instantOf(a.End.time()))
	}
}

// understand does with a resource what is done before anybody is asked.
func understand(r resource) {
	switch in := r.(type) {
	case *Patient:
		_ = in.into(&identity.Patient{})
	case *RelatedPerson:
		_ = in.into(&identity.RelatedPerson{})
	case *Appointment:
		_, _ = in.times()
		_ = in.sameBut(&Appointment{})
		reasonOf(in.CancelationReason)
	case *Observation:
		kinds, err := clinical.ReadKinds()
		if err != nil {
			panic(err)
		}
		s := &sent{in: *in, patient: "olav"}
		_ = s.understand(kinds)
		_ = s.comesOf(journal)
		s.name()
		_ = s.placed(&clinical.Invalid{Field: "values"})
		_, _ = in.edit(&Observation{})
		_ = in.sameBut(&Observation{})
	case *QuestionnaireResponse:
		phq := clinical.Questionnaire{ID: "phq-9", Items: []clinical.Item{{ID: "1", Type: clinical.Choice, Options: []clinical.Option{{Code: "a", System: "b"}}}}}
		s := &sentAnswers{in: *in, patient: "olav"}
		_ = s.understand(func(string) (clinical.Questionnaire, bool) { return phq, true })
		_ = s.comesOf(journal)
		_ = s.placed(&clinical.Invalid{Field: "answers[0].code"})
	case *AppointmentResponse:
		if _, err := in.appointment(); err == nil {
			_, _ = in.given(scheduling.Detail{})
		}
	}
}

// FuzzReadResource: whatever comes, it is read or refused; what is read is written so that it
// is read as the same; and an outcome repeats nothing of what came.
func FuzzReadResource(f *testing.F) {
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
	f.Add([]byte(`{"resourceType":"Patient","name":[{"given":["Olav"],"family":"Eik"}],"telecom":[{"system":"phone","value":"90000123"}]}`))
	f.Add([]byte(`{"resourceType":"Appointment","extension":[{"url":"a","extension":[{"url":"b","valueUrl":"c"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for kind, make := range readable() {
			first := make()
			err := read(kind, text, first)
			if err != nil {
				fault, ok := errors.AsType[*Fault](err)
				if !ok || fault.Status < 400 || fault.Status >= 500 || len(fault.Issues) != 1 {
					t.Fatalf("%s: %#v", kind, err)
				}
				continue
			}
			understand(first)
			written, err := json.Marshal(first)
			if err != nil {
				t.Fatalf("%s is not written: %v", kind, err)
			}
			again := make()
			if err := read(kind, written, again); err != nil && len(written) <= MaxBody {
				t.Fatalf("%s is not read again: %v\n%s", kind, err, written)
			} else if err == nil && !reflect.DeepEqual(first, again) {
				t.Fatalf("%+v comes back as %+v", first, again)
			}
		}
	})
}
