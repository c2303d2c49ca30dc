package audit

// Seal gives a committed entry its place in the record. Places count from 1 without a gap.
type Seal struct {
	Seq   int64
	Entry string // its id
	Hash  Hash   // of the entry
	Chain Hash   // of the chain up to and with this place
}

// End is where the record ends: its last seal and its last head, or zeros.
type End struct {
	Seal Seal
	Head Head
}

// Sealed is a seal with its entry. Found is false where the entry is not there.
type Sealed struct {
	Seal
	Stored Stored
	Found  bool
}

// link is the chain's hash at a place, which the place before and the entry make. The chain
// begins with a hash of zeros.
func link(before, entry Hash) Hash {
	e := newEncoder("samkonsult audit chain v1")
	e.to.Write(before[:])
	e.to.Write(entry[:])
	return e.sum()
}

// chain gives entries the places after last.
func chain(last Seal, entries []Stored) []Seal {
	seals := make([]Seal, len(entries))
	for i, entry := range entries {
		hash := entry.Hash()
		last = Seal{
			Seq: last.Seq + 1, Entry: entry.ID,
			Hash: hash, Chain: link(last.Chain, hash),
		}
		seals[i] = last
	}
	return seals
}
