package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/ical"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/letters"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
)

// house is what stands behind pages and calls: the store, and the services over it.
type house struct {
	db        *store.DB
	heads     *audit.HeadsFile
	sealer    *audit.Sealer
	directory *identity.Directory
	gate      *identity.Gate
	schedule  *scheduling.Service
	clinical  *clinical.Service
	questions *clinical.Questions
	reader    *audit.Reader     // of the audit record
	letters   *letters.Composer // what the notifier sends
	notifier  *notify.Notifier
	feeds     *scheduling.FeedReader
	tray      *notify.Tray // a demo's messages; nil: they are sent
	names     scheduling.People
	zone      *time.Location
}

// zoneName is where days begin and end, and the times in messages.
const zoneName = "Europe/Oslo"

// openHouse opens the store and builds what stands on it; base is where people reach the
// pages, and present knows who is in a call.
func openHouse(ctx context.Context, c checked, base string, present cluster.Cluster) (_ *house, err error) {
	ring, err := c.keyring(c.Demo)
	if err != nil {
		return nil, err
	}
	h := &house{}
	if h.db, err = c.open(ctx, ring, false, c.Log); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.zone, err = time.LoadLocation(zoneName); err != nil {
		return nil, err
	}
	if err := h.seal(c, ring); err != nil {
		return nil, err
	}
	if err := h.people(ctx, c, ring, base, present); err != nil {
		return nil, err
	}
	if err := h.measure(present, c.Log); err != nil {
		return nil, err
	}
	if err := h.ask(c, present); err != nil {
		return nil, err
	}
	if err := h.compose(c, base); err != nil {
		return nil, err
	}
	return h, h.notify(c)
}

// seal sets up the record's sealer, whose signed heads are kept outside of the database.
func (h *house) seal(c checked, ring *keyring.Keyring) (err error) {
	// With PostgreSQL and secrets from elsewhere nothing else has made the folder.
	if err := os.MkdirAll(filepath.Dir(headsPath(c.Config)), 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	if h.heads, err = audit.OpenHeads(headsPath(c.Config)); err != nil {
		return err
	}
	keys, err := auditKeys(ring)
	if err != nil {
		return err
	}
	h.sealer, err = audit.NewSealer(audit.SealerConfig{Store: h.db.Audit(), Keys: keys, Heads: h.heads, Log: c.Log})
	return err
}

// headsPath is the file of the record's signed heads.
func headsPath(c Config) string {
	const name = "audit-heads.jsonl"
	if c.Demo {
		return filepath.Join(c.Data, "demo", name)
	}
	return filepath.Join(c.Data, name)
}

// auditKeys sign the heads of the audit record, the current one first.
func auditKeys(ring *keyring.Keyring) ([]ed25519.PrivateKey, error) {
	var out []ed25519.PrivateKey
	for _, g := range ring.Generations() {
		seed, err := ring.Key(keyring.Audit, g)
		if err != nil {
			return nil, err
		}
		out = append(out, ed25519.NewKeyFromSeed(seed))
	}
	return out, nil
}

// gateKeys are a purpose's, the current one first.
func gateKeys(ring *keyring.Keyring, purpose keyring.Purpose) ([]identity.Key, error) {
	var out []identity.Key
	for _, g := range ring.Generations() {
		secret, err := ring.Key(purpose, g)
		if err != nil {
			return nil, err
		}
		out = append(out, identity.Key{Generation: uint32(g), Secret: secret})
	}
	return out, nil
}

func (h *house) people(ctx context.Context, c checked, ring *keyring.Keyring, base string, calls cluster.Cluster) (err error) {
	people, err := register.New(register.Config{
		Store: h.db.Directory(), Zone: h.zone,
		Directory: func() register.Directory { return h.directory }, // which is below, and needs the schedule
	})
	if err != nil {
		return err
	}
	h.names = people
	elsewhere, err := h.calendars(c)
	if err != nil {
		return err
	}
	h.schedule, err = scheduling.NewService(scheduling.Config{
		Store: h.db.Appointments(), People: people, Register: people, Here: inCall(calls, c.Log), Present: presentIn(calls), Messages: h.db.Outbox(), Calendars: elsewhere,
		Reminders: c.telling.remind, Zone: h.zone,
	})
	if err != nil {
		return err
	}
	h.feeds, err = scheduling.NewFeedReader(scheduling.FeedReaderConfig{
		Queue: h.db.Appointments(), Calendars: elsewhere, Works: h.works, Log: c.Log,
	})
	if err != nil {
		return err
	}
	h.directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: h.db.Directory(), Meetings: h.schedule, Zone: h.zone})
	if err != nil {
		return err
	}
	h.reader, err = audit.NewReader(audit.ReaderConfig{Store: h.db.Audit(), Relations: h.directory, Names: h.db.Audit()})
	if err != nil {
		return err
	}
	sessions, err := gateKeys(ring, keyring.Session)
	if err != nil {
		return err
	}
	links, err := gateKeys(ring, keyring.Link)
	if err != nil {
		return err
	}
	h.gate, err = identity.NewGate(identity.GateConfig{
		Store: h.db.SignIn(), People: h.db.Directory(), Relations: h.directory, SessionKeys: sessions, LinkKeys: links,
		PublicURL: base, Demo: c.Demo, Zone: h.zone, Log: c.Log,
	})
	if err != nil {
		return err
	}
	return h.gate.Refresh(ctx)
}

