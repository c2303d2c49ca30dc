package demo

import "github.com/samkonsult/samkonsult/scheduling"

// cared is a patient with relatives. The identity numbers are synthetic: 80 is added to the month.
type cared struct {
	name, nationalID, phone string
	relatives               []related
	beside                  []scheduling.Companion
	in                      organisation // cares for them, beside the hospital
}

type related struct {
	name, title, phone string
}

var (
	ragna = related{"Ragna Eik", "Dotter", "90000301"}
	olav  = cared{"Olav Eik", "12834430140", "90000412", []related{ragna}, []scheduling.Companion{{Name: "Inga Eik", Role: "kone"}}, municipality}
	anna  = cared{"Anna Lid", "05815140216", "90000518", nil, nil, municipality}
	leiv  = cared{"Leiv Hauge", "21834730216", "90000637", nil, nil, municipality}

	alm     = cared{"Gerd Alm", "03854731016", "90000701", []related{{"Siri Alm", "Dotter", "90000302"}}, nil, municipality}
	gran    = cared{"Torleif Gran", "17893931198", "90000702", nil, nil, municipality}
	hegg    = cared{"Turid Hegg", "24825131201", "90000703", nil, nil, municipality}
	barlind = cared{"Else Barlind", "08914331359", "90000704", nil, nil, municipality}
	asp     = cared{"Marit Asp", "29868831500", "90000705", nil, nil, municipality}
	lonn    = cared{"Jostein Lønn", "14817931597", "90000706", []related{{"Eldbjørg Lønn", "Mor", "90000303"}}, nil, municipality}
	pil     = cared{"Arne Pil", "02883631784", "90000707", nil, nil, municipality}
	or      = cared{"Nils Or", "19844131782", "90000708", nil, nil, municipality}
	kowal   = cared{"Zofia Kowal", "26924831811", "90000709", nil, nil, municipality}
	einer   = cared{"Aud Einer", "11876232016", "90000710", nil, nil, municipality}
	strand  = cared{"Solveig Strand", "06904532035", "90000711", nil, nil, neighbour}
	lauv    = cared{"Ivar Lauv", "30835032260", "90000712", nil, nil, neighbour}
	lerk    = cared{"Oddny Lerk", "22853832239", "90000713", nil, nil, neighbour}

	patients = []cared{olav, anna, leiv, alm, gran, hegg, barlind, asp, lonn, pil, or, kowal, einer, strand, lauv, lerk}
)

// marek interprets for the one patient who needs it.
var marek = interpreting{"Marek Nowak", "90000801", "pl"}

type interpreting struct{ name, phone, language string }

// The hospital has nothing to lend: what the nurses carry is their municipality's.
const (
	caseOne = "Nettbrettkoffert 1"
	caseTwo = "Nettbrettkoffert 2"
	camera  = "Hovudkamera"
)

var carried = []scheduling.Equipment{
	{Kind: "tablet", Name: caseOne, Active: true},
	{Kind: "tablet", Name: caseTwo, Active: true},
	{Kind: "head-camera", Name: camera, Active: true},
}

// carries is what a nurse takes along to patients.
var carries = map[string]string{mari.name: caseOne, tor.name: caseTwo, ane.name: camera}
