package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// SMSGateway sends SMS by a POST of JSON {"id", "to", "text"} with the header
// Idempotency-Key, so that a repeated request is not sent twice.
type SMSGateway struct {
	url, token string
	client     *http.Client
}

// NewSMSGateway checks the gateway's address; token is sent as a bearer token and may be empty.
func NewSMSGateway(address, token string) (*SMSGateway, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, errors.New("must be http(s)://host/path")
	}
	client := &http.Client{
		// Where a message goes is the operator's decision, not the gateway's.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &SMSGateway{url: u.String(), token: token, client: client}, nil
}

// Send implements Sender.
func (g *SMSGateway) Send(ctx context.Context, m Message, t Text) error {
	body, err := json.Marshal(map[string]string{"id": m.ID, "to": m.Address, "text": t.Body})
	if err != nil {
		return fmt.Errorf("sms %s: %w", m.ID, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("sms %s: %w", m.ID, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", m.ID)
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("sms %s: %w", m.ID, err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection is used again
	switch {
	case resp.StatusCode/100 == 2:
		return nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode >= 500:
		return fmt.Errorf("sms %s: the gateway answered %s", m.ID, resp.Status)
	default:
		return fmt.Errorf("sms %s: the gateway answered %s: %w", m.ID, resp.Status, ErrNever)
	}
}
