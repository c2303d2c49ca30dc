package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Links is what personal links open.
type Links interface {
	OpenLink(ctx context.Context, token string, own identity.Current, device string) (identity.LinkOpened, error)
	AnswerCode(ctx context.Context, token, code, device string) (identity.LinkOpened, error)
	SendCodeAgain(ctx context.Context, token string) (identity.CodeNeeded, error)
	SendLink(ctx context.Context, by access.Actor, has access.Relations, seat identity.Seat) (identity.Sent, error)
	RevokeLink(ctx context.Context, by access.Actor, has access.Relations, seat identity.Seat) error
}

// Tickets is what lets someone into a call.
type Tickets interface {
	IssueTicket(ctx context.Context, c identity.Current, has access.Relations, consultation, participant string) (token string, expires time.Time, err error)
}

// The inputs and answers of links.
type (
	linkInput     struct{ Body OpenLink }
	linkCodeInput struct{ Body LinkCode }
	linkAnswer    struct {
		Cookies []http.Cookie `header:"Set-Cookie"`
		Body    LinkAnswer
	}
)

func (h *Handler) registerLinks(api huma.API) {
	// A link has 128 random bits, and its code locks by itself: this keeps the record clean
	// of those who try all the same.
	attempts := newLimiter[netip.Prefix](10, 100)
	limited := func(c caller) error {
		if wait, ok := attempts.take(addressKey(c.Address), h.cfg.Now(), 1); !ok {
			return tooMany(wait)
		}
		return nil
	}

	register(h, api, operation{ID: "openLink", Method: http.MethodPost, Path: "/link", Needs: anybody, Body: 4 << 10,
		Summary: "Open a personal link: to a session, or to the question for a one-time code"},
		func(ctx context.Context, c caller, in *linkInput) (*linkAnswer, error) {
			if err := limited(c); err != nil {
				return nil, err
			}
			opened, err := h.cfg.Gate.OpenLink(ctx, in.Body.Token, c.Current, device(c.Agent))
			if err != nil {
				return nil, err
			}
			return h.linkAnswer(ctx, opened)
		})

	register(h, api, operation{ID: "answerLinkCode", Method: http.MethodPost, Path: "/link/code", Needs: anybody, Body: 4 << 10,
		Summary: "Open a personal link by its one-time code"},
		func(ctx context.Context, c caller, in *linkCodeInput) (*linkAnswer, error) {
			if err := limited(c); err != nil {
				return nil, err
			}
			opened, err := h.cfg.Gate.AnswerCode(ctx, in.Body.Token, in.Body.Code, device(c.Agent))
			if err != nil {
				return nil, err
			}
			return h.linkAnswer(ctx, opened)
		})

	register(h, api, operation{ID: "sendLinkCodeAgain", Method: http.MethodPost, Path: "/link/again", Needs: anybody, Body: 4 << 10,
		Summary: "Send a link's one-time code anew"},
		func(ctx context.Context, c caller, in *linkInput) (*linkAnswer, error) {
			if err := limited(c); err != nil {
				return nil, err
			}
			needed, err := h.cfg.Gate.SendCodeAgain(ctx, in.Body.Token)
			if err != nil {
				return nil, err
			}
			return &linkAnswer{Body: LinkAnswer{Code: codeNeeded(needed)}}, nil
		})
}

// linkAnswer is what a page needs to go on from an opened link.
func (h *Handler) linkAnswer(ctx context.Context, o identity.LinkOpened) (*linkAnswer, error) {
	if o.Code != nil {
		return &linkAnswer{Body: LinkAnswer{Code: codeNeeded(*o.Code)}}, nil
	}
	out := &linkAnswer{Body: LinkAnswer{Handle: o.Current.Handle}}
	if o.Secret != "" {
		out.Cookies = []http.Cookie{h.sessionCookie(o.Current.Handle, o.Secret)}
	}
	if o.Current.Handle == "" { // an account's, in a demo
		out.Body.SignedIn = true
		return out, nil
	}
	opened, err := h.opened(ctx, o.Current, scheduling.AppointmentID(o.Current.Actor.Consultation))
	if err != nil {
		return nil, err
	}
	out.Body.Opened = &opened
	if err := h.cfg.Schedule.Opened(ctx, o.Current.Actor); err != nil {
		return nil, err
	}
	return out, nil
}

func codeNeeded(n identity.CodeNeeded) *CodeNeeded {
	return &CodeNeeded{
		Channel: string(n.Channel), Hint: n.Hint, ExpiresAt: n.Expires.UnixMilli(), TriesLeft: n.TriesLeft,
		Organisation: n.Organisation, Phone: n.Phone,
	}
}
