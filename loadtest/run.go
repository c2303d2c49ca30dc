package loadtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Config of a run. Either Serve, or Links for a service that runs already, is needed.
type Config struct {
	Rooms     int           // of three participants each; 0 means 5
	Duration  time.Duration // of the measured window; 0 means 20 s
	Settle    time.Duration // between the last join and the window; 0 means 6 s
	Simulcast bool          // cameras send three layers
	Floor     bool          // measure the floor too; not with Simulcast: it knows no layers
	Search    bool          // find how many rooms one core holds, from Rooms upwards; needs Serve

	Serve string // path of the samkonsult binary: a service is started for the run
	URL   string // of a service that runs; empty: the links' base
	Links string // file that `samkonsult serve --demo --demo-consultations N --links FILE` has written
	PID   int    // of that service, for its CPU and memory; 0: these are not told
	Admin string // base URL of that service's admin address, for its goroutines; empty: not told

	Pin          bool     // a service of our own and the floor on core 0, this process on core 1
	FloorCommand []string // starts FloorWorker; empty: this executable with "loadtest floor-worker"
	Progress     io.Writer
}

const (
	joinSamples = 20 // joins of a running room that are measured, if there are tickets for as many
	pictureWait = 5 * time.Second
	rampWidth   = 4 // rooms that are filled at the same time
)

// Run drives a service and returns what it found. Figures that can't count are no error:
// Report.Void says so.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if err := cfg.validate(); err != nil {
		return Report{}, fmt.Errorf("loadtest: %w", err)
	}
	if cfg.Pin {
		undo, err := pinSelf(generatorCore)
		if err != nil {
			return Report{}, fmt.Errorf("loadtest: pin: %w", err)
		}
		defer undo()
	}
	var r Report
	var err error
	if cfg.Search {
		r, err = search(ctx, &cfg)
	} else {
		r, err = once(ctx, &cfg, cfg.Rooms)
	}
	if err != nil {
		return r, fmt.Errorf("loadtest: %w", err)
	}
	return r, nil
}

func (cfg *Config) validate() error {
	if cfg.Rooms == 0 {
		cfg.Rooms = 5
	}
	if cfg.Duration == 0 {
		cfg.Duration = 20 * time.Second
	}
	if cfg.Settle == 0 {
		cfg.Settle = 6 * time.Second
	}
	if cfg.Progress == nil {
		cfg.Progress = io.Discard
	}
	switch {
	case cfg.Rooms < 1 || cfg.Duration < 0 || cfg.Settle < 0:
		return fmt.Errorf("rooms %d, duration %s, settle %s: must be positive", cfg.Rooms, cfg.Duration, cfg.Settle)
	case (cfg.Serve == "") == (cfg.Links == ""):
		return errors.New("either a binary to serve or a links file of a running service is needed")
	case cfg.Search && cfg.Serve == "":
		return errors.New("a search starts the service for each step: it needs a binary to serve")
	case cfg.Floor && cfg.Simulcast:
		return errors.New("the floor knows no layers: measure it without simulcast")
	case cfg.Pin && cores() < 2:
		return errors.New("pinning needs two cores")
	}
	return nil
}

// once is one run with one number of rooms.
func once(ctx context.Context, cfg *Config, rooms int) (Report, error) {
	r := Report{
		Machine: machine(), At: time.Now().UTC().Truncate(time.Second), Rooms: rooms, Seconds: cfg.Duration.Seconds(),
		Simulcast: cfg.Simulcast, Pinned: cfg.Pin, Void: []string{}, Notes: []string{},
	}
	var err error
	if r.Service, r.Joins, err = measureService(ctx, cfg, rooms, &r.Void); err != nil {
		return r, err
	}
	r.Void = append(r.Void, r.Service.void("service")...)
	r.Notes = append(r.Notes, r.Service.notes("service")...)
	if cfg.Floor {
		f, err := measureFloor(ctx, cfg, rooms)
		if err != nil {
			return r, fmt.Errorf("floor: %w", err)
		}
		r.Floor = &f
		r.Void = append(r.Void, f.void("floor")...)
		r.Notes = append(r.Notes, f.notes("floor")...)
		if f.CPUPerPacket > 0 {
			r.Ratio = float64(r.Service.CPUPerPacket) / float64(f.CPUPerPacket)
		}
	}
	return r, nil
}

