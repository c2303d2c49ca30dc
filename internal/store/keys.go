package store

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// ErrErased says that the key of a person or consultation has been erased: what was sealed
// with it cannot be read by anyone any more, and nothing new is sealed for it.
var ErrErased = errors.New("has been erased")

// keyStore holds a key for each subject: a person, or a consultation for what is said in
// it. Keys are wrapped by the keyring, and live in a database of their own, so that erasing
// a subject's one row there erases the subject in every backup of the main database.
//
// It has connections of its own, too: a key is made, and synced, while the main transaction
// that needs it is under way. Should that one be rolled back, an unused key remains, which
// harms nobody.
type keyStore struct {
	database *database
	keyring  *keyring.Keyring
	wrap     map[keyring.Generation]cipher.AEAD
	lookup   map[keyring.Generation][]byte
	now      func() time.Time
	cache    keyCache
}

func newKeyStore(d *database, ring *keyring.Keyring, now func() time.Time) (*keyStore, error) {
	k := &keyStore{
		database: d, keyring: ring, now: now,
		wrap: map[keyring.Generation]cipher.AEAD{}, lookup: map[keyring.Generation][]byte{},
	}
	for _, g := range ring.Generations() {
		key, err := ring.Key(keyring.Wrap, g)
		if err != nil {
			return nil, err
		}
		if k.wrap[g], err = newAEAD(key); err != nil {
			return nil, err
		}
		if k.lookup[g], err = ring.Key(keyring.Lookup, g); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// subjectKey returns the subject's key, from the cache or the database. It is sql.ErrNoRows
// where there is none.
func (k *keyStore) subjectKey(ctx context.Context, subject string) (subjectKey, error) {
	if key, ok := k.cache.get(subject, k.now()); ok {
		return key, nil
	}
	key, err := k.readKey(ctx, k.database.reader, subject)
	if err != nil {
		return subjectKey{}, err
	}
	k.cache.put(subject, key, k.now())
	return key, nil
}

// needKey is subjectKey, and makes the key where there is none. It returns when the key is
// on disk.
func (k *keyStore) needKey(ctx context.Context, subject string) (subjectKey, error) {
	key, err := k.subjectKey(ctx, subject)
	if !errors.Is(err, sql.ErrNoRows) {
		return key, err
	}
	fresh := make([]byte, keyring.Size)
	rand.Read(fresh) // never fails (crypto/rand)
	g := k.keyring.Current()
	wrapped, err := sealWith(k.wrap[g], additional(subject, "subject_keys.wrapped"), fresh)
	if err != nil {
		return subjectKey{}, err
	}
	err = k.database.change(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO subject_keys (subject, wrapped, generation, created_at)
			VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO NOTHING`, subject, wrapped, g, k.now().UnixMilli())
		if err != nil {
			return err
		}
		// Another may have been faster, or have erased it.
		key, err = k.readKey(ctx, t, subject)
		return err
	})
	if err != nil {
		return subjectKey{}, fmt.Errorf("make a key: %w", err)
	}
	k.cache.put(subject, key, k.now())
	return key, nil
}

// warm fetches the keys of many subjects into the cache at once; those that have none, or
// are erased, are left out.
func (k *keyStore) warm(ctx context.Context, subjects []string) error {
	missing := k.cache.missing(subjects, k.now())
	if len(missing) == 0 {
		return nil
	}
	condition, argument := k.database.dialect.oneOf("subject", "$1", missing)
	rows, err := k.database.reader.QueryContext(ctx, "SELECT subject, wrapped, generation FROM subject_keys WHERE wrapped IS NOT NULL AND "+condition, argument)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r keyRow
		if err := rows.Scan(&r.subject, &r.wrapped, &r.generation); err != nil {
			return fmt.Errorf("read keys: %w", err)
		}
		key, err := k.unwrap(r)
		if err != nil {
			return err
		}
		k.cache.put(r.subject, key, k.now())
	}
	return rows.Err()
}

// keyRow is a row of subject_keys.
type keyRow struct {
	subject    string
	wrapped    []byte // nil: erased
	generation keyring.Generation
}

func (k *keyStore) readKey(ctx context.Context, t querier, subject string) (subjectKey, error) {
	r := keyRow{subject: subject}
	err := t.QueryRowContext(ctx, "SELECT wrapped, generation FROM subject_keys WHERE subject = $1", subject).Scan(&r.wrapped, &r.generation)
	if err != nil {
		return subjectKey{}, fmt.Errorf("read the key of %s: %w", subject, err)
	}
	return k.unwrap(r)
}

func (k *keyStore) unwrap(r keyRow) (subjectKey, error) {
	key, err := k.unwrapped(r)
	if err != nil {
		return subjectKey{}, err
	}
	return newSubjectKey(key)
}

func (k *keyStore) unwrapped(r keyRow) ([]byte, error) {
	if r.wrapped == nil {
		return nil, fmt.Errorf("%s %w", r.subject, ErrErased)
	}
	by, ok := k.wrap[r.generation]
	if !ok {
		return nil, fmt.Errorf("the key of %s is wrapped by generation %d, which the keyring does not have", r.subject, r.generation)
	}
	key, err := openWith(by, additional(r.subject, "subject_keys.wrapped"), r.wrapped)
	if err != nil {
		return nil, fmt.Errorf("unwrap the key of %s: %w", r.subject, err)
	}
	return key, nil
}

// checkKeyring refuses a keyring that is not the one that keys here have been wrapped with,
// and notes generations that are new.
func (k *keyStore) checkKeyring(ctx context.Context, readOnly bool) error {
	check := func(t *sql.Tx) error {
		var used []keyring.Generation
		rows, err := t.QueryContext(ctx, "SELECT DISTINCT generation FROM subject_keys WHERE wrapped IS NOT NULL")
		if err != nil {
			return fmt.Errorf("read generations: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var g keyring.Generation
			if err := rows.Scan(&g); err != nil {
				return fmt.Errorf("read generations: %w", err)
			}
			used = append(used, g)
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("read generations: %w", err)
		}
		for _, g := range used {
			if _, ok := k.wrap[g]; !ok {
				return fmt.Errorf("there are keys wrapped by generation %d, which the keyring does not have (it has %v)", g, k.keyring.Generations())
			}
		}
		for _, g := range k.keyring.Generations() {
			if err := k.checkGeneration(ctx, t, g, readOnly); err != nil {
				return err
			}
		}
		return nil
	}
	if readOnly {
		return k.database.read(ctx, check)
	}
	return k.database.change(ctx, check)
}

func (k *keyStore) checkGeneration(ctx context.Context, t *sql.Tx, g keyring.Generation, readOnly bool) error {
	proof, err := k.proof(g)
	if err != nil {
		return err
	}
	var had []byte
	err = t.QueryRowContext(ctx, "SELECT proof FROM generations WHERE generation = $1", g).Scan(&had)
	switch {
	case errors.Is(err, sql.ErrNoRows) && !readOnly:
		_, err = t.ExecContext(ctx, "INSERT INTO generations (generation, proof, since) VALUES ($1, $2, $3)", g, proof, k.now().UnixMilli())
	case err == nil && !hmac.Equal(proof, had):
		return fmt.Errorf("generation %d of the keyring is another than the one used here: this is the keyring of another installation", g)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("check generation %d: %w", g, err)
	}
	return nil
}

func (k *keyStore) proof(g keyring.Generation) ([]byte, error) {
	key, err := k.keyring.Key(keyring.Wrap, g)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("generations.proof"))
	return mac.Sum(nil), nil
}
