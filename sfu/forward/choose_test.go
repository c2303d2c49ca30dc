package forward

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// simulcast is what a page sends of a camera.
var simulcast = []Layer{{150_000, 320, 180}, {500_000, 640, 360}, {1_500_000, 1280, 720}}

func seen(width, height int) Demand {
	return Demand{Layers: simulcast, Wish: Wish{Visible: true, Width: width, Height: height}, Layer: Paused}
}

func chosen(width, height int) Demand {
	d := seen(width, height)
	d.Wish.Chosen = true
	return d
}

func layers(lines []Demand) (out []int) {
	for _, d := range lines {
		out = append(out, d.Layer)
	}
	return out
}

func TestBitsGoWhereTheClinicalOrderSays(t *testing.T) {
	hidden := seen(1280, 720)
	hidden.Wish.Visible = false
	noSmall := seen(100, 100)
	noSmall.Layers = []Layer{{0, 320, 180}, {500_000, 640, 360}, {1_500_000, 1280, 720}}
	noLarge := seen(1280, 720)
	noLarge.Layers = []Layer{{150_000, 320, 180}, {500_000, 640, 360}, {0, 1280, 720}}
	nothing := seen(1280, 720)
	nothing.Layers = make([]Layer, 3)
	one := Demand{Layers: []Layer{{300_000, 0, 0}}, Wish: Wish{Visible: true}, Layer: Paused}
	cheap := chosen(1280, 720)
	cheap.Layers = []Layer{{500_000, 640, 360}, {200_000, 1280, 720}}
	for _, c := range []struct {
		name   string
		budget Bitrate
		lines  []Demand
		want   []int
	}{
		{"enough for all", 10_000_000, []Demand{chosen(1280, 720), seen(640, 360), seen(200, 100)}, []int{2, 1, 0}},
		{"no more than the size calls for", 10_000_000, []Demand{chosen(320, 180), seen(320, 180)}, []int{0, 0}},
		{"the chosen one first", 2_000_000, []Demand{seen(1280, 720), chosen(1280, 720), seen(1280, 720)}, []int{0, 2, 0}},
		{"the chosen one first, if just", 1_750_000, []Demand{seen(1280, 720), chosen(1280, 720)}, []int{0, 2}},
		{"the chosen one and nothing else", 200_000, []Demand{seen(1280, 720), chosen(1280, 720)}, []int{Paused, 0}},
		{"the rest in step", 1_300_000, []Demand{seen(1280, 720), seen(1280, 720)}, []int{1, 1}},
		{"the lowest for each before more for any", 700_000, []Demand{seen(1280, 720), seen(1280, 720), seen(1280, 720)}, []int{0, 0, 0}},
		{"a larger layer that costs less", 650_000, []Demand{cheap, seen(320, 180)}, []int{1, 0}},
		{"a larger layer that costs less, and no more than it frees", 650_000, []Demand{cheap, seen(640, 360)}, []int{1, 0}},
		{"nothing fits", 100_000, []Demand{chosen(1280, 720), seen(320, 180)}, []int{Paused, Paused}},
		{"nobody sees it", 10_000_000, []Demand{hidden, seen(320, 180)}, []int{Paused, 0}},
		{"a portrait picture in a wide box", 10_000_000, []Demand{{Layers: []Layer{{1, 180, 320}, {2, 360, 640}}, Wish: Wish{Visible: true, Width: 600, Height: 320}}}, []int{0}},
		{"nearly covered", 10_000_000, []Demand{seen(650, 366), chosen(650, 366)}, []int{1, 2}},
		{"larger than there is", 10_000_000, []Demand{seen(3840, 2160)}, []int{2}},
		{"the wanted one does not come", 10_000_000, []Demand{noLarge, noSmall}, []int{1, 1}},
		{"nothing comes", 10_000_000, []Demand{nothing, {Wish: Wish{Visible: true}, Layer: Paused}}, []int{Paused, Paused}},
		{"size not known", 10_000_000, []Demand{one, seen(0, 0)}, []int{0, 2}},
	} {
		Choose(c.lines, c.budget, 0, ChooseConfig{})
		if got := layers(c.lines); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestALineGoesDownAtOnceAndUpWithMarginAndPatience(t *testing.T) {
	lines := []Demand{chosen(1280, 720)}
	at := func(now Time, budget Bitrate, want int) {
		t.Helper()
		Choose(lines, budget, now, ChooseConfig{})
		if lines[0].Layer != want {
			t.Errorf("at %v with %d: layer %d, want %d", time.Duration(now), budget, lines[0].Layer, want)
		}
	}
	at(0, 2_000_000, 2)
	at(second, 1_500_000, 2)        // just enough to stay
	at(2*second, 1_400_000, 1)      // down at once
	at(3*second, 5_000_000, 1)      // not up at once
	at(4*second, 1_400_000, 1)      // too few again
	at(6900*ms, 5_000_000, 1)       // 2.9 s after that
	at(7*second, 1_600_000, 1)      // long enough, but no margin
	at(7*second+ms, 1_800_000, 2)   // both
	at(8*second, 100_000, Paused)   // nothing
	at(9*second, 1_000_000, Paused) // a paused line waits too
	at(11*second, 1_000_000, 1)

	// A change of the page's wish is not a lack of bits: it is followed at once.
	lines = []Demand{seen(320, 180)}
	at(20*second, 3_000_000, 0)
	lines[0].Wish.Width, lines[0].Wish.Height = 1280, 720
	at(20*second+ms, 3_000_000, 2)
	lines[0].Wish.Visible = false
	at(20*second+2*ms, 3_000_000, Paused)
	lines[0].Wish.Visible = true
	at(20*second+3*ms, 3_000_000, 2)
}

func TestTheChoiceNeverSpendsMoreThanThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []Demand
		for range rapid.IntRange(0, 20).Draw(t, "lines") {
			d := Demand{Layer: Paused, Wish: Wish{
				Visible: rapid.Bool().Draw(t, "visible"), Chosen: rapid.IntRange(0, 3).Draw(t, "chosen") == 0,
				Width: rapid.IntRange(0, 2000).Draw(t, "width"), Height: rapid.IntRange(0, 2000).Draw(t, "height"),
			}}
			for range rapid.IntRange(0, 3).Draw(t, "layers") {
				d.Layers = append(d.Layers, Layer{
					Bitrate: Bitrate(rapid.IntRange(0, 2_000_000).Draw(t, "bitrate")),
					Width:   rapid.IntRange(0, 1280).Draw(t, "w"), Height: rapid.IntRange(0, 720).Draw(t, "h"),
				})
			}
			lines = append(lines, d)
		}
		for now := range Time(5) {
			budget := Bitrate(rapid.IntRange(0, 10_000_000).Draw(t, "budget"))
			Choose(lines, budget, now*2*second, ChooseConfig{})
			var spent Bitrate
			for i := range lines {
				d := &lines[i]
				if d.Layer == Paused {
					continue
				}
				if !d.Wish.Visible || d.Layers[d.Layer].Bitrate == 0 {
					t.Fatalf("line %d: layer %d of %+v", i, d.Layer, d)
				}
				spent += d.Layers[d.Layer].Bitrate
			}
			if spent > budget {
				t.Fatalf("%d of %d", spent, budget)
			}
		}
	})
}

