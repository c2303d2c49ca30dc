package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

func entry(id string) audit.Entry {
	return audit.Entry{ID: id, At: time.UnixMilli(1_795_343_400_000), Action: audit.ActionSignIn, Outcome: audit.Done, Patient: "olav", Object: "patient/olav", Reason: "he fell"}
}

// rows counts a table's.
func rows(t testing.TB, db *DB, table string) (n int) {
	t.Helper()
	must(t, db.read(t.Context(), func(x *tx) (err error) {
		n, err = one(x, nil, oneColumn[int], "SELECT COUNT(*) FROM "+table)
		return err
	}))
	return n
}

func TestAChangeItsEntriesAndItsMessagesAreOne(t *testing.T) {
	errOwn := errors.New("the change fails")
	for name, c := range map[string]struct {
		entries []audit.Entry
		out     []notify.Message
		fail    error
	}{
		"the change fails":           {[]audit.Entry{entry("a1")}, []notify.Message{message("m1", "1")}, errOwn},
		"an entry is there already":  {[]audit.Entry{entry("a0")}, []notify.Message{message("m1", "1")}, nil},
		"a message is there already": {[]audit.Entry{entry("a1")}, []notify.Message{message("m1", "1"), message("m0", "1")}, nil},
		"a message is to nobody":     {[]audit.Entry{entry("a1")}, []notify.Message{{ID: "m1"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, p place) {
				db := p.open(t)
				change := func(x *tx) error { return x.setLookup("phone", "ragna", "+4790000001") }
				must(t, db.change(t.Context(), []audit.Entry{entry("a0")}, []notify.Message{message("m0", "1")}, func(*tx) error { return nil }))
				err := db.change(t.Context(), c.entries, c.out, func(x *tx) error { return errors.Join(change(x), c.fail) })
				if err == nil || c.fail != nil && !errors.Is(err, c.fail) {
					t.Errorf("change: %v", err)
				}
				if l, a, o := rows(t, db, "lookups"), rows(t, db, "audit_entries"), rows(t, db, "outbox"); l != 0 || a != 1 || o != 1 {
					t.Errorf("a change that failed has left %d lookups, %d entries, %d messages", l, a-1, o-1)
				}
				must(t, db.change(t.Context(), []audit.Entry{entry("a2")}, []notify.Message{message("m2", "1")}, change))
				if l, a, o := rows(t, db, "lookups"), rows(t, db, "audit_entries"), rows(t, db, "outbox"); l != 1 || a != 2 || o != 2 {
					t.Errorf("a change that went well has left %d lookups, %d entries, %d messages", l, a-1, o-1)
				}
			})
		})
	}
}

func TestAnAuditedReadIsRefusedWhereItsEntriesCannotBeKept(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		read := func(id string) error {
			return db.auditedRead(t.Context(), func(*tx) ([]audit.Entry, error) { return []audit.Entry{entry(id)}, nil })
		}
		must(t, read("a1"))
		if n := rows(t, db, "audit_entries"); n != 1 {
			t.Errorf("%d entries after an audited read", n)
		}
		if err := read("a1"); err == nil {
			t.Error("a read went well whose entry was not kept")
		}
	})
}

func TestAReadSeesOneStateThroughout(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		count := func(x *tx) int {
			n, err := one(x, nil, oneColumn[int], "SELECT COUNT(*) FROM lookups")
			must(t, err)
			return n
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			before := count(x)
			must(t, db.change(t.Context(), nil, nil, func(x *tx) error { return x.setLookup("phone", "olav", "1") }))
			if after := count(x); after != before {
				t.Errorf("%d rows, and %d later in the same read", before, after)
			}
			return nil
		}))
		if n := rows(t, db, "lookups"); n != 1 {
			t.Errorf("%d rows after it", n)
		}
	})
}

func TestAReadWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		err := db.read(t.Context(), func(x *tx) error {
			_, err := x.exec("INSERT INTO call_epochs (consultation, epoch) VALUES ('c1', 1)")
			return err
		})
		if err == nil || rows(t, db, "call_epochs") != 0 {
			t.Errorf("wrote in a read: %v", err)
		}
	})
}

// Two clerks register the same number at once. Each looks first whether it is taken; with
// what both have read still true when they commit, one of them must find that it is.
func TestWhatAChangeHasReadIsStillTrueWhenItCommits(t *testing.T) {
	errTaken := errors.New("taken")
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		for round := range 20 {
			number := "+47900000" + string(rune('a'+round))
			var both sync.WaitGroup
			var errs [4]error
			for i := range errs {
				both.Go(func() {
					errs[i] = db.change(context.Background(), nil, nil, func(x *tx) error {
						taken, err := x.findLookup("phone", number)
						if err != nil {
							return err
						}
						if len(taken) > 0 {
							return errTaken
						}
						return x.setLookup("phone", number+string(rune('0'+i)), number)
					})
				})
			}
			both.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else if !errors.Is(err, errTaken) {
					t.Errorf("round %d: %v", round, err)
				}
			}
			if won != 1 {
				t.Errorf("round %d: %d have the same number", round, won)
			}
		}
	})
}

func TestABrokenUniqueConstraintIsTheDomainsOwnError(t *testing.T) {
	errExists := errors.New("exists already")
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		insert := func(x *tx) error {
			_, err := x.exec("INSERT INTO call_epochs (consultation, epoch) VALUES ($1, 1)", "c1")
			return x.exists(err, "call_epochs", errExists)
		}
		must(t, db.change(t.Context(), nil, nil, insert))
		if err := db.change(t.Context(), nil, nil, insert); !errors.Is(err, errExists) {
			t.Errorf("inserted twice: %v", err)
		}
		err := db.change(t.Context(), nil, nil, func(x *tx) error {
			_, err := x.exec("INSERT INTO blob_chunks (blob, number, content) VALUES ('none', 0, $1)", []byte{1})
			return x.exists(err, "blob_chunks", errExists)
		})
		if err == nil || errors.Is(err, errExists) {
			t.Errorf("a chunk of no blob: %v", err)
		}
	})
}

func TestAConditionOnManyValues(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			for _, c := range []string{"c1", "c2", `with "quotes", and 'others'`} {
				if _, err := x.exec("INSERT INTO call_epochs (consultation, epoch) VALUES ($1, 1)", c); err != nil {
					return err
				}
			}
			return nil
		}))
		for want, values := range map[int][]string{0: nil, 1: {"c1", "c9"}, 2: {`with "quotes", and 'others'`, "c2"}} {
			must(t, db.read(t.Context(), func(x *tx) error {
				condition, argument := x.oneOf("consultation", "$2", values)
				got, err := all(x, oneColumn[string], "SELECT consultation FROM call_epochs WHERE epoch = $1 AND "+condition, 1, argument)
				if len(got) != want {
					t.Errorf("%q: %q", values, got)
				}
				return err
			}))
		}
	})
}

func TestAChangeThatHasToWaitEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := db.change(ctx, nil, nil, func(x *tx) error {
			_, err := x.exec("INSERT INTO call_epochs (consultation, epoch) VALUES ('c1', 1)")
			cancel()
			return err
		})
		if err == nil || rows(t, db, "call_epochs") != 0 {
			t.Errorf("committed after its caller had gone: %v", err)
		}
	})
}

func TestErrorsOfTheDatabaseTellNoValues(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		insert := func(x *tx) error {
			_, err := x.exec("INSERT INTO call_epochs (consultation, epoch) VALUES ($1, 1)", "secret-value")
			return err
		}
		must(t, db.change(t.Context(), nil, nil, insert))
		if err := db.change(t.Context(), nil, nil, insert); err == nil || strings.Contains(err.Error(), "secret-value") {
			t.Errorf("told: %v", err)
		}
	})
}
