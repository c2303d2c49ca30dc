package store

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/scheduling"
)

// outlook is a calendar elsewhere of Tuva's, never read.
func outlook(id string) scheduling.Feed {
	return scheduling.Feed{ID: id, Person: "tuva", Address: "https://outlook.example/s3cret/" + id + ".ics", Added: tenOClock, Due: tenOClock}
}

// during are hours after ten o'clock.
func during(hours ...[2]int) (out []scheduling.Span) {
	for _, h := range hours {
		out = append(out, scheduling.Span{Starts: tenOClock.Add(time.Duration(h[0]) * time.Hour), Ends: tenOClock.Add(time.Duration(h[1]) * time.Hour)})
	}
	return out
}

// elsewhere is when a calendar outside says that Tuva is busy, within two days.
func elsewhere(t *testing.T, s *Appointments) (out []scheduling.Span) {
	t.Helper()
	known, err := s.Time(t.Context(), []scheduling.Subject{"tuva"}, tenOClock, tenOClock.AddDate(0, 0, 2))
	must(t, err)
	for _, e := range known.Elsewhere {
		out = append(out, e.Span)
	}
	return out
}

func TestACalendarElsewhereIsKeptWholeAndItsAddressSealed(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := db.Appointments()
		want := outlook("f1")
		want.Mark, want.Read, want.Known, want.Due = `W/"v1"`, tenOClock, tenOClock.AddDate(1, 0, 0), tenOClock.Add(time.Minute)
		want.Tries, want.Fault, want.Since, want.Details = 2, scheduling.FeedUnknownZone, tenOClock, "Fjord Standard Time"
		e := audit.New(tenOClock, access.Actor{Person: "tuva"}, "calendar.write", audit.Done)
		must(t, s.AddFeed(t.Context(), want, during([2]int{1, 2}, [2]int{3, 4}), 5, []audit.Entry{e}))
		closed(t, db)
		db = p.open(t)
		s = db.Appointments()
		got, made, err := s.Feeds(t.Context(), "tuva", tenOClock.Add(2*time.Hour))
		must(t, err)
		want.Busy = 1
		if !made.IsZero() || !reflect.DeepEqual(got, []scheduling.Feed{want}) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if entries := audited(t, db); len(entries) != 1 {
			t.Errorf("on record: %+v", entries)
		}
		if found := elsewhere(t, s); !reflect.DeepEqual(found, during([2]int{1, 2}, [2]int{3, 4})) {
			t.Errorf("busy %v", found)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			r, err := one(x, scheduling.ErrNotFound, scanFeed, "SELECT "+feedColumns+" FROM calendar_feeds")
			for _, secret := range []string{"s3cret", "outlook", "v1", "Fjord"} {
				if bytes.Contains(r.address, []byte(secret)) || bytes.Contains(r.words, []byte(secret)) {
					t.Errorf("%s is readable in the database", secret)
				}
			}
			return err
		}))
	})
}

func TestNobodyHasMoreCalendarsElsewhereThanTheyMay(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		s := p.open(t).Appointments()
		var wait sync.WaitGroup
		outcomes := make([]error, 5)
		for i := range outcomes {
			wait.Go(func() { outcomes[i] = s.AddFeed(t.Context(), outlook(fmt.Sprint("f", i)), nil, 2, nil) })
		}
		wait.Wait()
		added := 0
		for _, err := range outcomes {
			if err == nil {
				added++
			} else if !errors.Is(err, scheduling.ErrTooMany) {
				t.Error(err)
			}
		}
		feeds, _, err := s.Feeds(t.Context(), "tuva", tenOClock)
		must(t, err)
		if added != 2 || len(feeds) != 2 {
			t.Errorf("%d were added, %d are there", added, len(feeds))
		}
		another := outlook("g1")
		another.Person = "mari"
		must(t, s.AddFeed(t.Context(), another, nil, 2, nil))
	})
}

