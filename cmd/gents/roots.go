package main

import (
	"reflect"
	"strings"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// The roots: everything else is generated because one of these mentions it. A struct of
// signaling/protocol with JSON fields that none of them reaches is an error, so that a new
// message can't be forgotten here.
var (
	fromPage = []any{
		protocol.Hello{}, protocol.Admit{}, protocol.Refuse{}, protocol.Confirm{}, protocol.Remove{}, protocol.Mute{},
		protocol.Lock{}, protocol.End{}, protocol.Leave{}, protocol.Media{}, protocol.Hand{},
		protocol.Beside{}, protocol.Chat{}, protocol.Watch{}, protocol.Want{}, protocol.Ping{},
		protocol.Point{}, protocol.Sample{}, protocol.Ask{}, protocol.Hold{},
		protocol.Draw{}, protocol.Freeze{}, protocol.Show{},
	}
	fromServer = []any{
		protocol.Welcome{}, protocol.Admitted{}, protocol.Joined{}, protocol.Updated{}, protocol.Left{},
		protocol.Lines{}, protocol.Speaking{}, protocol.Chatted{}, protocol.Muted{}, protocol.Locked{},
		protocol.Measured{}, protocol.Limited{}, protocol.Pointed{}, protocol.Sampled{}, protocol.Asked{},
		protocol.Planned{}, protocol.Held{}, protocol.Photographed{}, protocol.Wounded{},
		protocol.Drawn{}, protocol.Frozen{}, protocol.Shown{},
		protocol.Send{}, protocol.Pong{}, protocol.Ended{}, protocol.Closing{}, protocol.Error{},
	}
	httpBodies = []any{
		httpapi.OpenLink{}, httpapi.LinkAnswer{}, httpapi.LinkCode{}, httpapi.Opened{},
		httpapi.AskTicket{}, httpapi.Ticket{}, httpapi.Problem{},
	}
)

// names of the roots' types.
func names(roots []any) []string {
	out := make([]string, len(roots))
	for i, r := range roots {
		out[i] = reflect.TypeOf(r).Name()
	}
	return out
}

// typeName is a message's name on the wire: its Go name in lower case.
func typeName(goName string) string { return strings.ToLower(goName) }
