package demo

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// planned is a consultation as the demo has it.
type planned struct {
	id       scheduling.AppointmentID
	starts   time.Time
	by       member // has booked it, for their organisation
	staff    []member
	drive    int // minutes each way, of the municipality's nurse who goes to the patient; 0: nobody goes
	patient  cared
	template string
	title    string // empty: the template's
	guests   []guest
}

// guest is somebody by a link beside the patient.
type guest struct {
	name, title string
	role        access.Role
}

// The templates, and how long what they are for takes.
const (
	wound  = "wound"
	mental = "mental-health"
)

func (p planned) length() time.Duration {
	if p.template == mental {
		return 45 * time.Minute
	}
	return 30 * time.Minute
}

// visits says whether a member drives to the patient.
func (p planned) visits(m member) bool {
	return p.drive > 0 && m.role == access.Nurse && m.in.kind != hospital.kind
}

// booked is what the house keeps of it: booked two weeks before, or in time for its story, and
// accepted by everybody.
func (s *seeding) booked(p planned, made time.Time) scheduling.Appointment {
	a := scheduling.Appointment{
		ID: p.id, Organisation: s.organisations[p.by.in.name], Starts: p.starts.UTC(), Ends: p.starts.Add(p.length()).UTC(),
		State: scheduling.Booked, Identification: scheduling.ByCode, Made: made.UTC(), MadeBy: s.members[p.by.name].ID, Plan: s.plan(p),
	}
	yes := scheduling.Reply{Answer: scheduling.Accepted, At: made.Add(3 * time.Hour).UTC()}
	for _, party := range s.parties(p) {
		one := scheduling.Participant{
			ID: scheduling.ParticipantID(idOf(string(p.id), string(party.Person))), Person: party.Person, Role: party.Role, Organisation: party.Organisation,
			Required: party.Required, Attends: party.Attends, Before: party.Before, After: party.After, MayDeputise: party.MayDeputise, Reply: yes,
		}
		one.Title = p.titleOf(s, party.Person)
		a.Participants = append(a.Participants, one)
	}
	for _, m := range p.staff {
		if what := carries[m.name]; what != "" && p.visits(m) {
			a.Equipment = append(a.Equipment, s.equipment[what])
		}
	}
	return a
}

func (p planned) titleOf(s *seeding, person access.PersonID) string {
	for _, m := range p.staff {
		if s.members[m.name].ID == person {
			return m.title
		}
	}
	for _, g := range p.guests {
		if s.people[g.name] == person {
			return g.title
		}
	}
	return "Pasient"
}

// plan is what the template says of it.
func (s *seeding) plan(p planned) scheduling.Plan {
	words := s.templates[p.template]
	plan := scheduling.Plan{Template: p.template, Title: words.Title, Question: words.Question, Prepare: words.Prepare}
	if p.title != "" {
		plan.Title = p.title
	}
	if slices.ContainsFunc(p.guests, func(g guest) bool { return g.role == access.Interpreter }) {
		plan.Interpreter = marek.language
	}
	return plan
}

// parties are who is in it. GPs and guests need not be.
func (s *seeding) parties(p planned) []scheduling.Party {
	var out []scheduling.Party
	patient := scheduling.Online
	for _, m := range p.staff {
		one := scheduling.Party{
			Person: s.members[m.name].ID, Role: m.role, Organisation: s.organisations[m.in.name],
			Required: m.role != access.GP, Attends: scheduling.Online, MayDeputise: m.role == access.Nurse,
		}
		if p.visits(m) {
			one.Attends, patient = scheduling.Visiting, scheduling.Alongside
			one.Before = time.Duration(p.drive) * time.Minute
			one.After = one.Before
		}
		out = append(out, one)
	}
	out = append(out, scheduling.Party{Person: s.people[p.patient.name], Role: access.Patient, Required: true, Attends: patient})
	for _, g := range p.guests {
		out = append(out, scheduling.Party{Person: s.people[g.name], Role: g.role, Attends: scheduling.Online})
	}
	return out
}

// read takes up the templates' words and what is in the store of the weeks around.
func (s *seeding) read(ctx context.Context) error {
	templates, err := s.Schedule.Templates(ctx, s.actor(siv))
	if err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	for _, t := range templates {
		s.templates[t.ID] = t.In("nn")
	}
	list, err := s.Appointments.List(ctx, scheduling.Query{
		From: s.monday().AddDate(0, 0, -21), Until: s.monday().AddDate(0, 0, 28),
		States: []scheduling.State{
			scheduling.Proposed, scheduling.Pending, scheduling.Booked, scheduling.Arrived, scheduling.Fulfilled, scheduling.Cancelled, scheduling.NoShow,
		},
	})
	if err != nil {
		return err
	}
	for _, a := range list {
		s.known[a.ID] = a
	}
	return nil
}

// put keeps an appointment, unless it is there, or somebody has booked its people since: a
// demo is used, and what its visitors do in it stays.
func (s *seeding) put(ctx context.Context, a scheduling.Appointment) error {
	if _, there := s.known[a.ID]; there {
		return nil
	}
	err := s.save(ctx, a)
	if _, taken := errors.AsType[*scheduling.TakenError](err); taken {
		return nil
	}
	return err
}

func (s *seeding) save(ctx context.Context, a scheduling.Appointment) error {
	saved, err := s.Schedule.Save(ctx, a)
	if err != nil {
		return fmt.Errorf("book: %w", err)
	}
	s.known[a.ID] = saved
	return nil
}

// midnight is where the day of the demo begins, so many days later.
func (s *seeding) midnight(later int) time.Time {
	y, m, d := s.now.In(s.Zone).Date()
	return time.Date(y, m, d+later, 0, 0, 0, 0, s.Zone)
}

// monday is where the demo's week begins.
func (s *seeding) monday() time.Time {
	return s.midnight(-(int(s.now.In(s.Zone).Weekday()) + 6) % 7)
}

// workday is the n-th working day after today, or before it.
func (s *seeding) workday(n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for later := step; ; later += step {
		if day := s.midnight(later); works(day) {
			if n--; n == 0 {
				return day
			}
		}
	}
}

func works(day time.Time) bool {
	_, holiday := scheduling.Holidays(day.Year())[day.Format(time.DateOnly)]
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !holiday
}

// at is a time of a day, as the clock on the wall shows it.
func at(day time.Time, hour, minute int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, hour, minute, 0, 0, day.Location())
}

// thisWeek is the id of something that there is once in each week.
func (s *seeding) thisWeek(what string) scheduling.AppointmentID {
	return scheduling.AppointmentID(idOf(what, s.monday().Format(time.DateOnly)))
}

// idOf is the same for the same parts, so that another start knows again what one has made;
// otherwise it is as newID's are.
func idOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
