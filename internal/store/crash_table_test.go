package store

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// result is what a proof has come to: a column of the table.
type result struct {
	database                           string
	services, servers, opening         int // killed; of the services, before the first deed was acknowledged
	acknowledged, carriedOut, notThere int
	delivered, rotations, stories      int
	kinds                              map[string]int
	report                             audit.Report
	slowest                            time.Duration // opening
	seed                               uint64
}

// rows are the table's: what is counted, and how many.
func (r result) rows() [][2]string {
	number := func(n int) string { return strconv.Itoa(n) }
	return [][2]string{
		{"Services killed", number(r.services)},
		{"… of them while they opened the database", number(r.opening)},
		{"Database servers killed", number(r.servers)},
		{"Deeds acknowledged, all of them found", number(r.acknowledged)},
		{"Deeds begun and never acknowledged, found whole", number(r.carriedOut)},
		{"… and not there at all", number(r.notThere)},
		{"Patients' stories", number(r.stories)},
		{"Messages taken out of the outbox", number(r.delivered)},
		{"Key rotations finished, the old key thrown away", number(r.rotations)},
		{"Audit entries chained and signed", strconv.FormatInt(r.report.Sealed, 10)},
		{"What is wrong with them", strconv.FormatInt(r.report.Found, 10)},
		{"Slowest opening after a kill", r.slowest.Round(time.Millisecond).String()},
		{"Seed", strconv.FormatUint(r.seed, 10)},
	}
}

func (r result) String() string {
	var out strings.Builder
	for _, row := range r.rows() {
		fmt.Fprintf(&out, "%s: %s\n", row[0], row[1])
	}
	for _, kind := range deedKinds {
		fmt.Fprintf(&out, "%s: %d\n", kind.name, r.kinds[kind.name])
	}
	return out.String()
}

func tableOf(results []result) string {
	var out strings.Builder
	out.WriteString(`# Kills

What ` + "`make kills`" + ` has found last. A service of the real store, with its sealer and under load,
is killed with SIGKILL at a random moment, again and again on one database, and with
PostgreSQL every second time the database's server is, too. After each kill all that was ever
acknowledged must be there, whole, with its audit entry and its message; what was begun and not
acknowledged must be there wholly or not at all. A run that finds anything else fails and
writes no table.

`)
	line := func(first string, cell func(result) string) {
		fmt.Fprintf(&out, "| %s |", first)
		for _, r := range results {
			fmt.Fprintf(&out, " %s |", cell(r))
		}
		out.WriteString("\n")
	}
	line("", func(r result) string { return r.database })
	line("---", func(result) string { return "---:" })
	for i, row := range results[0].rows() {
		line(row[0], func(r result) string { return r.rows()[i][1] })
	}
	out.WriteString("\nThe acknowledged deeds:\n\n")
	line("", func(r result) string { return r.database })
	line("---", func(result) string { return "---:" })
	for _, kind := range deedKinds {
		line(kind.name, func(r result) string { return strconv.Itoa(r.kinds[kind.name]) })
	}
	fmt.Fprintf(&out, "\n%s, on %s.\n", time.Now().UTC().Format(time.DateOnly), machine())
	return out.String()
}

func machine() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	model := "an unknown processor"
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("%d cores of %s, Linux %s", runtime.NumCPU(), model, strings.TrimSpace(string(kernel)))
}
