package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/store"
)

// command is one that works on the store beside the service, or instead of it.
type command struct {
	ctx            context.Context
	name           string
	args           []string
	getenv         func(string) (string, bool)
	stdout, stderr io.Writer
}

const backupHelp = `samkonsult backup --out FILE [--keys-out FILE]

Writes the database as it is at one moment, while the service goes on. What is about people is
in it as it is stored: encrypted, and without their keys, so that whoever is erased later is
erased in it too. --keys-out writes the keys to a file of their own: keep it elsewhere. It can be
restored for 30 days, and an erasure is complete when the last such file has expired.

The settings of samkonsult serve (--db, --keys-db, --keys, --data, --config) say which database.
`

const restoreHelp = `samkonsult restore --from FILE [--keys-from FILE]

Writes a backup into an empty database, of SQLite or PostgreSQL, whichever it was made of. A file
that is cut, changed or of another installation is refused before anything is written. Without
--keys-from the keys that are there stay: who has been erased since the backup stays erased.

The settings of samkonsult serve (--db, --keys-db, --keys, --data, --config) say which database.
`

// run does the command's work between its settings and its exit code.
func (c command) run(help string, flags func(*flag.FlagSet), work func(settings) error) int {
	s, err := parseSettings(c.name, c.args, c.getenv, flags)
	if isHelp(err) {
		fmt.Fprint(c.stdout, help)
		return 0
	}
	if err == nil {
		data := s.Data
		if data == "" {
			data = "var"
		}
		err = s.Keeping.complete(data, s.Demo)
	}
	if err == nil {
		s.Log, err = newLog(c.stderr, s.logFormat, s.logLevel)
	}
	if err != nil {
		fmt.Fprintf(c.stderr, "samkonsult %s: %v\n", c.name, err)
		return 2
	}
	if err := work(s); err != nil {
		fmt.Fprintf(c.stderr, "samkonsult %s: %v\n", c.name, err)
		if errors.As(err, new(*FieldError)) {
			return 2
		}
		return 1
	}
	return 0
}

func (c command) backup() int {
	var out, keysOut string
	flags := func(fs *flag.FlagSet) {
		fs.StringVar(&out, "out", "", "")
		fs.StringVar(&keysOut, "keys-out", "", "")
	}
	return c.run(backupHelp, flags, func(s settings) (err error) {
		if out == "" {
			return &FieldError{"out", "is required: the file to write"}
		}
		ring, err := s.keyring(false)
		if err != nil {
			return err
		}
		db, err := s.open(c.ctx, ring, true, s.Log)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		if err := writeWhole(out, func(w io.Writer) error { return db.Backup(c.ctx, w) }); err != nil {
			return err
		}
		fmt.Fprintln(c.stdout, "wrote", out)
		if keysOut == "" {
			return nil
		}
		if err := writeWhole(keysOut, func(w io.Writer) error { return db.BackupKeys(c.ctx, w) }); err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "wrote %s: delete it within %d days\n", keysOut, int(store.KeysBackupLifetime.Hours()/24))
		return nil
	})
}

func (c command) restore() int {
	var from, keysFrom string
	flags := func(fs *flag.FlagSet) {
		fs.StringVar(&from, "from", "", "")
		fs.StringVar(&keysFrom, "keys-from", "", "")
	}
	return c.run(restoreHelp, flags, func(s settings) error {
		if from == "" {
			return &FieldError{"from", "is required: the file to read"}
		}
		ring, err := s.keyring(false)
		if err != nil {
			return err
		}
		if path, ok := strings.CutPrefix(s.DB, "sqlite:"); ok {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return fmt.Errorf("--db: %w", err)
			}
		}
		cfg := store.Config{URL: s.DB, KeysURL: s.KeysDB, Keyring: ring, Log: s.Log}
		restores := []struct {
			file string
			do   func(context.Context, store.Config, io.Reader) (store.BackupHeader, error)
		}{{keysFrom, store.RestoreKeys}, {from, store.Restore}}
		for _, r := range restores {
			if r.file == "" {
				continue
			}
			if err := c.read(r.file, cfg, r.do); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c command) read(file string, cfg store.Config, do func(context.Context, store.Config, io.Reader) (store.BackupHeader, error)) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	h, err := do(c.ctx, cfg, f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Fprintf(c.stdout, "restored %s, as it was at %s\n", file, time.UnixMilli(h.Created).UTC().Format(time.RFC3339))
	return nil
}

// writeWhole writes a file that is either whole and synced, or not there.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s is there already: a backup replaces nothing", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".samkonsult-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

const keysHelp = `samkonsult keys

Adds a new generation to the file of secrets that --keys names. Start the service anew after it, on
every node: it then encrypts people's keys with the new generation, in the background and while it
serves, and says in its log when the old generation is needed no more.
`

func (c command) keys() int {
	return c.run(keysHelp, nil, func(s settings) error {
		path, ok := strings.CutPrefix(s.Keys, keysFile)
		if !ok {
			return &FieldError{"keys", "must be file:PATH: secrets of the environment are added there"}
		}
		ring, err := keyring.AddGeneration(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s has generation %d now; start the service anew\n", path, ring.Current())
		return nil
	})
}
