package cluster_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/cluster/redistest"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// clusters lists every Cluster that must pass the tests below: where something is said, and
// where it is asked for.
var clusters = map[string]func(t *testing.T) (said, asked cluster.Cluster){
	"memory": func(*testing.T) (cluster.Cluster, cluster.Cluster) {
		m := cluster.NewMemory()
		return m, m
	},
	"redis, one node": func(t *testing.T) (cluster.Cluster, cluster.Cluster) {
		n := startNode(t, cluster.RedisConfig{URL: redistest.Start(t).URL()})
		return n, n
	},
	"redis, another node": func(t *testing.T) (cluster.Cluster, cluster.Cluster) {
		server := redistest.Start(t)
		return startNode(t, cluster.RedisConfig{URL: server.URL()}), startNode(t, cluster.RedisConfig{URL: server.URL()})
	},
}

func eachCluster(t *testing.T, test func(t *testing.T, said, asked cluster.Cluster)) {
	for name, open := range clusters {
		t.Run(name, func(t *testing.T) {
			said, asked := open(t)
			test(t, said, asked)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type people = map[string]protocol.Presence

func expect(t *testing.T, c cluster.Cluster, consultation string, want people) {
	t.Helper()
	got, err := c.Present(t.Context(), consultation)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: present %v, want %v", consultation, got, want)
	}
}

// next waits for an event.
func next(t *testing.T, events <-chan cluster.Event) cluster.Event {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event comes")
	}
	return cluster.Event{}
}

func TestAClusterKnowsWhoIsWhere(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		ctx := t.Context()
		must(t, said.Claim(ctx, "c1"))
		must(t, said.Claim(ctx, "c1")) // its own
		must(t, said.Claim(ctx, "c2"))
		expect(t, asked, "c1", people{})
		must(t, said.SetPresence(ctx, "c1", "olav", protocol.Waiting))
		must(t, said.SetPresence(ctx, "c1", "mari", protocol.Here))
		expect(t, asked, "c1", people{"olav": protocol.Waiting, "mari": protocol.Here})
		must(t, said.SetPresence(ctx, "c1", "olav", protocol.Here))
		expect(t, asked, "c1", people{"olav": protocol.Here, "mari": protocol.Here})
		expect(t, asked, "c2", people{})
		must(t, said.SetPresence(ctx, "c1", "olav", ""))
		must(t, said.SetPresence(ctx, "c1", "nobody", ""))
		expect(t, asked, "c1", people{"mari": protocol.Here})
	})
}

func TestABoardIsToldOfAllItsConsultationsAtOnce(t *testing.T) { eachCluster(t, boardIsTold) }

func boardIsTold(t *testing.T, said, asked cluster.Cluster) {
	ctx := t.Context()
	want := map[string]people{}
	var day []string
	for i := range 50 {
		id := fmt.Sprint("c", i)
		day = append(day, id)
		if i%3 == 0 {
			must(t, said.Claim(ctx, id))
		}
		if i%6 == 0 {
			must(t, said.SetPresence(ctx, id, "olav", protocol.Waiting))
			want[id] = people{"olav": protocol.Waiting}
		}
	}
	must(t, asked.Claim(ctx, "c1")) // one of its own among them
	must(t, asked.SetPresence(ctx, "c1", "mari", protocol.Here))
	want["c1"] = people{"mari": protocol.Here}
	got, err := asked.PresentIn(ctx, day)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("present %v, want %v", got, want)
	}
	if got, err := asked.PresentIn(ctx, nil); err != nil || len(got) != 0 {
		t.Errorf("of none: %v, %v", got, err)
	}
}

func TestAReleasedConsultationIsEmpty(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		ctx := t.Context()
		must(t, said.Claim(ctx, "c1"))
		must(t, said.SetPresence(ctx, "c1", "mari", protocol.Here))
		must(t, said.Release(ctx, "c1"))
		must(t, said.Release(ctx, "never-claimed"))
		expect(t, asked, "c1", people{})
		must(t, asked.Claim(ctx, "c1"))
	})
}

func TestNobodyIsInAConsultationThatNobodyHolds(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		if err := said.SetPresence(t.Context(), "c1", "mari", protocol.Here); err == nil || !strings.Contains(err.Error(), "c1 must be claimed") {
			t.Errorf("SetPresence = %v", err)
		}
		expect(t, asked, "c1", people{})
	})
}

func TestWhoIsPresentIsTheCallersOwn(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		ctx := t.Context()
		must(t, said.Claim(ctx, "c1"))
		must(t, said.SetPresence(ctx, "c1", "mari", protocol.Here))
		mine, err := asked.Present(ctx, "c1")
		must(t, err)
		delete(mine, "mari")
		many, err := asked.PresentIn(ctx, []string{"c1"})
		must(t, err)
		delete(many["c1"], "mari")
		expect(t, asked, "c1", people{"mari": protocol.Here})
	})
}

func TestWhatChangesIsToldOnEveryNode(t *testing.T) { eachCluster(t, whatChangesIsTold) }

