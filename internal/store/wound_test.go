package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// dressing is the real service over the store, and what it has told of.
type dressing struct {
	*clinical.Service
	t    *testing.T
	p    place
	db   *DB
	told []clinical.Event
}

func dresses(t *testing.T, p place) *dressing {
	t.Helper()
	d := &dressing{t: t, p: p, db: p.open(t)}
	var mu sync.Mutex
	var err error
	d.Service, err = clinical.NewService(clinical.Config{
		Store: d.db.Clinical(), Wounds: d.db.Clinical(), Relations: olavsPeople{}, Names: olavsPeople{}, Now: p.clock.Now,
		About: func(_ context.Context, c string) (access.PersonID, error) {
			return map[string]access.PersonID{"c1": "olav", "c2": "kari"}[c], nil
		},
		Seated: func(_ context.Context, c, participant string) (access.PersonID, error) {
			return map[string]access.PersonID{"c1/p-tuva": "tuva"}[c+"/"+participant], nil
		},
		Changed: func(_ access.PersonID, e clinical.Event) {
			mu.Lock()
			defer mu.Unlock()
			d.told = append(d.told, e)
		},
	})
	must(t, err)
	return d
}

// picture is a JPEG of a wound, with noise in it, so that it has some weight.
func picture(t testing.TB, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side/2))
	noise := randomBytes(side * side / 2)
	for i, n := range noise {
		m.SetRGBA(i%side, i/side, color.RGBA{200 + n/8, 150 + n/8, 140, 255})
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

// leg is a wound that Mari has found.
func (d *dressing) leg() clinical.WoundView {
	d.t.Helper()
	w, err := d.AddWound(d.t.Context(), mariAsks, "olav", clinical.NewWound{Key: "w-" + rand.Text(), Site: "utsida av venstre legg", Side: clinical.SideLeft})
	must(d.t, err)
	return w
}

func (d *dressing) still(of clinical.WoundID) clinical.NewPhoto {
	return clinical.NewPhoto{Key: rand.Text(), Wound: of, Consultation: "c1", AskedBy: "p-tuva", Taken: d.p.clock.Now(), Source: clinical.TakenStill}
}

func (d *dressing) sends(by access.Actor, n clinical.NewPhoto, content []byte) clinical.Photo {
	d.t.Helper()
	p, err := d.SendPhoto(d.t.Context(), by, "olav", n, bytes.NewReader(content))
	must(d.t, err)
	return p
}

func (d *dressing) sees(by access.Actor, id clinical.PhotoID, small bool) ([]byte, error) {
	d.t.Helper()
	p, err := d.Picture(d.t.Context(), by, "olav", id, small)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = p.Write(d.t.Context(), &b)
	return b.Bytes(), err
}

func num(v float64) *float64 { return &v }

// found is what Mari finds: 4.2 × 2.8 cm, and more.
func (d *dressing) found(change func(*clinical.Found)) clinical.NewAssessment {
	pain := 4
	n := clinical.NewAssessment{Key: rand.Text(), Consultation: "c1", Found: clinical.Found{
		At: d.p.clock.Now(), Length: num(4.2), Width: num(2.8), Depth: num(0.4), Method: clinical.AreaByEllipse,
		Tissue: &clinical.Tissue{Granulation: 60, Fibrin: 40}, Infection: []clinical.InfectionSign{"redness"}, Moisture: "moderate", Edge: "attached",
		Skin: "dry", Pain: &pain, Dressing: "Skum, kvar tredje dag", Note: "reint\nlite lukt",
	}}
	if change != nil {
		change(&n.Found)
	}
	return n
}

// broken is the field that an error says is wrong.
func broken(err error) string {
	if invalid, ok := errors.AsType[*clinical.Invalid](err); ok {
		return invalid.Field
	}
	return fmt.Sprint(err)
}

func TestAPhotoComesOnceAndIsReadAsItWasTaken(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		content := picture(t, 1200)
		n := d.still(w.ID)
		kept := d.sends(mariAsks, n, content)
		if kept.Width != 1200 || kept.Height != 600 || kept.Type != "image/jpeg" || kept.Bytes != int64(len(content)) || kept.AskedBy != "name of tuva" ||
			kept.By.Name != "name of mari" || kept.Wound != w.ID || kept.Version != 1 || !kept.Taken.Equal(p.clock.Now()) || kept.Consultation != "c1" {
			t.Errorf("kept %+v", kept)
		}
		got, err := d.sees(mariAsks, kept.ID, false)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("read %d of %d bytes, %v", len(got), len(content), err)
		}
		small, err := d.sees(mariAsks, kept.ID, true)
		must(t, err)
		if c, err := jpeg.DecodeConfig(bytes.NewReader(small)); err != nil || c.Width != 512 || c.Height != 256 {
			t.Errorf("small: %+v, %v", c, err)
		}
		again, err := d.SendPhoto(t.Context(), mariAsks, "olav", n, iotest.ErrReader(errors.New("is not read")))
		if err != nil || !reflect.DeepEqual(again, kept) {
			t.Errorf("sent again: %+v, %v, want %+v", again, err, kept)
		}
		n.Taken = n.Taken.Add(-time.Minute)
		if _, err := d.SendPhoto(t.Context(), mariAsks, "olav", n, bytes.NewReader(content)); !errors.Is(err, clinical.ErrKeyTaken) {
			t.Errorf("another one under the same key: %v", err)
		}
		blobsOf(t, d.db, 2)
		if !reflect.DeepEqual(d.told, []clinical.Event{{Wounds: true}, {Photos: []clinical.PhotoID{kept.ID}}}) {
			t.Errorf("told %+v", d.told)
		}
		// What has just come once more beside the first is known too.
		twins := d.still(w.ID)
		var sent sync.WaitGroup
		ids := make([]clinical.PhotoID, 4)
		for i := range ids {
			sent.Go(func() {
				p, err := d.SendPhoto(t.Context(), mariAsks, "olav", twins, bytes.NewReader(content))
				if err != nil {
					t.Error(err)
				}
				ids[i] = p.ID
			})
		}
		sent.Wait()
		if len(slices.Compact(ids)) != 1 {
			t.Errorf("sent at once: %v", ids)
		}
		blobsOf(t, d.db, 4)
	})
}

