package store

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestAPatientIsKeptWholeOverARestart(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		r := newRegion(t, db, p.clock)
		want := r.olav()
		if want.Phone != "+4790000001" || want.Version != 1 || want.Relatives[0].ID == "" {
			t.Errorf("saved as %+v", want)
		}
		must(t, db.Close())
		got, err := p.open(t).Directory().Patient(t.Context(), want.ID, nil)
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}

func TestAnUnknownAndAForeignPatientAreRefusedAlike(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.olav()
		for what, do := range map[string]struct {
			by     access.Actor
			action access.Action
			do     func(by access.Actor, p identity.Patient) error
		}{
			"a nurse of another organisation reads": {r.mari(), access.PatientRead, func(by access.Actor, p identity.Patient) error {
				_, err := r.Patient(t.Context(), by, p.ID)
				return err
			}},
			"finds": {r.mari(), access.PatientRead, func(by access.Actor, p identity.Patient) error {
				_, err := r.FindPatient(t.Context(), by, p.NationalID)
				return err
			}},
			"changes": {r.mari(), access.ConsentWrite, func(by access.Actor, p identity.Patient) error {
				_, err := r.UpdatePatient(t.Context(), by, p)
				return err
			}},
			"an administrator reads": {r.jon(), access.PatientRead, func(by access.Actor, p identity.Patient) error {
				_, err := r.Patient(t.Context(), by, p.ID)
				return err
			}},
			"a coordinator erases": {r.siv(), access.PatientErase, func(by access.Actor, p identity.Patient) error {
				return r.ErasePatient(t.Context(), by, p.ID, 1)
			}},
			"an administrator opens in an emergency": {r.jon(), access.EmergencyOpen, func(by access.Actor, p identity.Patient) error {
				_, err := r.OpenEmergency(t.Context(), by, p.ID, "medvitslaus i heimen")
				return err
			}},
			"another patient reads": {access.Actor{Person: "kari", Role: access.Patient}, access.PatientRead, func(by access.Actor, p identity.Patient) error {
				_, err := r.Patient(t.Context(), by, p.ID)
				return err
			}},
		} {
			unknown := olav
			unknown.ID, unknown.NationalID = "nobody", "02815012345"
			before := r.times(do.by, do.action, audit.Refused)
			foreign, missing := do.do(do.by, olav), do.do(do.by, unknown)
			r.wantRefused(what, foreign, do.by, do.action)
			r.wantRefused(what+", of nobody", missing, do.by, do.action)
			if foreign.Error() != missing.Error() {
				t.Errorf("%s: %q, and of nobody %q", what, foreign, missing)
			}
			if after := r.times(do.by, do.action, audit.Refused); after < before+2 {
				t.Errorf("%s: %d refusals on record, want two more than %d", what, after, before)
			}
		}
		// What was tried stands in the patient's own record, also where they were found by number.
		if n := len(slices.DeleteFunc(r.recorded(), func(l line) bool { return l.Patient != olav.ID || l.Outcome != audit.Refused })); n < 7 {
			t.Errorf("%d refusals in the patient's record", n)
		}
	})
}

func TestWhoMaySeeAPatient(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.olav()
		ragna := access.Actor{Person: olav.Relatives[0].ID, Role: access.Relative}
		reads := func(what string, by access.Actor, want bool) {
			t.Helper()
			if _, err := r.Patient(t.Context(), by, olav.ID); want {
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
			} else {
				r.wantRefused(what, err, by, access.PatientRead)
			}
		}
		consent := func(c ...identity.Consent) {
			olav = r.changed(r.siv(), olav.ID, func(p *identity.Patient) { p.Consents = c })
		}
		reads("the patient", access.Actor{Person: olav.ID, Role: access.Patient}, true)
		reads("a specialist where they are cared for", r.tuva(), true)
		reads("a nurse by agreement, without consent", r.mari(), false)
		reads("a relative without consent", ragna, false)

		consent(identity.Consent{Organisation: r.municipality, From: r.day(1)}, identity.Consent{Relative: ragna.Person, From: r.day(0), Until: r.day(1)})
		reads("a nurse by agreement, before the consent", r.mari(), false)
		reads("a relative with consent", ragna, true)
		reads("somebody else's relative", access.Actor{Person: "ragnhild", Role: access.Relative}, false)
		r.clock.pass(24 * time.Hour)
		reads("a nurse by agreement and consent", r.mari(), true)
		reads("a relative on the consent's last day", ragna, true)
		r.clock.pass(24 * time.Hour)
		reads("a relative after it", ragna, false)

		consent()
		reads("a nurse when the consent is taken back", r.mari(), false)

		consent(identity.Consent{Organisation: r.office, From: r.day(0)})
		reads("a GP with consent, without an agreement", r.per(), false)
		r.meets[[2]access.PersonID{"per", olav.ID}] = true
		reads("a GP who meets the patient", r.per(), true)

		olav = r.changed(r.siv(), olav.ID, func(p *identity.Patient) { p.Relatives, p.Consents = nil, nil })
		reads("a former relative", ragna, false)
	})
}

