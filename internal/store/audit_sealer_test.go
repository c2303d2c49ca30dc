package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

func TestAnEntryCommitsWithItsChangeOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		e := look(p.clock.Now(), 1)
		broken := errors.New("broken")
		err := r.db.change(t.Context(), []audit.Entry{e}, nil, func(*tx) error { return broken })
		if !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		r.seal()
		if got := r.verify(); got.Sealed != 0 {
			t.Errorf("the entry of a change that was rolled back is sealed: %+v", got)
		}
		must(t, r.db.change(t.Context(), []audit.Entry{e}, nil, func(*tx) error { return nil }))
		r.seal()
		if got := r.verify(); got.Sealed != 1 || got.Found != 0 {
			t.Errorf("got %+v, want the one entry sealed", got)
		}
	})
}

func TestAnEntryThatNamesNothingIsRefusedWithItsChange(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		nameless := look(p.clock.Now(), 1)
		nameless.Action = ""
		adrift := look(p.clock.Now(), 1)
		adrift.Patient, adrift.Reason = "", "unconscious"
		for _, e := range []audit.Entry{nameless, adrift} {
			if err := r.db.change(t.Context(), []audit.Entry{e}, []notify.Message{}, func(*tx) error { return nil }); err == nil {
				t.Errorf("stored %+v", e)
			}
		}
	})
}

// A patient list of 1,000 writes 1,000 entries, more than one round of the sealer takes.
func TestALongListIsSealedInSeveralRounds(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		entries := make([]audit.Entry, 1000)
		for i := range entries {
			entries[i] = look(p.clock.Now(), i)
		}
		must(t, r.db.Audit().Append(t.Context(), entries...))
		r.seal()
		if got := r.verify(); got.Sealed != 1000 || got.Unsealed != 0 || got.Found != 0 {
			t.Errorf("got %+v, want 1000 sealed", got)
		}
	})
}

// crashing is a database whose sealer's process ends at a moment: its steps are counted, and
// the one given, and all after it, fail. Where after is set the step itself is still carried out.
type crashing struct {
	*Audit
	step  int
	after bool
}

var errCrash = errors.New("the process has ended")

func (c *crashing) now() bool { c.step--; return c.step < 0 }

func (c *crashing) Seal(ctx context.Context, limit int, fn func(audit.End, []audit.Stored) ([]audit.Seal, []audit.Head, error)) error {
	crash := c.now()
	if crash && !c.after {
		return errCrash
	}
	err := c.Audit.Seal(ctx, limit, fn)
	if crash {
		c.after = false
		return errors.Join(err, errCrash)
	}
	return err
}

func (c *crashing) Heads(ctx context.Context, after int64, limit int) ([]audit.Head, error) {
	if c.now() {
		return nil, errCrash
	}
	return c.Audit.Heads(ctx, after, limit)
}

func TestASealerThatIsKilledAnywhereGoesOnWhereItWas(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		total := 0
		for step := range 6 {
			for _, after := range []bool{false, true} {
				r.looks(16) // three rounds of at most seven
				total += 16
				must(t, r.file.Close())
				file, err := audit.OpenHeads(r.path)
				must(t, err)
				doomed, err := audit.NewSealer(audit.SealerConfig{
					Store: &crashing{r.db.Audit(), step, after}, Keys: []ed25519.PrivateKey{r.key}, Heads: file, Batch: 7, Now: p.clock.Now,
				})
				must(t, err)
				if err := doomed.Seal(t.Context()); err != nil && !errors.Is(err, errCrash) {
					t.Fatal(err)
				}
				wantFound(t, r.verify())
				r.file = file
				r.startSealer(r.key)
				r.seal()
				got := r.verify()
				wantFound(t, got)
				if got.Sealed != int64(total) || got.Unsealed != 0 || got.FileHeads != got.Heads {
					t.Fatalf("killed at step %d: %+v, want %d sealed and all heads in the file", step, got, total)
				}
			}
		}
	})
}

func TestAHalfWrittenLineOfTheFileIsWrittenAnew(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		r.sealedLooks(9)
		whole, err := os.ReadFile(r.path)
		must(t, err)
		for _, cut := range []int{1, 40, len(whole) / 3, len(whole)} {
			must(t, os.Truncate(r.path, int64(len(whole)-cut)))
			wantFound(t, r.verify())
			r.startSealer(r.key)
			r.seal()
			got, err := os.ReadFile(r.path)
			must(t, err)
			if string(got) != string(whole) {
				t.Fatalf("after %d bytes were lost the file is\n%s, want\n%s", cut, got, whole)
			}
		}
	})
}

func TestTheFileOfHeadsHasOneWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heads")
	file, err := audit.OpenHeads(path)
	must(t, err)
	defer file.Close()
	if _, err := audit.OpenHeads(path); err == nil {
		t.Error("a second one opened it")
	}
}

