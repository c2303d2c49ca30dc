package cluster_test

import (
	"reflect"
	"testing"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// directories lists every Directory that must pass the tests below.
var directories = map[string]func(t *testing.T) signaling.Directory{
	"memory": func(*testing.T) signaling.Directory { return cluster.NewMemory() },
}

func eachDirectory(t *testing.T, test func(t *testing.T, d signaling.Directory)) {
	for name, open := range directories {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, d signaling.Directory, consultation string, want map[string]protocol.Presence) {
	t.Helper()
	got, err := d.Present(t.Context(), consultation)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: present %v, want %v", consultation, got, want)
	}
}

func TestADirectoryKnowsWhoIsWhere(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d signaling.Directory) {
		ctx := t.Context()
		must(t, d.Claim(ctx, "c1"))
		must(t, d.Claim(ctx, "c1")) // its own
		must(t, d.Claim(ctx, "c2"))
		expect(t, d, "c1", map[string]protocol.Presence{})
		must(t, d.SetPresence(ctx, "c1", "olav", protocol.Waiting))
		must(t, d.SetPresence(ctx, "c1", "mari", protocol.Here))
		must(t, d.SetPresence(ctx, "c1", "olav", protocol.Here))
		expect(t, d, "c1", map[string]protocol.Presence{"olav": protocol.Here, "mari": protocol.Here})
		expect(t, d, "c2", map[string]protocol.Presence{})
		must(t, d.SetPresence(ctx, "c1", "olav", ""))
		must(t, d.SetPresence(ctx, "c1", "nobody", ""))
		expect(t, d, "c1", map[string]protocol.Presence{"mari": protocol.Here})
	})
}

func TestAReleasedConsultationIsEmpty(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d signaling.Directory) {
		ctx := t.Context()
		must(t, d.Claim(ctx, "c1"))
		must(t, d.SetPresence(ctx, "c1", "mari", protocol.Here))
		must(t, d.Release(ctx, "c1"))
		must(t, d.Release(ctx, "never-claimed"))
		expect(t, d, "c1", map[string]protocol.Presence{})
		must(t, d.Claim(ctx, "c1"))
	})
}

func TestWhoIsPresentIsTheCallersOwn(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d signaling.Directory) {
		must(t, d.Claim(t.Context(), "c1"))
		must(t, d.SetPresence(t.Context(), "c1", "mari", protocol.Here))
		mine, err := d.Present(t.Context(), "c1")
		must(t, err)
		delete(mine, "mari")
		expect(t, d, "c1", map[string]protocol.Presence{"mari": protocol.Here})
	})
}
