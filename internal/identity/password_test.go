package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/argon2"
)

// FuzzAStoredHashIsReadOrRefused: no text makes us spend more than we have set.
func FuzzAStoredHashIsReadOrRefused(f *testing.F) {
	f.Add(newHasher(PasswordCost{}, argon2.IDKey).nobody)
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if c, salt, key, err := parsePHC(text); err == nil && (c.Memory > maxMemory || c.Time == 0 || c.Threads == 0 || len(salt) < 8 || len(key) != hashSize) {
			t.Errorf("%q is read as %+v", text, c)
		}
	})
}

func TestTheSameWorkIsDoneForWhomeverAsks(t *testing.T) {
	var mu sync.Mutex
	var done []PasswordCost
	counting := func(password, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
		mu.Lock()
		defer mu.Unlock()
		done = append(done, PasswordCost{memory, time, threads})
		return argon2.IDKey(password, salt, time, 64, threads, size)
	}
	h := newHasher(PasswordCost{}, counting)
	stored, err := h.hash(context.Background(), "ein fin dag på fjorden")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		password Password
		stored   string
		want     bool
	}{
		"right": {"ein fin dag på fjorden", stored, true}, "wrong": {"feil", stored, false}, "nobody": {"ein fin dag på fjorden", "", false},
		"å of two letters": {"ein fin dag pa\u030a fjorden", stored, true},
	} {
		done = nil
		ok, _, err := h.matches(context.Background(), tt.password, tt.stored)
		if err != nil || ok != tt.want {
			t.Errorf("%s: %t %v", name, ok, err)
		}
		if want := []PasswordCost{{19456, 2, 1}}; !slices.Equal(done, want) {
			t.Errorf("%s: the work was %v, want %v", name, done, want)
		}
	}
}

func TestAFloodOfPasswordsIsTurnedAway(t *testing.T) {
	release := make(chan struct{})
	slow := func(_, _ []byte, _, _ uint32, _ uint8, size uint32) []byte {
		<-release
		return make([]byte, size)
	}
	h := newHasher(PasswordCost{}, slow)
	busy := make(chan error, 3*waitingPasswords)
	var wg sync.WaitGroup
	for range cap(busy) {
		wg.Go(func() { // ends when it has been answered
			_, err := h.hash(context.Background(), "ein fin dag på fjorden")
			busy <- err
		})
	}
	for range 2 * waitingPasswords { // those who don't get in are told at once
		if err := <-busy; !errors.Is(err, ErrBusy) {
			t.Fatalf("got %v while all places were taken", err)
		}
	}
	if n := len(h.running); n > cap(h.running) {
		t.Errorf("%d at once", n)
	}
	close(release)
	wg.Wait()
	close(busy)
	for err := range busy {
		if err != nil {
			t.Errorf("one who waited: %v", err)
		}
	}
}

func TestAWaitForAHashEndsWithTheRequest(t *testing.T) {
	h := newHasher(PasswordCost{}, argon2.IDKey)
	for range cap(h.running) {
		h.running <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.hash(ctx, "ein fin dag på fjorden"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if len(h.present) != 0 {
		t.Error("the place is still taken")
	}
}

func TestAHashOfALowerCostIsToldApart(t *testing.T) {
	old := newHasher(PasswordCost{Memory: 64, Time: 1}, argon2.IDKey)
	stored, err := old.hash(context.Background(), "ein fin dag på fjorden")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Error("not a PHC string of argon2id")
	}
	now := newHasher(PasswordCost{Memory: 128, Time: 1}, argon2.IDKey)
	if ok, weak, err := now.matches(context.Background(), "ein fin dag på fjorden", stored); !ok || !weak || err != nil {
		t.Errorf("%t %t %v", ok, weak, err)
	}
	if ok, weak, err := old.matches(context.Background(), "ein fin dag på fjorden", stored); !ok || weak || err != nil {
		t.Errorf("%t %t %v", ok, weak, err)
	}
}

func TestPasswordsByTheirRules(t *testing.T) {
	const email = "mari.bjork@fjordvik.no"
	for p, ok := range map[Password]bool{
		"ein fin dag på fjorden": true, "correct-horse-7-batteri": true, "åtte små æsker": true, "Tre.Gonger.Tre.Er.9": true,
		"elleve tegn": false, "passordpassord": false, "Passord123456": false, "Sommar 2026 !!!": false, "123456789012": false,
		"000000000000": false, "abababababab": false, "qwertyuiop[]12": false, "MARI2026-kaffi": false, "bjorkebjorkebjork": false,
		"Velkommen2026!": false, Password(strings.Repeat("ein fin dag ", 30)): false, "ugyldig \xff\xfe tekst her": false,
	} {
		err := checkPassword(p, email)
		if broken, isRule := errors.AsType[*Invalid](err); (err == nil) != ok || err != nil && (!isRule || broken.Field != "password") {
			t.Errorf("%q: %v", []byte(p), err)
		}
	}
}
