package identity

import (
	"context"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// ticketLife is how long a ticket waits to be used.
const ticketLife = 60 * time.Second

// Ticket lets one person into one call, once.
type Ticket struct {
	ID           string
	Session      string // that has asked for it: when that ends, the ticket is void
	Consultation string
	Participant  string
	Person       access.PersonID
	Role         access.Role
	Organisation access.OrganisationID
	Method       Method
	Expires      time.Time
	// SessionEnded is whether the session has ended meanwhile, as the database knows it now.
	SessionEnded bool
}

// LogValue shows no more than the id.
func (t Ticket) LogValue() slog.Value { return slog.StringValue(t.ID) }

func (t Ticket) actor() access.Actor {
	return access.Actor{
		Person: t.Person, Role: t.Role, Organisation: t.Organisation, Session: t.Session, Consultation: t.Consultation,
	}
}

// TicketStore keeps tickets until they are used.
type TicketStore interface {
	AddTicket(ctx context.Context, t Ticket, hash Hash, entries []audit.Entry, out []notify.Message) error
	Ticket(ctx context.Context, hashes []Hash) (Ticket, error) // ErrNotFound
	// UseTicket takes a ticket away. It is ErrNotFound for all but the first who does.
	UseTicket(ctx context.Context, id string, entries []audit.Entry, out []notify.Message) error
}
