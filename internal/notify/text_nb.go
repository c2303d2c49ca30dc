package notify

import (
	"fmt"
	"time"
)

func bokmal() language {
	return language{
		phrases: map[Kind]phrase{
			KindLink:  {"Videosamtale med {from}", "{from} inviterer deg til videosamtale {when}. Åpne lenken når det er tid: {link}"},
			KindEnrol: {"Lag passord til videotjenesten til {from}", "Du er lagt til i videotjenesten til {from}. Åpne lenken innen ett døgn og lag passord: {link}"},
			KindCode:  {"Kode fra {from}", "{from}: koden din er {code}. Den gjelder i ti minutter. Gi den ikke til noen."},

			KindProposal:        {"Passer det med videosamtale {when}?", "{from} foreslår videosamtale {when}. Åpne lenken og svar om det passer: {link}"},
			kindProposalSeveral: {"Velg tid for videosamtale med {from}", "{from} foreslår {times} tider for videosamtale. Åpne lenken og velg den som passer: {link}"},
			KindBooked:          {"Videosamtale med {from} {when}", "Videosamtalen med {from} er {when}. Åpne lenken når det er tid: {link}"},
			KindMoved:           {"Ny tid for videosamtale: {when}", "Videosamtalen med {from} er flyttet fra {was} til {when}. Åpne lenken når det er tid: {link}"},
			KindCancelled:       {"Videosamtalen {when} er avlyst", "Videosamtalen med {from} {when} er avlyst."},
			KindReminderDay:     {"Husk videosamtalen {when}", "Husk videosamtalen med {from} {when}. Prøv gjerne kamera og lyd på forhånd: {link}"},
			KindReminderHour:    {"Videosamtalen starter {clock}", "Videosamtalen med {from} starter {clock}. Åpne lenken når det er tid: {link}"},
			KindLate:            {"{from} er forsinket", "{from} er {minutes} forsinket til videosamtalen {clock}. Bli gjerne på siden så lenge: du mister ikke plassen din."},
			kindInTime:          {"{from} kommer i tide", "{from} kommer i tide likevel til videosamtalen {clock}."},

			KindStaffProposal:  {"Svar på tid for videokonsultasjon", "{from} foreslår tid for en videokonsultasjon. Logg inn og svar: {link}"},
			KindStaffBooked:    {"Videokonsultasjon {when}", "Du har videokonsultasjon {when}, avtalt av {from}. Logg inn: {link}"},
			KindStaffMoved:     {"Ny tid for videokonsultasjon: {when}", "Videokonsultasjonen {was} er flyttet til {when}. Logg inn: {link}"},
			KindStaffCancelled: {"Videokonsultasjonen {when} er avlyst", "Videokonsultasjonen {when} er avlyst av {from}."},
			KindStaffReminder:  {"Videokonsultasjonen starter {clock}", "Videokonsultasjonen starter {clock}. Logg inn: {link}"},
			KindDeputyAsked:    {"Kan du være vikar {when}?", "{from} spør om du kan være vikar i en videokonsultasjon {when}. Logg inn og svar: {link}"},
			KindDeputyIn:       {"Du er vikar {when}", "Du er vikar i en videokonsultasjon {when}. Logg inn: {link}"},

			KindSuggested:   {"{by} har foreslått ny tid", "{by} har foreslått ny tid for en videokonsultasjon. Logg inn og velg: {link}"},
			KindDeclined:    {"{by} kan ikke", "{by} kan ikke noen av tidene for en videokonsultasjon. Logg inn og finn en annen: {link}"},
			KindLapsed:      {"Svar mangler om videokonsultasjon", "Ikke alle har svart i tide om en videokonsultasjon. Logg inn og se hva som mangler: {link}"},
			KindAgreed:      {"Videokonsultasjon {when} er avtalt", "Alle som må være med, har sagt ja til videokonsultasjonen {when}. Logg inn og se: {link}"},
			KindUndelivered: {"En melding kom ikke fram", "En melding om en videokonsultasjon kom ikke fram. Logg inn og se hvem du må ringe: {link}"},

			KindWork: {"Noe haster i arbeidslisten", "Noe haster i arbeidslisten til {from}. Logg inn nå: {link}"},
		},
		call:    "Spørsmål? Ring {phone}.",
		with:    "Disse er også med: {with}.",
		save:    "Avtalen ligger ved, så du kan legge den i kalenderen din. Svar fra kalenderen kommer ikke fram til oss.",
		patient: "Pasienten eller en pårørende",
		minutes: func(n int) string {
			switch {
			case n <= 0:
				return "litt"
			case n == 1:
				return "ett minutt"
			default:
				return fmt.Sprintf("%d minutter", n)
			}
		},
		when: func(t time.Time) string {
			days := [...]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"}
			return fmt.Sprintf("%s %d. %s kl. %s", days[t.Weekday()], t.Day(), monthNorwegian(t), t.Format("15.04"))
		},
		clock: func(t time.Time) string { return t.Format("kl. 15.04") },
	}
}
