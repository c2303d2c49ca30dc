package protocol

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ValidID says whether s can be a participant's or a chat message's id: 1–64
// characters of [A-Za-z0-9_-].
func ValidID(s string) bool { return isToken(s, MaxID, "_-") }

const (
	ruleID     = "must be 1–64 characters of [A-Za-z0-9_-]"
	ruleSecret = "must be 1–256 characters of [A-Za-z0-9._~-]"
)

func (m Hello) fault() (field, rule string) {
	switch {
	case m.Version != Version: // DecodeClient has said it already, with its own code
		return "version", fmt.Sprintf("must be %d", Version)
	case (m.Ticket == "") == (m.Resume == nil):
		return "ticket", "must be there, or resume must, and not both"
	case m.Resume == nil && !isSecret(m.Ticket):
		return "ticket", ruleSecret
	case m.Resume != nil && !isSecret(m.Resume.Token):
		return "resume.token", ruleSecret
	case m.Resume != nil && m.Resume.Epoch < 1:
		return "resume.epoch", "must be at least 1"
	case m.Resume == nil && m.Offer == "":
		return "offer", "must be there with a ticket"
	}
	return mediaFault(m.Media)
}

func (m Media) fault() (field, rule string) { return mediaFault(m.Media) }

func mediaFault(m MediaState) (field, rule string) {
	switch m.Second {
	case SecondNone, SecondCamera, SecondScreen:
		return "", ""
	}
	return "media.second", `must be "", "camera" or "screen"`
}

func (m Admit) fault() (field, rule string)   { return participantFault(m.Participant) }
func (m Refuse) fault() (field, rule string)  { return participantFault(m.Participant) }
func (m Confirm) fault() (field, rule string) { return participantFault(m.Participant) }
func (m Remove) fault() (field, rule string)  { return participantFault(m.Participant) }
func (m Mute) fault() (field, rule string)    { return participantFault(m.Participant) }

func participantFault(id string) (field, rule string) {
	if !ValidID(id) {
		return "participant", ruleID
	}
	return "", ""
}

func (Lock) fault() (field, rule string)  { return "", "" }
func (End) fault() (field, rule string)   { return "", "" }
func (Leave) fault() (field, rule string) { return "", "" }
func (Hand) fault() (field, rule string)  { return "", "" }

func (m Beside) fault() (field, rule string) {
	if f, r := CompanionsFault(m.People); r != "" {
		return "people" + f, r
	}
	return "", ""
}

// CompanionsFault names the first thing in a list of companions that breaks a rule, as
// a path that starts at the list ("[1].name"); an empty rule means that nothing does.
// Seats come with companions too, and keep the same rule.
func CompanionsFault(people []Companion) (path, rule string) {
	if len(people) > MaxCompanions {
		return "", fmt.Sprintf("must be at most %d", MaxCompanions)
	}
	for i, p := range people {
		if !isLine(p.Name, MaxName) || strings.TrimSpace(p.Name) == "" {
			return fmt.Sprintf("[%d].name", i), fmt.Sprintf("must be 1–%d characters on one line", MaxName)
		}
		if !isLine(p.Role, MaxName) {
			return fmt.Sprintf("[%d].role", i), fmt.Sprintf("must be at most %d characters on one line", MaxName)
		}
	}
	return "", ""
}

func (m Chat) fault() (field, rule string) {
	if !ValidID(m.ID) {
		return "id", ruleID
	}
	if strings.TrimSpace(m.Text) == "" || utf8.RuneCountInString(m.Text) > MaxChatText {
		return "text", fmt.Sprintf("must be 1–%d characters, not only spaces", MaxChatText)
	}
	for _, r := range m.Text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' {
			return "text", "must hold no control characters but line ends and tabs"
		}
	}
	return "", ""
}

func (m Watch) fault() (field, rule string) {
	if m.Picture == nil {
		return "", ""
	}
	if !ValidID(m.Picture.Participant) {
		return "picture.participant", ruleID
	}
	if m.Picture.Source != Camera && m.Picture.Source != Second {
		return "picture.source", `must be "camera" or "second"`
	}
	return "", ""
}

func (m Want) fault() (field, rule string) {
	if len(m.Lines) > MaxWishes {
		return "lines", fmt.Sprintf("must be at most %d", MaxWishes)
	}
	seen := make(map[string]bool, len(m.Lines))
	for i, w := range m.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		switch {
		// RFC 5888 §4: a=mid is a token of RFC 4566.
		case !isToken(w.MID, MaxMID, "!#$%&'*+-.^_`{|}~"):
			return at + "mid", fmt.Sprintf("must be the a=mid of a line, 1–%d characters", MaxMID)
		case seen[w.MID]:
			return at + "mid", "must stand there once"
		case w.Width < 0 || w.Width > MaxSide:
			return at + "width", fmt.Sprintf("must be 0–%d device pixels", MaxSide)
		case w.Height < 0 || w.Height > MaxSide:
			return at + "height", fmt.Sprintf("must be 0–%d device pixels", MaxSide)
		}
		seen[w.MID] = true
	}
	return "", ""
}

