package demo

import (
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// The organisations, and whom to ring there. Names and numbers are made up; the organisation
// numbers belong to nobody.
var (
	hospital = organisation{identity.Hospital, "Fjord sjukehus", "999999018", "12345678", "Sårpoliklinikken", []identity.Contact{
		{For: identity.Clinical, Name: "Tuva Ask", Phone: "12345678", Email: "tuva.ask@fjord.example"},
		{For: identity.Technical, Name: "Jon Vik", Phone: "12345678", Email: "jon.vik@fjord.example"},
		{For: identity.Protection, Name: "Liv Moe", Phone: "12345678", Email: "liv.moe@fjord.example"},
	}}
	municipality = organisation{identity.Municipality, "Fjordvik kommune", "999999026", "12345679", "Heimetenesta", []identity.Contact{
		{For: identity.Clinical, Name: "Mari Bjørk", Phone: "12345679", Email: "mari.bjork@fjordvik.example"},
		{For: identity.Technical, Name: "Arne Lid", Phone: "12345679", Email: "arne.lid@fjordvik.example"},
		{For: identity.Protection, Name: "Eva Ness", Phone: "12345679", Email: "eva.ness@fjordvik.example"},
	}}
	gpOffice = organisation{identity.GPOffice, "Fjordvik legekontor", "999999034", "12345680", "", nil}
	// neighbour is so small that the municipality books for it.
	neighbour = organisation{identity.Municipality, "Langvik kommune", "999999085", "12345681", "", []identity.Contact{
		{For: identity.Clinical, Name: "Stig Haug", Phone: "12345681", Email: "stig.haug@langvik.example"},
		{For: identity.Technical, Name: "Arne Lid", Phone: "12345679", Email: "arne.lid@fjordvik.example"},
		{For: identity.Protection, Name: "Eva Ness", Phone: "12345679", Email: "eva.ness@fjordvik.example"},
	}}

	organisations = []organisation{hospital, municipality, gpOffice, neighbour}
)

type organisation struct {
	kind          identity.OrganisationKind
	name          string
	number, phone string
	unit          string // that has hours of its own; empty: it has none
	contacts      []identity.Contact
}

// pact is what two organisations have agreed on.
type pact struct {
	a, b   organisation
	actFor bool // a acts on behalf of b
	filed  string
}

// pacts: the GP office and the municipalities work with the hospital, and the larger
// municipality serves its neighbour. The municipality and the GP office have none.
var pacts = []pact{
	{a: hospital, b: municipality, filed: "2026/118"},
	{a: hospital, b: gpOffice, filed: "2026/120"},
	{a: hospital, b: neighbour, filed: "2026/122"},
	{a: municipality, b: neighbour, actFor: true, filed: "2026/124"},
}

// member is someone who works in an organisation.
type member struct {
	name, email, phone string
	in                 organisation
	role               access.Role
	title, competence  string
	inUnit             bool // works in the organisation's unit
}

var (
	jon  = member{name: "Jon Vik", email: "jon.vik@fjord.example", phone: "12300001", in: hospital, role: access.Administrator, title: "Administrator"}
	tuva = member{name: "Tuva Ask", email: "tuva.ask@fjord.example", phone: "12300002", in: hospital, role: access.Specialist, title: "Overlege", competence: "Sårbehandling", inUnit: true}
	siv  = member{name: "Siv Hassel", email: "siv.hassel@fjord.example", phone: "12300003", in: hospital, role: access.Coordinator, title: "Koordinator"}
	liv  = member{name: "Liv Moe", email: "liv.moe@fjord.example", phone: "12300004", in: hospital, role: access.DataProtection, title: "Personvernombod"}
	furu = member{name: "Jon Furu", email: "jon.furu@fjord.example", phone: "12300009", in: hospital, role: access.Specialist, title: "Lege", competence: "Sårbehandling", inUnit: true}
	osp  = member{name: "Liv Osp", email: "liv.osp@fjord.example", phone: "12300010", in: hospital, role: access.Specialist, title: "Psykologspesialist", competence: "Psykisk helse"}
	lund = member{name: "Pål Lund", email: "pal.lund@fjord.example", phone: "12300011", in: hospital, role: access.Specialist, title: "Psykologspesialist", competence: "Psykisk helse"}
	unni = member{name: "Unni Dal", email: "unni.dal@fjord.example", phone: "12300012", in: hospital, role: access.Nurse, title: "Sårsjukepleiar", competence: "Sårbehandling", inUnit: true}

	mari = member{name: "Mari Bjørk", email: "mari.bjork@fjordvik.example", phone: "12300005", in: municipality, role: access.Nurse, title: "Sjukepleiar", competence: "Sårbehandling", inUnit: true}
	ane  = member{name: "Ane Rogn", email: "ane.rogn@fjordvik.example", phone: "12300006", in: municipality, role: access.Nurse, title: "Heimesjukepleiar", inUnit: true}
	kari = member{name: "Kari Nes", email: "kari.nes@fjordvik.example", phone: "12300007", in: municipality, role: access.Coordinator, title: "Koordinator"}
	bo   = member{name: "Bo Lind", email: "bo.lind@fjordvik.example", phone: "12300013", in: municipality, role: access.Nurse, title: "Psykiatrisk sjukepleiar", competence: "Psykisk helse"}
	tor  = member{name: "Tor Myr", email: "tor.myr@fjordvik.example", phone: "12300014", in: municipality, role: access.Nurse, title: "Heimesjukepleiar", inUnit: true}
	arne = member{name: "Arne Lid", email: "arne.lid@fjordvik.example", phone: "12300015", in: municipality, role: access.Administrator, title: "Administrator"}
	eva  = member{name: "Eva Ness", email: "eva.ness@fjordvik.example", phone: "12300016", in: municipality, role: access.DataProtection, title: "Personvernombod"}

	per  = member{name: "Per Selje", email: "per.selje@legekontor.example", phone: "12300008", in: gpOffice, role: access.GP, title: "Fastlege"}
	nora = member{name: "Nora Vie", email: "nora.vie@legekontor.example", phone: "12300017", in: gpOffice, role: access.GP, title: "Fastlege"}
	gro  = member{name: "Gro Tun", email: "gro.tun@legekontor.example", phone: "12300018", in: gpOffice, role: access.Coordinator, title: "Helsesekretær"}

	randi = member{name: "Randi Sæle", email: "randi.saele@langvik.example", phone: "12300019", in: neighbour, role: access.Coordinator, title: "Koordinator"}
	stig  = member{name: "Stig Haug", email: "stig.haug@langvik.example", phone: "12300020", in: neighbour, role: access.Nurse, title: "Heimesjukepleiar"}
	hilde = member{name: "Hilde Aune", email: "hilde.aune@langvik.example", phone: "12300021", in: neighbour, role: access.Nurse, title: "Heimesjukepleiar", competence: "Sårbehandling"}

	staff = []member{jon, tuva, siv, liv, mari, ane, kari, per, furu, osp, lund, unni, bo, tor, arne, eva, nora, gro, randi, stig, hilde}
)
