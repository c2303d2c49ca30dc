package signaling

import (
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// right is what a message asks of its writer.
type right struct {
	waiting bool                // also from the waiting room
	needs   protocol.Permission // empty: none
}

// rights lists every message that may follow hello. What is not here is refused.
var rights = map[string]right{
	"ping":    {waiting: true},
	"leave":   {waiting: true},
	"media":   {waiting: true},
	"beside":  {waiting: true},
	"hand":    {},
	"watch":   {},
	"want":    {},
	"point":   {needs: protocol.MaySee},
	"sample":  {needs: protocol.MayMeasure},
	"ask":     {needs: protocol.MayAsk},
	"hold":    {needs: protocol.MayWritePlan},
	"draw":    {needs: protocol.MayDraw},
	"freeze":  {}, // below: whose picture it is may let it go on
	"show":    {needs: protocol.MayDraw},
	"chat":    {needs: protocol.MayChat},
	"admit":   {needs: protocol.MayAdmit},
	"refuse":  {needs: protocol.MayAdmit},
	"confirm": {needs: protocol.MayConfirm},
	"mute":    {needs: protocol.MayMute},
	"remove":  {needs: protocol.MayRemove},
	"lock":    {needs: protocol.MayLock},
	"end":     {needs: protocol.MayEnd},
}

// forbidden says why a message may not come from a member; nil: it may.
func forbidden(m *member, msg protocol.ClientMessage) *protocol.Error {
	if _, again := msg.(protocol.Hello); again {
		return protocol.NewError(protocol.CodeOutOfOrder, msg.Type(), "type", "must not be hello after the first message")
	}
	r, known := rights[msg.Type()]
	switch {
	case !known:
		return protocol.NewError(protocol.CodeForbidden, msg.Type(), "", "is not allowed to anyone")
	case m.going && msg.Type() != "leave":
		return protocol.NewError(protocol.CodeForbidden, msg.Type(), "", "needs a place in the call: the writer is being removed")
	case !m.inCall && !r.waiting:
		return protocol.NewError(protocol.CodeForbidden, msg.Type(), "", "needs a place in the call: the writer still waits")
	case r.needs != "" && !m.seat.may(r.needs):
		return protocol.NewError(protocol.CodeForbidden, msg.Type(), "", fmt.Sprintf("needs the permission %q", r.needs))
	}
	switch msg := msg.(type) {
	case protocol.Media:
		return secondForbidden(m.seat, msg.Type(), msg.Media)
	case protocol.Draw:
		return photoForbidden(m.seat, msg.Type(), "surface.photo", msg.Surface.Photo)
	case protocol.Show:
		return photoForbidden(m.seat, msg.Type(), "photo", msg.Photo)
	case protocol.Freeze:
		if (msg.Frozen || msg.Participant != m.id) && !m.seat.may(protocol.MayDraw) {
			return protocol.NewError(protocol.CodeForbidden, msg.Type(), "", fmt.Sprintf("needs the permission %q", protocol.MayDraw))
		}
	}
	return nil
}

func secondForbidden(seat Seat, re string, m protocol.MediaState) *protocol.Error {
	if m.Second != protocol.SecondNone && !seat.may(protocol.MaySecond) {
		return protocol.NewError(protocol.CodeForbidden, re, "media.second", fmt.Sprintf("needs the permission %q", protocol.MaySecond))
	}
	return nil
}

func photoForbidden(seat Seat, re, field, photo string) *protocol.Error {
	if photo != "" && !seat.may(protocol.MaySeeWounds) {
		return protocol.NewError(protocol.CodeForbidden, re, field, fmt.Sprintf("needs the permission %q", protocol.MaySeeWounds))
	}
	return nil
}

func noResume() *protocol.Error {
	return protocol.NewError(protocol.CodeResume, "hello", "resume", "must be the last welcome's token and epoch, of a seat that is still kept")
}

func offerRequired(re string) *protocol.Error {
	return protocol.NewError(protocol.CodeOfferRequired, re, "offer", "must be there: the media transport is gone")
}

func locked() *protocol.Error {
	return protocol.NewError(protocol.CodeLocked, "hello", "", "the call is locked for newcomers")
}

func ended() *protocol.Error {
	return protocol.NewError(protocol.CodeEnded, "hello", "", "the call was ended for all")
}

func full(re string) *protocol.Error {
	return protocol.NewError(protocol.CodeFull, re, "", fmt.Sprintf("there is room for %d", sfu.MaxParticipants))
}

func internal(re string) *protocol.Error {
	return protocol.NewError(protocol.CodeInternal, re, "", "could not be carried out; the log has more")
}

func notFound(re, field, rule string) *protocol.Error {
	return protocol.NewError(protocol.CodeNotFound, re, field, rule)
}

// wantRefused turns an error of sfu.Participant.Want into a refusal.
func wantRefused(err error) *protocol.Error {
	if errors.Is(err, sfu.ErrNoLine) {
		return notFound("want", "lines", "must name receiving video lines of the offer")
	}
	return internal("want")
}