const ruleKind = "must be 1–40 small letters, digits and hyphens"

func isKind(s string) bool {
	return s != "" && len(s) <= MaxKind && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func (m Point) fault() (field, rule string) {
	switch t := m.Target; {
	case t == nil:
	case !isKind(t.Kind):
		return "target.kind", ruleKind
	case t.Measurement != "" && !ValidID(t.Measurement):
		return "target.measurement", "must be empty, or " + strings.TrimPrefix(ruleID, "must be ")
	case t.At < 0:
		return "target.at", "must be at least 0"
	}
	return "", ""
}

func (m Sample) fault() (field, rule string) {
	switch {
	case !isKind(m.Kind):
		return "kind", ruleKind
	case len(m.Values) < 1 || len(m.Values) > MaxValues:
		return "values", fmt.Sprintf("must be 1–%d", MaxValues)
	case m.At < 0:
		return "at", "must be at least 0"
	}
	return "", ""
}

func (m Ask) fault() (field, rule string) {
	switch m.What {
	case AskMeasurement:
		if !isKind(m.Kind) {
			return "kind", ruleKind
		}
	case AskStill, AskLight:
		if m.Kind != "" {
			return "kind", "must be empty where no value is asked for"
		}
		if m.Wound != "" && !ValidID(m.Wound) {
			return "wound", "must be empty, or " + strings.TrimPrefix(ruleID, "must be ")
		}
		return "", ""
	default:
		return "what", `must be "measurement", "still" or "light"`
	}
	if m.Wound != "" {
		return "wound", "must be empty where a value is asked for"
	}
	return "", ""
}

func (m Hold) fault() (field, rule string) {
	if m.Part != "" && !isKind(m.Part) {
		return "part", "must be empty, or " + strings.TrimPrefix(ruleKind, "must be ")
	}
	return "", ""
}

func (m Draw) fault() (field, rule string) {
	switch {
	case m.Surface.Photo != "" && !ValidID(m.Surface.Photo):
		return "surface.photo", "must be empty, or " + strings.TrimPrefix(ruleID, "must be ")
	case m.Surface.Photo != "" && m.Surface.Participant != "":
		return "surface.participant", "must be empty where a photo is drawn on"
	case m.Surface.Photo != "" && m.Surface.Source != "":
		return "surface.source", "must be empty where a photo is drawn on"
	case m.Surface.Photo == "":
		if f, r := pictureFault(m.Surface.Participant, Source(m.Surface.Source)); r != "" {
			return "surface." + f, r
		}
	}
	switch {
	case !(m.Gone && m.Stroke == "") && !ValidID(m.Stroke):
		return "stroke", ruleID
	case m.Shape != "line" && m.Shape != "arrow" && m.Shape != "outline":
		return "shape", `must be "line", "arrow" or "outline"`
	case m.Colour != "blue" && m.Colour != "white" && m.Colour != "yellow":
		return "colour", `must be "blue", "white" or "yellow"`
	case len(m.Points) > MaxStroke:
		return "points", fmt.Sprintf("must be at most %d numbers", MaxStroke)
	case len(m.Points)%2 != 0:
		return "points", "must be x and y by turns"
	case m.Gone && len(m.Points) > 0:
		return "points", "must be empty where the stroke is taken away"
	}
	for i, v := range m.Points {
		if !(v >= 0 && v <= 1) {
			return fmt.Sprintf("points[%d]", i), "must be from 0 to 1"
		}
	}
	return "", ""
}

func (m Freeze) fault() (field, rule string) { return pictureFault(m.Participant, m.Source) }

func pictureFault(participant string, source Source) (field, rule string) {
	switch {
	case !ValidID(participant):
		return "participant", ruleID
	case source != Camera && source != Second:
		return "source", `must be "camera" or "second"`
	}
	return "", ""
}

func (m Show) fault() (field, rule string) {
	if m.Photo != "" && !ValidID(m.Photo) {
		return "photo", "must be empty, or " + strings.TrimPrefix(ruleID, "must be ")
	}
	return "", ""
}

func (m Ping) fault() (field, rule string) {
	if m.Received < 0 {
		return "received", "must be at least 0"
	}
	return "", ""
}

func isSecret(s string) bool { return isToken(s, MaxTicket, "._~-") }

// isToken says whether s is 1–most letters, digits and characters of extra, all ASCII.
func isToken(s string, most int, extra string) bool {
	if s == "" || len(s) > most {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte(extra, c) < 0 {
			return false
		}
	}
	return true
}

// isLine says whether s is at most so many characters, none of them a control character.
func isLine(s string, most int) bool {
	return utf8.RuneCountInString(s) <= most && strings.IndexFunc(s, unicode.IsControl) < 0
}
