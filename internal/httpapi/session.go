package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// Gate is all that the API asks of signing in: *identity.Gate.
type Gate interface {
	Checker
	SignIns
	SessionKeeper
	Enrolments
	Links
	Tickets
	Machines
}

// SignIns is how an account's person gets in.
type SignIns interface {
	SignIn(ctx context.Context, email string, p identity.Password, device string) (identity.SignedIn, error)
	SecondFactor(ctx context.Context, c identity.Current, code, device string) (identity.SignedIn, error)
	ChooseRole(ctx context.Context, c identity.Current, assignment, device string) (identity.SignedIn, error)
	Profile(ctx context.Context, c identity.Current) (identity.Profile, error)
}

// SessionKeeper knows where people are signed in.
type SessionKeeper interface {
	SignOut(ctx context.Context, c identity.Current) error
	Sessions(ctx context.Context, c identity.Current) ([]identity.Session, error)
	EndSession(ctx context.Context, c identity.Current, id string) error
	EndOtherSessions(ctx context.Context, c identity.Current) error
}

// Enrolments is how an account gets its password and second factor.
type Enrolments interface {
	Invite(ctx context.Context, by access.Actor, person access.PersonID) (identity.Sent, error)
	OpenEnrolment(ctx context.Context, token string) (identity.Enrolment, error)
	FinishEnrolment(ctx context.Context, token string, p identity.Password, code, device string) (identity.SignedIn, error)
	AccountStates(ctx context.Context, people []access.PersonID) (map[access.PersonID]identity.AccountState, error)
}

// The inputs and answers of signing in.
type (
	sessionAnswer struct {
		Cookies []http.Cookie `header:"Set-Cookie"`
		Body    Session
	}
	signedOut struct {
		Cookies []http.Cookie `header:"Set-Cookie"`
	}
	signInInput  struct{ Body SignIn }
	codeInput    struct{ Body SecondFactor }
	roleInput    struct{ Body ChooseRole }
	sessionInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	enrolInput      struct{ Body OpenLink }
	enrolmentAnswer struct{ Body Enrolment }
	finishInput     struct{ Body FinishEnrolment }
	sessionsAnswer  struct{ Body Sessions }
	inviteInput     struct {
		ID access.PersonID `path:"id" maxLength:"64"`
	}
	newLinkAnswer struct{ Body NewLink }
)

// hashing is an operation's time where passwords may have to wait for their turn.
const hashing = 20 * time.Second

func (h *Handler) registerSession(api huma.API) {
	// Signing in costs more than other requests, and tells an attacker more. A hospital's
	// morning shift behind one address is a burst and not a flood.
	attempts := newLimiter[netip.Prefix](5, 100)
	limited := func(c caller) error {
		if wait, ok := attempts.take(addressKey(c.Address), h.cfg.Now(), 1); !ok {
			return tooMany(wait)
		}
		return nil
	}

	register(h, api, operation{ID: "signIn", Method: http.MethodPost, Path: "/session", Summary: "Sign in by e-mail address and password",
		Needs: anybody, Time: hashing, Body: 4 << 10}, func(ctx context.Context, c caller, in *signInInput) (*sessionAnswer, error) {
		if err := limited(c); err != nil {
			return nil, err
		}
		s, err := h.cfg.Gate.SignIn(ctx, in.Body.Email, identity.Password(in.Body.Password), device(c.Agent))
		if err != nil {
			return nil, err
		}
		// Who was signed in here before is not any more.
		if c.signedIn() && c.Handle == "" {
			if err := h.cfg.Gate.SignOut(ctx, c.Current); err != nil {
				return nil, err
			}
		}
		return h.began(ctx, s)
	})

	register(h, api, operation{ID: "secondFactor", Method: http.MethodPost, Path: "/session/code", Summary: "Go on by the second factor's code",
		Needs: begun, Body: 4 << 10}, func(ctx context.Context, c caller, in *codeInput) (*sessionAnswer, error) {
		if err := limited(c); err != nil {
			return nil, err
		}
		s, err := h.cfg.Gate.SecondFactor(ctx, c.Current, in.Body.Code, device(c.Agent))
		if err != nil {
			return nil, err
		}
		return h.began(ctx, s)
	})

	register(h, api, operation{ID: "chooseRole", Method: http.MethodPost, Path: "/session/role", Summary: "Choose organisation and role, or change them",
		Needs: begun, Body: 4 << 10}, func(ctx context.Context, c caller, in *roleInput) (*sessionAnswer, error) {
		s, err := h.cfg.Gate.ChooseRole(ctx, c.Current, in.Body.Assignment, device(c.Agent))
		if err != nil {
			return nil, err
		}
		return h.began(ctx, s)
	})

	register(h, api, operation{ID: "readSession", Method: http.MethodGet, Path: "/session", Summary: "Who is signed in",
		Needs: begun}, func(ctx context.Context, c caller, _ *struct{}) (*sessionAnswer, error) {
		body, err := h.session(ctx, c.Current)
		return &sessionAnswer{Body: body}, err
	})

	register(h, api, operation{ID: "signOut", Method: http.MethodDelete, Path: "/session", Summary: "Sign out",
		Needs: begun}, func(ctx context.Context, c caller, _ *struct{}) (*signedOut, error) {
		if err := h.cfg.Gate.SignOut(ctx, c.Current); err != nil {
			return nil, err
		}
		return &signedOut{Cookies: []http.Cookie{h.sessionCookie(c.Handle, "")}}, nil
	})

	register(h, api, operation{ID: "listSessions", Method: http.MethodGet, Path: "/sessions", Summary: "Where one is signed in",
		Needs: signedIn, Action: access.SessionRead}, func(ctx context.Context, c caller, _ *struct{}) (*sessionsAnswer, error) {
		body, err := h.places(ctx, c.Current)
		return &sessionsAnswer{Body: body}, err
	})

	register(h, api, operation{ID: "endSession", Method: http.MethodDelete, Path: "/sessions/{id}", Summary: "End one of one's sessions",
		Needs: signedIn, Action: access.SessionEnd}, func(ctx context.Context, c caller, in *sessionInput) (*struct{}, error) {
		return nil, h.cfg.Gate.EndSession(ctx, c.Current, in.ID)
	})

	register(h, api, operation{ID: "endOtherSessions", Method: http.MethodDelete, Path: "/sessions", Summary: "End all of one's sessions but this",
		Needs: signedIn, Action: access.SessionEnd}, func(ctx context.Context, c caller, _ *struct{}) (*struct{}, error) {
		return nil, h.cfg.Gate.EndOtherSessions(ctx, c.Current)
	})

	register(h, api, operation{ID: "openEnrolment", Method: http.MethodPost, Path: "/enrolment", Summary: "Open an administrator's link to a new password and second factor",
		Needs: anybody, Body: 4 << 10}, func(ctx context.Context, c caller, in *enrolInput) (*enrolmentAnswer, error) {
		if err := limited(c); err != nil {
			return nil, err
		}
		e, err := h.cfg.Gate.OpenEnrolment(ctx, in.Body.Token)
		return &enrolmentAnswer{Enrolment(e)}, err
	})

	register(h, api, operation{ID: "finishEnrolment", Method: http.MethodPost, Path: "/enrolment/finish", Summary: "Set the new password and second factor, and sign in by them",
		Needs: anybody, Time: hashing, Body: 4 << 10}, func(ctx context.Context, c caller, in *finishInput) (*sessionAnswer, error) {
		if err := limited(c); err != nil {
			return nil, err
		}
		s, err := h.cfg.Gate.FinishEnrolment(ctx, in.Body.Token, identity.Password(in.Body.Password), in.Body.Code, device(c.Agent))
		if err != nil {
			return nil, err
		}
		return h.began(ctx, s)
	})

	register(h, api, operation{ID: "inviteStaff", Method: http.MethodPost, Path: "/staff/{id}/enrolment", Summary: "Send a member of staff a link to a new password and second factor",
		Needs: signedIn, Action: access.AccountRecover}, func(ctx context.Context, c caller, in *inviteInput) (*newLinkAnswer, error) {
		sent, err := h.cfg.Gate.Invite(ctx, c.Actor, in.ID)
		return &newLinkAnswer{NewLink{Channel: string(sent.Channel), Hint: sent.Hint}}, err
	})
}

