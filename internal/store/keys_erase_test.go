package store

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// known writes something about olav and ragna everywhere, and returns what is sealed of each.
func known(t *testing.T, db *DB) (olav, ragna []byte) {
	t.Helper()
	must(t, db.change(t.Context(), []audit.Entry{entry("a1")}, []notify.Message{message("m1", "+4790000001")}, func(x *tx) (err error) {
		if olav, err = x.seal("olav", "people.name/olav", []byte("Olav Eik")); err != nil {
			return err
		}
		if ragna, err = x.seal("ragna", "people.name/ragna", []byte("Ragna Eik")); err != nil {
			return err
		}
		return errors.Join(x.setLookup("phone", "olav", "+4790000001"), x.setLookup("phone", "ragna", "+4790000001"))
	}))
	putAndKept(t, db, "olav", []byte("reddened"))
	return olav, ragna
}

func wantErased(t *testing.T, db *DB, olav, ragna []byte) {
	t.Helper()
	must(t, db.read(t.Context(), func(x *tx) error {
		if got, err := x.open("olav", "people.name/olav", olav); !errors.Is(err, ErrErased) {
			t.Errorf("after the erasure: %q, %v", got, err)
		}
		if got, err := x.open("ragna", "people.name/ragna", ragna); err != nil || string(got) != "Ragna Eik" {
			t.Errorf("another's: %q, %v", got, err)
		}
		found, err := x.findLookup("phone", "+4790000001")
		if len(found) != 1 || found[0] != "ragna" {
			t.Errorf("found by the number: %v", found)
		}
		return err
	}))
	if err := db.change(t.Context(), nil, nil, func(x *tx) error {
		_, err := x.seal("olav", "people.name/olav", []byte("Olav Eik"))
		return err
	}); !errors.Is(err, ErrErased) {
		t.Errorf("sealed again for who has been erased: %v", err)
	}
	if n := rows(t, db, "audit_entries"); n < 1 {
		t.Error("what is countable is gone: the audit record")
	}
	if n := rows(t, db, "blobs"); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestAnErasedPersonCannotBeReadAndOthersCan(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		olav, ragna := known(t, db)
		must(t, db.Erase(t.Context(), "olav", []audit.Entry{entry("a2")}))
		wantErased(t, db, olav, ragna)
		must(t, db.Erase(t.Context(), "olav", nil)) // once more changes nothing
		closed(t, db)
		wantErased(t, p.open(t), olav, ragna)
	})
}

func TestAnErasureThatACrashInterruptsIsFinishedAtTheNextStart(t *testing.T) {
	for name, crash := range map[string]func(*testing.T, *DB){
		"after the intent": func(t *testing.T, db *DB) {
			_, err := db.main.writer.ExecContext(t.Context(), "INSERT INTO erasures (subject, asked_at) VALUES ('olav', 1)")
			must(t, err)
		},
		"after the key": func(t *testing.T, db *DB) {
			_, err := db.main.writer.ExecContext(t.Context(), "INSERT INTO erasures (subject, asked_at) VALUES ('olav', 1)")
			must(t, err)
			must(t, db.keys.erase(t.Context(), "olav"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, p place) {
				db := p.open(t)
				olav, ragna := known(t, db)
				crash(t, db)
				closed(t, db)
				again := p.open(t)
				wantErased(t, again, olav, ragna)
				must(t, again.read(t.Context(), func(x *tx) error {
					done, err := one(x, nil, oneColumn[bool], "SELECT done_at IS NOT NULL FROM erasures WHERE subject = 'olav'")
					if !done {
						t.Error("the erasure is not marked as done")
					}
					return err
				}))
			})
		})
	}
}

func TestAnOlderBackupBesideThePresentKeysCannotReadAnErasedPerson(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		olav, ragna := known(t, db)
		var backup bytes.Buffer
		must(t, db.Backup(t.Context(), &backup))
		must(t, db.Erase(t.Context(), "olav", nil))
		closed(t, db)

		older := p
		older.KeysURL = p.keysURL()
		older.URL = dbtest.SQLite(t)
		_, err := Restore(t.Context(), older.Config, &backup)
		must(t, err)
		wantErased(t, older.open(t), olav, ragna)
	})
}

func TestAnOlderBackupOfKeysBringsNobodyBack(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		olav, ragna := known(t, db)
		var keys bytes.Buffer
		must(t, db.BackupKeys(t.Context(), &keys))
		must(t, db.Erase(t.Context(), "olav", nil))
		closed(t, db)

		older := p
		older.KeysURL = dbtest.SQLite(t)
		_, err := RestoreKeys(t.Context(), older.Config, &keys)
		must(t, err)
		wantErased(t, older.open(t), olav, ragna)
	})
}

