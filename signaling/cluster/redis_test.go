package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	redislog "github.com/redis/go-redis/v9/logging"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/cluster/redistest"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestMain(m *testing.M) {
	redislog.Disable() // as the service does
	m.Run()
}

// node is one of a cluster's nodes, running.
type node struct {
	*cluster.Redis
	log  *log
	stop func() // ends it in an orderly way
}

// startNode starts a node, and returns when it is in touch with the others. It ends with the test.
func startNode(t *testing.T, cfg cluster.RedisConfig) *node {
	t.Helper()
	n := runNode(t, cfg)
	eventually(t, "the node is in touch", n.Up)
	return n
}

// runNode starts a node, whether Redis is there or not.
func runNode(t *testing.T, cfg cluster.RedisConfig) *node {
	t.Helper()
	n := &node{log: &log{}}
	cfg.Log = slog.New(slog.NewTextHandler(n.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if cfg.Retry == 0 {
		cfg.Retry = 20 * time.Millisecond
	}
	var err error
	n.Redis, err = cluster.NewRedis(cfg)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- n.Run(ctx) }() // ends with ctx; stop waits for it
	n.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ran; err != nil {
			t.Errorf("end of the node: %v", err)
		}
	})
	t.Cleanup(n.stop)
	return n
}

// log keeps what was logged.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// times says how often something was logged.
func (l *log) times(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	timeout := time.After(20 * time.Second)
	for !is() {
		select {
		case <-look.C:
		case <-timeout:
			t.Fatalf("never: %s", what)
		}
	}
}

// sees waits until a node shows that these are in a consultation.
func sees(t *testing.T, n *node, consultation string, want people) {
	t.Helper()
	eventually(t, fmt.Sprintf("%s is seen with %v", consultation, want), func() bool {
		got, err := n.Present(t.Context(), consultation)
		return err == nil && reflect.DeepEqual(got, want)
	})
}

// raw is a client of the test's own.
func raw(t *testing.T, s *redistest.Server) *redis.Client {
	t.Helper()
	return redisClient(t, s.URL())
}

