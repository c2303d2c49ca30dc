package demo

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const ticketsPerCall = 12 // four for each of three seats: to join, and to come back

// LoadTest is a consultation whose seats are admitted beforehand.
type LoadTest struct {
	ID string `json:"id"`
	// Tickets are single-use and live as long as the process, in the order specialist,
	// nurse, patient, specialist, nurse, patient, …: four for each.
	Tickets []string `json:"tickets"`
}

// Crowd seats the people of a load test, who are nowhere but in their tickets, and leaves
// all others to the admission behind it. It is safe for concurrent use.
type Crowd struct {
	behind signaling.Admission
	tests  []LoadTest

	mu    sync.Mutex
	seats map[[sha256.Size]byte]signaling.Seat // by ticket
}

// NewCrowd makes n consultations that are held now. may says what each role may do in a call.
func NewCrowd(behind signaling.Admission, n int, now time.Time, may func(access.Role) []protocol.Permission) *Crowd {
	c := &Crowd{behind: behind, seats: map[[sha256.Size]byte]signaling.Seat{}}
	for range n {
		c.add(now, may)
	}
	return c
}

// Tests are the consultations.
func (c *Crowd) Tests() []LoadTest { return c.tests }

func (c *Crowd) add(now time.Time, may func(access.Role) []protocol.Permission) {
	in := protocol.Consultation{
		ID: newID(), Starts: now.UnixMilli(), Ends: now.Add(time.Hour).UnixMilli(), Organisation: hospital.name, Phone: hospital.phone,
	}
	seats := []signaling.Seat{
		{Name: tuva.name, Role: protocol.RoleSpecialist, Title: tuva.title, Organisation: hospital.name, AdmitsItself: true, May: may(access.Specialist)},
		{Name: mari.name, Role: protocol.RoleNurse, Title: mari.title, Organisation: municipality.name, AdmitsItself: true, May: may(access.Nurse)},
		{Name: olav.name, Role: protocol.RolePatient, Title: "Pasient", May: may(access.Patient)},
	}
	for i := range seats {
		s := &seats[i]
		s.Participant, s.Identified, s.Admitted = newID(), protocol.IdentifiedByDemo, true
		in.Expected = append(in.Expected, protocol.Person{ID: s.Participant, Name: s.Name, Role: s.Role, Title: s.Title, Organisation: s.Organisation})
	}
	test := LoadTest{ID: in.ID}
	for i := range ticketsPerCall {
		seat := seats[i%len(seats)]
		seat.Consultation = in
		ticket := newTicket()
		c.seats[sha256.Sum256([]byte(ticket))] = seat
		test.Tickets = append(test.Tickets, ticket)
	}
	c.tests = append(c.tests, test)
}

// Redeem implements signaling.Admission.
func (c *Crowd) Redeem(ctx context.Context, ticket string) (signaling.Seat, error) {
	key := sha256.Sum256([]byte(ticket))
	c.mu.Lock()
	seat, ok := c.seats[key]
	delete(c.seats, key)
	c.mu.Unlock()
	if ok {
		return seat, nil
	}
	return c.behind.Redeem(ctx, ticket)
}

func newTicket() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}
