package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// away is a database that doesn't answer until it is back. It counts how often it is asked.
type away struct {
	until time.Time
	asked int
}

func (a *away) Waiting(context.Context) (bool, error) {
	a.asked++
	if time.Now().Before(a.until) {
		return false, errors.New("connection refused")
	}
	return false, nil
}

func (a *away) Seal(context.Context, int, func(End, []Stored) ([]Seal, []Head, error)) error {
	return nil
}

func (a *away) Heads(context.Context, int64, int) ([]Head, error) { return nil, nil }

func TestASealerOutlastsADatabaseThatIsAwayAndSaysSoOnceAMinute(t *testing.T) {
	file, err := OpenHeads(filepath.Join(t.TempDir(), "heads"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		store := &away{until: time.Now().Add(150 * time.Second)}
		sealer, err := NewSealer(SealerConfig{
			Store: store, Heads: file, Keys: []ed25519.PrivateKey{ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))},
			Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ran := make(chan error, 1)
		go func() { ran <- sealer.Run(ctx) }() // ends with ctx
		time.Sleep(200*time.Second + time.Millisecond)
		stop()
		if err := <-ran; err != nil {
			t.Fatal(err)
		}
		// Twice a second, at the start, and once more before it ends.
		if store.asked != 402 {
			t.Errorf("asked %d times in 200 s, want 402", store.asked)
		}
		if not, again := strings.Count(log.String(), "not sealed"), strings.Count(log.String(), "sealed again"); not != 3 || again != 1 {
			t.Errorf("complained %d times and took it back %d times, want 3 and 1:\n%s", not, again, log.String())
		}
	})
}
