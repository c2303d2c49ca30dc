package scheduling_test

import (
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestWhoActsForAnotherOrganisationReadsWhatItInvitesTo(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		ofFjordvik := visit(at(7, 10))
		ofFjordvik.Organisation, ofFjordvik.AtOnce = fjordvik, true
		list, _, err := c.Book(t.Context(), atVestvik, ofFjordvik)
		c.must(err)
		a := list[0]
		if d, err := c.Details(t.Context(), atVestvik, list); err != nil || d[0].Title != "Sårkontroll" || d[0].People[2].Name != "Olav Eik" {
			t.Errorf("when it is booked: %+v, %v", d, err)
		}
		own := scheduling.Request{Parties: []scheduling.Party{{Person: "vidar", Role: access.Nurse, Organisation: vestvik, Required: true}}, AtOnce: true, Length: 30 * time.Minute, Starts: []time.Time{at(7, 9)}}
		first, _, err := c.Book(t.Context(), atVestvik, own)
		c.must(err)
		// The hospital invites to it, and Fjordvik takes part: that is for these two.
		theirs := c.books(atOnce(at(7, 13)))

		d, err := c.Read(t.Context(), atVestvik, a.ID)
		if err != nil || d.Title != "Sårkontroll" || d.Question == "" || d.People[2].Name != "Olav Eik" || !slices.Contains(d.May, scheduling.MayMove) {
			t.Errorf("read: %+v, %v", d, err)
		}
		all, err := c.BookingsOf(t.Context(), atVestvik, "2026-12-07", 1)
		if err != nil || len(all) != 2 || all[0].ID != first[0].ID || all[1].ID != a.ID || all[1].Title != "Sårkontroll" || all[1].People[2].Name != "Olav Eik" {
			t.Errorf("listed, by time: %+v, %v", all, err)
		}
		week, err := c.Calendar(t.Context(), atVestvik, "2026-12-07", 5)
		if err != nil || len(week.Bookings) != 2 || !slices.ContainsFunc(week.Rows, func(r scheduling.Row) bool {
			return r.Person == "mari" && slices.ContainsFunc(r.Busy, func(b scheduling.BusySpan) bool { return b.Appointment == a.ID })
		}) {
			t.Errorf("in the calendar: %+v, %v", week.Bookings, err)
		}
		_, err = c.Read(t.Context(), atVestvik, theirs.ID)
		refusedTo(t, "what the organisation only takes part in", err)

		// No other agreement opens it: the hospital may book with Fjordvik's people.
		alone := scheduling.Request{Organisation: fjordvik, Parties: []scheduling.Party{nurse(), patient()}, AtOnce: true, Length: 30 * time.Minute, Starts: []time.Time{at(8, 10)}}
		list, _, err = c.Book(t.Context(), atVestvik, alone)
		c.must(err)
		for why, by := range map[string]access.Actor{
			"who may book with its people": atSjukehus, "who has agreed on nothing": atLangvik,
			"a nurse of who acts for it":              {Person: "vidar", Role: access.Nurse, Organisation: vestvik},
			"an administrator of who acts for it":     {Person: "vigdis", Role: access.Administrator, Organisation: vestvik},
			"who acts for it, by a link to something": {Person: "vigdis", Role: access.Coordinator, Organisation: vestvik, Consultation: "c1"},
		} {
			_, err := c.Read(t.Context(), by, list[0].ID)
			refusedTo(t, why, err)
			if byLink := by.Consultation != ""; byLink {
				continue
			}
			if all, err := c.BookingsOf(t.Context(), by, "2026-12-08", 1); err != nil || len(all) != 0 {
				t.Errorf("%s lists %+v, %v", why, all, err)
			}
		}
		// The other way round it counts no more than any other.
		_, err = c.Read(t.Context(), atFjordvik, first[0].ID)
		refusedTo(t, "for whom it acts", err)
	})
}

func TestThePatientIsToldByWhatRightSomebodyElseHasRead(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		r := scheduling.Request{Organisation: fjordvik, Parties: []scheduling.Party{nurse(), patient()}, AtOnce: true, Length: 30 * time.Minute, Starts: []time.Time{at(8, 10)}}
		list, _, err := c.Book(t.Context(), atVestvik, r)
		c.must(err)
		c.must(read(c.Read(t.Context(), atVestvik, list[0].ID)))
		c.must(read(c.BookingsOf(t.Context(), atVestvik, "2026-12-08", 1)))
		for _, action := range []access.Action{access.ConsultationRead, access.ConsultationList} {
			if e := c.entries(action, "olav"); len(e) != 1 || e[0].By != access.Agreement || e[0].Actor.Person != "vigdis" {
				t.Errorf("%s is on record as %+v", action, e)
			}
		}
	})
}

func TestWhoseAgreementHasEndedReadsNoMore(t *testing.T) {
	c := inTheCounty(t)
	r := scheduling.Request{Organisation: fjordvik, Parties: []scheduling.Party{nurse(), patient()}, AtOnce: true, Length: 30 * time.Minute, Starts: []time.Time{at(8, 10)}}
	list, _, err := c.Book(t.Context(), atVestvik, r)
	c.must(err)
	c.must(c.db.Directory().SaveAgreement(t.Context(), identity.Agreement{
		ID: "for-fjordvik", Version: 1, A: vestvik, B: fjordvik, From: "2026-01-01", Policy: identity.Policy{Identification: identity.IdentifyRecognised, RetentionDays: 90},
		Grants: []identity.Grant{{To: vestvik, May: []identity.GrantKind{identity.GrantBook, identity.GrantSee}}}, // and acts no more
	}, nil, nil))
	_, err = c.Read(t.Context(), atVestvik, list[0].ID)
	refusedTo(t, "when it acts no more", err)
	if all, err := c.BookingsOf(t.Context(), atVestvik, "2026-12-08", 1); err != nil || len(all) != 0 {
		t.Errorf("lists %+v, %v", all, err)
	}
}

func read[T any](_ T, err error) error { return err }
