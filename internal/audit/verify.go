package audit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"
)

// VerifyStore is what a check needs of a database. All lists are in order, at most limit
// long, and begin after the last one that is known; an entry may be there that nothing
// should be able to put there.
type VerifyStore interface {
	End(ctx context.Context) (End, error)
	Sealed(ctx context.Context, after int64, limit int) ([]Sealed, error)
	Heads(ctx context.Context, after int64, limit int) ([]Head, error)
	// Unsealed lists, by id, entries without a seal, and those gone that should wait for one.
	Unsealed(ctx context.Context, after string, limit int) ([]Unsealed, error)
}

// Unsealed is an entry without a seal.
type Unsealed struct {
	ID      string
	At      int64 // ms since 1970, UTC
	Waiting bool  // for the sealer
	Gone    bool  // it waits, and isn't there
}

// Check is what Verify needs.
type Check struct {
	Store VerifyStore
	Keys  []ed25519.PublicKey // that heads may be signed by; those that they announce are taken too
	// Heads are from outside of the database; nil: none. Without them a record is not told
	// from one whose end, with its heads, was cut off.
	Heads    Heads
	Now      time.Time
	TooLong  time.Duration          // that an entry may wait for its seal; 0 means a minute
	Progress func(sealed, of int64) // is told now and then how far it has come; nil: nobody is
}

// verifyPage is how many entries are in memory at a time.
const verifyPage = 2000

// Verify goes through the whole record, and tells what is wrong and where. Writers and a
// sealer may be at work meanwhile: what comes in after the start isn't looked at. Its memory
// doesn't grow with the record.
func Verify(ctx context.Context, c Check) (Report, error) {
	if c.Store == nil || len(c.Keys) == 0 || c.Now.IsZero() {
		return Report{}, errors.New("audit: a check needs Store, Keys and Now")
	}
	if c.TooLong == 0 {
		c.TooLong = time.Minute
	}
	if c.Heads == nil {
		c.Heads = func(func(Head, error) bool) {}
	}
	v := &verifier{Check: c}
	// The file was read before the end is: a sealer commits first and writes to it then, so
	// the end lies behind all that the file says.
	end, err := c.Store.End(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("audit: verify: %w", err)
	}
	v.end = end
	for _, step := range []func(context.Context) error{v.sealed, v.unsealed} {
		if err := step(ctx); err != nil {
			return Report{}, fmt.Errorf("audit: verify: %w", err)
		}
	}
	return v.report, nil
}

type verifier struct {
	Check
	end    End
	report Report
	// suspects are the last entries that aren't what was sealed, to see whether two of them
	// have changed places.
	suspects []suspect
}

// sealed walks the chain, with the heads of both sources beside it.
func (v *verifier) sealed(ctx context.Context) error {
	inside := newWitness(&v.report, "the database", newTrust(v.Keys), v.storeHeads(ctx))
	defer inside.stop()
	outside := newWitness(&v.report, "the file of heads", newTrust(v.Keys), v.fileHeads())
	defer outside.stop()
	witnesses := []*witness{inside, outside}

	var last Seal
	intact := true // last is what the next seal must link to
	for {
		page, err := v.Store.Sealed(ctx, last.Seq, verifyPage)
		if err != nil {
			return err
		}
		for _, s := range page {
			if s.Seq > v.end.Seal.Seq {
				break
			}
			if s.Seq > last.Seq+1 {
				v.report.add(Finding{Kind: FoundGap, Seq: last.Seq + 1, Until: s.Seq - 1, What: "the seals are gone"})
				intact = false
			}
			if intact && s.Chain != link(last.Chain, s.Hash) {
				v.report.add(Finding{Kind: FoundOrder, Seq: s.Seq, Until: s.Seq, Entry: s.Entry,
					What: "the chain breaks here: a seal was changed, moved, put in or taken out"})
			}
			v.entry(s)
			last, intact = s.Seal, true
			v.report.Sealed++
			for _, w := range witnesses {
				if err := w.at(s.Seal); err != nil {
					return err
				}
			}
		}
		if v.Progress != nil {
			v.Progress(last.Seq, v.end.Seal.Seq)
		}
		if len(page) < verifyPage || page[len(page)-1].Seq >= v.end.Seal.Seq {
			break
		}
	}
	if err := v.cut(last, witnesses); err != nil {
		return err
	}
	v.report.Heads, v.report.FileHeads = inside.count, outside.count
	if last.Seq > inside.last.Seq {
		v.report.add(Finding{Kind: FoundUnsigned, Seq: inside.last.Seq + 1, Until: last.Seq,
			What: "no head in the database covers these seals: they were put in by hand, or heads were taken away"})
	}
	return nil
}

