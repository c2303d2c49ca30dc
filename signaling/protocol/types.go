package protocol

import (
	"reflect"
	"strings"
)

// Message is one message, from either side. Its Type stands in the JSON as "type".
type Message interface {
	Type() string
}

// ClientMessage is what a page may send.
type ClientMessage interface {
	Message
	// fault names the first field that breaks its documented rule; an empty rule means none does.
	fault() (field, rule string)
}

// ServerMessage is what the server may send.
type ServerMessage interface {
	Message
	fromServer()
}

// ClientMessages returns a zero value of every message that a page may send, in the
// order of a visit. Generators, tests and decoders read it; nothing else lists them.
func ClientMessages() []ClientMessage {
	return []ClientMessage{
		Hello{}, Ping{}, Leave{}, Media{}, Beside{}, Hand{}, Chat{}, Watch{}, Want{},
		Point{}, Sample{}, Ask{}, Hold{}, Draw{}, Freeze{}, Show{},
		Admit{}, Refuse{}, Confirm{}, Mute{}, Remove{}, Lock{}, End{},
	}
}

// ServerMessages returns a zero value of every message that the server may send.
func ServerMessages() []ServerMessage {
	return []ServerMessage{
		Welcome{}, Admitted{}, Joined{}, Updated{}, Left{}, Lines{}, Speaking{}, Chatted{},
		Measured{}, Limited{}, Pointed{}, Sampled{}, Asked{},
		Planned{}, Held{}, Photographed{}, Wounded{}, Drawn{}, Frozen{}, Shown{},
		Muted{}, Locked{}, Send{}, Pong{}, Ended{}, Closing{}, Error{},
	}
}

// The names of the messages from the page.
func (Hello) Type() string   { return "hello" }
func (Admit) Type() string   { return "admit" }
func (Refuse) Type() string  { return "refuse" }
func (Confirm) Type() string { return "confirm" }
func (Remove) Type() string  { return "remove" }
func (Mute) Type() string    { return "mute" }
func (Lock) Type() string    { return "lock" }
func (End) Type() string     { return "end" }
func (Leave) Type() string   { return "leave" }
func (Media) Type() string   { return "media" }
func (Hand) Type() string    { return "hand" }
func (Beside) Type() string  { return "beside" }
func (Chat) Type() string    { return "chat" }
func (Watch) Type() string   { return "watch" }
func (Want) Type() string    { return "want" }
func (Point) Type() string   { return "point" }
func (Sample) Type() string  { return "sample" }
func (Ask) Type() string     { return "ask" }
func (Hold) Type() string    { return "hold" }
func (Draw) Type() string    { return "draw" }
func (Freeze) Type() string  { return "freeze" }
func (Show) Type() string    { return "show" }
func (Ping) Type() string    { return "ping" }

// The names of the messages from the server.
func (Welcome) Type() string      { return "welcome" }
func (Admitted) Type() string     { return "admitted" }
func (Joined) Type() string       { return "joined" }
func (Updated) Type() string      { return "updated" }
func (Left) Type() string         { return "left" }
func (Lines) Type() string        { return "lines" }
func (Speaking) Type() string     { return "speaking" }
func (Chatted) Type() string      { return "chatted" }
func (Measured) Type() string     { return "measured" }
func (Limited) Type() string      { return "limited" }
func (Pointed) Type() string      { return "pointed" }
func (Sampled) Type() string      { return "sampled" }
func (Asked) Type() string        { return "asked" }
func (Planned) Type() string      { return "planned" }
func (Held) Type() string         { return "held" }
func (Drawn) Type() string        { return "drawn" }
func (Frozen) Type() string       { return "frozen" }
func (Shown) Type() string        { return "shown" }
func (Photographed) Type() string { return "photographed" }
func (Wounded) Type() string      { return "wounded" }
func (Muted) Type() string        { return "muted" }
func (Locked) Type() string       { return "locked" }
func (Send) Type() string         { return "send" }
func (Pong) Type() string         { return "pong" }
func (Ended) Type() string        { return "ended" }
func (Closing) Type() string      { return "closing" }
func (Error) Type() string        { return "error" }

func (Welcome) fromServer()      {}
func (Admitted) fromServer()     {}
func (Joined) fromServer()       {}
func (Updated) fromServer()      {}
func (Left) fromServer()         {}
func (Lines) fromServer()        {}
func (Speaking) fromServer()     {}
func (Chatted) fromServer()      {}
func (Measured) fromServer()     {}
func (Limited) fromServer()      {}
func (Pointed) fromServer()      {}
func (Sampled) fromServer()      {}
func (Asked) fromServer()        {}
func (Planned) fromServer()      {}
func (Held) fromServer()         {}
func (Drawn) fromServer()        {}
func (Frozen) fromServer()       {}
func (Shown) fromServer()        {}
func (Photographed) fromServer() {}
func (Wounded) fromServer()      {}
func (Muted) fromServer()        {}
func (Locked) fromServer()       {}
func (Send) fromServer()         {}
func (Pong) fromServer()         {}
func (Ended) fromServer()        {}
func (Closing) fromServer()      {}
func (Error) fromServer()        {}

// Error makes a refusal a Go error; it holds no content of the refused message.
func (e Error) Error() string {
	var b strings.Builder
	if e.Re != "" {
		b.WriteString(e.Re + ": ")
	}
	if e.Field != "" {
		b.WriteString(e.Field + " ")
	}
	b.WriteString(e.Rule)
	b.WriteString(" (" + string(e.Code) + ")")
	return b.String()
}

// NewError is a refusal of a message of type re; whether it is fatal follows from its code.
func NewError(code Code, re, field, rule string) *Error {
	return &Error{Code: code, Field: field, Rule: rule, Re: re, Fatal: code.Fatal()}
}

// Fatal says whether the connection is always closed after an Error with this code.
func (c Code) Fatal() bool {
	switch c {
	case CodeInvalid, CodeForbidden, CodeNotFound, CodeRate:
		return false
	default:
		return true
	}
}

// CloseCode is the websocket close code that follows a fatal Error with this code.
func (c Code) CloseCode() int {
	switch c {
	case CodeTicket, CodeResume, CodeLocked, CodeFull:
		return CloseDenied
	case CodeEnded:
		return CloseLeft
	case CodeRate, CodeSlow:
		return CloseSlow
	case CodeInternal:
		return CloseInternal
	default:
		return CloseProtocol
	}
}

// CloseCode is the websocket close code that follows Ended with this reason.
func (r EndReason) CloseCode() int {
	switch r {
	case EndedReplaced:
		return CloseReplaced
	case EndedRemoved, EndedRefused:
		return CloseDenied
	default:
		return CloseLeft
	}
}

// byType indexes zero values by their type names.
func byType[M Message](all []M) map[string]reflect.Type {
	types := make(map[string]reflect.Type, len(all))
	for _, m := range all {
		types[m.Type()] = reflect.TypeOf(m)
	}
	return types
}
