package clinical

import (
	"context"
	"io"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// WoundKeep keeps wounds, photos of them, and the pictures' bytes. A changing method commits the
// change and its audit entries as one.
type WoundKeep interface {
	WoundStore
	PhotoStore
	PictureStore
}

// WoundBook is all that is kept of a patient's wounds, wrong ones too, in any order.
type WoundBook struct {
	Wounds      []Wound
	Assessments []Assessment
	Photos      []Photo
}

// WoundStore keeps wounds and assessments. What is saved with version 0 is new: where its sender has
// used the key before it is not kept again, and answered as it is now with known. Another content under
// the same key is ErrKeyTaken. All else replaces the version that it names, which stays as an earlier
// one. Errors: ErrNotFound, ErrVersion.
type WoundStore interface {
	WoundBook(ctx context.Context, patient access.PersonID) (WoundBook, error)
	SaveWound(ctx context.Context, w Wound, entries []audit.Entry) (kept Wound, known bool, err error)
	// SaveAssessment keeps what its numbers have become with it: an observation whose id is known gets
	// another version, and all others are new.
	SaveAssessment(ctx context.Context, a Assessment, numbers []Observation, entries []audit.Entry) (kept Assessment, known bool, err error)
}

// PhotoStore keeps what is known of photos, and drawings, by the rules of a WoundStore.
type PhotoStore interface {
	// Photo is one, without what is drawn on it. Errors: ErrNotFound.
	Photo(ctx context.Context, patient access.PersonID, id PhotoID) (Photo, error)
	// SavePhoto keeps a new photo's pictures with it; those of one that is known are dropped.
	SavePhoto(ctx context.Context, p Photo, entries []audit.Entry) (kept Photo, known bool, err error)
	// Draw adds a drawing to a photo that has fewer than most; else *Invalid.
	Draw(ctx context.Context, patient access.PersonID, of PhotoID, d Drawing, most int, entries []audit.Entry) (kept Photo, known bool, err error)
	// Undraw takes a drawing off. It stays in the store.
	Undraw(ctx context.Context, patient access.PersonID, of PhotoID, id DrawingID, at time.Time, entries []audit.Entry) (Photo, error)
}

// PictureStore keeps pictures' bytes. Nobody reads a picture until the photo that it is of is saved;
// one that never is goes by itself after a while.
type PictureStore interface {
	PutPicture(ctx context.Context, patient access.PersonID, from io.Reader) (id PictureID, bytes int64, err error)
	// UnkeptPicture reads one that no photo has been saved with yet.
	UnkeptPicture(ctx context.Context, patient access.PersonID, id PictureID, to io.Writer) error
	// Picture reads a photo's. Errors: ErrNotFound, also where it is gone before its end.
	Picture(ctx context.Context, patient access.PersonID, id PictureID, to io.Writer) error
	DropPictures(ctx context.Context, ids ...PictureID) error
}
