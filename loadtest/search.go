package loadtest

import (
	"context"
	"fmt"
)

// search looks for the most rooms that one core holds: upwards by half as many again until
// a step is not held, then between the two until they are close. The report is that of the
// largest step that was held.
func search(ctx context.Context, cfg *Config) (best Report, err error) {
	var points []SearchPoint
	probe := func(rooms int) (bool, bool, error) {
		fmt.Fprintf(cfg.Progress, "search: %d rooms\n", rooms)
		step := *cfg
		step.Floor = false
		r, err := once(ctx, &step, rooms)
		if err != nil {
			return false, false, err
		}
		p := SearchPoint{Rooms: rooms, DelayP99: r.Service.DelayP99, Loss: r.Service.Loss(), Held: r.Service.held(), Void: r.Void}
		points = append(points, p)
		if p.Held && len(p.Void) == 0 && rooms > best.Most {
			best = r
			best.Most = rooms
		}
		return p.Held, len(p.Void) > 0, nil
	}
	low, high := 0, 0
	for rooms := cfg.Rooms; high == 0; rooms += max(rooms/2, 1) {
		held, void, err := probe(rooms)
		if err != nil {
			return best, err
		}
		switch {
		case held && !void:
			low = rooms
		default:
			// Beyond what the generator can drive nothing can be said: that ends the search too.
			high = rooms
		}
	}
	for high-low > max(low/10, 1) {
		rooms := (low + high) / 2
		held, void, err := probe(rooms)
		if err != nil {
			return best, err
		}
		if held && !void {
			low = rooms
		} else {
			high = rooms
		}
	}
	if best.Most == 0 {
		best.Machine, best.Void = machine(), []string{fmt.Sprintf("search: not even %d rooms were held", points[len(points)-1].Rooms)}
	}
	best.Search = points
	return best, nil
}
