package clinical

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// NewForm asks for a questionnaire, or begins one.
type NewForm struct {
	Questionnaire QuestionnaireID
	Consultation  string    // that it is for; empty: none
	Due           time.Time // until when it is asked for; zero: no time
}

// farDue is how long ahead answers can be asked for.
const farDue = 366 * 24 * time.Hour

// Ask asks a patient for answers. What is asked for already, for the same consultation, and not
// answered, is not asked for twice. Errors: *access.Refused, *Invalid.
func (s *Questions) Ask(ctx context.Context, by access.Actor, patient access.PersonID, n NewForm) (Form, error) {
	f, through, err := s.form(ctx, by, access.QuestionnaireAsk, patient, n)
	if err != nil {
		return Form{}, err
	}
	now := f.Made
	if !n.Due.IsZero() && (n.Due.Before(now) || n.Due.After(now.Add(farDue))) {
		return Form{}, &Invalid{"due", "must be within a year from now"}
	}
	known, err := s.cfg.Store.Forms(ctx, patient)
	if err != nil {
		return Form{}, fmt.Errorf("forms of %s: %w", patient, err)
	}
	for _, k := range known {
		if k.Status.Open() && k.Asked != nil && k.Questionnaire == f.Questionnaire && k.Consultation == f.Consultation {
			k.Answers, k.Alarm = nil, false // who asks may be one who doesn't read
			return k, nil
		}
	}
	asker, err := s.performer(ctx, by)
	if err != nil {
		return Form{}, err
	}
	f.Status, f.Asked = FormAsked, &Ask{By: asker, At: now, Due: n.Due.Truncate(time.Millisecond)}
	return f, s.add(ctx, by, access.QuestionnaireAsk, through, f)
}

// Begin begins a form that nobody has asked for. Errors: *access.Refused, *Invalid.
func (s *Questions) Begin(ctx context.Context, by access.Actor, patient access.PersonID, n NewForm) (Form, error) {
	f, through, err := s.form(ctx, by, access.QuestionnaireAnswer, patient, n)
	if err != nil {
		return Form{}, err
	}
	author, err := s.performer(ctx, by)
	if err != nil {
		return Form{}, err
	}
	f.Status, f.Author = FormInProgress, &Author{author, sourceOf(by.Role)}
	return f, s.add(ctx, by, access.QuestionnaireAnswer, through, f)
}

// form is one that is new, of what somebody may ask or begin.
func (s *Questions) form(ctx context.Context, by access.Actor, action access.Action, patient access.PersonID, n NewForm) (Form, access.Relations, error) {
	through, err := s.demand(ctx, by, action, patient)
	if err != nil {
		return Form{}, 0, err
	}
	q, ok := s.cfg.Questionnaires.Questionnaire(n.Questionnaire)
	if !ok {
		return Form{}, 0, &Invalid{"questionnaire", "must be one that can be asked here"}
	}
	if n.Consultation != "" {
		whose, err := s.cfg.About(ctx, n.Consultation)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Form{}, 0, fmt.Errorf("whom consultation %s is about: %w", n.Consultation, err)
		}
		if err != nil || whose != patient {
			return Form{}, 0, &Invalid{"consultation", "must be one that is about the patient"}
		}
	}
	now := s.cfg.Now().Truncate(time.Millisecond)
	return Form{
		ID: FormID(newID()), Version: 1, Patient: patient, Questionnaire: q.ID, Edition: q.Version, Made: now, Changed: now, Consultation: n.Consultation,
	}, through, nil
}

func (s *Questions) add(ctx context.Context, by access.Actor, action access.Action, through access.Relations, f Form) error {
	e := s.entry(by, action, audit.Done, through, f.Patient, "form/"+string(f.ID))
	if err := s.cfg.Store.AddForm(ctx, f, nil, []audit.Entry{e}, nil); err != nil {
		return fmt.Errorf("form %s: %w", f.ID, err)
	}
	return nil
}

// Forms are a patient's, the newest first, with scores. Who answers in the patient's place sees
// what is asked for, and what they have answered themselves. Errors: *access.Refused.
func (s *Questions) Forms(ctx context.Context, by access.Actor, patient access.PersonID) ([]Form, error) {
	return s.see(ctx, by, patient, "patient/"+string(patient)+"/forms", func() ([]Form, error) { return s.cfg.Store.Forms(ctx, patient) })
}

