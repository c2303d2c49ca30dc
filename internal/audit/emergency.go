package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Emergencies is a page of what has been opened in emergencies, the newest first.
type Emergencies struct {
	Lines []EmergencyLine
	Next  string // id to go on after; empty: there is no more
}

// EmergencyLine is one patient, opened once.
type EmergencyLine struct {
	At           time.Time
	Person       access.PersonID
	Name         string // empty: erased
	Role         access.Role
	Organisation string // its name
	// Patient and Reason are those of the own organisation's patients; empty of others' and of
	// the erased.
	Patient access.PersonID
	Reason  string
}

// emergencyTime is how far back they are listed: who answers for data protection goes
// through them each month at the least.
const emergencyTime = 30 * 24 * time.Hour

// emergencyPage is how many a page has.
const emergencyPage = 100

// Emergencies tells the data protection officer what was opened in an emergency within 30
// days: the own organisation's patients, by whomever, and others', by the own organisation's
// people. Of those that is all that the own officer may know: the patient and the reason are
// for the officer of who cares for the patient. after is a page's Next, or empty. Errors:
// *access.Refused.
func (r *Reader) Emergencies(ctx context.Context, by access.Actor, after string) (Emergencies, error) {
	var has access.Relations
	if by.Organisation != "" {
		has = access.SameOrganisation // nobody can ask for another's
	}
	look, err := r.demand(ctx, by, access.SeenRead, has, "", "emergencies")
	if err != nil {
		return Emergencies{}, err
	}
	since := r.cfg.Now().Add(-emergencyTime)
	entries, err := r.cfg.Store.Emergencies(ctx, by.Organisation, since, after, emergencyPage, func(shown []Entry) []Entry {
		return append(r.looksAt(look, shown), look)
	})
	if err != nil {
		return Emergencies{}, fmt.Errorf("emergencies of %s: %w", by.Organisation, err)
	}
	var page Emergencies
	if len(entries) == emergencyPage {
		page.Next = entries[len(entries)-1].ID
	}
	people, organisations, err := r.named(ctx, entries)
	if err != nil {
		return Emergencies{}, fmt.Errorf("emergencies of %s: %w", by.Organisation, err)
	}
	for _, e := range entries {
		page.Lines = append(page.Lines, EmergencyLine{
			At: e.At, Person: e.Actor.Person, Name: people[e.Actor.Person], Role: e.Actor.Role,
			Organisation: organisations[e.Actor.Organisation], Patient: e.Patient, Reason: e.Reason,
		})
	}
	return page, nil
}

// looksAt are a look at each of the patients whose entries are shown.
func (r *Reader) looksAt(look Entry, shown []Entry) (looks []Entry) {
	had := map[access.PersonID]bool{"": true}
	for _, e := range shown {
		if had[e.Patient] {
			continue
		}
		had[e.Patient] = true
		each := New(look.At, look.Actor, look.Action, Done)
		each.By, each.Patient, each.Object = look.By, e.Patient, look.Object
		looks = append(looks, each)
	}
	return looks
}
