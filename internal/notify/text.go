package notify

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Text is a message in words. SMS has no subject.
type Text struct{ Subject, Body string }

// language is how messages are put into one. In phrases stand {from}, {link}, {code}, {by},
// {times}, {minutes}, {when} and {was} with their day, and {clock}, the hour alone.
type language struct {
	phrases map[Kind]phrase
	call    string             // whom to ring: {phone}
	with    string             // who else takes part: {with}; in e-mail
	save    string             // about the calendar's file; in e-mail
	patient string             // who has answered, where it is no organisation
	minutes func(n int) string // of lateness; 0: not known
	when    func(time.Time) string
	clock   func(time.Time) string
}

// phrase is one kind of message.
type phrase struct{ subject, text string }

// kindProposalSeveral are the words of KindProposal for more times than one.
const kindProposalSeveral Kind = "proposal-several"

// kindInTime are the words of KindLate for who is not late after all.
const kindInTime Kind = "in-time"

// languageOf is the language of a BCP 47 tag. Nynorsk is the one written first, and for
// those who read another than ours.
func languageOf(tag string) language {
	tag, _, _ = strings.Cut(tag, "-")
	switch strings.ToLower(tag) {
	case "nb", "no":
		return bokmal()
	case "en":
		return english()
	default:
		return nynorsk()
	}
}

// Words writes a letter in its person's language; times are those of a place. What a kind
// says must be there: a message without its link is an error, which wraps ErrNever.
func Words(k Kind, l Letter, in *time.Location) (Text, error) {
	w := languageOf(l.Language)
	of := k
	switch {
	case k == KindProposal && l.Times > 1:
		of = kindProposalSeveral
	case k == KindLate && l.InTime:
		of = kindInTime
	}
	p, ok := w.phrases[of]
	if !ok {
		return Text{}, unsayable(k, "has no words")
	}
	by := l.By
	if by == "" {
		by = w.patient
	}
	fields := map[string]string{
		"from": l.From, "link": l.Link, "code": l.Code, "by": by, "times": strconv.Itoa(l.Times),
		"minutes": w.minutes(l.Minutes), "phone": readable(l.Phone), "with": l.With,
	}
	if !l.Starts.IsZero() {
		fields["when"], fields["clock"] = w.when(l.Starts.In(in)), w.clock(l.Starts.In(in))
	}
	if !l.Was.IsZero() {
		fields["was"] = w.when(l.Was.In(in))
	}
	parts := []string{p.text}
	mail := l.Channel == Email
	if mail && l.With != "" {
		parts = append(parts, w.with)
	}
	if mail && l.Calendar != nil && l.Calendar.Method == "REQUEST" {
		parts = append(parts, w.save)
	}
	if l.Phone != "" && k != KindCode {
		parts = append(parts, w.call)
	}
	between := " "
	if mail {
		between = "\n\n"
	}
	subject, err := fill(p.subject, fields)
	if err == nil {
		var body string
		body, err = fill(strings.Join(parts, between), fields)
		if err == nil {
			return Text{subject, body}, nil
		}
	}
	return Text{}, unsayable(k, err.Error())
}

// fill puts fields in their places. What is put in is not looked through again. A field that
// is empty is an error.
func fill(text string, fields map[string]string) (string, error) {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		out.WriteString(before)
		if !ok {
			return out.String(), nil
		}
		name, after, _ := strings.Cut(rest, "}")
		if fields[name] == "" {
			return "", fmt.Errorf("has no %s", name)
		}
		out.WriteString(fields[name])
		text = after
	}
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
