package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// SignIn begins a session by e-mail address and password. It is at StageCode.
// Errors: ErrSignInWrong, *LockedError, ErrBusy.
func (g *Gate) SignIn(ctx context.Context, email string, p Password, device string) (SignedIn, error) {
	who, err := g.password.Authenticate(ctx, PasswordProof{Email: email, Password: p})
	if err != nil {
		return SignedIn{}, err
	}
	return g.Begin(ctx, who, device)
}

// SecondFactor goes on from the password to a new session, by the authenticator app's code.
// Errors: ErrNoSession, ErrSignInWrong, *LockedError.
func (g *Gate) SecondFactor(ctx context.Context, c Current, code, device string) (SignedIn, error) {
	if c.Stage != StageCode {
		return SignedIn{}, ErrNoSession
	}
	who, err := g.second.Authenticate(ctx, CodeProof{By: c.Actor, Code: code})
	if err != nil {
		return SignedIn{}, err
	}
	return g.begin(ctx, who, c.Actor.Session, device)
}

// Begin begins a session for someone who has been identified. Below LevelSubstantial it asks
// for the second factor; someone with one assignment acts by it at once.
func (g *Gate) Begin(ctx context.Context, who Identified, device string) (SignedIn, error) {
	return g.begin(ctx, who, "", device)
}

func (g *Gate) begin(ctx context.Context, who Identified, replaces, device string) (SignedIn, error) {
	now := g.now()
	s := Session{Person: who.Person, Method: who.Method, Credentials: who.Credentials, Device: device}
	if who.Level < LevelSubstantial {
		s.Stage, s.Ends = StageCode, now.Add(codeLife)
		return g.start(ctx, s, replaces, g.entry(access.Actor{}, audit.ActionSignIn, audit.Done, "account/"+string(s.Person)))
	}
	s.Stage, s.Ends = StageRole, now.Add(staffLife)
	acts, err := g.acts(ctx, who.Person, now)
	if err != nil {
		return SignedIn{}, err
	}
	if len(acts) == 1 {
		g.act(&s, acts[0])
	}
	return g.start(ctx, s, replaces, g.entry(access.Actor{}, audit.ActionSignIn, audit.Done, "account/"+string(s.Person)))
}

func (g *Gate) acts(ctx context.Context, person access.PersonID, now time.Time) ([]Assignment, error) {
	staff, err := g.people.Staff(ctx, person)
	if err != nil {
		return nil, fmt.Errorf("assignments: %w", err)
	}
	today := DayOf(now, g.cfg.Zone)
	var out []Assignment
	for _, a := range staff.Assignments {
		if !a.On(today) || !a.Role.Staff() {
			continue
		}
		o, err := g.people.Organisation(ctx, a.Organisation)
		if err != nil {
			return nil, fmt.Errorf("assignments: %w", err)
		}
		if o.Active {
			out = append(out, a)
		}
	}
	return out, nil
}

// ChooseRole goes on to a new session in which the person acts by an assignment of theirs.
// Errors: ErrNoSession, *access.Refused.
func (g *Gate) ChooseRole(ctx context.Context, c Current, assignment, device string) (SignedIn, error) {
	if c.Handle != "" || c.Stage == StageCode {
		return SignedIn{}, ErrNoSession
	}
	account, err := g.account(ctx, c.Actor.Person)
	if err != nil {
		return SignedIn{}, err
	}
	now := g.now()
	acts, err := g.acts(ctx, c.Actor.Person, now)
	if err != nil {
		return SignedIn{}, err
	}
	i := slices.IndexFunc(acts, func(a Assignment) bool { return a.ID == assignment })
	if i < 0 {
		e := g.entry(c.Actor, audit.ActionChooseRole, audit.Refused, "assignment/"+assignment)
		if err := g.store.Record(ctx, []audit.Entry{e}); err != nil {
			return SignedIn{}, fmt.Errorf("record: %w", err)
		}
		return SignedIn{}, &Invalid{Field: "assignment", Rule: "must be one of yours that is in force today"}
	}
	s := Session{
		Person: c.Actor.Person, Link: c.Link, Method: c.Method, Credentials: account.Credentials, Device: device,
		// Another role is no reason to stay signed in for longer.
		SignedIn: c.SignedIn, Ends: c.SignedIn.Add(staffLife),
	}
	g.act(&s, acts[i])
	return g.start(ctx, s, c.Actor.Session, g.entry(access.Actor{}, audit.ActionChooseRole, audit.Done, "assignment/"+assignment))
}

// act makes a session act by an assignment, no longer than that lasts.
func (g *Gate) act(s *Session, a Assignment) {
	s.Stage, s.Assignment, s.Role, s.Organisation = StageFull, a.ID, a.Role, a.Organisation
	s.ActsUntil = a.Until
	if a.Until == "" {
		return
	}
	if last, err := time.ParseInLocation(time.DateOnly, string(a.Until), g.cfg.Zone); err == nil {
		if over := last.AddDate(0, 0, 1); over.Before(s.Ends) {
			s.Ends = over
		}
	}
}

// account is a person's; one who has none has one that nothing fits.
func (g *Gate) account(ctx context.Context, person access.PersonID) (Account, error) {
	a, err := g.store.Account(ctx, person)
	if errors.Is(err, ErrNotFound) {
		return Account{}, nil
	}
	if err != nil {
		return Account{}, fmt.Errorf("account: %w", err)
	}
	return a, nil
}

