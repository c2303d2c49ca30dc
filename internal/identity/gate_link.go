package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// LinkOpened is what opening a link leads to: a session, or the question for a code.
type LinkOpened struct {
	Current Current
	Secret  string      // a new session's cookie; empty where the own session goes on
	Code    *CodeNeeded // what else is needed; then there is no session
}

// OpenLink opens a personal link to a session. own is the session that the page has already,
// if any: one that came from this link goes on, and no code is asked for again.
// Errors: ErrLinkUnknown, *ClosedError, *LockedError.
func (g *Gate) OpenLink(ctx context.Context, token string, own Current, device string) (LinkOpened, error) {
	link, err := g.findLink(ctx, token, SeatLink, DemoLink)
	if err != nil {
		return LinkOpened{}, err
	}
	switch {
	case own.Link == link.ID && own.Stage == StageFull:
		return LinkOpened{Current: own}, nil
	case link.Kind == DemoLink:
		return g.openDemo(ctx, link, device)
	case !link.Code:
		return g.openSeat(ctx, link, ByLink, device)
	}
	needed, err := g.askCode(ctx, link, false)
	if err != nil {
		return LinkOpened{}, err
	}
	return LinkOpened{Code: &needed}, nil
}

// SendCodeAgain sends a link's one-time code anew. The one before is worth nothing then.
// Errors: ErrLinkUnknown, *ClosedError, *LockedError.
func (g *Gate) SendCodeAgain(ctx context.Context, token string) (CodeNeeded, error) {
	link, err := g.findLink(ctx, token, SeatLink)
	if err != nil {
		return CodeNeeded{}, err
	}
	if !link.Code {
		return CodeNeeded{}, &Invalid{Field: "token", Rule: "is of a link that asks for no code"}
	}
	return g.askCode(ctx, link, true)
}

// AnswerCode opens a link by the one-time code that it asked for.
// Errors: ErrLinkUnknown, *ClosedError, *CodeError, ErrCodeExpired, *LockedError.
func (g *Gate) AnswerCode(ctx context.Context, token, code, device string) (LinkOpened, error) {
	link, err := g.findLink(ctx, token, SeatLink)
	if err != nil {
		return LinkOpened{}, err
	}
	if !link.Code {
		return LinkOpened{}, &Invalid{Field: "token", Rule: "is of a link that asks for no code"}
	}
	answers := codeHashes(g.cfg.LinkKeys, link.ID, code)
	err = again(func() error {
		now := g.now()
		c, err := g.store.Code(ctx, link.ID)
		if err != nil {
			return fmt.Errorf("one-time code: %w", err)
		}
		if wait := c.Tries.Wait(now); wait > 0 {
			return g.failed(ctx, link.actor(), audit.ActionCode, link.object(), &LockedError{Wait: wait})
		}
		if !c.open(now) {
			return g.failed(ctx, link.actor(), audit.ActionCode, link.object(), ErrCodeExpired)
		}
		outcome, answer := audit.Done, error(nil)
		if c.Hash.oneOf(answers) {
			c.Tries.clear()
			c.close()
		} else {
			outcome = audit.Failed
			if c.Tries.fail(now) {
				c.close()
				answer = &LockedError{Wait: c.Tries.Wait(now)}
			} else {
				answer = &CodeError{TriesLeft: c.Tries.Left()}
			}
		}
		e := g.entry(link.actor(), audit.ActionCode, outcome, link.object())
		if err := g.store.SaveCode(ctx, c, []audit.Entry{e}, nil); err != nil {
			return fmt.Errorf("one-time code: %w", err)
		}
		return answer
	})
	if err != nil {
		return LinkOpened{}, err
	}
	return g.openSeat(ctx, link, ByLinkCode, device)
}

