package main

import (
	"errors"
	"flag"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// Telling is how people are told.
type Telling struct {
	SMTP       string           // server for e-mail: smtp://user:password@host:587, smtps://… or smtp+plain://…
	SMTPFrom   string           // whom e-mail is from
	SMS        notify.SMSConfig // gateway for SMS; URL empty: none
	QuietHours string           // "21-8", by the clock on the wall, or "none"; empty means 21-8
	Remind     string           // how long before, as in "24h,1h", or "none"; empty means 24h,1h
}

// telling is a Telling that has been understood.
type telling struct {
	senders map[notify.Channel]notify.Sender
	quiet   notify.Quiet
	remind  []time.Duration // how long before it starts people are reminded
}

// flags adds the settings to a command's.
func (t *Telling) flags(fs *flag.FlagSet) {
	fs.StringVar(&t.SMTP, "smtp", "", "")
	fs.StringVar(&t.SMTPFrom, "smtp-from", "", "")
	fs.StringVar(&t.SMS.URL, "sms-url", "", "")
	fs.StringVar(&t.SMS.Token, "sms-token", "", "")
	fs.StringVar(&t.SMS.Method, "sms-method", "", "")
	fs.Var((*headers)(&t.SMS.Headers), "sms-header", "")
	fs.StringVar(&t.SMS.ContentType, "sms-content-type", "", "")
	fs.StringVar(&t.SMS.Body, "sms-body", "", "")
	fs.StringVar(&t.SMS.From, "sms-from", "", "")
	fs.StringVar(&t.SMS.Accepted, "sms-accepted", "", "")
	fs.BoolVar(&t.SMS.Idempotent, "sms-idempotent", false, "")
	fs.StringVar(&t.QuietHours, "quiet-hours", "", "")
	fs.StringVar(&t.Remind, "remind", "", "")
}

// headers are a flag that is given once for each header, or with all of them.
type headers []string

func (h *headers) String() string { return strings.Join(*h, "; ") }

// Set implements flag.Value.
func (h *headers) Set(text string) error {
	for line := range strings.SplitSeq(text, ";") {
		if line = strings.TrimSpace(line); line != "" {
			*h = append(*h, line)
		}
	}
	return nil
}

// none switches off what has a default.
const none = "none"

// checked understands the settings, or names the first that breaks a rule.
func (t Telling) checked() (out telling, err error) {
	out.senders = map[notify.Channel]notify.Sender{}
	if t.SMTP != "" {
		mailer, err := notify.NewMailer(t.SMTP, t.SMTPFrom)
		if err != nil {
			return out, &FieldError{"smtp", err.Error()}
		}
		out.senders[notify.Email] = mailer
	}
	if t.SMS.URL != "" {
		gateway, err := notify.NewSMSGateway(t.SMS)
		if broken, ok := errors.AsType[*notify.SMSSetting](err); ok {
			return out, &FieldError{"sms-" + broken.Setting, broken.Rule}
		}
		if err != nil {
			return out, &FieldError{"sms-url", err.Error()}
		}
		out.senders[notify.SMS] = gateway
	} else if t.SMS.Body != "" || t.SMS.Headers != nil || t.SMS.Method != "" {
		return out, &FieldError{"sms-url", "is missing: other settings of a gateway are there"}
	}
	if out.quiet, err = quietHours(t.QuietHours); err != nil {
		return out, err
	}
	out.remind, err = reminders(t.Remind)
	return out, err
}

func quietHours(text string) (notify.Quiet, error) {
	broken := &FieldError{"quiet-hours", "must be two hours from 0 to 24, as in 21-8, or none"}
	switch text {
	case "":
		return notify.Quiet{}, nil // the usual
	case none:
		return notify.Quiet{From: 24, To: 24}, nil
	}
	from, to, ok := strings.Cut(text, "-")
	var q notify.Quiet
	var wrong [2]error
	q.From, wrong[0] = strconv.Atoi(strings.TrimSpace(from))
	q.To, wrong[1] = strconv.Atoi(strings.TrimSpace(to))
	if !ok || errors.Join(wrong[:]...) != nil || q.From == q.To || min(q.From, q.To) < 0 || max(q.From, q.To) > 24 {
		return q, broken
	}
	return q, nil
}

// Reminders further ahead than this are a setting that was misspelt.
const (
	mostReminders  = 5
	firstReminder  = 30 * 24 * time.Hour
	latestReminder = 10 * time.Minute
)

func reminders(text string) ([]time.Duration, error) {
	switch text {
	case "":
		return []time.Duration{24 * time.Hour, time.Hour}, nil
	case none:
		return nil, nil
	}
	var out []time.Duration
	for one := range strings.SplitSeq(text, ",") {
		d, err := time.ParseDuration(strings.TrimSpace(one))
		if err != nil || d < latestReminder || d > firstReminder {
			return nil, &FieldError{"remind", "must be durations from 10m to 720h, separated by commas, as in 24h,1h, or none"}
		}
		out = append(out, d)
	}
	if len(out) > mostReminders {
		return nil, &FieldError{"remind", "must be 5 at most"}
	}
	return out, nil
}
