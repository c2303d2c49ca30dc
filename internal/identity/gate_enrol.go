package identity

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Enrolment is what someone needs to make a password and a second factor.
type Enrolment struct {
	Name   string
	Email  string // what to sign in with
	Secret string // of the authenticator app, in base32
	URI    string // the same as a QR code shows it
}

// Invite sends a member of staff a link to make a password and second factor, for the first
// time or because they have lost them. Until that is done the old ones are good.
// Errors: *access.Refused, also for someone who doesn't exist; *Invalid.
func (g *Gate) Invite(ctx context.Context, by access.Actor, person access.PersonID) (Sent, error) {
	owner, through, err := g.mayRecover(ctx, by, person)
	if err != nil {
		return Sent{}, err
	}
	m, err := g.message(ctx, person, notify.KindEnrol, notify.Email)
	if err != nil {
		return Sent{}, err
	}
	if m.From, m.Phone, err = g.caller(ctx, owner); err != nil {
		return Sent{}, fmt.Errorf("invite: from whom: %w", err)
	}
	now := g.now()
	link := Link{ID: newSecretID(), Kind: EnrolLink, Person: person, Owner: owner, Made: now, Expires: now.Add(enrolLife)}
	token := newToken()
	m.Link = g.cfg.PublicURL + "/enrol#" + token
	e := g.entry(by, access.AccountRecover.String(), audit.Done, accountObject(person))
	e.By = through
	if err := g.addLink(ctx, link, token, []audit.Entry{e}, []notify.Message{m}); err != nil {
		return Sent{}, err
	}
	return Sent{Channel: m.Channel, Hint: hint(m.Channel, m.Address)}, nil
}

// EndAccount ends a person's way in, and every session of theirs. An invitation opens it again.
// Errors: *access.Refused, ErrNotFound.
func (g *Gate) EndAccount(ctx context.Context, by access.Actor, person access.PersonID) error {
	_, through, err := g.mayRecover(ctx, by, person)
	if err != nil {
		return err
	}
	err = again(func() error {
		account, err := g.store.Account(ctx, person)
		if err != nil {
			return fmt.Errorf("end account: %w", err)
		}
		now := g.now()
		account.Ended = now
		account.Credentials++
		e := g.entry(by, audit.ActionAccountEnd, audit.Done, accountObject(person))
		e.By = through
		return g.store.EndAccount(ctx, account, now, []audit.Entry{e}, nil)
	})
	if err != nil {
		return err
	}
	g.readRevoked(ctx)
	return nil
}

// AccountStates says how far each person's way in has come; who asks has the right to know.
func (g *Gate) AccountStates(ctx context.Context, people []access.PersonID) (map[access.PersonID]AccountState, error) {
	now := g.now()
	found, err := g.store.AccountStandings(ctx, people, now)
	if err != nil {
		return nil, fmt.Errorf("account states: %w", err)
	}
	out := make(map[access.PersonID]AccountState, len(people))
	for _, p := range people {
		out[p] = found[p].state(now)
	}
	return out, nil
}

// mayRecover asks for the right over a person's account: over one of the organisations they
// work in. It returns that organisation.
func (g *Gate) mayRecover(ctx context.Context, by access.Actor, person access.PersonID) (access.OrganisationID, access.Relations, error) {
	staff, err := g.people.Staff(ctx, person)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", 0, fmt.Errorf("assignments: %w", err)
	}
	today := DayOf(g.now(), g.cfg.Zone)
	for _, a := range staff.Assignments {
		if a.Until != "" && a.Until < today {
			continue
		}
		has, err := g.cfg.Relations.OrganisationRelations(ctx, by, a.Organisation)
		if err != nil {
			return "", 0, fmt.Errorf("relations: %w", err)
		}
		if d := access.Decide(by.Role, access.AccountRecover, has); d.Allowed {
			return a.Organisation, d.By, nil
		}
	}
	_, err = g.may(ctx, by, access.AccountRecover, 0, accountObject(person))
	return "", 0, err
}

