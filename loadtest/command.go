package loadtest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

// floorWorkerCommand is the hidden first argument that makes Command the floor's process.
const floorWorkerCommand = "floor-worker"

// ErrVoid is returned by Command, with the reasons, for figures that don't count.
var ErrVoid = errors.New("the run is void")

const usage = `samkonsult loadtest [flags]

Fills rooms with participants that nobody sees and tells what the service makes of them.
Either against a service of its own:

  samkonsult loadtest --serve bin/samkonsult --rooms 20 --seconds 30 --floor

or against one that runs in demo mode:

  samkonsult serve --demo --demo-consultations 20 --links links.json
  samkonsult loadtest --links links.json --rooms 20 --pid PID --admin http://127.0.0.1:8081

Flags:
`

// Command is `samkonsult loadtest`: it reads the flags, runs, and writes progress and the
// table to stdout. It ends early, with what it has started, on an interrupt.
func Command(args []string, stdout io.Writer) error {
	if len(args) > 0 && args[0] == floorWorkerCommand {
		debug.SetGCPercent(400) // as the service has it
		return floorWorker(os.Stdin, os.Stdout)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg := Config{Progress: stdout}
	fs := flag.NewFlagSet("loadtest", flag.ContinueOnError)
	fs.SetOutput(stdout)
	fs.Usage = func() {
		fmt.Fprint(stdout, usage)
		fs.PrintDefaults()
	}
	seconds := fs.Int("seconds", 20, "how long to measure")
	jsonFile := fs.String("json", "", "write the report to `FILE` as JSON too")
	quiet := fs.Bool("quiet", false, "no progress, only the table")
	fs.IntVar(&cfg.Rooms, "rooms", 5, "rooms of three participants; with --search where to begin")
	fs.BoolVar(&cfg.Simulcast, "simulcast", false, "cameras send three layers")
	fs.BoolVar(&cfg.Floor, "floor", false, "measure in the same run what a minimal forwarder costs here")
	fs.BoolVar(&cfg.Search, "search", false, "find how many rooms one core holds; needs --serve")
	fs.StringVar(&cfg.Serve, "serve", "", "start this samkonsult `BINARY` for the run")
	fs.StringVar(&cfg.URL, "url", "", "`URL` of a running service; default: the base in the links file")
	fs.StringVar(&cfg.Links, "links", "", "links `FILE` of a service that runs with --demo-consultations")
	fs.IntVar(&cfg.PID, "pid", 0, "process id of that service, for its CPU and memory")
	fs.StringVar(&cfg.Admin, "admin", "", "base `URL` of that service's admin address, for its goroutines")
	fs.BoolVar(&cfg.Pin, "pin", cores() > 1, "keep the service and the floor on core 0 and the generator on core 1")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("%q: loadtest takes flags only", fs.Arg(0))
	}
	cfg.Duration = time.Duration(*seconds) * time.Second
	if *quiet {
		cfg.Progress = io.Discard
	}
	// The generator's own collections must not be what is measured.
	debug.SetGCPercent(800)
	r, err := Run(ctx, cfg)
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout)
	if err := r.WriteTable(stdout); err != nil {
		return err
	}
	if *jsonFile != "" {
		if err := r.WriteJSON(*jsonFile); err != nil {
			return err
		}
	}
	if len(r.Void) > 0 {
		return ErrVoid
	}
	return nil
}