func TestANewKeyIsAnnouncedByTheOldOne(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		r.sealedLooks(6)
		old, next := r.key, newKey(t)
		r.startSealer(next, old)
		r.sealedLooks(6)
		wantFound(t, r.verify()) // knows the old key only
		r.key = next
		wantFound(t, r.verify()) // the new one only
		r.startSealer(next)
		r.sealedLooks(3)
		wantFound(t, r.verify())

		// The old key may have leaked: what it signs from now on is no head.
		r.startSealer(old)
		r.looks(1)
		if err := r.Seal(t.Context()); err == nil {
			t.Error("a sealer signed with a key that had been replaced")
		}
		// A file that is new gets all heads, also those of a key that is gone.
		must(t, os.Remove(r.path))
		r.startSealer(next)
		r.seal()
		if got := r.verify(); got.Found != 0 || got.FileHeads != got.Heads || got.Sealed != 16 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestHeadsOfAnUnknownKeyAloneAreForged(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		r.sealedLooks(6)
		r.key = newKey(t)
		if got := r.verifyWith(nil); got.Found != 1 || got.Findings[0].Kind != audit.FoundForged {
			t.Errorf("got %+v, want one forged", got)
		}
	})
}

func TestASealerSignsNothingOnTopOfATamperedEnd(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		r.sealedLooks(6)
		r.keep()
		for name, statement := range map[string]string{
			"the last seal is gone":   "DELETE FROM audit_seals WHERE seq = 6",
			"the last head is gone":   "DELETE FROM audit_heads WHERE number = 2",
			"the last head is other":  "UPDATE audit_heads SET at = 1 WHERE number = 2",
			"the last chain is other": "UPDATE audit_seals SET chain = hash WHERE seq = 6",
		} {
			t.Run(name, func(t *testing.T) {
				r.t = t
				r.putBack()
				r.tamper(statement)
				r.looks(1)
				if err := r.Seal(t.Context()); !errors.Is(err, audit.ErrTampered) {
					t.Errorf("got %v, want ErrTampered", err)
				}
				if got := r.verify(); got.Unsealed != 1 || got.Found == 0 {
					t.Errorf("got %+v, want one unsealed and findings", got)
				}
			})
		}
	})
}

// An older backup is restored and the service goes on: nothing is wrong with what is there,
// and what is lost is told for good.
func TestARecordThatWasPutBackSaysWhatIsLost(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		ids := r.sealedLooks(12)
		r.tamper("DELETE FROM audit_heads WHERE number > 2", "DELETE FROM audit_seals WHERE seq > 6", "DELETE FROM audit_entries WHERE id > '"+ids[5]+"'")
		wantFound(t, r.verify(), audit.Finding{Kind: audit.FoundCut, Seq: 7, Until: 12})
		r.startSealer(r.key)
		r.sealedLooks(9) // beyond the old end
		r.seal()
		lost := audit.Finding{Kind: audit.FoundSetBack, Seq: 7, Until: 12}
		wantFound(t, r.verify(), lost)
		r.startSealer(r.key)
		r.sealedLooks(3)
		wantFound(t, r.verify(), lost)
	})
}

// Several nodes on one PostgreSQL each run a sealer; in SQLite two are at least harmless.
func TestSealersTakeTurnsAndEachHasAllHeads(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		path := filepath.Join(t.TempDir(), "heads of another node")
		file, err := audit.OpenHeads(path)
		must(t, err)
		defer file.Close()
		other, err := audit.NewSealer(audit.SealerConfig{Store: r.db.Audit(), Keys: []ed25519.PrivateKey{r.key}, Heads: file, Batch: 5, Now: p.clock.Now})
		must(t, err)
		for range 10 {
			r.looks(8)
			var g errgroup.Group
			g.Go(func() error { return other.Seal(t.Context()) })
			g.Go(func() error { return r.Seal(t.Context()) })
			must(t, g.Wait())
		}
		must(t, other.Seal(t.Context()))
		r.seal()
		for _, path := range []string{path, r.path} {
			heads, err := audit.FileHeads(path)
			must(t, err)
			if got := r.verifyWith(heads); got.Found != 0 || got.Sealed != 80 || got.FileHeads != got.Heads {
				t.Errorf("got %+v", got)
			}
		}
	})
}

func TestEntriesAreSealedWhileOthersWriteAndCommitOutOfOrder(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var writers, others errgroup.Group
		const each, count = 6, 40
		for range each {
			writers.Go(func() error {
				for i := range count {
					// The entry is made now, and committed after those that others make meanwhile.
					e := look(time.Now(), i)
					if err := r.db.Audit().Append(ctx, look(time.Now(), i)); err != nil {
						return err
					}
					if err := r.db.change(ctx, []audit.Entry{e}, nil, func(*tx) error { return nil }); err != nil {
						return err
					}
				}
				return nil
			})
		}
		others.Go(func() error {
			for ctx.Err() == nil {
				// Not ctx: a round that is broken off may hold the sealers' lock for a while yet.
				if err := r.Seal(t.Context()); err != nil {
					return err
				}
			}
			return nil
		})
		others.Go(func() error {
			for ctx.Err() == nil {
				if got := r.verify(); got.Found != 0 {
					t.Errorf("a false alarm: %+v", got)
				}
			}
			return nil
		})
		must(t, writers.Wait())
		stop()
		must(t, others.Wait())
		r.seal()
		if got := r.verify(); got.Found != 0 || got.Sealed != 2*each*count {
			t.Errorf("got %+v, want %d sealed", got, 2*each*count)
		}
	})
}