func TestThePatientChangesConsentsAndNothingElse(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		p := r.olav()
		self := access.Actor{Person: p.ID, Role: access.Patient}
		p.Consents = []identity.Consent{{Relative: p.Relatives[0].ID, From: r.day(0)}}
		p, err := r.UpdatePatient(t.Context(), self, p)
		must(t, err)
		if n := r.times(self, access.ConsentWrite, audit.Done); n != 1 {
			t.Errorf("%d consents on record", n)
		}
		p.Name = "Olav Lind"
		_, err = r.UpdatePatient(t.Context(), self, p)
		r.wantRefused("a new name", err, self, access.PatientWrite)
		kept, err := r.Patient(t.Context(), self, p.ID)
		must(t, err)
		if kept.Name != "Olav Eik" || len(kept.Consents) != 1 {
			t.Errorf("kept %+v", kept)
		}
	})
}

func TestAnEmergencyIsShownAndEnds(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.olav()
		_, err := r.OpenEmergency(t.Context(), r.mari(), olav.ID, "   hastar   ")
		wantInvalid(t, "hardly a reason", err, "reason")
		e, err := r.OpenEmergency(t.Context(), r.mari(), olav.ID, "Medvitslaus i heimen, ambulanse tilkalla")
		must(t, err)
		if want := r.clock.Now().Add(4 * time.Hour); !e.Until.Equal(want) {
			t.Errorf("open until %v, want %v", e.Until, want)
		}
		_, err = r.Patient(t.Context(), r.mari(), olav.ID)
		must(t, err)
		if !slices.Contains(r.recorded(), line{"mari", "patient.read", audit.Done, "emergency", olav.ID}) {
			t.Error("the read is not on record as an emergency's")
		}
		entries, err := r.db.Audit().OfPatient(t.Context(), olav.ID, "", 100, look(r.clock.Now(), 1))
		must(t, err)
		reason := ""
		for _, e := range entries {
			reason += e.Reason
		}
		if reason != "Medvitslaus i heimen, ambulanse tilkalla" {
			t.Errorf("the reason on record is %q", reason)
		}
		elsewhere := r.mari()
		elsewhere.Organisation = r.office
		_, err = r.Patient(t.Context(), elsewhere, olav.ID)
		r.wantRefused("the same nurse in another organisation", err, elsewhere, access.PatientRead)
		r.clock.pass(4 * time.Hour)
		_, err = r.Patient(t.Context(), r.mari(), olav.ID)
		r.wantRefused("when it is over", err, r.mari(), access.PatientRead)

		found, err := r.FindInEmergency(t.Context(), r.mari(), olav.NationalID, "Medvitslaus på ny, same stad")
		must(t, err)
		if found.ID != olav.ID {
			t.Errorf("found %s", found.ID)
		}
		_, err = r.FindInEmergency(t.Context(), r.mari(), "02815012345", "Medvitslaus på ny, same stad")
		if !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("of nobody: %v", err)
		}
		if n := r.times(r.mari(), access.EmergencyOpen, audit.Failed); n != 1 {
			t.Errorf("%d tries in vain on record", n)
		}
	})
}

