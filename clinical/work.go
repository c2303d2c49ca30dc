package clinical

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// WorkID names an entry in the work list.
type WorkID string

// Work is something that a clinician of an organisation is to see to. It stays open until somebody
// has acknowledged it by name.
type Work struct {
	ID           WorkID
	Kind         WorkKind
	Organisation access.OrganisationID
	Patient      access.PersonID
	Made         time.Time
	Why          Why
	Contact      access.PersonID // who was told; empty: nobody is named
	Deputy       access.PersonID
	TellAt       time.Time // when the deputy is told, where nobody has acknowledged; zero: the deputy has been, or there is nobody
	Acknowledged *Acknowledged
}

// LogValue keeps what is known of a patient out of every log.
func (Work) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// WorkKind is what sort of thing it is. It stands in the database in the open, and says nothing of health.
type WorkKind string

// WorkAnswer is for an answer that somebody must see to.
const WorkAnswer WorkKind = "answer"

// Why is what it is about; kept sealed.
type Why struct {
	Questionnaire QuestionnaireID `json:"questionnaire"`
	Form          FormID          `json:"form"`
	Item          string          `json:"item"`
	Points        int             `json:"points"` // what the answer counts
}

// Acknowledged is who sees to it.
type Acknowledged struct {
	By    Performer `json:"by"`
	At    time.Time `json:"at"`
	Words string    `json:"words,omitempty"` // may be empty
}

// Overdue is work that nobody has acknowledged in time: ids alone, for the loop that tells others
// reads nothing of patients.
type Overdue struct {
	ID              WorkID
	Contact, Deputy access.PersonID
}

// alarm is the work, and the messages, that come of an answer that somebody must see to. A message
// says that something waits, and nothing of what or whose.
func (s *Questions) alarm(ctx context.Context, by access.Actor, f Form) ([]Work, []notify.Message, error) {
	r, err := s.responsible(ctx, by, f)
	if err != nil {
		return nil, nil, fmt.Errorf("who answers for %s: %w", f.Patient, err)
	}
	of, _ := scoringOf(f.Questionnaire)
	q, _ := s.cfg.Questionnaires.Questionnaire(f.Questionnaire)
	points, _ := q.points(of.alarm, f.Answers)
	w := Work{
		ID: WorkID(newID()), Kind: WorkAnswer, Organisation: r.Organisation, Patient: f.Patient, Made: f.Changed,
		Why:     Why{Questionnaire: f.Questionnaire, Form: f.ID, Item: of.alarm, Points: int(points)},
		Contact: r.Contact, Deputy: r.Deputy,
	}
	told := []access.PersonID{r.Contact}
	if s.cfg.AtWork(w.Made) {
		w.TellAt = w.Made.Add(s.cfg.Within)
	} else {
		told = append(told, r.Deputy)
	}
	if r.Contact == "" && r.Deputy == "" {
		w.TellAt = time.Time{}
		s.cfg.Log.Warn("nobody is named to be told of work that waits", "organisation", r.Organisation, "work", w.ID)
	}
	return []Work{w}, s.workMessages(w.ID, told), nil
}

func (s *Questions) workMessages(id WorkID, to []access.PersonID) (out []notify.Message) {
	for _, person := range to {
		if person != "" {
			out = append(out, notify.Message{ID: newID(), To: person, Kind: notify.KindWork, About: string(id)})
		}
	}
	return out
}

// Escalate tells the deputies of what nobody has acknowledged in time; where there is no deputy,
// the contact is told again. Nodes may do so at once: one of them is first.
func (s *Questions) Escalate(ctx context.Context) (told int, err error) {
	now := s.cfg.Now().Truncate(time.Millisecond)
	late, err := s.cfg.Store.Overdue(ctx, now, 100)
	if err != nil {
		return 0, fmt.Errorf("work that nobody has acknowledged: %w", err)
	}
	for _, w := range late {
		to := w.Deputy
		if to == "" {
			to = w.Contact
		}
		first, err := s.cfg.Store.EscalateWork(ctx, w.ID, now, s.workMessages(w.ID, []access.PersonID{to}))
		if err != nil {
			return told, fmt.Errorf("tell of work %s: %w", w.ID, err)
		}
		if first {
			told++
		}
	}
	return told, nil
}

