package clinical

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/clinical/photo"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// NewPhoto is a photo on its way in.
type NewPhoto struct {
	Key          string
	Wound        WoundID // empty: it belongs to none yet
	Consultation string  // empty: none
	AskedBy      string  // participant of that consultation who asked for it; empty: nobody
	Taken        time.Time
	Source       PhotoSource
}

// SendPhoto keeps a photo as it comes, without what its file tells beside the pixels. One whose key is
// known is kept once, and content isn't read then. Errors: *access.Refused, *Invalid, ErrKeyTaken; those
// of content.
func (s *Service) SendPhoto(ctx context.Context, by access.Actor, patient access.PersonID, n NewPhoto, content io.Reader) (Photo, error) {
	opened, err := s.demand(ctx, by, access.PhotoSend, patient)
	if err != nil {
		return Photo{}, err
	}
	now := s.cfg.Now()
	p := Photo{
		ID: PhotoID(newID()), Patient: patient, Status: Final, Received: now.Truncate(time.Millisecond), Wound: n.Wound, Consultation: n.Consultation,
		Taken: n.Taken.Truncate(time.Millisecond).UTC(), Source: n.Source, Sent: Sent{n.Key, digest(n.Wound, n.Consultation, n.Taken.UnixMilli(), n.Source)},
	}
	if err := p.check(now); err != nil {
		return Photo{}, err
	}
	if err := s.about(ctx, n.Consultation, patient); err != nil {
		return Photo{}, err
	}
	if p.AskedBy, err = s.askedBy(ctx, n); err != nil {
		return Photo{}, err
	}
	book, err := s.woundBook(ctx, patient)
	if err != nil {
		return Photo{}, err
	}
	for _, known := range book.Photos {
		if known.By.Person == by.Person && known.Sent.Key == n.Key {
			if known.Sent.Digest != p.Sent.Digest {
				return Photo{}, ErrKeyTaken
			}
			return known, nil
		}
	}
	if err := book.woundFault(n.Wound); err != nil {
		return Photo{}, err
	}
	if p.By, err = s.performer(ctx, by); err != nil {
		return Photo{}, err
	}
	if err := s.develop(ctx, &p, content); err != nil {
		return Photo{}, err
	}
	e := s.entry(by, access.PhotoSend, audit.Done, opened.By, patient, photoObject(p.ID))
	kept, known, err := s.cfg.Wounds.SavePhoto(ctx, p, []audit.Entry{e})
	if err != nil {
		return Photo{}, s.dropped(ctx, fmt.Errorf("photo %s: %w", p.ID, err), p.Picture, p.Small)
	}
	if !known {
		s.cfg.Changed(patient, Event{Photos: []PhotoID{kept.ID}})
	}
	return kept, nil
}

func photoObject(id PhotoID) string { return "photo/" + string(id) }

// check refuses what can't be kept. now is the service's clock.
func (p Photo) check(now time.Time) error {
	switch {
	case p.Taken.IsZero() || p.Taken.Year() < 1900:
		return &Invalid{"takenAt", "must be a time at which someone now living was photographed"}
	case p.Taken.After(now.Add(ahead)):
		return &Invalid{"takenAt", "must not be in the future"}
	case p.Source != TakenStill && p.Source != FromFile:
		return &Invalid{"source", "must be still or file"}
	}
	return keyFault(p.Sent.Key)
}

// woundFault refuses a photo's wound that is not there, or is wrong.
func (b WoundBook) woundFault(id WoundID) error {
	if id != "" && !slices.ContainsFunc(b.Wounds, func(w Wound) bool { return w.ID == id && w.Status != WoundWrong }) {
		return &Invalid{"wound", "must be one of the patient's that is not wrong"}
	}
	return nil
}

// askedBy is the name of who asked for a photo. Whoever has no seat in its consultation has not.
func (s *Service) askedBy(ctx context.Context, n NewPhoto) (string, error) {
	if n.AskedBy == "" {
		return "", nil
	}
	fault := &Invalid{"askedBy", "must be a participant of the consultation"}
	if n.Consultation == "" {
		return "", fault
	}
	person, err := s.cfg.Seated(ctx, n.Consultation, n.AskedBy)
	switch {
	case err != nil:
		return "", fmt.Errorf("who sits in consultation %s: %w", n.Consultation, err)
	case person == "":
		return "", fault
	}
	names, err := s.cfg.Names.Names(ctx, []access.PersonID{person})
	if err != nil {
		return "", fmt.Errorf("name of %s: %w", person, err)
	}
	return names[person], nil
}

