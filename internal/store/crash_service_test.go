package store

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// serviceEnv makes this test program the service that is to be killed.
const serviceEnv = "SAMKONSULT_SERVICE_TO_KILL"

func TestMain(m *testing.M) {
	var err error
	switch {
	case os.Getenv(serviceEnv) != "":
		err = serve(os.Stdin, os.Stdout)
	case os.Getenv(notifierEnv) != "":
		err = sendUntilKilled(os.Stdin)
	case os.Getenv(bookersEnv) != "":
		err = book(os.Stdin, os.Stdout)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// order is what a service is started with, as JSON on its standard input.
type order struct {
	URL     string
	Roots   map[keyring.Generation][]byte
	Seeds   [][]byte // of the sealer's keys, the newest first
	Heads   string   // path
	Seed    uint64   // of its chances
	Life    int      // counts services: patients are called by it
	Rotate  bool     // to the newest root
	Stories []story  // of an earlier service, to go on with
}

// spoken is what a service says, as JSON on its standard output: what it begins, before it
// does, and what the store has acknowledged, after that.
type spoken struct {
	Begun   *deed  `json:",omitempty"`
	Done    *deed  `json:",omitempty"`
	Result  string `json:",omitempty"` // of what is done
	GaveUp  *deed  `json:",omitempty"` // whether it has happened is not known
	Sending string `json:",omitempty"` // a message that is being taken out of the outbox
	Sent    string `json:",omitempty"`
	Rotated bool   `json:",omitempty"`
	// Error is why something was given up. Race: it lost against others too often, and has
	// not happened. Wrong: it must not be.
	Error       string `json:",omitempty"`
	Race, Wrong bool   `json:",omitempty"`
}

// storiesAtOnce is how many workers a service has.
const storiesAtOnce = 8

// patience is how long the service waits with its next look for a database that is away, or
// into an empty outbox.
const patience = 20 * time.Millisecond

// service is what is killed: the real store under load, with a sealer.
type service struct {
	db    *DB
	order order

	mu  sync.Mutex // guards what is said
	out *json.Encoder
}

// serve opens the database and works until it is killed; it returns what keeps it from that.
func serve(in io.Reader, out io.Writer) error {
	s := &service{out: json.NewEncoder(out)}
	if err := json.NewDecoder(in).Decode(&s.order); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	ring, err := keyring.New(s.order.Roots)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	ctx := context.Background()
	if s.db, err = Open(ctx, Config{URL: s.order.URL, Keyring: ring, Log: log}); err != nil {
		return err
	}
	if err := s.organisations(ctx); err != nil {
		return err
	}
	heads, err := audit.OpenHeads(s.order.Heads)
	if err != nil {
		return err
	}
	sealer, err := audit.NewSealer(audit.SealerConfig{Store: s.db.Audit(), Keys: sealerKeys(s.order.Seeds), Heads: heads, Every: 10 * time.Millisecond, Log: log})
	if err != nil {
		return err
	}
	// All of these go on until the process is killed.
	go sealer.Run(ctx)
	go s.send(ctx)
	if s.order.Rotate {
		go s.rotate(ctx)
	}
	for n := range storiesAtOnce {
		go s.work(ctx, n)
	}
	select {}
}

// organisations makes those that care for patients, unless an earlier service has.
func (s *service) organisations(ctx context.Context) error {
	for id, o := range map[access.OrganisationID]identity.Organisation{
		crashHospital:     {Kind: identity.Hospital, Name: "Helse Fjord", Number: "999999901"},
		crashMunicipality: {Kind: identity.Municipality, Name: "Fjordvik", Number: "999999902"},
	} {
		o.ID, o.Active = id, true
		if err := s.db.Directory().SaveOrganisation(ctx, o, nil, nil); err != nil && !errors.Is(err, identity.ErrExists) {
			return err
		}
	}
	return nil
}

func sealerKeys(seeds [][]byte) []ed25519.PrivateKey {
	keys := make([]ed25519.PrivateKey, len(seeds))
	for i, seed := range seeds {
		keys[i] = ed25519.NewKeyFromSeed(seed)
	}
	return keys
}

// say has written the line, whole, when it returns.
func (s *service) say(l spoken) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.out.Encode(l); err != nil {
		os.Exit(2) // nobody listens any more
	}
}

// work makes stories, one after the other. A story that an error has come into isn't told
// on: whether its last deed has happened only the database knows.
func (s *service) work(ctx context.Context, worker int) {
	chance := rand.New(rand.NewPCG(s.order.Seed, uint64(worker)))
	for n := 0; ; n++ {
		now := story{Patient: access.PersonID(fmt.Sprintf("p%d-%d-%d", s.order.Life, worker, n)), Facts: facts{}}
		if n == 0 && worker < len(s.order.Stories) {
			now = s.order.Stories[worker]
		}
		for !now.over() {
			d := now.next(chance)
			now.Deeds = d.No
			s.say(spoken{Begun: &d})
			kind := kindOfDeed(d.Kind)
			result, err := kind.do(ctx, s.db, now, d)
			if err != nil {
				s.say(spoken{GaveUp: &d, Error: err.Error(), Race: s.db.main.dialect.fault(err).kind == lostRace, Wrong: errors.Is(err, errWrong)})
				s.await(ctx)
				break
			}
			s.say(spoken{Done: &d, Result: result})
			kind.then(now, d, result)
		}
	}
}

// await returns when the database answers.
func (s *service) await(ctx context.Context) {
	for s.db.Ping(ctx) != nil {
		<-time.After(patience)
	}
}

// send takes messages out of the outbox, as a notifier does.
func (s *service) send(ctx context.Context) {
	for {
		waiting, err := s.db.Outbox().Claim(ctx, 5)
		if err != nil {
			s.await(ctx)
		} else if len(waiting) == 0 {
			<-time.After(patience)
		}
		for _, w := range waiting {
			if w.Kind == notify.KindStaffCancelled { // the house's own, of whose patient is erased
				if err := s.db.Outbox().Done(ctx, w.ID); err != nil {
					s.await(ctx)
				}
				continue
			}
			if w.Link != linkOf(w.ID) {
				s.say(spoken{Error: "message " + w.ID + " is not what was written", Wrong: true})
			}
			s.say(spoken{Sending: w.ID})
			if err := s.db.Outbox().Done(ctx, w.ID); err == nil {
				s.say(spoken{Sent: w.ID})
			}
		}
	}
}

func (s *service) rotate(ctx context.Context) {
	for {
		entry := audit.New(time.Now(), access.Actor{}, audit.ActionKeysRotated, audit.Done)
		if _, err := s.db.Rotate(ctx, []audit.Entry{entry}, nil); err == nil {
			s.say(spoken{Rotated: true})
			return
		}
		s.await(ctx)
	}
}
