package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// outboxLease is how long a claimed message, and one whose sending was begun, is its
// notifier's: longer than either takes, with room for clocks that differ.
const outboxLease = 3 * time.Minute

// outboxKeeps is how long it is kept that a message was not delivered.
const outboxKeeps = 90 * 24 * time.Hour

// The states of a message; one that is gone has no row.
const (
	outboxWaiting = "waiting" // due_at is when it may be claimed, or until when it is
	outboxSending = "sending" // it may have left; due_at is when its notifier is given up
	outboxDead    = "dead"    // due_at is NULL
)

// Outbox is what notifiers send from, as a notify.Outbox. Messages get there with the change
// that they tell of.
type Outbox struct{ db *DB }

// Outbox returns the outbox.
func (db *DB) Outbox() *Outbox { return &Outbox{db} }

// OutboxCounts is how the outbox does, for metrics.
type OutboxCounts struct {
	Waiting int64         // to be sent, claimed ones too
	Failed  int64         // for good
	Oldest  time.Duration // since the oldest that waits was written, or could first be sent; 0: none
}

// Claim returns up to n messages that are due, the longest due first, and keeps them from
// others for 3 minutes.
func (o *Outbox) Claim(ctx context.Context, n int) ([]notify.Waiting, error) {
	now := o.db.now()
	lease := moment(stamp(now.Add(outboxLease))) // as it comes back
	var waiting []notify.Waiting
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		waiting = nil
		rows, err := all(t, scanOutboxRow, "SELECT "+outboxColumns+" FROM outbox WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
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
			if _, err := t.exec("UPDATE outbox SET due_at = $2 WHERE id = $1", r.id, lease.UnixMilli()); err != nil {
				return err
			}
			w := notify.Waiting{Message: m, Tries: r.tries, Lease: lease}
			if r.state == outboxSending {
				w.Begun = r.channel
			}
			waiting = append(waiting, w)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	return waiting, nil
}

// Begin commits that a message is about to leave.
func (o *Outbox) Begin(ctx context.Context, w notify.Waiting, by notify.Channel) (notify.Waiting, error) {
	claim := w.Lease
	w.Lease = moment(stamp(o.db.now().Add(outboxLease)))
	w.Begun = by
	err := o.settle(ctx, w.ID, claim, "UPDATE outbox SET state = 'sending', channel = $3, due_at = $4 WHERE id = $1 AND due_at = $2",
		string(by), w.Lease.UnixMilli())
	return w, err
}

// Done throws a message away, whoever has claimed it meanwhile.
func (o *Outbox) Done(ctx context.Context, id string) error {
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec("DELETE FROM outbox WHERE id = $1", id)
		return err
	})
	if err != nil {
		return fmt.Errorf("message %s: %w", id, err)
	}
	return nil
}

// Again puts a message back until at.
func (o *Outbox) Again(ctx context.Context, w notify.Waiting, at time.Time) error {
	return o.settle(ctx, w.ID, w.Lease, "UPDATE outbox SET state = 'waiting', tries = $3, due_at = $4 WHERE id = $1 AND due_at = $2",
		w.Tries, at.UnixMilli())
}

// Dead keeps for people to see that someone was not reached, and why. A content that may
// open doors is thrown away.
func (o *Outbox) Dead(ctx context.Context, w notify.Waiting, why notify.Reason) error {
	content := "message"
	if w.Kind.AtOnce() {
		content = "NULL"
	}
	return o.settle(ctx, w.ID, w.Lease, "UPDATE outbox SET state = 'dead', reason = $3, failed_at = $4, tries = $5, due_at = NULL, message = "+content+
		" WHERE id = $1 AND due_at = $2", string(why), o.db.now().UnixMilli(), w.Tries)
}

// settle changes a message that is still its claim's. No two claims end at the same moment:
// the later one is made when the earlier has ended.
func (o *Outbox) settle(ctx context.Context, id string, claim time.Time, statement string, args ...any) error {
	err := o.db.change(ctx, nil, nil, func(t *tx) error {
		n, err := t.exec(statement, append([]any{id, claim.UnixMilli()}, args...)...)
		return changed(n, err, notify.ErrLost)
	})
	if err != nil {
		return fmt.Errorf("message %s: %w", id, err)
	}
	return nil
}

