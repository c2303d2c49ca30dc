// Package sfu carries the media of a call: it receives each participant's sound and
// pictures once and forwards them to the others, unmixed and, but for the headers, unchanged.
package sfu

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
)

// MaxParticipants is how many can be in one room.
const MaxParticipants = 8

// Errors that Join returns, wrapped with their cause.
var (
	ErrOffer    = errors.New("offer can't be used")
	ErrRoomFull = errors.New("room is full")
	ErrClosed   = errors.New("closed")
)

// ParticipantID names a participant in a room; it is stable over reconnections.
type ParticipantID string

// Source is one of the three things that a participant sends.
type Source uint8

// The sources, in the order of their lines in the offer.
const (
	Microphone Source = iota
	Camera
	Second
)

// Config of a Server. The zero value listens on a free loopback port.
type Config struct {
	UDP       netip.AddrPort // media port; zero means 127.0.0.1:0
	PublicIPs []netip.Addr   // written into answers instead of the addresses of the interfaces; empty: those
	// TCPPort is the port on which ServeTCP's connections arrive, written into
	// answers as ICE-TCP candidates (RFC 6544); 0 means none.
	TCPPort uint16
	Readers int      // sockets on the one port, each with its own goroutine; 0 means GOMAXPROCS
	Codecs  []string // video codecs in order of preference; empty means VP8, H264, VP9, AV1
	Log     *slog.Logger
}

// Server owns the sockets and the rooms.
type Server struct{}

// Listen opens the UDP port. Nothing is read before Run.
func Listen(cfg Config) (*Server, error) { panic("not built yet") }

// Run reads and forwards until ctx ends, then closes every room.
func (s *Server) Run(ctx context.Context) error { panic("not built yet") }

// UDPAddr is the media port.
func (s *Server) UDPAddr() netip.AddrPort { panic("not built yet") }

// ServeTCP takes over a TCP connection whose first bytes are an RFC 4571 frame with a
// STUN message. It blocks until the connection ends.
func (s *Server) ServeTCP(c net.Conn) { panic("not built yet") }

// NewRoom makes an empty room.
func (s *Server) NewRoom(id string) *Room { panic("not built yet") }

// Room is one call's media.
type Room struct{}

// Close ends every participant and waits until all they started is gone.
func (r *Room) Close() { panic("not built yet") }

// JoinConfig is what a participant comes with.
type JoinConfig struct {
	ID       ParticipantID
	Offer    string // SDP of the page's one offer (MEDIA.md)
	Admitted bool   // false: connected, and nothing is forwarded either way until Admit
	// Events is called, never with a lock held and never at the same time for one participant,
	// for everything in Event. It must not block and must not call Close.
	Events func(Event)
}

// Join answers the offer. A participant of the same id that is still there is closed and
// its lines are taken over: the others keep theirs and see no cut but the missing pictures.
func (r *Room) Join(ctx context.Context, cfg JoinConfig) (p *Participant, answer string, err error) { panic("not built yet") }

// Participant is one connected page.
type Participant struct{}

// Admit lets media flow both ways, from the cached pictures on.
func (p *Participant) Admit() { panic("not built yet") }

// Publish tells whether a source is on. A second picture gets a line at the others only
// while it is on; a microphone or camera that is off keeps its line and forwards nothing.
func (p *Participant) Publish(src Source, on bool) { panic("not built yet") }

// Want replaces the wishes for the video lines it names.
// It returns ErrNoLine, wrapped, for a line that is not a receiving video line, and changes nothing then.
func (p *Participant) Want(wishes []Wish) error { panic("not built yet") }

// Lines is the current assignment of the participant's receiving lines.
func (p *Participant) Lines() []Line { panic("not built yet") }

// Alive says whether the transport is connected, or still connecting.
func (p *Participant) Alive() bool { panic("not built yet") }

// Close ends the participant and waits until all it started is gone.
func (p *Participant) Close() { panic("not built yet") }

// ErrNoLine is returned for a line that is not a receiving video line.
var ErrNoLine = errors.New("not a receiving video line")

// Wish is how the page shows one video line.
type Wish struct {
	MID           string
	Visible       bool
	Width, Height int // device pixels
	Chosen        bool
}

// Line says whose media is on a receiving line.
type Line struct {
	MID         string
	Participant ParticipantID
	Source      Source
}

// Event is what a participant's transport and media tell.
type Event interface{ event() }

// The events.
type (
	// Connected: ICE and DTLS are up.
	Connected struct{}
	// Disconnected: nothing has come from the page for 2 s; Connected follows if it comes back.
	Disconnected struct{}
	// Failed: the transport is gone for good; the page needs a new PeerConnection.
	Failed struct{}
	// LinesChanged: the whole assignment of this participant's receiving lines.
	LinesChanged struct{ Lines []Line }
	// SendChanged: which layers and codec of this participant's source are of use.
	SendChanged struct {
		Source Source
		RIDs   []string
		Codec  string
	}
	// Speaking: who speaks in the room now, loudest first.
	Speaking struct{ Participants []ParticipantID }
	// QualityChanged: how well this participant's connection carries.
	QualityChanged struct{ Quality Quality }
)

// Quality of a participant's connection.
type Quality uint8

// The qualities.
const (
	QualityUnknown Quality = iota
	QualityGood
	QualityPoor
	QualityAudioOnly
	QualityLost
)

func (Connected) event()      {}
func (Disconnected) event()   {}
func (Failed) event()         {}
func (LinesChanged) event()   {}
func (SendChanged) event()    {}
func (Speaking) event()       {}
func (QualityChanged) event() {}
