package loadtest

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Report is what a run has found, as it is written with --json. Durations are nanoseconds.
type Report struct {
	Machine   Machine       `json:"machine"`
	At        time.Time     `json:"at"`
	Rooms     int           `json:"rooms"`
	Seconds   float64       `json:"seconds"` // of the measured window
	Simulcast bool          `json:"simulcast"`
	Pinned    bool          `json:"pinned"` // service and floor on core 0, the generator on core 1
	Service   Result        `json:"service"`
	Joins     Joins         `json:"joins"`
	Floor     *FloorResult  `json:"floor,omitempty"`
	Ratio     float64       `json:"ratio,omitempty"` // CPU per forwarded packet, service to floor
	Void      []string      `json:"void"`            // why the figures don't count; empty: they do
	Notes     []string      `json:"notes"`           // what makes the figures worse than they need be
	Search    []SearchPoint `json:"search,omitempty"`
	// Most is how many rooms one core held; 0 without a search.
	Most int `json:"most,omitempty"`
}

// Machine is where the figures were taken.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
}

// Result is what one forwarder made of the window's packets.
type Result struct {
	Sent       uint64 `json:"sent"`       // packets that went in
	Expected   uint64 `json:"expected"`   // packets that should have come out
	Received   uint64 `json:"received"`   // packets that came out, duplicates included
	Lost       uint64 `json:"lost"`       // of the expected
	HeldBack   uint64 `json:"heldBack"`   // of the lost, those before a stream's first and after its last packet here
	Duplicates uint64 `json:"duplicates"` // of the received

	// Datagrams that the kernel threw away because a socket's buffer was full.
	OverflowForwarder uint64 `json:"overflowForwarder"` // 0 too for one on another machine
	OverflowGenerator uint64 `json:"overflowGenerator"`

	DelayP50 time.Duration `json:"delayP50"` // from before sealing at the sender to after reading at the receiver
	DelayP99 time.Duration `json:"delayP99"`
	DelayMax time.Duration `json:"delayMax"`

	CPUPerPacket time.Duration `json:"cpuPerPacket"` // of the forwarder, user and kernel, per packet that came out; 0: not known
	Busy         float64       `json:"busy"`         // of the forwarder, in cores
	Generator    float64       `json:"generator"`    // busy, in cores
	Others       float64       `json:"others"`       // cores that everything else on this machine took
	PacerLag     time.Duration `json:"pacerLag"`     // p99 of how late packets were sent

	MemoryPerRoom     int64   `json:"memoryPerRoom"`     // bytes of resident memory that a room adds; with few rooms below 0, where the runtime gave back more
	GoroutinesPerRoom float64 `json:"goroutinesPerRoom"` // that a room adds; 0: not known
}

// Loss is the fraction of packets that were lost.
func (r Result) Loss() float64 {
	if r.Expected == 0 {
		return 0
	}
	return float64(r.Lost) / float64(r.Expected)
}

// Joins is how long a third participant takes into a running room, from the opened websocket.
type Joins struct {
	Count            int           `json:"count"`
	FirstPacketP50   time.Duration `json:"firstPacketP50"`
	FirstPacketP95   time.Duration `json:"firstPacketP95"`
	FirstKeyframeP50 time.Duration `json:"firstKeyframeP50"`
	FirstKeyframeP95 time.Duration `json:"firstKeyframeP95"`
	AllPicturesP50   time.Duration `json:"allPicturesP50"` // a keyframe of each of the others
	AllPicturesP95   time.Duration `json:"allPicturesP95"`
	Partial          int           `json:"partial"` // joins that had not everyone's picture within 5 s
	Failed           int           `json:"failed"`  // no picture within 5 s, or refused
}

// FloorResult is the floor's, with its costs apart.
type FloorResult struct {
	Result
	Open time.Duration `json:"open"` // per packet in
	Seal time.Duration `json:"seal"` // per packet out
	Send time.Duration `json:"send"` // per packet out
}

// SearchPoint is one step of a search.
type SearchPoint struct {
	Rooms    int           `json:"rooms"`
	DelayP99 time.Duration `json:"delayP99"`
	Loss     float64       `json:"loss"`
	Held     bool          `json:"held"`
	Void     []string      `json:"void"`
}

// Limits within which a search takes a number of rooms as held.
const (
	heldDelay = 50 * time.Millisecond
	heldLoss  = 0.001
)

// maxGenerator is how busy the generator's core may be before it measures itself.
const maxGenerator = 0.85

// maxOverflow is the fraction of packets that may be lost in the generator's own sockets: a
// tenth of what a forwarder may lose.
const maxOverflow = heldLoss / 10

// maxOthers is how many cores others may take before their work shows in the figures.
const maxOthers = 0.1

// notes says what else was at work.
func (r Result) notes(what string) []string {
	if r.Others <= maxOthers {
		return nil
	}
	return []string{fmt.Sprintf("%s: other work on this machine took %.0f %% of a core: delay and loss may be its doing", what, 100*r.Others)}
}

