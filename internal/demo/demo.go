// Package demo is a hospital's day in memory: organisations, people of every role, their
// links and tickets, and consultations to call in. It is what a service started with
// --demo knows instead of identity and scheduling, which replace it piece by piece; it is
// a package of its own so that nothing of it can be in the way of them.
package demo

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const (
	ticketLife = 60 * time.Second
	opensEarly = 15 * time.Minute // the waiting room takes people in before the time
	// linkLife is how long after a consultation's end its links still open. A demo is left
	// running for days, so it is generous.
	linkLife = 30 * 24 * time.Hour

	seatsPerLoadTest   = 3
	ticketsPerLoadTest = 12 // four for each seat: to join, and to come back
)

// Config of a World. The zero value is a demo without extra consultations.
type Config struct {
	Consultations int              // how many more consultations are made for load tests, three admitted seats each
	Now           func() time.Time // nil means time.Now
	// Calls says how it stands with a call; nil means that there are none.
	Calls func(consultation string) (here int, ended bool)
}

// World is the whole demo. It is safe for concurrent use.
type World struct {
	cfg           Config
	consultations []*consultation
	load          []LoadTest

	mu      sync.Mutex
	links   map[hash]*link
	tickets map[hash]issued
}

// hash is SHA-256 of a token: the token itself is never kept.
type hash [sha256.Size]byte

// consultation is one call, booked.
type consultation struct {
	protocol.Consultation
	opens time.Time
	over  bool // it was held before the demo began
	orgs  map[string]bool
}

// seat is one person's place in a consultation.
type seat struct {
	person   person
	id       string // the participant id
	in       *consultation
	admitted bool // beforehand, for load tests
}

// link is what a token signs in. Exactly one of seat and person is set.
type link struct {
	seat    *seat
	person  *person
	id      string // of person
	revoked bool
	expires time.Time
}

// issued is a ticket that waits to be used.
type issued struct {
	seat    *seat
	expires time.Time // zero: as long as the process lives
}

// Links are the tokens of the demo's people.
type Links struct {
	Consultation                             string // id
	Specialist, Nurse, Patient, Relative, GP string
	Coordinator, Admin                       string
	Early, Expired, Revoked                  string // what a link that opens nothing looks like
}

// LoadTest is a consultation whose seats are admitted beforehand.
type LoadTest struct {
	ID string `json:"id"`
	// Tickets are single-use and live as long as the process, in the order specialist,
	// nurse, patient, specialist, nurse, patient, …: four for each.
	Tickets []string `json:"tickets"`
}

// New makes the demo's day around the present moment, and the links that open it.
func New(cfg Config) (*World, Links) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Calls == nil {
		cfg.Calls = func(string) (int, bool) { return 0, false }
	}
	w := &World{cfg: cfg, links: map[hash]*link{}, tickets: map[hash]issued{}}
	now := cfg.Now().Truncate(time.Minute)
	var booked [][]*seat
	for _, v := range day {
		seats := w.book(now, v, true)
		booked = append(booked, seats)
	}
	for range cfg.Consultations {
		seats := w.book(now, visit{0, time.Hour, []person{tuva, mari, olav}}, false)
		load := LoadTest{ID: seats[0].in.ID}
		for i := range ticketsPerLoadTest {
			s := seats[i%seatsPerLoadTest]
			s.admitted = true
			load.Tickets = append(load.Tickets, w.issue(s, time.Time{}))
		}
		w.load = append(w.load, load)
	}
	// The day begins with the one that is held now; the list is by time.
	current, held, later := booked[0], booked[1], booked[2]
	held[0].in.over = true

	links := Links{Consultation: current[0].in.ID}
	for i, to := range []*string{&links.Specialist, &links.Nurse, &links.Patient, &links.Relative, &links.GP} {
		*to = w.invite(current[i])
	}
	links.Coordinator, links.Admin = w.signIn(&siv), w.signIn(&jon)
	links.Early = w.invite(later[2])
	links.Expired = w.invite(held[2])
	w.lookUp(links.Expired).expires = now
	links.Revoked = w.invite(current[3])
	w.lookUp(links.Revoked).revoked = true
	return w, links
}

// LoadTests are the extra consultations.
func (w *World) LoadTests() []LoadTest { return w.load }

// book makes a consultation; listed ones stand in the day's list.
func (w *World) book(now time.Time, v visit, listed bool) []*seat {
	starts, ends := now.Add(v.from), now.Add(v.to)
	c := &consultation{
		Consultation: protocol.Consultation{
			ID: newID(), Starts: starts.UnixMilli(), Ends: ends.UnixMilli(),
			Organisation: hospital.name, Phone: hospital.phone,
		},
		opens: starts.Add(-opensEarly),
		orgs:  map[string]bool{hospital.name: true},
	}
	seats := make([]*seat, len(v.people))
	for i, p := range v.people {
		seats[i] = &seat{person: p, id: newID(), in: c}
		c.orgs[p.org.name] = true
		c.Expected = append(c.Expected, protocol.Person{
			ID: seats[i].id, Name: p.name, Role: p.role, Title: p.title, Organisation: p.org.name,
		})
	}
	if listed {
		w.consultations = append(w.consultations, c)
	}
	return seats
}

func (w *World) invite(s *seat) string {
	return w.add(&link{seat: s, expires: time.UnixMilli(s.in.Ends).Add(linkLife)})
}

func (w *World) signIn(p *person) string {
	return w.add(&link{person: p, id: newID(), expires: w.cfg.Now().Add(linkLife)})
}

func (w *World) add(l *link) (token string) {
	token = newToken()
	w.mu.Lock()
	w.links[sha256.Sum256([]byte(token))] = l
	w.mu.Unlock()
	return token
}

// lookUp finds a token's link by its hash. An attacker can't steer a hash, so the time that
// the map takes tells nothing of the tokens in it.
func (w *World) lookUp(token string) *link {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.links[sha256.Sum256([]byte(token))]
}

// newToken is 128 random bits as base64url: 22 characters.
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newID is 80 random bits in lower case: unique, and short enough to read in a log.
func newID() string { return strings.ToLower(rand.Text()[:16]) }

var (
	_ httpapi.Doors       = (*World)(nil)
	_ signaling.Admission = (*World)(nil)
)
