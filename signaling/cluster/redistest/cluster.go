package redistest

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Cluster starts a Redis Cluster of three servers, and returns its address. It ends with
// the test.
func Cluster(t testing.TB) string {
	t.Helper()
	var servers []*Server
	var addrs []string
	for range 3 {
		s := Start(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		servers, addrs = append(servers, s), append(addrs, s.addr())
	}
	create := append([]string{"--cluster", "create"}, addrs...)
	if out, err := exec.Command("redis-cli", append(create, "--cluster-yes")...).CombinedOutput(); err != nil {
		t.Fatalf("make a Redis Cluster: %v: %s", err, out)
	}
	// They have met; each is to know by itself that all of the keys are somewhere.
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	timeout := time.After(20 * time.Second)
	for _, s := range servers {
		for {
			out, err := exec.Command("redis-cli", "-p", strconv.Itoa(s.port), "cluster", "info").CombinedOutput()
			if err == nil && strings.Contains(string(out), "cluster_state:ok") {
				break
			}
			select {
			case <-look.C:
			case <-timeout:
				t.Fatalf("the Redis Cluster does not come up: %v: %s", err, out)
			}
		}
	}
	return "redis://" + addrs[0] + "?addr=" + strings.Join(addrs[1:], "&addr=")
}
