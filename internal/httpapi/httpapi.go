package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/fhir"
	"github.com/samkonsult/samkonsult/internal/idempotency"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Config of a Handler. Gate, Call and Pages are required.
type Config struct {
	Gate      Gate
	Directory *identity.Directory // required where its operations are called, as the next and Audit
	Schedule  *scheduling.Service
	Clinical  *clinical.Service
	Questions *clinical.Questions
	// Organisations knows what they are called.
	Organisations NamedOrganisations
	Requests      idempotency.Store // nil: Idempotency-Key is not looked at
	Contacts      Contacts          // nil: who is refused is not told whom to ask
	Audit         AuditReader
	FHIR          *fhir.Handler // nil: it is not spoken
	Call          http.Handler  // answers GET /api/v1/call
	Pages         fs.FS         // the built page; without index.html every page says how to build it
	PublicURL     string        // scheme and host of the pages; required where calendars are given out
	TLS           bool          // pages are reached by https: adds Strict-Transport-Security
	Now           func() time.Time
	Log           *slog.Logger
}

// Contacts knows whom someone who is refused may ask: the administrator of their organisation.
type Contacts interface {
	WhomToAsk(ctx context.Context, org access.OrganisationID) (name, phone string, err error)
}

// NamedOrganisations knows what organisations are called; those that are unknown are left out.
type NamedOrganisations interface {
	Organisations(ctx context.Context, ids []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error)
}

// Handler serves the pages and the API. It is safe for concurrent use.
type Handler struct {
	cfg         Config
	routes      *routes
	serve       http.Handler
	operations  []operation
	description []byte                    // OpenAPI
	requests    *limiter[netip.Prefix]    // API requests by address, of who is not signed in
	people      *limiter[access.PersonID] // the same by who is
	probes      *limiter[netip.Prefix]    // probe bytes
}

// New checks cfg and reads the pages into memory.
func New(cfg Config) (*Handler, error) {
	if cfg.Gate == nil || cfg.Call == nil || cfg.Pages == nil {
		return nil, errors.New("httpapi: Gate, Call and Pages are required")
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
		cfg:    cfg,
		routes: newRoutes(),
		// A whole hospital may sit behind one address, so these stop floods and not
		// people. Guessing needs no limit: a token has 128 random bits.
		requests: newLimiter[netip.Prefix](20, 200),
		people:   newLimiter[access.PersonID](10, 100),
		probes:   newLimiter[netip.Prefix](4<<20, 32<<20),
	}
	api := newAPI(h.routes)
	h.registerAll(api)
	if h.description, err = finish(api); err != nil {
		return nil, fmt.Errorf("httpapi: %w", err)
	}
	h.routes.HandleFunc("GET /api/v1/probe", h.probe)
	h.routes.HandleFunc("GET "+calendarsPath+"{file}", h.ownCalendar)
	h.routes.HandleFunc("GET /api/v1/openapi.json", h.serveDescription)
	h.routes.HandleFunc("GET /api/v1/call", cfg.Call.ServeHTTP)
	h.routes.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		h.problem(w, r, Problem{Status: http.StatusNotFound, Code: ProblemNotFound, Title: "no such path or method"})
	})
	h.mountFHIR()
	h.routes.HandleFunc("/", pages.ServeHTTP)
	h.serve = h.sameOrigin(h.routes)
	return h, nil
}

// sameOrigin refuses what another site's page makes a browser send. It is the first of
// three: the cookies are SameSite=Strict, and bodies are JSON.
func (h *Handler) sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.problem(w, r, *invalidAs(http.StatusForbidden, "Origin", "must be this service's own"))
	}))
	return p.Handler(next)
}

// ServeHTTP answers with the headers that every answer has.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header(), r.Host, h.cfg.TLS)
	h.serve.ServeHTTP(w, r)
}