// History is what a form was, from when it was completed, the oldest first. Errors: *access.Refused,
// ErrNotFound.
func (s *Questions) History(ctx context.Context, by access.Actor, patient access.PersonID, id FormID) ([]Form, error) {
	all, err := s.see(ctx, by, patient, "form/"+string(id), func() ([]Form, error) {
		now, err := s.cfg.Store.Forms(ctx, patient, id)
		if err != nil || len(now) == 0 {
			return nil, err
		}
		before, err := s.cfg.Store.FormVersions(ctx, patient, id)
		return append(before, now...), err
	})
	if err == nil && len(all) == 0 {
		return nil, ErrNotFound
	}
	return all, err
}

// see reads forms for somebody, has it on record, and leaves out what is not for them.
func (s *Questions) see(ctx context.Context, by access.Actor, patient access.PersonID, object string, read func() ([]Form, error)) ([]Form, error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return nil, err
	}
	through, refused := access.Can(by, access.QuestionnaireRead, has)
	if refused == nil {
		shown, err := s.cfg.Shown(ctx, by, has, patient)
		if err != nil {
			return nil, err
		}
		if !shown {
			return nil, s.refuse(ctx, by, access.QuestionnaireRead, patient, object, &access.Refused{Role: by.Role, Action: access.QuestionnaireRead})
		}
	}
	if refused != nil {
		answers, no := access.Can(by, access.QuestionnaireAnswer, has)
		if no != nil {
			return nil, s.refuse(ctx, by, access.QuestionnaireRead, patient, object, refused)
		}
		through = answers
	}
	all, err := read()
	if err != nil {
		return nil, fmt.Errorf("forms of %s: %w", patient, err)
	}
	if refused != nil {
		all = slices.DeleteFunc(all, func(f Form) bool { return !answersIn(by, f) })
	}
	if by.Person == patient {
		return all, nil
	}
	return all, s.record(ctx, by, []audit.Entry{s.entry(by, access.QuestionnaireRead, audit.Done, through, patient, object)})
}

// answersIn says whether a form is to be seen by one who answers in the patient's place: nobody
// else has put anything into it.
func answersIn(by access.Actor, f Form) bool {
	if f.Author == nil {
		return f.Status == FormAsked
	}
	return f.Author.Person == by.Person
}

// Answered is what was saved, and what is to be said at once to who has answered.
type Answered struct {
	Form
	// Help is whom to ring, where an answer is one that somebody must see to; nil: nothing is said.
	Help *Help
}

// Help is whom the patient rings: beside 113 and 116 117 their own contact.
type Help struct {
	Name  string // of the unit or organisation; may be empty
	Phone string // may be empty
}

// Answers are what is to be saved.
type Answers struct {
	Answers  []FormAnswer
	Complete bool   // it is answered; else it goes on later
	Wrong    bool   // a completed form counts for nothing any more; answers are not looked at
	Reason   string // of a change of what was completed; may be empty
}

// Save keeps answers: as far as they have come, or completed; of what is completed, amended.
// version is the one that they rest on. The same from the same person again is answered as it was
// kept. Errors: *access.Refused, *Invalid, ErrNotFound, ErrVersion.
func (s *Questions) Save(ctx context.Context, by access.Actor, patient access.PersonID, id FormID, version int64, a Answers) (Answered, error) {
	through, err := s.demand(ctx, by, access.QuestionnaireAnswer, patient)
	if err != nil {
		return Answered{}, err
	}
	found, err := s.cfg.Store.Forms(ctx, patient, id)
	if err != nil {
		return Answered{}, fmt.Errorf("form %s: %w", id, err)
	}
	if len(found) == 0 || !s.mayWrite(by, found[0]) {
		return Answered{}, ErrNotFound
	}
	before := found[0]
	q, ok := s.cfg.Questionnaires.Questionnaire(before.Questionnaire)
	if !ok || q.Version != before.Edition && !a.Wrong {
		return Answered{}, &Invalid{"questionnaire", "is not asked here any more, in the version that was begun"}
	}
	f, err := s.changed(ctx, by, q, before, a)
	if err != nil {
		return Answered{}, err
	}
	f.Version = version
	if before.Version == version+1 && before.same(f) {
		return s.answered(ctx, by, before) // the answer to the first time was lost
	}
	if before.Version != version {
		return Answered{}, ErrVersion
	}
	if before.Status == FormWrong {
		return Answered{}, &Invalid{"status", "is entered in error: begin another"}
	}
	var work []Work
	var out []notify.Message
	// Once for a form: when it is completed, or when the answer is amended to one.
	if f.Alarm && !f.Status.Open() && (before.Status.Open() || !before.Alarm) {
		if work, out, err = s.alarm(ctx, by, f); err != nil {
			return Answered{}, err
		}
	}
	e := s.entry(by, access.QuestionnaireAnswer, audit.Done, through, patient, "form/"+string(id))
	kept, err := s.cfg.Store.SaveForm(ctx, f, work, []audit.Entry{e}, out)
	if err != nil {
		return Answered{}, fmt.Errorf("form %s: %w", id, err)
	}
	if !kept.Status.Open() {
		// It is kept; where its score can't be carried on now, ScoreAll does so.
		if err := s.carry(ctx, kept); err != nil {
			s.cfg.Log.Warn("a score is not among what is measured yet", "form", id, "error", err)
		}
	}
	return s.answered(ctx, by, kept)
}

