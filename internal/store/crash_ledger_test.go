package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// ledger is what services have said, and with it what a database must hold: every deed that
// was acknowledged, and of those that were only begun all or nothing.
type ledger struct {
	stories map[access.PersonID]*story
	begun   map[access.PersonID]deed // at most one for each story, and its last
	stale   map[access.PersonID]bool // told of since the last check
	sent    map[string]bool          // messages that are being taken out: whether that was acknowledged

	acknowledged, carriedOut, notCarriedOut int            // deeds; the latter two are those never acknowledged
	kinds                                   map[string]int // of the acknowledged ones
	delivered                               int
	rotated                                 bool // since that was last set to false
	wrong                                   []string
	failures                                []string // that are no lost races
}

func newLedger() *ledger {
	return &ledger{stories: map[access.PersonID]*story{}, begun: map[access.PersonID]deed{}, stale: map[access.PersonID]bool{}, sent: map[string]bool{}, kinds: map[string]int{}}
}

// hear notes what a service has said.
func (l *ledger) hear(said spoken) {
	switch {
	case said.Wrong:
		l.wrong = append(l.wrong, said.Error)
	case said.Begun != nil:
		d := *said.Begun
		s, ok := l.stories[d.Patient]
		if !ok {
			s = &story{Patient: d.Patient, Facts: facts{}}
			l.stories[d.Patient] = s
		}
		s.Deeds, l.begun[d.Patient], l.stale[d.Patient] = d.No, d, true
	case said.Done != nil:
		d := *said.Done
		kindOfDeed(d.Kind).then(*l.stories[d.Patient], d, said.Result)
		delete(l.begun, d.Patient)
		l.acknowledged++
		l.kinds[d.Kind]++
	case said.GaveUp != nil && !said.Race:
		l.failures = append(l.failures, fmt.Sprintf("%s %s: %s", said.GaveUp.Kind, said.GaveUp.id(), said.Error))
	case said.Sending != "": // once, for a message is claimed by one at a time
		l.sent[said.Sending] = false
	case said.Sent != "":
		l.sent[said.Sent] = true
		l.delivered++
	case said.Rotated:
		l.rotated = true
	}
}

// settle compares stories with the database, and returns what isn't as it must be. What was
// begun and not acknowledged is then known to have happened or not.
func (l *ledger) settle(ctx context.Context, db *DB, which []access.PersonID) (lost []string, err error) {
	ended, _, err := db.SignIn().Revocations(ctx, 0, time.Now())
	if err != nil {
		return nil, err
	}
	told := map[string]bool{}
	for _, r := range ended {
		told[r.Subject] = true
	}
	for _, patient := range which {
		s := l.stories[patient]
		found, err := readStory(ctx, db, *s, told)
		if err != nil {
			return nil, fmt.Errorf("read the story of %s: %w", patient, err)
		}
		if what := l.settleStory(s, found); what != "" {
			lost = append(lost, fmt.Sprintf("%s: %s", patient, what))
		}
		delete(l.stale, patient)
	}
	return lost, nil
}

func (l *ledger) settleStory(s *story, found facts) string {
	l.settleMessages(s.Facts, found)
	d, open := l.begun[s.Patient]
	if !open {
		return difference(s.Facts, found)
	}
	delete(l.begun, s.Patient)
	if maps.Equal(s.Facts, found) {
		l.notCarriedOut++
		return ""
	}
	after := story{s.Patient, s.Deeds, maps.Clone(s.Facts)}
	kindOfDeed(d.Kind).then(after, d, laterEpoch(s.Facts, found))
	l.settleMessages(after.Facts, found)
	if maps.Equal(after.Facts, found) {
		s.Facts = after.Facts
		l.carriedOut++
		return ""
	}
	return fmt.Sprintf("%s was begun as deed %d; were it carried out: %s; were it not: %s",
		d.Kind, d.No, difference(after.Facts, found), difference(s.Facts, found))
}

// laterEpoch is what a call that was about to start may have got: any epoch above the last.
func laterEpoch(before, found facts) string {
	last, _ := strconv.ParseInt(before["epoch"], 10, 64) // none: 0
	now, _ := strconv.ParseInt(found["epoch"], 10, 64)
	if now <= last {
		return "one above " + before["epoch"]
	}
	return found["epoch"]
}

// settleMessages drops the messages that have been taken out of the outbox. One whose taking
// out was not acknowledged may be there still, and must be from then on.
func (l *ledger) settleMessages(must, found facts) {
	for name := range must {
		id, message := strings.CutPrefix(name, "message ")
		acknowledged, sending := l.sent[id]
		switch {
		case !message || !sending:
		case acknowledged || !found.has(name):
			delete(must, name)
		default:
			delete(l.sent, id)
		}
	}
}

// difference says in words how two differ; nothing: they don't.
func difference(must, found facts) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(must)) {
		if got, ok := found[name]; !ok {
			out = append(out, fmt.Sprintf("%s is lost (%s)", name, must[name]))
		} else if got != must[name] {
			out = append(out, fmt.Sprintf("%s is %q and must be %q", name, got, must[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !must.has(name) {
			out = append(out, fmt.Sprintf("%s is there (%s)", name, found[name]))
		}
	}
	return strings.Join(out, ", ")
}

// waiting are the messages that must still be sent.
func (l *ledger) waiting() map[string]bool {
	out := map[string]bool{}
	for _, s := range l.stories {
		for name := range s.Facts {
			if id, ok := strings.CutPrefix(name, "message "); ok {
				out[id] = true
			}
		}
	}
	return out
}

// goOn are stories that another service can go on with.
func (l *ledger) goOn(from []access.PersonID, n int) []story {
	var out []story
	for _, p := range from {
		if s := l.stories[p]; len(out) < n && !s.over() {
			out = append(out, *s)
		}
	}
	return out
}

// verified checks the audit record as `samkonsult audit verify` does.
func verified(ctx context.Context, db *DB, o order) (audit.Report, error) {
	heads, err := audit.FileHeads(o.Heads)
	if err != nil {
		return audit.Report{}, err
	}
	check := audit.Check{Store: db.Audit(), Heads: heads, Now: time.Now()}
	for _, key := range sealerKeys(o.Seeds) {
		check.Keys = append(check.Keys, key.Public().(ed25519.PublicKey))
	}
	report, err := audit.Verify(ctx, check)
	if err == nil && (report.Found > 0 || report.Overdue > 0) {
		err = fmt.Errorf("%d findings, %d overdue: %v", report.Found, report.Overdue, report.Findings)
	}
	return report, err
}
