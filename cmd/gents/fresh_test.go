package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTheCommittedTypeScriptIsWhatGoSays(t *testing.T) {
	all, err := files("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		got, err := os.ReadFile(filepath.Join("../../web/src/gen", f.name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, f.text) {
			t.Errorf("web/src/gen/%s is stale: run make gen and commit it", f.name)
		}
	}
}
