package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/samkonsult/samkonsult/internal/demo"
)

// Links is the file that --links names: every link signs its person in, in demo mode only.
// Tests and load tests read it.
type Links struct {
	Base           string `json:"base"`         // scheme and host
	Consultation   string `json:"consultation"` // id of the one that starts now
	Specialist     string `json:"specialist"`
	Nurse          string `json:"nurse"`
	Patient        string `json:"patient"`
	Relative       string `json:"relative"`
	Coordinator    string `json:"coordinator"`
	Admin          string `json:"admin"`
	GP             string `json:"gp"`
	Code           string `json:"code"`       // a patient's link that asks for a one-time code
	Recognised     string `json:"recognised"` // a patient whom a clinician is to recognise on the picture
	DataProtection string `json:"dataProtection"`
	// Accounts of staff, as coordinator and admin are: with the calendar, the day and what waits
	// for them. specialist, nurse and gp are their seats in the one call.
	Municipality  string `json:"municipality"` // the municipality's coordinator
	SpecialistDay string `json:"specialistDay"`
	NurseDay      string `json:"nurseDay"`
	GPDay         string `json:"gpDay"`
	Messages      string `json:"messages,omitempty"` // what would have been sent: a page, or JSON; with an admin address

	Consultations []demo.LoadTest `json:"consultations,omitempty"` // with --demo-consultations

	more [][2]string // printed beside them: name and link
}

func newLinks(base string, of demo.Day, load []demo.LoadTest) Links {
	link := func(token string) string { return base + "/k#" + token }
	return Links{
		Base:         base,
		Consultation: of.Consultation,
		Specialist:   link(of.Specialist),
		Nurse:        link(of.Nurse),
		Patient:      link(of.Patient),
		Relative:     link(of.Relative),
		Coordinator:  link(of.Coordinator),
		Admin:        link(of.Admin),

		GP:             link(of.GP),
		Code:           link(of.Code),
		Recognised:     link(of.Recognised),
		DataProtection: link(of.DataProtection),

		Municipality:  link(of.Municipality),
		SpecialistDay: link(of.SpecialistDay),
		NurseDay:      link(of.NurseDay),
		GPDay:         link(of.GPDay),

		Consultations: load,
		more: [][2]string{
			{"not open yet", link(of.Early)},
			{"expired", link(of.Expired)},
			{"revoked", link(of.Revoked)},
		},
	}
}

// write replaces the file as a whole, readable by its owner: whoever has it is a doctor here.
func (l Links) write(file string) error {
	data, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(file, append(data, '\n'), 0o600)
}

// print shows a person at a terminal where to begin.
func (l Links) print(w io.Writer) {
	fmt.Fprintf(w, "\nsamkonsult demo at %s\nOpen these in a browser each:\n\n", l.Base)
	for _, p := range [][2]string{
		{"specialist", l.Specialist}, {"nurse", l.Nurse}, {"patient", l.Patient}, {"relative", l.Relative},
		{"GP", l.GP}, {"admin", l.Admin}, {"privacy", l.DataProtection}, {"with a code", l.Code}, {"by sight", l.Recognised},
	} {
		fmt.Fprintf(w, "  %-14s %s\n", p[0], p[1])
	}
	fmt.Fprintf(w, "\nAnd these for the calendar, the day and what waits:\n\n")
	for _, p := range [][2]string{
		{"coordinator", l.Coordinator}, {"municipality", l.Municipality}, {"specialist's", l.SpecialistDay}, {"nurse's", l.NurseDay}, {"GP's", l.GPDay},
	} {
		fmt.Fprintf(w, "  %-14s %s\n", p[0], p[1])
	}
	if l.Messages != "" {
		fmt.Fprintf(w, "\n  %-14s %s\n", "messages", l.Messages)
	}
	fmt.Fprintln(w)
	for _, p := range l.more {
		fmt.Fprintf(w, "  %-14s %s\n", p[0], p[1])
	}
	fmt.Fprintln(w)
}
