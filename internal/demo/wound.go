package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
)

// dressing is what Mari found at Olav's wound so many days ago.
type dressing struct {
	ago                  int
	length, width, depth float64 // cm
	granulation          int     // per cent of the bed; the rest is fibrin
	pain                 int
	moisture             string
	infection            []clinical.InfectionSign
	note                 string
}

// dressings are a wound that heals, slowly at first.
var dressings = []dressing{
	{29, 5.4, 3.6, 0.6, 40, 6, "much", []clinical.InfectionSign{"redness", "odour"}, "Prøve til dyrking er teken."},
	{22, 5.1, 3.4, 0.5, 45, 5, "much", []clinical.InfectionSign{"redness"}, ""},
	{15, 4.6, 3.1, 0.5, 50, 5, "moderate", nil, "Kompresjon begynt."},
	{8, 4.2, 2.8, 0.4, 60, 4, "moderate", nil, ""},
	{1, 3.6, 2.5, 0.3, 75, 3, "little", nil, "Kantane er lyserosa."},
}

const woundDressing = "Skum, kvar tredje dag"

// addWound has a patient's wound followed over five weeks. It is told once: on another day the same
// five weeks would be others.
func (s *seeding) addWound(ctx context.Context) error {
	if s.Clinical == nil {
		return nil
	}
	patient, by := s.people[olav.name], s.actor(mari)
	there, err := s.Clinical.Wounds(ctx, by, patient)
	if err != nil || len(there.All) > 0 {
		return err
	}
	w, err := s.Clinical.AddWound(ctx, by, patient, clinical.NewWound{
		Key: "demo-wound", Site: "utsida av venstre legg", Side: clinical.SideLeft, Since: s.midnight(-64),
	})
	if err != nil {
		return err
	}
	for _, v := range dressings {
		if err := s.dress(ctx, w.ID, v); err != nil {
			return fmt.Errorf("the wound, %d days ago: %w", v.ago, err)
		}
	}
	return nil
}

// dress keeps one of them: a photo with its scale and the wound's outline, and what was found.
func (s *seeding) dress(ctx context.Context, of clinical.WoundID, v dressing) error {
	patient, by := s.people[olav.name], s.actor(mari)
	at := s.midnight(-v.ago).Add(10*time.Hour + 20*time.Minute)
	picture, err := drawWound(v)
	if err != nil {
		return err
	}
	key := "demo-photo-" + at.Format(time.DateOnly)
	p, err := s.Clinical.SendPhoto(ctx, by, patient, clinical.NewPhoto{Key: key, Wound: of, Taken: at, Source: clinical.TakenStill}, bytes.NewReader(picture))
	if err != nil {
		return err
	}
	if p, err = s.Clinical.ChangePhoto(ctx, by, patient, p.ID, p.Version, clinical.PhotoChange{Wound: of, Scale: rulersScale()}); err != nil {
		return err
	}
	if _, err = s.Clinical.Draw(ctx, by, patient, p.ID, clinical.NewDrawing{
		Key: key, Shape: clinical.Outline, Colour: "white", Points: outlineOf(v),
	}); err != nil {
		return err
	}
	pain := v.pain
	_, err = s.Clinical.Assess(ctx, by, patient, of, clinical.NewAssessment{Key: key, Found: clinical.Found{
		At: at.Add(10 * time.Minute), Photo: p.ID, Length: &v.length, Width: &v.width, Depth: &v.depth, Method: clinical.AreaByEllipse,
		Tissue: &clinical.Tissue{Granulation: v.granulation, Fibrin: 100 - v.granulation}, Infection: v.infection, Moisture: v.moisture,
		Edge: "attached", Skin: "dry", Pain: &pain, Dressing: woundDressing, Note: v.note,
	}})
	return err
}
