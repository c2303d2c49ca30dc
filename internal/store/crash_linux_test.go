package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// How long the proof is (see make kills), from which seed, and where its result is written.
const (
	killsEnv     = "KILLS"       // on each database; 6 where it isn't set
	killsSeedEnv = "KILLS_SEED"  // random where it isn't set
	killsFileEnv = "KILLS_TABLE" // none where it isn't set
)

// A service of the real store, under load, is killed again and again at a random moment, on
// one database that goes on; on PostgreSQL the server is killed, too. Each time all that was
// acknowledged is there, whole, with its audit entry and its message; what was begun and
// never acknowledged is there wholly or not at all; and the audit record is intact. That
// what is committed would survive a power cut is durable_test.go's.
func TestNothingAcknowledgedIsLostAndNothingIsHalfWhenTheServiceIsKilled(t *testing.T) {
	kills, seed := killsAsked(t)
	var table []result
	t.Run("sqlite", func(t *testing.T) {
		table = append(table, killAgainAndAgain(t, "SQLite", dbtest.SQLite(t), nil, kills, seed))
	})
	t.Run("postgres", func(t *testing.T) {
		server := dbtest.NewServer(t)
		table = append(table, killAgainAndAgain(t, "PostgreSQL", server.URL(), server, kills, seed))
	})
	if path := os.Getenv(killsFileEnv); path != "" && !t.Failed() {
		must(t, os.WriteFile(path, []byte(tableOf(table)), 0o644))
	}
}

func killsAsked(t *testing.T) (kills int, seed uint64) {
	t.Helper()
	kills, seed = 6, randomSeed()
	var err error
	if text := os.Getenv(killsEnv); text != "" {
		kills, err = strconv.Atoi(text)
		must(t, err)
	}
	if text := os.Getenv(killsSeedEnv); text != "" {
		seed, err = strconv.ParseUint(text, 10, 64)
		must(t, err)
	}
	return kills, seed
}

func randomSeed() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}

// victim is who is killed.
type victim string

const (
	theService victim = "service"
	theServer  victim = "server" // PostgreSQL; the service goes on until it is killed after that
	both       victim = "both"
)

// proof is a database whose service is killed again and again.
type proof struct {
	t       *testing.T
	seed    uint64
	kills   int // in all
	chance  *mathrand.Rand
	server  *dbtest.Server // nil: SQLite
	order   order
	ledger  *ledger
	result  result
	touched []access.PersonID // by the last service
}

func killAgainAndAgain(t *testing.T, name, url string, server *dbtest.Server, kills int, seed uint64) result {
	t.Helper()
	p := &proof{
		t: t, seed: seed, kills: kills, server: server, ledger: newLedger(),
		chance: mathrand.New(mathrand.NewPCG(seed, 0)),
		order:  order{URL: url, Heads: filepath.Join(t.TempDir(), "heads"), Roots: map[keyring.Generation][]byte{}},
		result: result{database: name, seed: seed},
	}
	p.newGeneration()
	for n := 1; n <= kills; n++ {
		if n%5 == 0 && len(p.order.Roots) == 1 {
			p.newGeneration()
		}
		whom := theService
		if server != nil {
			whom = [...]victim{theService, both, theService, theServer}[n%4]
		}
		p.kill(n, whom)
		p.check(n, whom)
	}
	p.deliver()
	p.result.acknowledged, p.result.carriedOut, p.result.notThere = p.ledger.acknowledged, p.ledger.carriedOut, p.ledger.notCarriedOut
	p.result.delivered, p.result.stories, p.result.kinds = p.ledger.delivered, len(p.ledger.stories), p.ledger.kinds
	for _, kind := range deedKinds {
		if kills >= 50 && p.ledger.kinds[kind.name] == 0 {
			t.Errorf("seed %d: no deed of kind %q was ever acknowledged", seed, kind.name)
		}
	}
	t.Logf("%s\n%s", name, p.result)
	return p.result
}

