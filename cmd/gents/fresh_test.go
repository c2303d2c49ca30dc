package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedTypeScriptIsWhatGoSays(t *testing.T) {
	want, err := generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../web/src/gen/protocol.ts")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatal("web/src/gen/protocol.ts is stale: run make gen and commit it")
	}
}
