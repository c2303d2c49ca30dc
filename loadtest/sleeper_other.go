//go:build !linux

package loadtest

import "time"

// sleeper sleeps as precisely as the runtime can.
type sleeper struct{}

func newSleeper() (*sleeper, error) { return &sleeper{}, nil }

func (*sleeper) sleep(d time.Duration) error { time.Sleep(d); return nil }
func (*sleeper) close()                      {}
