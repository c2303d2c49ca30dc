package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/samkonsult/samkonsult/internal/fhir"
	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/internal/oneport"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
	"github.com/samkonsult/samkonsult/web"
)

// App is the whole service: several can live in one process.
type App struct {
	cfg   checked
	base  string // URL of the pages
	links Links
	ready atomic.Bool

	house *house
	nodes cluster.Cluster
	redis *cluster.Redis // nil: there is one node
	media *sfu.Server
	calls *signaling.Server
	port  *oneport.Port
	pages *http.Server
	plain *http.Server // shows plain HTTP the way where there is TLS
	admin *http.Server

	adminListener net.Listener // nil: no admin address
	opened        []func() error
}

// New checks cfg, and opens the store and the ports. Nothing is read from them before Run;
// an App that is not run is to be closed.
func New(ctx context.Context, cfg Config) (*App, error) {
	c, err := check(cfg)
	if err != nil {
		return nil, err
	}
	a := &App{cfg: c}
	if err := a.build(ctx); err != nil {
		_ = a.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) build(ctx context.Context) error {
	c := a.cfg
	tlsConfig, err := newTLS(c, c.Log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	a.opened = append(a.opened, listener.Close)
	addr := listener.Addr().(*net.TCPAddr)
	base := c.public
	if base == nil {
		base = &url.URL{Scheme: "http", Host: net.JoinHostPort(shownHost(c.Addr), strconv.Itoa(addr.Port))}
		if tlsConfig != nil {
			base.Scheme = "https"
		}
	}

	a.base = base.String()

	udp, err := mediaAddr(c)
	if err != nil {
		return err
	}
	a.media, err = sfu.Listen(sfu.Config{
		UDP: udp, PublicIPs: c.publicIPs, TCPPort: a.mediaTCPPort(addr, base), Log: c.Log,
	})
	if err != nil {
		return fmt.Errorf("--udp: %w", err)
	}
	a.opened = append(a.opened, func() error { // Run gives the sockets back, and at once when ctx has ended
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		return a.media.Run(ctx)
	})

	if a.nodes, err = a.openCluster(); err != nil {
		return err
	}
	if a.house, err = openHouse(ctx, c, a.base, a.nodes); err != nil {
		return err
	}
	a.opened = append(a.opened, a.house.close)
	door := signaling.Admission(admission{a.house.gate, a.house.schedule, a.house.clinical})
	if c.Demo {
		if door, err = a.seed(ctx, door); err != nil {
			return err
		}
	}
	a.calls, err = signaling.New(signaling.Config{
		Admission: door, Media: signaling.Forward(a.media), Directory: a.nodes, Journal: a.house.db.Journal(), Live: live{a.house.clinical},
		PublicURL: a.base, ResumeWindow: c.ResumeWindow, Log: c.Log,
	})
	if err != nil {
		return err
	}
	spoken, err := fhir.New(fhir.Config{
		Directory: a.house.directory, Patients: a.house.directory, Contacts: a.house.directory,
		Calendar: a.house.schedule, Bookings: a.house.schedule, Changes: a.house.schedule,
		Measurements: a.house.clinical, Questions: a.house.questions, Plans: a.house.clinical, Photos: a.house.clinical,
		Base: a.base, Zone: a.house.zone, Log: c.Log,
	})
	if err != nil {
		return err
	}
	handler, err := httpapi.New(httpapi.Config{
		Gate: a.house.gate, Directory: a.house.directory, Schedule: a.house.schedule, Clinical: a.house.clinical, Questions: a.house.questions, Organisations: a.house.names,
		Contacts: a.house.directory, Audit: a.house.reader, Requests: a.house.db.Requests(), FHIR: spoken,
		Call: a.calls, Pages: web.Dist(), PublicURL: a.base, TLS: base.Scheme == "https", Log: c.Log,
	})
	if err != nil {
		return err
	}
	a.port, err = oneport.New(oneport.Config{
		Listener: listener, TLS: tlsConfig, ICE: a.media.ServeTCP, Log: c.Log,
	})
	if err != nil {
		return err
	}
	a.pages, a.plain = newHTTPServer(handler, c.Log), newHTTPServer(toTLS(), c.Log)
	return a.buildAdmin()
}

// openCluster is what this node knows of the others. Redis need not be there.
func (a *App) openCluster() (cluster.Cluster, error) {
	if a.cfg.Redis == "" {
		return cluster.NewMemory(), nil
	}
	var err error
	a.redis, err = cluster.NewRedis(cluster.RedisConfig{URL: a.cfg.Redis, Log: a.cfg.Log})
	if err != nil {
		return nil, fmt.Errorf("--redis: %w", err)
	}
	a.opened = append(a.opened, a.redis.Close)
	return a.redis, nil
}

// mediaAddr is the UDP port to open. An empty host is every address, as it is for TCP.
func mediaAddr(c checked) (netip.AddrPort, error) {
	udp, err := net.ResolveUDPAddr("udp", c.UDP)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("--udp: %w", err)
	}
	ip, ok := netip.AddrFromSlice(udp.IP)
	if !ok {
		ip = netip.IPv6Unspecified()
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(udp.Port)), nil
}

// mediaTCPPort is the port that call answers name for ICE over TCP. With public addresses
// something forwards to this machine, and the port it takes connections on is the pages'.
func (a *App) mediaTCPPort(tcp *net.TCPAddr, base *url.URL) uint16 {
	if len(a.cfg.publicIPs) == 0 || a.cfg.public == nil {
		return uint16(tcp.Port)
	}
	if p, err := strconv.ParseUint(base.Port(), 10, 16); err == nil {
		return uint16(p)
	}
	if base.Scheme == "https" {
		return 443
	}
	return 80
}

func (a *App) buildAdmin() error {
	if a.cfg.Admin == "" {
		return nil
	}
	l, err := net.Listen("tcp", a.cfg.Admin)
	if err != nil {
		return fmt.Errorf("--admin: %w", err)
	}
	a.opened = append(a.opened, l.Close)
	a.adminListener = l
	var tray *trayPage
	if a.house.tray != nil {
		a.links.Messages = a.AdminURL() + "/demo/messages"
		tray = &trayPage{tray: a.house.tray, people: a.house.names, zone: a.house.zone, log: a.cfg.Log}
	}
	metrics := []prometheus.Collector{newServiceMetrics(a.media.Stats, a.calls.Counts)}
	if a.redis != nil {
		metrics = append(metrics, newRedisMetric(a.redis.Up))
	}
	handler, err := newAdmin(a.isReady, tray, loopback(l.Addr().String()), metrics...)
	if err != nil {
		return err
	}
	a.admin = newHTTPServer(handler, a.cfg.Log)
	a.admin.WriteTimeout = 2 * time.Minute // a profile takes as long as one asks for
	return nil
}

// isReady says whether people can be let in. They can without Redis.
func (a *App) isReady(ctx context.Context) error {
	switch {
	case !a.ready.Load():
		return errors.New("starting or going down")
	case !a.house.gate.Ready():
		return errors.New("sessions can't be checked yet")
	}
	return a.house.db.Ping(ctx)
}

// URL is where the pages are, without a slash at the end.
func (a *App) URL() string { return a.base }

// AdminURL is where health and metrics are; empty without an admin address.
func (a *App) AdminURL() string {
	if a.adminListener == nil {
		return ""
	}
	return "http://" + a.adminListener.Addr().String()
}

// Links are the demo's.
func (a *App) Links() Links { return a.links }

// Close gives back the ports of an App that was not run.
func (a *App) Close() error {
	var errs []error
	for _, c := range a.opened {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// Run serves until ctx ends or a part fails, and then ends the parts one after the other:
// first the calls, so that every page is told and comes back by itself, then the pages,
// then the media, and last what keeps what they have done.
func (a *App) Run(ctx context.Context) error {
	if a.cfg.Links != "" {
		if err := a.links.write(a.cfg.Links); err != nil {
			return fmt.Errorf("--links: %w", err)
		}
	}
	ended := make(chan *part, 16) // room for every part
	var nodes []*part
	if a.redis != nil {
		nodes = append(nodes, start("cluster", ended, a.redis.Run))
	}
	media := start("media", ended, a.media.Run)
	sealer := start("audit", ended, a.house.sealer.Run)
	gate := start("gate", ended, a.house.gate.Run)
	notifier := start("notify", ended, a.house.notifier.Run)
	feeds := start("calendars", ended, a.house.feeds.Run)
	upkeep := start("upkeep", ended, a.house.upkeep(a.cfg.Log))
	lapse := start("booking", ended, a.house.lapse(a.cfg.Log))
	work := start("work", ended, a.house.work(a.cfg.Log))
	retention := start("retention", ended, a.house.retain(a.cfg.DeleteByPolicy, a.cfg.Log))
	calls := start("calls", ended, a.calls.Run)
	news := start("news", ended, a.news)
	pages := start("pages", ended, func(ctx context.Context) error { return serveHTTP(ctx, a.pages, a.port.HTTP()) })
	plain := start("redirect", ended, func(ctx context.Context) error { return serveHTTP(ctx, a.plain, a.port.PlainHTTP()) })
	port := start("port", ended, a.port.Run) // after all whom it gives connections to
	// The cluster after those who use it: it gives up what is left.
	down := slices.Concat([]*part{calls, plain, pages, port, news}, nodes, []*part{media, notifier, feeds, gate, lapse, work, retention, upkeep, sealer})
	if a.admin != nil { // the last to go: it says meanwhile that the service is not ready
		down = append(down, start("admin", ended, func(ctx context.Context) error { return serveHTTP(ctx, a.admin, a.adminListener) }))
	}
	a.ready.Store(true)
	a.cfg.Log.Info("serving", "url", a.URL(), "media", a.media.UDPAddr().String(), "admin", a.AdminURL(), "demo", a.cfg.Demo)
	select {
	case <-ctx.Done():
	case p := <-ended:
		a.cfg.Log.Error("a part has ended, going down", "part", p.name)
	}
	a.ready.Store(false)
	var errs []error
	for _, p := range down {
		errs = append(errs, p.stop())
	}
	return errors.Join(append(errs, a.house.close())...)
}

// inCall tells scheduling how many are in a call.
func inCall(directory signaling.Directory, log *slog.Logger) func(scheduling.AppointmentID) int {
	return func(id scheduling.AppointmentID) int {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		present, err := directory.Present(ctx, string(id))
		if err != nil && !errors.Is(err, cluster.ErrAway) { // which is logged, once
			log.Error("presence unknown", "consultation", id, "error", err)
		}
		return len(present)
	}
}

// presentIn tells scheduling where people are in calls, whichever node holds them.
func presentIn(calls cluster.Presences) func(context.Context, []scheduling.AppointmentID) (map[scheduling.AppointmentID]map[scheduling.ParticipantID]scheduling.Presence, error) {
	return func(ctx context.Context, of []scheduling.AppointmentID) (map[scheduling.AppointmentID]map[scheduling.ParticipantID]scheduling.Presence, error) {
		ids := make([]string, len(of))
		for i, id := range of {
			ids[i] = string(id)
		}
		// What this node knows itself is told also while it can't ask the others.
		present, err := calls.PresentIn(ctx, ids)
		if err != nil && !errors.Is(err, cluster.ErrAway) {
			return nil, err
		}
		out := map[scheduling.AppointmentID]map[scheduling.ParticipantID]scheduling.Presence{}
		for id, people := range present {
			one := map[scheduling.ParticipantID]scheduling.Presence{}
			for p, where := range people {
				one[scheduling.ParticipantID(p)] = scheduling.PresentHere
				if where == protocol.Waiting {
					one[scheduling.ParticipantID(p)] = scheduling.PresentWaiting
				}
			}
			out[scheduling.AppointmentID(id)] = one
		}
		return out, nil
	}
}

// newHTTPServer has the limits that keep a slow or hostile client from holding on for
// nothing. A websocket leaves them behind: its own take over.
func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      time.Minute, // 512 kB of a probe at 70 kbit/s
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// toTLS shows a browser that came without TLS the same place with it. It asks to be
// remembered by nobody: without TLS nothing can be believed.
func toTLS() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		if r.Host == "" || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			http.Error(w, "use https", http.StatusBadRequest)
			return
		}
		to := url.URL{Scheme: "https", Host: r.Host, Path: r.URL.Path, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect) // RFC 9110 §15.4.9
	})
}

// shownHost is how people on this machine or, failing that, its network call a listen address.
func shownHost(addr string) string {
	host, _, _ := net.SplitHostPort(addr) // check has seen it
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.Unmap().IsLoopback():
		return "localhost"
	case host != "" && (err != nil || !ip.IsUnspecified()):
		return host
	}
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.String()
		}
	}
	return "localhost"
}
