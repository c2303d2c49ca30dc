package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// notifierEnv makes this test program a notifier that is to be killed.
const notifierEnv = "SAMKONSULT_NOTIFIER_TO_KILL"

// sendOrder is what it is started with, as JSON on its standard input.
type sendOrder struct {
	URL        string
	Roots      map[keyring.Generation][]byte
	SMS, SMTP  string
	Idempotent bool
	Ahead      time.Duration // of its clock, before the real one: leases end in no time
}

func (o sendOrder) now() time.Time { return time.Now().Add(o.Ahead) }

func (o sendOrder) open(ctx context.Context) (*DB, error) {
	ring, err := keyring.New(o.Roots)
	if err != nil {
		return nil, err
	}
	return Open(ctx, Config{URL: o.URL, Keyring: ring, Now: o.now})
}

// notifier is one with real senders.
func (o sendOrder) notifier(db *DB, log *slog.Logger) (*notify.Notifier, error) {
	senders, err := o.senders()
	if err != nil {
		return nil, err
	}
	return notify.New(notify.Config{Outbox: db.Outbox(), Senders: senders, Every: 5 * time.Millisecond, Now: o.now, Log: log})
}

// senders are real ones.
func (o sendOrder) senders() (map[notify.Channel]notify.Sender, error) {
	gateway, err := notify.NewSMSGateway(notify.SMSConfig{URL: o.SMS, Idempotent: o.Idempotent})
	if err != nil {
		return nil, err
	}
	mailer, err := notify.NewMailer("smtp+plain://"+o.SMTP, "samtale@fjord.example")
	return map[notify.Channel]notify.Sender{notify.SMS: gateway, notify.Email: mailer}, err
}

// sendUntilKilled is what TestMain runs in place of the tests.
func sendUntilKilled(in io.Reader) error {
	var o sendOrder
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	ctx := context.Background()
	db, err := o.open(ctx)
	if err != nil {
		return err
	}
	n, err := o.notifier(db, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	return n.Run(ctx)
}

// counter is a gateway and a mail server that count what has come through, by its id.
type counter struct {
	mu    sync.Mutex
	came  map[string]int
	kill  func() // before anything is answered
	kills int    // when so many messages more have come
}

func (c *counter) count(id string) {
	c.mu.Lock()
	c.came[id]++
	c.kills--
	kill := c.kills == 0
	c.mu.Unlock()
	if kill {
		c.kill()
	}
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct{ ID string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.count(body.ID)
}

func (c *counter) NewSession(*smtp.Conn) (smtp.Session, error) { return &counting{c}, nil }

type counting struct{ c *counter }

func (*counting) Mail(string, *smtp.MailOptions) error { return nil }
func (*counting) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*counting) Reset()                               {}
func (*counting) Logout() error                        { return nil }
func (s *counting) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	_, rest, _ := strings.Cut(string(text), "Message-ID: <")
	id, _, _ := strings.Cut(rest, "@")
	s.c.count(id)
	return err
}

// crash is a place where notifiers are killed.
type crash struct {
	t *testing.T
	sendOrder
	counter *counter
}

func newCrash(t *testing.T, url string, idempotent bool) *crash {
	t.Helper()
	c := &crash{t: t, counter: &counter{came: map[string]int{}}}
	server := httptest.NewServer(c.counter)
	t.Cleanup(server.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	mails := smtp.NewServer(c.counter)
	mails.Domain = "localhost"
	served := make(chan error)
	go func() { served <- mails.Serve(l) }() // ends with Close
	t.Cleanup(func() {
		_ = mails.Close()
		<-served
	})
	root := make([]byte, keyring.Size)
	rand.Read(root)
	c.sendOrder = sendOrder{
		URL: url, Roots: map[keyring.Generation][]byte{1: root}, SMS: server.URL, SMTP: l.Addr().String(), Idempotent: idempotent,
	}
	return c
}

// with opens the database while no notifier has it.
func (c *crash) with(do func(db *DB)) {
	c.t.Helper()
	db, err := c.open(c.t.Context())
	must(c.t, err)
	defer closed(c.t, db)
	do(db)
}

// killAt starts a notifier in a process of its own, and kills it with SIGKILL when so many
// messages have come out of it: the last has arrived, and its answer has not been given.
func (c *crash) killAt(messages int) {
	c.t.Helper()
	order, err := json.Marshal(c.sendOrder)
	must(c.t, err)
	program, err := os.Executable()
	must(c.t, err)
	cmd := exec.Command(program)
	var complaint bytes.Buffer
	cmd.Env = append(os.Environ(), notifierEnv+"=1")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(order), &complaint
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // it must not outlive us
	dead := make(chan struct{})
	c.counter.mu.Lock()
	c.counter.kills = messages
	c.counter.kill = func() {
		_ = cmd.Process.Kill() // it answers nobody any more when this returns
		<-dead
	}
	c.counter.mu.Unlock()
	must(c.t, cmd.Start())
	hangs := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Signal(syscall.SIGQUIT) }) // its goroutines are told
	err = cmd.Wait()
	hangs.Stop()
	close(dead)
	if err == nil || err.Error() != "signal: killed" {
		c.t.Fatalf("the notifier ended by itself: %v\n%s", err, &complaint)
	}
}