func TestOfManyReadersEachTakesAnotherCalendar(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		s := p.open(t).Appointments()
		later := outlook("later")
		later.Due = tenOClock.Add(time.Minute)
		must(t, s.AddFeed(t.Context(), later, nil, 9, nil))
		for i := range 4 {
			must(t, s.AddFeed(t.Context(), outlook(fmt.Sprint("f", i)), nil, 9, nil))
		}
		lease := tenOClock.Add(2 * time.Minute)
		claimed := make([]scheduling.Feed, 6)
		var wait sync.WaitGroup
		for i := range claimed {
			wait.Go(func() {
				var err error
				claimed[i], err = s.ClaimFeed(t.Context(), tenOClock, lease)
				if err != nil && !errors.Is(err, scheduling.ErrNotFound) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		seen := map[string]int{}
		for _, f := range claimed {
			if f.ID != "" && (f.Address != outlook(f.ID).Address || !f.Due.Equal(lease)) {
				t.Errorf("claimed %+v", f)
			}
			seen[f.ID]++
		}
		if !reflect.DeepEqual(seen, map[string]int{"": 2, "f0": 1, "f1": 1, "f2": 1, "f3": 1}) {
			t.Errorf("claimed %v", seen)
		}
		// Of a reader that has died with it, another takes it.
		again, err := s.ClaimFeed(t.Context(), lease, lease.Add(time.Minute))
		must(t, err)
		if again.ID != "later" {
			t.Errorf("%s was due longest", again.ID)
		}
		again, err = s.ClaimFeed(t.Context(), lease, lease.Add(time.Minute))
		must(t, err)
		if err := s.SaveReading(t.Context(), lease, again, scheduling.Reading{Busy: during([2]int{1, 2})}); !errors.Is(err, scheduling.ErrNotFound) {
			t.Errorf("the first reader, who is back: %v", err)
		}
		if got := elsewhere(t, s); got != nil {
			t.Errorf("busy %v", got)
		}
	})
}

func TestBusyTimesAreThoseThatWereReadLast(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		s := p.open(t).Appointments()
		must(t, s.AddFeed(t.Context(), outlook("f1"), during([2]int{1, 2}, [2]int{3, 4}, [2]int{5, 6}), 5, nil))
		must(t, s.AddFeed(t.Context(), outlook("f2"), during([2]int{1, 2}), 5, nil))
		read := func(r scheduling.Reading, fault scheduling.FeedFault) scheduling.Feed {
			t.Helper()
			lease := tenOClock.Add(time.Hour)
			f, err := s.ClaimFeed(t.Context(), tenOClock, lease)
			must(t, err)
			if f.ID != "f1" {
				t.Fatalf("claimed %s", f.ID)
			}
			f.Due, f.Fault = tenOClock.Add(-time.Minute), fault
			must(t, s.SaveReading(t.Context(), lease, f, r))
			return f
		}
		is := func(what string, want ...[2]int) {
			t.Helper()
			if got := elsewhere(t, s); !reflect.DeepEqual(got, during(want...)) {
				t.Errorf("%s: busy %v", what, got)
			}
		}
		f := read(scheduling.Reading{Busy: during([2]int{1, 2}, [2]int{3, 5}, [2]int{7, 8})}, "")
		is("changed", [2]int{1, 2}, [2]int{1, 2}, [2]int{3, 5}, [2]int{7, 8})
		read(scheduling.Reading{Unchanged: true}, scheduling.FeedUnreachable)
		is("not read", [2]int{1, 2}, [2]int{1, 2}, [2]int{3, 5}, [2]int{7, 8})
		feeds, _, err := s.Feeds(t.Context(), "tuva", tenOClock)
		must(t, err)
		if len(feeds) != 2 || feeds[0].Fault != scheduling.FeedUnreachable || feeds[0].Busy != 3 {
			t.Errorf("%+v", feeds)
		}
		read(scheduling.Reading{}, "")
		is("empty", [2]int{1, 2})
		if err := s.RemoveFeed(t.Context(), "mari", "f2", nil); !errors.Is(err, scheduling.ErrNotFound) {
			t.Errorf("another's: %v", err)
		}
		must(t, s.RemoveFeed(t.Context(), "tuva", "f2", nil))
		is("removed")
		must(t, s.RemoveFeed(t.Context(), "tuva", "f1", nil))
		if err := s.SaveReading(t.Context(), f.Due, f, scheduling.Reading{Busy: during([2]int{1, 2})}); !errors.Is(err, scheduling.ErrNotFound) {
			t.Errorf("removed while it was read: %v", err)
		}
		is("removed while it was read")
	})
}

