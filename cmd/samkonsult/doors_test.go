package main

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/clinical/clinicaltest"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// ticketBox holds tickets that were made.
type ticketBox map[string]identity.Ticket

func (b ticketBox) Redeem(_ context.Context, ticket string) (identity.Ticket, error) {
	t, ok := b[ticket]
	if !ok {
		return identity.Ticket{}, identity.ErrTicket
	}
	delete(b, ticket)
	return t, nil
}

// nameBook knows two people and a hospital.
type nameBook struct{}

func (nameBook) Names(context.Context, []access.PersonID) (map[access.PersonID]string, error) {
	return map[access.PersonID]string{"tuva": "Tuva Ask", "olav": "Olav Eik"}, nil
}

func (nameBook) Organisations(context.Context, []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error) {
	return map[access.OrganisationID]scheduling.Organisation{"hospital": {Name: "Fjord sjukehus", Phone: "+4712345678"}}, nil
}

// door is an admission to one consultation, whose clock stands at its start.
func door(t *testing.T, how scheduling.Identification) (a admission, tickets ticketBox, schedule *scheduling.Service) {
	t.Helper()
	starts := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return starts }
	db := storetest.SQLite(t)
	schedule, err := scheduling.NewService(scheduling.Config{Store: db.Appointments(), People: nameBook{}, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	directory, err := identity.NewDirectory(identity.DirectoryConfig{Store: db.Directory(), Meetings: schedule, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	rights, err := clinical.NewService(clinical.Config{
		Store: clinicaltest.NewMemory(), Relations: directory, Names: nameBook{}, Now: clock,
		About: func(ctx context.Context, consultation string) (access.PersonID, error) {
			return schedule.About(ctx, scheduling.AppointmentID(consultation))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	house := identity.Organisation{ID: "hospital", Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "+4712345678", Active: true}
	if err := db.Directory().SaveOrganisation(t.Context(), house, nil, nil); err != nil {
		t.Fatal(err)
	}
	patient := identity.Patient{Person: identity.Person{ID: "olav", Name: "Olav Eik", Language: "nn"}, CaredForBy: []access.OrganisationID{"hospital"}}
	if err := db.Directory().SavePatient(t.Context(), patient, "hospital", nil, nil); err != nil {
		t.Fatal(err)
	}
	_, err = schedule.Save(t.Context(), scheduling.Appointment{
		ID: "c1", Organisation: "hospital", Starts: starts, Ends: starts.Add(time.Hour), State: scheduling.Booked, Identification: how,
		Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital", Title: "Overlege"},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient", Beside: []scheduling.Companion{{Name: "Inga Eik", Role: "kone"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	tickets = ticketBox{
		"doctors": {
			Session: "s1", Consultation: "c1", Participant: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital",
			Method: identity.ByPasswordTOTP,
		},
		"patients": {Session: "s2", Consultation: "c1", Participant: "p-olav", Person: "olav", Role: access.Patient, Method: identity.ByLink},
		"anothers": {Session: "s3", Consultation: "c1", Participant: "p-olav", Person: "ragna", Role: access.Patient, Method: identity.ByLink},
	}
	return admission{tickets, schedule, rights}, tickets, schedule
}

func TestATicketSeatsItsPersonAsBookedAndIdentified(t *testing.T) {
	a, _, _ := door(t, scheduling.Recognised)
	starts := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	consultation := protocol.Consultation{
		ID: "c1", Starts: starts.UnixMilli(), Ends: starts.Add(time.Hour).UnixMilli(), Organisation: "Fjord sjukehus", Phone: "+4712345678",
		Expected: []protocol.Person{
			{ID: "p-tuva", Name: "Tuva Ask", Role: protocol.RoleSpecialist, Title: "Overlege", Organisation: "Fjord sjukehus"},
			{ID: "p-olav", Name: "Olav Eik", Role: protocol.RolePatient, Title: "Pasient"},
		},
	}
	for ticket, want := range map[string]signaling.Seat{
		"doctors": {
			Consultation: consultation, Participant: "p-tuva", Name: "Tuva Ask", Role: protocol.RoleSpecialist, Title: "Overlege",
			Organisation: "Fjord sjukehus", Identified: protocol.IdentifiedByPassword, Session: "s1", Beside: []protocol.Companion{},
			AdmitsItself: true,
			May: []protocol.Permission{
				protocol.MayAdmit, protocol.MayConfirm, protocol.MayMute, protocol.MayRemove, protocol.MayLock, protocol.MayEnd,
				protocol.MaySecond, protocol.MayChat, protocol.MaySee, protocol.MayMeasure, protocol.MayAsk, protocol.MayDraw, protocol.MaySeeWounds, protocol.MayReadPlan, protocol.MayWritePlan,
			},
			Patient: "olav", Person: "tuva", ActsFor: "hospital",
		},
		"patients": {
			Consultation: consultation, Participant: "p-olav", Name: "Olav Eik", Role: protocol.RolePatient, Title: "Pasient",
			Identified: protocol.IdentifiedByLink, Recognise: true, Session: "s2", Beside: []protocol.Companion{{Name: "Inga Eik", Role: "kone"}},
			May:     []protocol.Permission{protocol.MayChat, protocol.MaySee, protocol.MayMeasure, protocol.MaySeeWounds, protocol.MayReadPlan, protocol.MayWritePlan},
			Patient: "olav", Person: "olav", ByLink: true,
		},
	} {
		got, err := a.Redeem(t.Context(), ticket)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
	}
}

func TestATicketWithoutASeatOpensNothing(t *testing.T) {
	a, tickets, schedule := door(t, scheduling.ByLink)
	if seat, err := a.Redeem(t.Context(), "anothers"); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("of one whose seat it is not: %+v, %v", seat, err)
	}
	if _, err := a.Redeem(t.Context(), "made up"); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("made up: %v", err)
	}
	byKey := tickets["patients"]
	byKey.Method = identity.ByKey
	tickets["keys"] = byKey
	if _, err := a.Redeem(t.Context(), "keys"); err == nil || errors.Is(err, signaling.ErrTicket) {
		t.Errorf("by a machine's key: %v", err)
	}
	starts := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	_, err := schedule.Save(t.Context(), scheduling.Appointment{
		ID: "c1", Version: 1, Organisation: "hospital", Starts: starts, Ends: starts.Add(time.Hour),
		State: scheduling.Cancelled, Identification: scheduling.ByLink,
		Participants: []scheduling.Participant{{ID: "p-olav", Person: "olav", Role: access.Patient}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Redeem(t.Context(), "patients"); !errors.Is(err, signaling.ErrTicket) {
		t.Errorf("to what is cancelled: %v", err)
	}
}

func TestEveryWayInHasAWordInTheCall(t *testing.T) {
	for _, m := range []identity.Method{identity.ByLink, identity.ByLinkCode, identity.ByPasswordTOTP, identity.ByDemo} {
		if string(identifiedBy[m]) != string(m) {
			t.Errorf("%s is %q in the call", m, identifiedBy[m])
		}
	}
	if _, in := identifiedBy[identity.ByPassword]; in {
		t.Error("a password without its second factor lets nobody in")
	}
}
