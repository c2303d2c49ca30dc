package clinical

import (
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/clinical/photo"
	"github.com/samkonsult/samkonsult/internal/access"
)

// PictureID names a picture's bytes in the store.
type PictureID string

// Photo is a picture of a wound, with what is known of it. FHIR R4 Media.
type Photo struct {
	ID       PhotoID         `json:"-"`
	Version  int64           `json:"-"` // 1 at first; what is drawn on it counts too
	Patient  access.PersonID `json:"-"`
	Status   Status          `json:"-"` // Final, or Wrong
	Received time.Time       `json:"-"`
	Drawings []Drawing       `json:"-"`               // in the order in which they were made
	Wound    WoundID         `json:"wound,omitempty"` // empty: it belongs to none yet
	Type     photo.Type      `json:"type"`
	Width    int             `json:"width"` // in pixels, as it stands upright
	Height   int             `json:"height"`
	Bytes    int64           `json:"bytes"`
	Taken    time.Time       `json:"taken"`
	By       Performer       `json:"by"`
	AskedBy  string          `json:"askedBy,omitempty"` // name of who asked for it, as it was then; empty: nobody
	// Consultation is the call in which it was taken; empty for none.
	Consultation string      `json:"consultation,omitempty"`
	Source       PhotoSource `json:"source"`
	Scale        *Scale      `json:"scale,omitempty"` // nil: it has none
	Picture      PictureID   `json:"picture"`
	Small        PictureID   `json:"small"` // the same as JPEG, at most photo.SmallSide pixels a side
	Sent         Sent        `json:"sent"`
	Correction   *Correction `json:"correction,omitempty"`
}

// PhotoSource is where a photo comes from.
type PhotoSource string

// The sources.
const (
	TakenStill PhotoSource = "still" // with the camera of the call
	FromFile   PhotoSource = "file"
)

// Shape of a drawing.
type Shape string

// The shapes.
const (
	LineShape  Shape = "line"
	ArrowShape Shape = "arrow"
	Outline    Shape = "outline" // closed, round the wound
)

// Drawing is one stroke on a photo. It lies over the picture, which is never changed.
type Drawing struct {
	ID     DrawingID `json:"-"`
	At     time.Time `json:"-"`
	Shape  Shape     `json:"shape"`
	Colour string    `json:"colour"`
	Points []float64 `json:"points"` // x and y by turns, from 0 to 1 of the picture as it stands upright
	Note   string    `json:"note,omitempty"`
	By     Performer `json:"by"`
	Sent   Sent      `json:"sent"`
}

const (
	maxDrawings = 50
	maxPoints   = 2000 // numbers in a drawing
)

// colours that a drawing may have: they are seen on skin and in a wound.
var colours = []string{"blue", "white", "yellow"}

// LogValue keeps what is known of a photo out of every log.
func (Photo) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// PixelsPerCm is by its scale; 0: it has none.
func (p Photo) PixelsPerCm() float64 {
	if p.Scale == nil {
		return 0
	}
	return p.Scale.PixelsPerCm(p.Width, p.Height)
}

// Size is what the latest outline on it measures; ok is false where there is none, or no scale.
func (p Photo) Size() (size Size, ok bool) {
	if p.Scale == nil {
		return Size{}, false
	}
	for _, d := range slices.Backward(p.Drawings) {
		if d.Shape == Outline {
			return SizeOf(d.Points, p.Width, p.Height, p.PixelsPerCm()), true
		}
	}
	return Size{}, false
}

// check refuses what can't be drawn.
func (d Drawing) check() error {
	switch {
	case d.Shape != LineShape && d.Shape != ArrowShape && d.Shape != Outline:
		return &Invalid{"shape", "must be line, arrow or outline"}
	case !slices.Contains(colours, d.Colour):
		return &Invalid{"colour", "must be blue, white or yellow"}
	case len(d.Points)%2 != 0 || len(d.Points) > maxPoints:
		return &Invalid{"points", fmt.Sprintf("must be x and y by turns, at most %d numbers", maxPoints)}
	case d.Shape == Outline && len(d.Points) < 6:
		return &Invalid{"points", "must be at least three points round the wound"}
	case len(d.Points) < 4:
		return &Invalid{"points", "must be at least two points"}
	}
	for i, v := range d.Points {
		if !(v >= 0 && v <= 1) { // NaN too
			return &Invalid{fmt.Sprintf("points[%d]", i), "must be 0–1 of the picture"}
		}
	}
	if rule := lineRule(d.Note, maxNote); rule != "" {
		return &Invalid{"note", rule}
	}
	return keyFault(d.Sent.Key)
}
