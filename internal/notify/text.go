package notify

import (
	"fmt"
	"strings"
	"time"
)

// Text is a message in words. SMS has no subject.
type Text struct{ Subject, Body string }

// words of one language. %s are filled in by Words, in the order named beside each.
type words struct {
	link, enrol, code                      string // link: from, when, link · enrol: from, link · code: from, code
	linkSubject, enrolSubject, codeSubject string // from
	call                                   string // phone
	when                                   func(time.Time) string
}

// texts by language; nynorsk is the one written first.
var texts = map[string]words{
	"nn": {
		link:        "%s inviterer deg til videosamtale %s. Opne lenkja når det er tid: %s",
		enrol:       "Du er lagt til i videotenesta til %s. Opne lenkja innan eitt døgn og lag passord: %s",
		code:        "%s: koden din er %s. Han gjeld i ti minutt. Gi han ikkje til nokon.",
		linkSubject: "Videosamtale med %s", enrolSubject: "Lag passord til videotenesta til %s", codeSubject: "Kode frå %s",
		call: " Spørsmål? Ring %s.",
		when: func(t time.Time) string {
			return fmt.Sprintf("%s %d. %s kl. %s", weekdays["nn"][t.Weekday()], t.Day(), months["nn"][t.Month()], t.Format("15.04"))
		},
	},
	"nb": {
		link:        "%s inviterer deg til videosamtale %s. Åpne lenken når det er tid: %s",
		enrol:       "Du er lagt til i videotjenesten til %s. Åpne lenken innen ett døgn og lag passord: %s",
		code:        "%s: koden din er %s. Den gjelder i ti minutter. Gi den ikke til noen.",
		linkSubject: "Videosamtale med %s", enrolSubject: "Lag passord til videotjenesten til %s", codeSubject: "Kode fra %s",
		call: " Spørsmål? Ring %s.",
		when: func(t time.Time) string {
			return fmt.Sprintf("%s %d. %s kl. %s", weekdays["nb"][t.Weekday()], t.Day(), months["nb"][t.Month()], t.Format("15.04"))
		},
	},
	"en": {
		link:        "%s invites you to a video call %s. Open the link when it is time: %s",
		enrol:       "You have been added to the video service of %s. Open the link within a day and choose a password: %s",
		code:        "%s: your code is %s. It works for ten minutes. Give it to nobody.",
		linkSubject: "Video call with %s", enrolSubject: "Choose a password for the video service of %s", codeSubject: "Code from %s",
		call: " Questions? Call %s.",
		when: func(t time.Time) string { return t.Format("Monday 2 January at 15:04") },
	},
}

var weekdays = map[string][7]string{
	"nn": {"søndag", "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag"},
	"nb": {"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"},
}

var months = map[string][13]string{
	"nn": {"", "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
	"nb": {"", "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
}

// Words writes a message in its person's language; times are those of a place.
func Words(m Message, in *time.Location) (Text, error) {
	w, ok := texts[m.Language]
	if !ok {
		w = texts["nn"]
	}
	var t Text
	switch m.Kind {
	case KindLink:
		t = Text{fmt.Sprintf(w.linkSubject, m.From), fmt.Sprintf(w.link, m.From, w.when(time.UnixMilli(m.Starts).In(in)), m.Link)}
	case KindEnrol:
		t = Text{fmt.Sprintf(w.enrolSubject, m.From), fmt.Sprintf(w.enrol, m.From, m.Link)}
	case KindCode:
		t = Text{fmt.Sprintf(w.codeSubject, m.From), fmt.Sprintf(w.code, m.From, m.Code)}
	default:
		return Text{}, fmt.Errorf("message %s is of kind %q, which has no words", m.ID, m.Kind)
	}
	if m.Phone != "" && m.Kind != KindCode {
		t.Body += fmt.Sprintf(w.call, readable(m.Phone))
	}
	return t, nil
}

// readable is a Norwegian telephone number as people read it: 12 34 56 78, of mobiles
// 412 34 567. Others stay as they are.
func readable(phone string) string {
	d, ok := strings.CutPrefix(phone, "+47")
	if !ok || len(d) != 8 {
		return phone
	}
	if d[0] == '4' || d[0] == '9' {
		return d[:3] + " " + d[3:5] + " " + d[5:]
	}
	return d[:2] + " " + d[2:4] + " " + d[4:6] + " " + d[6:]
}
