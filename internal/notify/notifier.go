package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Waiting is a message that someone has to send now.
type Waiting struct {
	Message
	Tries int // so far
}

// Outbox is where messages wait, written with the change that they tell of.
type Outbox interface {
	// Claim returns up to n messages that are due. They are the caller's for a while, and
	// others' after it: a notifier that dies loses none.
	Claim(ctx context.Context, n int) ([]Waiting, error)
	// Done throws a message away: it has been sent.
	Done(ctx context.Context, id string) error
	// Failed puts it back until again; the zero time gives it up, and keeps it for people to see.
	Failed(ctx context.Context, id string, again time.Time) error
}

// Sender takes a message out of the house. It may be given the same message twice, after a
// crash between sending and Done; the message's ID is the same then.
type Sender interface {
	Send(ctx context.Context, m Message, t Text) error
}

// ErrNever is wrapped by a Sender's error that another try will not mend: an address that
// cannot be one, a refusal for good.
var ErrNever = errors.New("will never be sent")

// Config of a Notifier. Outbox and Senders are required.
type Config struct {
	Outbox  Outbox
	Senders map[Channel]Sender
	Every   time.Duration  // between looks into the outbox; 0 means 1 s
	Zone    *time.Location // of times in texts; nil means UTC
	Now     func() time.Time
	Log     *slog.Logger
}

// Notifier sends what waits in the outbox.
type Notifier struct{ cfg Config }

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
	return &Notifier{cfg: cfg}, nil
}

const (
	batch       = 20
	sendTimeout = 30 * time.Second
	firstAgain  = 10 * time.Second // doubles with each try
	lastAgain   = time.Hour
	maxTries    = 12 // some five hours: by then a code is useless and a person should know
)

// Run sends until ctx ends. An outbox that does not answer is asked again.
func (n *Notifier) Run(ctx context.Context) error {
	tick := time.NewTicker(n.cfg.Every)
	defer tick.Stop()
	for {
		for {
			sent, err := n.round(ctx)
			if err != nil && ctx.Err() == nil {
				n.cfg.Log.Error("outbox not read", "error", err)
			}
			if sent < batch || err != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// round sends one batch and returns how many messages it held.
func (n *Notifier) round(ctx context.Context) (int, error) {
	waiting, err := n.cfg.Outbox.Claim(ctx, batch)
	if err != nil {
		return 0, err
	}
	for _, w := range waiting {
		if ctx.Err() != nil { // the rest is claimed again after a while
			return len(waiting), nil
		}
		if err := n.send(ctx, w.Message); err != nil {
			again := n.again(w.Tries+1, err)
			n.cfg.Log.Warn("message not sent", "message", w.Message, "try", w.Tries+1, "given up", again.IsZero(), "error", err)
			if err := n.cfg.Outbox.Failed(ctx, w.ID, again); err != nil {
				return len(waiting), err
			}
			continue
		}
		if err := n.cfg.Outbox.Done(ctx, w.ID); err != nil {
			return len(waiting), err
		}
		n.cfg.Log.Info("message sent", "message", w.Message)
	}
	return len(waiting), nil
}

func (n *Notifier) send(ctx context.Context, m Message) error {
	sender := n.cfg.Senders[m.Channel]
	if sender == nil {
		return fmt.Errorf("no way to send by %q is set up: %w", m.Channel, ErrNever)
	}
	text, err := Words(m, n.cfg.Zone)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNever, err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return sender.Send(ctx, m, text)
}

// again says when to try next after so many tries; zero: not again.
func (n *Notifier) again(tries int, err error) time.Time {
	if errors.Is(err, ErrNever) || tries >= maxTries {
		return time.Time{}
	}
	return n.cfg.Now().Add(min(firstAgain<<(tries-1), lastAgain))
}
