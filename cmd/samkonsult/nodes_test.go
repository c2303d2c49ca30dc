package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	redislog "github.com/redis/go-redis/v9/logging"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/signaling/cluster/redistest"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// startNodes runs two nodes of one service: the same people, secrets and Redis. Each has a
// folder of its own.
func startNodes(t *testing.T, redis string) (a, b running) {
	t.Helper()
	redislog.Disable() // as serve does
	db, secrets := dbtest.Postgres(t), "file:"+filepath.Join(t.TempDir(), "secrets")
	folders := []string{t.TempDir(), t.TempDir()}
	node := func(folder string) running {
		return startApp(t, func(c *Config) { c.DB, c.Keys, c.Redis, c.Data = db, secrets, redis, folder })
	}
	a = node(folders[0])
	// The demo's day is the same on both: its links are kept beside the store.
	day, err := os.ReadFile(filepath.Join(folders[0], "demo", "day.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(folders[1], "demo"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folders[1], "demo", "day.json"), day, 0o600); err != nil {
		t.Fatal(err)
	}
	return a, node(folders[1])
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
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

// measures says whether a line stands among a node's metrics.
func measures(t *testing.T, of running, line string) bool {
	t.Helper()
	_, text := get(t, of.AdminURL()+"/metrics")
	return strings.Contains(text, "\n"+line+"\n")
}

func TestWhoWaitsOnOneNodeIsSeenOnAnother(t *testing.T) {
	redis := redistest.Start(t)
	a, b := startNodes(t, redis.URL())
	coordinator, answer, problem := visit(t, b.Links().Coordinator)
	if !answer.SignedIn {
		t.Fatalf("%+v", problem)
	}
	here := func(want int) func() bool {
		return func() bool {
			day := coordinator.day()
			i := slices.IndexFunc(day, func(v httpapi.DayVisit) bool { return v.ID == a.Links().Consultation })
			return i >= 0 && day[i].Here == want
		}
	}
	if !here(0)() {
		t.Errorf("before anyone has come: %+v", coordinator.day())
	}
	patient := join(t, a.Links().Patient)
	if p := patient.Welcome().Presence; p != protocol.Waiting {
		t.Errorf("the patient is %s", p)
	}
	eventually(t, "the patient is seen from the other node", here(1))
	nurse := join(t, a.Links().Nurse)
	eventually(t, "and the nurse", here(2))

	// Without Redis each node lets people in, and the call goes on.
	redis.Kill()
	for _, node := range []running{a, b} {
		eventually(t, "it says so", func() bool { return measures(t, node, "samkonsult_redis_up 0") })
		if status, body := get(t, node.AdminURL()+"/readyz"); status != 200 {
			t.Errorf("not ready: %s", body)
		}
	}
	nurse.say(t, protocol.Admit{Participant: patient.Self()})
	until(t, patient, anyOf[protocol.Admitted])
	join(t, a.Links().Relative)

	redis.Restart()
	eventually(t, "all three are seen when Redis is back, empty", here(3))
	for _, node := range []running{a, b} {
		eventually(t, "it says so", func() bool { return measures(t, node, "samkonsult_redis_up 1") })
	}
	if err := a.stop(); err != nil {
		t.Error(err)
	}
	eventually(t, "nobody is where no node is", here(0))
}

func TestOneNodeNeedsNoRedis(t *testing.T) {
	app := startApp(t, nil)
	if _, text := get(t, app.AdminURL()+"/metrics"); strings.Contains(text, "samkonsult_redis") {
		t.Error("it measures a Redis that there is not to be")
	}
}
