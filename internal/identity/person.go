package identity

import (
	"errors"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// What every Store answers with.
var (
	ErrNotFound = errors.New("not found")
	ErrVersion  = errors.New("was changed by another meanwhile") // optimistic concurrency
	ErrExists   = errors.New("exists already")
)

// Person is anyone: staff, patient, relative. All but ID and Version are kept encrypted
// with the person's own key.
type Person struct {
	ID         access.PersonID
	Version    int64 // 0: new
	Name       string
	Email      string // looked up by keyed hash, in lower case
	Phone      string // E.164
	NationalID string // 11 digits, or empty; looked up by keyed hash
	HPR        string // health personnel number, or empty
	Language   string // "nn", "nb" or "en"
}

// LogValue keeps a person's name out of logs.
func (p Person) LogValue() slog.Value { return slog.StringValue(string(p.ID)) }

// Assignment is a role that a person has in an organisation, for a while.
type Assignment struct {
	ID           string
	Person       access.PersonID
	Organisation access.OrganisationID
	Unit         string // id; may be empty
	Role         access.Role
	Title        string // as patients read it: "Overlege"
	Competence   string
	From         Day
	Until        Day // last day; empty: for the time being
}

// On says whether the assignment is in force on a day.
func (a Assignment) On(d Day) bool { return a.From <= d && (a.Until == "" || d <= a.Until) }

// Day is a date in Norway, as 2026-11-23: days compare as their text does.
type Day string

// DayOf is the date at a moment in a place.
func DayOf(t time.Time, in *time.Location) Day { return Day(t.In(in).Format(time.DateOnly)) }