// mayWrite says whether somebody who may answer may change this one. A patient's own side
// changes what it has answered itself, and answers what waits.
func (s *Questions) mayWrite(by access.Actor, f Form) bool {
	return by.Role.Clinician() || by.Person == f.Patient && f.Status.Open() || answersIn(by, f)
}

// changed is a form with other answers.
func (s *Questions) changed(ctx context.Context, by access.Actor, q Questionnaire, f Form, a Answers) (Form, error) {
	if rule := lineRule(a.Reason, maxNote); rule != "" {
		return f, &Invalid{"reason", rule}
	}
	was := f
	author, err := s.performer(ctx, by)
	if err != nil {
		return f, err
	}
	now := s.cfg.Now().Truncate(time.Millisecond)
	f.Author, f.Changed, f.Reason = &Author{author, sourceOf(by.Role)}, now, ""
	if a.Wrong {
		if was.Status.Open() {
			return f, &Invalid{"wrong", "is for what is completed"}
		}
		f.Status, f.Author, f.Reason = FormWrong, was.Author, a.Reason
		return f, nil
	}
	if !was.Status.Open() && !a.Complete {
		return f, &Invalid{"complete", "must be true: it is completed"}
	}
	if f.Answers, err = q.checked(a.Answers, a.Complete); err != nil {
		return f, err
	}
	f.Alarm = q.alarms(f.Answers)
	switch {
	case !a.Complete:
		f.Status = FormInProgress
		return f, nil
	case was.Status.Open():
		f.Status, f.Completed = FormCompleted, now
	default:
		f.Status, f.Reason = FormAmended, a.Reason
	}
	f.Score = q.Score(f.Answers)
	if was.Score != nil && len(was.Score.Missing) == 0 && len(f.Score.Missing) > 0 {
		return f, &Invalid{"answers", "must be there for all that the score was made of; a form that should not be is entered in error"}
	}
	return f, nil
}

// same says whether a form is what another would be, saved by the same person.
func (f Form) same(g Form) bool {
	again := f.Status == g.Status || f.Status == FormCompleted && g.Status == FormAmended
	return again && f.Author != nil && g.Author != nil && f.Author.Person == g.Author.Person && slices.EqualFunc(f.Answers, g.Answers, FormAnswer.equal)
}

// answered adds whom to ring. It is said whenever the answer is there, also before the form is
// completed.
func (s *Questions) answered(ctx context.Context, by access.Actor, f Form) (Answered, error) {
	if !f.Alarm || f.Status == FormWrong {
		return Answered{Form: f}, nil
	}
	r, err := s.responsible(ctx, by, f)
	if err != nil {
		// The numbers that everybody can ring must not wait for one that can't be found.
		s.cfg.Log.Error("whom a patient rings is not known", "form", f.ID, "error", err)
	}
	return Answered{f, &Help{Name: r.Name, Phone: r.Phone}}, nil
}

// responsible is who answers for the patient of a form: where it was asked for, or asked in an
// interview, or else where the patient is cared for.
func (s *Questions) responsible(ctx context.Context, by access.Actor, f Form) (Responsible, error) {
	var in access.OrganisationID
	var near access.PersonID
	switch {
	case f.Asked != nil:
		in, near = f.Asked.By.Organisation, f.Asked.By.Person
	case by.Role.Clinician():
		in, near = by.Organisation, by.Person
	case by.Role == access.Machine: // whom its platform serves, somebody of its house looks after
		in = by.Organisation
	}
	return s.cfg.Contacts.Responsible(ctx, f.Patient, in, near)
}
