package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// The page's two entries, by their sources in web/: main.tsx chooses between them by path, and
// would begin to load the one only when it runs itself.
const (
	callEntry    = "src/start.tsx"
	houseEntry   = "src/house/main.tsx"
	manifestFile = ".vite/manifest.json"
)

// chunk is what vite's manifest says of one built file (vite.dev, Backend Integration).
type chunk struct {
	File    string   `json:"file"`
	CSS     []string `json:"css"`
	Imports []string `json:"imports"`
}

// readPreloads is, by entry, the Link header (RFC 8288) that has a browser fetch what the
// entry needs together with the page itself: a round trip less on a mobile network.
func readPreloads(dist fs.FS) (map[string]string, error) {
	raw, err := fs.ReadFile(dist, manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing is built; with no header the page only loads a little later
	} else if err != nil {
		return nil, err
	}
	var manifest map[string]chunk
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	out := map[string]string{}
	for _, entry := range []string{callEntry, houseEntry} {
		var links []string
		seen := map[string]bool{}
		var add func(key string)
		add = func(key string) {
			c, there := manifest[key]
			if !there || seen[key] {
				return
			}
			seen[key] = true
			links = append(links, "</"+c.File+">; rel=modulepreload")
			for _, css := range c.CSS {
				links = append(links, "</"+css+">; rel=preload; as=style")
			}
			for _, next := range c.Imports {
				add(next)
			}
		}
		add(entry)
		out[entry] = strings.Join(links, ", ")
	}
	return out, nil
}

// entryOf is which entry main.tsx takes for a path.
func entryOf(path string) string {
	if path == "/k" || strings.HasPrefix(path, "/call/") {
		return callEntry
	}
	return houseEntry
}
