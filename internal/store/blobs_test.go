package store

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"
	"time"
)

func putAndKept(t *testing.T, db *DB, subject string, content []byte) blob {
	t.Helper()
	b, err := db.putBlob(t.Context(), subject, bytes.NewReader(content))
	must(t, err)
	must(t, db.change(t.Context(), nil, nil, func(x *tx) error { return x.keepBlob(b.id, subject) }))
	return b
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func TestABlobIsReadAsItWasWritten(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		for _, size := range []int{0, 1, blobChunk - 1, blobChunk, blobChunk + 1, 3*blobChunk + 17, MaxBlob} {
			content := randomBytes(size)
			b := putAndKept(t, db, "olav", content)
			var got bytes.Buffer
			n, err := db.readBlob(t.Context(), b.id, "olav", &got)
			if err != nil || n != int64(size) || b.bytes != n || !bytes.Equal(got.Bytes(), content) {
				t.Errorf("%d bytes: read %d, noted %d, the same: %v, %v", size, n, b.bytes, bytes.Equal(got.Bytes(), content), err)
			}
		}
	})
}

func TestABlobOfMoreThan20MBIsRefusedAndLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		endless := io.LimitReader(rand.Reader, MaxBlob+1)
		if _, err := db.putBlob(t.Context(), "olav", endless); !errors.Is(err, ErrBlobTooLarge) {
			t.Errorf("one byte too many: %v", err)
		}
		blobsLeft(t, db, 0)
	})
}

func TestABlobWhoseWriterFailsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		broken := io.MultiReader(bytes.NewReader(randomBytes(2*blobChunk)), iotest.ErrReader(io.ErrClosedPipe))
		if _, err := db.putBlob(t.Context(), "olav", broken); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("a connection that broke: %v", err)
		}
		blobsLeft(t, db, 0)
	})
}

func blobsLeft(t *testing.T, db *DB, want int) {
	t.Helper()
	must(t, db.read(t.Context(), func(x *tx) error {
		for _, table := range []string{"blobs", "blob_chunks"} {
			n, err := one(x, nil, oneColumn[int], "SELECT COUNT(*) FROM "+table)
			if err != nil {
				return err
			}
			if n != want {
				t.Errorf("%s has %d rows, want %d", table, n, want)
			}
		}
		return nil
	}))
}

func TestABlobIsInvisibleUntilAChangeKeepsIt(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		b, err := db.putBlob(t.Context(), "olav", bytes.NewReader([]byte("wound")))
		must(t, err)
		if _, err := db.readBlob(t.Context(), b.id, "olav", io.Discard); !errors.Is(err, errBlobMissing) {
			t.Errorf("read before it was kept: %v", err)
		}
		for name, keep := range map[string]func(*tx) error{
			"for another":     func(x *tx) error { return x.keepBlob(b.id, "ragna") },
			"one not there":   func(x *tx) error { return x.keepBlob("none", "olav") },
			"in a failed one": func(x *tx) error { return errors.Join(x.keepBlob(b.id, "olav"), errors.New("the change fails")) },
		} {
			if err := db.change(t.Context(), nil, nil, keep); err == nil {
				t.Errorf("kept %s", name)
			}
		}
		if _, err := db.readBlob(t.Context(), b.id, "olav", io.Discard); !errors.Is(err, errBlobMissing) {
			t.Errorf("read after changes that failed: %v", err)
		}
		p.clock.pass(blobPatience)
		must(t, db.Tidy(t.Context()))
		blobsLeft(t, db, 1)
		p.clock.pass(time.Millisecond)
		must(t, db.Tidy(t.Context()))
		blobsLeft(t, db, 0)
	})
}

func TestAKeptBlobStaysUntilItIsDeleted(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		b := putAndKept(t, db, "olav", []byte("wound"))
		p.clock.pass(1000 * time.Hour)
		must(t, db.Tidy(t.Context()))
		if n, err := db.readBlob(t.Context(), b.id, "olav", io.Discard); n != 5 || err != nil {
			t.Errorf("read %d, %v", n, err)
		}
		if _, err := db.readBlob(t.Context(), b.id, "ragna", io.Discard); !errors.Is(err, errBlobMissing) {
			t.Errorf("read as another's: %v", err)
		}
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error { return x.deleteBlob(b.id) }))
		if _, err := db.readBlob(t.Context(), b.id, "olav", io.Discard); !errors.Is(err, errBlobMissing) {
			t.Errorf("read after it was deleted: %v", err)
		}
	})
}

func TestABlobThatSomeoneHasTamperedWithIsNotRead(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		for name, tamper := range map[string]string{
			"two chunks swapped":          "UPDATE blob_chunks SET number = CASE number WHEN 0 THEN 11 ELSE 10 END WHERE blob = '%[1]s' AND number < 2; UPDATE blob_chunks SET number = number - 10 WHERE blob = '%[1]s' AND number >= 10",
			"the last one cut":            "DELETE FROM blob_chunks WHERE blob = '%[1]s' AND number = 2",
			"cut, and said to be shorter": "DELETE FROM blob_chunks WHERE blob = '%[1]s' AND number = 2; UPDATE blobs SET bytes = 524288 WHERE id = '%[1]s'",
			"another's chunk":             "UPDATE blob_chunks SET content = (SELECT content FROM blob_chunks WHERE blob = '%[2]s' AND number = 1) WHERE blob = '%[1]s' AND number = 1",
		} {
			b := putAndKept(t, db, "olav", randomBytes(3*blobChunk))
			other := putAndKept(t, db, "olav", randomBytes(3*blobChunk))
			_, err := db.main.writer.ExecContext(t.Context(), fmt.Sprintf(tamper, b.id, other.id))
			must(t, err)
			if _, err := db.readBlob(t.Context(), b.id, "olav", io.Discard); !errors.Is(err, errUnreadable) && !errors.Is(err, errBlobMissing) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
