// Package sfu carries the media of a call: it receives each participant's sound and
// pictures once and forwards them to the others, unmixed and, but for the headers, unchanged.
//
// A page makes one offer with every media line the call will need and gets one answer.
// What is on which line is told by events; there is no renegotiation.
//
// The way of a packet is one goroutine long: [Server] reads a batch of datagrams from its
// one UDP port, the page's transport decrypts each, the layer it belongs to counts and
// caches it, and each subscriber's downTrack rewrites it into the batch that is written
// back when the datagrams that were read are through. What is due by time (reports,
// requests for lost packets, choice of layers) is done by one pulse for all rooms.
//
// Locks are taken in this order: transport.telling, Room.mu, Participant.inMu, layer.mu,
// downTrack.mu, then those of transport and of tcpConn. Participant.ctlMu, Room.levels,
// events.mu and Server's are taken with any of them held, and nothing is taken in them, but
// that remotesMu and Server.mu are never held together.
package sfu

import "errors"

// MaxParticipants is how many can be in one room.
const MaxParticipants = 8

// Errors that Join and Want return, wrapped with their cause.
var (
	ErrOffer    = errors.New("offer can't be used")
	ErrRoomFull = errors.New("room is full")
	ErrClosed   = errors.New("closed")
	ErrNoLine   = errors.New("not a receiving video line")
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

// Wish is how the page shows one video line.
type Wish struct {
	MID           string
	Visible       bool
	Width, Height int // device pixels; 0 means as large as there is
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
	// Disconnected: nothing has come from the page for 3 s; Connected follows if it comes back.
	Disconnected struct{}
	// Failed: the transport is gone for good; the page needs a new PeerConnection.
	Failed struct{}
	// LinesChanged: the whole assignment of this participant's receiving lines.
	LinesChanged struct{ Lines []Line }
	// SendChanged: which layers and codec of this participant's source are of use.
	// RIDs is empty where the source has no layers to choose from.
	SendChanged struct {
		Source Source
		RIDs   []string
		Codec  string // "VP8", "H264", "VP9", "AV1"
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
