package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
)

// feedRow is a row of calendar_feeds, its address and words still sealed.
type feedRow struct {
	scheduling.Feed
	address, words []byte
}

// feedWords is what calendar_feeds.words holds: a calendar outside has chosen them.
type feedWords struct {
	Mark    string `json:"mark,omitempty"`
	Details string `json:"details,omitempty"`
}

const feedColumns = "id, person, address, words, added_at, due_at, read_at, known_until, tries, fault, fault_since"

func scanFeed(row scanner) (r feedRow, err error) {
	var added, due, read, known, since int64
	err = row.Scan(&r.ID, &r.Person, &r.address, &r.words, &added, &due, &read, &known, &r.Tries, &r.Fault, &since)
	r.Added, r.Due, r.Read, r.Known, r.Since = momentOf(added), momentOf(due), momentOrNone(read), momentOrNone(known), momentOrNone(since)
	return r, err
}

func feedAddressCell(id string) string { return cell("calendar_feeds", "address", id) }
func feedWordsCell(id string) string   { return cell("calendar_feeds", "words", id) }

// feed opens a row; ErrErased when its person is.
func (t *tx) feed(r feedRow) (scheduling.Feed, error) {
	address, err := t.open(string(r.Person), feedAddressCell(r.ID), r.address)
	if err != nil {
		return r.Feed, err
	}
	var words feedWords
	if err := t.openJSON(string(r.Person), feedWordsCell(r.ID), r.words, &words); err != nil {
		return r.Feed, err
	}
	r.Address, r.Mark, r.Details = string(address), words.Mark, words.Details
	return r.Feed, nil
}

// Feeds implements scheduling.FeedStore.
func (s *Appointments) Feeds(ctx context.Context, of access.PersonID, busyAfter time.Time) (out []scheduling.Feed, made time.Time, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		out, made = nil, time.Time{}
		rows, err := all(t, scanFeed, "SELECT "+feedColumns+" FROM calendar_feeds WHERE person = $1 ORDER BY added_at, id", string(of))
		if err != nil {
			return err
		}
		for _, r := range rows {
			f, err := t.feed(r)
			if errors.Is(err, ErrErased) {
				continue
			}
			if err != nil {
				return err
			}
			f.Busy, err = one(t, nil, oneColumn[int], "SELECT COUNT(*) FROM elsewhere WHERE feed = $1 AND ends > $2", f.ID, busyAfter.UnixMilli())
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		ms, err := all(t, oneColumn[int64], "SELECT made_at FROM calendar_addresses WHERE person = $1", string(of))
		if len(ms) > 0 {
			made = momentOf(ms[0])
		}
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("calendars elsewhere: %w", err)
	}
	return out, made, nil
}

// AddFeed implements scheduling.FeedStore.
func (s *Appointments) AddFeed(ctx context.Context, f scheduling.Feed, busy []scheduling.Span, most int, entries []audit.Entry) error {
	err := s.db.change(ctx, entries, nil, func(t *tx) error {
		n, err := one(t, nil, oneColumn[int], "SELECT COUNT(*) FROM calendar_feeds WHERE person = $1", string(f.Person))
		if err != nil {
			return err
		}
		if n >= most {
			return scheduling.ErrTooMany
		}
		address, err := t.seal(string(f.Person), feedAddressCell(f.ID), []byte(f.Address))
		if err != nil {
			return err
		}
		words, err := t.sealJSON(string(f.Person), feedWordsCell(f.ID), feedWords{f.Mark, f.Details})
		if err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO calendar_feeds ("+feedColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
			f.ID, string(f.Person), address, words, f.Added.UnixMilli(), f.Due.UnixMilli(), msOrNone(f.Read), msOrNone(f.Known),
			f.Tries, string(f.Fault), msOrNone(f.Since)); err != nil {
			return err
		}
		return t.setElsewhere(f, busy)
	})
	if err != nil {
		return fmt.Errorf("add calendar %s: %w", f.ID, err)
	}
	return nil
}

// RemoveFeed implements scheduling.FeedStore.
func (s *Appointments) RemoveFeed(ctx context.Context, of access.PersonID, id string, entries []audit.Entry) error {
	err := s.db.change(ctx, entries, nil, func(t *tx) error {
		n, err := t.exec("DELETE FROM calendar_feeds WHERE id = $1 AND person = $2", id, string(of)) // and elsewhere with it
		return changed(n, err, scheduling.ErrNotFound)
	})
	if err != nil {
		return fmt.Errorf("remove calendar %s: %w", id, err)
	}
	return nil
}

