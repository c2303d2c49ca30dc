package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-smtp" // a mail server that is not the library that sends
	"github.com/samkonsult/samkonsult/internal/notify"
)

// box is an outbox in memory.
type box struct {
	mu     sync.Mutex
	due    map[string]time.Time
	kept   map[string]notify.Waiting
	gaveUp []string
}

func newBox(messages ...notify.Message) *box {
	b := &box{due: map[string]time.Time{}, kept: map[string]notify.Waiting{}}
	for _, m := range messages {
		b.kept[m.ID], b.due[m.ID] = notify.Waiting{Message: m}, time.Now()
	}
	return b
}

func (b *box) Claim(_ context.Context, n int) (out []notify.Waiting, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, w := range b.kept {
		if len(out) < n && !b.due[id].After(time.Now()) {
			out = append(out, w)
			b.due[id] = time.Now().Add(time.Minute)
		}
	}
	return out, nil
}

func (b *box) Done(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.kept, id)
	delete(b.due, id)
	return nil
}

func (b *box) Failed(_ context.Context, id string, again time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if again.IsZero() {
		b.gaveUp = append(b.gaveUp, id)
		delete(b.kept, id)
		return nil
	}
	w := b.kept[id]
	w.Tries++
	b.kept[id], b.due[id] = w, again
	return nil
}

func (b *box) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.kept)
}

// sends is a Sender made of a function.
type sends func(m notify.Message, t notify.Text) error

func (s sends) Send(_ context.Context, m notify.Message, t notify.Text) error { return s(m, t) }

// pass lets time go by, in the bubble, and what is under way come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func run(t *testing.T, b *box, s notify.Sender, log *slog.Logger) {
	t.Helper()
	n, err := notify.New(notify.Config{Outbox: b, Senders: map[notify.Channel]notify.Sender{notify.SMS: s}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }() // ends with ctx
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func code(id string) notify.Message {
	return notify.Message{ID: id, To: "p1", Channel: notify.SMS, Address: "+4790000412", Language: "nn", Kind: notify.KindCode, Code: "493021", From: "Fjord sjukehus"}
}

func TestEveryMessageIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []notify.Message
		for i := range 50 { // more than one batch
			all = append(all, code(fmt.Sprint("m", i)))
		}
		b, sent := newBox(all...), map[string]int{}
		run(t, b, sends(func(m notify.Message, _ notify.Text) error { sent[m.ID]++; return nil }), nil)
		pass(time.Second)
		if b.waiting() != 0 || len(sent) != 50 {
			t.Errorf("%d wait, %d sent", b.waiting(), len(sent))
		}
		for id, n := range sent {
			if n != 1 {
				t.Errorf("%s sent %d times", id, n)
			}
		}
	})
}

func TestWhatFailsIsTriedAgainLaterAndLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		begin := time.Now()
		b := newBox(code("m1"))
		run(t, b, sends(func(notify.Message, notify.Text) error {
			at = append(at, time.Since(begin))
			if len(at) < 4 {
				return errors.New("the gateway is away")
			}
			return nil
		}), nil)
		pass(5 * time.Minute)
		if len(at) != 4 || b.waiting() != 0 {
			t.Fatalf("tried at %v", at)
		}
		for i, want := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
			if gap := at[i+1] - at[i]; gap < want || gap > want+2*time.Second {
				t.Errorf("try %d came after %v, want %v", i+2, gap, want)
			}
		}
	})
}

func TestWhatCanNeverBeSentIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mail := code("m2")
		mail.Channel = notify.Email // nobody sends these here
		strange := code("m3")
		strange.Kind = "poem"
		b := newBox(code("m1"), mail, strange)
		run(t, b, sends(func(notify.Message, notify.Text) error { return fmt.Errorf("no such number: %w", notify.ErrNever) }), nil)
		pass(time.Minute)
		if len(b.gaveUp) != 3 {
			t.Errorf("gave up %v", b.gaveUp)
		}
	})
}

func TestAGatewayThatStaysAwayIsGivenUpInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		b := newBox(code("m1"))
		run(t, b, sends(func(notify.Message, notify.Text) error { tries++; return errors.New("away") }), nil)
		pass(24 * time.Hour)
		if tries != 12 || len(b.gaveUp) != 1 {
			t.Errorf("%d tries, gave up %v", tries, b.gaveUp)
		}
	})
}

func TestTheLogHoldsNoAddressAndNoCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := newBox(code("m1"))
		failed := false
		run(t, b, sends(func(notify.Message, notify.Text) error {
			if !failed {
				failed = true
				return errors.New("away")
			}
			return nil
		}), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		pass(time.Minute)
		for _, secret := range []string{"493021", "90000412"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s is in the log: %s", secret, log.String())
			}
		}
		if !strings.Contains(log.String(), "m1") {
			t.Errorf("the message is not in the log: %s", log.String())
		}
	})
}

