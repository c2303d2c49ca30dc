package audit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// SealStore is what a sealer needs of a database.
type SealStore interface {
	// Waiting says whether there are committed entries without a seal.
	Waiting(ctx context.Context) (bool, error)
	// Seal gives fn the record's end and at most limit entries that wait, the oldest first,
	// and commits the seals and heads that it returns as one. No other sealer is at work on
	// the database meanwhile: where one is, fn isn't called and nothing is done. What others
	// write isn't held up longer than one commit takes.
	Seal(ctx context.Context, limit int, fn func(End, []Stored) ([]Seal, []Head, error)) error
	// Heads returns at most limit heads with numbers above after, in order.
	Heads(ctx context.Context, after int64, limit int) ([]Head, error)
}

// SealerConfig is what a Sealer is made of.
type SealerConfig struct {
	Store SealStore
	// Keys sign heads: the first one does; the others are older, and are needed for the one
	// head with which the last of them announces the first. They come from outside of the
	// database (keyring.Audit gives their seeds).
	Keys  []ed25519.PrivateKey
	Heads *HeadsFile       // the sealer's own while it runs
	Every time.Duration    // between rounds; 0 means 500 ms, and at most 1 s is allowed
	Batch int              // at most so many entries in one commit; 0 means 500
	Now   func() time.Time // nil means time.Now
	Log   *slog.Logger     // nil means none
}

// ErrTampered says that the record's end isn't what its last head says, or that this head is
// not by a key of ours. A sealer signs nothing on top of that: its signature would make what
// was done to the record look good. Verify tells more.
var ErrTampered = errors.New("the audit record's end has been tampered with")

// Sealer chains committed entries and signs how far the chain has come. Each process of
// several on one database may run one: they take turns, and each has all heads in its file.
type Sealer struct {
	cfg   SealerConfig
	known Head // the last head that the database and the file agree on; Number 0: none
	// What Run has last complained of, and when: a database that is away is told of once a
	// minute and not each round.
	complaint    string
	complainedAt time.Time
}

// NewSealer checks cfg.
func NewSealer(cfg SealerConfig) (*Sealer, error) {
	if cfg.Store == nil || cfg.Heads == nil {
		return nil, errors.New("audit: a sealer needs Store and Heads")
	}
	if len(cfg.Keys) == 0 {
		return nil, errors.New("audit: a sealer needs a key")
	}
	for i, key := range cfg.Keys {
		if len(key) != ed25519.PrivateKeySize {
			return nil, fmt.Errorf("audit: key %d has %d bytes and must have %d", i, len(key), ed25519.PrivateKeySize)
		}
	}
	if cfg.Every < 0 || cfg.Every > time.Second {
		return nil, fmt.Errorf("audit: Every is %v and must be at most 1s", cfg.Every)
	}
	if cfg.Batch < 0 {
		return nil, fmt.Errorf("audit: Batch is %d and must not be negative", cfg.Batch)
	}
	if cfg.Every == 0 {
		cfg.Every = 500 * time.Millisecond
	}
	if cfg.Batch == 0 {
		cfg.Batch = 500
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Sealer{cfg: cfg, known: cfg.Heads.last}, nil
}

// lastRound is how long the round may take that seals what a service has committed just
// before it stops.
const lastRound = 2 * time.Second

// Run seals until ctx ends, and then what is committed by then. It goes on through errors
// and logs them: entries wait in the database meanwhile.
func (s *Sealer) Run(ctx context.Context) error {
	tick := time.NewTicker(s.cfg.Every)
	defer tick.Stop()
	for {
		s.complain(s.Seal(ctx))
		select {
		case <-tick.C:
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastRound)
			defer cancel()
			s.complain(s.Seal(last))
			return nil
		}
	}
}

func (s *Sealer) complain(err error) {
	switch now := s.cfg.Now(); {
	case err == nil && s.complaint != "":
		s.complaint = ""
		s.cfg.Log.Info("audit entries are sealed again")
	case err == nil || errors.Is(err, context.Canceled):
	case err.Error() != s.complaint || now.Sub(s.complainedAt) >= time.Minute:
		s.complaint, s.complainedAt = err.Error(), now
		s.cfg.Log.Error("audit entries are not sealed", "error", err)
	}
}

// Seal is one round: it seals all entries that wait, and brings the file of heads up to the
// database.
func (s *Sealer) Seal(ctx context.Context) error {
	for {
		waiting, err := s.cfg.Store.Waiting(ctx)
		if err != nil {
			return fmt.Errorf("look for entries to seal: %w", err)
		}
		if !waiting {
			break
		}
		got := 0
		err = s.cfg.Store.Seal(ctx, s.cfg.Batch, func(end End, entries []Stored) ([]Seal, []Head, error) {
			got = len(entries)
			return s.extend(end, entries)
		})
		if err != nil {
			return fmt.Errorf("seal: %w", err)
		}
		if got < s.cfg.Batch {
			break // the rest, if any, comes with the next round
		}
	}
	return s.copyHeads(ctx)
}