// measureService fills the rooms, measures, and lets people come back into running rooms.
func measureService(ctx context.Context, cfg *Config, rooms int, void *[]string) (res Result, joins Joins, err error) {
	var s *service
	if cfg.Serve != "" {
		s, err = start(ctx, cfg, rooms)
	} else {
		s, err = attach(cfg)
	}
	if err != nil {
		return res, joins, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if cfg.Pin && s.pid != 0 && allowedOn(s.pid, generatorCore) {
		*void = append(*void, fmt.Sprintf("the service may run on the generator's core %d: start it with taskset", generatorCore))
	}
	idleGoroutines := s.goroutines(ctx)
	var idleMemory uint64
	if s.pid != 0 {
		if idleMemory, err = processMemory(s.pid); err != nil {
			return res, joins, err
		}
	}

	e := newEngine(cfg.Progress)
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, e.stop())
		}
	}()
	g := guests{engine: e, service: s, simulcast: cfg.Simulcast}
	timings, failed, err := g.fill(ctx, rooms)
	if err != nil {
		return res, joins, err
	}
	if err := wait(ctx, cfg.Settle); err != nil {
		return res, joins, err
	}
	if res, err = e.measure(ctx, forwarder{name: "service", pid: s.pid}, cfg.Duration, cfg.Simulcast); err != nil {
		return res, joins, err
	}
	if s.pid != 0 {
		memory, err := processMemory(s.pid)
		if err != nil {
			return res, joins, err
		}
		res.MemoryPerRoom = (int64(memory) - int64(idleMemory)) / int64(rooms)
	}
	if busy := s.goroutines(ctx); busy > 0 && idleGoroutines > 0 {
		res.GoroutinesPerRoom = (busy - idleGoroutines) / float64(rooms)
	}
	*void = append(*void, e.troubles()...)

	more, moreFailed, err := g.comeBack(ctx, rooms, joinSamples-len(timings))
	if err != nil {
		return res, joins, err
	}
	joins = summary(append(timings, more...), failed+moreFailed)
	stopped = true
	return res, joins, e.stop()
}

func summary(t []client.Timings, failed int) Joins {
	j := Joins{Count: len(t), Failed: failed}
	whole := slices.DeleteFunc(slices.Clone(t), func(t client.Timings) bool { return t.Pictures < seats-1 })
	j.Partial = len(t) - len(whole)
	if len(t) == 0 {
		return j
	}
	at := func(t []client.Timings, q float64, f func(client.Timings) time.Duration) time.Duration {
		var all []time.Duration
		for _, x := range t {
			all = append(all, f(x))
		}
		slices.Sort(all)
		return all[min(int(q*float64(len(all))), len(all)-1)]
	}
	packet := func(t client.Timings) time.Duration { return t.FirstPacket }
	frame := func(t client.Timings) time.Duration { return t.FirstFrame }
	last := func(t client.Timings) time.Duration { return t.LastFrame }
	j.FirstPacketP50, j.FirstPacketP95 = at(t, 0.5, packet), at(t, 0.95, packet)
	j.FirstKeyframeP50, j.FirstKeyframeP95 = at(t, 0.5, frame), at(t, 0.95, frame)
	if len(whole) > 0 {
		j.AllPicturesP50, j.AllPicturesP95 = at(whole, 0.5, last), at(whole, 0.95, last)
	}
	return j
}

// guests takes seats in the service's rooms.
type guests struct {
	engine    *engine
	service   *service
	simulcast bool
}

