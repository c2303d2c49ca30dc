package protocol_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// manual is the package comment.
func manual(t *testing.T) string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return f.Doc.Text()
}

// section is what stands under a heading of the manual.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(manual(t), "\n# "+heading+"\n")
	if !found {
		t.Fatalf("the manual has no section %q", heading)
	}
	text, _, _ := strings.Cut(rest, "\n# ")
	return text
}

// examplesIn are the messages in a section, each on an indented line that begins one, and
// those that go on with a space after the indent.
func examplesIn(text string) map[string][]string {
	found := map[string][]string{}
	var name string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := regexp.MustCompile(`^\t\{"type":"([a-z]+)"`).FindStringSubmatch(line); m != nil {
			name = m[1]
			found[name] = append(found[name], strings.TrimSpace(line))
		} else if strings.HasPrefix(line, "\t ") && name != "" {
			last := len(found[name]) - 1
			found[name][last] += strings.TrimSpace(line)
		} else {
			name = ""
		}
	}
	return found
}

func TestTheManualHasEveryMessageOfThePageWithAGoodExample(t *testing.T) {
	text := section(t, "From the page")
	found := examplesIn(text)
	for _, m := range protocol.ClientMessages() {
		if len(found[m.Type()]) == 0 {
			t.Errorf("%s has no example", m.Type())
		}
		if !regexp.MustCompile(`\b` + m.Type() + `\b`).MatchString(regexp.MustCompile(`(?m)^\t.*$`).ReplaceAllString(text, "")) {
			t.Errorf("%s is not explained", m.Type())
		}
		for _, e := range found[m.Type()] {
			if _, err := protocol.DecodeClient([]byte(e)); err != nil {
				t.Errorf("%s: %v", e, err)
			}
		}
	}
}

func TestTheManualHasEveryMessageOfTheServerWithAWholeExample(t *testing.T) {
	text := section(t, "From the server")
	found := examplesIn(text)
	for _, m := range protocol.ServerMessages() {
		if len(found[m.Type()]) == 0 {
			t.Errorf("%s has no example", m.Type())
		}
		for _, e := range found[m.Type()] {
			m, err := protocol.DecodeServer([]byte(e))
			if err != nil {
				t.Errorf("%s: %v", e, err)
				continue
			}
			sameWhenWritten(t, m, []byte(e))
		}
	}
}

func TestTheManualNamesEveryCodeInItsPlace(t *testing.T) {
	open, closing, found := strings.Cut(section(t, "Errors"), "These close it:")
	if !found {
		t.Fatal("the manual does not tell errors that close from those that do not")
	}
	for _, c := range allCodes {
		in := open
		if c.Fatal() {
			in = closing
		}
		if !regexp.MustCompile(`(?m)^\t` + string(c) + `\s`).MatchString(in) {
			t.Errorf("the manual lacks %s, or has it in the wrong place", c)
		}
	}
	codes := section(t, "Close codes")
	for _, c := range allCodes {
		if !strings.Contains(codes, fmt.Sprint("\t", c.CloseCode(), " ")) {
			t.Errorf("the manual lacks %d", c.CloseCode())
		}
	}
}

func TestTheManualsLimitsAreTheDecodersOwn(t *testing.T) {
	limits := section(t, "Limits")
	for name, n := range map[string]int{
		"hello": protocol.MaxHello, "any other message": protocol.MaxMessage, "names, roles": protocol.MaxName,
		"companions": protocol.MaxCompanions, "chat text": protocol.MaxChatText, "ids": protocol.MaxID,
		"tickets, tokens": protocol.MaxTicket, "lines in want": protocol.MaxWishes, "a tile's side": protocol.MaxSide,
	} {
		if !regexp.MustCompile(fmt.Sprintf(`(?m)^\t%s +%d\b`, name, n)).MatchString(limits) {
			t.Errorf("%s: the manual does not say %d", name, n)
		}
	}
}
