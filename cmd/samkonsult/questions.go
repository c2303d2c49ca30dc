package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
)

// questionnairesIn reads our own questionnaires and those of a folder.
func questionnairesIn(folder string) (clinical.Questionnaires, error) {
	if folder == "" {
		return clinical.ReadQuestionnaires(nil)
	}
	all, err := clinical.ReadQuestionnaires(os.DirFS(folder))
	if err != nil {
		return all, &FieldError{"questionnaires", err.Error()}
	}
	return all, nil
}

// ask sets up questionnaires and the work list.
func (h *house) ask(c checked, nodes cluster.Events) (err error) {
	h.questions, err = clinical.NewQuestions(clinical.QuestionsConfig{
		Store: h.db.Questions(), Scores: h.db.Clinical(), Changed: publish(nodes, c.Log), Shown: h.clinical.ShowsAnswers,
		Relations: h.directory, Names: h.names, Contacts: contacts{h.db.Directory(), h.zone, time.Now},
		Questionnaires: c.questionnaires, About: h.about, AtWork: workingHours(h.zone), Within: c.AcknowledgeWithin, Log: c.Log,
	})
	return err
}

// about is whom a consultation is about.
func (h *house) about(ctx context.Context, consultation string) (access.PersonID, error) {
	a, err := h.db.Appointments().Appointment(ctx, scheduling.AppointmentID(consultation))
	if errors.Is(err, scheduling.ErrNotFound) {
		return "", clinical.ErrNotFound
	}
	return a.Patient(), err
}

// workingHours are those in which somebody at work is expected to see a message: from eight to
// four, Monday to Friday, not on holidays.
func workingHours(zone *time.Location) func(time.Time) bool {
	return func(t time.Time) bool {
		t = t.In(zone)
		if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || t.Hour() < 8 || t.Hour() >= 16 {
			return false
		}
		_, holiday := scheduling.Holidays(t.Year())[t.Format(time.DateOnly)]
		return !holiday
	}
}

// contacts finds who answers for a patient, as a clinical.Contacts.
type contacts struct {
	directory *store.Directory
	zone      *time.Location
	now       func() time.Time
}

// Responsible implements clinical.Contacts. Of an organisation's units that of the one who is near
// comes first, then the first one for which somebody is named.
func (c contacts) Responsible(ctx context.Context, patient access.PersonID, in access.OrganisationID, near access.PersonID) (clinical.Responsible, error) {
	today := identity.DayOf(c.now(), c.zone)
	candidates := []access.OrganisationID{in}
	if in == "" {
		ties, err := c.directory.Ties(ctx, patient, patient, today, c.now())
		if err != nil {
			return clinical.Responsible{}, err
		}
		if candidates = ties.CaredForBy; len(candidates) == 0 {
			return clinical.Responsible{}, identity.ErrNotFound
		}
	}
	var units []string // of the one who is near
	if near != "" {
		placed, err := c.directory.PlacedOf(ctx, []access.PersonID{near}, []access.Role{access.Specialist, access.Nurse, access.GP}, today)
		if err != nil {
			return clinical.Responsible{}, err
		}
		for _, p := range placed {
			units = append(units, p.Unit)
		}
	}
	var first clinical.Responsible
	for i, id := range candidates {
		o, err := c.directory.Organisation(ctx, id)
		if err != nil {
			return clinical.Responsible{}, err
		}
		r := responsible(o, units)
		if r.Contact != "" {
			return r, nil
		}
		if i == 0 {
			first = r
		}
	}
	return first, nil
}

// responsible is who answers in an organisation; whose unit has no telephone is reached by the
// organisation's.
func responsible(o identity.Organisation, near []string) clinical.Responsible {
	r := clinical.Responsible{Organisation: o.ID, Name: o.Name, Phone: o.Phone}
	named := slices.DeleteFunc(slices.Clone(o.Units), func(u identity.Unit) bool { return !u.Active || u.Contact == "" })
	if len(named) == 0 {
		return r
	}
	unit := named[max(0, slices.IndexFunc(named, func(u identity.Unit) bool { return slices.Contains(near, u.ID) }))]
	r.Contact, r.Deputy = unit.Contact, unit.Deputy
	if unit.Phone != "" {
		r.Name, r.Phone = unit.Name, unit.Phone
	}
	return r
}

// workEvery is how often work is looked at that nobody has acknowledged in time.
const workEvery = 30 * time.Second

// work tells deputies of what waits too long, and carries scores on that were kept back, until
// ctx ends. Every node does so; the database lets one be first.
func (h *house) work(log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(workEvery)
		defer tick.Stop()
		for {
			if _, err := h.questions.Escalate(ctx); err != nil && ctx.Err() == nil {
				log.Error("deputies are not told of work that waits", "error", err)
			}
			if _, err := h.questions.ScoreAll(ctx); err != nil && ctx.Err() == nil {
				log.Warn("scores are not among what is measured yet", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
}
