// Package letters writes what the outbox's messages say at the moment when they are sent: to
// which address, with whose name, link and calendar. It implements notify's Composer over
// what is booked and who people are. It is apart from both because neither knows the other,
// and because all that leaves the house about an appointment is decided here: a time, the
// names of organisations and a link, and nothing of health nor a patient's name.
package letters

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Config of a Composer. Appointments, People, Links and PublicURL are required.
type Config struct {
	Appointments Appointments
	People       People
	Links        Links
	Work         Work   // nil: there is no work list, and no message of it is sent
	PublicURL    string // where people reach the service, as https://samtale.example.no
	// Sender is the address that e-mail is from, also as "Name <address>": the organiser of all
	// that goes into calendars. Empty: no calendar is sent along.
	Sender string
	// Afterwards is how long a consultation's links open after its end; 0 means 12 h, as
	// scheduling's.
	Afterwards time.Duration
	Now        func() time.Time
}

// Appointments is what is read of booking: a scheduling.Store has it.
type Appointments interface {
	Appointment(ctx context.Context, id scheduling.AppointmentID) (scheduling.Appointment, error) // scheduling.ErrNotFound
	Readiness(ctx context.Context, of []scheduling.AppointmentID) (map[scheduling.AppointmentID]map[scheduling.ParticipantID]scheduling.Readiness, error)
}

// People is what is read of the directory.
type People interface {
	Person(ctx context.Context, id access.PersonID) (identity.Person, error) // identity.ErrNotFound
	OrganisationLines(ctx context.Context, ids []access.OrganisationID) ([]identity.OrganisationLine, error)
}

// Links gives the address of someone's seat: *identity.Gate does.
type Links interface {
	SeatLink(ctx context.Context, seat identity.Seat) (string, error)
}

// Work is what is read of the work list.
type Work interface {
	// WorkState is whose an entry is, and whether it waits to be acknowledged.
	WorkState(ctx context.Context, id string) (of access.OrganisationID, open bool, err error)
}

// Composer implements notify.Composer. It is safe for concurrent use.
type Composer struct {
	cfg    Config
	base   string // without a slash at the end
	host   string // in the names of what is in calendars
	sender string // address alone; empty: none
}

var _ notify.Composer = (*Composer)(nil)

