package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// disk is what SQLite's files hold after a power cut at the worst moment: of each file what
// was there when it was last synced, and nothing that was written since. It stands between
// SQLite and its operating system as a VFS (sqlite.org/vfs.html) that watches xSync.
type disk struct {
	tls      *libc.TLS
	vfs      uintptr // ours, a copy of original
	original uintptr
	// Go functions that only C memory refers to, which the garbage collector doesn't look at.
	xOpen  xOpen
	xSyncs []xSync

	mu      sync.Mutex
	paths   map[uintptr]string  // of open files
	methods map[uintptr]uintptr // sqlite3_io_methods with our xSync, by the original ones
	synced  map[string][]byte   // by path
}

// at is what a C pointer points to.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// pointer is a Go function as C calls it, and function the other way round.
func pointer[F any](f F) uintptr   { return *(*uintptr)(unsafe.Pointer(&f)) }
func function[F any](p uintptr) *F { return (*F)(unsafe.Pointer(&p)) }

type (
	xOpen = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	xSync = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// newDisk makes SQLite use it for what is opened until the test ends.
func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{tls: libc.NewTLS(), paths: map[uintptr]string{}, methods: map[uintptr]uintptr{}, synced: map[string][]byte{}}
	d.xOpen = d.open
	d.original = sqlite3.Xsqlite3_vfs_find(d.tls, 0)
	d.vfs = d.copied(d.original, unsafe.Sizeof(sqlite3.Tsqlite3_vfs{}))
	name, err := libc.CString("watched")
	must(t, err)
	at[sqlite3.Tsqlite3_vfs](d.vfs).FzName = name
	at[sqlite3.Tsqlite3_vfs](d.vfs).FxOpen = pointer(d.xOpen)
	if rc := sqlite3.Xsqlite3_vfs_register(d.tls, d.vfs, 1); rc != sqlite3.SQLITE_OK {
		t.Fatalf("register the VFS: %d", rc)
	}
	t.Cleanup(func() {
		sqlite3.Xsqlite3_vfs_register(d.tls, d.original, 1)
		sqlite3.Xsqlite3_vfs_unregister(d.tls, d.vfs)
	})
	return d
}

// copied copies C memory. It is never freed: SQLite may still look at it.
func (d *disk) copied(from, size uintptr) uintptr {
	to := libc.Xmalloc(d.tls, libc.Tsize_t(size))
	libc.Xmemcpy(d.tls, to, from, libc.Tsize_t(size))
	return to
}

func (d *disk) open(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	rc := (*function[xOpen](at[sqlite3.Tsqlite3_vfs](d.original).FxOpen))(tls, d.original, name, file, flags, out)
	methods := &at[sqlite3.Tsqlite3_file](file).FpMethods
	if rc != sqlite3.SQLITE_OK || *methods == 0 || name == 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paths[file] = libc.GoString(name)
	ours, ok := d.methods[*methods]
	if !ok {
		ours = d.copied(*methods, unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{}))
		original := at[sqlite3.Tsqlite3_io_methods](ours).FxSync
		var sync xSync = func(tls *libc.TLS, file uintptr, flags int32) int32 {
			rc := (*function[xSync](original))(tls, file, flags)
			if rc == sqlite3.SQLITE_OK {
				d.keep(file)
			}
			return rc
		}
		d.xSyncs = append(d.xSyncs, sync)
		at[sqlite3.Tsqlite3_io_methods](ours).FxSync = pointer(sync)
		d.methods[*methods] = ours
	}
	*methods = ours
	return rc
}

// keep notes what a file holds now.
func (d *disk) keep(file uintptr) {
	d.mu.Lock()
	defer d.mu.Unlock()
	// Closing it ends SQLite's own fcntl locks on it, which no other process waits for here.
	if content, err := os.ReadFile(d.paths[file]); err == nil {
		d.synced[d.paths[file]] = content
	}
}

// cutPower returns the place as it would be found after a power cut at this moment.
func (d *disk) cutPower(t *testing.T, p place) place {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	after := p
	after.URL = dbtest.SQLite(t)
	was, is := filepath.Dir(strings.TrimPrefix(p.URL, sqliteScheme)), filepath.Dir(strings.TrimPrefix(after.URL, sqliteScheme))
	for path, content := range d.synced {
		_, err := os.Stat(path) // deleted since: SQLite syncs the folder for that itself
		if filepath.Dir(path) == was && err == nil {
			must(t, os.WriteFile(filepath.Join(is, filepath.Base(path)), content, 0o600))
		}
	}
	return after
}

// acknowledged makes the nth change, of a person of its own: a key, a row, an audit entry.
func acknowledged(t *testing.T, db *DB, n int) {
	t.Helper()
	id := fmt.Sprint("p", n)
	must(t, db.change(t.Context(), []audit.Entry{entry(id)}, nil, func(x *tx) error { return x.setLookup("phone", id, "+47"+id) }))
}

