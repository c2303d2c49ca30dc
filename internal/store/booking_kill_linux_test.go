package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// How long this proof is (see make bookings), from which seed, and where its result is written.
const (
	bookersEnv      = "SAMKONSULT_BOOKERS_TO_KILL" // makes this test program the bookers
	bookingsEnv     = "BOOKINGS"                   // attempts on each database; 1,200 where it isn't set
	bookingsSeedEnv = "BOOKINGS_SEED"
	bookingsFileEnv = "BOOKINGS_TABLE"
)

// Many at once propose, answer, book, move, send deputies and cancel at random, on so few
// people that much of it meets something else; and are killed again and again. No two firm
// claims on anybody's time ever overlap; whatever was acknowledged is there, as it was or as
// something later has made it; and each appointment claims just what it says.
func TestNobodyIsBookedTwiceAndNoBookingIsLostWhenBookersAreKilled(t *testing.T) {
	attempts, seed := 1_200, randomSeed()
	var err error
	if text := os.Getenv(bookingsEnv); text != "" {
		attempts, err = strconv.Atoi(text)
		must(t, err)
	}
	if text := os.Getenv(bookingsSeedEnv); text != "" {
		seed, err = strconv.ParseUint(text, 10, 64)
		must(t, err)
	}
	var rows []string
	for name, url := range map[string]func(testing.TB) string{"SQLite": dbtest.SQLite, "PostgreSQL": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			rows = append(rows, bookAndKill(t, name, url(t), attempts, seed))
		})
	}
	slices.Sort(rows)
	if path := os.Getenv(bookingsFileEnv); path != "" && !t.Failed() {
		table := "# Bookings at random by 32 at once, killed again and again\n\nMade by `make bookings`.\n\n" +
			"| Database | attempts | acknowledged | lost to another | kills | appointments | overlaps | lost | seed |\n|---|---|---|---|---|---|---|---|---|\n" + strings.Join(rows, "")
		must(t, os.WriteFile(path, []byte(table), 0o644))
	}
}

// bookers is what the program under test is started with, as JSON on its standard input.
type bookers struct {
	URL  string
	Root []byte
	Seed uint64
}

// outcome is what it says of an attempt that was acknowledged, as JSON; Taken where it met
// another, and Wrong where it must not have failed so.
type outcome struct {
	ID      scheduling.AppointmentID `json:",omitempty"`
	Version int64                    `json:",omitempty"`
	State   scheduling.State         `json:",omitempty"`
	Taken   bool                     `json:",omitempty"`
	Wrong   string                   `json:",omitempty"`
}

func bookAndKill(t *testing.T, name, url string, attempts int, seed uint64) string {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 7))
	root := make([]byte, keyring.Size)
	for i := range root {
		root[i] = byte(chance.Uint64())
	}
	ring, err := keyring.New(map[keyring.Generation][]byte{1: root})
	must(t, err)
	lendTablets(t, Config{URL: url, Keyring: ring})
	acknowledged := map[scheduling.AppointmentID]outcome{}
	done, accepted, taken, kills := 0, 0, 0, 0
	for done < attempts {
		said, stderr := startBookers(t, bookers{url, root, chance.Uint64()})
		for last := min(attempts, done+1+chance.IntN(max(attempts/6, 300))); done < last; {
			b, ok := <-said.lines
			if !ok {
				t.Fatalf("seed %d: the bookers ended by themselves\n%s", seed, stderr)
			}
			hearBooked(t, seed, acknowledged, b, &done, &accepted, &taken)
		}
		must(t, said.cmd.Process.Kill())
		for b := range said.lines {
			hearBooked(t, seed, acknowledged, b, &done, &accepted, &taken)
		}
		_ = said.cmd.Wait() // killed
		kills++
		db, err := Open(t.Context(), Config{URL: url, Keyring: ring})
		must(t, err)
		checkBooked(t, seed, db, acknowledged)
		closed(t, db)
	}
	if taken*5 < done || accepted*5 < done {
		t.Errorf("seed %d: of %d attempts only %d met another, and %d were acknowledged: this proves little", seed, done, taken, accepted)
	}
	t.Logf("%s: %d attempts, %d acknowledged, %d taken, %d kills, %d appointments", name, done, accepted, taken, kills, len(acknowledged))
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | 0 | 0 | %d |\n", name, done, accepted, taken, kills, len(acknowledged), seed)
}