// ClaimFeed implements scheduling.FeedQueue.
func (s *Appointments) ClaimFeed(ctx context.Context, now, until time.Time) (f scheduling.Feed, err error) {
	const due = "SELECT " + feedColumns + " FROM calendar_feeds WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1"
	// Most looks find nothing, and must not keep the writers waiting.
	err = s.db.read(ctx, func(t *tx) error {
		_, err := one(t, scheduling.ErrNotFound, scanFeed, due, now.UnixMilli())
		return err
	})
	if err != nil {
		return scheduling.Feed{}, err
	}
	found := false
	err = s.db.change(ctx, nil, nil, func(t *tx) error {
		for found = false; !found; {
			rows, err := all(t, scanFeed, due, now.UnixMilli())
			if err != nil || len(rows) == 0 {
				return err
			}
			f, err = t.feed(rows[0])
			if errors.Is(err, ErrErased) {
				if _, err := t.exec("DELETE FROM calendar_feeds WHERE id = $1", f.ID); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			found, f.Due = true, until
			if _, err := t.exec("UPDATE calendar_feeds SET due_at = $2 WHERE id = $1", f.ID, until.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return scheduling.Feed{}, fmt.Errorf("claim a calendar: %w", err)
	case !found:
		return scheduling.Feed{}, scheduling.ErrNotFound
	}
	return f, nil
}

// SaveReading implements scheduling.FeedQueue.
func (s *Appointments) SaveReading(ctx context.Context, claimed time.Time, f scheduling.Feed, r scheduling.Reading) error {
	err := s.db.change(ctx, nil, nil, func(t *tx) error {
		words, err := t.sealJSON(string(f.Person), feedWordsCell(f.ID), feedWords{f.Mark, f.Details})
		if errors.Is(err, ErrErased) {
			return scheduling.ErrNotFound
		}
		if err != nil {
			return err
		}
		n, err := t.exec(`UPDATE calendar_feeds SET words = $3, due_at = $4, read_at = $5, known_until = $6, tries = $7, fault = $8, fault_since = $9
			WHERE id = $1 AND due_at = $2`, f.ID, claimed.UnixMilli(), words, f.Due.UnixMilli(), msOrNone(f.Read), msOrNone(f.Known),
			f.Tries, string(f.Fault), msOrNone(f.Since))
		if err := changed(n, err, scheduling.ErrNotFound); err != nil || r.Unchanged {
			return err
		}
		return t.setElsewhere(f, r.Busy)
	})
	if err != nil {
		return fmt.Errorf("save calendar %s: %w", f.ID, err)
	}
	return nil
}

// setElsewhere makes a feed's busy times these. From one reading to the next nearly all stay,
// and are not written again.
func (t *tx) setElsewhere(f scheduling.Feed, busy []scheduling.Span) error {
	type times struct{ starts, ends int64 }
	kept, err := all(t, func(row scanner) (v times, err error) { return v, row.Scan(&v.starts, &v.ends) },
		"SELECT starts, ends FROM elsewhere WHERE feed = $1", f.ID)
	if err != nil {
		return err
	}
	wanted := make(map[times]bool, len(busy))
	for _, b := range busy {
		wanted[times{b.Starts.UnixMilli(), b.Ends.UnixMilli()}] = true
	}
	for _, old := range kept {
		if wanted[old] {
			delete(wanted, old)
			continue
		}
		if _, err := t.exec("DELETE FROM elsewhere WHERE subject = $1 AND ends = $2 AND feed = $3", string(f.Person), old.ends, f.ID); err != nil {
			return err
		}
	}
	for added := range wanted {
		if _, err := t.exec("INSERT INTO elsewhere (subject, feed, starts, ends) VALUES ($1, $2, $3, $4)", string(f.Person), f.ID, added.starts, added.ends); err != nil {
			return err
		}
	}
	return nil
}

// lookupCalendar is what the keyed hashes of calendars' tokens are of.
const lookupCalendar = "calendar"

// SaveAddress implements scheduling.FeedStore.
func (s *Appointments) SaveAddress(ctx context.Context, of access.PersonID, token string, at time.Time, entries []audit.Entry) error {
	err := s.db.change(ctx, entries, nil, func(t *tx) error {
		if token == "" {
			_, err := t.exec("DELETE FROM calendar_addresses WHERE person = $1", string(of))
			return err
		}
		keys := t.db.keys
		_, err := t.exec(`INSERT INTO calendar_addresses (person, hash, made_at) VALUES ($1, $2, $3)
			ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, made_at = excluded.made_at`,
			string(of), keys.lookupHash(keys.keyring.Current(), lookupCalendar, token), at.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("save a calendar's address: %w", err)
	}
	return nil
}

// AddressOf implements scheduling.FeedStore. What is found by the hash of an older generation
// is kept by the current one's from then on: Rotate can't, for it doesn't know the token.
func (s *Appointments) AddressOf(ctx context.Context, token string) (access.PersonID, error) {
	type found struct {
		person  access.PersonID
		current bool
	}
	keys := s.db.keys
	var places []string
	var args []any
	for i, g := range keys.keyring.Generations() { // the current one first
		args = append(args, keys.lookupHash(g, lookupCalendar, token))
		places = append(places, fmt.Sprintf("$%d", i+1))
	}
	var f found
	err := s.db.read(ctx, func(t *tx) (err error) {
		f, err = one(t, scheduling.ErrNotFound, func(row scanner) (f found, err error) { return f, row.Scan(&f.person, &f.current) },
			"SELECT person, hash = $1 FROM calendar_addresses WHERE hash IN ("+strings.Join(places, ", ")+")", args...)
		return err
	})
	if err != nil || f.current {
		return f.person, err
	}
	err = s.db.change(ctx, nil, nil, func(t *tx) error {
		// Unless a new one has taken its place meanwhile.
		_, err := t.exec("UPDATE calendar_addresses SET hash = $1 WHERE person = $"+fmt.Sprint(len(args)+1)+" AND hash IN ("+strings.Join(places, ", ")+")",
			append(args, string(f.person))...)
		return err
	})
	return f.person, err
}