// settle lets leases end, and a notifier work until nothing waits.
func (c *crash) settle() {
	c.t.Helper()
	c.Ahead += outboxLease
	c.with(func(db *DB) {
		n, err := c.notifier(db, nil)
		must(c.t, err)
		ctx, cancel := context.WithCancel(c.t.Context())
		ran := make(chan error)
		go func() { ran <- n.Run(ctx) }() // ends with ctx
		defer func() {
			cancel()
			must(c.t, <-ran)
		}()
		look, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
		defer look.Stop()
		for {
			counts, err := db.Outbox().Count(c.t.Context())
			must(c.t, err)
			if counts.Waiting == 0 {
				return
			}
			select {
			case <-look.C:
			case <-late:
				c.t.Fatalf("%+v", counts)
			}
		}
	})
}

func (c *crash) undelivered() (ids []string) {
	c.t.Helper()
	c.with(func(db *DB) {
		all, err := db.Outbox().Undelivered(c.t.Context())
		must(c.t, err)
		for _, u := range all {
			if u.Reason != notify.Uncertain {
				c.t.Errorf("%s: %s", u.ID, u.Reason)
			}
			ids = append(ids, u.ID)
		}
	})
	slices.Sort(ids)
	return ids
}

// sayable is a message that there are words for.
func sayable(id string) notify.Message {
	m := message(id, "+4790000001")
	m.From = "Fjord sjukehus"
	return m
}

func mailTo(id string) notify.Message {
	m := sayable(id)
	m.Channel, m.Address = notify.Email, "olav@example.no"
	return m
}

// A notifier is killed when a message has arrived and it has not been told so: the moment
// between sending and marking.
func TestACrashBetweenSendingAndMarkingSendsNoSecondSMS(t *testing.T) {
	dbtest.Each(t, migratedFor(t), func(t *testing.T, url string) {
		c := newCrash(t, url, false)
		c.with(func(db *DB) { enqueued(t, db, sayable("sms")) })
		c.killAt(1)
		c.settle()
		if n := c.counter.came["sms"]; n != 1 {
			t.Errorf("the SMS came %d times", n)
		}
		if got := c.undelivered(); !slices.Equal(got, []string{"sms"}) {
			t.Errorf("people see %v: nobody knows whether it came", got)
		}
	})
}

func TestACrashBetweenSendingAndMarkingRepeatsWhatIsKnownAgain(t *testing.T) {
	for kind, m := range map[string]notify.Message{"an e-mail": mailTo("same"), "an SMS by a gateway that says so": sayable("same")} {
		t.Run(kind, func(t *testing.T) {
			dbtest.Each(t, migratedFor(t), func(t *testing.T, url string) {
				c := newCrash(t, url, true)
				c.with(func(db *DB) { enqueued(t, db, m) })
				c.killAt(1)
				c.settle()
				if n := c.counter.came["same"]; n != 2 || len(c.counter.came) != 1 { // twice with the same Message-ID or key
					t.Errorf("it came %v", c.counter.came)
				}
				if got := c.undelivered(); len(got) != 0 {
					t.Errorf("people see %v", got)
				}
			})
		})
	}
}

// At any moment: none comes twice, and each has come or is shown to people.
func TestHoweverOftenANotifierIsKilledNoSMSComesTwiceAndNoneIsLost(t *testing.T) {
	dbtest.Each(t, migratedFor(t), func(t *testing.T, url string) {
		c := newCrash(t, url, false)
		seed := randomSeed()
		chance := mathrand.New(mathrand.NewPCG(seed, 0))
		const messages, kills = 60, 4
		c.with(func(db *DB) {
			for i := range messages {
				m := sayable(fmt.Sprintf("m%02d", i))
				m.To = access.PersonID(fmt.Sprint("p", i))
				enqueued(t, db, m)
			}
		})
		for range kills {
			c.killAt(1 + chance.IntN(12))
			c.Ahead += outboxLease
		}
		c.settle()
		shown := c.undelivered()
		for i := range messages {
			id := fmt.Sprintf("m%02d", i)
			n := c.counter.came[id]
			if n > 1 || n == 0 && !slices.Contains(shown, id) {
				t.Errorf("seed %d: %s came %d times, shown %t", seed, id, n, slices.Contains(shown, id))
			}
		}
		if most := kills * 8; len(shown) > most { // what is on its way at once
			t.Errorf("seed %d: people see %d, of %d kills", seed, len(shown), kills)
		}
		t.Logf("seed %d: %d came, %d are shown to people", seed, len(c.counter.came), len(shown))
	})
}

// migratedFor is each's preparation.
func migratedFor(t *testing.T) func(url string) error {
	return func(url string) error { return Migrate(t.Context(), newPlace(t, url).Config) }
}