// blobsOf counts blobs.
func blobsOf(t *testing.T, db *DB, want int) {
	t.Helper()
	must(t, db.read(t.Context(), func(x *tx) error {
		n, err := one(x, nil, oneColumn[int], "SELECT COUNT(*) FROM blobs")
		if n != want {
			t.Errorf("%d blobs, want %d", n, want)
		}
		return err
	}))
}

func TestAnUploadThatBreaksOffLeavesNothingReadable(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		content := picture(t, 1600)
		gone := errors.New("connection reset")
		for _, at := range []int{0, 100, len(content) / 2, len(content) - 1} {
			_, err := d.SendPhoto(t.Context(), mariAsks, "olav", d.still(w.ID), io.MultiReader(bytes.NewReader(content[:at]), iotest.ErrReader(gone)))
			if !errors.Is(err, gone) {
				t.Errorf("after %d bytes: %v", at, err)
			}
		}
		blobsLeft(t, d.db, 0)
		// Killed between the picture and what is known of it: nobody reads it, and time takes it away.
		id, _, err := d.db.Clinical().PutPicture(t.Context(), "olav", bytes.NewReader(content))
		must(t, err)
		if err := d.db.Clinical().Picture(t.Context(), "olav", id, io.Discard); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("what is not kept is read: %v", err)
		}
		p.clock.pass(2 * time.Hour)
		must(t, d.db.Tidy(t.Context()))
		blobsLeft(t, d.db, 0)
		all, err := d.Wounds(t.Context(), mariAsks, "olav")
		if err != nil || len(all.All[0].AllPhotos) != 0 || len(all.Loose) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestWhatIsWrongWithAPhotoIsToldByFieldAndNothingIsKept(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		good := picture(t, 200)
		wrong := d.leg()
		_, err := d.ChangeWound(t.Context(), mariAsks, "olav", wrong.ID, 1, clinical.WoundChange{Site: "legg", Side: clinical.SideLeft, Status: clinical.WoundWrong})
		must(t, err)
		for field, c := range map[string]struct {
			change  func(*clinical.NewPhoto)
			content []byte
		}{
			"photo":        {func(*clinical.NewPhoto) {}, []byte("<svg/>")},
			"key":          {func(n *clinical.NewPhoto) { n.Key = "" }, good},
			"takenAt":      {func(n *clinical.NewPhoto) { n.Taken = p.clock.Now().Add(time.Hour) }, good},
			"source":       {func(n *clinical.NewPhoto) { n.Source = "dream" }, good},
			"wound":        {func(n *clinical.NewPhoto) { n.Wound = wrong.ID }, good},
			"consultation": {func(n *clinical.NewPhoto) { n.Consultation, n.AskedBy = "c2", "" }, good},
			"askedBy":      {func(n *clinical.NewPhoto) { n.AskedBy = "p-nobody" }, good},
		} {
			n := d.still(w.ID)
			c.change(&n)
			if _, err := d.SendPhoto(t.Context(), mariAsks, "olav", n, bytes.NewReader(c.content)); broken(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for name, content := range map[string][]byte{
			"a photo with a page behind it": append(slices.Clone(good), "<script>"...), "half a photo": good[:len(good)/2],
			"one that can't be decoded": append(slices.Clone(good[:len(good)/2]), 0xff, 0xd9), "21 MB": append(slices.Clone(good[:len(good)-2]), make([]byte, 21<<20)...),
		} {
			if _, err := d.SendPhoto(t.Context(), mariAsks, "olav", d.still(w.ID), bytes.NewReader(content)); broken(err) != "photo" {
				t.Errorf("%s: %v", name, err)
			}
		}
		blobsLeft(t, d.db, 0)
	})
}

