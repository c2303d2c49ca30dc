package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

const (
	codeLasts = 10 * time.Minute
	codeAgain = 30 * time.Second // between one sending and the next
	codeHour  = 5                // sendings within an hour at most
)

// OneTimeCode is the code that a link asks for. There is one at a time; its tries are the
// link's, so that a new code brings no new guesses.
type OneTimeCode struct {
	Link    string // id
	Person  access.PersonID
	Hash    Hash // nil: none is open
	Expires time.Time
	Tries   Tries // its version is the code's
	Channel notify.Channel
	Hint    string // of the address it was sent to; kept encrypted
	Sent    time.Time
	Since   time.Time // when the hour began that Sendings counts
	Count   int       // sendings within that hour
}

// open says whether a code is there to be answered.
func (c OneTimeCode) open(now time.Time) bool { return len(c.Hash) > 0 && now.Before(c.Expires) }

// wait is how long no code is sent: a code is money for us and noise for who gets it.
func (c OneTimeCode) wait(now time.Time) time.Duration {
	until := c.Tries.LockedUntil
	if again := c.Sent.Add(codeAgain); !c.Sent.IsZero() && again.After(until) {
		until = again
	}
	if hour := c.Since.Add(time.Hour); c.Count >= codeHour && hour.After(until) {
		until = hour
	}
	return max(until.Sub(now), 0)
}

// renew puts a new code in the place of the old one.
func (c *OneTimeCode) renew(hash Hash, now time.Time) {
	if now.Sub(c.Since) >= time.Hour {
		c.Since, c.Count = now, 0
	}
	c.Hash, c.Expires, c.Sent, c.Count = hash, now.Add(codeLasts), now, c.Count+1
}

// close takes the code away: it was used, or guessed at too often.
func (c *OneTimeCode) close() { c.Hash, c.Expires = nil, time.Time{} }

// newCode makes six digits, each of the million as likely.
func newCode() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails: it ends the program instead
	return fmt.Sprintf("%06d", n)
}

// codeHashes are a code's hashes, bound to its link.
func codeHashes(keys []Key, link, code string) []Hash {
	return hashes(keys, oneTimeCode, link+"\x00"+code)
}

// CodeNeeded says that a link asks for a one-time code, and where that was sent.
type CodeNeeded struct {
	Sent
	Expires   time.Time
	TriesLeft int
	// Organisation and Phone say whom to ring.
	Organisation string
	Phone        string
}

// CodeError is for a wrong code.
type CodeError struct{ TriesLeft int }

func (e *CodeError) Error() string { return fmt.Sprintf("wrong code, %d tries left", e.TriesLeft) }

// CodeStore keeps the codes of links.
type CodeStore interface {
	Code(ctx context.Context, link string) (OneTimeCode, error) // one without hash where none was sent
	SaveCode(ctx context.Context, c OneTimeCode, entries []audit.Entry, out []notify.Message) error
}
