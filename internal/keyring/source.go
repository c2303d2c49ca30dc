package keyring

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxFile bounds what is read of a keys file, in bytes: hundreds of generations.
const maxFile = 64 << 10

// KMS is a key management service: it decrypts what it has encrypted under a name. It is
// called at start only, once for each generation.
type KMS interface {
	Unwrap(ctx context.Context, name string, wrapped []byte) ([]byte, error)
}

// Parse reads root secrets as text, as in an environment variable: entries
// "GENERATION BASE64" apart by commas or line breaks; # begins a comment.
func Parse(text string) (*Keyring, error) {
	roots, err := parse(text)
	if err != nil {
		return nil, err
	}
	return New(roots)
}

// ParseWrapped reads the same text with secrets that the service has encrypted under name.
func ParseWrapped(ctx context.Context, kms KMS, name, text string) (*Keyring, error) {
	wrapped, err := parse(text)
	if err != nil {
		return nil, err
	}
	roots := make(map[Generation][]byte, len(wrapped))
	for g, w := range wrapped {
		if roots[g], err = kms.Unwrap(ctx, name, w); err != nil {
			return nil, fmt.Errorf("keyring: unwrap generation %d: %w", g, err)
		}
	}
	return New(roots)
}

// ReadFile reads root secrets from a file, which only its owner may be able to read.
func ReadFile(path string) (*Keyring, error) {
	text, err := readText(path)
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

// ReadWrappedFile is ReadFile for secrets that the service has encrypted under name.
func ReadWrappedFile(ctx context.Context, kms KMS, name, path string) (*Keyring, error) {
	text, err := readText(path)
	if err != nil {
		return nil, err
	}
	return ParseWrapped(ctx, kms, name, text)
}

// Create makes a file with a new random secret, of generation 1, and reads it. A file that
// is there already is left alone, and is an error.
func Create(path string) (*Keyring, error) {
	roots := map[Generation][]byte{1: random()}
	err := writeNew(path, roots)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keyring: %s is there already: it is not overwritten, as what it has encrypted would be lost: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: create: %w", err)
	}
	return New(roots)
}

// AddGeneration adds a new random secret to a file, which becomes the current one in
// processes that are started from then on.
func AddGeneration(path string) (*Keyring, error) {
	k, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	roots := maps.Clone(k.roots)
	roots[k.current+1] = random()
	// Whole or not at all: a half-written file would lose every key.
	next := path + ".next"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keyring: add a generation: %w", err)
	}
	if err := writeNew(next, roots); err != nil {
		return nil, fmt.Errorf("keyring: add a generation: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return nil, fmt.Errorf("keyring: add a generation: %w", err)
	}
	if err := syncFolder(path); err != nil {
		return nil, fmt.Errorf("keyring: add a generation: %w", err)
	}
	return New(roots)
}

func random() []byte {
	root := make([]byte, Size)
	rand.Read(root) // never fails (crypto/rand)
	return root
}

func parse(text string) (map[Generation][]byte, error) {
	roots := map[Generation][]byte{}
	for i, entry := range entries(text) {
		number, secret, ok := strings.Cut(entry, " ")
		if !ok {
			return nil, fmt.Errorf("keyring: entry %d: want GENERATION BASE64", i+1)
		}
		g, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("keyring: entry %d: the generation must be a number", i+1)
		}
		if _, twice := roots[Generation(g)]; twice {
			return nil, fmt.Errorf("keyring: generation %d is there twice", g)
		}
		// The decoder's own error would quote a part of the secret.
		root, err := base64.StdEncoding.DecodeString(strings.TrimSpace(secret))
		if err != nil {
			return nil, fmt.Errorf("keyring: generation %d: the secret must be in base64", g)
		}
		roots[Generation(g)] = root
	}
	return roots, nil
}

func readText(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("keyring: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("keyring: %s is not a file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return "", fmt.Errorf("keyring: %s is open to others (mode %04o): chmod 600 %s", path, mode, path)
	}
	if info.Size() > maxFile {
		return "", fmt.Errorf("keyring: %s has %d bytes, which is no keys file (at most %d)", path, info.Size(), maxFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("keyring: %w", err)
	}
	return string(text), nil
}

func writeNew(path string, roots map[Generation][]byte) error {
	var text strings.Builder
	text.WriteString("# Root secrets of samkonsult, the newest last. Without this file its database cannot be\n" +
		"# read. Keep a copy of it, and not where copies of the database are kept.\n")
	for _, g := range slices.Sorted(maps.Keys(roots)) {
		fmt.Fprintf(&text, "%d %s\n", g, base64.StdEncoding.EncodeToString(roots[g]))
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text.String())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return syncFolder(path)
}

// syncFolder makes a new or renamed file's name as lasting as its content.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
