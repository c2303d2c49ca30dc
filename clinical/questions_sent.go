package clinical

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// SentForm is a questionnaire that somebody has answered whole elsewhere: on a platform for
// follow-up at home, or in a journal.
type SentForm struct {
	Questionnaire QuestionnaireID
	Edition       string    // the questionnaire's version that the answers are to; empty: the one that is asked here
	Key           string    // the sender's own name for it, by which it is kept once; 1–128 characters
	Completed     time.Time // when it was answered
	Answers       []FormAnswer
}

// Take keeps a form that comes answered, with its score and the work that comes of it, as if it had
// been answered here. Sent again it is answered as it is kept now: known. Errors: *access.Refused,
// *Invalid, ErrKeyTaken.
func (s *Questions) Take(ctx context.Context, by access.Actor, patient access.PersonID, in SentForm) (f Form, known bool, err error) {
	f, through, err := s.form(ctx, by, access.QuestionnaireAnswer, patient, NewForm{Questionnaire: in.Questionnaire})
	if err != nil {
		return Form{}, false, err
	}
	q, _ := s.cfg.Questionnaires.Questionnaire(in.Questionnaire)
	if err := s.complete(ctx, by, q, &f, in); err != nil {
		return Form{}, false, err
	}
	if kept, found, err := s.taken(ctx, f); found || err != nil {
		return kept, found, err
	}
	var work []Work
	var out []notify.Message
	if f.Alarm {
		if work, out, err = s.alarm(ctx, by, f); err != nil {
			return Form{}, false, err
		}
	}
	e := s.entry(by, access.QuestionnaireAnswer, audit.Done, through, patient, "form/"+string(f.ID))
	switch err := s.cfg.Store.AddForm(ctx, f, work, []audit.Entry{e}, out); {
	case errors.Is(err, ErrKeyTaken): // by the same that was sent twice at once
		return s.taken(ctx, f)
	case err != nil:
		return Form{}, false, fmt.Errorf("form %s: %w", f.ID, err)
	}
	// It is kept; where its score can't be carried on now, ScoreAll does so.
	if err := s.carry(ctx, f); err != nil {
		s.cfg.Log.Warn("a score is not among what is measured yet", "form", f.ID, "error", err)
	}
	return f, false, nil
}

// complete puts what was sent into a new form.
func (s *Questions) complete(ctx context.Context, by access.Actor, q Questionnaire, f *Form, in SentForm) error {
	switch {
	case in.Edition != "" && in.Edition != q.Version:
		return &Invalid{"edition", "must be " + q.Version + ", which is asked here"}
	case in.Key == "" || lineRule(in.Key, maxKey) != "":
		return &Invalid{"key", fmt.Sprintf("must be 1–%d characters on one line", maxKey)}
	case in.Completed.IsZero():
		return &Invalid{"completed", "is required"}
	case in.Completed.After(f.Made.Add(ahead)):
		return &Invalid{"completed", "must not be in the future"}
	case in.Completed.Year() < 1900:
		return &Invalid{"completed", "must be a time at which someone now living has answered"}
	}
	author, err := s.performer(ctx, by)
	if err != nil {
		return err
	}
	if f.Answers, err = q.checked(in.Answers, true); err != nil {
		return err
	}
	// The same form from the same sender has the same name, so that the database keeps it once.
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s", by.Person, f.Patient, in.Key))
	f.ID = FormID(base32.StdEncoding.EncodeToString(sum[:])[:26])
	f.Status, f.Completed, f.Key = FormCompleted, in.Completed.Truncate(time.Millisecond), in.Key
	f.Author, f.Score, f.Alarm = &Author{author, sourceOf(by.Role)}, q.Score(f.Answers), q.alarms(f.Answers)
	return nil
}

// taken finds a form that has been sent before, as it is now. ErrKeyTaken: it was another.
func (s *Questions) taken(ctx context.Context, f Form) (kept Form, found bool, err error) {
	all, err := s.cfg.Store.Forms(ctx, f.Patient, f.ID)
	if err != nil || len(all) == 0 {
		return Form{}, false, err
	}
	versions, err := s.cfg.Store.FormVersions(ctx, f.Patient, f.ID)
	if err != nil {
		return Form{}, false, err
	}
	first := append(versions, all[0])[0]
	if first.Questionnaire != f.Questionnaire || first.Edition != f.Edition || !first.Completed.Equal(f.Completed) || !slices.EqualFunc(first.Answers, f.Answers, FormAnswer.equal) {
		return Form{}, false, ErrKeyTaken
	}
	return all[0], true, nil
}
