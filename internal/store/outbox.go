package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// outboxLease is how long a claimed message is its notifier's: longer than a notifier takes
// to try a whole batch.
const outboxLease = 15 * time.Minute

// Outbox is what a notifier sends from, as a notify.Outbox. Messages get there with the
// change that they tell of. A message is claimed by one notifier at a time; one that dies
// with it in its hand has it sent late or twice, never not at all.
type Outbox struct{ db *DB }

// Outbox returns the outbox.
func (db *DB) Outbox() *Outbox { return &Outbox{db} }

// OutboxCounts is how the outbox does, for metrics.
type OutboxCounts struct {
	Waiting int64         // to be sent, claimed ones too
	Failed  int64         // for good
	Oldest  time.Duration // since the oldest that waits was written; 0: none
}

// Claim returns up to n messages that are due, the longest due first, and keeps them from
// others for 15 minutes.
func (o *Outbox) Claim(ctx context.Context, n int) ([]notify.Waiting, error) {
	now := o.db.now()
	var waiting []notify.Waiting
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		waiting = nil
		rows, err := all(t, scanOutboxRow, "SELECT id, recipient, message, tries FROM outbox WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
			now.UnixMilli(), n)
		if err != nil {
			return err
		}
		for _, r := range rows {
			m, err := r.open(t)
			if errors.Is(err, ErrErased) {
				if _, err := t.exec("DELETE FROM outbox WHERE id = $1", r.id); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			if _, err := t.exec("UPDATE outbox SET due_at = $2 WHERE id = $1", r.id, now.Add(outboxLease).UnixMilli()); err != nil {
				return err
			}
			waiting = append(waiting, notify.Waiting{Message: m, Tries: r.tries})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	return waiting, nil
}

// Done throws a message away.
func (o *Outbox) Done(ctx context.Context, id string) error {
	return o.settle(ctx, "DELETE FROM outbox WHERE id = $1", id)
}

// Failed puts a message back until again. The zero time gives it up: its content, which may
// open doors, is thrown away, and that someone was not reached is kept.
func (o *Outbox) Failed(ctx context.Context, id string, again time.Time) error {
	// One that another has given up meanwhile stays so.
	if again.IsZero() {
		return o.settle(ctx, `UPDATE outbox SET tries = tries + 1, due_at = NULL, message = NULL, failed_at = $2
			WHERE id = $1 AND due_at IS NOT NULL`, id, o.db.now().UnixMilli())
	}
	return o.settle(ctx, "UPDATE outbox SET tries = tries + 1, due_at = $2 WHERE id = $1 AND due_at IS NOT NULL", id, again.UnixMilli())
}

func (o *Outbox) settle(ctx context.Context, statement string, args ...any) error {
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec(statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle message %s: %w", args[0], err)
	}
	return nil
}

// Count tells how many messages wait and have failed.
func (o *Outbox) Count(ctx context.Context) (OutboxCounts, error) {
	var c OutboxCounts
	err := o.db.read(ctx, func(t *tx) error {
		var oldest *int64
		err := t.sql.QueryRowContext(ctx, `SELECT COUNT(due_at), COUNT(failed_at), MIN(CASE WHEN due_at IS NOT NULL THEN created_at END) FROM outbox`).
			Scan(&c.Waiting, &c.Failed, &oldest)
		if err == nil && oldest != nil {
			c.Oldest = o.db.now().Sub(time.UnixMilli(*oldest))
		}
		return err
	})
	if err != nil {
		return OutboxCounts{}, fmt.Errorf("count messages: %w", err)
	}
	return c, nil
}

// enqueue writes messages into the outbox, in the transaction of what they tell of.
func (t *tx) enqueue(out []notify.Message) error {
	now := t.db.now().UnixMilli()
	for _, m := range out {
		text, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("message %s: %w", m.ID, err)
		}
		sealed, err := t.seal(string(m.To), outboxCell(m.ID), text)
		if err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO outbox (id, recipient, message, created_at, due_at, tries) VALUES ($1, $2, $3, $4, $4, 0)",
			m.ID, string(m.To), sealed, now); err != nil {
			return err
		}
	}
	return nil
}

type outboxRow struct {
	id, recipient string
	message       []byte
	tries         int
}

func scanOutboxRow(row scanner) (r outboxRow, err error) {
	err = row.Scan(&r.id, &r.recipient, &r.message, &r.tries)
	return r, err
}

func (r outboxRow) open(t *tx) (m notify.Message, err error) {
	text, err := t.open(r.recipient, outboxCell(r.id), r.message)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("message %s: %w", r.id, err)
	}
	return m, nil
}

func outboxCell(id string) string { return cell("outbox", "message", id) }
