package signaling

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// How much one page may say. A page in a lively call stays far below.
const (
	messagesPerSecond = 20
	messagesAtOnce    = 60
	chatsPerSecond    = 2
	chatsAtOnce       = 10
	samplesPerSecond  = 4
	samplesAtOnce     = 20
	drawsPerSecond    = 20
	drawsAtOnce       = 60
	refusalsPerSecond = 1 // refusals for too many messages, before the connection is closed
	refusalsAtOnce    = 20
)

// errEnded tells the reader that the connection is over and nobody is to be told.
var errEnded = errors.New("connection ended")

// conn is one page's websocket. The request's goroutine reads, one other writes;
// everyone else only puts into the outbox.
type conn struct {
	id      string // random; ties the log's lines together
	ws      *websocket.Conn
	out     *outbox
	silence time.Duration
	log     *slog.Logger

	// The reader's own.
	rate     *rate.Limiter
	chats    *rate.Limiter
	samples  *rate.Limiter // a curve that runs takes nothing from all else, and all else nothing from it
	draws    *rate.Limiter // and so with a stroke while it is drawn
	refusals *rate.Limiter
}

func newConn(ws *websocket.Conn, id string, silence time.Duration, log *slog.Logger) *conn {
	cn := &conn{
		id: id, ws: ws, out: newOutbox(), silence: silence, log: log.With("connection", id),
		rate:     rate.NewLimiter(messagesPerSecond, messagesAtOnce),
		chats:    rate.NewLimiter(chatsPerSecond, chatsAtOnce),
		samples:  rate.NewLimiter(samplesPerSecond, samplesAtOnce),
		draws:    rate.NewLimiter(drawsPerSecond, drawsAtOnce),
		refusals: rate.NewLimiter(refusalsPerSecond, refusalsAtOnce),
	}
	ws.SetPingHandler(func(data string) error {
		if !cn.rate.Allow() {
			return nil // RFC 6455 §5.5.3: only the latest ping needs an answer
		}
		return ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(partingTimeout))
	})
	return cn
}

// hello reads the first message, which must come in time and be a Hello.
func (cn *conn) hello(timeout time.Duration) (protocol.Hello, error) {
	// For the whole of it, whatever else comes: or a byte now and then would do to stay.
	if err := cn.ws.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return protocol.Hello{}, fmt.Errorf("%w: %w", errEnded, err)
	}
	data, err := cn.read(protocol.MaxHello)
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return protocol.Hello{}, protocol.NewError(protocol.CodeOutOfOrder, "", "", fmt.Sprintf("hello must come within %v", timeout))
	}
	if err != nil {
		return protocol.Hello{}, err
	}
	cn.ws.SetPongHandler(func(string) error { return cn.ws.SetReadDeadline(time.Now().Add(cn.silence)) })
	msg, err := protocol.DecodeClient(data)
	if err != nil {
		return protocol.Hello{}, err
	}
	hello, ok := msg.(protocol.Hello)
	if !ok {
		return protocol.Hello{}, protocol.NewError(protocol.CodeOutOfOrder, msg.Type(), "type", "must be hello in the first message")
	}
	return hello, nil
}

// next reads the next message. Its error is a *protocol.Error, which may leave the
// connection open, or of the connection, which is then over.
func (cn *conn) next() (protocol.ClientMessage, error) {
	if err := cn.ws.SetReadDeadline(time.Now().Add(cn.silence)); err != nil {
		return nil, fmt.Errorf("%w: %w", errEnded, err)
	}
	data, err := cn.read(protocol.MaxMessage)
	if err != nil {
		return nil, err
	}
	msg, err := protocol.DecodeClient(data)
	if sample, ok := msg.(protocol.Sample); ok && err == nil {
		if !cn.samples.Allow() {
			return nil, cn.tooMany(sample.Type(), fmt.Sprintf("must be at most %d samples a second", samplesPerSecond))
		}
		return sample, nil
	}
	if draw, ok := msg.(protocol.Draw); ok && err == nil {
		if !cn.draws.Allow() {
			return nil, cn.tooMany(draw.Type(), fmt.Sprintf("must be at most %d pieces of strokes a second", drawsPerSecond))
		}
		return draw, nil
	}
	if !cn.rate.Allow() {
		return nil, cn.tooMany("", fmt.Sprintf("must be at most %d messages a second", messagesPerSecond))
	}
	if err != nil {
		return nil, err
	}
	if _, ok := msg.(protocol.Chat); ok && !cn.chats.Allow() {
		return nil, cn.tooMany(msg.Type(), fmt.Sprintf("must be at most %d chat messages a second", chatsPerSecond))
	}
	return msg, nil
}