// develop puts a photo's pictures into the store, where nobody reads them yet. The large one goes
// through as it comes, and is read back to be made small, one at a time, whatever comes at once.
func (s *Service) develop(ctx context.Context, p *Photo, content io.Reader) (err error) {
	var info photo.Info
	from, to := io.Pipe()
	cleaned := make(chan struct{})
	go func() { // ends with the content, or when nobody takes more of it; waited for below
		defer close(cleaned)
		var err error
		info, err = photo.Clean(to, content)
		_ = to.CloseWithError(err) // never fails
	}()
	p.Picture, p.Bytes, err = s.cfg.Wounds.PutPicture(ctx, p.Patient, from)
	_ = from.Close() // the same
	<-cleaned
	if err != nil {
		return photoFault(err)
	}
	p.Type, p.Width, p.Height = info.Type, info.Width, info.Height
	small, err := s.small(ctx, p, info)
	if err == nil {
		p.Small, _, err = s.cfg.Wounds.PutPicture(ctx, p.Patient, bytes.NewReader(small))
	}
	if err != nil {
		return s.dropped(ctx, photoFault(err), p.Picture)
	}
	return nil
}

// small makes the small picture of what has been put into the store.
func (s *Service) small(ctx context.Context, p *Photo, info photo.Info) ([]byte, error) {
	select {
	case s.developing <- struct{}{}:
		defer func() { <-s.developing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	from, to := io.Pipe()
	read := make(chan struct{})
	go func() { // ends with the picture, or when nobody reads more of it; waited for below
		defer close(read)
		_ = to.CloseWithError(s.cfg.Wounds.UnkeptPicture(ctx, p.Patient, p.Picture, to))
	}()
	small, err := photo.Small(from, info)
	_ = from.Close()
	<-read
	return small, err
}

// photoFault says which field breaks the rule that a photo does.
func photoFault(err error) error {
	if fault, ok := errors.AsType[*photo.Fault](err); ok {
		return &Invalid{"photo", fault.Rule}
	}
	return err
}

// dropping is how long it may take to drop what is of no use, also when nobody waits for the answer.
const dropping = 10 * time.Second

// dropped drops pictures that no photo has come of. If that fails too, time removes them.
func (s *Service) dropped(ctx context.Context, cause error, ids ...PictureID) error {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropping)
	defer cancel()
	return errors.Join(cause, s.cfg.Wounds.DropPictures(after, ids...))
}

// PhotoChange is what a photo is said to be from now on.
type PhotoChange struct {
	Wound  WoundID // empty: it belongs to none yet
	Wrong  bool    // it counts for nothing any more
	Scale  *Scale  // nil: it has none
	Reason string  // may be empty
}

// ChangePhoto says which wound a photo shows, what its scale is, or that it is wrong; what it was
// stays beside. version is the one that the change rests on. Errors: *access.Refused, *Invalid,
// ErrNotFound, ErrVersion.
func (s *Service) ChangePhoto(ctx context.Context, by access.Actor, patient access.PersonID, id PhotoID, version int64, c PhotoChange) (Photo, error) {
	through, who, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return Photo{}, err
	}
	p, book, err := s.photo(ctx, patient, id)
	if err != nil {
		return Photo{}, err
	}
	if rule := lineRule(c.Reason, maxNote); rule != "" {
		return Photo{}, &Invalid{"reason", rule}
	}
	if c.Wound != p.Wound {
		if err := book.woundFault(c.Wound); err != nil {
			return Photo{}, err
		}
	}
	if c.Scale != nil {
		if err := c.Scale.check(p.Width, p.Height); err != nil {
			return Photo{}, err
		}
	}
	// A scale is laid on each photo, and corrects nothing.
	if c.Wrong || c.Wound != p.Wound || c.Reason != "" {
		p.Correction = &Correction{By: who, At: s.cfg.Now().Truncate(time.Millisecond), Reason: c.Reason}
	}
	p.Version, p.Wound, p.Scale = version, c.Wound, c.Scale
	if c.Wrong {
		p.Status = Wrong
	}
	e := s.entry(by, access.WoundWrite, audit.Done, through, patient, photoObject(id))
	kept, _, err := s.cfg.Wounds.SavePhoto(ctx, p, []audit.Entry{e})
	if err != nil {
		return Photo{}, fmt.Errorf("photo %s: %w", id, err)
	}
	s.cfg.Changed(patient, Event{Photos: []PhotoID{id}})
	return kept, nil
}

// photo finds a photo that is not wrong, for a change of it.
func (s *Service) photo(ctx context.Context, patient access.PersonID, id PhotoID) (Photo, WoundBook, error) {
	book, err := s.woundBook(ctx, patient)
	if err != nil {
		return Photo{}, book, err
	}
	i := slices.IndexFunc(book.Photos, func(p Photo) bool { return p.ID == id })
	if i < 0 {
		return Photo{}, book, ErrNotFound
	}
	if book.Photos[i].Status == Wrong {
		return Photo{}, book, &Invalid{"status", "is wrong already: take a new photo instead"}
	}
	return book.Photos[i], book, nil
}