func whatChangesIsTold(t *testing.T, said, asked cluster.Cluster) {
	ctx := t.Context()
	near, far := said.Subscribe(ctx), asked.Subscribe(ctx)
	hear := func(want cluster.Event, then func()) {
		t.Helper()
		for where, events := range map[string]<-chan cluster.Event{"here": near, "there": far} {
			if got := next(t, events); got != want {
				t.Fatalf("%s comes %v, want %v", where, got, want)
			}
			then()
		}
	}
	seen := func(want people) func() { return func() { t.Helper(); expect(t, asked, "c1", want) } }
	changed := cluster.Event{Kind: cluster.PresenceChanged, Consultation: "c1"}
	must(t, said.Claim(ctx, "c1")) // changes nothing that anyone sees
	must(t, said.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	hear(changed, seen(people{"olav": protocol.Waiting})) // who is told reads what is new
	must(t, said.SetPresence(ctx, "c1", "olav", protocol.Waiting))
	booked := cluster.Event{Kind: "appointment", Consultation: "c2"}
	must(t, said.Publish(ctx, booked))
	hear(booked, func() {}) // and nothing of Olav, who waits as before
	values := cluster.Event{Kind: "measured", Patient: "olav", Items: cluster.ItemsOf([]string{"v2", "v1"})}
	must(t, said.Publish(ctx, values))
	hear(values, func() {}) // with what is new of him, in order
	must(t, said.Publish(ctx, cluster.Event{Kind: "limited", Patient: "olav"}))
	hear(cluster.Event{Kind: "limited", Patient: "olav"}, func() {})
	must(t, said.Release(ctx, "c1"))
	hear(changed, seen(people{}))
}

func TestAnEventNamesItsKindAndWhoseItIs(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		ctx := t.Context()
		heard := asked.Subscribe(ctx)
		tooMany := cluster.ItemsOf(make([]string, cluster.MaxItems+1))
		for broken, want := range map[cluster.Event]string{
			{Kind: "", Consultation: "c1"}:                   "kind",
			{Kind: "a b", Consultation: "c1"}:                "kind",
			{Kind: cluster.Resync, Consultation: "c1"}:       "kind",
			{Kind: "appointment"}:                            "consultation",
			{Kind: "appointment", Consultation: "c1 c2"}:     "consultation",
			{Kind: "appointment", Consultation: "Olav Eik"}:  "consultation",
			{Kind: "appointment", Consultation: "c1\nother"}: "consultation",

			{Kind: "measured", Consultation: "c1", Patient: "olav"}:     "both",
			{Kind: "measured", Patient: "Olav Eik"}:                     "patient",
			{Kind: "measured", Patient: "olav", Items: "v1,"}:           "items[1]",
			{Kind: "measured", Patient: "olav", Items: "v1,7.4 mmol/L"}: "items[1]",
			{Kind: "measured", Patient: "olav", Items: tooMany}:         "items",
		} {
			if err := said.Publish(ctx, broken); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Publish(%q) = %v", broken, err)
			}
		}
		good := cluster.Event{Kind: "appointment", Consultation: "c1"}
		must(t, said.Publish(ctx, good))
		if got := next(t, heard); got != good {
			t.Errorf("of the broken ones comes %q", got)
		}
	})
}

func TestWhoIsSlowToReadFindsOneResyncInPlaceOfTheRest(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		ctx := t.Context()
		slow, quick := asked.Subscribe(ctx), asked.Subscribe(ctx)
		news := func(id string) cluster.Event { return cluster.Event{Kind: "appointment", Consultation: id} }
		for i := range 65 { // one more than wait for anyone
			must(t, said.Publish(ctx, news(fmt.Sprint("c", i))))
			if got := next(t, quick); got != news(fmt.Sprint("c", i)) {
				t.Fatal(got)
			}
		}
		must(t, said.Publish(ctx, news("after")))
		next(t, quick)
		for _, want := range []cluster.Event{{Kind: cluster.Resync}, news("after")} {
			if got := next(t, slow); got != want {
				t.Errorf("comes %v, want %v", got, want)
			}
		}
	})
}

func TestASubscriptionEndsWithItsContext(t *testing.T) {
	eachCluster(t, func(t *testing.T, said, asked cluster.Cluster) {
		ctx, cancel := context.WithCancel(t.Context())
		events, others := asked.Subscribe(ctx), asked.Subscribe(t.Context())
		cancel()
		for range events { // until it is closed
		}
		must(t, said.Publish(t.Context(), cluster.Event{Kind: "appointment", Consultation: "c1"}))
		next(t, others)
	})
}

func TestItemsAreIDsInTheirOrder(t *testing.T) {
	for _, ids := range [][]string{nil, {"v1"}, {"v2", "v1", "v3"}} {
		if got := cluster.ItemsOf(ids).IDs(); !reflect.DeepEqual(got, ids) {
			t.Errorf("%v comes back as %v", ids, got)
		}
	}
}
