package scheduling_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestWhatBreaksARuleIsNamedByItsField(t *testing.T) {
	type appointment = scheduling.Appointment
	long := strings.Repeat("å", 81)
	for _, tt := range []struct {
		field string
		with  func(a *appointment)
	}{
		{"id", func(a *appointment) { a.ID = "" }},
		{"id", func(a *appointment) { a.ID = "c 1" }},
		{"id", func(a *appointment) { a.ID = scheduling.AppointmentID(strings.Repeat("c", 65)) }},
		{"organisation", func(a *appointment) { a.Organisation = "" }},
		{"ends", func(a *appointment) { a.Ends = a.Starts }},
		{"ends", func(a *appointment) { a.Ends = a.Starts.Add(25 * time.Hour) }},
		{"state", func(a *appointment) { a.State = "perhaps" }},
		{"identification", func(a *appointment) { a.Identification = "" }},
		{"participants", func(a *appointment) { a.Participants = nil }},
		{"participants", func(a *appointment) {
			for i := range 6 {
				id := fmt.Sprint("p", i)
				a.Participants = append(a.Participants, scheduling.Participant{ID: scheduling.ParticipantID(id), Person: access.PersonID(id), Role: access.Relative})
			}
		}},
		{"participants", func(a *appointment) { a.Participants[3].Role = access.Patient }},
		{"participants[1].id", func(a *appointment) { a.Participants[1].ID = "p.mari" }},
		{"participants[1].id", func(a *appointment) { a.Participants[1].ID = "p-tuva" }},
		{"participants[1].person", func(a *appointment) { a.Participants[1].Person = "" }},
		{"participants[1].person", func(a *appointment) { a.Participants[1].Person = "tuva" }},
		{"participants[1].role", func(a *appointment) { a.Participants[1].Role = access.Coordinator }},
		{"participants[1].role", func(a *appointment) { a.Participants[1].Role = 0 }},
		{"participants[1].organisation", func(a *appointment) { a.Participants[1].Organisation = "" }},
		{"participants[2].organisation", func(a *appointment) { a.Participants[2].Organisation = "municipality" }},
		{"participants[2].title", func(a *appointment) { a.Participants[2].Title = long }},
		{"participants[2].title", func(a *appointment) { a.Participants[2].Title = "Pasient\n" }},
		{"participants[2].beside", func(a *appointment) { a.Participants[2].Beside = make([]scheduling.Companion, 7) }},
		{"participants[2].beside[0].name", func(a *appointment) { a.Participants[2].Beside = []scheduling.Companion{{Name: " "}} }},
		{"participants[2].beside[0].role", func(a *appointment) {
			a.Participants[2].Beside = []scheduling.Companion{{Name: "Inga Eik", Role: long}}
		}},
	} {
		a := wound()
		tt.with(&a)
		invalid, ok := errors.AsType[*scheduling.Invalid](a.Check())
		if !ok || invalid.Field != tt.field || invalid.Rule == "" {
			t.Errorf("%s: %v", tt.field, a.Check())
		}
	}
	if err := wound().Check(); err != nil {
		t.Error(err)
	}
}
