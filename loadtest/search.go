package loadtest

import (
	"context"
	"fmt"
)

// search looks for the most rooms that one core holds, with a service of its own for each step.
func search(ctx context.Context, cfg *Config) (Report, error) {
	return findMost(cfg.Rooms, func(rooms int) (Report, error) {
		fmt.Fprintf(cfg.Progress, "search: %d rooms\n", rooms)
		step := *cfg
		step.Floor = false
		r, err := once(ctx, &step, rooms)
		if err != nil && ctx.Err() == nil {
			// A service that is asked for too much may refuse or lose people: not held.
			r.Void, err = append(r.Void, err.Error()), nil
		}
		return r, err
	})
}

// findMost goes upwards by half as many again until a step is not held, and then between
// the two until they are within a tenth. The report is that of the largest step that was
// held, with all steps in it. A void step ends the way up too: beyond what the generator
// can drive nothing can be said.
func findMost(from int, probe func(rooms int) (Report, error)) (best Report, err error) {
	var points []SearchPoint
	low, high := 0, 0
	step := func(rooms int) error {
		r, err := probe(rooms)
		if err != nil {
			return err
		}
		p := SearchPoint{Rooms: rooms, DelayP99: r.Service.DelayP99, Loss: r.Service.Loss(), Held: r.Service.held(), Void: r.Void}
		points = append(points, p)
		if p.Held && len(p.Void) == 0 {
			low, best = rooms, r
		} else {
			high = rooms
		}
		return nil
	}
	for rooms := from; high == 0; rooms += max(rooms/2, 1) {
		if err := step(rooms); err != nil {
			return best, err
		}
	}
	for high-low > max(low/10, 1) {
		if err := step((low + high) / 2); err != nil {
			return best, err
		}
	}
	if low == 0 {
		best.Machine = machine()
		best.Void = []string{"search: not even one room was held"}
	}
	best.Most, best.Search = low, points
	return best, nil
}
