package audit

import "fmt"

// FindingKind is what is wrong at a place of the record.
type FindingKind string

// The kinds.
const (
	FoundChanged     FindingKind = "changed"      // the entry isn't what was sealed
	FoundDeleted     FindingKind = "deleted"      // the seal's entry is gone
	FoundSwapped     FindingKind = "swapped"      // two entries stand in each other's place
	FoundInserted    FindingKind = "inserted"     // an entry that neither has a seal nor waits for one: put in by hand, or its seal was taken away
	FoundGap         FindingKind = "gap"          // seals are gone from within
	FoundOrder       FindingKind = "order"        // the chain breaks: a seal was changed, moved, or put in
	FoundCut         FindingKind = "cut"          // a signed head says that the record went on
	FoundRewritten   FindingKind = "rewritten"    // the chain holds and isn't the one that was signed
	FoundForged      FindingKind = "forged"       // a head isn't signed by the key whose turn it was
	FoundHeadMissing FindingKind = "head-missing" // heads are gone from within
	FoundUnsigned    FindingKind = "unsigned"     // seals after the last head
	FoundSetBack     FindingKind = "set-back"     // the record was put back to an earlier end and went on from there
	FoundDamagedFile FindingKind = "damaged-file" // the file of heads has a line that is none
)

// Finding is one thing that is wrong, and where.
type Finding struct {
	Kind FindingKind `json:"kind"`
	// Seq to Until are the places that it concerns, both included; 0: none. For "rewritten"
	// it began at one of them, and everything after them is in doubt.
	Seq   int64  `json:"seq,omitempty"`
	Until int64  `json:"until,omitempty"`
	Entry string `json:"entry,omitempty"` // id, where it is one entry
	Head  int64  `json:"head,omitempty"`  // number, where it is about a head
	What  string `json:"what"`            // in words
}

func (f Finding) String() string {
	where := ""
	switch {
	case f.Seq != 0 && f.Until > f.Seq:
		where = fmt.Sprintf("places %d to %d", f.Seq, f.Until)
	case f.Seq != 0:
		where = fmt.Sprintf("place %d", f.Seq)
	case f.Head != 0:
		where = fmt.Sprintf("head %d", f.Head)
	case f.Entry != "":
		where = "without a place"
	default:
		where = "file of heads"
	}
	if f.Entry != "" {
		where += ", entry " + f.Entry
	}
	return fmt.Sprintf("%s (%s): %s", where, f.Kind, f.What)
}

// Report is what a check has found.
type Report struct {
	Sealed    int64 `json:"sealed"`    // entries with a place in the record
	Heads     int64 `json:"heads"`     // signed heads in the database
	FileHeads int64 `json:"fileHeads"` // and outside of it
	// Unsealed entries wait for a sealer. Overdue ones have waited for too long: whether
	// they have been changed meanwhile can't be told.
	Unsealed int64 `json:"unsealed"`
	Overdue  int64 `json:"overdue"`
	// Oldest is when the oldest of them was made; ms since 1970, UTC; 0: none waits.
	Oldest int64 `json:"oldest,omitempty"`
	// Findings are the first maxFindings of Found.
	Findings []Finding `json:"findings"`
	Found    int64     `json:"found"`
}

// maxFindings bounds what is kept of a record that is wrong all over.
const maxFindings = 1000

func (r *Report) add(f Finding) {
	r.Found++
	if len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, f)
	}
}
