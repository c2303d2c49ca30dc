package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/samkonsult/samkonsult/signaling"
)

// Journal keeps what a call must not forget, as a signaling.Journal. Entries are sealed with
// a key of the consultation: what is said in it belongs to no one of its people alone.
type Journal struct{ db *DB }

// Journal returns the journal of calls.
func (db *DB) Journal() *Journal { return &Journal{db} }

// Open replays everything recorded of a consultation. It is ErrErased after an erasure.
func (j *Journal) Open(ctx context.Context, consultation string) (signaling.State, error) {
	var state signaling.State
	err := j.db.read(ctx, func(t *tx) error {
		state = signaling.State{}
		rows, err := all(t, scanJournalRow, "SELECT number, entry FROM call_entries WHERE consultation = $1 ORDER BY number", consultation)
		if err != nil {
			return err
		}
		for _, r := range rows {
			e, err := r.decode(t, consultation)
			if err != nil {
				return err
			}
			e.Apply(&state)
		}
		return nil
	})
	if err != nil {
		return signaling.State{}, fmt.Errorf("open the journal of %s: %w", consultation, err)
	}
	return state, nil
}

// Epoch counts up for each consultation, on any node.
func (j *Journal) Epoch(ctx context.Context, consultation string) (epoch int64, err error) {
	// Never below the time in seconds: after an older backup has been restored, pages that
	// are still open must not find a lower epoch than the one they know.
	now := max(1, j.db.now().Unix())
	err = j.db.change(ctx, nil, nil, func(t *tx) error {
		epoch, err = one(t, nil, oneColumn[int64], `INSERT INTO call_epochs (consultation, epoch) VALUES ($1, $2)
			ON CONFLICT (consultation) DO UPDATE SET epoch =
				CASE WHEN call_epochs.epoch < excluded.epoch THEN excluded.epoch ELSE call_epochs.epoch + 1 END
			RETURNING epoch`, consultation, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("epoch of %s: %w", consultation, err)
	}
	return epoch, nil
}

// Record has kept the entry when it returns nil, and with it what it means to the audit
// record and to the appointment.
func (j *Journal) Record(ctx context.Context, consultation string, e signaling.Entry) error {
	text, err := encodeEntry(e)
	if err != nil {
		return fmt.Errorf("record in %s: %w", consultation, err)
	}
	err = j.db.change(ctx, nil, nil, func(t *tx) error {
		number, err := one(t, nil, oneColumn[int64], "SELECT COALESCE(MAX(number), 0) + 1 FROM call_entries WHERE consultation = $1", consultation)
		if err != nil {
			return err
		}
		sealed, err := t.seal(consultation, journalCell(consultation, number), text)
		if err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO call_entries (consultation, number, entry) VALUES ($1, $2, $3)", consultation, number, sealed); err != nil {
			return err
		}
		return t.callHappened(consultation, e)
	})
	if err != nil {
		return fmt.Errorf("record in %s: %w", consultation, err)
	}
	return nil
}

type journalRow struct {
	number int64
	entry  []byte
}

func scanJournalRow(row scanner) (r journalRow, err error) {
	err = row.Scan(&r.number, &r.entry)
	return r, err
}

func (r journalRow) decode(t *tx, consultation string) (signaling.Entry, error) {
	text, err := t.open(consultation, journalCell(consultation, r.number), r.entry)
	if err != nil {
		return nil, err
	}
	return decodeEntry(text)
}

func journalCell(consultation string, number int64) string {
	return cell("call_entries", "entry", consultation+"/"+strconv.FormatInt(number, 10))
}

// storedEntry is an entry as JSON, before it is sealed. Kinds and fields are kept for good:
// what has been recorded must be read by every later version.
type storedEntry struct {
	Kind  string          `json:"kind"`
	Entry json.RawMessage `json:"entry"`
}

// entryKinds names each kind of entry.
var entryKinds = map[string]entryKind{
	"seat-admitted":      kindOf[signaling.SeatAdmitted](),
	"seat-removed":       kindOf[signaling.SeatRemoved](),
	"identity-confirmed": kindOf[signaling.IdentityConfirmed](),
	"lock-set":           kindOf[signaling.LockSet](),
	"chat-written":       kindOf[signaling.ChatWritten](),
	"call-ended":         kindOf[signaling.CallEnded](),
}

type entryKind struct {
	is   func(signaling.Entry) bool
	read func([]byte) (signaling.Entry, error)
}

func kindOf[E signaling.Entry]() entryKind {
	return entryKind{
		is: func(e signaling.Entry) bool { _, ok := e.(E); return ok },
		read: func(text []byte) (signaling.Entry, error) {
			var e E
			err := json.Unmarshal(text, &e)
			return e, err
		},
	}
}

func encodeEntry(e signaling.Entry) ([]byte, error) {
	for name, kind := range entryKinds {
		if !kind.is(e) {
			continue
		}
		text, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", name, err)
		}
		return json.Marshal(storedEntry{name, text})
	}
	return nil, fmt.Errorf("entries of type %T have no name", e)
}

func decodeEntry(text []byte) (signaling.Entry, error) {
	var s storedEntry
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("decode an entry: %w", err)
	}
	kind, ok := entryKinds[s.Kind]
	if !ok {
		return nil, fmt.Errorf("decode an entry: kind %q is not known", s.Kind)
	}
	e, err := kind.read(s.Entry)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", s.Kind, err)
	}
	return e, nil
}