// cut tells of heads beyond the record's end.
func (v *verifier) cut(last Seal, witnesses []*witness) error {
	var farthest Head
	source := ""
	for _, w := range witnesses {
		head, err := w.finish()
		if err != nil {
			return err
		}
		if head.Seq > farthest.Seq {
			farthest, source = head, w.source
		}
	}
	if farthest.Seq > last.Seq {
		v.report.add(Finding{Kind: FoundCut, Seq: last.Seq + 1, Until: farthest.Seq, Head: farthest.Number,
			What: fmt.Sprintf("the record ends before: a head in %s, signed %s, says that it went on", source, clock(farthest.At))})
	}
	return nil
}

// suspect is a place whose entry isn't the one that was sealed there.
type suspect struct {
	seq          int64
	entry        string
	sealed, here Hash
	finding      int // index in the report; -1: it isn't kept there
}

// maxSuspects bounds how far apart two places are told to have been swapped, in wrong entries.
const maxSuspects = 64

// entry checks that a place has the entry that was sealed there.
func (v *verifier) entry(s Sealed) {
	f := Finding{Seq: s.Seq, Until: s.Seq, Entry: s.Entry}
	here := s.Stored.Hash()
	switch {
	case !s.Found:
		f.Kind, f.What = FoundDeleted, "the entry that was sealed here is gone"
		v.report.add(f)
		return
	case here == s.Hash:
		return
	}
	for i, other := range v.suspects {
		if other.sealed == here && other.here == s.Hash {
			f.Kind, f.What = FoundSwapped, fmt.Sprintf("it has changed places with the entry of place %d", other.seq)
			if other.finding >= 0 {
				first := &v.report.Findings[other.finding]
				first.Kind, first.What = FoundSwapped, fmt.Sprintf("it has changed places with the entry of place %d", s.Seq)
			}
			v.report.add(f)
			v.suspects = append(v.suspects[:i], v.suspects[i+1:]...)
			return
		}
	}
	f.Kind, f.What = FoundChanged, "the entry isn't what was sealed"
	v.report.add(f)
	index := len(v.report.Findings) - 1
	if v.report.Found > maxFindings {
		index = -1
	}
	if len(v.suspects) == maxSuspects {
		v.suspects = v.suspects[1:]
	}
	v.suspects = append(v.suspects, suspect{seq: s.Seq, entry: s.Entry, sealed: s.Hash, here: here, finding: index})
}

// unsealed counts what waits for its seal.
func (v *verifier) unsealed(ctx context.Context) error {
	after := ""
	for {
		page, err := v.Store.Unsealed(ctx, after, verifyPage)
		if err != nil {
			return err
		}
		for _, u := range page {
			after = u.ID
			switch {
			case u.Gone:
				v.report.add(Finding{Kind: FoundDeleted, Entry: u.ID, What: "the entry is gone, before it was sealed"})
				continue
			case !u.Waiting:
				v.report.add(Finding{Kind: FoundInserted, Entry: u.ID,
					What: "the entry neither has a seal nor waits for one: it was put in by hand, or its seal was taken away"})
				continue
			}
			v.report.Unsealed++
			if v.report.Oldest == 0 || u.At < v.report.Oldest {
				v.report.Oldest = u.At
			}
			if v.Now.Sub(time.UnixMilli(u.At)) > v.TooLong {
				v.report.Overdue++
			}
		}
		if len(page) < verifyPage {
			return nil
		}
	}
}
