package notify

import (
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

// Send implements Sender. A repeated message has the same Message-ID, by which mailboxes
// may know it again (RFC 5322 §3.6.4).
func (m *Mailer) Send(ctx context.Context, msg Message, t Text) error {
	out := gomail.NewMsg()
	if err := out.From(m.from); err != nil {
		return fmt.Errorf("mail %s: %w", msg.ID, err)
	}
	if err := out.To(msg.Address); err != nil {
		return fmt.Errorf("mail %s: the address is none: %w", msg.ID, ErrNever)
	}
	out.SetMessageIDWithValue(msg.ID + "@" + m.domain)
	out.SetDate()
	out.Subject(t.Subject)
	out.SetBodyString(gomail.TypeTextPlain, t.Body)
	// RFC 3834 §5: no out-of-office answers to this.
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	if err := m.client.DialAndSendWithContext(ctx, out); err != nil {
		var refused *gomail.SendError
		if errors.As(err, &refused) && refused.ErrorCode() >= 500 { // RFC 5321 §4.2.1: permanent
			return fmt.Errorf("mail %s: the server answered %d: %w", msg.ID, refused.ErrorCode(), ErrNever)
		}
		return fmt.Errorf("mail %s: %w", msg.ID, err)
	}
	return nil
}
