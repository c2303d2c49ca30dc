package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Undelivered returns the messages about consultations that have not arrived, the latest
// first; none named: about all.
func (o *Outbox) Undelivered(ctx context.Context, consultations ...string) ([]notify.Undelivered, error) {
	var out []notify.Undelivered
	err := o.db.read(ctx, func(t *tx) (err error) {
		query, args := "SELECT id, recipient, kind, about, seat, channel, reason, failed_at, until_at, message IS NOT NULL FROM outbox WHERE failed_at IS NOT NULL", []any(nil)
		if len(consultations) > 0 {
			condition, arg := t.oneOf("about", "$1", consultations)
			query, args = query+" AND about <> '' AND "+condition, append(args, arg)
		}
		out, err = all(t, func(row scanner) (notify.Undelivered, error) { return scanUndelivered(row, o.db.now()) },
			query+" ORDER BY failed_at DESC, id", args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("undelivered messages: %w", err)
	}
	return out, nil
}

func scanUndelivered(row scanner, now time.Time) (u notify.Undelivered, err error) {
	var at, until int64
	var content bool
	err = row.Scan(&u.ID, &u.To, &u.Kind, &u.About, &u.Seat, &u.Channel, &u.Reason, &at, &until, &content)
	u.At = moment(at)
	u.Again = content && (until == 0 || now.Before(moment(until)))
	return u, err
}

// SendAgain has a message sent that was given up. It goes as another message, whose id is
// returned: to a gateway that knows the old one it would be none. Errors: notify.ErrNotAgain.
func (o *Outbox) SendAgain(ctx context.Context, id string, entries []audit.Entry) (string, error) {
	anew := strings.ToLower(rand.Text())
	err := o.db.change(ctx, entries, nil, func(t *tx) error {
		r, err := one(t, notify.ErrNotAgain, scanOutboxRow, "SELECT "+outboxColumns+" FROM outbox WHERE id = $1 AND state = 'dead' AND message IS NOT NULL", id)
		if err != nil {
			return err
		}
		if !r.until.IsZero() && !t.db.now().Before(r.until) {
			return notify.ErrNotAgain
		}
		m, err := r.open(t)
		if errors.Is(err, ErrErased) {
			return notify.ErrNotAgain
		}
		if err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM outbox WHERE id = $1", id); err != nil {
			return err
		}
		m.ID = anew
		return t.enqueue([]notify.Message{m})
	})
	if err != nil {
		return "", fmt.Errorf("send message %s again: %w", id, err)
	}
	return anew, nil
}
