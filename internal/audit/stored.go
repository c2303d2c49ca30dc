package audit

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Stored is an entry as the database has it, in plain words but for the reason: that is
// ciphertext, so that a check of the record needs no patient's key and is the same after
// the patient has been erased.
type Stored struct {
	ID           string
	At           int64 // ms since 1970, UTC
	Person       string
	Role         string // empty: nobody was signed in
	Organisation string
	Session      string
	Consultation string
	Action       string
	Outcome      string
	By           string // names of relations, apart by commas
	Patient      string
	Object       string
	Reason       []byte // encrypted with the patient's key; empty: none was given
}

// Store turns an entry into what is stored. What must never be stored is an error: it would
// be a mistake in the program.
func (e Entry) Store(sealedReason []byte) (Stored, error) {
	switch {
	case e.ID == "" || e.Action == "" || e.Outcome == "" || e.At.IsZero():
		return Stored{}, errors.New("audit: an entry needs an id, a time, an action and an outcome: make it with New")
	case e.Reason != "" && e.Patient == "":
		return Stored{}, fmt.Errorf("audit: entry %s has a reason and no patient with whose key to encrypt it", e.ID)
	case (e.Reason == "") != (len(sealedReason) == 0):
		return Stored{}, fmt.Errorf("audit: entry %s: the reason must be encrypted, and nothing but it", e.ID)
	}
	role := ""
	if e.Actor.Role != 0 {
		role = e.Actor.Role.String()
	}
	return Stored{
		ID: e.ID, At: e.At.UnixMilli(),
		Person: string(e.Actor.Person), Role: role, Organisation: string(e.Actor.Organisation),
		Session: e.Actor.Session, Consultation: e.Actor.Consultation,
		Action: e.Action, Outcome: string(e.Outcome), By: e.By.String(),
		Patient: string(e.Patient), Object: e.Object, Reason: sealedReason,
	}, nil
}

// Entry turns what is stored back, without its reason. A role or relation that this program
// doesn't know is left out: an older one wrote it.
func (s Stored) Entry() Entry {
	role, err := access.ParseRole(s.Role)
	if err != nil {
		role = 0
	}
	return Entry{
		ID: s.ID, At: time.UnixMilli(s.At).UTC(),
		Actor: access.Actor{
			Person: access.PersonID(s.Person), Role: role, Organisation: access.OrganisationID(s.Organisation),
			Session: s.Session, Consultation: s.Consultation,
		},
		Action: s.Action, Outcome: Outcome(s.Outcome), By: parseRelations(s.By),
		Patient: access.PersonID(s.Patient), Object: s.Object,
	}
}

func parseRelations(names string) (r access.Relations) {
	for name := range strings.SplitSeq(names, ",") {
		for bit := access.Relations(1); bit&access.EveryRelation != 0; bit <<= 1 {
			if bit.String() == name {
				r |= bit
			}
		}
	}
	return r
}

// Hash is a SHA-256.
type Hash [sha256.Size]byte

func (h Hash) String() string { return base64.RawURLEncoding.EncodeToString(h[:]) }

// MarshalText writes the hash as base64url.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText has written.
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil || len(b) != len(h) {
		return fmt.Errorf("a hash must be %d bytes of base64url", len(h))
	}
	copy(h[:], b)
	return nil
}

// Hash covers every field. Two different entries never have one encoding: each field stands
// behind its length.
func (s Stored) Hash() Hash {
	e := newEncoder("samkonsult audit entry v1")
	e.text(s.ID)
	e.number(s.At)
	for _, field := range []string{
		s.Person, s.Role, s.Organisation, s.Session, s.Consultation,
		s.Action, s.Outcome, s.By, s.Patient, s.Object, string(s.Reason),
	} {
		e.text(field)
	}
	return e.sum()
}

// encoder writes what is hashed or signed. What it is for stands first, so that a hash of
// one kind can't pass for another.
type encoder struct{ to hash.Hash }

func newEncoder(purpose string) encoder {
	e := encoder{to: sha256.New()}
	e.text(purpose)
	return e
}

func (e encoder) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	e.to.Write(b[:])
}

func (e encoder) text(s string) {
	e.number(int64(len(s)))
	e.to.Write([]byte(s))
}

func (e encoder) sum() (h Hash) {
	e.to.Sum(h[:0])
	return h
}
