package notify_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// box is an outbox in memory, that keeps the promises of the store's.
type box struct {
	mu      sync.Mutex
	rows    map[string]*row
	order   []string
	dead    map[string]notify.Reason
	failing int // so many calls that settle fail
}

type row struct {
	notify.Message
	tries   int
	sending notify.Channel
	due     time.Time
}

const lease = 3 * time.Minute

func newBox(messages ...notify.Message) *box {
	b := &box{rows: map[string]*row{}, dead: map[string]notify.Reason{}}
	b.put(messages...)
	return b
}

func (b *box) put(messages ...notify.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range messages {
		due := time.Now()
		if m.Due.After(due) {
			due = m.Due
		}
		b.rows[m.ID] = &row{Message: m, due: due}
		b.order = append(b.order, m.ID)
	}
}

func (b *box) Claim(_ context.Context, n int) (out []notify.Waiting, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range b.order {
		r := b.rows[id]
		if r == nil || len(out) == n || r.due.After(time.Now()) {
			continue
		}
		r.due = time.Now().Add(lease)
		out = append(out, notify.Waiting{Message: r.Message, Tries: r.tries, Begun: r.sending, Lease: r.due})
	}
	return out, nil
}

func (b *box) Begin(_ context.Context, w notify.Waiting, by notify.Channel) (notify.Waiting, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.rows[w.ID]
	if r == nil || !r.due.Equal(w.Lease) {
		return w, notify.ErrLost
	}
	r.sending, r.due = by, time.Now().Add(lease)
	w.Lease = r.due
	return w, nil
}

func (b *box) Done(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failing > 0 {
		b.failing--
		return context.DeadlineExceeded
	}
	delete(b.rows, id)
	return nil
}

func (b *box) Again(_ context.Context, w notify.Waiting, at time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.rows[w.ID]
	if r == nil || !r.due.Equal(w.Lease) {
		return notify.ErrLost
	}
	r.sending, r.due, r.tries = "", at, w.Tries
	return nil
}

func (b *box) Dead(_ context.Context, w notify.Waiting, why notify.Reason) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.rows[w.ID]; r == nil || !r.due.Equal(w.Lease) {
		return notify.ErrLost
	}
	delete(b.rows, w.ID)
	b.dead[w.ID] = why
	return nil
}

// withdraw takes a message back that is not being sent.
func (b *box) withdraw(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rows[id].sending == "" {
		delete(b.rows, id)
	}
}

func (b *box) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.rows)
}

func (b *box) reason(id string) notify.Reason {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dead[id]
}

// way is a Sender that remembers what it was given.
type way struct {
	mu         sync.Mutex
	sent       []notify.Outgoing
	at         []time.Time
	answer     func(ctx context.Context, o notify.Outgoing) error // nil: it is taken
	repeatable bool
}

func (w *way) Send(ctx context.Context, o notify.Outgoing) error {
	w.mu.Lock()
	w.sent, w.at = append(w.sent, o), append(w.at, time.Now())
	answer := w.answer
	w.mu.Unlock()
	if answer == nil {
		return nil
	}
	return answer(ctx, o)
}

func (w *way) Repeatable() bool { return w.repeatable }

func (w *way) given() []notify.Outgoing {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]notify.Outgoing{}, w.sent...)
}

// composes is a Composer made of a function.
type composes func(m notify.Message) (notify.Letter, error)

func (c composes) Compose(_ context.Context, m notify.Message) (notify.Letter, error) { return c(m) }

// pass lets time go by, in the bubble, and what is under way come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// run has a notifier at work until the test ends, or stop is called.
func run(t *testing.T, cfg notify.Config) (stop func()) {
	t.Helper()
	n, err := notify.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }() // ends with ctx
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// bySMS is a notifier's config with one way out.
func bySMS(b *box, w notify.Sender) notify.Config {
	return notify.Config{Outbox: b, Senders: map[notify.Channel]notify.Sender{notify.SMS: w}, Quiet: never, Log: slog.New(slog.DiscardHandler)}
}

// never is no quiet at all: a bubble's clock begins at midnight.
var never = notify.Quiet{From: 24, To: 24}

func code(id string) notify.Message {
	return notify.Message{ID: id, To: "p1", Channel: notify.SMS, Address: "+4790000412", Language: "nn", Kind: notify.KindCode, Code: "493021", From: "Fjord sjukehus"}
}

// booked is a message that is composed when it is sent, about a consultation in two days.
func booked(id string) notify.Message {
	return notify.Message{ID: id, To: "p1", Kind: notify.KindBooked, About: "c1", Seat: "s1", Until: time.Now().Add(48 * time.Hour), Change: 2}
}

// letterOf is what a message of any kind says, with all that it could.
func letterOf(m notify.Message) notify.Letter {
	starts := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	return notify.Letter{
		Channel: notify.SMS, Address: "+4790000412", Language: "nn", From: "Fjord sjukehus", Phone: "+4712345678",
		Link: "https://samtale.example.no/k#abc", Code: "493021", Starts: starts, Was: starts.Add(-25 * time.Hour), Minutes: 10, Times: 1,
	}
}