func TestEachNumberOfAnAssessmentIsMeasuredAndCorrectedWithIt(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		photo := d.sends(mariAsks, d.still(w.ID), picture(t, 200))
		n := d.found(func(f *clinical.Found) { f.Photo = photo.ID })
		a, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, n)
		must(t, err)
		if *a.Found.Area != 9.2 || a.Status != clinical.Final || a.Version != 1 || a.Found.Note != n.Note || a.Consultation != "c1" { // 4.2 × 2.8 × π / 4 = 9.236
			t.Errorf("kept %+v", a)
		}
		again, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, n)
		if err != nil || !reflect.DeepEqual(again, a) {
			t.Errorf("sent again: %+v, %v", again, err)
		}
		other := n
		other.Dressing = "Gas"
		if _, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, other); !errors.Is(err, clinical.ErrKeyTaken) {
			t.Errorf("another under the same key: %v", err)
		}
		measured := func(kind clinical.KindID) []clinical.Seen {
			t.Helper()
			found, err := d.Values(t.Context(), mariAsks, "olav", clinical.Query{Kind: kind, Most: 10})
			must(t, err)
			return found
		}
		for kind, want := range map[clinical.KindID]float64{
			clinical.WoundLength: 4.2, clinical.WoundWidth: 2.8, clinical.WoundDepth: 0.4, clinical.WoundArea: 9.2, clinical.Pain: 4,
		} {
			got := measured(kind)
			if len(got) != 1 || got[0].Values[0] != want || !slices.Equal(got[0].DerivedFrom, []string{string(a.ID), string(photo.ID)}) || got[0].Consultation != "c1" {
				t.Errorf("%s: %+v", kind, got)
			}
		}
		// Corrected: it was shorter, and its depth was not measured at all.
		f := n.Found
		f.Length, f.Depth = num(3.6), nil
		edited, err := d.CorrectAssessment(t.Context(), mariAsks, "olav", w.ID, a.ID, 1, clinical.AssessmentEdit{Found: f, Reason: "las feil"})
		must(t, err)
		if edited.Version != 2 || edited.Status != clinical.Amended || *edited.Found.Area != 7.9 || edited.Correction.Reason != "las feil" {
			t.Errorf("corrected: %+v", edited)
		}
		for kind, want := range map[clinical.KindID]clinical.Status{
			clinical.WoundLength: clinical.Amended, clinical.WoundArea: clinical.Amended, clinical.WoundDepth: clinical.Wrong, clinical.WoundWidth: clinical.Final,
		} {
			if got := measured(kind); len(got) != 1 || got[0].Status != want {
				t.Errorf("%s after the correction: %+v", kind, got)
			}
		}
		points, _, err := d.db.Clinical().Series(t.Context(), "olav", clinical.WoundArea, p.clock.Now().Add(-time.Hour), p.clock.Now().Add(time.Hour))
		if err != nil || len(points) != 1 || points[0].Values[0] != 7.9 {
			t.Errorf("the curve: %+v, %v", points, err)
		}
		if _, err := d.CorrectAssessment(t.Context(), mariAsks, "olav", w.ID, a.ID, 1, clinical.AssessmentEdit{Wrong: true}); !errors.Is(err, clinical.ErrVersion) {
			t.Errorf("a correction that comes late: %v", err)
		}
		_, err = d.CorrectAssessment(t.Context(), mariAsks, "olav", w.ID, a.ID, 2, clinical.AssessmentEdit{Wrong: true, Reason: "feil pasient"})
		must(t, err)
		for _, kind := range []clinical.KindID{clinical.WoundLength, clinical.WoundWidth, clinical.WoundArea, clinical.Pain} {
			if got := measured(kind); got[0].Status != clinical.Wrong {
				t.Errorf("%s of what is wrong: %+v", kind, got)
			}
		}
		v, err := d.WoundSeries(t.Context(), mariAsks, "olav", w.ID)
		if err != nil || v.Latest != nil || v.Assessed != 0 || len(v.AllAssessments) != 1 || v.Photos != 1 {
			t.Errorf("%+v, %v", v, err)
		}
		must(t, d.db.read(t.Context(), func(x *tx) error { // what it was is there
			versions, err := all(x, oneColumn[int64], "SELECT version FROM wound_versions WHERE id = $1 ORDER BY version", string(a.ID))
			if !slices.Equal(versions, []int64{1, 2}) {
				t.Errorf("versions %v", versions)
			}
			return err
		}))
	})
}