// sit takes one seat and begins to send.
func (g *guests) sit(ctx context.Context, room, seat int, ticket string) (*client.Client, *driven, error) {
	t := newTally(&g.engine.window)
	c, err := client.Dial(ctx, client.Config{
		URL: g.service.url, Ticket: ticket, Simulcast: g.simulcast,
		Media: protocol.MediaState{Microphone: true, Camera: true},
		OnRTP: t.add, Now: g.engine.now,
		NoRetransmit: true, // nothing is lost on the way there that is not to be seen
	})
	if err != nil {
		return nil, nil, fmt.Errorf("room %d, seat %d: %w", room, seat, err)
	}
	if c.Microphone() == nil || len(c.Camera()) == 0 {
		c.Close()
		return nil, nil, fmt.Errorf("room %d, seat %d: the service takes no sound or no picture", room, seat)
	}
	return c, &driven{
		member: newMember(0, room, seat, c, c.Microphone(), c.Camera()),
		tally:  t,
		stats:  c.Stats,
		addrs:  c.Addrs,
		close:  c.Close,
		lost:   c.Err,
	}, nil
}

// fill seats two in every room, then the third one by one: those join a running room, and
// their timings are returned.
func (g *guests) fill(ctx context.Context, rooms int) (timings []client.Timings, failed int, err error) {
	e := g.engine
	for from := 0; from < rooms; from += rampWidth {
		seated := make([]*driven, 2*min(rampWidth, rooms-from))
		group, gctx := errgroup.WithContext(ctx)
		for i := range seated {
			group.Go(func() error { // ends with its dial
				room, seat := from+i/2, i%2
				_, d, err := g.sit(gctx, room, seat, g.service.links.Consultations[room].Tickets[seat])
				seated[i] = d
				return err
			})
		}
		err := group.Wait()
		for _, d := range seated {
			if d != nil {
				g.begin(d)
			}
		}
		if err != nil {
			return nil, 0, err
		}
		fmt.Fprintf(e.progress, "%d participants have joined\n", len(e.members))
	}
	for room := range rooms {
		c, d, err := g.sit(ctx, room, 2, g.service.links.Consultations[room].Tickets[2])
		if err != nil {
			return nil, 0, err
		}
		g.begin(d)
		if t, ok := untilPictures(ctx, c); ok {
			timings = append(timings, t)
		} else {
			failed++
		}
	}
	fmt.Fprintf(e.progress, "%d participants have joined\n", len(e.members))
	return timings, failed, ctx.Err()
}

func (g *guests) begin(d *driven) {
	g.engine.nextID++
	d.id = g.engine.nextID
	g.engine.add(d)
}

// untilPictures waits for a keyframe of everyone else. One is enough to count as joined.
func untilPictures(ctx context.Context, c *client.Client) (client.Timings, bool) {
	ctx, cancel := context.WithTimeout(ctx, pictureWait)
	defer cancel()
	for c.Timings().Pictures < seats-1 && wait(ctx, 5*time.Millisecond) == nil {
	}
	t := c.Timings()
	return t, t.Pictures > 0
}

// comeBack lets the third of rooms leave and join again with what tickets there are.
func (g *guests) comeBack(ctx context.Context, rooms, samples int) (timings []client.Timings, failed int, err error) {
	for round := 1; len(timings)+failed < samples; round++ {
		tried := false
		for room := 0; room < rooms && len(timings)+failed < samples; room++ {
			tickets := g.service.links.Consultations[room].Tickets
			at := round*seats + 2
			i := slices.IndexFunc(g.engine.members, func(d *driven) bool { return d.room == room && d.seat == 2 })
			if at >= len(tickets) || i < 0 {
				continue
			}
			tried = true
			g.engine.drop(g.engine.members[i])
			c, d, err := g.sit(ctx, room, 2, tickets[at])
			if err != nil {
				if ctx.Err() != nil {
					return timings, failed, err
				}
				fmt.Fprintf(g.engine.progress, "come back: %v\n", err)
				failed++
				continue
			}
			g.begin(d)
			if t, ok := untilPictures(ctx, c); ok {
				timings = append(timings, t)
			} else {
				failed++
			}
		}
		if !tried {
			break
		}
	}
	return timings, failed, ctx.Err()
}
