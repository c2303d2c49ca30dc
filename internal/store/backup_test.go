package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

func TestABackupOfEitherDatabaseRestoresIntoEither(t *testing.T) {
	for name, empty := range map[string]func(testing.TB) string{"into sqlite": dbtest.SQLite, "into postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, p place) {
				db := p.open(t)
				olav, ragna := known(t, db)
				content := randomBytes(3*blobChunk + 5)
				photo := putAndKept(t, db, "ragna", content)
				var main, keys, again bytes.Buffer
				must(t, db.Backup(t.Context(), &main))
				must(t, db.BackupKeys(t.Context(), &keys))

				other := p
				other.URL, other.KeysURL = empty(t), empty(t)
				header, err := Restore(t.Context(), other.Config, bytes.NewReader(main.Bytes()))
				if must(t, err); header.Of != "main" || header.Created != p.clock.Now().UnixMilli() {
					t.Errorf("header %+v", header)
				}
				_, err = RestoreKeys(t.Context(), other.Config, &keys)
				must(t, err)
				restored := other.open(t)
				must(t, restored.read(t.Context(), func(x *tx) error {
					for subject, sealed := range map[string][]byte{"olav": olav, "ragna": ragna} {
						if _, err := x.open(subject, "people.name/"+subject, sealed); err != nil {
							t.Error(err)
						}
					}
					return nil
				}))
				var got bytes.Buffer
				if _, err := restored.readBlob(t.Context(), photo.id, "ragna", &got); err != nil || !bytes.Equal(got.Bytes(), content) {
					t.Errorf("the photo: %v", err)
				}
				if got := claimed(t, restored); len(got) != 1 {
					t.Errorf("%d messages wait", len(got))
				}
				// The same rows give the same backup, whichever database they are in.
				third := p
				third.URL, third.KeysURL = dbtest.SQLite(t), ""
				_, err = Restore(t.Context(), third.Config, bytes.NewReader(main.Bytes()))
				must(t, err)
				must(t, third.open(t).Backup(t.Context(), &again))
				if len(rowsOf(t, p.Keyring, main.Bytes())) != len(rowsOf(t, p.Keyring, again.Bytes())) {
					t.Error("a backup of what was restored has other rows")
				}
			})
		})
	}
}

// rowsOf reads all rows of a backup.
func rowsOf(t *testing.T, ring *keyring.Keyring, backup []byte) (all [][]any) {
	t.Helper()
	in, err := newBackupReader(bytes.NewReader(backup), ring)
	must(t, err)
	for {
		row, err := in.next()
		if errors.Is(err, io.EOF) {
			return all
		}
		must(t, err)
		all = append(all, row)
	}
}

func TestABackupThatIsCutChangedOrForeignIsRefusedAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		known(t, db)
		var whole, keys bytes.Buffer
		must(t, db.Backup(t.Context(), &whole))
		must(t, db.BackupKeys(t.Context(), &keys))
		flipped := func(i int) []byte {
			b := bytes.Clone(whole.Bytes())
			b[i] ^= 1
			return b
		}
		foreign := p
		foreign.URL, foreign.Keyring = dbtest.SQLite(t), ringOf(t, 1)
		var others bytes.Buffer
		must(t, foreign.open(t).Backup(t.Context(), &others))

		into := p
		into.URL = dbtest.SQLite(t)
		refused := func(name string, file []byte) {
			t.Helper()
			if _, err := Restore(t.Context(), into.Config, bytes.NewReader(file)); !errors.Is(err, ErrBackup) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := os.Stat(strings.TrimPrefix(into.URL, sqliteScheme)); !os.IsNotExist(err) {
				t.Fatalf("%s: a database was made: %v", name, err)
			}
		}
		refused("empty", nil)
		refused("another file", []byte("SQLite format 3\x00"))
		refused("another installation's", others.Bytes())
		refused("of keys", keys.Bytes())
		refused("with something behind it", append(bytes.Clone(whole.Bytes()), 'x'))
		for i := 0; i < whole.Len(); i += 97 {
			refused("cut", whole.Bytes()[:i])
			refused("changed", flipped(i))
		}
		refused("cut by one byte", whole.Bytes()[:whole.Len()-1])
	})
}

func TestABackupIsNotRestoredOverADatabaseInUse(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		known(t, db)
		var file bytes.Buffer
		must(t, db.Backup(t.Context(), &file))
		closed(t, db)
		if _, err := Restore(t.Context(), p.Config, &file); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("restored over a database in use: %v", err)
		}
		if n := rows(t, p.open(t), "outbox"); n != 1 {
			t.Error("the database in use was changed")
		}
	})
}

func TestABackupOfKeysIsNotRestoredWhenItHasExpired(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		known(t, db)
		var file bytes.Buffer
		must(t, db.BackupKeys(t.Context(), &file))
		into := p
		into.KeysURL = dbtest.SQLite(t)
		p.clock.pass(KeysBackupLifetime)
		if _, err := RestoreKeys(t.Context(), into.Config, bytes.NewReader(file.Bytes())); !errors.Is(err, ErrBackup) || !strings.Contains(err.Error(), "expired at 2026-12-22") {
			t.Errorf("30 days old: %v", err)
		}
		p.clock.pass(-time.Millisecond)
		if _, err := RestoreKeys(t.Context(), into.Config, bytes.NewReader(file.Bytes())); err != nil {
			t.Errorf("not yet 30 days old: %v", err)
		}
	})
}

func TestABackupIsOfOneMomentWhileOthersWrite(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		known(t, db)
		// The first byte written is after the snapshot was taken, as the header has been read.
		var file bytes.Buffer
		wrote := false
		writer := writerFunc(func(b []byte) (int, error) {
			if !wrote {
				wrote = true
				must(t, db.change(t.Context(), nil, nil, func(x *tx) error { return x.setLookup("email", "tuva", "tuva@hospital.example") }))
			}
			return file.Write(b)
		})
		must(t, db.Backup(t.Context(), writer))
		for _, row := range rowsOf(t, p.Keyring, file.Bytes()) {
			if len(row) > 1 && row[1] == "tuva" {
				t.Error("the backup has what was written while it was made")
			}
		}
		if !wrote || rows(t, db, "lookups") != 3 {
			t.Error("nothing was written meanwhile: this test shows nothing")
		}
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestABackupIsMadeBesideARunningService(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		known(t, p.open(t))
		beside := p
		beside.ReadOnly = true
		db := beside.open(t)
		must(t, db.Backup(t.Context(), io.Discard))
		must(t, db.BackupKeys(t.Context(), io.Discard))
		if err := db.Erase(t.Context(), "olav", nil); err == nil {
			t.Error("erased by what was opened to read only")
		}
	})
}

func TestABackupThroughAPipeIsRestored(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t))
	db := p.open(t)
	known(t, db)
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- errors.Join(db.Backup(t.Context(), w), w.Close()) }() // ends with the backup
	into := p
	into.URL = dbtest.SQLite(t)
	_, err := Restore(t.Context(), into.Config, r)
	must(t, errors.Join(err, <-done))
	if n := rows(t, into.open(t), "lookups"); n != 2 {
		t.Errorf("%d lookups", n)
	}
}
