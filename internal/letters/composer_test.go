package letters_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/letters"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

// readable is a letter as the files in testdata have it, its secret token as TOKEN.
func readable(l notify.Letter) string {
	var out strings.Builder
	line := func(name string, v any) {
		if s := fmt.Sprint(v); s != "" && s != "0" {
			fmt.Fprintf(&out, "%-9s%s\n", name, s)
		}
	}
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	line(string(l.Channel), l.Address)
	line("language", l.Language)
	line("from", l.From)
	line("phone", l.Phone)
	line("link", l.Link)
	line("starts", moment(l.Starts))
	line("was", moment(l.Was))
	line("times", l.Times)
	line("minutes", l.Minutes)
	line("by", l.By)
	line("with", l.With)
	text := out.String()
	if l.Calendar != nil {
		body := strings.ReplaceAll(strings.ReplaceAll(string(l.Calendar.Body), "\r\n ", ""), "\r\n", "\n")
		text += "\n" + l.Calendar.Method + "\n" + body
	}
	if _, token, ok := strings.Cut(l.Link, "/k#"); ok {
		text = strings.ReplaceAll(text, token, "TOKEN")
	}
	return text
}

func (p *post) composed(m notify.Message) notify.Letter {
	p.t.Helper()
	l, err := p.Compose(p.t.Context(), m)
	if err != nil {
		p.t.Errorf("%s to %s: %v", m.Kind, m.To, err)
	}
	return l
}

