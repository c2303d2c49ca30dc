package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"
)

// witness compares the chain, as it is walked, with the signed heads of one source: the
// database, or the file outside of it.
type witness struct {
	report *Report
	source string // in words
	pull   func() (Head, error, bool)
	stop   func()
	trust  *trust

	next  *Head // the first that the walk has not come to; nil: it is to be pulled, or there is none
	ended bool
	last  Head  // the one before next
	good  int64 // the last place that a head has confirmed
	count int64
	// elders is the last head by a key that isn't known, while there is none by one that is.
	elders []Finding
	// Heads in a row with the same fault are one finding; more counts those after the first.
	fault Finding
	more  int64
}

func newWitness(r *Report, source string, t *trust, heads iter.Seq2[Head, error]) *witness {
	w := &witness{report: r, source: source, trust: t}
	w.pull, w.stop = iter.Pull2(heads)
	return w
}

// peek pulls the next head, passing over those that aren't ours.
func (w *witness) peek() (*Head, error) {
	for w.next == nil && !w.ended {
		head, err, ok := w.pull()
		if err != nil {
			return nil, err
		}
		if !ok {
			w.ended = true
			break
		}
		w.count++
		if head.Number > w.last.Number+1 {
			w.flush()
			w.report.add(Finding{Kind: FoundHeadMissing, Head: w.last.Number + 1,
				What: fmt.Sprintf("heads %d to %d are gone from %s", w.last.Number+1, head.Number-1, w.source)})
		}
		w.last = head
		if w.trust.elder(head) {
			w.elders = append(w.elders[:0], Finding{Kind: FoundForged, Seq: head.Seq, Head: head.Number,
				What: fmt.Sprintf("the heads in %s to this one are signed by keys that are not given, as %s, and none after them by one that is", w.source, head.Key)})
			continue
		}
		if wrong := w.trust.accept(head); wrong != "" {
			w.doubt(Finding{Kind: FoundForged, Seq: head.Seq, Head: head.Number, What: "a head in " + w.source + ": " + wrong})
			continue
		}
		w.next, w.elders = &head, nil
	}
	return w.next, nil
}

// at compares a place of the chain with the heads that end there.
func (w *witness) at(s Seal) error {
	for {
		head, err := w.peek()
		if err != nil || head == nil || head.Seq > s.Seq {
			return err
		}
		w.next = nil
		switch {
		case head.Seq < s.Seq: // its place is gone, which is told elsewhere
		case head.Chain == s.Chain:
			w.flush()
			w.good = s.Seq
		default:
			w.doubt(Finding{Kind: FoundRewritten, Seq: w.good + 1, Until: s.Seq, Head: head.Number,
				What: fmt.Sprintf("from one of these places on, the record isn't what a head in %s, signed %s, has signed", w.source, clock(head.At))})
		}
	}
}

// finish goes through the heads beyond the record's end, and returns the farthest.
func (w *witness) finish() (Head, error) {
	var farthest Head
	for {
		head, err := w.peek()
		if err != nil || head == nil {
			w.flush()
			for _, f := range w.elders {
				w.report.add(f)
			}
			return farthest, err
		}
		w.next = nil
		if head.Seq >= farthest.Seq {
			farthest = *head
		}
	}
}

func (w *witness) doubt(f Finding) {
	if w.fault.Kind == f.Kind {
		w.more++
		return
	}
	w.flush()
	w.fault = f
}

func (w *witness) flush() {
	if w.fault.Kind == "" {
		return
	}
	if w.more > 0 {
		w.fault.What += fmt.Sprintf("; the same is true of %d heads after it", w.more)
	}
	w.report.add(w.fault)
	w.fault, w.more = Finding{}, 0
}

func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// storeHeads are the database's heads, up to the end as it was at the start.
func (v *verifier) storeHeads(ctx context.Context) iter.Seq2[Head, error] {
	return func(yield func(Head, error) bool) {
		after := int64(0)
		for {
			page, err := v.Store.Heads(ctx, after, headsPage)
			if err != nil {
				yield(Head{}, err)
				return
			}
			for _, head := range page {
				if head.Number > v.end.Head.Number || !yield(head, nil) {
					return
				}
				after = head.Number
			}
			if len(page) < headsPage {
				return
			}
		}
	}
}

// fileHeads are the file's heads that hold, with findings about the others.
func (v *verifier) fileHeads() iter.Seq2[Head, error] {
	return func(yield func(Head, error) bool) {
		heads := survivors(iter.Seq2[Head, error](v.Check.Heads), func(agreed, lost Head) {
			v.report.add(Finding{Kind: FoundSetBack, Seq: min(agreed.Seq+1, lost.Seq), Until: lost.Seq, Head: lost.Number,
				What: fmt.Sprintf("the record was put back to place %d, after head %d had been signed %s, and went on from there: what was at these places is lost", agreed.Seq, lost.Number, clock(lost.At))})
		})
		for head, err := range heads {
			if line, ok := errors.AsType[*LineError](err); ok {
				v.report.add(Finding{Kind: FoundDamagedFile, What: line.Error()})
				continue
			}
			if !yield(head, err) {
				return
			}
		}
	}
}

// survivors are the heads of a file that no later line replaces: after the record has been
// put back, heads are numbered on from there. lost is told, for each time that it was, the
// last head that stayed and the farthest that didn't. heads are ranged over twice.
func survivors(heads iter.Seq2[Head, error], lost func(agreed, lost Head)) iter.Seq2[Head, error] {
	return func(yield func(Head, error) bool) {
		// Where numbers fall, the lines before with numbers as high are replaced.
		type fall struct {
			line   int
			number int64
		}
		var falls []fall
		line, highest := 0, int64(0)
		for head, err := range heads {
			line++
			if err != nil {
				continue
			}
			if head.Number <= highest {
				falls = append(falls, fall{line, head.Number})
			}
			highest = head.Number
		}
		line = 0
		var agreed, farthest Head
		for head, err := range heads {
			line++
			if err != nil {
				if !yield(head, err) {
					return
				}
				continue
			}
			least := int64(math.MaxInt64)
			for len(falls) > 0 && falls[0].line <= line {
				falls = falls[1:]
			}
			for _, f := range falls {
				least = min(least, f.number)
			}
			if head.Number >= least {
				if head.Seq >= farthest.Seq {
					farthest = head
				}
				continue
			}
			if farthest.Number != 0 {
				lost(agreed, farthest)
				farthest = Head{}
			}
			agreed = head
			if !yield(head, nil) {
				return
			}
		}
	}
}
