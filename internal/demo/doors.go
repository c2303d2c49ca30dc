package demo

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Open implements httpapi.Doors.
func (w *World) Open(_ context.Context, token string) (httpapi.Opened, error) {
	l, err := w.open(token)
	if err != nil {
		return httpapi.Opened{}, err
	}
	if l.person != nil {
		return httpapi.Opened{Me: me(l.id, *l.person), Today: w.today(l.person.org.name)}, nil
	}
	s := l.seat
	consultation := s.in.Consultation
	return httpapi.Opened{
		Me:           me(s.id, s.person),
		Consultation: &consultation,
		OpensAt:      s.in.opens.UnixMilli(),
		AdmitsItself: admitsItself(s.person.role),
		May:          permissions(s.person.role),
	}, nil
}

// Ticket implements httpapi.Doors.
func (w *World) Ticket(_ context.Context, token string) (httpapi.Ticket, error) {
	l, err := w.open(token)
	switch {
	case err != nil:
		return httpapi.Ticket{}, err
	case l.seat == nil:
		return httpapi.Ticket{}, httpapi.ErrNoSeat
	case w.cfg.Now().Before(l.seat.in.opens):
		return httpapi.Ticket{}, closed(httpapi.ProblemNotYetOpen, hospital)
	}
	expires := w.cfg.Now().Add(ticketLife)
	return httpapi.Ticket{Ticket: w.issue(l.seat, expires), ExpiresAt: expires.UnixMilli()}, nil
}

// open finds the link that a token opens, or says why it opens nothing.
func (w *World) open(token string) (*link, error) {
	l := w.lookUp(token)
	switch {
	case l == nil:
		return nil, httpapi.ErrLinkUnknown
	case l.revoked:
		return nil, closed(httpapi.ProblemLinkRevoked, hospital)
	case !w.cfg.Now().Before(l.expires):
		return nil, closed(httpapi.ProblemLinkExpired, hospital)
	}
	if l.seat != nil {
		if _, ended := w.calls(l.seat.in); ended {
			return nil, closed(httpapi.ProblemConsultationEnded, hospital)
		}
	}
	return l, nil
}

func closed(code httpapi.ProblemCode, ring organisation) error {
	return &httpapi.ClosedError{Code: code, Organisation: ring.name, Phone: ring.phone}
}

func me(id string, p person) httpapi.Me {
	return httpapi.Me{
		ID: id, Name: p.name, Kind: p.kind, Role: p.role, Title: p.title,
		Organisation: p.org.name, Language: httpapi.Nynorsk,
	}
}

// today is the day's list of an organisation, by time.
func (w *World) today(org string) []httpapi.Visit {
	var list []httpapi.Visit
	for _, c := range w.consultations {
		if !c.orgs[org] {
			continue
		}
		here, ended := w.calls(c)
		v := httpapi.Visit{
			ID: c.ID, Starts: c.Starts, Ends: c.Ends, Here: here,
			People: slices.Clone(c.Expected),
		}
		switch {
		case ended:
			v.State = httpapi.VisitEnded
		case here > 0:
			v.State = httpapi.VisitRunning
		case w.cfg.Now().Before(c.opens):
			v.State = httpapi.VisitPlanned
		default:
			v.State = httpapi.VisitOpen
		}
		list = append(list, v)
	}
	slices.SortStableFunc(list, func(a, b httpapi.Visit) int { return cmp.Compare(a.Starts, b.Starts) })
	return list
}

// calls says how many are in a consultation's call now and whether it is over.
func (w *World) calls(c *consultation) (here int, ended bool) {
	if c.over {
		return 0, true
	}
	return w.cfg.Calls(c.ID)
}

// issue makes a ticket for a seat. It throws away those that nobody came with in time.
func (w *World) issue(s *seat, expires time.Time) (ticket string) {
	ticket = newToken()
	now := w.cfg.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	for h, t := range w.tickets {
		if t.over(now) {
			delete(w.tickets, h)
		}
	}
	w.tickets[sha256.Sum256([]byte(ticket))] = issued{seat: s, expires: expires}
	return ticket
}

func (t issued) over(now time.Time) bool { return !t.expires.IsZero() && !now.Before(t.expires) }

// take uses a ticket up.
func (w *World) take(ticket string) (*seat, bool) {
	h := hash(sha256.Sum256([]byte(ticket)))
	now := w.cfg.Now()
	w.mu.Lock()
	t, ok := w.tickets[h]
	delete(w.tickets, h)
	w.mu.Unlock()
	return t.seat, ok && !t.over(now)
}

// permissions of a seat, as a list of its own.
func permissions(r protocol.Role) []protocol.Permission { return slices.Clone(may[r]) }
