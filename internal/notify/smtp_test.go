package notify_test

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp" // a mail server that is not the library that sends

	"github.com/samkonsult/samkonsult/internal/notify"
)

// inbox is a mail server that keeps what it is given.
type inbox struct {
	addr   string
	mu     sync.Mutex
	mails  []string
	refuse error
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	in := &inbox{addr: l.Addr().String()}
	server := smtp.NewServer(in)
	server.Domain = "localhost"
	served := make(chan error)
	go func() { served <- server.Serve(l) }() // ends with Close
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return in
}

func (i *inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{i}, nil }

func (i *inbox) refuses(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.refuse = err
}

func (i *inbox) all() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string{}, i.mails...)
}

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

func mailer(t *testing.T, in *inbox) *notify.Mailer {
	t.Helper()
	m, err := notify.NewMailer("smtp+plain://"+in.addr, "Fjord sjukehus <samtale@fjord.example>")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func letter(calendar *notify.Calendar) notify.Outgoing {
	return notify.Outgoing{
		ID: "m1", To: "p1", Kind: notify.KindBooked,
		Letter: notify.Letter{Channel: notify.Email, Address: "ragna@example.no", Calendar: calendar},
		Text:   notify.Text{Subject: "Videosamtale på måndag", Body: "Hei på deg\n\nhttps://samtale.example.no/k#abc"},
	}
}

// part is one part of a mail, decoded.
type part struct {
	kind     string
	params   map[string]string
	filename string // of an attachment
	body     string
}

// opened reads a mail as its reader's program does: the headers, the type of its whole, and
// its parts in their order.
func opened(t *testing.T, text string) (h mail.Header, whole []string, parts []part) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var open func(contentType, encoding, disposition string, r io.Reader)
	open = func(contentType, encoding, disposition string, r io.Reader) {
		kind, params, err := mime.ParseMediaType(contentType)
		if err != nil {
			t.Fatalf("%q: %v", contentType, err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			whole = append(whole, kind)
			for mr := multipart.NewReader(r, params["boundary"]); ; {
				p, err := mr.NextRawPart()
				if errors.Is(err, io.EOF) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				open(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p)
			}
		}
		switch strings.ToLower(encoding) {
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, r)
		case "quoted-printable":
			r = quotedprintable.NewReader(r)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		p := part{kind: kind, params: params, body: string(body)}
		if disposition != "" {
			how, of, err := mime.ParseMediaType(disposition)
			if err != nil || how != "attachment" {
				t.Fatalf("%q, %v", disposition, err)
			}
			p.filename = of["filename"]
		}
		parts = append(parts, p)
	}
	open(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
	return m.Header, whole, parts
}

func TestMailGoesBySMTPWithTheSameMessageIDEachTime(t *testing.T) {
	in := newInbox(t)
	m := mailer(t, in)
	if !m.Repeatable() {
		t.Error("mail is not repeated")
	}
	for range 2 {
		if err := m.Send(t.Context(), letter(nil)); err != nil {
			t.Fatal(err)
		}
	}
	mails := in.all()
	if len(mails) != 2 {
		t.Fatalf("%d mails came", len(mails))
	}
	for _, text := range mails {
		h, whole, parts := opened(t, text)
		subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
		if err != nil || subject != "Videosamtale på måndag" || h.Get("Message-Id") != "<m1@fjord.example>" || h.Get("To") != "<ragna@example.no>" ||
			h.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(h.Get("From"), "samtale@fjord.example") {
			t.Errorf("%v", h)
		}
		if len(whole) != 0 || len(parts) != 1 || parts[0].kind != "text/plain" || !strings.Contains(parts[0].body, "Hei på deg\r\n\r\nhttps://samtale.example.no/k#abc") {
			t.Errorf("%v %+v", whole, parts)
		}
	}
}

// object is an appointment as a calendar's program writes it, with a line that is folded.
const object = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//samkonsult//NONSGML//NN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:c1@fjord.example\r\n" +
	"SUMMARY:Videosamtale med Fjord sjukehus\r\nDESCRIPTION:Opne lenkja når det er tid: https://samtale.example.no/k#abcdefghijklmno\r\n pqrstuvwxyz\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestAnAppointmentIsAnInvitationToEveryMailProgram(t *testing.T) {
	in := newInbox(t)
	m := mailer(t, in)
	for _, method := range []string{"REQUEST", "CANCEL"} {
		body := strings.Replace(object, "METHOD:REQUEST", "METHOD:"+method, 1)
		if err := m.Send(t.Context(), letter(&notify.Calendar{Method: method, Body: []byte(body)})); err != nil {
			t.Fatal(err)
		}
		mails := in.all()
		_, whole, parts := opened(t, mails[len(mails)-1])
		// multipart/mixed (multipart/alternative (text/plain, text/calendar), application/ics)
		if strings.Join(whole, " ") != "multipart/mixed multipart/alternative" || len(parts) != 3 {
			t.Fatalf("%v %+v", whole, parts)
		}
		text, calendar, file := parts[0], parts[1], parts[2]
		if text.kind != "text/plain" || !strings.HasPrefix(text.body, "Hei på deg") {
			t.Errorf("%+v", text)
		}
		// RFC 6047 §2.4: method and charset are there, and the method is the object's.
		if calendar.kind != "text/calendar" || calendar.params["method"] != method || !strings.EqualFold(calendar.params["charset"], "utf-8") ||
			calendar.filename != "" || calendar.body != body {
			t.Errorf("%+v", calendar)
		}
		if file.kind != "application/ics" || file.filename != "invite.ics" || file.body != body {
			t.Errorf("%+v", file)
		}
	}
	if err := m.Send(t.Context(), letter(&notify.Calendar{Method: "PUBLISH; x", Body: []byte(object)})); !errors.Is(err, notify.ErrNever) {
		t.Errorf("another method: %v", err)
	}
}

func TestARefusalForGoodIsToldFromOneForNow(t *testing.T) {
	in := newInbox(t)
	m := mailer(t, in)
	in.refuses(&smtp.SMTPError{Code: 550, Message: "no such mailbox"})
	if err := m.Send(t.Context(), letter(nil)); !errors.Is(err, notify.ErrNever) {
		t.Errorf("a mailbox that is not there: %v", err)
	}
	in.refuses(&smtp.SMTPError{Code: 451, Message: "try later"})
	if err := m.Send(t.Context(), letter(nil)); err == nil || errors.Is(err, notify.ErrNever) {
		t.Errorf("a busy server: %v", err)
	}
	nobody := letter(nil)
	nobody.Address = "ragna\r\nBcc: all@example.no"
	if err := m.Send(t.Context(), nobody); !errors.Is(err, notify.ErrNever) {
		t.Errorf("an address with a line break: %v", err)
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