// WorkLine is work with what its patient is called.
type WorkLine struct {
	Work
	PatientName string
}

// Of a list of work.
const (
	mostWork   = 200
	recentWork = 7 * 24 * time.Hour // for so long acknowledged work is still shown
)

// WorkList is what waits for an organisation's clinicians, the oldest first, and after it what was
// acknowledged in the last week. Each patient in it has been seen. Errors: *access.Refused.
func (s *Questions) WorkList(ctx context.Context, by access.Actor) ([]WorkLine, error) {
	through, err := s.demandOwn(ctx, by, access.WorkRead)
	if err != nil {
		return nil, err
	}
	var all []Work
	for _, since := range []time.Time{{}, s.cfg.Now().Add(-recentWork)} {
		part, err := s.cfg.Store.Work(ctx, by.Organisation, since, mostWork)
		if err != nil {
			return nil, fmt.Errorf("work of %s: %w", by.Organisation, err)
		}
		all = append(all, part...)
	}
	people := make([]access.PersonID, len(all))
	looks := make([]audit.Entry, len(all))
	for i, w := range all {
		people[i] = w.Patient
		looks[i] = s.entry(by, access.WorkRead, audit.Done, through, w.Patient, "work/"+string(w.ID))
	}
	if err := s.record(ctx, by, looks); err != nil {
		return nil, err
	}
	names, err := s.cfg.Names.Names(ctx, people)
	if err != nil {
		return nil, fmt.Errorf("names of patients: %w", err)
	}
	out := make([]WorkLine, len(all))
	for i, w := range all {
		out[i] = WorkLine{w, names[w.Patient]}
	}
	return out, nil
}

// Acknowledge says by name that somebody sees to it. Whoever comes second is told who was first,
// and changes nothing: first is false. Errors: *access.Refused, *Invalid, ErrNotFound.
func (s *Questions) Acknowledge(ctx context.Context, by access.Actor, id WorkID, words string) (line WorkLine, first bool, err error) {
	through, err := s.demandOwn(ctx, by, access.WorkAcknowledge)
	if err != nil {
		return WorkLine{}, false, err
	}
	if rule := lineRule(words, maxNote); rule != "" {
		return WorkLine{}, false, &Invalid{"words", rule}
	}
	who, err := s.performer(ctx, by)
	if err != nil {
		return WorkLine{}, false, err
	}
	a := Acknowledged{By: who, At: s.cfg.Now().Truncate(time.Millisecond), Words: words}
	// Whose it is, the store knows: it is noted there.
	e := s.entry(by, access.WorkAcknowledge, audit.Done, through, "", "work/"+string(id))
	w, first, err := s.cfg.Store.AcknowledgeWork(ctx, id, by.Organisation, a, []audit.Entry{e})
	if err != nil {
		return WorkLine{}, false, fmt.Errorf("work %s: %w", id, err)
	}
	if !first { // and the first one's entry tells nothing of this look
		if err := s.record(ctx, by, []audit.Entry{s.entry(by, access.WorkRead, audit.Done, through, w.Patient, "work/"+string(id))}); err != nil {
			return WorkLine{}, false, err
		}
	}
	names, err := s.cfg.Names.Names(ctx, []access.PersonID{w.Patient})
	if err != nil {
		return WorkLine{}, false, fmt.Errorf("name of a patient: %w", err)
	}
	return WorkLine{w, names[w.Patient]}, first, nil
}

// demandOwn asks access for what is one's own organisation's.
func (s *Questions) demandOwn(ctx context.Context, by access.Actor, action access.Action) (access.Relations, error) {
	has := access.Relations(0)
	if by.Organisation != "" {
		has = access.SameOrganisation
	}
	through, refused := access.Can(by, action, has)
	if refused != nil {
		return 0, s.refuse(ctx, by, action, "", "organisation/"+string(by.Organisation)+"/work", refused)
	}
	return through, nil
}
