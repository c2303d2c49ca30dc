// Command gents writes web/src/gen: what Go and TypeScript share, with Go as the source.
//
//	protocol.ts  the messages between page and server in a call, and the bodies that the call's page needs
//	api.ts       the HTTP API's operations and their bodies, from its OpenAPI document
//	access.ts    the table of rights, to hide buttons by, and what stands in the audit record, to have words for
//
// What a page receives has a run-time check. The files are committed, and a test says when
// one is stale.
//
//	go generate ./cmd/gents     (or make gen)
package main

//go:generate go run . -root ../.. -out ../../web/src/gen

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the module's folder")
	out := flag.String("out", "web/src/gen", "folder to write to")
	flag.Parse()
	if err := run(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gents:", err)
		os.Exit(1)
	}
}

// file is one that is generated.
type file struct {
	name string
	text []byte
}

// files gives all that is generated from the module in root.
func files(root string) ([]file, error) {
	protocol, err := generate(root)
	if err != nil {
		return nil, err
	}
	api, err := generateAPI()
	if err != nil {
		return nil, err
	}
	return []file{{"protocol.ts", protocol}, {"api.ts", api}, {"access.ts", generateAccess()}}, nil
}

func run(root, out string) error {
	all, err := files(root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, f := range all {
		if err := os.WriteFile(filepath.Join(out, f.name), f.text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
