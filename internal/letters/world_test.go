package letters_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/letters"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// post is a composer over a real store: the hospital has invited Tuva, Mari of Fjordvik, the
// patient Olav, his daughter Ragna and an interpreter on 1 December at ten; Siv has booked it.
type post struct {
	*letters.Composer
	t    testing.TB
	db   *store.DB
	gate *identity.Gate
	cfg  letters.Config
	now  time.Time
}

type strangers struct{}

func (strangers) OrganisationRelations(context.Context, access.Actor, access.OrganisationID) (access.Relations, error) {
	return 0, nil
}

func newPost(t testing.TB) *post {
	t.Helper()
	p := &post{t: t, db: storetest.SQLite(t), now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return p.now }
	ctx, s := t.Context(), p.db.Directory()
	for _, o := range []identity.Organisation{
		{ID: "hospital", Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "+4755000000", Host: true},
		{ID: "fjordvik", Kind: identity.Municipality, Name: "Fjordvik kommune", Phone: "+4757000000"},
	} {
		o.Active = true
		p.must(s.SaveOrganisation(ctx, o, nil, nil))
	}
	for _, m := range []identity.Person{
		{ID: "tuva", Name: "Tuva Ask", Email: "tuva@sjukehus.example", Phone: "+4790000001", Language: "nb"},
		{ID: "mari", Name: "Mari Bjørk", Email: "mari@fjordvik.example", Language: "nn"},
		{ID: "siv", Name: "Siv Dal", Email: "siv@sjukehus.example", Language: "nn"},
	} {
		p.must(s.SaveStaff(ctx, identity.Staff{Person: m}, nil, nil))
	}
	p.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: "olav", Name: "Olav Eik", Phone: "+4790000123", Email: "olav@eik.example", Language: "nn"}, CaredForBy: []access.OrganisationID{"fjordvik"},
		Relatives: []identity.RelatedPerson{
			{Person: identity.Person{ID: "ragna", Name: "Ragna Eik", Email: "ragna@eik.example", Language: "nb"}, Kind: identity.KindRelative, Title: "dotter"},
			{Person: identity.Person{ID: "knut", Name: "Knut Eik", Language: "nb"}, Kind: identity.KindRelative, Title: "bror"},
		},
	}, "fjordvik", nil, nil))
	p.must(s.SaveInterpreter(ctx, identity.Interpreter{
		Person: identity.Person{ID: "ewa", Name: "Ewa Nowak", Email: "ewa@tolk.example", Language: "en"}, Organisation: "hospital", Speaks: []string{"pl"}, Active: true,
	}, nil, nil))
	var err error
	p.gate, err = identity.NewGate(identity.GateConfig{
		Store: p.db.SignIn(), People: s, Relations: strangers{}, PublicURL: "https://samtale.example", Now: clock,
		SessionKeys: []identity.Key{{Generation: 1, Secret: bytes.Repeat([]byte{1}, 32)}},
		LinkKeys:    []identity.Key{{Generation: 1, Secret: bytes.Repeat([]byte{2}, 32)}},
	})
	p.must(err)
	p.must(p.gate.Refresh(ctx))
	p.cfg = letters.Config{
		Appointments: p.db.Appointments(), People: s, Links: p.gate, PublicURL: "https://samtale.example", Sender: "Samtale <samtale@sjukehus.example>", Now: clock,
	}
	p.Composer, err = letters.New(p.cfg)
	p.must(err)
	return p
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// at is a time of 1 December in Norway.
func at(hour, minute int) time.Time { return time.Date(2026, 12, 1, hour-1, minute, 0, 0, time.UTC) }

func wound() scheduling.Appointment {
	return scheduling.Appointment{
		ID: "c1", Organisation: "hospital", Starts: at(10, 0), Ends: at(10, 30), State: scheduling.Booked, Identification: scheduling.ByLink, MadeBy: "siv",
		Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital", Title: "Overlege", Required: true},
			{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: "fjordvik", Title: "Sjukepleiar", Required: true},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient", Required: true},
			{ID: "p-ragna", Person: "ragna", Role: access.Relative, Title: "Dotter"},
			{ID: "p-ewa", Person: "ewa", Role: access.Interpreter, Title: "Tolk"},
		},
		Plan: scheduling.Plan{Title: "Sårkontroll", Question: "Heler såret?"},
	}
}

// proposed is the same while it is asked for, at ten or at eleven.
func proposed() scheduling.Appointment {
	a := wound()
	a.State, a.AnswerBy = scheduling.Proposed, at(8, 0)
	a.Options = []scheduling.Option{{ID: "o1", Starts: at(10, 0), Ends: at(10, 30)}, {ID: "o2", Starts: at(11, 0), Ends: at(11, 30)}}
	return a
}

// keeps puts an appointment into the store.
func (p *post) keeps(a scheduling.Appointment) scheduling.Appointment {
	p.t.Helper()
	p.must(a.Check())
	saved, err := p.db.Appointments().Save(p.t.Context(), scheduling.Change{Appointments: []scheduling.Appointment{a}})
	p.must(err)
	return saved[0]
}

// to is a message to somebody about their own seat.
func to(person access.PersonID, kind notify.Kind) notify.Message {
	return notify.Message{ID: "m1", To: person, Kind: kind, About: "c1", Seat: "p-" + string(person)}
}