// extend makes the seals of entries and the head over them.
func (s *Sealer) extend(end End, entries []Stored) ([]Seal, []Head, error) {
	if len(entries) == 0 {
		return nil, nil, nil
	}
	current, now := s.cfg.Keys[0], s.cfg.Now().UnixMilli()
	signer, err := s.signer(end)
	if err != nil {
		return nil, nil, err
	}
	var heads []Head
	last := end.Head
	if !signer.Equal(current) {
		last = Head{Number: last.Number + 1, Seq: last.Seq, Chain: last.Chain, At: now, Next: publicOf(current)}.sign(signer)
		heads = append(heads, last)
	}
	seals := chain(end.Seal, entries)
	tail := seals[len(seals)-1]
	head := Head{Number: last.Number + 1, Seq: tail.Seq, Chain: tail.Chain, At: now}.sign(current)
	return seals, append(heads, head), nil
}

// signer checks the record's end and returns the key whose turn it is to sign.
func (s *Sealer) signer(end End) (ed25519.PrivateKey, error) {
	if end.Seal.Seq != end.Head.Seq || end.Seal.Chain != end.Head.Chain {
		return nil, fmt.Errorf("%w: it ends at %d, and the last head, %d, says %d or another chain", ErrTampered, end.Seal.Seq, end.Head.Number, end.Head.Seq)
	}
	if end.Head.Number == 0 {
		return s.cfg.Keys[0], nil
	}
	t := newTrust(publics(s.cfg.Keys))
	if wrong := t.accept(end.Head); wrong != "" {
		return nil, fmt.Errorf("%w: head %d: %s", ErrTampered, end.Head.Number, wrong)
	}
	for _, key := range s.cfg.Keys {
		if KeyIDOf(publicOf(key)) == t.next {
			return key, nil
		}
	}
	return nil, fmt.Errorf("head %d announces key %s, which is not here: is it an older keyring?", end.Head.Number, t.next)
}

func publics(keys []ed25519.PrivateKey) []ed25519.PublicKey {
	out := make([]ed25519.PublicKey, len(keys))
	for i, key := range keys {
		out[i] = publicOf(key)
	}
	return out
}

// headsPage is how many heads are read at a time.
const headsPage = 1000

// copyHeads appends to the file the heads that the database has and it has not: those of
// this round, those of other processes, and those that a crash has kept from the file.
func (s *Sealer) copyHeads(ctx context.Context) error {
	for {
		heads, err := s.cfg.Store.Heads(ctx, max(s.known.Number-1, 0), headsPage)
		if err != nil {
			return fmt.Errorf("read heads: %w", err)
		}
		if s.known.Number > 0 {
			if len(heads) == 0 || !heads[0].same(s.known) {
				return s.setBack(ctx)
			}
			heads = heads[1:]
		}
		if len(heads) == 0 {
			return nil
		}
		// Nothing goes into the file that isn't signed by the keys whose turn it was.
		t := newTrust(publics(s.cfg.Keys))
		for _, head := range heads {
			if t.elder(head) {
				continue
			}
			if wrong := t.accept(head); wrong != "" {
				return fmt.Errorf("%w: head %d: %s", ErrTampered, head.Number, wrong)
			}
		}
		if err := s.cfg.Heads.append(heads); err != nil {
			return err
		}
		s.known = heads[len(heads)-1]
	}
}

// setBack finds where the file and the database part: an older backup has been restored, or
// the record has been cut or written anew. The file keeps what it has, so that Verify tells
// which entries are lost; from now on it gets the heads of what is there.
func (s *Sealer) setBack(ctx context.Context) error {
	lost := s.known
	file, err := s.cfg.Heads.heads()
	if err != nil {
		return err
	}
	var agreed Head
	var page []Head
	for head, err := range survivors(file, func(Head, Head) {}) {
		if err != nil {
			return err
		}
		if len(page) == 0 {
			if page, err = s.cfg.Store.Heads(ctx, agreed.Number, headsPage); err != nil {
				return fmt.Errorf("read heads: %w", err)
			}
		}
		if len(page) == 0 || !page[0].same(head) {
			break
		}
		agreed, page = head, slices.Delete(page, 0, 1)
	}
	s.known = agreed
	s.cfg.Log.Error("the audit record has been set back: it no longer has what the file of heads says",
		"file_head", lost.Number, "file_entries", lost.Seq, "same_until_head", agreed.Number, "same_until_entry", agreed.Seq)
	return nil // the next round copies on
}
