// Command samkonsult is the whole service in one program: pages, calls and media.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // an image from scratch has no zoneinfo

	redislog "github.com/redis/go-redis/v9/logging"

	"github.com/samkonsult/samkonsult/loadtest"
)

const usage = `samkonsult carries video consultations between a hospital, a municipality and a patient.

  samkonsult serve      run the service (samkonsult serve --help)
  samkonsult setup      the first organisation and its administrator
  samkonsult backup     write the database to a file, while the service goes on
  samkonsult restore    read such a file into an empty database
  samkonsult keys       add a new generation of secrets
  samkonsult audit      check the audit record, or write it out
  samkonsult loadtest   fill a service with calls and measure it (samkonsult loadtest --help)
  samkonsult version    what this program was built from
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// Once is a wish, twice is an order: the second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// run is main without the process around it. Exit codes: 0 good, 1 failed, 2 wrong usage.
func run(ctx context.Context, args []string, getenv func(string) (string, bool), stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	c := command{ctx, name, args, getenv, stdout, stderr}
	switch name {
	case "serve":
		return serve(ctx, args, getenv, stdout, stderr)
	case "setup":
		return c.setup()
	case "backup":
		return c.backup()
	case "restore":
		return c.restore()
	case "keys":
		return c.keys()
	case "audit":
		return c.audit()
	case "loadtest":
		if err := loadtest.Command(args, stdout); err != nil {
			fmt.Fprintln(stderr, "samkonsult loadtest:", err)
			return 1
		}
		return 0
	case "version", "--version":
		fmt.Fprintln(stdout, version())
		return 0
	case "help", "--help", "-h":
		fmt.Fprint(stdout, usage)
		return 0
	case "":
		fmt.Fprint(stderr, usage)
		return 2
	}
	fmt.Fprintf(stderr, "samkonsult: no command is called %q\n\n%s", name, usage)
	return 2
}

func serve(ctx context.Context, args []string, getenv func(string) (string, bool), stdout, stderr io.Writer) int {
	s, err := parseServe(args, getenv)
	switch {
	case isHelp(err):
		serveHelp(stdout)
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "samkonsult serve:", err)
		return 2
	}
	s.Log, err = newLog(stderr, s.logFormat, s.logLevel)
	if err != nil {
		fmt.Fprintln(stderr, "samkonsult serve:", err)
		return 2
	}
	// Media is forwarded without garbage, so collecting seldom costs little memory and
	// spares the pauses. GOGC and GOMEMLIMIT of the environment stand.
	if _, set := getenv("GOGC"); !set {
		debug.SetGCPercent(200)
	}
	// The client of Redis logs each failed attempt, for the whole process and not as we do;
	// signaling/cluster says once that Redis is away.
	redislog.Disable()
	app, err := New(ctx, s.Config)
	if err != nil {
		fmt.Fprintln(stderr, "samkonsult serve:", err)
		if errors.As(err, new(*FieldError)) {
			return 2
		}
		return 1
	}
	if s.Demo {
		app.Links().print(stdout)
	}
	if err := app.Run(ctx); err != nil {
		fmt.Fprintln(stderr, "samkonsult serve:", err)
		return 1
	}
	return 0
}

func newLog(w io.Writer, format, level string) (*slog.Logger, error) {
	options := &slog.HandlerOptions{}
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, &FieldError{"log-level", "must be debug, info, warn or error"}
	}
	options.Level = l
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, &FieldError{"log-format", "must be text or json"}
}

// version says which commit this was built from, as far as the build knew.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "samkonsult, unknown build"
	}
	revision, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ", changed since"
		}
	}
	return fmt.Sprintf("samkonsult %s (%s%s, %s)", info.Main.Version, revision, dirty, info.GoVersion)
}