var errLost = errors.New("was acknowledged and is not there")

// there tells whether the nth change and all before it are there and readable.
func there(t *testing.T, db *DB, n int) error {
	t.Helper()
	return db.read(t.Context(), func(x *tx) error {
		for i := range n + 1 {
			id := fmt.Sprint("p", i)
			sealed, err := one(x, errLost, oneColumn[[]byte], "SELECT value FROM lookups WHERE owner = $1", id)
			if err != nil {
				return fmt.Errorf("row of %s: %w", id, err)
			}
			if _, err := x.open(id, lookupCell("phone", id), sealed); err != nil {
				return fmt.Errorf("key of %s: %w", id, err)
			}
			if _, err := one(x, errLost, oneColumn[string], "SELECT id FROM audit_entries WHERE id = $1", id); err != nil {
				return fmt.Errorf("entry of %s: %w", id, err)
			}
		}
		return nil
	})
}

func TestNothingAcknowledgedIsLostInAPowerCutOnSQLite(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*testing.T, *DB)
		lost    bool // what the test must find
	}{
		"as opened": {func(*testing.T, *DB) {}, false},
		// The test can fail: it finds what is lost where commits are not synced.
		"main not synced": {func(t *testing.T, db *DB) { setPragma(t, db.main, "synchronous = NORMAL") }, true},
		"keys not synced": {func(t *testing.T, db *DB) { setPragma(t, db.keys.database, "synchronous = NORMAL") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t)
			p := newPlace(t, dbtest.SQLite(t))
			db := p.open(t)
			c.prepare(t, db)
			lost := false
			for n := range 20 {
				acknowledged(t, db, n)
				after := d.cutPower(t, p).open(t)
				if err := there(t, after, n); err != nil {
					lost = true
					if !c.lost {
						t.Errorf("power cut after %d changes: %v", n+1, err)
					}
				}
				closed(t, after)
			}
			if c.lost && !lost {
				t.Error("nothing was lost although nothing was synced: this test sees nothing")
			}
		})
	}
}

func setPragma(t *testing.T, d *database, pragma string) {
	t.Helper()
	_, err := d.writer.ExecContext(t.Context(), "PRAGMA "+pragma)
	must(t, err)
}

// At its acknowledgement a commit's WAL must have been flushed. The test server's WAL writer
// sleeps for 10 s, so that it doesn't flush by chance what a commit has left.
func TestEachCommitIsFlushedBeforeItIsAcknowledgedOnPostgres(t *testing.T) {
	p := newPlace(t, dbtest.Postgres(t))
	db := p.open(t)
	flushed := func(set string) bool {
		t.Helper()
		var written string
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			if _, err := x.exec(set); err != nil {
				return err
			}
			if _, err := x.exec("INSERT INTO call_epochs (consultation, epoch) VALUES ('c1', 1) ON CONFLICT (consultation) DO UPDATE SET epoch = call_epochs.epoch + 1"); err != nil {
				return err
			}
			// The commit's own record comes behind it.
			var err error
			written, err = one(x, nil, oneColumn[string], "SELECT pg_current_wal_insert_lsn()::text")
			return err
		}))
		var beyond bool
		must(t, db.main.reader.QueryRowContext(t.Context(), "SELECT pg_current_wal_flush_lsn() > $1::pg_lsn", written).Scan(&beyond))
		return beyond
	}
	for n := range 50 {
		if !flushed("SET LOCAL statement_timeout = 0") {
			t.Fatalf("commit %d was acknowledged before it was flushed", n+1)
		}
	}
	for range 50 {
		if !flushed("SET LOCAL synchronous_commit = off") {
			return
		}
	}
	t.Error("everything is flushed although commits don't wait for it: this test sees nothing")
}

// A key is on disk before the transaction that needs it goes on.
func TestAKeyIsFlushedBeforeItIsUsedOnPostgres(t *testing.T) {
	p := newPlace(t, dbtest.Postgres(t))
	db := p.open(t)
	for n := range 20 {
		var written string
		must(t, db.keys.database.reader.QueryRowContext(t.Context(), "SELECT pg_current_wal_insert_lsn()::text").Scan(&written))
		if _, err := db.keys.needKey(t.Context(), fmt.Sprint("p", n)); err != nil {
			t.Fatal(err)
		}
		var flushed, inserted string
		var all sql.NullBool
		must(t, db.keys.database.reader.QueryRowContext(t.Context(),
			"SELECT pg_current_wal_flush_lsn()::text, pg_current_wal_insert_lsn()::text, pg_current_wal_flush_lsn() > $1::pg_lsn", written).Scan(&flushed, &inserted, &all))
		if !all.Bool {
			t.Fatalf("key %d: flushed up to %s, written before it %s and after it %s", n, flushed, written, inserted)
		}
	}
}