// void says why a result can't count.
func (r Result) void(what string) []string {
	var reasons []string
	if r.Generator > maxGenerator {
		reasons = append(reasons, fmt.Sprintf("%s: the generator's core was %.0f %% busy, over %.0f %%: it measured itself",
			what, 100*r.Generator, 100*maxGenerator))
	}
	if float64(r.OverflowGenerator) > maxOverflow*float64(r.Expected) {
		reasons = append(reasons, fmt.Sprintf("%s: the generator itself lost %d packets: it did not read in time", what, r.OverflowGenerator))
	}
	if r.Received == 0 {
		reasons = append(reasons, what+": nothing came out")
	}
	return reasons
}

func (r Result) held() bool { return r.Received > 0 && r.DelayP99 < heldDelay && r.Loss() < heldLoss }

// WriteTable writes the report for people.
func (r *Report) WriteTable(w io.Writer) error {
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	p("%s, %d cores, %s, %s", r.Machine.CPU, r.Machine.Cores, r.Machine.Kernel, r.Machine.Go)
	kind := "one layer of 1.2 Mbit/s"
	if r.Simulcast {
		kind = "three simulcast layers"
	}
	p("%d rooms of three for %.0f s, Opus and VP8 in %s", r.Rooms, r.Seconds, kind)
	if !r.Pinned {
		p("service and generator share all cores")
	}
	p("")
	columns := []Result{r.Service}
	names := []string{"service"}
	if r.Floor != nil {
		columns, names = append(columns, r.Floor.Result), append(names, "floor")
	}
	row := func(name string, f func(Result) string) {
		fmt.Fprintf(&b, "%-38s", name)
		for _, c := range columns {
			fmt.Fprintf(&b, "%16s", f(c))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%-38s", "")
	for _, n := range names {
		fmt.Fprintf(&b, "%16s", n)
	}
	b.WriteByte('\n')
	row("packets in / s", func(c Result) string { return fmt.Sprintf("%.0f", float64(c.Sent)/r.Seconds) })
	row("packets out / s", func(c Result) string { return fmt.Sprintf("%.0f", float64(c.Received)/r.Seconds) })
	row("CPU per forwarded packet", func(c Result) string { return micros(c.CPUPerPacket) })
	row("forwarder's core busy", func(c Result) string { return percent(c.Busy) })
	row("forwarding delay p50", func(c Result) string { return millis(c.DelayP50) })
	row("forwarding delay p99", func(c Result) string { return millis(c.DelayP99) })
	row("forwarding delay max", func(c Result) string { return millis(c.DelayMax) })
	row("lost", func(c Result) string { return fmt.Sprintf("%d (%.3f %%)", c.Lost, 100*c.Loss()) })
	row("of these held back", func(c Result) string { return fmt.Sprint(c.HeldBack) })
	row("of these at the forwarder's socket", func(c Result) string { return fmt.Sprint(c.OverflowForwarder) })
	row("duplicates", func(c Result) string { return fmt.Sprint(c.Duplicates) })
	row("memory per room", func(c Result) string { return fmt.Sprintf("%.2f MiB", float64(c.MemoryPerRoom)/(1<<20)) })
	row("goroutines per room", func(c Result) string { return known(c.GoroutinesPerRoom, "%.1f") })
	row("generator's core busy", func(c Result) string { return percent(c.Generator) })
	p("")
	if j := r.Joins; j.Count > 0 || j.Failed > 0 {
		p("join of a running room, %d of them: first media p50 %s, p95 %s; first keyframe p50 %s, p95 %s; all pictures p50 %s, p95 %s",
			j.Count, millis(j.FirstPacketP50), millis(j.FirstPacketP95), millis(j.FirstKeyframeP50), millis(j.FirstKeyframeP95),
			millis(j.AllPicturesP50), millis(j.AllPicturesP95))
		if j.Partial > 0 {
			p("joins without all pictures after %s: %d", pictureWait, j.Partial)
		}
		if j.Failed > 0 {
			p("joins that failed: %d", j.Failed)
		}
	}
	if f := r.Floor; f != nil {
		p("floor: open %s a packet, seal %s, send %s", micros(f.Open), micros(f.Seal), micros(f.Send))
		if r.Ratio > 0 {
			p("service / floor: %.2f", r.Ratio)
		}
	}
	for _, s := range r.Search {
		verdict := "held"
		if !s.Held {
			verdict = "not held"
		}
		p("search: %4d rooms, p99 %s, loss %.3f %%: %s %s", s.Rooms, millis(s.DelayP99), 100*s.Loss, verdict, strings.Join(s.Void, "; "))
	}
	if r.Most > 0 {
		p("one core held %d rooms with p99 under %s and loss under %.1f %%", r.Most, millis(heldDelay), 100*heldLoss)
	}
	for _, n := range r.Notes {
		p("NOTE: %s", n)
	}
	for _, v := range r.Void {
		p("VOID: %s", v)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the report to a file, whole or not at all.
func (r *Report) WriteJSON(file string) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	tmp := file + ".tmp"
	if err := os.WriteFile(tmp, append(raw, '\n'), 0o644); err != nil { // figures are no secret
		return err
	}
	return os.Rename(tmp, file)
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
func percent(f float64) string      { return known(100*f, "%.0f %%") }

func micros(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f µs", float64(d)/1e3)
}

func known(f float64, format string) string {
	if f == 0 {
		return "–"
	}
	return fmt.Sprintf(format, f)
}
