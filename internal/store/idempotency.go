package store

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/idempotency"
	"github.com/samkonsult/samkonsult/internal/keyring"
)

// Requests implements idempotency.Store.
type Requests struct{ db *DB }

// Requests returns what was asked with a key.
func (db *DB) Requests() *Requests { return &Requests{db} }

// request is a row.
type request struct {
	name       []byte
	claim      string
	content    []byte
	carriedOut bool
	claimedAt  int64 // ms since 1970, UTC
	answer     []byte
}

func scanRequest(row scanner) (r request, err error) {
	err = row.Scan(&r.name, &r.claim, &r.content, &r.carriedOut, &r.claimedAt, &r.answer)
	return r, err
}

var errNoRequest = errors.New("no such request")

// Begin implements idempotency.Store.
func (s *Requests) Begin(ctx context.Context, person access.PersonID, key string, content []byte) (c idempotency.Claim, err error) {
	err = s.db.change(ctx, nil, nil, func(t *tx) error {
		r, err := t.request(person, key)
		age := s.db.now().UnixMilli() - r.claimedAt
		switch {
		case errors.Is(err, errNoRequest):
			c, err = t.claimRequest(person, key, content, nil)
			return err
		case err != nil:
			return err
		case age >= idempotency.Kept.Milliseconds():
			c, err = t.claimRequest(person, key, content, r.name)
			return err
		case !t.isContent(r, content):
			return idempotency.ErrOther
		case r.answer != nil:
			c = idempotency.Claim{}
			c.Answer, err = t.openAnswer(person, key, r)
			return err
		case r.carriedOut:
			return idempotency.ErrAnswerLost
		case age < idempotency.Lease.Milliseconds():
			return idempotency.ErrUnderWay
		}
		c, err = t.claimRequest(person, key, content, r.name)
		return err
	})
	if err != nil {
		return idempotency.Claim{}, fmt.Errorf("begin a request: %w", err)
	}
	return c, nil
}

// Finish implements idempotency.Store.
func (s *Requests) Finish(ctx context.Context, person access.PersonID, key, claim string, answer []byte) error {
	err := s.db.change(ctx, nil, nil, func(t *tx) error {
		sealed, err := t.sealAnswer(person, key, claim, answer)
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE requests SET answer = $2, carried_out = TRUE WHERE claim = $1", claim, sealed)
		return changed(n, err, idempotency.ErrSuperseded)
	})
	if err != nil {
		return fmt.Errorf("finish a request: %w", err)
	}
	return nil
}

// Drop implements idempotency.Store.
func (s *Requests) Drop(ctx context.Context, claim string) error {
	err := s.db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec("DELETE FROM requests WHERE claim = $1 AND NOT carried_out", claim)
		return err
	})
	if err != nil {
		return fmt.Errorf("drop a request: %w", err)
	}
	return nil
}

// carriedOut notes that the requests which entries name have been carried out, in the
// transaction that does it. A read, a refusal and a failure carry nothing out.
func (t *tx) carriedOut(entries []audit.Entry) error {
	noted := ""
	for _, e := range entries {
		claim := e.Actor.Request
		if claim == "" || claim == noted || e.Outcome != audit.Done {
			continue
		}
		noted = claim
		n, err := t.exec("UPDATE requests SET carried_out = TRUE WHERE claim = $1", claim)
		if err := changed(n, err, idempotency.ErrSuperseded); err != nil {
			return err
		}
	}
	return nil
}

// tidyRequests forgets requests whose keys stand for nothing any more.
func (t *tx) tidyRequests() error {
	_, err := t.exec("DELETE FROM requests WHERE claimed_at < $1", t.db.now().Add(-idempotency.Kept).UnixMilli())
	return err
}

// request finds a request by its keyed hash, also while keys rotate.
func (t *tx) request(person access.PersonID, key string) (request, error) {
	var places []string
	var args []any
	for _, g := range t.db.keys.keyring.Generations() {
		args = append(args, t.requestName(g, person, key))
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	return one(t, errNoRequest, scanRequest,
		"SELECT name, claim, content, carried_out, claimed_at, answer FROM requests WHERE name IN ("+strings.Join(places, ", ")+")", args...)
}

// claimRequest writes a new claim, in the place of an old one where there is one.
func (t *tx) claimRequest(person access.PersonID, key string, content, old []byte) (idempotency.Claim, error) {
	if old != nil {
		if _, err := t.exec("DELETE FROM requests WHERE name = $1", old); err != nil {
			return idempotency.Claim{}, err
		}
	}
	g, claim := t.db.keys.keyring.Current(), rand.Text()
	_, err := t.exec("INSERT INTO requests (name, claim, content, carried_out, claimed_at, answer) VALUES ($1, $2, $3, FALSE, $4, NULL)",
		t.requestName(g, person, key), claim, t.db.keys.lookupHash(g, "request.content", string(content)), t.db.now().UnixMilli())
	// Another has begun the same request at this moment.
	return idempotency.Claim{ID: claim}, t.exists(err, "requests", idempotency.ErrUnderWay)
}

func (t *tx) requestName(g keyring.Generation, person access.PersonID, key string) []byte {
	return t.db.keys.lookupHash(g, "request", string(person)+"\x00"+key)
}

// isContent says whether the request asked for the same.
func (t *tx) isContent(r request, content []byte) bool {
	for _, g := range t.db.keys.keyring.Generations() {
		if hmac.Equal(r.content, t.db.keys.lookupHash(g, "request.content", string(content))) {
			return true
		}
	}
	return false
}

// An answer may tell of a patient, and is sealed with the key of whoever asked: erasing the
// patient would not make it unreadable in a backup. So it is sealed with the request's key
// first, which only the one who asked has, and for as long as they may ask again.

func (t *tx) sealAnswer(person access.PersonID, key, claim string, answer []byte) ([]byte, error) {
	inner, err := answerKey(key, claim)
	if err != nil {
		return nil, err
	}
	once, err := sealWith(inner, additional(string(person), answerCell(claim)), answer)
	if err != nil {
		return nil, err
	}
	return t.seal(string(person), answerCell(claim), once)
}

func (t *tx) openAnswer(person access.PersonID, key string, r request) ([]byte, error) {
	once, err := t.open(string(person), answerCell(r.claim), r.answer)
	if err != nil {
		return nil, err
	}
	inner, err := answerKey(key, r.claim)
	if err != nil {
		return nil, err
	}
	return openWith(inner, additional(string(person), answerCell(r.claim)), once)
}

func answerCell(claim string) string { return cell("requests", "answer", claim) }

func answerKey(key, claim string) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, []byte(key), []byte(claim), "samkonsult request answer", keyring.Size) // RFC 5869
	if err != nil {
		return nil, fmt.Errorf("derive a key: %w", err)
	}
	return newAEAD(derived)
}