// findLink finds a token's link, if it is of one of the kinds and opens something.
func (g *Gate) findLink(ctx context.Context, token string, kinds ...LinkKind) (Link, error) {
	unknown := func() (Link, error) {
		return Link{}, g.failed(ctx, access.Actor{}, audit.ActionLinkOpen, "link", ErrLinkUnknown)
	}
	if !validToken(token) {
		return unknown()
	}
	link, err := g.store.LinkByHash(ctx, hashes(g.cfg.LinkKeys, linkToken, token))
	if errors.Is(err, ErrNotFound) || err == nil && !slices.Contains(kinds, link.Kind) || link.onlyInDemo() && !g.cfg.Demo {
		return unknown()
	}
	if err != nil {
		return Link{}, fmt.Errorf("open link: %w", err)
	}
	if reason := link.closed(g.now()); reason != "" {
		name, phone, err := g.caller(ctx, link.Owner)
		if err != nil {
			return Link{}, fmt.Errorf("open link: whom to ring: %w", err)
		}
		return Link{}, g.failed(ctx, link.actor(), audit.ActionLinkOpen, link.object(),
			&ClosedError{Reason: reason, Organisation: name, Phone: phone})
	}
	return link, nil
}

// caller is an organisation as people outside know it.
func (g *Gate) caller(ctx context.Context, id access.OrganisationID) (name, phone string, err error) {
	o, err := g.people.Organisation(ctx, id)
	return o.Name, o.Phone, err
}

func (g *Gate) openSeat(ctx context.Context, link Link, by Method, device string) (LinkOpened, error) {
	s := Session{
		Person: link.Person, Role: link.Role, Organisation: link.Organisation, Link: link.ID,
		Consultation: link.Consultation, Participant: link.Participant,
		Stage: StageFull, Method: by, Handle: newSecretID(), Ends: link.Expires, Device: device,
	}
	return g.openAs(ctx, link, s)
}

func (g *Gate) openDemo(ctx context.Context, link Link, device string) (LinkOpened, error) {
	acts, err := g.acts(ctx, link.Person, g.now())
	if err != nil {
		return LinkOpened{}, err
	}
	i := slices.IndexFunc(acts, func(a Assignment) bool { return a.ID == link.Assignment })
	if i < 0 {
		return LinkOpened{}, g.failed(ctx, link.actor(), audit.ActionLinkOpen, link.object(), ErrLinkUnknown)
	}
	s := Session{Person: link.Person, Link: link.ID, Method: ByDemo, Ends: g.now().Add(staffLife), Device: device}
	g.act(&s, acts[i])
	return g.openAs(ctx, link, s)
}

func (g *Gate) openAs(ctx context.Context, link Link, s Session) (LinkOpened, error) {
	in, err := g.start(ctx, s, "", g.entry(access.Actor{}, audit.ActionLinkOpen, audit.Done, link.object()))
	if errors.Is(err, ErrNoSession) { // revoked since it was found
		err = ErrLinkUnknown
	}
	return LinkOpened{Current: in.Current, Secret: in.Secret}, err
}

// askCode sees to it that there is a code to answer, and says where it was sent. A page that
// is loaded again sends no second one, unless it asks for that.
func (g *Gate) askCode(ctx context.Context, link Link, anew bool) (needed CodeNeeded, err error) {
	name, phone, err := g.caller(ctx, link.Owner)
	if err != nil {
		return needed, fmt.Errorf("one-time code: whom to ring: %w", err)
	}
	err = again(func() error {
		now := g.now()
		c, err := g.store.Code(ctx, link.ID)
		if err != nil {
			return fmt.Errorf("one-time code: %w", err)
		}
		if wait := c.Tries.Wait(now); wait > 0 {
			return &LockedError{Wait: wait}
		}
		if anew || !c.open(now) {
			if wait := c.wait(now); wait > 0 {
				return &LockedError{Wait: wait, Sending: true}
			}
			if c, err = g.sendCode(ctx, link, c, name, phone, now); err != nil {
				return err
			}
		}
		needed = CodeNeeded{
			Sent:    Sent{Channel: c.Channel, Hint: c.Hint},
			Expires: c.Expires, TriesLeft: c.Tries.Left(), Organisation: name, Phone: phone,
		}
		return nil
	})
	return needed, err
}

