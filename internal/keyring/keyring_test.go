package keyring_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

func random(t *testing.T) []byte {
	t.Helper()
	b := make([]byte, keyring.Size)
	rand.Read(b)
	return b
}

func entry(g int, root []byte) string {
	return fmt.Sprintf("%d %s", g, base64.StdEncoding.EncodeToString(root))
}

func TestACreatedFileIsReadAgainWithTheSameKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	created, err := keyring.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := keyring.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key(t, created, keyring.Wrap, 1), key(t, read, keyring.Wrap, 1)) {
		t.Error("the file gives another key than when it was created")
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %04o", info.Mode().Perm())
	}
	if _, err := keyring.Create(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("created over a file that is there: %v", err)
	}
}

func key(t *testing.T, k *keyring.Keyring, p keyring.Purpose, g keyring.Generation) []byte {
	t.Helper()
	b, err := k.Key(p, g)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKeysDifferByPurposeAndGeneration(t *testing.T) {
	k, err := keyring.New(map[keyring.Generation][]byte{1: random(t), 2: random(t)})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, g := range k.Generations() {
		for _, p := range []keyring.Purpose{keyring.Wrap, keyring.Lookup, keyring.Backup, keyring.Session, keyring.Link, keyring.Audit} {
			b := key(t, k, p, g)
			if len(b) != keyring.Size || seen[string(b)] {
				t.Errorf("%s of generation %d: %d bytes, seen before: %v", p, g, len(b), seen[string(b)])
			}
			seen[string(b)] = true
		}
	}
	if _, err := k.Key(keyring.Wrap, 3); err == nil {
		t.Error("a generation that is not here gave a key")
	}
}

// The derivation must never change: everything ever stored hangs on it.
func TestTheDerivationIsFixed(t *testing.T) {
	root, err := base64.StdEncoding.DecodeString("q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=")
	if err != nil {
		t.Fatal(err)
	}
	for i := range root {
		root[i] ^= byte(i * 7)
	}
	k, err := keyring.New(map[keyring.Generation][]byte{1: root})
	if err != nil {
		t.Fatal(err)
	}
	const want = "Yo4afaQvfN/KkobB2XtP9sxeR/yirZ46VtqIjtvoCwA="
	if got := base64.StdEncoding.EncodeToString(key(t, k, keyring.Wrap, 1)); got != want {
		t.Errorf("wrap = %s, want %s", got, want)
	}
}

func TestAnAddedGenerationIsTheCurrentOneAndTheOldStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	first, err := keyring.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.AddGeneration(path); err != nil {
		t.Fatal(err)
	}
	both, err := keyring.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if both.Current() != 2 || !slices.Equal(both.Generations(), []keyring.Generation{2, 1}) {
		t.Errorf("generations %v, current %d", both.Generations(), both.Current())
	}
	if !bytes.Equal(key(t, first, keyring.Lookup, 1), key(t, both, keyring.Lookup, 1)) {
		t.Error("the old generation's key has changed")
	}
}

func TestWeakSecretsAreRefused(t *testing.T) {
	good := random(t)
	counter := make([]byte, keyring.Size)
	for i := range counter {
		counter[i] = byte(i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"none":           {"# nothing but a comment\n", "no root secret"},
		"short":          {entry(1, good[:31]), "has 31 bytes and must have 32"},
		"zeros":          {entry(1, make([]byte, keyring.Size)), "not random"},
		"a counter":      {entry(1, counter), "not random"},
		"a password":     {entry(1, []byte("correct horse battery staple 123")), "is text"},
		"two patterns":   {entry(1, bytes.Repeat([]byte{0xde, 0xad, 0xbe, 0xef}, 8)), "not random"},
		"generation 0":   {entry(0, good), "count from 1"},
		"twice":          {entry(1, good) + "\n" + entry(1, random(t)), "there twice"},
		"the same again": {entry(1, good) + "," + entry(2, good), "same secret"},
		"no base64":      {"1 not-base64!", "must be in base64"},
		"no generation":  {"secret", "want GENERATION BASE64"},
		"no number":      {"one " + base64.StdEncoding.EncodeToString(good), "must be a number"},
	} {
		_, err := keyring.Parse(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAFileThatOthersMayReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if _, err := keyring.Create(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o622} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := keyring.ReadFile(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}

// xorKMS stands for a service outside: it encrypts by a byte, and refuses other names.
type xorKMS struct{ name string }

func (k xorKMS) Unwrap(_ context.Context, name string, wrapped []byte) ([]byte, error) {
	if name != k.name {
		return nil, errors.New("no such key")
	}
	out := bytes.Clone(wrapped)
	for i := range out {
		out[i] ^= 0x5a
	}
	return out, nil
}

func TestAServiceUnwrapsTheRootsAtStart(t *testing.T) {
	root := random(t)
	kms := xorKMS{name: "hospital/samkonsult"}
	wrapped, err := kms.Unwrap(t.Context(), kms.name, root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := keyring.ParseWrapped(t.Context(), kms, kms.name, entry(4, wrapped))
	if err != nil {
		t.Fatal(err)
	}
	want, err := keyring.Parse(entry(4, root))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key(t, got, keyring.Session, 4), key(t, want, keyring.Session, 4)) {
		t.Error("the unwrapped root gives another key")
	}
	if _, err := keyring.ParseWrapped(t.Context(), kms, "another", entry(4, wrapped)); err == nil || !strings.Contains(err.Error(), "no such key") {
		t.Errorf("a name that the service does not know: %v", err)
	}
}

func TestAKeyringShowsNoSecret(t *testing.T) {
	root := random(t)
	k, err := keyring.Parse(entry(1, root))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("started", "keys", k)
	for _, shown := range []string{log.String(), fmt.Sprintf("%v", k), fmt.Sprintf("%+v", k), fmt.Sprintf("%#v", k), fmt.Sprint(struct{ K *keyring.Keyring }{k})} {
		if strings.Contains(shown, base64.StdEncoding.EncodeToString(root)) || strings.Contains(shown, fmt.Sprint(root)) {
			t.Errorf("shows the secret: %s", shown)
		}
	}
	if !strings.Contains(log.String(), "keyring of 1, current 1") {
		t.Errorf("log: %s", log.String())
	}
}