func TestLayersOfNoUseToAnyoneAreFound(t *testing.T) {
	with := func(d Demand, layer int) Demand {
		d.Layer = layer
		return d
	}
	hidden := Demand{Layers: simulcast, Layer: Paused}
	noSmall := with(seen(100, 100), 1)
	noSmall.Layers = []Layer{{0, 320, 180}, {500_000, 640, 360}, {1_500_000, 1280, 720}}
	for _, c := range []struct {
		name    string
		demands []Demand
		want    []bool
	}{
		{"nobody", nil, []bool{false, false, false}},
		{"nobody sees it", []Demand{hidden}, []bool{false, false, false}},
		{"small only", []Demand{with(seen(320, 180), 0), hidden}, []bool{true, false, false}},
		{"large, and the smallest to begin with", []Demand{with(chosen(1280, 720), 2)}, []bool{true, false, true}},
		{"the steps up to the wanted", []Demand{with(chosen(1280, 720), 0)}, []bool{true, true, true}},
		{"the steps up from nothing", []Demand{with(seen(640, 360), Paused)}, []bool{true, true, false}},
		{"two sizes", []Demand{with(seen(640, 360), 1), with(seen(100, 100), 0)}, []bool{true, true, false}},
		{"what is sent until the wanted comes", []Demand{noSmall}, []bool{true, true, false}},
	} {
		got := make([]bool, 3)
		got[2] = true // of before
		Useful(c.demands, got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	Useful([]Demand{with(chosen(1280, 720), 0)}, make([]bool, 2)) // fewer than the demand knows
	Useful([]Demand{with(chosen(1280, 720), 0)}, nil)
}
