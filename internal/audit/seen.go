package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Seen is a page of who has seen or changed what about a patient, the newest first.
type Seen struct {
	Lines []SeenLine
	Next  string // id to go on after; empty: there is no more
}

// SeenLine is what one person did in one way within one hour.
type SeenLine struct {
	At           time.Time // the last time
	Times        int
	Person       access.PersonID
	Name         string // empty: erased, or nobody was signed in
	Role         access.Role
	Organisation string // its name
	Action       string
	Outcome      Outcome
	By           access.Relations
	Reason       string // what was written, in an emergency
}

// seenPage is how many entries a page is made of.
const seenPage = 500

// Seen tells a patient, a relative with the patient's consent, or the data protection officer
// of who cares for the patient, who has seen what; after is a page's Next, or empty. Errors:
// *access.Refused, whether or not there is such a patient.
func (r *Reader) Seen(ctx context.Context, by access.Actor, patient access.PersonID, after string) (Seen, error) {
	has, err := r.cfg.Relations.Relations(ctx, by, patient)
	if err != nil {
		return Seen{}, fmt.Errorf("who has seen %s: %w", patient, err)
	}
	look, err := r.demand(ctx, by, access.SeenRead, has, patient, "patient/"+string(patient))
	if err != nil {
		return Seen{}, err
	}
	entries, err := r.cfg.Store.OfPatient(ctx, patient, after, seenPage, look)
	if err != nil {
		return Seen{}, fmt.Errorf("who has seen %s: %w", patient, err)
	}
	entries, next := wholeHours(entries)
	seen := Seen{Lines: byHour(entries), Next: next}
	if err := r.name(ctx, entries, seen.Lines); err != nil {
		return Seen{}, fmt.Errorf("who has seen %s: %w", patient, err)
	}
	return seen, nil
}

// wholeHours cuts a full page where its last hour begins, so that no line is split between
// two pages, unless it is all one hour.
func wholeHours(entries []Entry) (page []Entry, next string) {
	if len(entries) < seenPage {
		return entries, ""
	}
	cut := len(entries)
	for last := hour(entries[cut-1]); cut > 0 && hour(entries[cut-1]).Equal(last); {
		cut--
	}
	if cut == 0 {
		cut = len(entries)
	}
	return entries[:cut], entries[cut-1].ID
}

// hour is the same in Norway and in UTC.
func hour(e Entry) time.Time { return e.At.Truncate(time.Hour) }

// byHour makes lines of entries, in the order of each line's newest.
func byHour(entries []Entry) []SeenLine {
	type key struct {
		hour         time.Time
		person       access.PersonID
		role         access.Role
		organisation access.OrganisationID
		action       string
		outcome      Outcome
		by           access.Relations
		reason       string
	}
	var lines []SeenLine
	at := map[key]int{}
	for _, e := range entries {
		k := key{hour(e), e.Actor.Person, e.Actor.Role, e.Actor.Organisation, e.Action, e.Outcome, e.By, e.Reason}
		i, there := at[k]
		if !there {
			i = len(lines)
			at[k] = i
			lines = append(lines, SeenLine{
				At: e.At, Person: e.Actor.Person, Role: e.Actor.Role, Organisation: string(e.Actor.Organisation),
				Action: e.Action, Outcome: e.Outcome, By: e.By, Reason: e.Reason,
			})
		}
		lines[i].Times++
		if e.At.After(lines[i].At) {
			lines[i].At = e.At
		}
	}
	return lines
}

// name fills in what people and organisations are called.
func (r *Reader) name(ctx context.Context, entries []Entry, lines []SeenLine) error {
	people, organisations, err := r.named(ctx, entries)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].Name = people[lines[i].Person]
		lines[i].Organisation = organisations[access.OrganisationID(lines[i].Organisation)]
	}
	return nil
}

// named is what those who acted, and whom they acted for, are called.
func (r *Reader) named(ctx context.Context, entries []Entry) (map[access.PersonID]string, map[access.OrganisationID]string, error) {
	var people []access.PersonID
	var organisations []access.OrganisationID
	had := map[any]bool{}
	for _, e := range entries {
		if p := e.Actor.Person; p != "" && !had[p] {
			had[p] = true
			people = append(people, p)
		}
		if o := e.Actor.Organisation; o != "" && !had[o] {
			had[o] = true
			organisations = append(organisations, o)
		}
	}
	named, called, err := r.cfg.Names.Names(ctx, people, organisations)
	if err != nil {
		return nil, nil, fmt.Errorf("names: %w", err)
	}
	return named, called, nil
}