// Count tells how many messages wait and have failed. What waits for its time does not make
// the outbox late.
func (o *Outbox) Count(ctx context.Context) (OutboxCounts, error) {
	var c OutboxCounts
	err := o.db.read(ctx, func(t *tx) error {
		now := o.db.now()
		var oldest *int64
		err := t.sql.QueryRowContext(ctx, `SELECT COUNT(due_at), COUNT(failed_at),
			MIN(CASE WHEN due_at IS NOT NULL AND (due_at <= $1 OR state = 'sending' OR tries > 0) THEN created_at END) FROM outbox`,
			now.UnixMilli()).Scan(&c.Waiting, &c.Failed, &oldest)
		if err == nil && oldest != nil {
			c.Oldest = now.Sub(time.UnixMilli(*oldest))
		}
		return err
	})
	if err != nil {
		return OutboxCounts{}, fmt.Errorf("count messages: %w", err)
	}
	return c, nil
}

// enqueue writes messages into the outbox, in the transaction of what they tell of. Who is
// erased is told of nothing, and is in nobody's way.
func (t *tx) enqueue(out []notify.Message) error {
	now := t.db.now()
	for _, m := range out {
		text, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("message %s: %w", m.ID, err)
		}
		sealed, err := t.seal(string(m.To), outboxCell(m.ID), text)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return err
		}
		due := now
		if m.Due.After(now) {
			due = m.Due
		}
		if _, err := t.exec(`INSERT INTO outbox (id, recipient, message, created_at, due_at, tries, kind, about, seat, channel, until_at, state)
			VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, 'waiting')`,
			m.ID, string(m.To), sealed, now.UnixMilli(), due.UnixMilli(), string(m.Kind), m.About, m.Seat, string(m.Channel), stamp(m.Until)); err != nil {
			return err
		}
	}
	return nil
}

// afterUnread is what messages about a consultation become for those of whom the first that they
// hear of it still waits: what has not been tried has reached nobody. All that waits is about to
// be withdrawn, or else what an end overtakes is taken back here.
func (t *tx) afterUnread(about string, out []notify.Message, withdraws bool) ([]notify.Message, error) {
	if !slices.ContainsFunc(out, func(m notify.Message) bool { return m.About == about && !m.Known && (withdraws || m.Kind.Ends()) }) {
		return out, nil
	}
	rows, err := all(t, scanOutboxRow, "SELECT "+outboxColumns+" FROM outbox WHERE about = $1 AND state = 'waiting' AND tries = 0", about)
	if err != nil {
		return nil, fmt.Errorf("what waits about %s: %w", about, err)
	}
	first := map[access.PersonID]string{} // id of the message
	for _, r := range rows {
		m, err := r.open(t)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if m.First {
			first[m.To] = m.ID
		}
	}
	var become []notify.Message
	for _, m := range out {
		waits, unread := first[m.To]
		if m.About != about || m.Known || !unread || !withdraws && !m.Kind.Ends() {
			become = append(become, m)
			continue
		}
		then, ok := m.AfterUnread()
		if ok {
			become = append(become, then)
			continue
		}
		if _, err := t.exec("DELETE FROM outbox WHERE id = $1 AND state = 'waiting'", waits); err != nil {
			return nil, fmt.Errorf("withdraw message %s: %w", waits, err)
		}
	}
	return become, nil
}

// withdraw takes back what still waits about a consultation: messages of the given kinds,
// or of all. One that is being sent right now is not caught up with, and goes.
func (t *tx) withdraw(about string, kinds ...notify.Kind) error {
	query, args := "DELETE FROM outbox WHERE about = $1 AND state = 'waiting'", []any{about}
	if len(kinds) > 0 {
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = string(k)
		}
		condition, arg := t.oneOf("kind", "$2", names)
		query, args = query+" AND "+condition, append(args, arg)
	}
	if _, err := t.exec(query, args...); err != nil {
		return fmt.Errorf("withdraw messages about %s: %w", about, err)
	}
	return nil
}

// tidyOutbox forgets what was not delivered long ago.
func (t *tx) tidyOutbox() error {
	_, err := t.exec("DELETE FROM outbox WHERE failed_at < $1", t.db.now().Add(-outboxKeeps).UnixMilli())
	return err
}

// outboxColumns are those that scanOutboxRow reads.
const outboxColumns = "id, recipient, message, tries, kind, about, seat, channel, until_at, state"

type outboxRow struct {
	id, recipient string
	message       []byte
	tries         int
	kind          notify.Kind
	about, seat   string
	channel       notify.Channel
	until         time.Time
	state         string
}

func scanOutboxRow(row scanner) (r outboxRow, err error) {
	var until int64
	err = row.Scan(&r.id, &r.recipient, &r.message, &r.tries, &r.kind, &r.about, &r.seat, &r.channel, &until, &r.state)
	r.until = moment(until)
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
	m.About, m.Seat, m.Until = r.about, r.seat, r.until
	return m, nil
}

func outboxCell(id string) string { return cell("outbox", "message", id) }
