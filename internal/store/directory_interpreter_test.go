package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

func interpreter(of access.OrganisationID, name string) identity.Interpreter {
	return identity.Interpreter{
		Person: identity.Person{Name: name, Phone: "412 34 567", Language: "nb"}, Organisation: of, Speaks: []string{"pl", "ru-RU"},
	}
}

func TestWhoBooksLooksAfterTheOwnInterpreters(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		made, err := r.CreateInterpreter(ctx, r.siv(), interpreter(r.hospital, " Ewa Nowak "))
		must(t, err)
		if made.ID == "" || made.Version != 1 || made.Name != "Ewa Nowak" || made.Phone != "+4741234567" || !made.Active {
			t.Errorf("%#v", made)
		}
		_, err = r.CreateInterpreter(ctx, r.siv(), interpreter(r.hospital, "Anna Ås"))
		must(t, err)
		list, next, err := r.Interpreters(ctx, r.tuva(), r.hospital, identity.Page{})
		must(t, err)
		if len(list) != 2 || list[0].Name != "Anna Ås" || next != "" || fmt.Sprintf("%#v", list[1]) != fmt.Sprintf("%#v", made) {
			t.Errorf("%#v\nwant\n%#v", list, made)
		}
		made.Active, made.Phone, made.Email, made.Organisation = false, "", "ewa@tolk.example", r.municipality
		changed, err := r.UpdateInterpreter(ctx, r.siv(), made)
		must(t, err)
		if changed.Version != 2 || changed.Organisation != r.hospital || changed.Active {
			t.Errorf("%#v", changed)
		}
		if _, err := r.UpdateInterpreter(ctx, r.siv(), made); !errors.Is(err, identity.ErrVersion) {
			t.Errorf("an edit that comes late: %v", err)
		}
		if p, err := r.db.Directory().Person(ctx, made.ID); err != nil || p.Email != "ewa@tolk.example" || p.Phone != "" {
			t.Errorf("the gate finds %#v, %v", p, err)
		}
		if n := r.times(r.siv(), access.ConsultationBook, audit.Done); n != 3 {
			t.Errorf("%d of three changes are on record", n)
		}

		for field, change := range map[string]func(*identity.Interpreter){
			"name":     func(i *identity.Interpreter) { i.Name = " " },
			"phone":    func(i *identity.Interpreter) { i.Phone, i.Email = "", "" },
			"language": func(i *identity.Interpreter) { i.Language = "pl" },
			"speaks":   func(i *identity.Interpreter) { i.Speaks = nil },
		} {
			bad := interpreter(r.hospital, "Ewa")
			change(&bad)
			_, err := r.CreateInterpreter(ctx, r.siv(), bad)
			wantInvalid(t, field, err, field)
		}
		for _, speaks := range [][]string{{"polish"}, {"p"}, {"pl", "PL"}, {""}, {"nb--NO"}} {
			bad := interpreter(r.hospital, "Ewa")
			bad.Speaks = speaks
			_, err := r.CreateInterpreter(ctx, r.siv(), bad)
			wantInvalid(t, fmt.Sprint(speaks), err, "speaks")
		}
	})
}

func TestNobodyElseSeesWhoInterprets(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		made, err := r.CreateInterpreter(ctx, r.siv(), interpreter(r.hospital, "Ewa Nowak"))
		must(t, err)
		for name, by := range map[string]access.Actor{
			"the municipality, which has an agreement": {Person: "ida", Role: access.Coordinator, Organisation: r.municipality},
			"a nurse elsewhere":                        r.mari(),
			"the host's administrator":                 r.jon(),
			"a patient":                                {Person: "olav", Role: access.Patient},
		} {
			_, _, err := r.Interpreters(ctx, by, r.hospital, identity.Page{})
			r.wantRefused(name+" lists", err, by, access.ConsultationBook)
			_, err = r.CreateInterpreter(ctx, by, interpreter(r.hospital, "Ewa"))
			r.wantRefused(name+" creates", err, by, access.ConsultationBook)
			_, err = r.UpdateInterpreter(ctx, by, made)
			r.wantRefused(name+" changes", err, by, access.ConsultationBook)
			nobody := made
			nobody.ID = "nobody"
			_, err = r.UpdateInterpreter(ctx, by, nobody)
			r.wantRefused(name+" changes one who is not there", err, by, access.ConsultationBook)
		}
	})
}

func TestAUnitNamesWhoAnswersForIt(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		employ := func(name string, in access.OrganisationID, until identity.Day) access.PersonID {
			t.Helper()
			m, err := r.CreateStaff(ctx, r.jon(), identity.Staff{
				Person: identity.Person{Name: name, Email: name + "@example.no", Language: "nn"},
				Assignments: []identity.Assignment{
					{Organisation: in, Role: access.Nurse, Title: "Sjukepleiar", From: r.day(-1), Until: until},
				},
			})
			must(t, err)
			return m.ID
		}
		tuva, eli := employ("tuva", r.hospital, ""), employ("eli", r.hospital, r.day(0))
		away, left := employ("mari", r.municipality, ""), employ("left", r.hospital, r.day(-1))
		unit, err := r.CreateUnit(ctx, r.jon(), identity.Unit{Organisation: r.hospital, Name: "Sårpoliklinikken", Active: true, Contact: tuva, Deputy: eli})
		must(t, err)
		o, err := r.Organisation(ctx, r.jon(), r.hospital)
		must(t, err)
		if len(o.Units) != 1 || o.Units[0] != unit || unit.Contact != tuva || unit.Deputy != eli {
			t.Errorf("%+v, want %+v", o.Units, unit)
		}
		r.clock.pass(24 * 3600e9) // Eli has left
		unit.Phone = "55 00 00 00"
		if unit, err = r.UpdateUnit(ctx, r.jon(), unit); err != nil {
			t.Errorf("who was named before is in the way of a telephone number: %v", err)
		}
		for name, c := range map[string]struct {
			contact, deputy access.PersonID
			field           string
		}{
			"somebody of another organisation": {away, "", "contact"},
			"somebody who has left":            {left, "", "contact"},
			"somebody who is not there":        {"nobody", "", "contact"},
			"a deputy of another organisation": {tuva, away, "deputy"},
			"a deputy of nobody":               {"", tuva, "deputy"},
			"one person twice":                 {tuva, tuva, "deputy"},
			"who has left, in another place":   {eli, "", "contact"},
		} {
			bad := unit
			bad.Contact, bad.Deputy = c.contact, c.deputy
			_, err := r.UpdateUnit(ctx, r.jon(), bad)
			wantInvalid(t, name, err, c.field)
		}
		unit.Contact, unit.Deputy = "", ""
		if _, err := r.UpdateUnit(ctx, r.jon(), unit); err != nil {
			t.Errorf("nobody is named: %v", err)
		}
	})
}