// lendTablets puts the equipment into the town that its bookers book along.
func lendTablets(t *testing.T, cfg Config) {
	t.Helper()
	db, err := Open(t.Context(), cfg)
	must(t, err)
	for i := range townTablets {
		_, err := db.Appointments().SaveEquipment(t.Context(), scheduling.Equipment{
			ID: tablet(i), Organisation: "hospital", Kind: "tablet", Name: fmt.Sprint("Nettbrett ", i), Active: true,
		}, nil)
		must(t, err)
	}
	closed(t, db)
}

func tablet(i int) scheduling.EquipmentID { return scheduling.EquipmentID(fmt.Sprint("tablet", i)) }

func hearBooked(t *testing.T, seed uint64, into map[scheduling.AppointmentID]outcome, b outcome, done, accepted, taken *int) {
	t.Helper()
	*done++
	switch {
	case b.Wrong != "":
		t.Fatalf("seed %d: %s", seed, b.Wrong)
	case b.Taken:
		*taken++
	case b.ID != "":
		*accepted++
		if b.Version > into[b.ID].Version { // what two say of one thing may come in either order
			into[b.ID] = b
		}
	}
}

// checkBooked compares what is stored with what was acknowledged.
func checkBooked(t *testing.T, seed uint64, db *DB, acknowledged map[scheduling.AppointmentID]outcome) {
	t.Helper()
	overlaps, err := countOverlaps(t.Context(), db)
	must(t, err)
	if overlaps != 0 {
		t.Fatalf("seed %d: %d overlaps", seed, overlaps)
	}
	list, err := db.Appointments().List(t.Context(), scheduling.Query{States: []scheduling.State{
		scheduling.Proposed, scheduling.Pending, scheduling.Booked, scheduling.Cancelled,
	}})
	must(t, err)
	stored := map[scheduling.AppointmentID]scheduling.Appointment{}
	for _, a := range list {
		stored[a.ID] = a
	}
	for id, b := range acknowledged {
		switch a, there := stored[id]; {
		case !there:
			t.Fatalf("seed %d: %s was acknowledged and is not there", seed, id)
		case a.Version < b.Version, a.Version == b.Version && a.State != b.State:
			t.Fatalf("seed %d: %s was acknowledged as %s of version %d, and is %s of version %d", seed, id, b.State, b.Version, a.State, a.Version)
		}
	}
	claims := map[scheduling.AppointmentID][]string{}
	text := func(c scheduling.Claim) string {
		return fmt.Sprint(c.Subject, c.Starts.UnixMilli(), c.Ends.UnixMilli(), c.Kind, c.Option)
	}
	must(t, db.read(t.Context(), func(x *tx) error {
		rows, err := all(x, func(row scanner) (c scheduling.Claim, err error) {
			var starts, ends int64
			err = row.Scan(&c.Subject, &starts, &ends, &c.Kind, &c.Appointment, &c.Option)
			c.Starts, c.Ends = momentOf(starts), momentOf(ends)
			return c, err
		}, "SELECT subject, starts, ends, kind, appointment, option_id FROM busy")
		for _, c := range rows {
			claims[c.Appointment] = append(claims[c.Appointment], text(c))
		}
		return err
	}))
	for id, a := range stored {
		var want []string
		for _, c := range a.Claims() {
			want = append(want, text(c))
		}
		got := claims[id]
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %s, which is %s, claims\n%v\nand should\n%v", seed, id, a.State, got, want)
		}
	}
}

type runningBookers struct {
	cmd   *exec.Cmd
	lines chan outcome // closed when all is heard
}

