package demo

import (
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// The organisations, and whom to ring there. Names and numbers are made up.
var (
	hospital     = organisation{"Fjord sjukehus", "12 34 56 78"}
	municipality = organisation{"Fjordvik kommune", "12 34 56 79"}
	gpOffice     = organisation{"Fjordvik legekontor", "12 34 56 80"}
)

type organisation struct{ name, phone string }

// person is someone a link can sign in.
type person struct {
	name, title string
	kind        httpapi.Kind
	role        protocol.Role // for those with a seat
	org         organisation  // empty for patients and relatives
	beside      []protocol.Companion
}

var (
	tuva  = person{name: "Tuva Ask", title: "Overlege", kind: httpapi.KindParticipant, role: protocol.RoleSpecialist, org: hospital}
	mari  = person{name: "Mari Bjørk", title: "Sjukepleiar", kind: httpapi.KindParticipant, role: protocol.RoleNurse, org: municipality}
	per   = person{name: "Per Selje", title: "Fastlege", kind: httpapi.KindParticipant, role: protocol.RoleGP, org: gpOffice}
	ragna = person{name: "Ragna Eik", title: "Dotter", kind: httpapi.KindParticipant, role: protocol.RoleRelative}
	olav  = person{
		name: "Olav Eik", title: "Pasient", kind: httpapi.KindParticipant, role: protocol.RolePatient,
		beside: []protocol.Companion{{Name: "Inga Eik", Role: "kone"}},
	}
	ane = person{name: "Ane Rogn", title: "Heimesjukepleiar", kind: httpapi.KindParticipant, role: protocol.RoleNurse, org: municipality}
	siv = person{name: "Siv Hassel", title: "Koordinator", kind: httpapi.KindCoordinator, org: hospital}
	jon = person{name: "Jon Vik", title: "Administrator", kind: httpapi.KindAdmin, org: hospital}
)

// may is what each role may do in a call. What is not named is refused.
var may = map[protocol.Role][]protocol.Permission{
	protocol.RoleSpecialist: {
		protocol.MayAdmit, protocol.MayMute, protocol.MayRemove, protocol.MayLock, protocol.MayEnd,
		protocol.MaySecond, protocol.MayChat, protocol.MayConfirm,
	},
	protocol.RoleNurse:       {protocol.MayAdmit, protocol.MaySecond, protocol.MayChat, protocol.MayConfirm},
	protocol.RoleGP:          {protocol.MaySecond, protocol.MayChat, protocol.MayConfirm},
	protocol.RolePatient:     {protocol.MayChat},
	protocol.RoleRelative:    {protocol.MayChat},
	protocol.RoleInterpreter: {protocol.MayChat},
}

// admitsItself: those who lead the visit go in; everyone else is let in by one of them.
func admitsItself(r protocol.Role) bool {
	return r == protocol.RoleSpecialist || r == protocol.RoleNurse
}

// visit is a consultation as it is planned.
type visit struct {
	from, to time.Duration // from now
	people   []person
}

// day is the hospital's day: one that starts now, one that is over, one that has not opened.
var day = []visit{
	{0, 30 * time.Minute, []person{tuva, mari, olav, ragna, per}},
	{-2 * time.Hour, -90 * time.Minute, []person{tuva, ane, olav}},
	{2 * time.Hour, 150 * time.Minute, []person{tuva, mari, ragna}},
}
