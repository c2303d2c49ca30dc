package clinical_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// cellar lists patients who are idle, and remembers whom it has forgotten.
type cellar struct {
	idle      []clinical.Idle
	busy      access.PersonID // of whom something comes while it is looked at
	forgotten []access.PersonID
	entries   []audit.Entry
}

func (c *cellar) Idle(_ context.Context, since time.Time, after access.PersonID, most int) (out []clinical.Idle, err error) {
	for _, p := range c.idle {
		if p.Patient > after && p.Last.Before(since) && len(out) < most {
			out = append(out, p)
		}
	}
	return out, nil
}

func (c *cellar) Forget(_ context.Context, patient access.PersonID, _ time.Time, entries []audit.Entry) (bool, error) {
	if patient == c.busy {
		return false, nil
	}
	c.forgotten, c.entries = append(c.forgotten, patient), append(c.entries, entries...)
	return true, nil
}

func TestWhatWasSharedIsDeletedWhenItsAgreedTimeIsOver(t *testing.T) {
	ago := func(days int) time.Time { return noon.AddDate(0, 0, -days) }
	both, alone := []access.OrganisationID{"hospital", "fjordvik"}, []access.OrganisationID{"fjordvik"}
	c := &cellar{busy: "d", idle: []clinical.Idle{
		{Patient: "a", Consultation: "c1", Last: ago(30), Organisations: both}, {Patient: "b", Last: ago(29), Organisations: both},
		{Patient: "c", Last: ago(400), Organisations: alone}, {Patient: "d", Last: ago(400), Organisations: both},
	}}
	for i := range 450 { // more than are looked at at once
		c.idle = append(c.idle, clinical.Idle{Patient: access.PersonID(fmt.Sprintf("x%03d", i)), Last: ago(31 - i%2*10), Organisations: both})
	}
	r, err := clinical.NewRetention(clinical.RetentionConfig{Store: c, Now: func() time.Time { return noon }, Days: func(_ context.Context, of []access.OrganisationID) (int, bool, error) {
		return 30, len(of) > 1, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Sweep(t.Context())
	if err != nil || n != 226 || len(c.forgotten) != 226 || c.forgotten[0] != "a" || slices.Contains(c.forgotten, "x001") {
		t.Errorf("%d, %d of them, %v", n, len(c.forgotten), err)
	}
	if e := c.entries[0]; e.Patient != "a" || e.Action != audit.ActionForgotten || e.Object != "consultation/c1" {
		t.Errorf("on record: %+v", e)
	}
	if _, err := clinical.NewRetention(clinical.RetentionConfig{Store: c}); err == nil {
		t.Error("without knowing for how long")
	}
}