func startBookers(t *testing.T, b bookers) (*runningBookers, *bytes.Buffer) {
	t.Helper()
	text, err := json.Marshal(b)
	must(t, err)
	program, err := os.Executable()
	must(t, err)
	r := &runningBookers{cmd: exec.Command(program), lines: make(chan outcome)}
	stderr := &bytes.Buffer{}
	r.cmd.Env = append(os.Environ(), bookersEnv+"=1", "GORACE=halt_on_error=1")
	r.cmd.Stdin, r.cmd.Stderr = bytes.NewReader(text), stderr
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // it must not outlive us
	out, err := r.cmd.StdoutPipe()
	must(t, err)
	must(t, r.cmd.Start())
	go func() { // ends when the bookers have
		defer close(r.lines)
		in := bufio.NewReader(out)
		for {
			line, err := in.ReadBytes('\n')
			if err != nil { // half a line was not said
				return
			}
			var b outcome
			if err := json.Unmarshal(line, &b); err != nil {
				b.Wrong = fmt.Sprintf("says %q: %v", line, err)
			}
			r.lines <- b
		}
	}()
	return r, stderr
}

// town is whom the bookers book: few, so that they meet. Everybody works always, and all
// have agreed: who may book whom is register's, and another proof's.
type town struct{}

const (
	townStaff    = 10 // of each role
	townPatients = 12
	townTablets  = 6
	townBookers  = 32
)

func (town) Working(_ context.Context, people []access.PersonID, _ string) (out []scheduling.Colleague, err error) {
	for _, p := range people {
		role, _ := access.ParseRole(strings.TrimRight(string(p), "0123456789"))
		out = append(out, scheduling.Colleague{Person: p, Organisation: "hospital", Role: role, Title: "Lege"})
	}
	return out, nil
}

func (town) Reach(context.Context, access.Actor) (scheduling.Reach, error) {
	return scheduling.Reach{With: []access.OrganisationID{"hospital"}, For: []access.OrganisationID{"hospital"}}, nil
}

func (town) Colleagues(context.Context, []access.OrganisationID, string) ([]scheduling.Colleague, error) {
	return nil, nil
}

func (town) Relations(context.Context, access.Actor, access.PersonID) (access.Relations, error) {
	return access.SameOrganisation, nil
}

func (town) Around(_ context.Context, patient access.PersonID, _ []access.OrganisationID) (scheduling.Around, error) {
	return scheduling.Around{Guests: map[access.PersonID]scheduling.Guest{patient: {Role: access.Patient, Title: "Pasient"}}, Identification: scheduling.ByCode}, nil
}

// nobodysNames knows no names.
type nobodysNames struct{}

func (nobodysNames) Names(context.Context, []access.PersonID) (map[access.PersonID]string, error) {
	return nil, nil
}

func (nobodysNames) Organisations(context.Context, []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error) {
	return nil, nil
}

// book works until it is killed.
func book(in io.Reader, out io.Writer) error {
	var b bookers
	if err := json.NewDecoder(in).Decode(&b); err != nil {
		return err
	}
	ring, err := keyring.New(map[keyring.Generation][]byte{1: b.Root})
	if err != nil {
		return err
	}
	db, err := Open(context.Background(), Config{URL: b.URL, Keyring: ring})
	if err != nil {
		return err
	}
	service, err := scheduling.NewService(scheduling.Config{Store: db.Appointments(), People: nobodysNames{}, Register: town{}})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	enc := json.NewEncoder(out)
	say := func(s outcome) {
		mu.Lock()
		defer mu.Unlock()
		_ = enc.Encode(s) // who hears nothing any more kills
	}
	var all sync.WaitGroup
	for i := range townBookers {
		all.Go(func() {
			w := booker{service, db, rand.New(rand.NewPCG(b.Seed, uint64(i)))}
			for {
				say(w.attempt())
			}
		})
	}
	all.Wait()
	return nil
}

// booker is one who books, answers, moves and cancels at random.
type booker struct {
	*scheduling.Service
	db     *DB
	chance *rand.Rand
}

var siv = access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "hospital"}

// makesUntil is how many of a hundred deeds make something new.
const makesUntil = 50

