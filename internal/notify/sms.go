package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"sync/atomic"
)

// SMSConfig is how a gateway wants to be asked. URL, the values of Headers, and Body are
// templates (text/template) over an SMS: {{.ID}}, {{.To}} in E.164, {{.Text}}, {{.From}} and
// {{.Token}}, with the functions json, a whole JSON string with its quotes, and urlquery.
type SMSConfig struct {
	URL string
	// Token stands where a template names it, and where none does in the header
	// Authorization as a bearer token. Empty: none.
	Token       string
	Method      string   // empty means POST
	Headers     []string // "Name: value"
	Body        string   // empty means JSON {"id", "to", "text"}, and "from" where From is given
	ContentType string   // empty means application/json
	From        string   // the sender's number or name, as it was agreed with the gateway
	// Accepted is a regular expression that the answer to a message that was taken matches,
	// for gateways that answer 200 to everything. Empty: every 2xx will do.
	Accepted string
	// Idempotent says that the gateway sends what it gets twice, with the same ID, once.
	Idempotent bool
}

// SMSGateway sends SMS by asking a gateway over HTTP.
type SMSGateway struct {
	cfg      SMSConfig
	request  smsRequest
	accepted *regexp.Regexp // nil: every 2xx
	client   *http.Client
}

// NewSMSGateway checks cfg, and tries its templates on a message that is hard to quote.
// Errors: *SMSSetting.
func NewSMSGateway(cfg SMSConfig) (*SMSGateway, error) {
	g := &SMSGateway{cfg: cfg}
	var err error
	if g.request, err = newSMSRequest(cfg); err != nil {
		return nil, err
	}
	if cfg.Accepted != "" {
		if g.accepted, err = regexp.Compile(cfg.Accepted); err != nil {
			return nil, &SMSSetting{"accepted", "must be a regular expression: " + err.Error()}
		}
	}
	var http1 http.Protocols
	http1.SetHTTP1(true)
	g.client = &http.Client{
		// Where a message goes is the operator's decision, not the gateway's.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// net/http sends a request again by itself when a connection that was kept alive, or
		// one of HTTP/2, ends on it. A new connection for each message costs little, and
		// leaves no doubt about what has been sent.
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, Protocols: &http1},
	}
	return g, nil
}

// Repeatable implements Sender.
func (g *SMSGateway) Repeatable() bool { return g.cfg.Idempotent }

// maxAnswer is how much of a gateway's answer is read.
const maxAnswer = 64 << 10

// Send implements Sender. What fails before there is a connection, and what the gateway
// answers no to, has not been sent; a connection that breaks off leaves it unknown.
func (g *SMSGateway) Send(ctx context.Context, o Outgoing) error {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := g.request.make(ctx, sms{ID: o.ID, To: o.Address, Text: o.Text.Body, From: g.cfg.From, Token: g.cfg.Token})
	if err != nil {
		return fmt.Errorf("sms %s: %w: %w", o.ID, err, ErrNever)
	}
	resp, err := g.client.Do(req)
	if err != nil {
		// Its text begins with the URL, in which there may be a password and a number.
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		if connected.Load() {
			return fmt.Errorf("sms %s: %w: %w", o.ID, err, ErrUncertain)
		}
		return fmt.Errorf("sms %s: %w", o.ID, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch s := resp.StatusCode; {
	case s/100 == 2 && g.accepted == nil, s/100 == 2 && g.accepted.Match(answer):
		return nil
	case s/100 == 2 && err != nil:
		return fmt.Errorf("sms %s: the gateway's answer broke off: %w", o.ID, ErrUncertain)
	case s/100 == 2:
		return fmt.Errorf("sms %s: the gateway's answer is not that of an accepted message: %w", o.ID, ErrNever)
	case s == http.StatusGatewayTimeout: // RFC 9110 §15.6.5: what was asked may still be done
		return fmt.Errorf("sms %s: the gateway answered %d: %w", o.ID, s, ErrUncertain)
	case s == http.StatusTooManyRequests, s == http.StatusRequestTimeout, s >= 500:
		return fmt.Errorf("sms %s: the gateway answered %d", o.ID, s)
	default:
		return fmt.Errorf("sms %s: the gateway answered %d: %w", o.ID, s, ErrNever)
	}
}