// newGeneration adds a root secret, to which the next services rotate, and a key for their
// sealers.
func (p *proof) newGeneration() {
	root, key := make([]byte, keyring.Size), make([]byte, keyring.Size)
	rand.Read(root)
	rand.Read(key)
	g := slices.Max(append(slices.Collect(maps.Keys(p.order.Roots)), 0)) + 1
	p.order.Roots[g] = root
	p.order.Seeds = append([][]byte{key}, p.order.Seeds...)
	p.order.Rotate = g > 1
}

// rotated throws away all generations but the newest: nothing may need them any more.
func (p *proof) rotated() {
	newest := slices.Max(slices.Collect(maps.Keys(p.order.Roots)))
	maps.DeleteFunc(p.order.Roots, func(g keyring.Generation, _ []byte) bool { return g < newest })
	p.order.Rotate, p.ledger.rotated = false, false
	p.result.rotations++
}

// running is a service that is to be killed.
type running struct {
	cmd    *exec.Cmd
	said   chan spoken // closed when it has ended and all is heard
	stderr bytes.Buffer
}

func (p *proof) start(n int) *running {
	p.t.Helper()
	p.order.Life, p.order.Seed = n, p.chance.Uint64()
	p.order.Stories = p.ledger.goOn(p.touched, storiesAtOnce/2)
	text, err := json.Marshal(p.order)
	must(p.t, err)
	program, err := os.Executable()
	must(p.t, err)
	r := &running{cmd: exec.Command(program), said: make(chan spoken)}
	r.cmd.Env = append(os.Environ(), serviceEnv+"=1", "GORACE=halt_on_error=1")
	r.cmd.Stdin, r.cmd.Stderr = bytes.NewReader(text), &r.stderr
	// It must not outlive us, should we be interrupted.
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := r.cmd.StdoutPipe()
	must(p.t, err)
	must(p.t, r.cmd.Start())
	lines := bufio.NewReader(out)
	go func() { // ends when the service has
		defer close(r.said)
		for {
			text, err := lines.ReadBytes('\n')
			if err != nil { // half a line was not said
				return
			}
			var l spoken
			if err := json.Unmarshal(text, &l); err != nil {
				l = spoken{Wrong: true, Error: fmt.Sprintf("says %q: %v", text, err)}
			}
			r.said <- l
		}
	}()
	return r
}

// silence is how long a service may say nothing.
const silence = time.Minute

// listen hears the service until so many more deeds are acknowledged, and then for a moment
// more: just after an acknowledgement is a time like no other. false: it has ended by itself.
func (p *proof) listen(r *running, deeds int, moment time.Duration) bool {
	p.t.Helper()
	deeds += p.ledger.acknowledged
	late := time.NewTimer(silence)
	defer late.Stop()
	var now <-chan time.Time
	for {
		if now == nil && p.ledger.acknowledged >= deeds {
			now = time.After(moment)
		}
		select {
		case l, ok := <-r.said:
			if !ok {
				return false
			}
			p.ledger.hear(l)
			if len(p.ledger.wrong) > 0 {
				return true // nothing gets better from here
			}
		case <-now:
			return true
		case <-late.C:
			p.ledger.wrong = append(p.ledger.wrong, fmt.Sprintf("%d deeds of %d are acknowledged within %v", p.ledger.acknowledged, deeds, silence))
			return true
		}
	}
}

// kill starts a service, and kills it at a random moment.
func (p *proof) kill(n int, whom victim) {
	p.t.Helper()
	r := p.start(n)
	deeds, moment := 1+p.chance.IntN(200), time.Duration(p.chance.IntN(5000))*time.Microsecond
	if p.chance.IntN(8) == 0 {
		deeds, moment = 0, time.Duration(p.chance.IntN(300))*time.Millisecond // while it opens the database
		p.result.opening++
	}
	alive := p.listen(r, deeds, moment)
	first := p.chance.IntN(2) == 0
	if first && whom == both {
		must(p.t, r.cmd.Process.Kill())
	}
	if whom != theService {
		must(p.t, p.server.Kill())
		p.result.servers++
	}
	if whom == theServer && alive {
		must(p.t, p.server.Start())
		p.listen(r, 1+p.chance.IntN(50), moment)
	}
	if !(first && whom == both) {
		must(p.t, r.cmd.Process.Kill())
	}
	for l := range r.said {
		p.ledger.hear(l)
	}
	if err := r.cmd.Wait(); (err == nil || err.Error() != "signal: killed") && whom == theService {
		p.t.Fatalf("seed %d, kill %d: the service ended by itself: %v\n%s", p.seed, n, err, &r.stderr)
	}
	p.result.services++
	if whom == both || whom == theServer && !alive {
		must(p.t, p.server.Start())
	}
	if whom == theService && len(p.ledger.failures) > 0 {
		p.t.Fatalf("seed %d, kill %d: %d deeds failed under load, as %s\n%s", p.seed, n, len(p.ledger.failures), p.ledger.failures[0], &r.stderr)
	}
	if whom == theService && r.stderr.Len() > 0 {
		p.t.Fatalf("seed %d, kill %d: the service complained\n%s", p.seed, n, &r.stderr)
	}
	p.ledger.failures = nil
}