// NewDrawing is a drawing on its way onto a photo.
type NewDrawing struct {
	Key    string
	Shape  Shape
	Colour string
	Points []float64
	Note   string
}

// Draw draws on a photo. Errors: *access.Refused, *Invalid, ErrNotFound, ErrKeyTaken.
func (s *Service) Draw(ctx context.Context, by access.Actor, patient access.PersonID, of PhotoID, n NewDrawing) (Photo, error) {
	through, who, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return Photo{}, err
	}
	if _, _, err := s.photo(ctx, patient, of); err != nil {
		return Photo{}, err
	}
	d := Drawing{
		ID: DrawingID(newID()), Shape: n.Shape, Colour: n.Colour, Points: n.Points, Note: n.Note, By: who, At: s.cfg.Now().Truncate(time.Millisecond),
		Sent: Sent{Key: n.Key},
	}
	if err := d.check(); err != nil {
		return Photo{}, err
	}
	d.Sent.Digest = digest(of, n.Shape, n.Colour, n.Points, n.Note) // of numbers, now that they have been looked at
	e := s.entry(by, access.WoundWrite, audit.Done, through, patient, photoObject(of))
	kept, known, err := s.cfg.Wounds.Draw(ctx, patient, of, d, maxDrawings, []audit.Entry{e})
	if err != nil {
		return Photo{}, fmt.Errorf("draw on photo %s: %w", of, err)
	}
	if !known {
		s.cfg.Changed(patient, Event{Photos: []PhotoID{of}})
	}
	return kept, nil
}

// Undraw takes a drawing off a photo. Errors: *access.Refused, *Invalid, ErrNotFound.
func (s *Service) Undraw(ctx context.Context, by access.Actor, patient access.PersonID, of PhotoID, id DrawingID) (Photo, error) {
	through, _, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return Photo{}, err
	}
	if _, _, err := s.photo(ctx, patient, of); err != nil {
		return Photo{}, err
	}
	e := s.entry(by, access.WoundWrite, audit.Done, through, patient, photoObject(of))
	kept, err := s.cfg.Wounds.Undraw(ctx, patient, of, id, s.cfg.Now().Truncate(time.Millisecond), []audit.Entry{e})
	if err != nil {
		return Photo{}, fmt.Errorf("take a drawing off photo %s: %w", of, err)
	}
	s.cfg.Changed(patient, Event{Photos: []PhotoID{of}})
	return kept, nil
}

// Picture is a photo's picture as it is handed on: what it is, and how to write it.
type Picture struct {
	Type  photo.Type
	Bytes int64 // 0: not known
	Write func(ctx context.Context, to io.Writer) error
}

// Picture opens a photo's picture to who may see it, at its full size or small. Who has opened which
// at its full size is on record. Errors: *access.Refused, ErrNotFound.
func (s *Service) Picture(ctx context.Context, by access.Actor, patient access.PersonID, id PhotoID, small bool) (Picture, error) {
	opened, err := s.demand(ctx, by, access.WoundRead, patient)
	if err != nil {
		return Picture{}, err
	}
	p, err := s.cfg.Wounds.Photo(ctx, patient, id)
	if err != nil {
		return Picture{}, fmt.Errorf("photo %s: %w", id, err)
	}
	object := photoObject(id)
	out, picture := Picture{Type: p.Type, Bytes: p.Bytes}, p.Picture
	if small { // part of the look at them all
		out, picture, object = Picture{Type: photo.JPEG}, p.Small, woundsObject(patient)
	}
	if err := s.recordRead(ctx, by, access.WoundRead, opened.By, patient, object); err != nil {
		return Picture{}, err
	}
	out.Write = func(ctx context.Context, to io.Writer) error { return s.cfg.Wounds.Picture(ctx, patient, picture, to) }
	return out, nil
}

// SeeWounds is what a reader may see of an event's photos, in the order of its ids. A reader without the
// right sees nothing, and is not refused (ok is false): nothing was asked.
func (s *Service) SeeWounds(ctx context.Context, by access.Actor, patient access.PersonID, ids []PhotoID) (photos []Photo, ok bool, err error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return nil, false, err
	}
	through, refused := access.Can(by, access.WoundRead, has)
	if refused != nil {
		return nil, false, nil
	}
	if len(ids) == 0 {
		return nil, true, nil
	}
	if err := s.recordRead(ctx, by, access.WoundRead, through, patient, woundsObject(patient)); err != nil {
		return nil, false, err
	}
	book, err := s.woundBook(ctx, patient)
	if err != nil {
		return nil, false, err
	}
	for _, id := range ids {
		if i := slices.IndexFunc(book.Photos, func(p Photo) bool { return p.ID == id }); i >= 0 {
			photos = append(photos, book.Photos[i])
		}
	}
	return photos, true, nil
}
