package signaling

import "sync"

// An outbox holds what a page that reads has long been sent: some seconds of a lively call.
const (
	outboxMessages = 256
	outboxBytes    = 1 << 20
)

// outbox is a connection's bounded queue of encoded messages, from the loop to the writer.
type outbox struct {
	wake chan struct{} // holds one token when there is something to write, or the end has come

	mu    sync.Mutex
	queue [][]byte
	bytes int
	ended bool
	code  int // with which to close once the queue is empty; 0: without a close frame
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put queues a message. It returns false when the box is full. After the end what is put
// goes nowhere: the connection is being closed, and its page is told everything when it resumes.
func (o *outbox) put(msg []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return true
	}
	// One message is taken whatever its size, or a long chat could never be sent.
	if len(o.queue) > 0 && (len(o.queue) >= outboxMessages || o.bytes+len(msg) > outboxBytes) {
		return false
	}
	o.queue = append(o.queue, msg)
	o.bytes += len(msg)
	o.signal()
	return true
}

// end closes the connection with the code once what is queued, and last, have been
// written. The first end counts; it returns false for any other.
func (o *outbox) end(last []byte, code int) bool { return o.finish(last, code, false) }

// abort is end without what is queued: the page does not read it.
func (o *outbox) abort(last []byte, code int) bool { return o.finish(last, code, true) }

func (o *outbox) finish(last []byte, code int, drop bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return false
	}
	if drop {
		o.queue = nil
	}
	if last != nil {
		o.queue = append(o.queue, last)
	}
	o.ended, o.code = true, code
	o.signal()
	return true
}

// take returns what is to be written now, and whether that is the last.
func (o *outbox) take() (msgs [][]byte, ended bool, code int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	msgs = o.queue
	o.queue, o.bytes = nil, 0
	return msgs, o.ended, o.code
}

// signal is called with mu held; it only fills a buffer.
func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}
