package identity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// GateStore is everything that the gate keeps. One type of the store implements it.
type GateStore interface {
	AccountStore
	TriesStore
	SessionStore
	LinkStore
	CodeStore
	TicketStore
	MachineStore
	GateRecord
}

// GateRecord keeps what was only tried, and throws away what is of no more use.
type GateRecord interface {
	Record(ctx context.Context, entries []audit.Entry) error
	Prune(ctx context.Context, now time.Time) error
}

// GatePeople is what the gate reads of people and organisations: a DirectoryStore has it.
type GatePeople interface {
	// StaffByEmail finds who signs in by an address, as NormalEmail writes it. ErrNotFound.
	StaffByEmail(ctx context.Context, email string) (Person, error)
	Staff(ctx context.Context, id access.PersonID) (Staff, error)
	Person(ctx context.Context, id access.PersonID) (Person, error)
	Organisation(ctx context.Context, id access.OrganisationID) (Organisation, error)
}

// GateRelations finds how one who administers accounts and machines stands to an
// organisation: a Directory does.
type GateRelations interface {
	OrganisationRelations(ctx context.Context, by access.Actor, of access.OrganisationID) (access.Relations, error)
}

// GateConfig is what a Gate is made of. Store, People, Relations, SessionKeys, LinkKeys and
// PublicURL are required.
type GateConfig struct {
	Store       GateStore
	People      GatePeople
	Relations   GateRelations
	SessionKeys []Key // for cookies and access tokens, the newest first
	LinkKeys    []Key // for what is kept of links, codes and tickets, the newest first
	// PublicURL is where people reach the service, as https://samkonsult.example: links
	// begin with it, and it is what authenticator apps call us by.
	PublicURL string
	// TokenURL is where machines ask for tokens: the audience of their assertions. Empty
	// means PublicURL + "/api/v1/token".
	TokenURL string
	Demo     bool           // links may sign staff in without a password
	Cost     PasswordCost   // of new passwords
	Zone     *time.Location // whose days assignments count by; nil means UTC
	Now      func() time.Time
	Log      *slog.Logger
}

// Gate signs people and machines in, and tells who they are from then on. It is safe for
// concurrent use.
//
// Everything that it tells is committed first, with its entry in the audit record: a wrong
// password is counted before it is called wrong. What it answers to those who are not signed
// in does not tell whether a person, an account or a link exists, and takes the same work.
type Gate struct {
	store    GateStore
	people   GatePeople
	cfg      GateConfig
	now      func() time.Time
	log      *slog.Logger
	hashing  *hasher
	revoked  *revocations
	password Authenticator[PasswordProof]
	second   Authenticator[CodeProof]

	mu   sync.Mutex
	seen map[string]time.Time // sessions used since that was last saved
}

// NewGate checks cfg.
func NewGate(cfg GateConfig) (*Gate, error) {
	if cfg.Store == nil || cfg.People == nil || cfg.Relations == nil {
		return nil, errors.New("gate: Store, People and Relations are required")
	}
	for name, keys := range map[string][]Key{"SessionKeys": cfg.SessionKeys, "LinkKeys": cfg.LinkKeys} {
		if len(keys) == 0 {
			return nil, fmt.Errorf("gate: %s is empty", name)
		}
		for _, k := range keys {
			if len(k.Secret) < 32 {
				return nil, fmt.Errorf("gate: %s: generation %d has %d bytes and must have 32", name, k.Generation, len(k.Secret))
			}
			if k.Generation == 0 { // a link of generation 0 is one whose token was random
				return nil, fmt.Errorf("gate: %s: generations are numbered from 1 on", name)
			}
		}
	}
	u, err := url.Parse(cfg.PublicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("gate: PublicURL must be as https://samkonsult.example")
	}
	cfg.PublicURL = u.Scheme + "://" + u.Host
	if cfg.TokenURL == "" {
		cfg.TokenURL = cfg.PublicURL + "/api/v1/token"
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	g := &Gate{
		store: cfg.Store, people: cfg.People, cfg: cfg, now: cfg.Now, log: cfg.Log,
		hashing: newHasher(cfg.Cost, argon2.IDKey),
		revoked: newRevocations(cfg.Store, cfg.Now),
		seen:    map[string]time.Time{},
	}
	g.password, g.second = passwords{g}, secondFactors{g}
	return g, nil
}

const (
	saveSeenEvery = time.Minute
	pruneEvery    = 10 * time.Minute
)

// Run keeps the gate up to date with the other nodes until ctx ends. Nobody is let in
// before it has read what is revoked.
func (g *Gate) Run(ctx context.Context) error {
	poll, save, prune := time.NewTicker(pollEvery), time.NewTicker(saveSeenEvery), time.NewTicker(pruneEvery)
	defer poll.Stop()
	defer save.Stop()
	defer prune.Stop()
	failing := false
	for {
		err := g.revoked.read(ctx)
		if ctx.Err() == nil && (err != nil) != failing {
			if failing = err != nil; failing {
				g.log.Error("revocations can't be read; soon nobody is let in", "error", err)
			} else {
				g.log.Info("revocations are read again")
			}
		}
		select {
		case <-poll.C:
		case <-save.C:
			g.saveSeen(ctx)
		case <-prune.C:
			g.revoked.forget()
			if err := g.store.Prune(ctx, g.now()); err != nil && ctx.Err() == nil {
				g.log.Warn("what is over can't be thrown away", "error", err)
			}
		case <-ctx.Done():
			// The last uses are saved in spite of the end, which is why ctx is left.
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			g.saveSeen(last)
			return nil
		}
	}
}

// Refresh reads what is revoked, as Run does twice a second: done before the first request,
// that is answered.
func (g *Gate) Refresh(ctx context.Context) error { return g.revoked.read(ctx) }

// Ready says whether sessions can be checked.
func (g *Gate) Ready() bool { return g.revoked.fresh(g.now()) }

func (g *Gate) saveSeen(ctx context.Context) {
	g.mu.Lock()
	seen := g.seen
	g.seen = map[string]time.Time{}
	g.mu.Unlock()
	if len(seen) == 0 {
		return
	}
	if err := g.store.SeenSessions(ctx, seen); err != nil {
		g.log.Warn("when sessions were used can't be saved", "error", err)
	}
}

// entry begins an audit entry of now.
func (g *Gate) entry(by access.Actor, action string, outcome audit.Outcome, object string) audit.Entry {
	e := audit.New(g.now(), by, action, outcome)
	e.Object = object
	return e
}

// failed records a failure and answers with it. When it can't be recorded that is the answer.
func (g *Gate) failed(ctx context.Context, by access.Actor, action, object string, answer error) error {
	if err := g.store.Record(ctx, []audit.Entry{g.entry(by, action, audit.Failed, object)}); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return answer
}

// may asks the table, and records a refusal.
func (g *Gate) may(ctx context.Context, by access.Actor, action access.Action, has access.Relations, object string) (access.Relations, error) {
	through, err := access.Can(by, action, has)
	if err == nil {
		return through, nil
	}
	e := g.entry(by, action.String(), audit.Refused, object)
	if err := g.store.Record(ctx, []audit.Entry{e}); err != nil {
		return 0, fmt.Errorf("record: %w", err)
	}
	return 0, err
}

// maxAgain bounds how often a change is tried anew that lost against another.
const maxAgain = 50

// again does what reads, decides and saves until nobody has come in between.
func again(do func() error) error {
	for range maxAgain {
		if err := do(); !errors.Is(err, ErrVersion) {
			return err
		}
	}
	return ErrBusy
}