// reads compares a letter with its file. UPDATE_LETTERS=1 writes the files anew, to be read
// by a person.
func (p *post) reads(file string, l notify.Letter) {
	p.t.Helper()
	path := filepath.Join("testdata", file+".txt")
	got := readable(l)
	if os.Getenv("UPDATE_LETTERS") != "" {
		p.must(os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	p.must(err)
	if got != string(want) {
		p.t.Errorf("%s:\n%s\nwant:\n%s", file, got, want)
	}
	for _, private := range []string{"Sår", "sår", "Olav", "Ragna", "Eik", "Ewa"} {
		if strings.Contains(got, private) {
			p.t.Errorf("%s tells of %q", file, private)
		}
	}
	if l.Channel == notify.SMS && l.Calendar != nil {
		p.t.Errorf("%s: a calendar by SMS", file)
	}
}

func TestLettersOfWhatIsBooked(t *testing.T) {
	p := newPost(t)
	p.keeps(wound())
	for file, m := range map[string]notify.Message{
		"booked-patient":     to("olav", notify.KindBooked),
		"booked-relative":    to("ragna", notify.KindBooked),
		"booked-interpreter": to("ewa", notify.KindBooked),
		"booked-staff":       to("mari", notify.KindStaffBooked),
		"reminder-day":       to("olav", notify.KindReminderDay),
		"reminder-hour":      to("ragna", notify.KindReminderHour),
		"reminder-staff":     to("tuva", notify.KindStaffReminder),
		"deputy-asked":       to("mari", notify.KindDeputyAsked),
		"deputy-in":          to("mari", notify.KindDeputyIn),
		"declined":           {ID: "m1", To: "siv", Kind: notify.KindDeclined, About: "c1", Seat: "p-mari"},
		"declined-by-guest":  {ID: "m1", To: "siv", Kind: notify.KindDeclined, About: "c1", Seat: "p-olav"},
		"undelivered":        {ID: "m1", To: "siv", Kind: notify.KindUndelivered, About: "c1", Seat: "p-olav"},
	} {
		p.reads(file, p.composed(m))
	}
}

func TestLettersOfWhatIsAskedFor(t *testing.T) {
	p := newPost(t)
	a := p.keeps(proposed())
	p.reads("proposal-several", p.composed(to("olav", notify.KindProposal)))
	p.reads("proposal-staff", p.composed(to("mari", notify.KindStaffProposal)))
	a.Options[0].Replies = []scheduling.OptionReply{{Participant: "p-olav", Answer: scheduling.Declined, At: p.now}}
	a.Options[1].By = "p-mari"
	a = p.keeps(a)
	p.reads("proposal-one-left", p.composed(to("olav", notify.KindProposal)))
	p.reads("suggested", p.composed(notify.Message{ID: "m1", To: "siv", Kind: notify.KindSuggested, About: "c1", Seat: "p-mari"}))
	a.State, a.Reason, a.Sequence = scheduling.Cancelled, scheduling.NoAnswer, 1
	p.keeps(a)
	p.reads("lapsed", p.composed(notify.Message{ID: "m1", To: "siv", Kind: notify.KindLapsed, About: "c1", Change: 1}))
	m := to("ragna", notify.KindCancelled)
	m.Change = 1
	p.reads("cancelled-proposal", p.composed(m)) // nothing is in a calendar
}

func TestLettersOfMovesAndOfTheEnd(t *testing.T) {
	p := newPost(t)
	a := p.keeps(wound())
	a.Was, a.Starts, a.Ends, a.Sequence = a.Starts, at(13, 0), at(13, 30), 1
	a = p.keeps(a)
	changed := func(m notify.Message) notify.Message {
		m.Change = a.Sequence
		return m
	}
	p.reads("moved-patient", p.composed(changed(to("olav", notify.KindMoved))))
	p.reads("moved-relative", p.composed(changed(to("ragna", notify.KindMoved))))
	p.reads("moved-staff", p.composed(changed(to("tuva", notify.KindStaffMoved))))
	a.State, a.Reason, a.Sequence = scheduling.Cancelled, scheduling.ByStaff, 2
	a = p.keeps(a)
	p.reads("cancelled-patient", p.composed(changed(to("olav", notify.KindCancelled))))
	p.reads("cancelled-relative", p.composed(changed(to("ragna", notify.KindCancelled))))
	p.reads("cancelled-staff", p.composed(changed(to("mari", notify.KindStaffCancelled))))
}

func TestLateIsWhatTheOthersSayNow(t *testing.T) {
	p := newPost(t)
	p.keeps(wound())
	says := func(who scheduling.ParticipantID, r scheduling.Readiness) {
		t.Helper()
		r.At = p.now
		p.must(p.db.Appointments().SaveReadiness(t.Context(), "c1", who, r, nil, nil))
	}
	says("p-tuva", scheduling.Readiness{State: scheduling.SaidLate, Late: 5 * time.Minute})
	says("p-mari", scheduling.Readiness{State: scheduling.SaidLate, Late: 15 * time.Minute})
	p.reads("late", p.composed(to("olav", notify.KindLate)))
	if l := p.composed(to("mari", notify.KindLate)); l.Minutes != 5 || l.From != "Fjord sjukehus" || l.Channel != notify.Email {
		t.Errorf("one who is late hears of the others: %s", readable(l))
	}
	says("p-olav", scheduling.Readiness{State: scheduling.SaidLate, Late: 40 * time.Minute})
	p.reads("late-patient", p.composed(to("tuva", notify.KindLate)))
	if l := p.composed(to("ewa", notify.KindLate)); l.From != "The patient" {
		t.Errorf("to the interpreter: %s", readable(l))
	}
	for _, who := range []scheduling.ParticipantID{"p-mari", "p-tuva"} {
		says(who, scheduling.Readiness{State: scheduling.SaidReady})
	}
	says("p-tuva", scheduling.Readiness{State: scheduling.SaidLate})
	if l := p.composed(to("olav", notify.KindLate)); !l.InTime || l.From != "Fjord sjukehus" {
		t.Errorf("not late after all: %s", readable(l))
	}
	says("p-tuva", scheduling.Readiness{State: scheduling.SaidReady})
	p.moot("nobody else is late any more", to("olav", notify.KindLate))
}

func (p *post) moot(what string, m notify.Message) {
	p.t.Helper()
	if l, err := p.Compose(p.t.Context(), m); !errors.Is(err, notify.ErrMoot) {
		p.t.Errorf("%s: %s to %s: %v, %v, want it to be overtaken", what, m.Kind, m.To, readable(l), err)
	}
}

func TestWhatWasOvertakenIsNotSent(t *testing.T) {
	p := newPost(t)
	p.moot("there is none", to("olav", notify.KindBooked))
	a := p.keeps(proposed())
	p.moot("nothing is booked", to("olav", notify.KindBooked))
	p.moot("nothing is booked", to("mari", notify.KindStaffReminder))
	for i := range a.Options {
		a.Options[i].Replies = []scheduling.OptionReply{{Participant: "p-olav", Answer: scheduling.Accepted, At: p.now}}
	}
	a = p.keeps(a)
	p.moot("he has answered", to("olav", notify.KindProposal))
	p.moot("the suggestion is gone", notify.Message{ID: "m1", To: "siv", Kind: notify.KindSuggested, About: "c1", Seat: "p-mari"})
	p.moot("it goes on", notify.Message{ID: "m1", To: "siv", Kind: notify.KindLapsed, About: "c1"})

	a.State, a.Options, a.AnswerBy = scheduling.Booked, nil, time.Time{}
	a.Participants[3].Reply = scheduling.Reply{Answer: scheduling.Declined, At: p.now}
	a = p.keeps(a)
	p.moot("it is booked", to("mari", notify.KindStaffProposal))
	p.moot("she has declined", to("ragna", notify.KindReminderHour))
	p.moot("she is to come", to("mari", notify.KindStaffCancelled))
	p.composed(to("olav", notify.KindBooked))

	a.Was, a.Starts, a.Ends, a.Sequence = a.Starts, at(13, 0), at(13, 30), 1
	a.Participants[1].Person, a.Participants[1].DeputyFor = "siv", "mari" // Siv is in Mari's place
	a = p.keeps(a)
	p.moot("it was moved", to("olav", notify.KindBooked))
	// Others may have left it since: of who stays that makes nothing untrue, and of who booked it neither.
	stays := to("olav", notify.KindBooked)
	stays.When = at(13, 0).UnixMilli()
	p.composed(stays)
	stays.When = at(10, 0).UnixMilli()
	p.moot("it was at another time", stays)
	agreed := notify.Message{ID: "m1", To: "siv", Kind: notify.KindAgreed, About: "c1", When: at(13, 0).UnixMilli()}
	if l := p.composed(agreed); l.Link != "https://samtale.example/bookings/c1" || !l.Starts.Equal(at(13, 0)) || l.Calendar != nil {
		t.Errorf("that all have agreed: %s", readable(l))
	}
	agreed.When = at(10, 0).UnixMilli()
	p.moot("agreed on another time", agreed)
	p.moot("it was moved", notify.Message{ID: "m1", To: "siv", Kind: notify.KindDeclined, About: "c1", Seat: "p-olav"})
	m := to("mari", notify.KindStaffMoved)
	m.Change = 1
	p.moot("another is in her place", m)
	m.Kind, m.Change = notify.KindStaffCancelled, 0
	if l := p.composed(m); l.Address != "mari@fjordvik.example" || l.Calendar == nil || l.Calendar.Method != "CANCEL" {
		t.Errorf("who was in it is told so: %s", readable(l))
	}

	a.State, a.Reason, a.Sequence = scheduling.Cancelled, scheduling.ByStaff, 2
	p.keeps(a)
	for _, kind := range []notify.Kind{
		notify.KindBooked, notify.KindMoved, notify.KindProposal, notify.KindReminderDay, notify.KindLate,
		notify.KindDeputyAsked, notify.KindDeclined, notify.KindUndelivered,
	} {
		m := to("olav", kind)
		m.Change = 2
		p.moot("it is cancelled", m)
	}
	p.must(p.db.Directory().ErasePatient(t.Context(), "olav", 1, p.now, nil, nil))
	p.moot("he is erased", to("olav", notify.KindCancelled))
}

func TestWhatCannotBeSentIsForPeopleToSee(t *testing.T) {
	p := newPost(t)
	a := wound()
	a.Participants[3].ID, a.Participants[3].Person = "p-knut", "knut"
	p.keeps(a)
	if _, err := p.Compose(t.Context(), to("knut", notify.KindBooked)); !errors.Is(err, notify.ErrNoAddress) {
		t.Errorf("who has neither telephone nor e-mail: %v", err)
	}
	if _, err := p.Compose(t.Context(), to("olav", "postcard")); !errors.Is(err, notify.ErrNever) {
		t.Errorf("a kind that nobody knows: %v", err)
	}
	coordinator := access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "hospital"}
	seat := identity.Seat{Consultation: "c1", Participant: "p-olav"}
	p.composed(to("olav", notify.KindBooked))
	p.must(p.gate.RevokeLink(t.Context(), coordinator, access.SameOrganisation, seat))
	if _, err := p.Compose(t.Context(), to("olav", notify.KindReminderHour)); !errors.Is(err, notify.ErrNever) {
		t.Errorf("a link that was revoked is sent: %v", err)
	}
}

func TestTheLinkInAllLettersIsOneAndOpensUntilTheConsultationIsClosed(t *testing.T) {
	p := newPost(t)
	a := p.keeps(proposed())
	link := p.composed(to("olav", notify.KindProposal)).Link
	opens := func(what string, want bool) {
		t.Helper()
		p.must(p.gate.Refresh(t.Context()))
		o, err := p.gate.OpenLink(t.Context(), link[strings.Index(link, "#")+1:], identity.Current{}, "")
		if (err == nil) != want || want && (o.Current.Actor.Person != "olav" || o.Current.Participant != "p-olav") {
			t.Errorf("%s: %+v, %v", what, o.Current, err)
		}
	}
	opens("asked", true)
	a.State, a.Options, a.AnswerBy = scheduling.Booked, nil, time.Time{}
	a = p.keeps(a)
	for _, kind := range []notify.Kind{notify.KindBooked, notify.KindReminderDay} {
		if got := p.composed(to("olav", kind)).Link; got != link {
			t.Errorf("%s has another link", kind)
		}
	}
	a.State, a.Reason, a.Sequence = scheduling.Cancelled, scheduling.ByStaff, 1
	p.keeps(a)
	p.now = at(22, 0)
	opens("cancelled, and read in the evening", true)
	p.now = at(22, 31)
	opens("twelve hours after its end", false)
}

func TestAWishForEmailIsFollowedWhereThereIsOne(t *testing.T) {
	p := newPost(t)
	p.keeps(wound())
	m := to("olav", notify.KindBooked)
	m.Channel = notify.Email
	if l := p.composed(m); l.Channel != notify.Email || l.Address != "olav@eik.example" || l.Calendar == nil {
		t.Error(readable(l))
	}
}

func TestAComposerSaysWhatItLacks(t *testing.T) {
	p := newPost(t)
	for name, change := range map[string]func(*letters.Config){
		"People":     func(c *letters.Config) { c.People = nil },
		"PublicURL":  func(c *letters.Config) { c.PublicURL = "samtale.example" },
		"Sender":     func(c *letters.Config) { c.Sender = "nobody" },
		"Afterwards": func(c *letters.Config) { c.Afterwards = -time.Hour },
	} {
		cfg := p.cfg
		change(&cfg)
		if _, err := letters.New(cfg); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	cfg := p.cfg
	cfg.Sender = ""
	silent, err := letters.New(cfg)
	p.must(err)
	p.keeps(wound())
	if l, err := silent.Compose(t.Context(), to("mari", notify.KindStaffBooked)); err != nil || l.Calendar != nil || l.Address == "" {
		t.Errorf("without a sender: %v, %v", readable(l), err)
	}
}
