package demo

import (
	"bytes"
	"image/jpeg"
	"math"
	"testing"

	"github.com/samkonsult/samkonsult/clinical"
)

func TestADrawnWoundIsAsLargeOnItsPhotoAsItWasMeasured(t *testing.T) {
	for i, v := range dressings {
		size := clinical.SizeOf(outlineOf(v), photoWidth, photoHeight, rulersScale().PixelsPerCm(photoWidth, photoHeight))
		area := math.Pi / 4 * v.length * v.width
		if math.Abs(size.Longest-v.length) > 0.2 || math.Abs(size.Widest-v.width) > 0.2 || math.Abs(size.Area-area) > 0.03*area {
			t.Errorf("%d days ago: the outline is %+v, and the wound %v × %v cm", v.ago, size, v.length, v.width)
		}
		if i > 0 && v.length*v.width >= dressings[i-1].length*dressings[i-1].width {
			t.Errorf("%d days ago the wound was not smaller than before", v.ago)
		}
		file, err := drawWound(v)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		granulation, inside := 0, 0
		for y := 0; y < photoHeight; y += 3 {
			for x := 0; x < photoWidth; x += 3 {
				dx, dy := float64(x-woundsMiddleX), float64(y-woundsMiddleY)
				direction := math.Atan2(dy, dx)
				if direction < 0 {
					direction += 2 * math.Pi
				}
				if math.Hypot(dx, dy) > 0.9*v.edge(direction) {
					continue
				}
				inside++
				if _, g, _, _ := m.At(x, y).RGBA(); g>>8 < 100 {
					granulation++
				}
			}
		}
		if share := 100 * granulation / inside; share < v.granulation-15 || share > v.granulation+15 {
			t.Errorf("%d days ago: %d per cent of the bed is drawn as granulation, want about %d", v.ago, share, v.granulation)
		}
	}
}
