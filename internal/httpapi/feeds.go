package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// registerFeeds adds people's calendars in other programs.
func (h *Handler) registerFeeds(api huma.API) {
	register(h, api, operation{
		ID: "listFeeds", Method: http.MethodGet, Path: "/feeds", Needs: signedIn, Action: access.CalendarWrite,
		Summary: "One's calendars in other programs",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[CalendarFeeds], error) {
		own, err := h.cfg.Schedule.Feeds(ctx, c.Actor)
		return feedsAnswer(own, err)
	})
	register(h, api, operation{
		ID: "addFeed", Method: http.MethodPost, Path: "/feeds", Needs: signedIn, Action: access.CalendarWrite, Creates: true, Status: http.StatusCreated,
		Time:    15 * time.Second, // the calendar is read meanwhile, if that takes no longer than 8 s
		Summary: "Read busy times from a calendar elsewhere",
	}, func(ctx context.Context, c caller, in *having[AddFeed]) (*holding[CalendarFeeds], error) {
		own, err := h.cfg.Schedule.AddFeed(ctx, c.Actor, in.Body.Address)
		return feedsAnswer(own, err)
	})
	register(h, api, operation{
		ID: "removeFeed", Method: http.MethodDelete, Path: "/feeds/{id}", Needs: signedIn, Action: access.CalendarWrite,
		Summary: "Read a calendar elsewhere no more; or, as out, let others read one's own no more",
	}, func(ctx context.Context, c caller, in *hoursIdInput) (*holding[CalendarFeeds], error) {
		own, err := h.cfg.Schedule.RemoveFeed(ctx, c.Actor, in.ID)
		return feedsAnswer(own, err)
	})
	register(h, api, operation{
		// Not Creates: its answer would be kept, and with it the secret, of which only a hash is. Sent
		// again it makes another address, which does no harm.
		ID: "makeFeed", Method: http.MethodPost, Path: "/feeds/out", Needs: signedIn, Action: access.CalendarWrite,
		Summary: "A new address at which other programs read one's calendar, in place of the one before",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[CalendarFeeds], error) {
		token, own, err := h.cfg.Schedule.MakeAddress(ctx, c.Actor)
		out, err := feedsAnswer(own, err)
		if err == nil {
			out.Body.Out = h.ownCalendarAddress(token)
		}
		return out, err
	})
}

func feedsAnswer(own scheduling.OwnFeeds, err error) (*holding[CalendarFeeds], error) {
	if err != nil {
		return nil, err
	}
	return &holding[CalendarFeeds]{CalendarFeeds{OutMade: ms(own.Made), In: each(own.In, func(f scheduling.Feed) CalendarFeed {
		return CalendarFeed{
			ID: f.ID, Host: f.Host(), ReadAt: ms(f.Read), Busy: f.Busy, Fault: string(f.Fault), Since: ms(f.Since), Details: f.Details,
		}
	})}}, nil
}
