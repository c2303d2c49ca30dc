package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// SavePhoto implements clinical.PhotoStore.
func (s *Clinical) SavePhoto(ctx context.Context, p clinical.Photo, entries []audit.Entry) (out clinical.Photo, known bool, err error) {
	err = s.writing(ctx, p.Patient, entries, func(t *tx, key subjectKey) (bool, error) {
		before, err := t.keep(key, photoToKeep(p))
		if err != nil {
			return false, err
		}
		if known = before != nil; known {
			for _, id := range []clinical.PictureID{p.Picture, p.Small} {
				if err := t.deleteBlob(string(id)); err != nil {
					return false, err
				}
			}
			out, err = t.photo(p.Patient, *before)
			if err == nil {
				err = t.drawn(&out)
			}
			return false, err
		}
		if p.Version == 0 {
			for _, id := range []clinical.PictureID{p.Picture, p.Small} {
				if err := t.keepBlob(string(id), string(p.Patient)); err != nil {
					return false, err
				}
			}
		}
		out = p
		out.Version++
		return true, t.drawn(&out)
	})
	if err != nil {
		return clinical.Photo{}, false, fmt.Errorf("save photo %s: %w", p.ID, err)
	}
	return out, known, nil
}

// Photo implements clinical.PhotoStore.
func (s *Clinical) Photo(ctx context.Context, patient access.PersonID, id clinical.PhotoID) (out clinical.Photo, err error) {
	found := false
	err = s.reading(ctx, patient, func(t *tx, _ subjectKey) error {
		r, err := one(t, clinical.ErrNotFound, scanWound,
			"SELECT "+woundColumns+" FROM wound_records WHERE id = $1 AND patient = $2 AND kind = $3", string(id), string(patient), string(photoRecord))
		if err != nil {
			return err
		}
		p, err := t.photo(patient, r)
		out, found = p, err == nil
		return err
	})
	if err == nil && !found { // nothing has been kept of the patient
		err = clinical.ErrNotFound
	}
	if err != nil {
		return clinical.Photo{}, fmt.Errorf("photo %s: %w", id, err)
	}
	return out, nil
}

func photoToKeep(p clinical.Photo) toKeep {
	r := woundRow{id: string(p.ID), kind: photoRecord, version: p.Version, status: string(p.Status), made: p.Received}
	return toKeep{r, p.Patient, p.Sent, p.By, p.Correction, p}
}

// drawn reads what is drawn on a photo.
func (t *tx) drawn(p *clinical.Photo) error {
	drawings, err := t.drawings(p.Patient, "photo = $1", string(p.ID))
	p.Drawings = drawings[p.ID]
	return err
}

// drawing changes what is drawn on a photo, which is another version of it then.
func (s *Clinical) drawing(ctx context.Context, patient access.PersonID, of clinical.PhotoID, entries []audit.Entry, change func(t *tx, key subjectKey) (changed bool, err error)) (out clinical.Photo, err error) {
	err = s.writing(ctx, patient, entries, func(t *tx, key subjectKey) (bool, error) {
		r, err := one(t, clinical.ErrNotFound, scanWound,
			"SELECT "+woundColumns+" FROM wound_records WHERE id = $1 AND patient = $2 AND kind = $3", string(of), string(patient), string(photoRecord))
		if err != nil {
			return false, err
		}
		p, err := t.photo(patient, r)
		if err != nil {
			return false, err
		}
		changed, err := change(t, key)
		if err != nil {
			return false, err
		}
		if changed {
			if _, err := t.keep(key, photoToKeep(p)); err != nil {
				return false, err
			}
			p.Version++
		}
		out = p
		return changed, t.drawn(&out)
	})
	return out, err
}