// began answers with a session that has just begun, and its cookie.
func (h *Handler) began(ctx context.Context, s identity.SignedIn) (*sessionAnswer, error) {
	body, err := h.session(ctx, s.Current)
	if err != nil {
		return nil, err
	}
	return &sessionAnswer{Cookies: []http.Cookie{h.sessionCookie(s.Current.Handle, s.Secret)}, Body: body}, nil
}

// session is who is signed in. Before the second factor it says nothing about them.
func (h *Handler) session(ctx context.Context, c identity.Current) (Session, error) {
	out := Session{Handle: c.Handle, Stage: SessionStage(c.Stage), ExpiresAt: c.ExpiresAt.UnixMilli(), Language: Nynorsk, May: permitted(c)}
	if c.Stage == identity.StageCode {
		return out, nil
	}
	p, err := h.cfg.Gate.Profile(ctx, c)
	if err != nil {
		return Session{}, err
	}
	out.Person = SignedIn{ID: p.Person.ID, Name: p.Person.Name}
	if p.Person.Language != "" {
		out.Language = Language(p.Person.Language)
	}
	if p.Act != nil {
		act := Act(*p.Act)
		out.Act = &act
	}
	for _, a := range p.Acts {
		out.Acts = append(out.Acts, Act(a))
	}
	return out, nil
}

// permitted is what the role allows at all.
func permitted(c identity.Current) []access.Action {
	var may []access.Action
	if c.Stage == identity.StageFull {
		for _, a := range access.Actions() {
			if len(access.Ways(c.Actor.Role, a)) > 0 {
				may = append(may, a)
			}
		}
	}
	return may
}

// places is where someone is signed in.
func (h *Handler) places(ctx context.Context, c identity.Current) (Sessions, error) {
	all, err := h.cfg.Gate.Sessions(ctx, c)
	if err != nil {
		return Sessions{}, err
	}
	own, err := h.cfg.Gate.Profile(ctx, c)
	if err != nil {
		return Sessions{}, err
	}
	var out Sessions
	for _, s := range all {
		place := SessionPlace{
			ID: s.ID, Here: s.ID == c.Actor.Session, Device: s.Device, SignedIn: s.SignedIn.UnixMilli(), LastSeen: s.Seen.UnixMilli(),
		}
		for _, a := range own.Acts {
			if a.Assignment == s.Assignment {
				act := Act(a)
				place.Act = &act
			}
		}
		out.Items = append(out.Items, place)
	}
	return out, nil
}
