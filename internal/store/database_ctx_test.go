package store

import (
	"context"
	"database/sql"
	"errors"
	"testing"
)

func TestATransactionThatItsCallerEndedSaysSo(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		ctx, end := context.WithCancel(t.Context())
		err := db.main.read(ctx, func(x *sql.Tx) error {
			end()
			// The rollback comes by itself, some time after the end; from then on the transaction is done.
			for {
				if _, err := x.Exec("SELECT 1"); errors.Is(err, sql.ErrTxDone) {
					return nil
				}
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it says %v", err)
		}
	})
}