// The bytes of the wrapped key are in no file of the database any more, nor is anything
// readable of a person in any of them at any time.
func TestAnErasedKeyIsNotLeftInTheFile(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t))
	db := p.open(t)
	known(t, db)
	var wrapped []byte
	must(t, db.keys.database.reader.QueryRowContext(t.Context(), "SELECT wrapped FROM subject_keys WHERE subject = 'olav'").Scan(&wrapped))
	path := strings.TrimPrefix(defaultKeysURL(p.URL), sqliteScheme)
	if n := holding(t, path, wrapped); n == 0 {
		t.Fatal("the key was in no file before it was erased: this test looks in the wrong place")
	}
	must(t, db.Erase(t.Context(), "olav", nil))
	if n := holding(t, path, wrapped); n != 0 {
		t.Errorf("the erased key is still in %d files", n)
	}
}

func TestNothingOfAPersonStandsReadableInTheFiles(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t))
	db := p.open(t)
	known(t, db)
	path := strings.TrimPrefix(p.URL, sqliteScheme)
	for _, text := range []string{"Eik", "+4790000001", "123456", "reddened", "he fell"} {
		if n := holding(t, path, []byte(text)); n != 0 {
			t.Errorf("%q is readable in %d files", text, n)
		}
	}
	if n := holding(t, path, []byte("olav")); n == 0 {
		t.Error("not even the id is there: this test looks in the wrong place")
	}
}

// holding counts the database's files that hold some bytes.
func holding(t *testing.T, path string, content []byte) (n int) {
	t.Helper()
	for _, file := range []string{path, path + "-wal"} {
		text, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(text, content) {
			n++
		}
	}
	return n
}

// What was said in a patient's consultations goes with the patient, also where an older
// backup brings it back; the appointment stays, to be counted.
func TestWhatWasSaidInAnErasedPatientsConsultationsIsErasedToo(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			_, err := x.exec("INSERT INTO appointments (id, version, organisation, starts, ends, state, identification) VALUES ('c1', 1, 'o', 1, 32503680000000, 'booked', 'link')") // until the year 3000
			_, claimed := x.exec("INSERT INTO busy (subject, starts, ends, kind, firm, appointment, option_id) VALUES ('mari', 1, 2, 'call', TRUE, 'c1', '')")
			err = errors.Join(err, claimed)
			for i, role := range []access.Role{access.Patient, access.Nurse} {
				_, one := x.exec(`INSERT INTO appointment_participants (appointment, id, position, person, role, organisation, required, words)
					VALUES ('c1', $1, $2, $1, $3, '', TRUE, $4)`, []string{"olav", "mari"}[i], i, role.String(), []byte{1})
				err = errors.Join(err, one)
			}
			return err
		}))
		said := signaling.ChatWritten{Message: protocol.ChatMessage{ID: "a", From: "mari", Text: "The wound looks better"}}
		must(t, db.Journal().Record(t.Context(), "c1", said))
		var backup bytes.Buffer
		must(t, db.Backup(t.Context(), &backup))
		must(t, db.Erase(t.Context(), "mari", nil))
		if state, err := db.Journal().Open(t.Context(), "c1"); err != nil || len(state.Chat) != 1 {
			t.Errorf("with the nurse erased, who is not its patient: %v", err)
		}
		must(t, db.Erase(t.Context(), "olav", nil))
		gone := func(db *DB) {
			t.Helper()
			if _, err := db.Journal().Open(t.Context(), "c1"); !errors.Is(err, ErrErased) {
				t.Errorf("what was said: %v", err)
			}
			if n := rows(t, db, "appointments"); n != 1 {
				t.Errorf("%d appointments are left", n)
			}
			must(t, db.read(t.Context(), func(x *tx) error {
				cancelled, err := one(x, nil, oneColumn[bool], "SELECT state = 'cancelled' FROM appointments WHERE id = 'c1'")
				if !cancelled || rows(t, db, "busy") != 0 {
					t.Error("what was to come is not cancelled, or still takes the nurse's time")
				}
				return err
			}))
		}
		gone(db)
		closed(t, db)
		older := p
		older.URL, older.KeysURL = dbtest.SQLite(t), p.keysURL()
		_, err := Restore(t.Context(), older.Config, &backup)
		must(t, err)
		gone(older.open(t))
	})
}
