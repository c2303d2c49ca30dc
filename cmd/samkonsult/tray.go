package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/notify"
)

//go:embed tray.html
var trayHTML string

// trayPage shows a demo's messages as those would read them to whom they are.
type trayPage struct {
	tray   *notify.Tray
	people interface {
		Names(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error)
	}
	zone *time.Location
	log  *slog.Logger
}

// shownMessage is one of them on the page.
type shownMessage struct {
	notify.Sent
	Name, Clock         string
	Before, Link, After string // of the text; Link may be empty
	Parts               int    // how many SMS it is
}

// show answers a browser with the page, and all others with JSON: tests read it.
func (p *trayPage) show(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept")
	w.Header().Set("Cache-Control", "no-store")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(p.tray.All())
		return
	}
	page, err := p.page(r.Context())
	if err != nil {
		p.log.Error("the demo's messages can't be shown", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(page)
}

func (p *trayPage) page(ctx context.Context) ([]byte, error) {
	sent := p.tray.All()
	slices.Reverse(sent) // the newest first
	var ids []access.PersonID
	for _, s := range sent {
		ids = append(ids, s.Message.To)
	}
	people, err := p.people.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	shown := make([]shownMessage, len(sent))
	for i, s := range sent {
		m := shownMessage{Sent: s, Name: people[s.Message.To], Clock: s.At.In(p.zone).Format("15.04.05"), Before: s.Text.Body}
		if link := s.Message.Link; link != "" {
			if before, after, ok := strings.Cut(s.Text.Body, link); ok {
				m.Before, m.Link, m.After = before, link, after
			}
		}
		if s.Message.Channel == notify.SMS {
			m.Parts, _ = notify.Segments(s.Text.Body)
		}
		shown[i] = m
	}
	page, err := template.New("tray").Parse(trayHTML)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, shown)
	return out.Bytes(), err
}

// calendar hands out a message's appointment as a file.
func (p *trayPage) calendar(w http.ResponseWriter, r *http.Request) {
	for _, s := range p.tray.All() {
		if s.Message.ID == r.PathValue("id") && s.Calendar != "" {
			w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
			w.Header().Set("Content-Disposition", `attachment; filename="invite.ics"`)
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write([]byte(s.Calendar))
			return
		}
	}
	http.NotFound(w, r)
}
