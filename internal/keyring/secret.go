package keyring

import (
	"fmt"
	"strings"
)

// checkRandom refuses what cannot be 32 random bytes. Random bytes fail a rule less often
// than once in 10^13 times; passwords, examples and counters fail always.
func checkRandom(secret []byte) error {
	if len(secret) != Size {
		return fmt.Errorf("the secret has %d bytes and must have %d", len(secret), Size)
	}
	seen := map[byte]bool{}
	text, step := true, true
	for i, b := range secret {
		seen[b] = true
		text = text && b >= ' ' && b <= '~'
		step = step && (i < 2 || b-secret[i-1] == secret[1]-secret[0])
	}
	switch {
	case text:
		return fmt.Errorf("the secret is text and must be random: make one with `samkonsult keys create`")
	case len(seen) < Size/2, step:
		return fmt.Errorf("the secret is not random: make one with `samkonsult keys create`")
	}
	return nil
}

// entries takes a variable or a file apart: an entry ends at a comma or with its line.
func entries(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for entry := range strings.SplitSeq(line, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				out = append(out, entry)
			}
		}
	}
	return out
}
