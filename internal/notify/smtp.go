package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail" // the kept one: the standard library's net/smtp is frozen
)

// Mailer sends e-mail by SMTP.
type Mailer struct {
	client *gomail.Client
	from   string
	domain string // of Message-IDs
}

// NewMailer takes smtp://user:password@host:587 (STARTTLS demanded), smtps://…:465 (TLS from
// the start), or smtp+plain://host:25, for a relay on one's own network, and whom mail is from.
func NewMailer(address, from string) (*Mailer, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is not an e-mail address", from)
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("must be smtp://user:password@host:port")
	}
	var options []gomail.Option
	port := 587
	switch u.Scheme {
	case "smtp":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case "smtp+plain":
		port = 25
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, errors.New("must begin with smtp://, smtps:// or smtp+plain://")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("the port must be a number")
		}
	}
	options = append(options, gomail.WithPort(port))
	if password, ok := u.User.Password(); ok {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, err
	}
	domain := sender.Address[strings.LastIndexByte(sender.Address, '@')+1:]
	return &Mailer{client: client, from: sender.String(), domain: domain}, nil
}

// Repeatable implements Sender. A repeated message has the same Message-ID, by which
// mailboxes may know it again (RFC 5322 §3.6.4): better twice than never.
func (m *Mailer) Repeatable() bool { return true }

// Send implements Sender.
func (m *Mailer) Send(ctx context.Context, o Outgoing) error {
	out, err := m.mail(o)
	if err != nil {
		return err
	}
	if err := m.client.DialAndSendWithContext(ctx, out); err != nil {
		var refused *gomail.SendError
		if errors.As(err, &refused) && refused.ErrorCode() >= 500 { // RFC 5321 §4.2.1: permanent
			return fmt.Errorf("mail %s: the server answered %d: %w", o.ID, refused.ErrorCode(), ErrNever)
		}
		return fmt.Errorf("mail %s: %w", o.ID, err)
	}
	return nil
}

// calendarFile is how an appointment is called where it is a file.
const calendarFile = "invite.ics"

func (m *Mailer) mail(o Outgoing) (*gomail.Msg, error) {
	out := gomail.NewMsg()
	if err := out.From(m.from); err != nil {
		return nil, fmt.Errorf("mail %s: %w", o.ID, err)
	}
	if err := out.To(o.Address); err != nil {
		return nil, fmt.Errorf("mail %s: the address is none: %w", o.ID, ErrNever)
	}
	out.SetMessageIDWithValue(o.ID + "@" + m.domain)
	out.SetDate()
	out.Subject(o.Text.Subject)
	out.SetBodyString(gomail.TypeTextPlain, o.Text.Body)
	// RFC 3834 §5: no out-of-office answers to this.
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	c := o.Calendar
	if c == nil {
		return out, nil
	}
	if c.Method != "REQUEST" && c.Method != "CANCEL" {
		return nil, fmt.Errorf("mail %s: the calendar's method is %q: %w", o.ID, c.Method, ErrNever)
	}
	// RFC 6047 §2.4: the type names the method that the object has. As the last of the
	// alternatives it is what Outlook, Gmail and Apple Mail show as an invitation. In base64
	// no relay breaks its lines.
	kind := gomail.ContentType("text/calendar; method=" + c.Method)
	out.AddAlternativeString(kind, string(c.Body), gomail.WithPartEncoding(gomail.EncodingB64))
	// Programs that look for files alone find it here. Its type is another, lest those that
	// have shown the invitation show it twice: so Google's calendar does, and CalConnect's
	// guide to iMIP asks for.
	err := out.AttachReader(calendarFile, bytes.NewReader(c.Body),
		gomail.WithFileContentType("application/ics"), gomail.WithFileEncoding(gomail.EncodingB64))
	if err != nil {
		return nil, fmt.Errorf("mail %s: %w", o.ID, err)
	}
	return out, nil
}