// check opens the database and compares it with what was said.
func (p *proof) check(n int, whom victim) {
	p.t.Helper()
	ctx := p.t.Context()
	if p.ledger.rotated {
		p.rotated()
	}
	began := time.Now()
	db := p.open(time.Now)
	opening := time.Since(began)
	p.result.slowest = max(p.result.slowest, opening)
	if p.server != nil {
		// Nothing of the dead service keeps others out, but a commit that it has sent off may
		// still be under way, and end before or after we look.
		closed(p.t, db)
		must(p.t, p.server.Disconnect())
		db = p.open(time.Now)
	}
	defer closed(p.t, db)

	p.touched = slices.Sorted(maps.Keys(p.ledger.stale))
	lost, err := p.ledger.settle(ctx, db, p.among(n))
	if err == nil && p.ledger.acknowledged > 0 { // else there may be no file of heads yet
		p.result.report, err = verified(ctx, db, p.order)
	}
	if err != nil {
		lost = append(lost, err.Error())
	}
	if lost = append(lost, p.ledger.wrong...); len(lost) > 0 {
		p.t.Fatalf("seed %d, kill %d, of %s: %s", p.seed, n, whom, strings.Join(lost, "\n"))
	}
	p.t.Logf("kill %d, of %s: %d deeds acknowledged, %d stories, opened in %v, compared in %v, %d entries sealed",
		n, whom, p.ledger.acknowledged, len(p.ledger.stories), opening.Round(time.Millisecond), time.Since(began).Round(time.Millisecond), p.result.report.Sealed)
}

// olderStories is how many stories of earlier services are looked at each time; at times,
// and at the end, it is all of them.
const olderStories = 50

// among chooses which stories to look at: those of the last service, and some of all.
func (p *proof) among(n int) []access.PersonID {
	if n == p.kills || n%25 == 0 {
		return slices.Sorted(maps.Keys(p.ledger.stories))
	}
	all := slices.Sorted(maps.Keys(p.ledger.stories))
	which := maps.Clone(p.ledger.stale)
	for range min(olderStories, len(all)) {
		which[all[p.chance.IntN(len(all))]] = true
	}
	return slices.Sorted(maps.Keys(which))
}

func (p *proof) open(now func() time.Time) *DB {
	p.t.Helper()
	ring, err := keyring.New(p.order.Roots)
	must(p.t, err)
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	db, err := Open(ctx, Config{URL: p.order.URL, Keyring: ring, Now: now})
	must(p.t, err)
	return db
}

// deliver takes out of the outbox what is left, claimed by the dead or not: all of it, and
// nothing else.
func (p *proof) deliver() {
	p.t.Helper()
	db := p.open(func() time.Time { return time.Now().Add(outboxLease) })
	defer closed(p.t, db)
	must := p.ledger.waiting()
	sent, err := db.Outbox().Claim(p.t.Context(), 10_000)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, m := range sent {
		if m.Kind == notify.KindStaffCancelled {
			continue // the house's own, of whose patient is erased
		}
		if !must[m.ID] {
			p.t.Errorf("seed %d: message %s is sent and must not be", p.seed, m.ID)
		}
		delete(must, m.ID)
	}
	if len(must) > 0 {
		p.t.Errorf("seed %d: messages %v are never sent", p.seed, slices.Sorted(maps.Keys(must)))
	}
	p.ledger.delivered += len(sent)
}