// OpenEnrolment opens an administrator's link. As often as it is opened it shows the same
// secret, for the page may be loaded again between the app and the password.
// Errors: ErrLinkUnknown, *ClosedError.
func (g *Gate) OpenEnrolment(ctx context.Context, token string) (Enrolment, error) {
	link, err := g.findLink(ctx, token, EnrolLink)
	if err != nil {
		return Enrolment{}, err
	}
	person, err := g.people.Person(ctx, link.Person)
	if err != nil {
		return Enrolment{}, fmt.Errorf("enrol: %w", err)
	}
	var secret []byte
	err = again(func() error {
		account, err := g.account(ctx, link.Person)
		if err != nil {
			return err
		}
		account.Person = link.Person
		// A secret that another link has shown may be known to whoever had that one.
		if account.PendingLink != link.ID {
			account.PendingLink, account.PendingTOTP = link.ID, newTOTP()
			e := g.entry(access.Actor{Person: link.Person}, audit.ActionLinkOpen, audit.Done, link.object())
			if err := g.store.SaveAccount(ctx, account, []audit.Entry{e}, nil); err != nil {
				return fmt.Errorf("enrol: %w", err)
			}
		}
		secret = account.PendingTOTP
		return nil
	})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{
		Name: person.Name, Email: person.Email, Secret: totpText(secret), URI: totpURI(secret, g.issuer(), person.Email),
	}, nil
}

// issuer is what authenticator apps call the service by: its host.
func (g *Gate) issuer() string {
	u, err := url.Parse(g.cfg.PublicURL)
	if err != nil {
		return "samkonsult"
	}
	return u.Hostname()
}

// FinishEnrolment takes the new password and the second factor's first code, ends every
// session of the person, and begins one. The link is used up by it.
// Errors: ErrLinkUnknown, *ClosedError, *Invalid, *CodeError, *LockedError, ErrBusy.
func (g *Gate) FinishEnrolment(ctx context.Context, token string, p Password, code, device string) (SignedIn, error) {
	link, err := g.findLink(ctx, token, EnrolLink)
	if err != nil {
		return SignedIn{}, err
	}
	person, err := g.people.Person(ctx, link.Person)
	if err != nil {
		return SignedIn{}, fmt.Errorf("enrol: %w", err)
	}
	if err := checkPassword(p, person.Email); err != nil {
		return SignedIn{}, err
	}
	hash, err := g.hashing.hash(ctx, p)
	if err != nil {
		return SignedIn{}, err
	}
	var who Identified
	err = again(func() error {
		who, err = g.enrol(ctx, link, hash, code)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	g.readRevoked(ctx)
	if err := g.clearTries(ctx, link.Person); err != nil {
		g.log.Warn("wrong passwords of before still count", "person", link.Person, "error", err)
	}
	return g.Begin(ctx, who, device)
}

func (g *Gate) enrol(ctx context.Context, link Link, hash, code string) (Identified, error) {
	now := g.now()
	actor := access.Actor{Person: link.Person}
	account, err := g.account(ctx, link.Person)
	if err != nil {
		return Identified{}, err
	}
	if account.PendingLink != link.ID {
		return Identified{}, &Invalid{Field: "token", Rule: "is of a link that has not been opened yet"}
	}
	if wait := account.Tries.Wait(now); wait > 0 {
		return Identified{}, g.failed(ctx, actor, audit.ActionEnrol, link.object(), &LockedError{Wait: wait})
	}
	step, err := totpStep(account.PendingTOTP, code, 0, now)
	if err != nil {
		return Identified{}, err
	}
	if step == 0 {
		account.Tries.fail(now)
		e := g.entry(actor, audit.ActionEnrol, audit.Failed, link.object())
		if err := g.store.SaveAccount(ctx, account, []audit.Entry{e}, nil); err != nil {
			return Identified{}, fmt.Errorf("enrol: %w", err)
		}
		return Identified{}, &CodeError{TriesLeft: account.Tries.Left()}
	}
	account.Password, account.TOTP, account.Step = hash, account.PendingTOTP, step
	account.PendingTOTP, account.PendingLink = nil, ""
	account.Enrolled, account.Ended = now, time.Time{}
	account.Credentials++
	account.Tries.clear()
	e := g.entry(actor, audit.ActionEnrol, audit.Done, link.object())
	if err := g.store.Enrol(ctx, account, link.ID, now, []audit.Entry{e}, nil); err != nil {
		if errors.Is(err, ErrNotFound) { // used or revoked since it was found
			err = ErrLinkUnknown
		}
		return Identified{}, fmt.Errorf("enrol: %w", err)
	}
	return Identified{Person: link.Person, Method: ByPasswordTOTP, Level: LevelSubstantial, Credentials: account.Credentials}, nil
}

func (g *Gate) clearTries(ctx context.Context, person access.PersonID) error {
	key := passwordTries(person)
	return again(func() error {
		t, err := g.store.Tries(ctx, key)
		if err != nil || t.Version == 0 {
			return err
		}
		t.clear()
		return g.store.SaveTries(ctx, key, t, nil, nil)
	})
}