func (cn *conn) tooMany(re, rule string) *protocol.Error {
	e := protocol.NewError(protocol.CodeRate, re, "", rule)
	e.Fatal = !cn.refusals.Allow()
	return e
}

// read reads one text message of at most so many bytes.
func (cn *conn) read(most int) ([]byte, error) {
	kind, r, err := cn.ws.NextReader()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errEnded, err)
	}
	if kind != websocket.TextMessage {
		return nil, protocol.NewError(protocol.CodeMalformed, "", "", "must be a text message")
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errEnded, err)
	}
	if len(data) > most {
		return nil, protocol.NewError(protocol.CodeTooLarge, "", "", fmt.Sprintf("must be at most %d bytes", most))
	}
	return data, nil
}

// drain reads and forgets until the connection is closed, so that the page gets what
// was written last: closing a socket with unread data would throw that away.
func (cn *conn) drain() {
	for {
		_, r, err := cn.ws.NextReader()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return
		}
		if err != nil {
			break
		}
		_, _ = io.Copy(io.Discard, r) // its error is NextReader's next
	}
	// After a deadline the websocket reads no more; what is below it still does.
	_ = cn.ws.NetConn().SetReadDeadline(time.Now().Add(partingTimeout + lingerTimeout))
	_, _ = io.Copy(io.Discard, cn.ws.NetConn())
}

// send queues a message. It never waits; false means that the page does not read what
// it is sent, and that its connection is now being closed for that.
func (cn *conn) send(m protocol.ServerMessage) bool {
	if cn.out.put(cn.encode(m)) {
		return true
	}
	slow := protocol.NewError(protocol.CodeSlow, "", "", "must read what it is sent")
	if cn.out.abort(cn.encode(*slow), slow.Code.CloseCode()) {
		cn.log.Info("slow consumer")
		// A write that is stuck keeps the last words from being written: it gets little time.
		_ = cn.ws.NetConn().SetWriteDeadline(time.Now().Add(partingTimeout))
	}
	return false
}

// refuse answers a message that is not obeyed, and ends the connection where that is fatal.
func (cn *conn) refuse(e *protocol.Error) {
	level := slog.LevelDebug
	if e.Fatal {
		level = slog.LevelInfo
	}
	cn.log.Log(context.Background(), level, "refused", "code", e.Code, "re", e.Re, "field", e.Field)
	if e.Fatal {
		cn.part(*e, e.Code.CloseCode())
		return
	}
	cn.send(*e)
}

// part sends a last message and closes with the code.
func (cn *conn) part(last protocol.ServerMessage, code int) { cn.out.end(cn.encode(last), code) }

func (cn *conn) encode(m protocol.ServerMessage) []byte {
	data, err := protocol.Encode(m)
	if err != nil { // only by a mistake in the type of a message
		cn.log.Error("message not encoded", "type", m.Type(), "error", err)
	}
	return data
}

// write empties the outbox until it ends or the page is gone, and then closes the
// connection, which ends the reader.
func (cn *conn) write(readerGone <-chan struct{}) {
	defer cn.ws.Close()
	alive := time.NewTicker(cn.silence / 3)
	defer alive.Stop()
	for gone := false; ; {
		msgs, ended, code := cn.out.take()
		within := writeTimeout
		if ended {
			within = partingTimeout
		}
		for _, msg := range msgs {
			if cn.ws.SetWriteDeadline(time.Now().Add(within)) != nil || cn.ws.WriteMessage(websocket.TextMessage, msg) != nil {
				return
			}
		}
		switch {
		case ended:
			cn.close(code, readerGone)
			return
		case gone:
			return
		}
		select {
		case <-cn.out.wake:
		case <-alive.C:
			if cn.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) != nil {
				return
			}
		case <-readerGone:
			gone = true // once more: its last words may have come at the same time
		}
	}
}

// close says why, and gives the page a moment to answer (RFC 6455 §7.1.1: the server
// closes the TCP connection first, after both close frames).
func (cn *conn) close(code int, readerGone <-chan struct{}) {
	frame := websocket.FormatCloseMessage(code, "")
	if cn.ws.WriteControl(websocket.CloseMessage, frame, time.Now().Add(partingTimeout)) != nil {
		return
	}
	linger := time.NewTimer(lingerTimeout)
	defer linger.Stop()
	select {
	case <-readerGone:
	case <-linger.C:
	}
}
