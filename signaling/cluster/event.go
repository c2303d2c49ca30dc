package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Kind says what has changed. Whoever publishes names their own, by the rule of
// protocol.ValidID; those here are the package's.
type Kind string

const (
	// PresenceChanged: someone has come, gone or been let in. Setting a presence publishes it.
	// Nothing is published when a node dies: its people vanish when its lease ends, so a board
	// that must be right looks again from time to time.
	PresenceChanged Kind = "presence"
	// Resync: events may have been missed. Read anew all that is shown. It names nothing.
	Resync Kind = "resync"
)

// Event says that something about a consultation, or about a patient, has changed. What it is
// now, each node reads itself, under the rights of whoever is to see it. All of it is random ids.
type Event struct {
	Kind         Kind
	Consultation string // empty for what is a patient's
	Patient      string // empty for what is a consultation's
	Items        Items  // what has changed of theirs; may be empty
}

// Items are ids, in the order in which things happened to what they name.
type Items string

// MaxItems is how many there may be. Of more one says less, as a Kind that stands for all.
const MaxItems = 100

// ItemsOf are ids as an event carries them.
func ItemsOf[ID ~string](ids []ID) Items {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return Items(strings.Join(texts, ","))
}

// IDs are the ids.
func (i Items) IDs() []string {
	if i == "" {
		return nil
	}
	return strings.Split(string(i), ",")
}

func (e Event) check() error {
	const rule = "must be 1–64 characters of [A-Za-z0-9_-]"
	items := e.Items.IDs()
	switch {
	case !protocol.ValidID(string(e.Kind)) || e.Kind == Resync:
		return fmt.Errorf("cluster: an event's kind %q %s, and not %q", e.Kind, rule, Resync)
	case e.Consultation != "" && e.Patient != "":
		return fmt.Errorf("cluster: an event is of a consultation or of a patient, not of both")
	case !protocol.ValidID(e.Consultation + e.Patient):
		return fmt.Errorf("cluster: an event's consultation or patient %q %s", e.Consultation+e.Patient, rule)
	case len(items) > MaxItems:
		return fmt.Errorf("cluster: an event's items are %d and must be at most %d", len(items), MaxItems)
	}
	if i := slices.IndexFunc(items, func(id string) bool { return !protocol.ValidID(id) }); i >= 0 {
		return fmt.Errorf("cluster: an event's items[%d] %s", i, rule)
	}
	return nil
}

// ofPatient stands before a patient's id on its way. No id begins so.
const ofPatient = "."

// text is an event on its way: kind, whose it is, and items, of which none has a space in it.
func (e Event) text() string {
	of := e.Consultation
	if e.Patient != "" {
		of = ofPatient + e.Patient
	}
	return strings.TrimRight(string(e.Kind)+" "+of+" "+string(e.Items), " ")
}

// eventOf reads a text.
func eventOf(text string) (Event, error) {
	kind, rest, _ := strings.Cut(text, " ")
	of, items, _ := strings.Cut(rest, " ")
	e := Event{Kind: Kind(kind), Consultation: of, Items: Items(items)}
	if patient, ok := strings.CutPrefix(of, ofPatient); ok {
		e.Consultation, e.Patient = "", patient
	}
	if e == (Event{Kind: Resync}) {
		return e, nil
	}
	return e, e.check()
}
