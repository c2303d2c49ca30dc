package scheduling

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Feed is a calendar elsewhere, in Outlook or another program, whose busy times are read for
// the one who has added it.
type Feed struct {
	ID      string
	Person  access.PersonID
	Address string // a secret: who has it reads the whole calendar
	Mark    string // by which its server knows what it gave last; opaque
	Added   time.Time
	Due     time.Time // to be read next; of one that is claimed, until when
	Read    time.Time // zero: never
	Known   time.Time // until when its busy times are told by what was read last
	Tries   int       // in vain, since Read
	Fault   FeedFault // of the last try; empty: none
	Since   time.Time // of the first of Tries; zero: there are none
	Details string    // of the fault: the name of a zone, or what exactly it was
	Busy    int       // busy times to come
}

// LogValue keeps the address out of logs.
func (f Feed) LogValue() slog.Value { return slog.StringValue(f.ID) }

// Host is all that is shown of the address.
func (f Feed) Host() string {
	u, err := url.Parse(f.Address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// FeedFault is why a calendar elsewhere could not be read.
type FeedFault string

// The faults.
const (
	FeedUnreachable  FeedFault = "unreachable" // no answer, or none that could be used: for now
	FeedRefused      FeedFault = "refused"     // its owner must give a new address
	FeedMissing      FeedFault = "not-found"   // likewise
	FeedTooLarge     FeedFault = "too-large"
	FeedNoCalendar   FeedFault = "not-a-calendar"
	FeedUnknownZone  FeedFault = "unknown-zone"
	FeedInsideFault  FeedFault = "inside"  // leads into the network of who runs the service
	FeedWrongAddress FeedFault = "address" // is none that may be asked; never kept
)

// FeedError is that a calendar elsewhere can't be read. Neither of its texts holds the address.
type FeedError struct {
	Fault   FeedFault
	Details string // as Feed's
	Words   string // what is wrong, after "address"
}

func (e *FeedError) Error() string { return "a calendar elsewhere: " + string(e.Fault) + " " + e.Words }

// Calendars reads calendars elsewhere.
type Calendars interface {
	// Check says whether an address may be asked at all, and asks nobody. *FeedError.
	Check(address string) error
	// Busy asks a calendar when its owner is busy. *FeedError, or the context's error.
	Busy(ctx context.Context, ask AskBusy) (Reading, error)
}

// AskBusy is a question to a calendar elsewhere.
type AskBusy struct {
	Person      access.PersonID // whose it is
	Address     string
	Mark        string // Reading's of the last time; empty: it is to be read whole
	From, Until time.Time
}

// Reading is the answer.
type Reading struct {
	Unchanged bool // since Mark: nothing is told then
	Mark      string
	Busy      []Span // sorted and apart
}

// FeedStore keeps the calendars elsewhere that people have added, and whose address it is at
// which other programs read people's own.
type FeedStore interface {
	// Feeds are a person's, the longest there first, with how many times they are busy after a
	// moment; and when the address of their own calendar was made, zero: there is none.
	Feeds(ctx context.Context, of access.PersonID, busyAfter time.Time) ([]Feed, time.Time, error)
	// AddFeed adds one with its busy times. ErrTooMany where its person has most already.
	AddFeed(ctx context.Context, f Feed, busy []Span, most int, entries []audit.Entry) error
	// RemoveFeed takes one away with its busy times. ErrNotFound, also for another's.
	RemoveFeed(ctx context.Context, of access.PersonID, id string, entries []audit.Entry) error
	// SaveAddress keeps that a token leads to a person's calendar, in place of the one before;
	// an empty one: none does. Only its keyed hash is kept.
	SaveAddress(ctx context.Context, of access.PersonID, token string, at time.Time, entries []audit.Entry) error
	AddressOf(ctx context.Context, token string) (access.PersonID, error) // ErrNotFound
}

// ErrTooMany is a store's answer to one more than there may be.
var ErrTooMany = errors.New("there are as many as there may be")

const (
	maxFeeds  = 5
	feedEvery = 15 * time.Minute // between readings
	feedAgain = 6 * time.Hour    // the longest wait after readings in vain
	feedBack  = 24 * time.Hour   // nothing is booked further back
	feedAhead = maxSearch + 7*24*time.Hour
)

// Rules of an address.
const (
	ruleInside   = "leads into this network, where the operator must allow it first"
	ruleTwice    = "is read already"
	ruleFeeds    = "must be one of five calendars at most"
	ruleNoReader = "can't be read: this service reads no calendars elsewhere"
)

// OwnFeeds are somebody's calendars in other programs.
type OwnFeeds struct {
	In   []Feed    // read from
	Made time.Time // when the address was made at which others read; zero: there is none
}

// feeding asks whether somebody may see to their own calendars.
func (s *Service) feeding(ctx context.Context, by access.Actor) (audit.Entry, error) {
	return s.mayWrite(ctx, by, Subject(by.Person), owning(by, Subject(by.Person), by.Organisation), "feed")
}

// Feeds are the calendars of the one who asks. Errors: *access.Refused.
func (s *Service) Feeds(ctx context.Context, by access.Actor) (OwnFeeds, error) {
	if _, err := s.feeding(ctx, by); err != nil { // of oneself: nothing to put on record
		return OwnFeeds{}, err
	}
	return s.feedsOf(ctx, by.Person)
}

func (s *Service) feedsOf(ctx context.Context, of access.PersonID) (own OwnFeeds, err error) {
	own.In, own.Made, err = s.cfg.Store.Feeds(ctx, of, s.cfg.Now())
	return own, err
}

// AddFeed has busy times read from a calendar elsewhere, and waits a little for the first
// reading, so that a wrong address is told at once. One that leads into this network is not
// kept. Errors: *access.Refused, *Invalid.
func (s *Service) AddFeed(ctx context.Context, by access.Actor, address string) (OwnFeeds, error) {
	e, err := s.feeding(ctx, by)
	if err != nil {
		return OwnFeeds{}, err
	}
	if s.cfg.Calendars == nil {
		return OwnFeeds{}, &Invalid{"address", ruleNoReader}
	}
	address = strings.TrimSpace(address)
	if err := s.cfg.Calendars.Check(address); err != nil {
		return OwnFeeds{}, wrongAddress(err)
	}
	own, err := s.feedsOf(ctx, by.Person)
	if err != nil {
		return OwnFeeds{}, err
	}
	if slices.ContainsFunc(own.In, func(f Feed) bool { return f.Address == address }) {
		return OwnFeeds{}, &Invalid{"address", ruleTwice}
	}
	if len(own.In) >= maxFeeds {
		return OwnFeeds{}, &Invalid{"address", ruleFeeds}
	}
	now := s.cfg.Now()
	f := Feed{ID: newID(), Person: by.Person, Address: address, Added: now, Due: now}
	first, cancel := context.WithTimeout(ctx, s.cfg.FeedPatience)
	defer cancel()
	read, got, err := f.read(first, s.cfg.Calendars, now)
	switch {
	case err == nil && read.Fault == FeedInsideFault:
		return OwnFeeds{}, &Invalid{"address", ruleInside}
	case err == nil:
		f = read
		f.Due = now.Add(f.wait(feedEvery))
	case ctx.Err() != nil || first.Err() == nil:
		return OwnFeeds{}, err
	} // else it takes long: the reader will have it
	err = s.cfg.Store.AddFeed(ctx, f, got.Busy, maxFeeds, []audit.Entry{e})
	if errors.Is(err, ErrTooMany) {
		return OwnFeeds{}, &Invalid{"address", ruleFeeds}
	}
	if err != nil {
		return OwnFeeds{}, err
	}
	return s.feedsOf(ctx, by.Person)
}

// wrongAddress is what is told of an address that is not kept.
func wrongAddress(err error) error {
	fault, ok := errors.AsType[*FeedError](err)
	switch {
	case !ok:
		return err
	case fault.Fault == FeedInsideFault:
		return &Invalid{"address", ruleInside}
	}
	return &Invalid{"address", fault.Words}
}

// OwnAddress is the id by which RemoveFeed takes away the address of one's own calendar.
const OwnAddress = "out"

// RemoveFeed has a calendar elsewhere read no more, and forgets its busy times; or has one's
// own read no more by others (OwnAddress). Errors: *access.Refused, ErrNotFound.
func (s *Service) RemoveFeed(ctx context.Context, by access.Actor, id string) (OwnFeeds, error) {
	e, err := s.feeding(ctx, by)
	if err != nil {
		return OwnFeeds{}, err
	}
	if id == OwnAddress {
		err = s.cfg.Store.SaveAddress(ctx, by.Person, "", s.cfg.Now(), []audit.Entry{e})
	} else {
		err = s.cfg.Store.RemoveFeed(ctx, by.Person, id, []audit.Entry{e})
	}
	if err != nil {
		return OwnFeeds{}, err
	}
	return s.feedsOf(ctx, by.Person)
}

// read reads a feed, and returns it as it is afterwards, with what it says. Where the reading is
// Unchanged, what was read before still holds: also after a fault, for a time that is probably
// taken is better left alone than booked over. An error is the context's, or our own.
func (f Feed) read(ctx context.Context, c Calendars, now time.Time) (Feed, Reading, error) {
	ask := AskBusy{Person: f.Person, Address: f.Address, Mark: f.Mark, From: now.Add(-feedBack), Until: now.Add(feedAhead)}
	if f.Known.Before(now.Add(maxSearch)) {
		ask.Mark = "" // the days that can be searched have moved past what was read: all of it, anew
	}
	got, err := c.Busy(ctx, ask)
	if fault, ok := errors.AsType[*FeedError](err); ok {
		if f.Tries == 0 {
			f.Since = now
		}
		f.Tries++
		f.Fault, f.Details = fault.Fault, fault.Details
		if f.Fault == FeedWrongAddress { // it was none when it was added, but leads on to one
			f.Fault = FeedUnreachable
		}
		return f, Reading{Unchanged: true}, nil
	}
	if err != nil {
		return f, Reading{}, err
	}
	f.Read, f.Mark = now, got.Mark
	f.Tries, f.Fault, f.Details, f.Since = 0, "", "", time.Time{}
	if !got.Unchanged {
		f.Known = ask.Until
	}
	return f, got, nil
}

// wait is how long until a feed is read again: longer with each try in vain, and never quite
// the same, so that the calendars of a hospital are not all asked at once.
func (f Feed) wait(every time.Duration) time.Duration {
	wait := every
	for range f.Tries - 1 {
		if wait *= 2; wait >= feedAgain {
			wait = feedAgain
			break
		}
	}
	return wait - rand.N(wait/5+1)
}