func (g *Gate) sendCode(ctx context.Context, link Link, c OneTimeCode, from, phone string, now time.Time) (OneTimeCode, error) {
	m, err := g.message(ctx, link.Person, notify.KindCode, "")
	if err != nil {
		return c, err
	}
	code := newCode()
	c.Link, c.Person = link.ID, link.Person
	c.renew(codeHashes(g.cfg.LinkKeys, link.ID, code)[0], now)
	c.Channel, c.Hint = m.Channel, hint(m.Channel, m.Address)
	m.Code, m.From, m.Phone = code, from, phone
	e := g.entry(link.actor(), audit.ActionCodeSend, audit.Done, link.object())
	if err := g.store.SaveCode(ctx, c, []audit.Entry{e}, []notify.Message{m}); err != nil {
		return c, fmt.Errorf("one-time code: %w", err)
	}
	return c, nil
}

// message begins a message to a person, by the given channel or else the best.
func (g *Gate) message(ctx context.Context, to access.PersonID, kind notify.Kind, channel notify.Channel) (notify.Message, error) {
	p, err := g.people.Person(ctx, to)
	if err != nil {
		return notify.Message{}, fmt.Errorf("message to %s: %w", to, err)
	}
	m := notify.Message{ID: newID(), To: to, Channel: channel, Address: p.Email, Language: p.Language, Kind: kind}
	switch {
	case channel == "":
		if m.Channel, m.Address, err = reach(p); err != nil {
			return notify.Message{}, err
		}
	case p.Email == "":
		return notify.Message{}, &Invalid{Field: "email", Rule: "the person has no e-mail address to send to"}
	}
	return m, nil
}

// SendLink sends someone the link to their seat, in place of the ones before. has is how by
// stands to the consultation. Errors: *access.Refused, *Invalid.
func (g *Gate) SendLink(ctx context.Context, by access.Actor, has access.Relations, seat Seat) (Sent, error) {
	through, err := g.may(ctx, by, access.LinkReplace, has, seatObject(seat.Consultation, seat.Participant))
	if err != nil {
		return Sent{}, err
	}
	if seat.Role.Staff() {
		// What a member of staff may do takes an account's two factors.
		return Sent{}, &Invalid{Field: "participant", Rule: "signs in with an account, and gets no link"}
	}
	m, err := g.message(ctx, seat.Person, notify.KindLink, "")
	if err != nil {
		return Sent{}, err
	}
	if m.From, m.Phone, err = g.caller(ctx, seat.Owner); err != nil {
		return Sent{}, fmt.Errorf("send link: from whom: %w", err)
	}
	link, token := g.seatLink(seat)
	m.Link = g.linkAddress(token)
	m.Starts = seat.Starts.UnixMilli()
	e := g.entry(by, access.LinkReplace.String(), audit.Done, link.object())
	e.By, e.Patient = through, seat.Patient
	if err := g.addLink(ctx, link, token, []audit.Entry{e}, []notify.Message{m}); err != nil {
		return Sent{}, err
	}
	return Sent{Channel: m.Channel, Hint: hint(m.Channel, m.Address)}, nil
}

// RevokeLink ends the link to a seat, and who is signed in by it.
// Errors: *access.Refused, ErrNotFound.
func (g *Gate) RevokeLink(ctx context.Context, by access.Actor, has access.Relations, seat Seat) error {
	object := seatObject(seat.Consultation, seat.Participant)
	through, err := g.may(ctx, by, access.LinkRevoke, has, object)
	if err != nil {
		return err
	}
	e := g.entry(by, access.LinkRevoke.String(), audit.Done, object)
	e.By, e.Patient = through, seat.Patient
	if err := g.store.RevokeLinks(ctx, seat.Consultation, seat.Participant, g.now(), []audit.Entry{e}, nil); err != nil {
		return fmt.Errorf("revoke link: %w", err)
	}
	g.readRevoked(ctx)
	return nil
}

