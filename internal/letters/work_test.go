package letters_test

import (
	"context"
	"errors"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/letters"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// list is a work list with one entry of the hospital's; the real one is the store's, whose tests
// hold it against what is acknowledged.
type list struct{ open bool }

func (l list) WorkState(_ context.Context, id string) (access.OrganisationID, bool, error) {
	return "hospital", l.open && id == "w1", nil
}

func TestALetterOfWorkSaysThatItWaitsAndNothingOfWhat(t *testing.T) {
	p := newPost(t)
	of := func(open bool) *letters.Composer {
		cfg := p.cfg
		cfg.Work = list{open}
		c, err := letters.New(cfg)
		p.must(err)
		return c
	}
	m := notify.Message{ID: "m1", To: "tuva", Kind: notify.KindWork, About: "w1"}
	p.Composer = of(true)
	p.reads("work-sms", p.composed(m))
	m.To = "siv" // has no telephone here
	p.reads("work-email", p.composed(m))
	p.Composer = of(false)
	p.moot("somebody has acknowledged it", m)
	bare, err := letters.New(p.cfg)
	p.must(err)
	if _, err := bare.Compose(t.Context(), m); !errors.Is(err, notify.ErrNever) {
		t.Errorf("without a work list: %v", err)
	}
}
