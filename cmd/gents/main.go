// Command gents writes web/src/gen/protocol.ts: the messages between page and server and
// the bodies of the HTTP API as TypeScript, with a runtime check of each. Go is the source;
// the file is committed, and a test says when it is stale.
//
//	go generate ./cmd/gents     (or make gen)
package main

//go:generate go run . -root ../.. -out ../../web/src/gen/protocol.ts

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the module's folder")
	out := flag.String("out", "", "file to write; empty: standard output")
	flag.Parse()
	if err := run(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gents:", err)
		os.Exit(1)
	}
}

func run(root, out string) error {
	text, err := generate(root)
	if err != nil {
		return err
	}
	if out == "" {
		_, err = os.Stdout.Write(text)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}
