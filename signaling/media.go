package signaling

import (
	"context"

	"github.com/samkonsult/samkonsult/sfu"
)

// Media makes the rooms in which a call's sound and pictures are forwarded.
type Media interface {
	NewRoom(id string) Room
}

// Room is one call's media; sfu.Room says what its methods do.
type Room interface {
	Join(ctx context.Context, cfg sfu.JoinConfig) (p Participant, answer string, err error)
	Close()
}

// Participant is one page's media; sfu.Participant says what its methods do. All but
// Close return at once.
type Participant interface {
	Admit() error
	Publish(src sfu.Source, on bool)
	Want(wishes []sfu.Wish) error
	Lines() []sfu.Line
	Alive() bool
	Close()
}

// Forward is Media by an sfu.Server.
func Forward(s *sfu.Server) Media { return forwarder{s} }

type forwarder struct{ *sfu.Server }

func (f forwarder) NewRoom(id string) Room { return room{f.Server.NewRoom(id)} }

type room struct{ *sfu.Room }

func (r room) Join(ctx context.Context, cfg sfu.JoinConfig) (Participant, string, error) {
	p, answer, err := r.Room.Join(ctx, cfg)
	if err != nil {
		return nil, "", err // a nil *sfu.Participant in an interface would not be nil
	}
	return p, answer, nil
}
