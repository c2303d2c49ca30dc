package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/samkonsult/samkonsult/internal/demo"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
)

// seed puts a demo's day into the store, and lets its load tests in by the door.
func (a *App) seed(ctx context.Context, door signaling.Admission) (signaling.Admission, error) {
	day, err := a.house.day(ctx, a.cfg)
	if err != nil {
		return nil, err
	}
	crowd := demo.NewCrowd(door, a.cfg.DemoConsultations, time.Now(), permissions)
	a.links = newLinks(a.base, day, crowd.Tests())
	return crowd, nil
}

// day takes up the day that an earlier start has left, if it is not over, so that a restart
// forgets nothing; its links are kept beside the store, as only a demo may. Otherwise it
// makes a new one.
func (h *house) day(ctx context.Context, c checked) (demo.Day, error) {
	file := filepath.Join(c.Data, "demo", "day.json")
	day, err := readDay(file)
	if err == nil && time.Now().Before(day.Until) {
		a, err := h.db.Appointments().Appointment(ctx, scheduling.AppointmentID(day.Consultation))
		if err == nil && a.State.Stands() {
			return day, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return day, fmt.Errorf("the demo's day: %w", err)
	}
	day, err = demo.Seed(ctx, demo.Config{
		Appointments: h.db.Appointments(), Directory: h.directory, Gate: h.gate, Schedule: h.schedule, Clinical: h.clinical, Questions: h.questions, Zone: h.zone,
	})
	if err != nil {
		return day, err
	}
	data, err := json.Marshal(day)
	if err != nil {
		return day, fmt.Errorf("the demo's day: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return day, fmt.Errorf("the demo's day: %w", err)
	}
	return day, writeFile(file, data, 0o600)
}

func readDay(file string) (day demo.Day, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return day, err
	}
	return day, json.Unmarshal(data, &day)
}