// SeatLink is the address that leads to someone's seat: the same each time, so that an
// invitation, what tells of another time and a reminder carry one link. It is made where
// there is none yet, and lasts longer where the seat does. What was revoked on purpose is not
// given out again: SendLink makes a new one. It is for what the house itself sends, and asks
// for no right. Errors: ErrRevoked; *Invalid for staff, who sign in.
func (g *Gate) SeatLink(ctx context.Context, seat Seat) (address string, err error) {
	if seat.Role.Staff() {
		return "", &Invalid{Field: "participant", Rule: "signs in with an account, and gets no link"}
	}
	link, token := g.seatLink(seat)
	generations := make([]uint32, len(g.cfg.LinkKeys))
	for i, k := range g.cfg.LinkKeys {
		generations[i] = k.Generation
	}
	kept, err := g.store.KeepLink(ctx, link, hashes(g.cfg.LinkKeys, linkToken, token)[0], generations)
	if err != nil {
		return "", fmt.Errorf("link to %s: %w", seatObject(seat.Consultation, seat.Participant), err)
	}
	// By the key of its own making, also when there is a newer one by now.
	i := slices.IndexFunc(g.cfg.LinkKeys, func(k Key) bool { return k.Generation == kept.Generation })
	return g.linkAddress(derivedToken(g.cfg.LinkKeys[i], kept.ID)), nil
}

func (g *Gate) linkAddress(token string) string { return g.cfg.PublicURL + "/k#" + token }

// seatLink begins a link to a seat, with its token.
func (g *Gate) seatLink(seat Seat) (Link, string) {
	key := g.cfg.LinkKeys[0]
	l := Link{
		ID: newSecretID(), Kind: SeatLink, Person: seat.Person, Role: seat.Role, Organisation: seat.Organisation,
		Consultation: seat.Consultation, Participant: seat.Participant, Code: seat.Identification == IdentifyCode,
		Owner: seat.Owner, Made: g.now(), Expires: seat.Expires, Generation: key.Generation,
	}
	return l, derivedToken(key, l.ID)
}

func (g *Gate) addLink(ctx context.Context, l Link, token string, entries []audit.Entry, out []notify.Message) error {
	if err := g.store.AddLink(ctx, l, hashes(g.cfg.LinkKeys, linkToken, token)[0], entries, out); err != nil {
		return fmt.Errorf("keep link: %w", err)
	}
	g.readRevoked(ctx) // the sessions of the ones before
	return nil
}

func seatObject(consultation, participant string) string {
	return "consultation/" + consultation + "/" + participant
}

// errNoDemo keeps tokens that were shown to somebody out of a service that is no demo.
var errNoDemo = errors.New("gate: only a demo gives links away")

// DemoSeatLink makes a link to a seat and returns its token instead of sending it. It does
// so in a demo only.
func (g *Gate) DemoSeatLink(ctx context.Context, seat Seat) (token string, err error) {
	if !g.cfg.Demo {
		return "", errNoDemo
	}
	link, token := g.seatLink(seat)
	return token, g.addLink(ctx, link, token, nil, nil)
}

// DemoStaffLink makes a link that signs staff in without a password, and returns its token.
// It does so in a demo only, and in a demo only does such a link open anything.
func (g *Gate) DemoStaffLink(ctx context.Context, a Assignment, expires time.Time) (token string, err error) {
	if !g.cfg.Demo {
		return "", errNoDemo
	}
	link := Link{
		ID: newSecretID(), Kind: DemoLink, Person: a.Person, Role: a.Role, Organisation: a.Organisation, Assignment: a.ID,
		Owner: a.Organisation, Made: g.now(), Expires: expires,
	}
	token = newToken()
	return token, g.addLink(ctx, link, token, nil, nil)
}
