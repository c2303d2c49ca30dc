package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Config of a Notifier. Outbox and Senders are required.
type Config struct {
	Outbox   Outbox
	Senders  map[Channel]Sender
	Composer Composer       // nil: only what is composed at once is sent
	Every    time.Duration  // between looks into the outbox; 0 means 1 s
	Zone     *time.Location // of times in texts, and of Quiet; nil means UTC
	Quiet    Quiet
	Now      func() time.Time
	Log      *slog.Logger
}

// Notifier sends what waits in the outbox. Several, on several nodes, may share one.
type Notifier struct {
	cfg   Config
	lanes lanes
}

// New checks cfg.
func New(cfg Config) (*Notifier, error) {
	if cfg.Outbox == nil || cfg.Senders == nil {
		return nil, errors.New("notify: Outbox and Senders are required")
	}
	if cfg.Every == 0 {
		cfg.Every = time.Second
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	if cfg.Quiet, err = cfg.Quiet.checked(); err != nil {
		return nil, fmt.Errorf("notify: %w", err)
	}
	return &Notifier{cfg: cfg, lanes: newLanes(cfg.Senders)}, nil
}

const (
	composeTimeout = 20 * time.Second
	sendTimeout    = 30 * time.Second
	settleTimeout  = 10 * time.Second // of one try to tell the outbox
	firstAgain     = 10 * time.Second // doubles with each try
	lastAgain      = time.Hour
	maxTries       = 12 // some five hours: by then a person should know
)

// Run sends until ctx ends, and then finishes what is on its way: 30 s at most. An outbox
// that does not answer is asked again.
func (n *Notifier) Run(ctx context.Context) error {
	tick := time.NewTicker(n.cfg.Every)
	defer tick.Stop()
	free := make(chan struct{}, hands)
	for range hands {
		free <- struct{}{}
	}
	var working sync.WaitGroup
	defer working.Wait()
	for {
		if more := n.round(ctx, free, &working); more {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// round waits for a free hand, and gives each that is free a message. It returns whether
// more may wait.
func (n *Notifier) round(ctx context.Context, free chan struct{}, working *sync.WaitGroup) (more bool) {
	select {
	case <-free:
	case <-ctx.Done():
		return false
	}
	took := 1
	for ; len(free) > 0; took++ { // nobody else takes any
		<-free
	}
	claimed, err := n.cfg.Outbox.Claim(ctx, took)
	if err != nil && ctx.Err() == nil {
		n.cfg.Log.Error("outbox not read", "error", err)
	}
	for range took - len(claimed) {
		free <- struct{}{}
	}
	for _, w := range claimed {
		working.Go(func() { // ends when the message is sent, put back or given up
			defer func() { free <- struct{}{} }()
			n.handle(ctx, w)
		})
	}
	return err == nil && len(claimed) == took
}

// handle does with one message what is to be done now.
func (n *Notifier) handle(ctx context.Context, w Waiting) {
	now := n.cfg.Now()
	if sender := n.cfg.Senders[w.Begun]; w.Begun != "" && (sender == nil || !sender.Repeatable()) {
		n.dead(ctx, w, Uncertain, errors.New("its notifier is gone"))
		return
	}
	if !w.Until.IsZero() && !now.Before(w.Until) {
		n.dead(ctx, w, TooLate, nil)
		return
	}
	if until := n.cfg.Quiet.held(w.Message, now.In(n.cfg.Zone)); !until.IsZero() {
		n.settle(ctx, w, func(ctx context.Context) error { return n.cfg.Outbox.Again(ctx, w, until) })
		return
	}
	if ctx.Err() != nil { // it is claimed again after a while
		return
	}
	out, err := n.compose(ctx, w.Message)
	switch {
	case errors.Is(err, ErrMoot):
		n.cfg.Log.Debug("message dropped", "message", w.Message)
		n.settle(ctx, w, func(ctx context.Context) error { return n.cfg.Outbox.Done(ctx, w.ID) })
	case err != nil:
		n.failed(ctx, w, err)
	default:
		n.send(ctx, w, out)
	}
}

// compose puts a message into words.
func (n *Notifier) compose(ctx context.Context, m Message) (Outgoing, error) {
	ctx, cancel := context.WithTimeout(ctx, composeTimeout)
	defer cancel()
	l := m.letter()
	if !m.Kind.AtOnce() {
		if n.cfg.Composer == nil {
			return Outgoing{}, unsayable(m.Kind, "has nobody to compose it")
		}
		var err error
		if l, err = n.cfg.Composer.Compose(ctx, m); err != nil {
			return Outgoing{}, err
		}
	}
	if n.cfg.Senders[l.Channel] == nil {
		return Outgoing{}, fmt.Errorf("no way to send by %q is set up: %w", l.Channel, ErrNever)
	}
	if l.Address == "" {
		return Outgoing{}, ErrNoAddress
	}
	text, err := Words(m.Kind, l, n.cfg.Zone)
	return Outgoing{ID: m.ID, To: m.To, Kind: m.Kind, Letter: l, Text: text}, err
}

// send lets a message leave. That it does is committed first.
func (n *Notifier) send(ctx context.Context, w Waiting, out Outgoing) {
	if !n.lanes.enter(ctx, out.Channel) {
		again := n.cfg.Now().Add(jittered(firstAgain))
		n.settle(ctx, w, func(ctx context.Context) error { return n.cfg.Outbox.Again(ctx, w, again) })
		return
	}
	defer n.lanes.leave(out.Channel)
	sender := n.cfg.Senders[out.Channel]
	if ctx.Err() != nil {
		return
	}
	// Not cut off when ctx ends: a commit of which nobody hears leaves a message uncertain.
	beginning, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	w, err := n.cfg.Outbox.Begin(beginning, w, out.Channel)
	cancel()
	if errors.Is(err, ErrLost) {
		n.cfg.Log.Debug("message left alone", "message", w.Message)
		return
	}
	if err != nil { // the lease ends, and it is claimed again
		n.cfg.Log.Error("message not begun", "message", w.Message, "error", err)
		return
	}
	w.Channel = out.Channel // for the log
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	err = sender.Send(sending, out)
	cancel()
	switch {
	case err == nil:
		n.cfg.Log.Info("message sent", "message", w.Message)
		n.settle(ctx, w, func(ctx context.Context) error { return n.cfg.Outbox.Done(ctx, w.ID) })
	case errors.Is(err, ErrUncertain) && !sender.Repeatable():
		n.dead(ctx, w, Uncertain, err)
	default:
		n.failed(ctx, w, err)
	}
}

// failed puts a message back for another try, or gives it up.
func (n *Notifier) failed(ctx context.Context, w Waiting, err error) {
	w.Tries++
	switch {
	case errors.Is(err, ErrNoAddress):
		n.dead(ctx, w, NoAddress, err)
	case errors.Is(err, ErrNever):
		n.dead(ctx, w, Refused, err)
	case w.Tries >= maxTries:
		n.dead(ctx, w, GaveUp, err)
	default:
		n.cfg.Log.Warn("message not sent", "message", w.Message, "try", w.Tries, "error", err)
		again := n.cfg.Now().Add(jittered(min(firstAgain<<(w.Tries-1), lastAgain)))
		n.settle(ctx, w, func(ctx context.Context) error { return n.cfg.Outbox.Again(ctx, w, again) })
	}
}

// jittered is d, give or take a quarter, so that what failed together does not come back
// together.
func jittered(d time.Duration) time.Duration { return d*3/4 + rand.N(d/2) }

func (n *Notifier) dead(ctx context.Context, w Waiting, why Reason, err error) {
	n.cfg.Log.Warn("message given up", "message", w.Message, "try", w.Tries, "reason", string(why), "error", err)
	n.settle(ctx, w, func(ctx context.Context) error { return n.cfg.Outbox.Dead(ctx, w, why) })
}

// settle tells the outbox what has become of a message, and again while it does not answer:
// what has been sent and is not marked is uncertain to the next who finds it. It goes on
// after ctx has ended, for one last try.
func (n *Notifier) settle(ctx context.Context, w Waiting, tell func(context.Context) error) {
	const last = 20 * time.Second
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
		err := tell(once)
		cancel()
		if err == nil || errors.Is(err, ErrLost) {
			return
		}
		n.cfg.Log.Error("outbox not told", "message", w.Message, "error", err)
		if wait > last || ctx.Err() != nil {
			return
		}
		again := time.NewTimer(wait)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
		}
	}
}