// PasswordProof is what someone signs in with first.
type PasswordProof struct {
	Email    string
	Password Password
}

// passwords is the first factor.
type passwords struct{ g *Gate }

// Authenticate does one hash, and one save, whether or not there is such an account.
func (p passwords) Authenticate(ctx context.Context, proof PasswordProof) (Identified, error) {
	g := p.g
	person, err := g.people.StaffByEmail(ctx, NormalEmail(proof.Email))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Identified{}, fmt.Errorf("sign in: %w", err)
	}
	account, err := g.account(ctx, person.ID)
	if err != nil {
		return Identified{}, err
	}
	key := g.triesKey(person.ID, proof.Email)
	tries, err := g.store.Tries(ctx, key)
	if err != nil {
		return Identified{}, fmt.Errorf("sign in: %w", err)
	}
	if wait := tries.Wait(g.now()); wait > 0 {
		return Identified{}, p.locked(ctx, person.ID, wait)
	}
	stored := account.Password
	if !account.usable() {
		stored = ""
	}
	right, weak, err := g.hashing.matches(ctx, proof.Password, stored)
	if err != nil {
		return Identified{}, fmt.Errorf("sign in: %w", err)
	}
	if err := p.settle(ctx, key, person.ID, right); err != nil {
		return Identified{}, err
	}
	if weak {
		p.strengthen(ctx, account, proof.Password)
	}
	return Identified{Person: person.ID, Method: ByPassword, Level: LevelLow, Credentials: account.Credentials}, nil
}

// settle counts the answer before it is told. Whoever comes after the lock is told of the
// lock, also with the right password in hand.
func (p passwords) settle(ctx context.Context, key string, person access.PersonID, right bool) error {
	g := p.g
	return again(func() error {
		now := g.now()
		tries, err := g.store.Tries(ctx, key)
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		if wait := tries.Wait(now); wait > 0 {
			return p.locked(ctx, person, wait)
		}
		outcome, answer := audit.Done, error(nil)
		if right {
			tries.clear()
		} else {
			outcome, answer = audit.Failed, ErrSignInWrong
			tries.fail(now)
		}
		e := g.entry(access.Actor{Person: person}, audit.ActionPassword, outcome, accountObject(person))
		if err := g.store.SaveTries(ctx, key, tries, []audit.Entry{e}, nil); err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		return answer
	})
}

func (p passwords) locked(ctx context.Context, person access.PersonID, wait time.Duration) error {
	return p.g.failed(ctx, access.Actor{Person: person}, audit.ActionSignIn, accountObject(person), &LockedError{Wait: wait})
}

// strengthen hashes a right password anew at today's cost. It may fail: the old hash is good
// enough until the next time.
func (p passwords) strengthen(ctx context.Context, a Account, password Password) {
	hash, err := p.g.hashing.hash(ctx, password)
	if err == nil {
		a.Password = hash
		err = p.g.store.SaveAccount(ctx, a, nil, nil)
	}
	if err != nil {
		p.g.log.Info("password not hashed anew", "person", a.Person, "error", err)
	}
}

// triesKey is what wrong passwords are counted by. Addresses without an account are counted
// just so, or the count would tell who has one.
func (g *Gate) triesKey(person access.PersonID, email string) string {
	if person != "" {
		return passwordTries(person)
	}
	// By the oldest key: it stays the same when a new one is added.
	all := hashes(g.cfg.LinkKeys, triedEmail, NormalEmail(email))
	return fmt.Sprintf("email/%x", []byte(all[len(all)-1]))
}

// passwordTries is what an account's wrong passwords are counted by.
func passwordTries(person access.PersonID) string { return "account/" + string(person) }

func accountObject(person access.PersonID) string {
	if person == "" {
		return "account"
	}
	return "account/" + string(person)
}

// NormalEmail is the one form of an address that it is looked up by.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CodeProof is the second factor, of someone whose password was right.
type CodeProof struct {
	By   access.Actor
	Code string
}

// secondFactors is the second factor: an authenticator app (RFC 6238).
type secondFactors struct{ g *Gate }

// Authenticate counts the answer, and uses up the code's time step, before it is told.
func (f secondFactors) Authenticate(ctx context.Context, proof CodeProof) (who Identified, err error) {
	g := f.g
	err = again(func() error {
		now := g.now()
		account, err := g.account(ctx, proof.By.Person)
		if err != nil {
			return err
		}
		if !account.usable() {
			return g.failed(ctx, proof.By, audit.ActionSignIn, accountObject(proof.By.Person), ErrSignInWrong)
		}
		if wait := account.Tries.Wait(now); wait > 0 {
			return g.failed(ctx, proof.By, audit.ActionSignIn, accountObject(proof.By.Person), &LockedError{Wait: wait})
		}
		step, err := totpStep(account.TOTP, proof.Code, account.Step, now)
		if err != nil {
			return err
		}
		outcome, answer := audit.Done, error(nil)
		if step > 0 {
			account.Step = step
			account.Tries.clear()
		} else {
			outcome, answer = audit.Failed, ErrSignInWrong
			account.Tries.fail(now)
		}
		e := g.entry(proof.By, audit.ActionCode, outcome, accountObject(account.Person))
		if err := g.store.SaveAccount(ctx, account, []audit.Entry{e}, nil); err != nil {
			return fmt.Errorf("second factor: %w", err)
		}
		who = Identified{Person: account.Person, Method: ByPasswordTOTP, Level: LevelSubstantial, Credentials: account.Credentials}
		return answer
	})
	return who, err
}