func TestPatientsAreListedAsInATelephoneBookAndEachIsRecorded(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		for _, name := range []string{"Åse Moe", "Øystein Moe", "Ærlig Moe", "anna moe", "Zakarias Moe", "Bo Moe"} {
			_, err := r.CreatePatient(t.Context(), r.siv(), identity.Patient{
				Person: identity.Person{Name: name, Language: "nn"}, CaredForBy: []access.OrganisationID{r.hospital},
			})
			must(t, err)
		}
		first, next, err := r.Patients(t.Context(), r.tuva(), identity.Page{Limit: 4})
		must(t, err)
		wantNames(t, "first page", first, "anna moe", "Bo Moe", "Zakarias Moe", "Ærlig Moe")
		last, end, err := r.Patients(t.Context(), r.tuva(), identity.Page{Limit: 4, After: next})
		must(t, err)
		wantNames(t, "last page", last, "Øystein Moe", "Åse Moe")
		if end != "" {
			t.Errorf("after the last page comes %q", end)
		}
		if n := r.times(r.tuva(), access.PatientList, audit.Done); n != 6 {
			t.Errorf("%d on record", n)
		}
		_, _, err = r.Patients(t.Context(), r.tuva(), identity.Page{After: "nobody"})
		wantInvalid(t, "a page of no list", err, "after")
		none, _, err := r.Patients(t.Context(), r.mari(), identity.Page{})
		must(t, err)
		wantNames(t, "the municipality's", none)
		_, _, err = r.Patients(t.Context(), r.jon(), identity.Page{})
		r.wantRefused("an administrator", err, r.jon(), access.PatientList)
	})
}

func TestOnePatientIsNotWrittenTwiceByThoseWhoMayKnow(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.olav()
		again := func(by access.Actor) (identity.Patient, error) {
			return r.CreatePatient(t.Context(), by, identity.Patient{
				Person: identity.Person{Name: "O. Eik", NationalID: olav.NationalID, Language: "nb"}, CaredForBy: []access.OrganisationID{by.Organisation},
			})
		}
		_, err := again(r.tuva())
		if !errors.Is(err, identity.ErrExists) {
			t.Errorf("at the same hospital: %v", err)
		}
		theirs, err := again(r.mari())
		if err != nil || theirs.ID == olav.ID || theirs.Name != "O. Eik" {
			t.Errorf("in a municipality that knows nothing of the other: %+v, %v", theirs, err)
		}
		found, err := r.FindPatient(t.Context(), r.mari(), olav.NationalID)
		if err != nil || found.ID != theirs.ID {
			t.Errorf("found %+v, %v", found, err)
		}
		// Of many at once one is made.
		made := make(chan error)
		const n = 6
		for range n {
			go func() { _, err := again(r.per()); made <- err }() // ends when it is made, or is not
		}
		ok := 0
		for range n {
			if err := <-made; err == nil {
				ok++
			} else if !errors.Is(err, identity.ErrExists) {
				t.Error(err)
			}
		}
		if ok != 1 {
			t.Errorf("%d made of one", ok)
		}
	})
}

func TestWhoCaresForAPatient(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.olav()
		with := func(by access.Actor, version int64, organisations ...access.OrganisationID) error {
			p := olav
			p.Version, p.CaredForBy = version, organisations
			_, err := r.UpdatePatient(t.Context(), by, p)
			return err
		}
		wantInvalid(t, "one without an agreement", with(r.siv(), 1, r.hospital, r.office), "caredForBy")
		wantInvalid(t, "nobody", with(r.siv(), 1), "caredForBy")
		must(t, with(r.siv(), 1, r.hospital, r.municipality))
		wantInvalid(t, "the other's part", with(r.siv(), 2, r.hospital), "caredForBy")
		must(t, with(r.mari(), 2, r.hospital)) // ends its own
		_, err := r.Patient(t.Context(), r.mari(), olav.ID)
		r.wantRefused("afterwards", err, r.mari(), access.PatientRead)
	})
}

