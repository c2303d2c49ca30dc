package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// outboxPauses is how long a message waits after each failed try; after the last it has
// failed for good. Codes and links have expired before that.
var outboxPauses = []time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
}

// Outbox is what a notifier sends from. Messages get there with the change that they tell
// of. A message is claimed by one notifier at a time, for as long as its lease; one that
// dies with a message in its hand sends it late or twice, never not at all: gateways are
// given its id to know it again.
type Outbox struct{ db *DB }

// Outbox returns the outbox.
func (db *DB) Outbox() *Outbox { return &Outbox{db} }

// OutboxCounts is how the outbox does, for metrics.
type OutboxCounts struct {
	Waiting int64         // to be sent, claimed ones too
	Failed  int64         // for good
	Oldest  time.Duration // since the oldest that waits was written; 0: none
}

// Claim returns up to n messages that are due, the oldest first, and keeps them from others
// until the lease is over.
func (o *Outbox) Claim(ctx context.Context, n int, lease time.Duration) ([]notify.Message, error) {
	if n < 1 || lease <= 0 {
		return nil, fmt.Errorf("claim messages: %d for %s: both must be more than 0", n, lease)
	}
	now := o.db.now()
	var messages []notify.Message
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		messages = nil
		rows, err := all(t, scanOutboxRow, "SELECT id, recipient, message FROM outbox WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
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
			if _, err := t.exec("UPDATE outbox SET due_at = $2 WHERE id = $1", r.id, now.Add(lease).UnixMilli()); err != nil {
				return err
			}
			messages = append(messages, m)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	return messages, nil
}

// Sent throws a message away.
func (o *Outbox) Sent(ctx context.Context, id string) error {
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec("DELETE FROM outbox WHERE id = $1", id)
		return err
	})
	if err != nil {
		return fmt.Errorf("message %s was sent: %w", id, err)
	}
	return nil
}

// Failed lets a message wait for its next try. When it has had them all, or cannot succeed
// (a number that does not exist), its content is thrown away and it is counted as failed.
func (o *Outbox) Failed(ctx context.Context, id string, forGood bool) error {
	now := o.db.now()
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		tries, err := one(t, errMessageGone, oneColumn[int], "SELECT tries FROM outbox WHERE id = $1 AND due_at IS NOT NULL", id)
		if errors.Is(err, errMessageGone) {
			return nil // another has sent it, when the lease was over
		}
		if err != nil {
			return err
		}
		if forGood || tries >= len(outboxPauses) {
			_, err = t.exec("UPDATE outbox SET tries = $2, due_at = NULL, message = NULL, failed_at = $3 WHERE id = $1", id, tries+1, now.UnixMilli())
			return err
		}
		_, err = t.exec("UPDATE outbox SET tries = $2, due_at = $3 WHERE id = $1", id, tries+1, now.Add(outboxPauses[tries]).UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("message %s has failed: %w", id, err)
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

var errMessageGone = errors.New("message is not there any more")

type outboxRow struct {
	id, recipient string
	message       []byte
}

func scanOutboxRow(row scanner) (r outboxRow, err error) {
	err = row.Scan(&r.id, &r.recipient, &r.message)
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