func TestWhatIsWrongWithAnAssessmentIsToldByField(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		eleven := 11
		for field, change := range map[string]func(*clinical.Found){
			"at":           func(f *clinical.Found) { f.At = p.clock.Now().Add(time.Hour) },
			"length":       func(f *clinical.Found) { f.Length = num(101) },
			"width":        func(f *clinical.Found) { f.Width = num(-1) },
			"depth":        func(f *clinical.Found) { f.Depth = num(0.25) },
			"area":         func(f *clinical.Found) { f.Method = clinical.AreaTraced },
			"areaMethod":   func(f *clinical.Found) { f.Length = nil },
			"tissue":       func(f *clinical.Found) { f.Tissue.Necrosis = 1 },
			"infection[1]": func(f *clinical.Found) { f.Infection = append(f.Infection, "redness") },
			"infection[0]": func(f *clinical.Found) { f.Infection = []clinical.InfectionSign{"sadness"} },
			"moisture":     func(f *clinical.Found) { f.Moisture = "flood" },
			"edge":         func(f *clinical.Found) { f.Edge = "sharp" },
			"skin":         func(f *clinical.Found) { f.Skin = "blue" },
			"pain":         func(f *clinical.Found) { f.Pain = &eleven },
			"dressing":     func(f *clinical.Found) { f.Dressing = strings.Repeat("ø", 201) },
			"note":         func(f *clinical.Found) { f.Note = "\x00" },
			"photo":        func(f *clinical.Found) { f.Photo = "another's" },
		} {
			if _, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, d.found(change)); broken(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for field, change := range map[string]func(*clinical.NewAssessment){
			"key": func(n *clinical.NewAssessment) { n.Key = "" }, "consultation": func(n *clinical.NewAssessment) { n.Consultation = "c2" },
			"length": func(n *clinical.NewAssessment) { n.Found = clinical.Found{At: n.At} }, // nothing at all
		} {
			n := d.found(nil)
			change(&n)
			if _, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, n); broken(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for field, n := range map[string]clinical.NewWound{
			"site": {Key: "k", Site: " ", Side: clinical.SideLeft}, "side": {Key: "k", Site: "legg", Side: "top"}, "key": {Site: "legg", Side: clinical.SideNone},
			"since": {Key: "k", Site: "legg", Side: clinical.SideNone, Since: p.clock.Now().AddDate(0, 0, 1)},
		} {
			if _, err := d.AddWound(t.Context(), mariAsks, "olav", n); broken(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		v, err := d.WoundSeries(t.Context(), mariAsks, "olav", w.ID)
		if err != nil || len(v.AllAssessments) != 0 {
			t.Errorf("something was kept: %+v, %v", v, err)
		}
	})
}

func TestWhatIsDrawnOnAPhotoLiesOverItAndIsMeasured(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		photo := d.sends(mariAsks, d.still(w.ID), picture(t, 1000)) // 1000 × 500
		photo, err := d.ChangePhoto(t.Context(), mariAsks, "olav", photo.ID, 1, clinical.PhotoChange{Wound: w.ID, Scale: &clinical.Scale{X1: 0.1, Y1: 0.9, X2: 0.6, Y2: 0.9, Cm: 5}})
		must(t, err)
		if photo.PixelsPerCm() != 100 || photo.Version != 2 {
			t.Errorf("%+v", photo)
		}
		n := clinical.NewDrawing{Key: "d1", Shape: clinical.Outline, Colour: "white", Points: []float64{0, 0, 0.4, 0, 0, 0.6}, Note: "kanten"}
		photo, err = d.Draw(t.Context(), mariAsks, "olav", photo.ID, n)
		must(t, err)
		size, ok := photo.Size() // a triangle of 4 × 3 cm
		if !ok || size.Area < 5.999 || size.Area > 6.001 || len(photo.Drawings) != 1 || photo.Version != 3 || photo.Drawings[0].Note != "kanten" || photo.Scale == nil {
			t.Errorf("%+v, %+v", photo, size)
		}
		again, err := d.Draw(t.Context(), mariAsks, "olav", photo.ID, n)
		if err != nil || !reflect.DeepEqual(again, photo) {
			t.Errorf("sent again: %+v, %v", again, err)
		}
		n.Colour = "blue"
		if _, err := d.Draw(t.Context(), mariAsks, "olav", photo.ID, n); !errors.Is(err, clinical.ErrKeyTaken) {
			t.Errorf("another under the same key: %v", err)
		}
		for field, n := range map[string]clinical.NewDrawing{
			"shape": {Key: "k", Shape: "star", Colour: "blue", Points: n.Points}, "colour": {Key: "k", Shape: clinical.LineShape, Colour: "red", Points: n.Points},
			"points": {Key: "k", Shape: clinical.Outline, Colour: "blue", Points: n.Points[:4]}, "points[1]": {Key: "k", Shape: clinical.LineShape, Colour: "blue", Points: []float64{0, 1.01, 0, 0}},
			"note": {Key: "k", Shape: clinical.LineShape, Colour: "blue", Points: n.Points, Note: "a\nb"}, "key": {Shape: clinical.LineShape, Colour: "blue", Points: n.Points},
		} {
			if _, err := d.Draw(t.Context(), mariAsks, "olav", photo.ID, n); broken(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for field, s := range map[string]clinical.Scale{"scale[4]": {X2: 1}, "scale[0]": {X1: -0.1, X2: 1, Cm: 5}, "scale": {X1: 0.5, X2: 0.501, Cm: 5}} {
			if _, err := d.ChangePhoto(t.Context(), mariAsks, "olav", photo.ID, 3, clinical.PhotoChange{Wound: w.ID, Scale: &s}); broken(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for i := range 49 {
			_, err := d.Draw(t.Context(), mariAsks, "olav", photo.ID, clinical.NewDrawing{Key: fmt.Sprint("a", i), Shape: clinical.ArrowShape, Colour: "blue", Points: []float64{0, 0, 1, 1}})
			must(t, err)
		}
		one := clinical.NewDrawing{Key: "one more", Shape: clinical.ArrowShape, Colour: "blue", Points: []float64{0, 0, 1, 1}}
		if _, err := d.Draw(t.Context(), mariAsks, "olav", photo.ID, one); broken(err) != "drawings" {
			t.Errorf("the 51st: %v", err)
		}
		photo, err = d.Undraw(t.Context(), veraAsks, "olav", photo.ID, photo.Drawings[0].ID)
		if _, measured := photo.Size(); err != nil || measured || len(photo.Drawings) != 49 || photo.Version != 53 {
			t.Errorf("taken off: %d drawings, version %d, %v", len(photo.Drawings), photo.Version, err)
		}
		if _, err := d.Draw(t.Context(), mariAsks, "olav", photo.ID, one); err != nil {
			t.Errorf("there is room again: %v", err)
		}
		if _, err := d.Undraw(t.Context(), mariAsks, "olav", photo.ID, "nothing"); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("what is not there: %v", err)
		}
	})
}

func TestAWoundShowsWhatIsLatestAndWhatWasBefore(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		first := d.sends(mariAsks, d.still(w.ID), picture(t, 100))
		a, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, d.found(nil))
		must(t, err)
		p.clock.pass(7 * 24 * time.Hour)
		second := d.sends(mariAsks, d.still(w.ID), picture(t, 100))
		p.clock.pass(time.Minute)
		third := d.sends(mariAsks, d.still(w.ID), picture(t, 100))
		b, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, d.found(func(f *clinical.Found) { f.Length = num(3.6) }))
		must(t, err)
		n := d.still("")
		loose := d.sends(olavAnswers, n, picture(t, 100))
		all, err := d.Wounds(t.Context(), mariAsks, "olav")
		must(t, err)
		v := all.All[0]
		if v.Latest.ID != b.ID || v.Before.ID != a.ID || v.Photo.ID != third.ID || v.PhotoBefore.ID != first.ID || v.Photos != 3 || v.Assessed != 2 {
			t.Errorf("%+v", v)
		}
		if len(all.Loose) != 1 || all.Loose[0].ID != loose.ID || loose.By.Role != access.Patient || !all.MayWrite || !all.MaySend {
			t.Errorf("%+v", all)
		}
		// One that was wrong counts for nothing, and stays to be seen.
		_, err = d.ChangePhoto(t.Context(), mariAsks, "olav", third.ID, 1, clinical.PhotoChange{Wound: w.ID, Wrong: true, Reason: "uskarp"})
		must(t, err)
		v, err = d.WoundSeries(t.Context(), mariAsks, "olav", w.ID)
		if err != nil || v.Photo.ID != second.ID || v.Photos != 2 || len(v.AllPhotos) != 3 || v.AllPhotos[0].Status != clinical.Wrong || v.AllPhotos[0].Correction.Reason != "uskarp" {
			t.Errorf("%+v, %v", v, err)
		}
		if _, err := d.Draw(t.Context(), mariAsks, "olav", third.ID, clinical.NewDrawing{Key: "k", Shape: clinical.LineShape, Colour: "blue", Points: []float64{0, 0, 1, 1}}); broken(err) != "status" {
			t.Errorf("drawn on what is wrong: %v", err)
		}
		// The patient's photo is found to be of the wound.
		moved, err := d.ChangePhoto(t.Context(), mariAsks, "olav", loose.ID, 1, clinical.PhotoChange{Wound: w.ID})
		if err != nil || moved.Wound != w.ID || moved.By.Role != access.Patient || moved.Correction == nil {
			t.Errorf("%+v, %v", moved, err)
		}
		// It heals, and is closed; another is newer and stands first.
		arm := d.leg()
		_, err = d.ChangeWound(t.Context(), mariAsks, "olav", w.ID, 1, clinical.WoundChange{Site: w.Site, Side: w.Side, Status: clinical.WoundClosed, Reason: "grodd"})
		must(t, err)
		_, err = d.ChangeWound(t.Context(), mariAsks, "olav", w.ID, 1, clinical.WoundChange{Site: w.Site, Side: w.Side, Status: clinical.WoundOpen})
		if !errors.Is(err, clinical.ErrVersion) {
			t.Errorf("a change that comes late: %v", err)
		}
		all, err = d.Wounds(t.Context(), mariAsks, "olav")
		if err != nil || all.All[0].ID != arm.ID || all.All[1].Closed.IsZero() || all.All[1].Status != clinical.WoundClosed || all.All[1].Correction.Reason != "grodd" {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestWhoMaySeeWoundsAndWhoMaySendAndThatItIsOnRecord(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		photo := d.sends(mariAsks, d.still(w.ID), picture(t, 100))
		for name, c := range map[string]struct {
			by                 access.Actor
			read, write, sends bool
		}{
			"the nurse": {mariAsks, true, true, true}, "the patient": {olavAnswers, true, false, true},
			"a relative with consent": {ragnaAnswers, true, false, false}, "a nurse elsewhere": {farNurse, false, false, false},
		} {
			refused := func(what string, err error, may bool) {
				t.Helper()
				if _, is := errors.AsType[*access.Refused](err); is == may {
					t.Errorf("%s, %s: %v, want allowed %t", name, what, err, may)
				}
			}
			all, err := d.Wounds(t.Context(), c.by, "olav")
			refused("wounds", err, c.read)
			if err == nil && (all.MayWrite != c.write || all.MaySend != c.sends) {
				t.Errorf("%s: %+v", name, all)
			}
			_, err = d.WoundSeries(t.Context(), c.by, "olav", w.ID)
			refused("a wound", err, c.read)
			for _, small := range []bool{true, false} {
				_, err = d.sees(c.by, photo.ID, small)
				refused("a picture", err, c.read)
			}
			_, seen, err := d.SeeWounds(t.Context(), c.by, "olav", []clinical.PhotoID{photo.ID})
			if err != nil || seen != c.read {
				t.Errorf("%s is told of it: %t, %v", name, seen, err)
			}
			_, err = d.SendPhoto(t.Context(), c.by, "olav", d.still(w.ID), bytes.NewReader(picture(t, 50)))
			refused("send", err, c.sends)
			_, err = d.Assess(t.Context(), c.by, "olav", w.ID, d.found(nil))
			refused("assess", err, c.write)
			_, err = d.AddWound(t.Context(), c.by, "olav", clinical.NewWound{Key: "k", Site: "arm", Side: clinical.SideLeft})
			refused("a new wound", err, c.write)
			_, err = d.ChangePhoto(t.Context(), c.by, "olav", photo.ID, 1, clinical.PhotoChange{Wound: w.ID})
			refused("change a photo", err, c.write)
			_, err = d.Draw(t.Context(), c.by, "olav", photo.ID, clinical.NewDrawing{Key: "k", Shape: clinical.LineShape, Colour: "blue", Points: []float64{0, 0, 1, 1}})
			refused("draw", err, c.write)
			_, err = d.Undraw(t.Context(), c.by, "olav", photo.ID, "nothing")
			refused("take a drawing off", err, c.write)
			_, err = d.ChangeWound(t.Context(), c.by, "olav", w.ID, 1, clinical.WoundChange{Site: "legg", Side: clinical.SideLeft, Status: clinical.WoundOpen})
			refused("change a wound", err, c.write)
		}
		looked := map[string]int{}
		must(t, d.db.read(t.Context(), func(x *tx) error {
			rows, err := all(x, func(row scanner) (s [3]string, err error) { return s, row.Scan(&s[0], &s[1], &s[2]) },
				"SELECT person, object, outcome FROM audit_entries WHERE action = 'wound.read'")
			for _, r := range rows {
				looked[strings.Join(r[:], " ")]++
			}
			return err
		}))
		want := map[string]int{
			"mari patient/olav/wounds done": 1, "ragna patient/olav/wounds done": 1, "mari photo/" + string(photo.ID) + " done": 1,
			"ragna photo/" + string(photo.ID) + " done": 1, "lars patient/olav refused": 4,
		}
		if !reflect.DeepEqual(looked, want) {
			t.Errorf("on record: %v, want %v", looked, want)
		}
	})
}

func TestNothingOfAnErasedPatientsWoundsIsLeft(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		d := dresses(t, p)
		w := d.leg()
		photo := d.sends(mariAsks, d.still(w.ID), picture(t, 600))
		_, err := d.Assess(t.Context(), mariAsks, "olav", w.ID, d.found(nil))
		must(t, err)
		_, err = d.Draw(t.Context(), mariAsks, "olav", photo.ID, clinical.NewDrawing{Key: "k", Shape: clinical.LineShape, Colour: "blue", Points: []float64{0, 0, 1, 1}})
		must(t, err)
		must(t, d.db.change(t.Context(), nil, nil, func(x *tx) error { return x.erasePerson("olav", p.clock.Now()) }))
		must(t, d.db.finishAsked(t.Context()))
		if err := d.db.Clinical().Picture(t.Context(), "olav", photo.Picture, io.Discard); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("the picture: %v", err)
		}
		blobsLeft(t, d.db, 0)
		must(t, d.db.read(t.Context(), func(x *tx) error {
			for _, table := range []string{"wound_records", "wound_versions", "photo_drawings"} {
				if n, err := one(x, nil, oneColumn[int], "SELECT COUNT(*) FROM "+table); err != nil || n != 0 {
					t.Errorf("%s: %d rows, %v", table, n, err)
				}
			}
			return nil
		}))
		if _, err := d.SendPhoto(t.Context(), mariAsks, "olav", d.still(""), bytes.NewReader(picture(t, 100))); err == nil {
			t.Error("a photo of an erased patient is kept")
		}
		blobsLeft(t, d.db, 0)
	})
}