func TestTextsSayWhoWhenAndALinkInThePersonsLanguage(t *testing.T) {
	oslo := time.FixedZone("CET", 3600)
	m := notify.Message{
		ID: "m1", Kind: notify.KindLink, From: "Fjord sjukehus", Phone: "+4712345678", Link: "https://samtale.example.no/k#abc",
		Starts: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).UnixMilli(),
	}
	for language, want := range map[string]string{
		"nn": "Fjord sjukehus inviterer deg til videosamtale måndag 23. november kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78.",
		"nb": "Fjord sjukehus inviterer deg til videosamtale mandag 23. november kl. 10.00. Åpne lenken når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78.",
		"en": "Fjord sjukehus invites you to a video call Monday 23 November at 10:00. Open the link when it is time: https://samtale.example.no/k#abc Questions? Call 12 34 56 78.",
		"se": "Fjord sjukehus inviterer deg til videosamtale måndag 23. november kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78.",
	} {
		m.Language = language
		got, err := notify.Words(m, oslo)
		if err != nil || got.Body != want {
			t.Errorf("%s: %q, %v", language, got.Body, err)
		}
	}
	for _, kind := range []notify.Kind{notify.KindLink, notify.KindCode, notify.KindEnrol} {
		for _, language := range []string{"nn", "nb", "en"} {
			m.Kind, m.Language = kind, language
			if got, err := notify.Words(m, oslo); err != nil || got.Subject == "" || got.Body == "" || strings.Contains(got.Body+got.Subject, "%!") {
				t.Errorf("%s in %s: %+v, %v", kind, language, got, err)
			}
		}
	}
}

func TestTheSMSGatewayIsToldWhomAndNeverTwice(t *testing.T) {
	var asked []*http.Request
	var bodies []map[string]string
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]string
		_ = json.NewDecoder(r.Body).Decode(&body)
		asked, bodies = append(asked, r), append(bodies, body)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	defer server.Close()
	gateway, err := notify.NewSMSGateway(server.URL+"/send", "secret")
	if err != nil {
		t.Fatal(err)
	}
	send := func() error { return gateway.Send(t.Context(), code("m1"), notify.Text{Body: "hei"}) }
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if b := bodies[0]; b["to"] != "+4790000412" || b["text"] != "hei" || b["id"] != "m1" {
		t.Errorf("%v", b)
	}
	if r := asked[0]; r.Header.Get("Idempotency-Key") != "m1" || r.Header.Get("Authorization") != "Bearer secret" || r.URL.Path != "/send" {
		t.Errorf("%v %v", r.URL, r.Header)
	}
	for s, never := range map[int]bool{400: true, 404: true, 302: true, 429: false, 500: false, 503: false} {
		status = s
		if err := send(); err == nil || errors.Is(err, notify.ErrNever) != never {
			t.Errorf("%d: %v", s, err)
		}
	}
	if len(asked) != 7 {
		t.Errorf("a redirect was followed: %d requests", len(asked))
	}
	for _, bad := range []string{"", "gateway", "ftp://x/y", "http://"} {
		if _, err := notify.NewSMSGateway(bad, ""); err == nil {
			t.Errorf("%q is taken for a gateway", bad)
		}
	}
}

// inbox is a mail server that keeps what it is given.
type inbox struct {
	mu     sync.Mutex
	mails  []string
	refuse error
}

func (i *inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{i}, nil }

type session struct{ to *inbox }

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	return s.to.refuse
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	s.to.mails = append(s.to.mails, string(text))
	return err
}

func TestMailGoesBySMTPWithTheSameMessageIDEachTime(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	in := &inbox{}
	server := smtp.NewServer(in)
	server.Domain = "localhost"
	served := make(chan error)
	go func() { served <- server.Serve(l) }() // ends with Close
	defer func() {
		_ = server.Close()
		<-served
	}()
	mailer, err := notify.NewMailer("smtp+plain://"+l.Addr().String(), "Fjord sjukehus <samtale@fjord.example>")
	if err != nil {
		t.Fatal(err)
	}
	m := code("m1")
	m.Channel, m.Address = notify.Email, "ragna@example.no"
	for range 2 {
		if err := mailer.Send(t.Context(), m, notify.Text{Subject: "Kode frå oss", Body: "Hei på deg"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(in.mails) != 2 {
		t.Fatalf("%d mails came", len(in.mails))
	}
	for _, mail := range in.mails {
		for _, want := range []string{"Message-ID: <m1@fjord.example>", "ragna@example.no", "Auto-Submitted: auto-generated", "Hei"} {
			if !strings.Contains(mail, want) {
				t.Errorf("%q is not in\n%s", want, mail)
			}
		}
	}
	in.mu.Lock()
	in.refuse = &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
	in.mu.Unlock()
	if err := mailer.Send(t.Context(), m, notify.Text{Subject: "x", Body: "y"}); !errors.Is(err, notify.ErrNever) {
		t.Errorf("a mailbox that is not there: %v", err)
	}
	in.mu.Lock()
	in.refuse = &smtp.SMTPError{Code: 451, Message: "try later"}
	in.mu.Unlock()
	if err := mailer.Send(t.Context(), m, notify.Text{Subject: "x", Body: "y"}); err == nil || errors.Is(err, notify.ErrNever) {
		t.Errorf("a busy server: %v", err)
	}
	for _, bad := range []string{"", "mail.example.no", "http://mail.example.no", "smtp://"} {
		if _, err := notify.NewMailer(bad, "a@b.no"); err == nil {
			t.Errorf("%q is taken for a mail server", bad)
		}
	}
	if _, err := notify.NewMailer("smtp://mail.example.no", "nobody"); err == nil {
		t.Error("nobody is taken for an address")
	}
}

func TestTheTrayKeepsEachMessageOnce(t *testing.T) {
	var tray notify.Tray
	for range 2 {
		if err := tray.Send(t.Context(), code("m1"), notify.Text{Body: "hei"}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		_ = tray.Send(t.Context(), code(fmt.Sprint("n", i)), notify.Text{})
	}
	all := tray.All()
	if len(all) != 200 || all[199].Message.ID != "n299" {
		t.Errorf("%d kept", len(all))
	}
}
