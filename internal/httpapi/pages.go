package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// pages serves the built page out of memory.
type pages struct {
	files map[string]*page  // by URL path
	index *page             // the one page, which works out by its address what to show; nil: it was not built
	links map[string]string // Link header of the one page, by entry
}

// page is one file, as it is and as it was compressed at build.
type page struct {
	kind   string // Content-Type
	cache  string // Cache-Control
	etag   string
	plain  []byte
	brotli []byte // nil: not there
	gzip   []byte
}

const indexFile = "index.html"

func readPages(dist fs.FS) (*pages, error) {
	p := &pages{files: map[string]*page{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := strings.HasPrefix(d.Name(), ".") && name != "."; hidden && d.IsDir() {
			return fs.SkipDir // vite keeps its own there
		} else if hidden || d.IsDir() {
			return nil
		}
		ext := path.Ext(name)
		if ext == ".br" || ext == ".gz" {
			return nil // read with the file they stand for
		}
		f := &page{kind: contentType(ext), cache: "no-cache"}
		if f.plain, err = fs.ReadFile(dist, name); err != nil {
			return err
		}
		f.brotli, _ = fs.ReadFile(dist, name+".br")
		f.gzip, _ = fs.ReadFile(dist, name+".gz")
		sum := sha256.Sum256(f.plain)
		f.etag = base64.RawURLEncoding.EncodeToString(sum[:12])
		switch {
		case name == indexFile:
			f.cache = "no-store"
		case strings.HasPrefix(name, "assets/"):
			f.cache = "public, max-age=31536000, immutable" // RFC 8246; vite puts the content's hash into the name
		}
		p.files["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	if p.links, err = readPreloads(dist); err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	p.index = p.files["/"+indexFile]
	delete(p.files, "/"+indexFile)
	return p, nil
}

// places are the first parts of the paths that the one page has something to show at, and
// whether there is more beneath: the call's (k, call) and those of web/src/house/routes.ts.
var places = map[string]bool{
	"": false, "k": false, "sign-in": false, "enrol": false, "role": false, "sessions": false,
	"call": true, "admin": true, "patients": true, "seen": true,
	"calendar": true, "bookings": true, "equipment": false, "answers": true, "coming": false, "hours": false,
	"plan": false, "wound": false, "sharing": false, "work": false, "mine": true,
}

// find is what answers a path, and with which status; nil: nothing does. A path that looks
// like a page's gets the page also where there is none: it says so in the reader's language,
// and what to do.
func (p *pages) find(name string) (*page, int) {
	if f := p.files[name]; f != nil {
		return f, http.StatusOK
	}
	first, _, more := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if path.Ext(name) != "" || first == "assets" {
		return nil, http.StatusNotFound
	}
	if deeper, there := places[first]; there && (deeper || !more) {
		return p.index, http.StatusOK
	}
	return p.index, http.StatusNotFound
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	f, status := p.find(r.URL.Path)
	if f == nil {
		h.Set("Cache-Control", "no-store")
		if p.index == nil {
			http.Error(w, "The page is not built into this program: run make build.", http.StatusServiceUnavailable)
			return
		}
		http.Error(w, "Denne sida finst ikkje. / No such page.", http.StatusNotFound)
		return
	}
	body, encoding := f.plain, ""
	accepts := r.Header.Get("Accept-Encoding")
	switch {
	case f.brotli != nil && acceptsEncoding(accepts, "br"):
		body, encoding = f.brotli, "br"
	case f.gzip != nil && acceptsEncoding(accepts, "gzip"):
		body, encoding = f.gzip, "gzip"
	}
	if link := p.links[entryOf(r.URL.Path)]; f == p.index && link != "" {
		h.Set("Link", link)
	}
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("Vary", "Accept-Encoding")
	etag := `"` + f.etag + encoding + `"` // RFC 9110 §8.8.3: each encoding is a representation of its own
	h.Set("ETag", etag)
	if f.cache != "no-store" && strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader has gone: nobody to tell
	}
}

// acceptsEncoding reads an Accept-Encoding header (RFC 9110 §12.5.3) for one coding. A
// weight only matters here when it is zero.
func acceptsEncoding(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		if !given {
			return true
		}
		v, err := strconv.ParseFloat(q, 64)
		return err == nil && v > 0
	}
	return false
}

// contentType does not depend on which files the machine has: an image from scratch has none.
func contentType(ext string) string {
	switch ext {
	case ".woff2":
		return "font/woff2"
	case ".ico":
		return "image/x-icon"
	case ".webmanifest":
		return "application/manifest+json"
	case ".mp3":
		return "audio/mpeg"
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}