func TestACalendarHasOneAddressAndOnlyItsHashIsKept(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ring := rings(t, []keyring.Generation{1}, []keyring.Generation{1, 2}, []keyring.Generation{2})
		p.Keyring = ring[0]
		db := p.open(t)
		leads := func(token string, want access.PersonID) {
			t.Helper()
			got, err := db.Appointments().AddressOf(t.Context(), token)
			if got != want || (want == "") != errors.Is(err, scheduling.ErrNotFound) {
				t.Errorf("%s leads to %q, %v", token, got, err)
			}
		}
		must(t, db.Appointments().SaveAddress(t.Context(), "tuva", "first", tenOClock, nil))
		must(t, db.Appointments().SaveAddress(t.Context(), "mari", "maris", tenOClock, nil))
		must(t, db.Appointments().SaveAddress(t.Context(), "tuva", "second", tenOClock.Add(time.Hour), nil))
		leads("first", "")
		leads("second", "tuva")
		leads("maris", "mari")
		leads("", "")
		_, made, err := db.Appointments().Feeds(t.Context(), "tuva", tenOClock)
		if err != nil || !made.Equal(tenOClock.Add(time.Hour)) {
			t.Errorf("made %s, %v", made, err)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			hash, err := one(x, scheduling.ErrNotFound, oneColumn[[]byte], "SELECT hash FROM calendar_addresses WHERE person = 'tuva'")
			if len(hash) != 32 || bytes.Contains(hash, []byte("second")) {
				t.Errorf("kept: %x", hash)
			}
			return err
		}))
		must(t, db.Appointments().SaveAddress(t.Context(), "mari", "", tenOClock, nil))
		leads("maris", "")

		// With new secrets it goes on; and without the old ones, if a program has read it meanwhile.
		for i, generation := range ring[1:] {
			closed(t, db)
			p.Keyring = generation
			db = p.open(t)
			leads("second", "tuva")
			if i == 0 {
				if _, err := db.Rotate(t.Context(), nil, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestOfAnErasedPersonNoCalendarIsLeft(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := db.Appointments()
		must(t, s.AddFeed(t.Context(), outlook("f1"), during([2]int{1, 2}), 5, nil))
		must(t, s.SaveAddress(t.Context(), "tuva", "token", tenOClock, nil))
		var before feedRow
		must(t, db.read(t.Context(), func(x *tx) (err error) {
			before, err = one(x, scheduling.ErrNotFound, scanFeed, "SELECT "+feedColumns+" FROM calendar_feeds")
			return err
		}))
		must(t, db.Erase(t.Context(), "tuva", nil))
		for _, table := range []string{"calendar_feeds", "calendar_addresses", "elsewhere"} {
			if n := rows(t, db, table); n != 0 {
				t.Errorf("%s has %d rows", table, n)
			}
		}
		if _, err := s.AddressOf(t.Context(), "token"); !errors.Is(err, scheduling.ErrNotFound) {
			t.Errorf("the address: %v", err)
		}
		// As a backup would bring it back: nobody reads it, and the reader passes over it.
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			_, err := x.exec("INSERT INTO calendar_feeds ("+feedColumns+") VALUES ('f1', 'tuva', $1, $2, 0, 0, 0, 0, 0, '', 0)", before.address, before.words)
			return err
		}))
		feeds, _, err := s.Feeds(t.Context(), "tuva", tenOClock)
		if err != nil || len(feeds) != 0 {
			t.Errorf("%+v, %v", feeds, err)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			if _, err := x.feed(before); !errors.Is(err, ErrErased) {
				t.Errorf("its address: %v", err)
			}
			return nil
		}))
		if f, err := s.ClaimFeed(t.Context(), tenOClock, tenOClock); !errors.Is(err, scheduling.ErrNotFound) || rows(t, db, "calendar_feeds") != 0 {
			t.Errorf("the reader gets %+v, %v", f, err)
		}
	})
}
