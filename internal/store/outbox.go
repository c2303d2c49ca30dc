package store

import (
	"encoding/json"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/notify"
)

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

func outboxCell(id string) string { return cell("outbox", "message", id) }