func redisClient(t *testing.T, url string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(url)
	must(t, err)
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// at is a node with Redis at an address.
func at(url string) cluster.RedisConfig { return cluster.RedisConfig{URL: url} }

// shortLease is one whose lease is to end before the test does.
func shortLease(url string) cluster.RedisConfig {
	return cluster.RedisConfig{URL: url, Lease: 2 * time.Second, Timeout: 600 * time.Millisecond}
}

func TestAConsultationIsOnOneNode(t *testing.T) {
	server := redistest.Start(t)
	a := startNode(t, cluster.RedisConfig{URL: server.URL(), Node: "node-a"})
	b := startNode(t, at(server.URL()))
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	if err := b.Claim(ctx, "c1"); !errors.Is(err, signaling.ErrElsewhere) || !strings.Contains(err.Error(), "node-a") {
		t.Errorf("Claim = %v", err)
	}
	must(t, b.Release(ctx, "c1")) // not its own
	expect(t, b, "c1", people{"olav": protocol.Waiting})
	if err := b.SetPresence(ctx, "c1", "mari", protocol.Here); err == nil {
		t.Error("b puts people into what it does not hold")
	}
	must(t, a.Release(ctx, "c1"))
	must(t, b.Claim(ctx, "c1"))
	if err := a.Claim(ctx, "c1"); !errors.Is(err, signaling.ErrElsewhere) || !strings.Contains(err.Error(), b.Node()) {
		t.Errorf("Claim = %v", err)
	}
}

func TestOfManyWhoClaimAConsultationAtOnceOneGetsIt(t *testing.T) {
	server := redistest.Start(t)
	nodes := []*node{}
	for range 3 {
		nodes = append(nodes, startNode(t, at(server.URL())))
	}
	const calls = 50
	got := make(chan string, calls*len(nodes))
	var all sync.WaitGroup
	for i := range calls {
		for _, n := range nodes {
			all.Go(func() {
				id := fmt.Sprint("c", i)
				switch err := n.Claim(t.Context(), id); {
				case err == nil:
					got <- id
				case !errors.Is(err, signaling.ErrElsewhere):
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	close(got)
	held := map[string]int{}
	for id := range got {
		held[id]++
	}
	for i := range calls {
		if n := held[fmt.Sprint("c", i)]; n != 1 {
			t.Errorf("c%d is on %d nodes", i, n)
		}
	}
}

func TestALeaseIsRenewed(t *testing.T) {
	server := redistest.Start(t)
	a, db := startNode(t, shortLease(server.URL())), raw(t, server)
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	last := db.PTTL(ctx, "samkonsult:call:{c1}").Val()
	for renewed := 0; renewed < 4; { // more than a whole lease
		eventually(t, "it has longer to live", func() bool {
			now := db.PTTL(ctx, "samkonsult:call:{c1}").Val()
			longer := now > last
			last = now
			return longer
		})
		renewed++
	}
	expect(t, a, "c1", people{"olav": protocol.Waiting})
}

func TestRedisHoldsIdsForAsLongAsTheLeaseAndNothingElse(t *testing.T) {
	server := redistest.Start(t)
	a := startNode(t, cluster.RedisConfig{URL: server.URL(), Node: "node-a", Prefix: "fjord:"})
	other := startNode(t, cluster.RedisConfig{URL: server.URL(), Prefix: "fjell:"})
	db := raw(t, server)
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "p1", protocol.Here))
	must(t, a.Publish(ctx, cluster.Event{Kind: "appointment", Consultation: "c1"}))
	keys := db.Keys(ctx, "*").Val()
	if !slices.Equal(keys, []string{"fjord:call:{c1}"}) {
		t.Errorf("keys %q", keys)
	}
	if got, want := db.HGetAll(ctx, "fjord:call:{c1}").Val(), (map[string]string{"@": "node-a", "p1": "here"}); !reflect.DeepEqual(got, want) {
		t.Errorf("it holds %v", got)
	}
	if ttl := db.PTTL(ctx, "fjord:call:{c1}").Val(); ttl <= 0 || ttl > 15*time.Second {
		t.Errorf("it lives for %v", ttl)
	}
	expect(t, other, "c1", people{}) // another service of the same Redis
	a.stop()
	if keys := db.Keys(ctx, "*").Val(); len(keys) != 0 {
		t.Errorf("a node that has ended leaves %q", keys)
	}
}

func TestANodeThatEndsGivesItsCallsUpAtOnce(t *testing.T) {
	server := redistest.Start(t)
	a := startNode(t, at(server.URL()))
	b := startNode(t, at(server.URL()))
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	heard := b.Subscribe(ctx)
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	next(t, heard)
	a.stop()
	if got := next(t, heard); got != (cluster.Event{Kind: cluster.PresenceChanged, Consultation: "c1"}) {
		t.Errorf("comes %v", got)
	}
	must(t, b.Claim(ctx, "c1"))
	expect(t, b, "c1", people{})
	must(t, a.Claim(ctx, "c2")) // too late for others to hear of it, and nothing waits
}

// A service that is being built tells of what it puts into its store, and must not wait for itself.
func TestAnEventBeforeANodeRunsWaitsForNothingAndIsToldThen(t *testing.T) {
	server := redistest.Start(t)
	heard := startNode(t, at(server.URL())).Subscribe(t.Context())
	early, err := cluster.NewRedis(at(server.URL()))
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	event := cluster.Event{Kind: "measured", Patient: "olav", Items: "v1"}
	must(t, early.Publish(ctx, event)) // which would never return
	ran := make(chan error, 1)
	go func() { ran <- early.Run(ctx) }() // ends with ctx, waited for below
	if got := next(t, heard); got != event {
		t.Errorf("comes %v", got)
	}
	cancel()
	must(t, <-ran)
}

func TestTheCallsOfADeadNodeAreFreeWhenItsLeaseEnds(t *testing.T) {
	server := redistest.Start(t)
	line := server.Line(t)
	a, b := startNode(t, shortLease(line.URL())), startNode(t, shortLease(server.URL()))
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	expect(t, b, "c1", people{"olav": protocol.Waiting})
	must(t, a.Claim(ctx, "c2"))
	must(t, a.SetPresence(ctx, "c2", "ragna", protocol.Here))
	line.Cut() // to Redis and b, that is how a dead node looks
	sees(t, b, "c1", people{})
	sees(t, b, "c2", people{})
	for _, id := range []string{"c1", "c2"} {
		must(t, b.Claim(ctx, id))
		must(t, b.SetPresence(ctx, id, "mari", protocol.Here))
	}

	// It was not dead after all: it keeps its call, and takes nothing from anyone.
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Here))
	line.Mend()
	eventually(t, "a knows", func() bool { return a.log.times("a call is on two nodes") == 2 })
	expect(t, a, "c1", people{"olav": protocol.Here})
	expect(t, b, "c1", people{"mari": protocol.Here})
	third := startNode(t, shortLease(server.URL()))
	expect(t, third, "c1", people{"mari": protocol.Here})
	must(t, a.Release(ctx, "c2"))
	expect(t, third, "c2", people{"mari": protocol.Here})
	must(t, b.Release(ctx, "c1"))
	sees(t, third, "c1", people{"olav": protocol.Here})
	eventually(t, "it is over", func() bool { return a.log.times("on this node alone again") == 1 })
	if n := a.log.times("a call is on two nodes"); n != 2 {
		t.Errorf("of two calls it is told %d times", n)
	}
}

// away has node a hold c1 with Olav waiting, and node b c2 with Mari, and takes Redis away.
func away(t *testing.T, take func(*redistest.Server)) (server *redistest.Server, a, b *node) {
	server = redistest.Start(t)
	a, b = startNode(t, at(server.URL())), startNode(t, at(server.URL()))
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	must(t, b.Claim(ctx, "c2"))
	must(t, b.SetPresence(ctx, "c2", "mari", protocol.Here))
	expect(t, a, "c2", people{"mari": protocol.Here})
	take(server)
	return server, a, b
}

func TestANodeWithoutRedisKeepsItsCalls(t *testing.T) {
	for name, tt := range map[string]struct{ take, giveBack func(*redistest.Server) }{
		"killed, and started again empty": {(*redistest.Server).Kill, (*redistest.Server).Restart},
		"stopped, and slow to the utmost": {(*redistest.Server).Stop, (*redistest.Server).Continue},
	} {
		t.Run(name, func(t *testing.T) {
			server, a, b := away(t, tt.take)
			ctx := t.Context()
			// While it is away: nothing waits for it for longer than it takes to know.
			must(t, a.SetPresence(ctx, "c1", "olav", protocol.Here))
			must(t, a.Claim(ctx, "c3"))
			must(t, a.SetPresence(ctx, "c3", "ragna", protocol.Waiting))
			must(t, a.Publish(ctx, cluster.Event{Kind: "appointment", Consultation: "c9"}))
			must(t, b.Release(ctx, "c2"))
			expect(t, a, "c1", people{"olav": protocol.Here})
			known, err := a.PresentIn(ctx, []string{"c1", "c2", "c3"})
			want := map[string]people{"c1": {"olav": protocol.Here}, "c3": {"ragna": protocol.Waiting}}
			if !errors.Is(err, cluster.ErrAway) || !reflect.DeepEqual(known, want) {
				t.Errorf("PresentIn = %v, %v", known, err)
			}
			if _, err := a.Present(ctx, "c2"); !errors.Is(err, cluster.ErrAway) {
				t.Errorf("Present = %v", err)
			}
			eventually(t, "they say so", func() bool { return !a.Up() && !b.Up() })

			heard := b.Subscribe(ctx)
			tt.giveBack(server)
			eventually(t, "they are in touch again", func() bool { return a.Up() && b.Up() })
			for next(t, heard).Kind != cluster.Resync { // which stands for c9 and what else was missed
			}
			sees(t, b, "c1", people{"olav": protocol.Here})
			sees(t, b, "c3", people{"ragna": protocol.Waiting})
			sees(t, a, "c2", people{})
			must(t, a.Claim(ctx, "c2"))
			if err := b.Claim(ctx, "c1"); !errors.Is(err, signaling.ErrElsewhere) {
				t.Errorf("Claim = %v", err)
			}
			for _, what := range []string{"Redis is away", "Redis is there"} {
				n := map[string]int{"Redis is away": 1, "Redis is there": 2}[what]
				if got := a.log.times(what); got != n {
					t.Errorf("%q is logged %d times, and should be %d:\n%s", what, got, n, a.log.text.String())
				}
			}
		})
	}
}

func TestANodeStartsWithoutRedis(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	a := runNode(t, at(server.URL()))
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	server.Restart()
	sees(t, startNode(t, at(server.URL())), "c1", people{"olav": protocol.Waiting})
}

func TestWhoseNewsWasLostHasEveryoneLookAnew(t *testing.T) {
	for name, say := range map[string]func(a *node) error{
		"an event": func(a *node) error {
			return a.Publish(t.Context(), cluster.Event{Kind: "appointment", Consultation: "c1"})
		},
		"a presence":     func(a *node) error { return a.SetPresence(t.Context(), "c1", "olav", protocol.Waiting) },
		"a call's end":   func(a *node) error { return a.Release(t.Context(), "c2") },
		"and much later": func(a *node) error { eventually(t, "a knows", a.isAway); return a.Release(t.Context(), "c2") },
	} {
		t.Run(name, func(t *testing.T) {
			server := redistest.Start(t)
			line := server.Line(t)
			a, b := startNode(t, at(line.URL())), startNode(t, at(server.URL()))
			ctx := t.Context()
			must(t, a.Claim(ctx, "c1"))
			must(t, a.Claim(ctx, "c2"))
			heard := b.Subscribe(ctx)
			must(t, a.SetPresence(ctx, "c2", "olav", protocol.Waiting))
			next(t, heard)
			line.Cut() // b's own connection stays, so that nothing but a can tell it
			must(t, say(a))
			line.Mend()
			if got := next(t, heard); got != (cluster.Event{Kind: cluster.Resync}) {
				t.Errorf("comes %v", got)
			}
			eventually(t, "a knows", a.Up)
			for got := (cluster.Event{}); got.Consultation != "c3"; got = next(t, heard) {
				must(t, a.Publish(ctx, cluster.Event{Kind: "appointment", Consultation: "c3"}))
			}
		})
	}
}

// isAway says whether a node knows that Redis is: it can't tell of another's call.
func (n *node) isAway() bool {
	_, err := n.Present(context.Background(), "elsewhere")
	return errors.Is(err, cluster.ErrAway)
}

// longLease is one that is neither renewed nor over before the test ends.
func longLease(url string) cluster.RedisConfig {
	return cluster.RedisConfig{URL: url, Lease: time.Hour}
}

func TestARedisThatStartsAgainIsFilledAtOnce(t *testing.T) {
	server := redistest.Start(t)
	a := startNode(t, longLease(server.URL()))
	must(t, a.Claim(t.Context(), "c1"))
	must(t, a.SetPresence(t.Context(), "c1", "olav", protocol.Waiting))
	server.Kill() // while a has nothing to say
	server.Restart()
	sees(t, startNode(t, longLease(server.URL())), "c1", people{"olav": protocol.Waiting})
}

func TestWhatIsGivenUpWithoutRedisIsFreeWhenItIsBack(t *testing.T) {
	server := redistest.Start(t)
	line := server.Line(t)
	a, b := startNode(t, longLease(line.URL())), startNode(t, longLease(server.URL()))
	ctx := t.Context()
	for _, id := range []string{"c1", "c2"} {
		must(t, a.Claim(ctx, id))
		must(t, a.SetPresence(ctx, id, "olav", protocol.Waiting))
	}
	line.Cut()
	must(t, a.Release(ctx, "c1")) // which is how it learns that Redis is away
	must(t, a.Release(ctx, "c2"))
	expect(t, b, "c1", people{"olav": protocol.Waiting})
	line.Mend()
	for _, id := range []string{"c1", "c2"} {
		sees(t, b, id, people{})
		must(t, b.Claim(ctx, id))
	}
}

func TestANodeNoticesThatNothingIsHeardAnyMore(t *testing.T) {
	server := redistest.Start(t)
	a := startNode(t, shortLease(server.URL()))
	heard := a.Subscribe(t.Context())
	server.Stop() // the connection stays, and would be read from for ever
	eventually(t, "it asks in vain", func() bool { return a.log.times("no answer from Redis") > 0 })
	server.Continue()
	if got := next(t, heard); got != (cluster.Event{Kind: cluster.Resync}) {
		t.Errorf("comes %v", got)
	}
	eventually(t, "it hears again", a.Up)
}

func TestAClaimThatNobodyWaitsForAnyMoreIsNotHeld(t *testing.T) {
	server := redistest.Start(t)
	a := startNode(t, at(server.URL()))
	b := startNode(t, at(server.URL()))
	server.Stop()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Claim(ctx, "c1"); !errors.Is(err, context.Canceled) {
		t.Errorf("Claim = %v", err)
	}
	server.Continue()
	must(t, a.Claim(t.Context(), "c2")) // after c1 has come to Redis
	eventually(t, "b gets it", func() bool { return b.Claim(t.Context(), "c1") == nil })
	eventually(t, "and holds it", func() bool { return errors.Is(a.Claim(t.Context(), "c1"), signaling.ErrElsewhere) })
}

func TestABrokenClusterSettingIsNamed(t *testing.T) {
	for want, broken := range map[string]cluster.RedisConfig{
		"must be redis://":           {},
		"redis://user":               {URL: "http://:hemmeleg@localhost"},
		"or rediss://":               {URL: "redis://:hemmeleg@local host:port"},
		"for TLS":                    {URL: "unix:///run/redis.sock"},
		"Node":                       {URL: "redis://localhost", Node: "a b"},
		"Prefix":                     {URL: "redis://localhost", Prefix: "{a}"},
		"Lease must not be negative": {URL: "redis://localhost", Lease: -1},
		"Timeout is 1s":              {URL: "redis://localhost", Lease: time.Second},
		"Retry":                      {URL: "redis://localhost", Retry: -1},
	} {
		_, err := cluster.NewRedis(broken)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hemmeleg") {
			t.Errorf("%+v: %v", broken, err)
		}
	}
	r, err := cluster.NewRedis(cluster.RedisConfig{URL: "redis://localhost"})
	must(t, err)
	for _, id := range []string{"", "a b", "Olav Eik", strings.Repeat("x", 65)} {
		if err := r.Claim(t.Context(), id); err == nil || !strings.Contains(err.Error(), "consultation") {
			t.Errorf("Claim(%q) = %v", id, err)
		}
		if err := r.SetPresence(t.Context(), "c1", id, protocol.Here); err == nil || !strings.Contains(err.Error(), "participant") {
			t.Errorf("SetPresence(%q) = %v", id, err)
		}
	}
	must(t, r.Close())
	must(t, r.Close())
}

func TestTheAccountInTheManualMayDoWhatIsNeeded(t *testing.T) {
	manual, err := os.ReadFile("../../deploy/README.md")
	must(t, err)
	_, line, found := strings.Cut(string(manual), "\nACL SETUSER ")
	line, _, _ = strings.Cut(line, "\n")
	if !found {
		t.Fatal("the manual has no account")
	}
	server := redistest.Start(t)
	command := []any{"ACL", "SETUSER"}
	for _, word := range strings.Fields(line) {
		command = append(command, word)
	}
	must(t, raw(t, server).Do(t.Context(), command...).Err())
	url := strings.Replace(server.URL(), "redis://", "redis://samkonsult:password@", 1)
	a, b := startNode(t, at(url)), startNode(t, at(url))
	ctx := t.Context()
	must(t, a.Claim(ctx, "c1"))
	must(t, a.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	expect(t, b, "c1", people{"olav": protocol.Waiting})
	heard := b.Subscribe(ctx)
	must(t, a.Publish(ctx, cluster.Event{Kind: "appointment", Consultation: "c1"}))
	next(t, heard)
	must(t, a.Release(ctx, "c1"))
	must(t, b.Claim(ctx, "c1"))
	if !a.Up() || !b.Up() {
		t.Error("Redis has refused something")
	}
	if err := redisClient(t, url).Set(ctx, "somebody:else", "x", 0).Err(); err == nil {
		t.Error("it may do more")
	}
}

func TestARedisClusterDoesAsWell(t *testing.T) {
	url := redistest.Cluster(t)
	for name, test := range map[string]func(t *testing.T, said, asked cluster.Cluster){
		"a board": boardIsTold, "what changes": whatChangesIsTold,
	} {
		t.Run(name, func(t *testing.T) {
			cfg := cluster.RedisConfig{URL: url, Prefix: strings.ReplaceAll(name, " ", "-") + ":"}
			a, b := startNode(t, cfg), startNode(t, cfg)
			test(t, a, b)
			must(t, a.Claim(t.Context(), "held"))
			if err := b.Claim(t.Context(), "held"); !errors.Is(err, signaling.ErrElsewhere) {
				t.Errorf("Claim = %v", err)
			}
		})
	}
}
