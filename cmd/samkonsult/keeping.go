package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/store"
)

// Keeping says where the service keeps things. Every command that touches the store takes
// the same settings.
type Keeping struct {
	DB     string // sqlite:PATH or postgres://…; empty means sqlite:samkonsult.db in the data folder
	KeysDB string // where persons' keys are; empty: keys.db beside SQLite's file, or a schema of its own in PostgreSQL
	Keys   string // the secrets that the database must not hold: file:PATH or env:NAME; empty means file:secrets in the data folder
}

// Ways to name a keyring.
const (
	keysFile = "file:"
	keysEnv  = "env:"
)

// complete fills in what is left out, and names the first setting that breaks a rule. A
// demo keeps its people apart from real ones.
func (k *Keeping) complete(data string, demo bool) error {
	name, secrets := "samkonsult.db", "secrets"
	if demo {
		name, secrets = filepath.Join("demo", name), filepath.Join("demo", secrets)
	}
	if k.DB == "" {
		k.DB = "sqlite:" + filepath.Join(data, name)
	}
	if k.Keys == "" {
		k.Keys = keysFile + filepath.Join(data, secrets)
	}
	for _, url := range []struct{ field, value string }{{"db", k.DB}, {"keys-db", k.KeysDB}} {
		if url.value != "" && !strings.HasPrefix(url.value, "sqlite:") && !strings.HasPrefix(url.value, "postgres://") && !strings.HasPrefix(url.value, "postgresql://") {
			return &FieldError{url.field, "must be sqlite:PATH or postgres://user@host/database"}
		}
	}
	if path, ok := strings.CutPrefix(k.Keys, keysFile); ok && path != "" {
		return nil
	}
	if name, ok := strings.CutPrefix(k.Keys, keysEnv); ok && name != "" {
		return nil
	}
	return &FieldError{"keys", "must be file:PATH or env:NAME"}
}

// flags adds the settings to a command's.
func (k *Keeping) flags(fs *flag.FlagSet) {
	fs.StringVar(&k.DB, "db", "", "")
	fs.StringVar(&k.KeysDB, "keys-db", "", "")
	fs.StringVar(&k.Keys, "keys", "", "")
}

// keyring reads the secrets; make allows it to make a file that is not there.
func (k Keeping) keyring(make bool) (*keyring.Keyring, error) {
	if name, ok := strings.CutPrefix(k.Keys, keysEnv); ok {
		text, set := os.LookupEnv(name)
		if !set {
			return nil, &FieldError{"keys", "the environment has no " + name}
		}
		ring, err := keyring.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("--keys: %s: %w", name, err)
		}
		return ring, nil
	}
	path := strings.TrimPrefix(k.Keys, keysFile)
	ring, err := keyring.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !make {
			return nil, &FieldError{"keys", path + " is not there; samkonsult setup makes it, with the first organisation and administrator"}
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("--keys: %w", err)
		}
		ring, err = keyring.Create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("--keys: %w", err)
	}
	return ring, nil
}

// open opens the store. SQLite's folder is made where it is missing.
func (k Keeping) open(ctx context.Context, ring *keyring.Keyring, readOnly bool, log *slog.Logger) (*store.DB, error) {
	if path, ok := strings.CutPrefix(k.DB, "sqlite:"); ok && !readOnly {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("--db: %w", err)
		}
	}
	db, err := store.Open(ctx, store.Config{URL: k.DB, KeysURL: k.KeysDB, Keyring: ring, ReadOnly: readOnly, Log: log})
	if err != nil {
		return nil, fmt.Errorf("--db: %w", err)
	}
	return db, nil
}
