package httpapi

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"
)

// Config of a Handler. Doors, Call and Pages are required.
type Config struct {
	Doors Doors
	Call  http.Handler // answers GET /api/v1/call
	Pages fs.FS        // the built page; without index.html every page says how to build it
	TLS   bool         // pages are reached by https: adds Strict-Transport-Security
	Now   func() time.Time
	Log   *slog.Logger
}

// Handler serves the pages and the API. It is safe for concurrent use.
type Handler struct {
	cfg      Config
	mux      *http.ServeMux
	requests *limiter // API requests
	probes   *limiter // probe bytes
}

// New checks cfg and reads the pages into memory.
func New(cfg Config) (*Handler, error) {
	if cfg.Doors == nil || cfg.Call == nil || cfg.Pages == nil {
		return nil, errors.New("httpapi: Doors, Call and Pages are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	pages, err := readPages(cfg.Pages)
	if err != nil {
		return nil, err
	}
	h := &Handler{
		cfg: cfg,
		mux: http.NewServeMux(),
		// A whole hospital may sit behind one address, so these stop floods and not
		// people. Guessing needs no limit: a token has 128 random bits.
		requests: newLimiter(20, 200),
		probes:   newLimiter(4<<20, 32<<20),
	}
	h.mux.HandleFunc("POST /api/v1/link", h.openLink)
	h.mux.HandleFunc("POST /api/v1/tickets", h.makeTicket)
	h.mux.HandleFunc("GET /api/v1/probe", h.probe)
	h.mux.Handle("GET /api/v1/call", cfg.Call)
	h.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		h.problem(w, r, Problem{Status: http.StatusNotFound, Code: ProblemNotFound, Title: "no such path or method"})
	})
	h.mux.Handle("/", pages)
	return h, nil
}

// ServeHTTP answers with the headers that every answer has.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header(), r.Host, h.cfg.TLS)
	h.mux.ServeHTTP(w, r)
}
