package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"
)

// Of blobs: photos and files.
const (
	// MaxBlob is how large a blob may be, in bytes.
	MaxBlob = 20 << 20
	// blobChunk is what is sealed and written at once, in bytes: a reader authenticates
	// that much before it hands any of it on, and a writer never holds others up for long.
	blobChunk = 256 << 10
	// blobPatience is how long a blob may wait for the change that keeps it.
	blobPatience = time.Hour
)

// ErrBlobTooLarge says what was refused; nothing of it is kept.
var ErrBlobTooLarge = fmt.Errorf("is larger than %d bytes (20 MB)", MaxBlob)

// errBlobMissing says that a blob is not there, was never kept, or has been deleted.
var errBlobMissing = errors.New("blob not found")

// blob is a file of a subject.
type blob struct {
	id    string
	bytes int64
}

// putBlob writes a blob as it arrives, sealed for its subject, a chunk at a time. Nobody can
// read it until a change keeps it (tx.keepBlob); what no change has kept within an hour,
// because its writer has failed, is removed.
func (db *DB) putBlob(ctx context.Context, subject string, from io.Reader) (blob, error) {
	b := blob{id: rand.Text()}
	err := db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec("INSERT INTO blobs (id, subject, bytes, created_at, kept) VALUES ($1, $2, 0, $3, FALSE)",
			b.id, subject, db.now().UnixMilli())
		return err
	})
	if err == nil {
		err = db.putChunks(ctx, &b, subject, from)
	}
	if err != nil {
		// Not with ctx, which may be what has ended. If this fails too, time removes it.
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return blob{}, errors.Join(fmt.Errorf("write a blob: %w", err), db.change(after, nil, nil, func(t *tx) error { return t.deleteBlob(b.id) }))
	}
	return b, nil
}

func (db *DB) putChunks(ctx context.Context, b *blob, subject string, from io.Reader) error {
	// One byte ahead, to know which chunk is the last.
	buffer := make([]byte, blobChunk+1)
	ahead := 0
	for number := 0; ; number++ {
		n, err := io.ReadFull(from, buffer[ahead:])
		n += ahead
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		chunk := buffer[:min(n, blobChunk)]
		if b.bytes += int64(len(chunk)); b.bytes > MaxBlob || b.bytes == MaxBlob && !last {
			return ErrBlobTooLarge
		}
		err = db.change(ctx, nil, nil, func(t *tx) error {
			sealed, err := t.seal(subject, chunkCell(b.id, number, last), chunk)
			if err != nil {
				return err
			}
			if _, err := t.exec("INSERT INTO blob_chunks (blob, number, content) VALUES ($1, $2, $3)", b.id, number, sealed); err != nil {
				return err
			}
			_, err = t.exec("UPDATE blobs SET bytes = $2 WHERE id = $1", b.id, b.bytes)
			return err
		})
		if err != nil || last {
			return err
		}
		buffer[0], ahead = buffer[blobChunk], 1
	}
}

// keepBlob makes a blob one with the change: from its commit on, it can be read.
func (t *tx) keepBlob(id, subject string) error {
	n, err := t.exec("UPDATE blobs SET kept = TRUE WHERE id = $1 AND subject = $2 AND NOT kept", id, subject)
	return changed(n, err, errBlobMissing)
}

// deleteBlob removes a blob, kept or not; one that is not there is no error.
func (t *tx) deleteBlob(id string) error {
	_, err := t.exec("DELETE FROM blobs WHERE id = $1", id)
	return err
}

// readBlob writes a kept blob of a subject, and returns how many bytes it has. An error
// means that what has been written is not all of it.
func (db *DB) readBlob(ctx context.Context, id, subject string, to io.Writer) (int64, error) {
	return db.readChunks(ctx, id, subject, true, to)
}

// readUnkept is readBlob for its writer, who looks at what no change has kept yet.
func (db *DB) readUnkept(ctx context.Context, id, subject string, to io.Writer) (int64, error) {
	return db.readChunks(ctx, id, subject, false, to)
}

func (db *DB) readChunks(ctx context.Context, id, subject string, kept bool, to io.Writer) (int64, error) {
	var written int64
	for number := 0; ; number++ {
		chunk, last, err := db.readChunk(ctx, id, subject, kept, number, written)
		if err != nil {
			return written, fmt.Errorf("read blob %s: %w", id, err)
		}
		n, err := to.Write(chunk)
		written += int64(n)
		if err != nil || last {
			return written, err
		}
	}
}

// readChunk returns a chunk in a transaction of its own, so that a slow reader holds none.
// A blob that is kept doesn't change; deleted meanwhile, its next chunk is missing.
func (db *DB) readChunk(ctx context.Context, id, subject string, kept bool, number int, before int64) (chunk []byte, last bool, err error) {
	err = db.read(ctx, func(t *tx) error {
		var sealed []byte
		var total int64
		_, err := one(t, errBlobMissing, func(row scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&total, &sealed)
		}, `SELECT b.bytes, c.content FROM blobs b JOIN blob_chunks c ON c.blob = b.id
			WHERE b.id = $1 AND b.subject = $2 AND b.kept = $4 AND c.number = $3`, id, subject, number, kept)
		if err != nil {
			return err
		}
		last = before+blobChunk >= total // authenticated by the seal, as is the order
		chunk, err = t.open(subject, chunkCell(id, number, last), sealed)
		return err
	})
	return chunk, last, err
}

func chunkCell(id string, number int, last bool) string {
	return cell("blob_chunks", "content", fmt.Sprintf("%s/%d/%t", id, number, last))
}

// Tidy removes what failed writers have left, blobs that no change has kept, requests whose
// day is over, and what was not delivered long ago. Call it now and then.
func (db *DB) Tidy(ctx context.Context) error {
	err := db.change(ctx, nil, nil, func(t *tx) error {
		if err := t.tidyRequests(); err != nil {
			return err
		}
		if err := t.tidyOutbox(); err != nil {
			return err
		}
		_, err := t.exec("DELETE FROM blobs WHERE NOT kept AND created_at < $1", db.now().Add(-blobPatience).UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("tidy: %w", err)
	}
	return nil
}
