package demo

import (
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// The organisations, and whom to ring there. Names and numbers are made up; the organisation
// numbers belong to nobody.
var (
	hospital = organisation{identity.Hospital, "Fjord sjukehus", "999999018", "12345678", []identity.Contact{
		{For: identity.Clinical, Name: "Tuva Ask", Phone: "12345678", Email: "tuva.ask@fjord.example"},
		{For: identity.Technical, Name: "Jon Vik", Phone: "12345678", Email: "jon.vik@fjord.example"},
		{For: identity.Protection, Name: "Liv Moe", Phone: "12345678", Email: "liv.moe@fjord.example"},
	}}
	municipality = organisation{identity.Municipality, "Fjordvik kommune", "999999026", "12345679", []identity.Contact{
		{For: identity.Clinical, Name: "Mari Bjørk", Phone: "12345679", Email: "mari.bjork@fjordvik.example"},
		{For: identity.Technical, Name: "Arne Lid", Phone: "12345679", Email: "arne.lid@fjordvik.example"},
		{For: identity.Protection, Name: "Eva Ness", Phone: "12345679", Email: "eva.ness@fjordvik.example"},
	}}
	gpOffice = organisation{identity.GPOffice, "Fjordvik legekontor", "999999034", "12345680", nil}

	organisations = []organisation{hospital, municipality, gpOffice}
)

type organisation struct {
	kind          identity.OrganisationKind
	name          string
	number, phone string
	contacts      []identity.Contact
}

// member is someone who works in an organisation.
type member struct {
	name, email, phone string
	in                 organisation
	role               access.Role
	title, competence  string
}

var (
	jon  = member{name: "Jon Vik", email: "jon.vik@fjord.example", phone: "12300001", in: hospital, role: access.Administrator, title: "Administrator"}
	tuva = member{name: "Tuva Ask", email: "tuva.ask@fjord.example", phone: "12300002", in: hospital, role: access.Specialist, title: "Overlege", competence: "Sårbehandling"}
	siv  = member{name: "Siv Hassel", email: "siv.hassel@fjord.example", phone: "12300003", in: hospital, role: access.Coordinator, title: "Koordinator"}
	liv  = member{name: "Liv Moe", email: "liv.moe@fjord.example", phone: "12300004", in: hospital, role: access.DataProtection, title: "Personvernombod"}
	mari = member{name: "Mari Bjørk", email: "mari.bjork@fjordvik.example", phone: "12300005", in: municipality, role: access.Nurse, title: "Sjukepleiar", competence: "Sårbehandling"}
	ane  = member{name: "Ane Rogn", email: "ane.rogn@fjordvik.example", phone: "12300006", in: municipality, role: access.Nurse, title: "Heimesjukepleiar"}
	kari = member{name: "Kari Nes", email: "kari.nes@fjordvik.example", phone: "12300007", in: municipality, role: access.Coordinator, title: "Koordinator"}
	per  = member{name: "Per Selje", email: "per.selje@legekontor.example", phone: "12300008", in: gpOffice, role: access.GP, title: "Fastlege"}

	staff = []member{jon, tuva, siv, liv, mari, ane, kari, per}
)

// cared is a patient with relatives. The identity numbers are synthetic: 80 is added to the month.
type cared struct {
	name, nationalID, phone string
	relatives               []related
	beside                  []scheduling.Companion
}

type related struct {
	name, title, phone string
}

var (
	ragna = related{"Ragna Eik", "Dotter", "90000301"}
	olav  = cared{"Olav Eik", "12834430140", "90000412", []related{ragna}, []scheduling.Companion{{Name: "Inga Eik", Role: "kone"}}}
	anna  = cared{"Anna Lid", "05815140216", "90000518", nil, nil}
	leiv  = cared{"Leiv Hauge", "21834730216", "90000637", nil, nil}

	patients = []cared{olav, anna, leiv}
)

// visit is a consultation as it is planned.
type visit struct {
	from, to       time.Duration // from now
	identification scheduling.Identification
	staff          []member
	patient        cared
	relatives      []related
	// beside is for one at the same time as another with some of the same staff: nobody can be
	// booked twice, so these are invited and need not come.
	beside bool
}

// day is the hospital's day: one that starts now, one now whose patient shows a code, one now
// whose patient is to be recognised on the picture, one that is over, one that has not opened.
var day = []visit{
	{0, 30 * time.Minute, scheduling.ByLink, []member{tuva, mari, per}, olav, []related{ragna}, false},
	{0, 45 * time.Minute, scheduling.ByCode, []member{tuva, ane}, anna, nil, true},
	{0, 40 * time.Minute, scheduling.Recognised, []member{per, ane}, leiv, nil, true},
	{-2 * time.Hour, -90 * time.Minute, scheduling.ByLink, []member{tuva, ane}, olav, nil, false},
	{2 * time.Hour, 150 * time.Minute, scheduling.ByLink, []member{tuva, mari}, olav, []related{ragna}, false},
}
