package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// part is something that runs as long as the App does: one goroutine in Run.
type part struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{} // closed when run has returned
	err    error         // valid once done is closed
}

// start runs a part in a goroutine, which ends when the part is stopped or fails. ended is
// told when it does.
func start(name string, ended chan<- *part, run func(context.Context) error) *part {
	ctx, cancel := context.WithCancel(context.Background())
	p := &part{name: name, cancel: cancel, done: make(chan struct{})}
	go func() { // ends when run returns; stop waits for it
		if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			p.err = fmt.Errorf("%s: %w", name, err)
		}
		close(p.done)
		ended <- p
	}()
	return p
}

// stop ends a part and waits for it.
func (p *part) stop() error {
	p.cancel()
	<-p.done
	return p.err
}

// shutdownPatience is how long a request that is being answered may still take at the end.
const shutdownPatience = 5 * time.Second

// serveHTTP runs srv on l until ctx ends, and lets running requests finish.
func serveHTTP(ctx context.Context, srv *http.Server, l net.Listener) error {
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(drained)
		patience, cancel := context.WithTimeout(context.Background(), shutdownPatience)
		defer cancel()
		if srv.Shutdown(patience) != nil {
			_ = srv.Close()
		}
	})
	err := srv.Serve(l)
	if !stop() {
		<-drained
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