func TestAnErasedPatientIsGone(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.changed(r.siv(), r.olav().ID, func(p *identity.Patient) {
			p.CaredForBy = append(p.CaredForBy, r.municipality)
		})
		ragna := olav.Relatives[0]
		wantInvalid(t, "while another cares", r.ErasePatient(t.Context(), r.officer(), olav.ID, olav.Version), "caredForBy")
		olav.CaredForBy, olav.Relatives = olav.CaredForBy[:1], nil // and a former relative is erased too
		olav, err := r.UpdatePatient(t.Context(), r.mari(), olav)
		must(t, err)
		if err := r.ErasePatient(t.Context(), r.officer(), olav.ID, olav.Version-1); !errors.Is(err, identity.ErrVersion) {
			t.Errorf("an older version: %v", err)
		}
		must(t, r.ErasePatient(t.Context(), r.officer(), olav.ID, olav.Version))
		_, err = r.Patient(t.Context(), r.tuva(), olav.ID)
		r.wantRefused("afterwards", err, r.tuva(), access.PatientRead)
		_, err = r.FindPatient(t.Context(), r.tuva(), olav.NationalID)
		r.wantRefused("by number", err, r.tuva(), access.PatientRead)
		for _, id := range []access.PersonID{olav.ID, ragna.ID} {
			if _, err := r.db.Directory().Person(t.Context(), id); !errors.Is(err, identity.ErrNotFound) {
				t.Errorf("person %s: %v", id, err)
			}
			must(t, r.db.read(t.Context(), func(x *tx) error {
				if _, err := x.open(string(id), "anything", []byte{sealedV1}); !errors.Is(err, ErrErased) {
					t.Errorf("key of %s: %v", id, err)
				}
				return nil
			}))
		}
		if n := r.times(r.officer(), access.PatientErase, audit.Done); n != 1 {
			t.Errorf("%d erasures on record", n)
		}
	})
}

func TestAPatientsRules(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		olav := r.olav()
		for field, breaks := range map[string]func(*identity.Patient){
			"name":              func(p *identity.Patient) { p.Name = " \t" },
			"nationalId":        func(p *identity.Patient) { p.NationalID = "0181501234" },
			"phone":             func(p *identity.Patient) { p.Phone = "ring meg" },
			"email":             func(p *identity.Patient) { p.Email = "Olav <olav@eik.example>" },
			"language":          func(p *identity.Patient) { p.Language = "sv" },
			"caredForBy":        func(p *identity.Patient) { p.CaredForBy = append(p.CaredForBy, r.hospital) },
			"relatives[1].name": func(p *identity.Patient) { p.Relatives = append(p.Relatives, p.Relatives[0]) },
			"relatives[0].kind": func(p *identity.Patient) { p.Relatives[0].Kind = "friend" },
			"consents[1].organisation": func(p *identity.Patient) {
				p.Consents = []identity.Consent{{Organisation: r.office, From: r.day(0)}, {Organisation: "nul\x00", From: r.day(0)}}
			},
			"relatives[0].id":          func(p *identity.Patient) { p.Relatives[0].ID = "somebody" },
			"consents[0].organisation": func(p *identity.Patient) { p.Consents = []identity.Consent{{From: r.day(0)}} },
			"consents[0].relative":     func(p *identity.Patient) { p.Consents = []identity.Consent{{Relative: "nobody", From: r.day(0)}} },
			"consents[0].until": func(p *identity.Patient) {
				p.Consents = []identity.Consent{{Organisation: r.office, From: r.day(1), Until: r.day(0)}}
			},
			"consents[0].from": func(p *identity.Patient) {
				p.Consents = []identity.Consent{{Organisation: r.office, From: "2026-02-30"}}
			},
			"consents": func(p *identity.Patient) { p.Consents = []identity.Consent{{Organisation: "nowhere", From: r.day(0)}} },
		} {
			p := olav
			p.CaredForBy, p.Relatives = slices.Clone(p.CaredForBy), slices.Clone(p.Relatives)
			breaks(&p)
			_, err := r.UpdatePatient(t.Context(), r.siv(), p)
			wantInvalid(t, field, err, field)
		}
		kept, err := r.Patient(t.Context(), r.siv(), olav.ID)
		must(t, err)
		if !reflect.DeepEqual(kept, olav) {
			t.Errorf("kept %+v\nwant %+v", kept, olav)
		}
	})
}
