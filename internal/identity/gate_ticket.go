package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// IssueTicket makes a ticket for the session's seat in a consultation. has is how its person
// stands to that. Errors: ErrNoSession, *access.Refused.
func (g *Gate) IssueTicket(ctx context.Context, c Current, has access.Relations, consultation, participant string) (token string, expires time.Time, err error) {
	if c.Stage != StageFull {
		return "", time.Time{}, ErrNoSession
	}
	object := seatObject(consultation, participant)
	// A link's session is for its own seat, whoever else its person may be.
	if c.Actor.Consultation != "" && (c.Actor.Consultation != consultation || c.Participant != participant) {
		has = 0
	}
	through, err := g.may(ctx, c.Actor, access.ConsultationJoin, has, object)
	if err != nil {
		return "", time.Time{}, err
	}
	t := Ticket{
		ID: newSecretID(), Session: c.Actor.Session, Consultation: consultation, Participant: participant,
		Person: c.Actor.Person, Role: c.Actor.Role, Organisation: c.Actor.Organisation, Method: c.Method,
		Expires: g.now().Add(ticketLife),
	}
	token = newToken()
	e := g.entry(c.Actor, audit.ActionTicket, audit.Done, object)
	e.By = through
	if err := g.store.AddTicket(ctx, t, hashes(g.cfg.LinkKeys, ticketToken, token)[0], []audit.Entry{e}, nil); err != nil {
		return "", time.Time{}, fmt.Errorf("ticket: %w", err)
	}
	return token, t.Expires, nil
}

// Redeem takes a ticket and says whose it was. Of all who bring the same ticket, to whichever
// node, one gets the seat; a ticket that comes late is used up all the same. Error: ErrTicket.
func (g *Gate) Redeem(ctx context.Context, token string) (Ticket, error) {
	no := func(by access.Actor, object string) (Ticket, error) {
		return Ticket{}, g.failed(ctx, by, audit.ActionTicketRedeem, object, ErrTicket)
	}
	if !validToken(token) {
		return no(access.Actor{}, "ticket")
	}
	t, err := g.store.Ticket(ctx, hashes(g.cfg.LinkKeys, ticketToken, token))
	if errors.Is(err, ErrNotFound) {
		return no(access.Actor{}, "ticket")
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("redeem: %w", err)
	}
	object := seatObject(t.Consultation, t.Participant)
	good := g.now().Before(t.Expires) && !t.SessionEnded
	outcome := audit.Done
	if !good {
		outcome = audit.Failed
	}
	err = g.store.UseTicket(ctx, t.ID, []audit.Entry{g.entry(t.actor(), audit.ActionTicketRedeem, outcome, object)}, nil)
	switch {
	case errors.Is(err, ErrNotFound): // another was first
		return no(t.actor(), object)
	case err != nil:
		return Ticket{}, fmt.Errorf("redeem: %w", err)
	case !good:
		return Ticket{}, ErrTicket
	}
	return t, nil
}