// Draw implements clinical.PhotoStore.
func (s *Clinical) Draw(ctx context.Context, patient access.PersonID, of clinical.PhotoID, d clinical.Drawing, most int, entries []audit.Entry) (out clinical.Photo, known bool, err error) {
	out, err = s.drawing(ctx, patient, of, entries, func(t *tx, key subjectKey) (bool, error) {
		known = false
		if err := readable(d.By); err != nil {
			return false, err
		}
		source := key.tag("photo_drawings.source", string(d.By.Person), d.Sent.Key)
		type before struct {
			id      clinical.DrawingID
			details []byte
		}
		had, err := one(t, clinical.ErrNotFound, func(row scanner) (b before, err error) { return b, row.Scan(&b.id, &b.details) },
			"SELECT id, details FROM photo_drawings WHERE photo = $1 AND source = $2", string(of), source)
		if err == nil {
			var sent clinical.Drawing
			if err := t.openJSON(string(patient), drawingCell(had.id), had.details, &sent); err != nil {
				return false, err
			}
			if sent.Sent.Digest != d.Sent.Digest {
				return false, clinical.ErrKeyTaken
			}
			known = true
			return false, nil
		}
		if !errors.Is(err, clinical.ErrNotFound) {
			return false, err
		}
		n, err := one(t, nil, oneColumn[int], "SELECT COUNT(*) FROM photo_drawings WHERE photo = $1 AND removed_at = 0", string(of))
		if err != nil {
			return false, err
		}
		if n >= most {
			return false, &clinical.Invalid{Field: "drawings", Rule: fmt.Sprintf("must be at most %d on a photo", most)}
		}
		details, err := t.sealJSON(string(patient), drawingCell(d.ID), d)
		if err != nil {
			return false, err
		}
		_, err = t.exec("INSERT INTO photo_drawings (id, photo, patient, made_at, removed_at, source, details) VALUES ($1, $2, $3, $4, 0, $5, $6)",
			string(d.ID), string(of), string(patient), d.At.UnixMilli(), source, details)
		return true, err
	})
	if err != nil {
		return clinical.Photo{}, false, fmt.Errorf("draw on %s: %w", of, err)
	}
	return out, known, nil
}

// Undraw implements clinical.PhotoStore.
func (s *Clinical) Undraw(ctx context.Context, patient access.PersonID, of clinical.PhotoID, id clinical.DrawingID, at time.Time, entries []audit.Entry) (clinical.Photo, error) {
	out, err := s.drawing(ctx, patient, of, entries, func(t *tx, _ subjectKey) (bool, error) {
		n, err := t.exec("UPDATE photo_drawings SET removed_at = $3 WHERE id = $1 AND photo = $2 AND removed_at = 0", string(id), string(of), at.UnixMilli())
		return true, changed(n, err, clinical.ErrNotFound)
	})
	if err != nil {
		return clinical.Photo{}, fmt.Errorf("undraw on %s: %w", of, err)
	}
	return out, nil
}

// PutPicture implements clinical.PictureStore.
func (s *Clinical) PutPicture(ctx context.Context, patient access.PersonID, from io.Reader) (clinical.PictureID, int64, error) {
	b, err := s.db.putBlob(ctx, string(patient), from)
	if errors.Is(err, ErrErased) {
		err = errors.Join(clinical.ErrNotFound, err)
	}
	return clinical.PictureID(b.id), b.bytes, err
}

// UnkeptPicture implements clinical.PictureStore.
func (s *Clinical) UnkeptPicture(ctx context.Context, patient access.PersonID, id clinical.PictureID, to io.Writer) error {
	_, err := s.db.readUnkept(ctx, string(id), string(patient), to)
	return goneAsMissing(err)
}

// Picture implements clinical.PictureStore.
func (s *Clinical) Picture(ctx context.Context, patient access.PersonID, id clinical.PictureID, to io.Writer) error {
	_, err := s.db.readBlob(ctx, string(id), string(patient), to)
	return goneAsMissing(err)
}

// goneAsMissing says of a picture that is gone, or whose patient is erased, that it is not there.
func goneAsMissing(err error) error {
	if errors.Is(err, errBlobMissing) || errors.Is(err, ErrErased) {
		return fmt.Errorf("%w: %w", clinical.ErrNotFound, err)
	}
	return err
}

// DropPictures implements clinical.PictureStore. What a photo keeps is not dropped.
func (s *Clinical) DropPictures(ctx context.Context, ids ...clinical.PictureID) error {
	return s.db.change(ctx, nil, nil, func(t *tx) error {
		for _, id := range ids {
			if _, err := t.exec("DELETE FROM blobs WHERE id = $1 AND NOT kept", string(id)); err != nil {
				return err
			}
		}
		return nil
	})
}

var _ clinical.WoundKeep = (*Clinical)(nil)
