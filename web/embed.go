// Package web carries the built page, so that one binary is the whole service.
package web

import (
	"embed"
	"io/fs"
)

// dist is what vite builds. A fresh clone has only a placeholder there, so that plain
// go build works; the pages then say that they were not built.
//
//go:embed all:dist
var dist embed.FS

// Dist is the built page: index.html, assets/ and what stands beside them, some of it
// compressed beforehand (.br, .gz).
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant and valid
	}
	return sub
}