// compose sets up who writes letters. A demo, which has no mailbox, shows calendars too.
func (h *house) compose(c checked, base string) (err error) {
	sender := c.SMTPFrom
	if c.Demo {
		sender = "samkonsult@demo.invalid" // RFC 2606 §2: is nobody's
	}
	h.letters, err = letters.New(letters.Config{
		Appointments: h.db.Appointments(), People: h.db.Directory(), Links: h.gate, Work: h.db.Questions(), PublicURL: base, Sender: sender,
	})
	return err
}

// calendars sets up how people's calendars elsewhere are read.
func (h *house) calendars(c checked) (calendars, error) {
	fetcher, err := ical.NewFetcher(ical.FetcherConfig{AllowHosts: c.calendarHosts})
	owner := func(ctx context.Context, id access.PersonID) (string, error) {
		m, err := h.db.Directory().Staff(ctx, id)
		return m.Email, err
	}
	return calendars{fetcher, owner, h.zone}, err
}

// works says whether somebody works anywhere today.
func (h *house) works(ctx context.Context, id access.PersonID) (bool, error) {
	all, err := h.directory.Assignments(ctx, id)
	today := identity.DayOf(time.Now(), h.zone)
	return slices.ContainsFunc(all, func(a identity.Assignment) bool { return a.On(today) }), err
}

// notify sets up the ways out; a demo's messages stay in the house.
func (h *house) notify(c checked) (err error) {
	senders, every := c.telling.senders, time.Duration(0)
	if c.Demo {
		h.tray = notify.NewTray(nil)
		senders = map[notify.Channel]notify.Sender{notify.SMS: h.tray, notify.Email: h.tray}
		every = 100 * time.Millisecond // someone waits for the code
	}
	h.notifier, err = notify.New(notify.Config{
		Outbox: h.db.Outbox(), Composer: h.letters, Senders: senders, Zone: h.zone, Quiet: c.telling.quiet, Every: every, Log: c.Log,
	})
	return err
}

// tidyEvery is how often the store is rid of what nobody needs.
const tidyEvery = time.Hour

// upkeep brings the store's keys to the keyring's current generation, in the background, and
// tidies up from time to time.
func (h *house) upkeep(log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		done, err := h.db.Rotate(ctx, nil, nil)
		switch {
		case err != nil && ctx.Err() == nil:
			log.Error("keys are not all of the current generation; the next start goes on", "error", err)
		case done != store.Rotated{}:
			log.Info("keys are of the current generation; older ones are needed for older backups only", "keys", done.Keys, "lookups", done.Lookups)
			e := audit.New(time.Now(), access.Actor{}, audit.ActionKeysRotated, audit.Done)
			if err := h.db.Audit().Append(ctx, e); err != nil {
				log.Error("that keys are new is not in the audit record", "error", err)
			}
		}
		tick := time.NewTicker(tidyEvery)
		defer tick.Stop()
		for {
			if err := h.db.Tidy(ctx); err != nil && ctx.Err() == nil {
				log.Warn("what nobody needs is still in the store", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
}

// lapsesEvery is how often proposals are looked at whose time is over.
const lapsesEvery = 30 * time.Second

// lapse ends proposals that nobody has agreed on in time, until ctx ends.
func (h *house) lapse(log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(lapsesEvery)
		defer tick.Stop()
		for {
			if _, err := h.schedule.Lapse(ctx); err != nil && ctx.Err() == nil {
				log.Warn("proposals whose time is over still stand", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
}

// sweepsEvery is how often patients are looked at of whom what is kept may be over its time.
const sweepsEvery = time.Hour

// retain deletes by policy until ctx ends, where that has been asked for.
func (h *house) retain(asked bool, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		if !asked {
			<-ctx.Done() // a part that ends is a service that goes down
			return nil
		}
		r, err := clinical.NewRetention(clinical.RetentionConfig{Store: h.db.Clinical(), Days: h.directory.RetentionDays, Log: log})
		if err != nil {
			return err
		}
		tick := time.NewTicker(sweepsEvery)
		defer tick.Stop()
		for {
			if _, err := r.Sweep(ctx); err != nil && ctx.Err() == nil {
				log.Warn("what is over its time is still kept", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
}

// found makes the first organisation and its administrator, or takes up a founding that was
// begun: the administrator is there and has not enrolled.
func (h *house) found(ctx context.Context, o identity.Organisation, admin identity.Staff) (identity.Organisation, identity.Staff, error) {
	made, m, err := h.directory.Found(ctx, o, admin)
	if !errors.Is(err, identity.ErrExists) {
		return made, m, err
	}
	known, unknown := h.staff(ctx, admin.Email)
	if unknown != nil {
		return made, m, err
	}
	return made, known, nil
}

// staff finds someone by what they sign in with.
func (h *house) staff(ctx context.Context, email string) (identity.Staff, error) {
	p, err := h.directory.StaffByEmail(ctx, email)
	if err != nil {
		return identity.Staff{}, err
	}
	assignments, err := h.directory.Assignments(ctx, p.ID)
	return identity.Staff{Person: p, Assignments: assignments}, err
}

func (h *house) close() error {
	var errs []error
	if h.heads != nil {
		errs = append(errs, h.heads.Close())
	}
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}
