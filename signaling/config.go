package signaling

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"
)

// Config of a Server. The first four must be given.
type Config struct {
	Admission Admission
	Media     Media
	Directory Directory
	Journal   Journal

	// Live is what is measured of the patient; nil: nothing is.
	Live Live
	// PublicURL is where pages come from, "https://video.example.no". Pages from the host
	// that a request itself names are let in beside it; others are refused. Empty: only those.
	PublicURL string
	// ResumeWindow is how long a seat is kept for a page that has lost its connection, and
	// how long an empty consultation stays in memory; 0 means 60 s.
	ResumeWindow time.Duration
	// HelloTimeout is how long a new connection may say nothing; 0 means 10 s.
	HelloTimeout time.Duration
	// Silence is how long any other may; 0 means 15 s. It is asked for a sign of life every third of it.
	Silence time.Duration
	// RetryAfter is the least time that pages are told to stay away when the server goes
	// down; each is told up to as much again more. 0 means 1 s.
	RetryAfter time.Duration
	// Log gets ids, never names or content; nil: nothing is logged.
	Log *slog.Logger
}

// Times that nobody needs to choose.
const (
	outsideTimeout = 5 * time.Second  // for one call of Admission, Journal or Directory
	joinTimeout    = 10 * time.Second // for Media to answer an offer
	writeTimeout   = 10 * time.Second // for one message to leave
	partingTimeout = 2 * time.Second  // for the last messages of a connection to leave
	lingerTimeout  = time.Second      // for a page to answer the close frame
)

// complete checks the config and fills in what is left out.
func (c Config) complete() (Config, *url.URL, error) {
	if c.Admission == nil || c.Media == nil || c.Directory == nil || c.Journal == nil {
		return c, nil, errors.New("signaling: Admission, Media, Directory and Journal must be given")
	}
	var public *url.URL
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil {
			return c, nil, fmt.Errorf("signaling: PublicURL: %w", err)
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return c, nil, fmt.Errorf("signaling: PublicURL %q must be http(s)://host", c.PublicURL)
		}
		public = u
	}
	for _, d := range []struct {
		field string
		value *time.Duration
		usual time.Duration
	}{
		{"ResumeWindow", &c.ResumeWindow, 60 * time.Second},
		{"HelloTimeout", &c.HelloTimeout, 10 * time.Second},
		{"Silence", &c.Silence, 15 * time.Second},
		{"RetryAfter", &c.RetryAfter, time.Second},
	} {
		if *d.value < 0 {
			return c, nil, fmt.Errorf("signaling: %s must not be negative", d.field)
		}
		if *d.value == 0 {
			*d.value = d.usual
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, public, nil
}
