package store

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// story is one patient's, as one worker makes it, deed after deed. Whoever knows the deeds
// that were acknowledged knows what the database must hold.
type story struct {
	Patient access.PersonID // everything in the story is called by it
	Deeds   int             // begun so far
	Facts   facts
}

// facts are what is to be read of a story, each in words under a name. Changed things are
// there with the entries and messages that go with them, so that facts are whole or none.
type facts map[string]string

// Whatever else a story has is called by its patient.
func (s story) consultation() string      { return "call-" + string(s.Patient) }
func (s story) relative() access.PersonID { return "relative-" + s.Patient }
func (s story) officer() access.PersonID  { return "officer-" + s.Patient } // reads of the erasure
func (s story) account() string           { return "account/" + string(s.Patient) }

// number is in the place of an identity number: eleven digits of the patient's own.
func (s story) number() string {
	sum := sha256.Sum256([]byte(s.Patient))
	return fmt.Sprintf("%011d", binary.BigEndian.Uint64(sum[:8])%1e11)
}

// storyLength is after how many deeds a worker turns to another patient.
const storyLength = 60

func (s story) over() bool { return s.Deeds >= storyLength || s.Facts["patient"] == "erased" }

// next is what happens next in a story.
func (s story) next(chance *rand.Rand) deed {
	var kinds []string
	for _, k := range deedKinds {
		if k.may(s.Facts) {
			kinds = append(kinds, slices.Repeat([]string{k.name}, k.often)...)
		}
	}
	return deed{Patient: s.Patient, No: s.Deeds + 1, Kind: kinds[chance.IntN(len(kinds))]}
}

// accounted and told are what a deed leaves beside its change: its entry, and its message.
func (f facts) accounted(d deed) { f["entry "+d.id()] = "kept" }
func (f facts) told(d deed)      { f["message "+d.id()] = "waits" }

func (f facts) has(fact string) bool {
	_, there := f[fact]
	return there
}

// some is the name of a fact of a kind in a state, and nothing where there is none.
func (f facts) some(kind, state string) string {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if strings.HasPrefix(name, kind+" ") && f[name] == state {
			return name[len(kind)+1:]
		}
	}
	return ""
}

func (f facts) count(kind string) (n int) {
	for name := range f {
		if strings.HasPrefix(name, kind+" ") {
			n++
		}
	}
	return n
}

// all sets every fact of a kind.
func (f facts) all(kind, state string) {
	for name := range f {
		if strings.HasPrefix(name, kind+" ") {
			f[name] = state
		}
	}
}

func registered(f facts) bool { return f.has("patient") && f["patient"] != "erased" }
func booked(f facts) bool     { return registered(f) && f.has("appointment") }

// endLinks ends links, and with them the sessions that they have opened.
func (f facts) endLinks() {
	f.all("link", "revoked")
	f.all("session", "ended")
}

func patientFact(version int64, name string) string { return fmt.Sprintf("%d %s", version, name) }
func chatFact(place int) string                     { return fmt.Sprintf("chat %04d", place) }
func appointmentFact(version int64, state scheduling.State, participants int, beside string) string {
	return fmt.Sprintf("%d %s, %d invited, beside %q", version, state, participants, beside)
}

// file is a blob's content: its deed's id, and then what follows from that; now and then
// more than a chunk.
func file(id string) []byte {
	seed := sha256.Sum256([]byte(id))
	size := 100 + int(binary.BigEndian.Uint16(seed[:]))
	if seed[2] < 50 {
		size += blobChunk
	}
	content := make([]byte, size)
	_, _ = rand.NewChaCha8(seed).Read(content) // never fails
	return append([]byte(id+"\n"), content...)
}

// measurement is a value, all of which follows from its deed's id.
func measurement(patient access.PersonID, id string) clinical.Observation {
	seed := sha256.Sum256([]byte(id))
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(binary.BigEndian.Uint16(seed[:])) * time.Minute)
	return clinical.Observation{
		ID: clinical.ObservationID(id), Version: 1, Patient: patient, Kind: clinical.HeartRate, Values: []float64{40 + float64(seed[2])}, Status: clinical.Final,
		Measured: at, Received: at, Method: clinical.ByHand, Performer: clinical.Performer{Person: "nurse", Name: id, Role: access.Nurse}, Key: id,
	}
}