// New checks cfg.
func New(cfg Config) (*Composer, error) {
	if cfg.Appointments == nil || cfg.People == nil || cfg.Links == nil {
		return nil, errors.New("letters: Appointments, People and Links are required")
	}
	if cfg.Afterwards < 0 {
		return nil, fmt.Errorf("letters: Afterwards is %s and must not be negative", cfg.Afterwards)
	}
	if cfg.Afterwards == 0 {
		cfg.Afterwards = 12 * time.Hour
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	u, err := url.Parse(cfg.PublicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, errors.New("letters: PublicURL must be as https://samtale.example.no")
	}
	c := &Composer{cfg: cfg, base: u.Scheme + "://" + u.Host, host: u.Hostname()}
	if cfg.Sender != "" {
		from, err := mail.ParseAddress(cfg.Sender)
		if err != nil {
			return nil, fmt.Errorf("letters: Sender %q is not an e-mail address", cfg.Sender)
		}
		c.sender = from.Address
	}
	return c, nil
}

// draft is a letter under way.
type draft struct {
	about    notify.Message
	letter   notify.Letter
	of       scheduling.Appointment
	seat     scheduling.Participant // whose the message is about; zero: of nobody who is in it now
	person   identity.Person        // who gets it
	houses   map[access.OrganisationID]identity.OrganisationLine
	forStaff bool
}

// Compose implements notify.Composer.
func (c *Composer) Compose(ctx context.Context, m notify.Message) (notify.Letter, error) {
	if m.Kind == notify.KindWork {
		return c.work(ctx, m)
	}
	a, err := c.cfg.Appointments.Appointment(ctx, scheduling.AppointmentID(m.About))
	if errors.Is(err, scheduling.ErrNotFound) {
		return notify.Letter{}, moot("there is no such appointment")
	}
	if err != nil {
		return notify.Letter{}, fmt.Errorf("compose %s: %w", m.ID, err)
	}
	d := &draft{about: m, of: a, forStaff: !forGuests(m.Kind)}
	if i := slices.IndexFunc(a.Participants, func(p scheduling.Participant) bool { return string(p.ID) == m.Seat }); i >= 0 {
		d.seat = a.Participants[i]
		d.forStaff = d.forStaff || d.seat.Role.Staff() // lateness is told to all alike
	}
	if err := d.overtaken(); err != nil {
		return notify.Letter{}, err
	}
	for _, step := range []func(context.Context, *draft) error{c.recipient, c.organisations, c.times, c.lateness, c.link, c.calendar} {
		if err := step(ctx, d); err != nil {
			return notify.Letter{}, fmt.Errorf("compose %s: %w", m.ID, err)
		}
	}
	return d.letter, nil
}

// recipient finds whom it goes to, and by which way: staff have a mailbox that is theirs at
// work; a telephone is what others have at hand.
func (c *Composer) recipient(ctx context.Context, d *draft) (err error) {
	if d.person, err = c.cfg.People.Person(ctx, d.about.To); errors.Is(err, identity.ErrNotFound) {
		return moot("the recipient is erased")
	}
	if err != nil {
		return err
	}
	d.letter.Language = d.person.Language
	byEmail := d.person.Email != "" && (d.forStaff || d.person.Phone == "" || d.about.Channel == notify.Email)
	switch {
	case byEmail:
		d.letter.Channel, d.letter.Address = notify.Email, d.person.Email
	case d.person.Phone != "" && !d.forStaff:
		d.letter.Channel, d.letter.Address = notify.SMS, d.person.Phone
	default:
		return notify.ErrNoAddress
	}
	return nil
}

// organisations names who writes, and who else takes part.
func (c *Composer) organisations(ctx context.Context, d *draft) error {
	ids := d.parties()
	found, err := c.cfg.People.OrganisationLines(ctx, ids)
	if err != nil {
		return err
	}
	d.houses = map[access.OrganisationID]identity.OrganisationLine{}
	for _, o := range found {
		d.houses[o.ID] = o
	}
	host := d.houses[d.of.Organisation]
	d.letter.From, d.letter.Phone = host.Name, host.Phone
	switch d.about.Kind {
	case notify.KindSuggested, notify.KindDeclined:
		d.letter.By = d.houses[d.seat.Organisation].Name
	case notify.KindProposal, notify.KindBooked, notify.KindMoved,
		notify.KindStaffProposal, notify.KindStaffBooked, notify.KindStaffMoved, notify.KindDeputyAsked, notify.KindDeputyIn:
		d.letter.With = strings.Join(d.names(slices.DeleteFunc(ids, func(id access.OrganisationID) bool {
			return id == d.of.Organisation || id == d.seat.Organisation
		})), ", ")
	}
	return nil
}

// parties are the organisations in the appointment, the one who invites first.
func (d *draft) parties() []access.OrganisationID {
	ids := []access.OrganisationID{d.of.Organisation}
	for _, p := range d.of.Participants {
		if p.Organisation != "" && !slices.Contains(ids, p.Organisation) {
			ids = append(ids, p.Organisation)
		}
	}
	return ids
}

func (d *draft) names(of []access.OrganisationID) (names []string) {
	for _, id := range of {
		if o, known := d.houses[id]; known {
			names = append(names, o.Name)
		}
	}
	return names
}

// times says when: of a proposal the time that the person has not answered to, or how many.
func (c *Composer) times(_ context.Context, d *draft) error {
	d.letter.Starts = d.of.Starts
	switch d.about.Kind {
	case notify.KindMoved, notify.KindStaffMoved:
		d.letter.Was = d.of.Was
	case notify.KindProposal, notify.KindStaffProposal, notify.KindDeputyAsked:
		if asked := d.unanswered(); len(asked) > 0 {
			d.letter.Starts, d.letter.Times = asked[0].Starts, len(asked)
		}
	}
	return nil
}

// unanswered are the times that the one in the seat is still asked about.
func (d *draft) unanswered() (out []scheduling.Option) {
	for _, o := range d.of.Options {
		if d.of.Asks(o, d.seat.ID) {
			out = append(out, o)
		}
	}
	return out
}

// lateness says who of the others is late now, and the latest of them: staff as their
// organisation, and who comes by a link as what they are in it, without a name.
func (c *Composer) lateness(ctx context.Context, d *draft) error {
	if d.about.Kind != notify.KindLate {
		return nil
	}
	all, err := c.cfg.Appointments.Readiness(ctx, []scheduling.AppointmentID{d.of.ID})
	if err != nil {
		return err
	}
	late := time.Duration(-1)
	for _, p := range d.of.Participants {
		r := all[d.of.ID][p.ID]
		if r.State != scheduling.SaidLate || r.Late <= late || p.ID == d.seat.ID {
			continue
		}
		late, d.letter.From = r.Late, d.houses[p.Organisation].Name
		if !p.Role.Staff() {
			d.letter.From = wordsIn(d.person.Language).guest(p.Role)
		}
	}
	if late < 0 {
		return moot("nobody is late any more")
	}
	d.letter.Minutes, d.letter.InTime = int(late/time.Minute), late == 0
	return nil
}

// link is where the message leads to: guests to their seat, staff to where they sign in.
func (c *Composer) link(ctx context.Context, d *draft) (err error) {
	switch d.about.Kind {
	case notify.KindCancelled, notify.KindStaffCancelled, notify.KindLate:
		return nil
	case notify.KindStaffReminder:
		d.letter.Link = c.base + "/"
		return nil
	case notify.KindSuggested, notify.KindDeclined, notify.KindLapsed, notify.KindAgreed, notify.KindUndelivered:
		d.letter.Link = c.base + "/bookings/" + url.PathEscape(string(d.of.ID))
		return nil
	}
	if d.forStaff {
		d.letter.Link = c.base + "/answers/" + url.PathEscape(string(d.of.ID))
		return nil
	}
	d.letter.Link, err = c.cfg.Links.SeatLink(ctx, identity.Seat{
		Consultation: string(d.of.ID), Participant: string(d.seat.ID), Person: d.seat.Person, Role: d.seat.Role, Organisation: d.seat.Organisation,
		Owner: d.of.Organisation, Patient: d.of.Patient(), Identification: identity.Identification(d.of.Identification),
		Starts: d.of.Starts, Expires: c.closes(d.of),
	})
	if errors.Is(err, identity.ErrRevoked) {
		// Somebody has shut them out of their seat: whether they are to be told is for people.
		return fmt.Errorf("%w: %w", err, notify.ErrNever)
	}
	return err
}

// closes is when a seat's link ends: with the consultation; while times are asked for, when
// there is nothing to answer any more.
func (c *Composer) closes(a scheduling.Appointment) time.Time {
	if !a.State.Open() {
		return a.Ends.Add(c.cfg.Afterwards)
	}
	last := a.AnswerBy
	for _, o := range a.Options {
		if o.Ends.After(last) {
			last = o.Ends
		}
	}
	return last
}