func (w booker) attempt() outcome {
	ctx := context.Background()
	var a scheduling.Appointment
	var err error
	n := w.chance.IntN(100)
	switch {
	case n < makesUntil-15:
		a, err = w.makes(ctx, true)
	case n < makesUntil:
		a, err = w.makes(ctx, false)
	default:
		var old scheduling.Appointment
		if old, err = w.any(ctx); err != nil {
			break
		}
		if old.ID == "" { // nothing is booked yet
			return outcome{Taken: true}
		}
		switch {
		case n < 70 && old.State.Open():
			p := old.Participants[w.chance.IntN(len(old.Participants))]
			g := scheduling.Given{Participant: p.ID}
			for _, o := range old.Options {
				g.Answers = append(g.Answers, scheduling.GivenAnswer{Option: o.ID, Answer: []scheduling.Answer{scheduling.Accepted, scheduling.Accepted, scheduling.Declined}[w.chance.IntN(3)]})
			}
			a, err = w.Answer(ctx, siv, old.ID, g)
		case n < 85:
			a, err = w.Move(ctx, siv, old.ID, old.Version, scheduling.Move{Starts: w.time(), Length: 30 * time.Minute, Anyway: true})
		case n < 90:
			p := old.Participants[0]
			a, err = w.Deputise(ctx, siv, old.ID, p.ID, w.person(p.Role))
		default:
			a, err = w.Cancel(ctx, siv, old.ID, 0, scheduling.Cancel{Reason: scheduling.ByStaff})
		}
	}
	closedError, invalid, taken := (*scheduling.ClosedError)(nil), (*scheduling.Invalid)(nil), (*scheduling.TakenError)(nil)
	switch {
	case err == nil:
		return outcome{ID: a.ID, Version: a.Version, State: a.State}
	case errors.As(err, &taken), errors.Is(err, scheduling.ErrVersion), errors.As(err, &closedError), n >= makesUntil && errors.As(err, &invalid):
		return outcome{Taken: true} // it met another, who has made of it what can't be changed so any more
	}
	return outcome{Wrong: err.Error()}
}

// time is one of the next three days, so that there are few.
func (w booker) time() time.Time {
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1+w.chance.IntN(3))
	return day.Add(time.Duration(w.chance.IntN(24*4)) * 15 * time.Minute)
}

func (w booker) person(role access.Role) access.PersonID {
	return access.PersonID(fmt.Sprintf("%s%d", role, w.chance.IntN(townStaff)))
}

func (w booker) makes(ctx context.Context, atOnce bool) (scheduling.Appointment, error) {
	r := scheduling.Request{
		AtOnce: atOnce, Anyway: true, Length: time.Duration(1+w.chance.IntN(4)) * 15 * time.Minute, Starts: []time.Time{w.time()},
		Equipment: []scheduling.EquipmentID{tablet(w.chance.IntN(townTablets))},
		Plan:      scheduling.Plan{Title: "Sårkontroll"},
		Parties: []scheduling.Party{
			{Person: w.person(access.Specialist), Role: access.Specialist, Organisation: "hospital", Required: true},
			{Person: w.person(access.Nurse), Role: access.Nurse, Organisation: "hospital", Required: true, Attends: scheduling.Visiting, Before: 25 * time.Minute, After: 25 * time.Minute},
			{Person: access.PersonID(fmt.Sprintf("patient%d", w.chance.IntN(townPatients))), Role: access.Patient, Required: true},
		},
	}
	if !atOnce {
		for _, t := range []time.Time{w.time(), w.time()} {
			if !slices.ContainsFunc(r.Starts, t.Equal) {
				r.Starts = append(r.Starts, t)
			}
		}
	}
	made, _, err := w.Book(ctx, siv, r)
	if err != nil {
		return scheduling.Appointment{}, err
	}
	return made[0], nil
}

// any is an appointment that can still be changed, around a time at random: what has been
// cancelled is soon the most of all.
func (w booker) any(ctx context.Context) (scheduling.Appointment, error) {
	from := w.time()
	list, err := w.db.Appointments().List(ctx, scheduling.Query{
		Organisation: "hospital", From: from, Until: from.Add(3 * time.Hour),
		States: []scheduling.State{scheduling.Proposed, scheduling.Pending, scheduling.Booked},
	})
	if err != nil || len(list) == 0 {
		return scheduling.Appointment{}, err
	}
	return list[w.chance.IntN(len(list))], nil
}
