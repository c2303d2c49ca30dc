package notify

import (
	"fmt"
	"time"
)

// nynorsk is the language that messages are written in first. Letters are those of SMS
// (gsm.go), so that no one of them costs half of its length.
func nynorsk() language {
	return language{
		phrases: map[Kind]phrase{
			KindLink:  {"Videosamtale med {from}", "{from} inviterer deg til videosamtale {when}. Opne lenkja når det er tid: {link}"},
			KindEnrol: {"Lag passord til videotenesta til {from}", "Du er lagt til i videotenesta til {from}. Opne lenkja innan eitt døgn og lag passord: {link}"},
			KindCode:  {"Kode frå {from}", "{from}: koden din er {code}. Han gjeld i ti minutt. Gi han ikkje til nokon."},

			KindProposal:        {"Passar det med videosamtale {when}?", "{from} foreslår videosamtale {when}. Opne lenkja og svar om det passar: {link}"},
			kindProposalSeveral: {"Vel tid for videosamtale med {from}", "{from} foreslår {times} tider for videosamtale. Opne lenkja og vel den som passar: {link}"},
			KindBooked:          {"Videosamtale med {from} {when}", "Videosamtalen med {from} er {when}. Opne lenkja når det er tid: {link}"},
			KindMoved:           {"Ny tid for videosamtale: {when}", "Videosamtalen med {from} er flytta frå {was} til {when}. Opne lenkja når det er tid: {link}"},
			KindCancelled:       {"Videosamtalen {when} er avlyst", "Videosamtalen med {from} {when} er avlyst."},
			KindReminderDay:     {"Hugs videosamtalen {when}", "Hugs videosamtalen med {from} {when}. Prøv gjerne kamera og lyd på førehand: {link}"},
			KindReminderHour:    {"Videosamtalen startar {clock}", "Videosamtalen med {from} startar {clock}. Opne lenkja når det er tid: {link}"},
			KindLate:            {"{from} er forseinka", "{from} er {minutes} forseinka til videosamtalen {clock}. Bli gjerne på sida så lenge: du mistar ikkje plassen din."},
			kindInTime:          {"{from} kjem i tide", "{from} kjem i tide likevel til videosamtalen {clock}."},

			KindStaffProposal:  {"Svar på tid for videokonsultasjon", "{from} foreslår tid for ein videokonsultasjon. Logg inn og svar: {link}"},
			KindStaffBooked:    {"Videokonsultasjon {when}", "Du har videokonsultasjon {when}, avtalt av {from}. Logg inn: {link}"},
			KindStaffMoved:     {"Ny tid for videokonsultasjon: {when}", "Videokonsultasjonen {was} er flytta til {when}. Logg inn: {link}"},
			KindStaffCancelled: {"Videokonsultasjonen {when} er avlyst", "Videokonsultasjonen {when} er avlyst av {from}."},
			KindStaffReminder:  {"Videokonsultasjonen startar {clock}", "Videokonsultasjonen startar {clock}. Logg inn: {link}"},
			KindDeputyAsked:    {"Kan du vere vikar {when}?", "{from} spør om du kan vere vikar i ein videokonsultasjon {when}. Logg inn og svar: {link}"},
			KindDeputyIn:       {"Du er vikar {when}", "Du er vikar i ein videokonsultasjon {when}. Logg inn: {link}"},

			KindSuggested:   {"{by} har foreslått ny tid", "{by} har foreslått ny tid for ein videokonsultasjon. Logg inn og vel: {link}"},
			KindDeclined:    {"{by} kan ikkje", "{by} kan ikkje nokon av tidene for ein videokonsultasjon. Logg inn og finn ei anna: {link}"},
			KindLapsed:      {"Svar manglar om videokonsultasjon", "Ikkje alle har svart i tide om ein videokonsultasjon. Logg inn og sjå kva som manglar: {link}"},
			KindAgreed:      {"Videokonsultasjon {when} er avtalt", "Alle som må vere med, har sagt ja til videokonsultasjonen {when}. Logg inn og sjå: {link}"},
			KindUndelivered: {"Ei melding kom ikkje fram", "Ei melding om ein videokonsultasjon kom ikkje fram. Logg inn og sjå kven du må ringje: {link}"},

			KindWork: {"Noko hastar i arbeidslista", "Noko hastar i arbeidslista til {from}. Logg inn no: {link}"},
		},
		call:    "Spørsmål? Ring {phone}.",
		with:    "Desse er òg med: {with}.",
		save:    "Avtalen ligg ved, så du kan leggje han i kalenderen din. Svar frå kalenderen kjem ikkje fram til oss.",
		patient: "Pasienten eller ein pårørande",
		minutes: func(n int) string {
			if n <= 0 {
				return "litt"
			}
			return fmt.Sprintf("%d minutt", n)
		},
		when: func(t time.Time) string {
			days := [...]string{"søndag", "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag"}
			return fmt.Sprintf("%s %d. %s kl. %s", days[t.Weekday()], t.Day(), monthNorwegian(t), t.Format("15.04"))
		},
		clock: func(t time.Time) string { return t.Format("kl. 15.04") },
	}
}

// monthNorwegian is the same in both.
func monthNorwegian(t time.Time) string {
	return [...]string{
		"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
	}[t.Month()-1]
}
