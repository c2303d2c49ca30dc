package notify_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// kinds are all that there are words for.
var kinds = []notify.Kind{
	notify.KindWork,
	notify.KindLink, notify.KindCode, notify.KindEnrol,
	notify.KindProposal, notify.KindBooked, notify.KindMoved, notify.KindCancelled, notify.KindReminderDay, notify.KindReminderHour, notify.KindLate,
	notify.KindStaffProposal, notify.KindStaffBooked, notify.KindStaffMoved, notify.KindStaffCancelled, notify.KindStaffReminder,
	notify.KindDeputyAsked, notify.KindDeputyIn,
	notify.KindSuggested, notify.KindDeclined, notify.KindLapsed, notify.KindAgreed, notify.KindUndelivered,
}

func oslo(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestTextsSayWhoWhenAndALinkInThePersonsLanguage(t *testing.T) {
	zone := oslo(t)
	several := letterOf(notify.Message{})
	several.Times = 3
	for _, tt := range []struct {
		kind     notify.Kind
		language string
		want     string
	}{
		{notify.KindLink, "nn", "Fjord sjukehus inviterer deg til videosamtale måndag 23. november kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindLink, "nb", "Fjord sjukehus inviterer deg til videosamtale mandag 23. november kl. 10.00. Åpne lenken når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindLink, "en", "Fjord sjukehus invites you to a video call Monday 23 November at 10:00. Open the link when it is time: https://samtale.example.no/k#abc Questions? Call 12 34 56 78."},
		{notify.KindLink, "se", "Fjord sjukehus inviterer deg til videosamtale måndag 23. november kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindCode, "nn", "Fjord sjukehus: koden din er 493021. Han gjeld i ti minutt. Gi han ikkje til nokon."},
		{notify.KindProposal, "nn", "Fjord sjukehus foreslår videosamtale måndag 23. november kl. 10.00. Opne lenkja og svar om det passar: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindMoved, "nn", "Videosamtalen med Fjord sjukehus er flytta frå søndag 22. november kl. 09.00 til måndag 23. november kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindMoved, "nb-NO", "Videosamtalen med Fjord sjukehus er flyttet fra søndag 22. november kl. 09.00 til mandag 23. november kl. 10.00. Åpne lenken når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindCancelled, "nn", "Videosamtalen med Fjord sjukehus måndag 23. november kl. 10.00 er avlyst. Spørsmål? Ring 12 34 56 78."},
		{notify.KindReminderHour, "nn", "Videosamtalen med Fjord sjukehus startar kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
		{notify.KindLate, "nn", "Fjord sjukehus er 10 minutt forseinka til videosamtalen kl. 10.00. Bli gjerne på sida så lenge: du mistar ikkje plassen din. Spørsmål? Ring 12 34 56 78."},
		{notify.KindSuggested, "nn", "Pasienten eller ein pårørande har foreslått ny tid for ein videokonsultasjon. Logg inn og vel: https://samtale.example.no/k#abc Spørsmål? Ring 12 34 56 78."},
	} {
		l := letterOf(notify.Message{})
		l.Language = tt.language
		if got, err := notify.Words(tt.kind, l, zone); err != nil || got.Body != tt.want {
			t.Errorf("%s in %s: %q, %v", tt.kind, tt.language, got.Body, err)
		}
	}
	if got, err := notify.Words(notify.KindProposal, several, zone); err != nil || !strings.Contains(got.Body, "foreslår 3 tider") || strings.Contains(got.Body, "november") {
		t.Errorf("several times: %q, %v", got.Body, err)
	}
	by := letterOf(notify.Message{})
	by.By, by.Phone = "Fjordvik kommune", ""
	if got, err := notify.Words(notify.KindDeclined, by, zone); err != nil || got.Subject != "Fjordvik kommune kan ikkje" || strings.Contains(got.Body, "Ring") {
		t.Errorf("%+v, %v", got, err)
	}
	by.InTime = true
	if got, err := notify.Words(notify.KindLate, by, zone); err != nil || got.Body != "Fjord sjukehus kjem i tide likevel til videosamtalen kl. 10.00." {
		t.Errorf("not late after all: %+v, %v", got, err)
	}
	for minutes, want := range map[int]string{0: "litt forsinket", 1: "ett minutt forsinket", 10: "10 minutter forsinket"} {
		late := letterOf(notify.Message{})
		late.Language, late.Minutes = "nb", minutes
		if got, err := notify.Words(notify.KindLate, late, zone); err != nil || !strings.Contains(got.Body, want) {
			t.Errorf("%d minutes: %q, %v", minutes, got.Body, err)
		}
	}
}

func TestAnEMailSaysMoreThanAnSMSInParagraphsOfTheirOwn(t *testing.T) {
	l := letterOf(notify.Message{})
	l.With = "sjukepleiar i Fjordvik kommune"
	l.Calendar = &notify.Calendar{Method: "REQUEST"}
	if sms, err := notify.Words(notify.KindBooked, l, oslo(t)); err != nil || strings.Contains(sms.Body, "Fjordvik") || strings.Contains(sms.Body, "kalender") {
		t.Errorf("SMS: %q, %v", sms.Body, err)
	}
	l.Channel = notify.Email
	mail, err := notify.Words(notify.KindBooked, l, oslo(t))
	want := "Videosamtalen med Fjord sjukehus er måndag 23. november kl. 10.00. Opne lenkja når det er tid: https://samtale.example.no/k#abc\n\n" +
		"Desse er òg med: sjukepleiar i Fjordvik kommune.\n\n" +
		"Avtalen ligg ved, så du kan leggje han i kalenderen din. Svar frå kalenderen kjem ikkje fram til oss.\n\n" +
		"Spørsmål? Ring 12 34 56 78."
	if err != nil || mail.Body != want || mail.Subject != "Videosamtale med Fjord sjukehus måndag 23. november kl. 10.00" {
		t.Errorf("%+v, %v", mail, err)
	}
	l.Calendar.Method = "CANCEL"
	if mail, err := notify.Words(notify.KindCancelled, l, oslo(t)); err != nil || strings.Contains(mail.Body, "kalender") {
		t.Errorf("%q, %v", mail.Body, err)
	}
}

func TestAMessageWithoutWhatItsKindSaysIsNotSent(t *testing.T) {
	for what, take := range map[string]func(*notify.Letter){
		"link": func(l *notify.Letter) { l.Link = "" }, "from": func(l *notify.Letter) { l.From = "" },
		"was": func(l *notify.Letter) { l.Was = time.Time{} }, "when": func(l *notify.Letter) { l.Starts = time.Time{} },
	} {
		l := letterOf(notify.Message{})
		take(&l)
		if _, err := notify.Words(notify.KindMoved, l, time.UTC); !errors.Is(err, notify.ErrNever) || !strings.Contains(err.Error(), "has no "+what) {
			t.Errorf("without %s: %v", what, err)
		}
	}
	if _, err := notify.Words("poem", letterOf(notify.Message{}), time.UTC); !errors.Is(err, notify.ErrNever) {
		t.Errorf("a kind without words: %v", err)
	}
}

func TestWhatIsPutIntoATextIsNotReadAsAPartOfIt(t *testing.T) {
	l := letterOf(notify.Message{})
	l.From = "{link} {code}"
	if got, err := notify.Words(notify.KindCancelled, l, time.UTC); err != nil || !strings.Contains(got.Body, "{link} {code}") || strings.Contains(got.Body, "493021") {
		t.Errorf("%q, %v", got.Body, err)
	}
}

func TestEveryKindHasWordsInEveryLanguageAndFitsIntoTwoSMS(t *testing.T) {
	zone := oslo(t)
	l := letterOf(notify.Message{})
	l.From = "Universitetssjukehuset i Øvre Fjorddal" // long, as are the days
	l.By = l.From
	l.Link = "https://videosamtale.helse-fjord.example.no/k#" + strings.Repeat("x", 43) // as tokens are
	l.Starts = time.Date(2026, 9, 30, 10, 30, 0, 0, zone)
	l.Was = l.Starts.Add(7 * 24 * time.Hour).Add(-time.Hour)
	for _, kind := range kinds {
		for _, times := range []int{1, 3} {
			said := map[string]string{}
			for _, language := range []string{"nn", "nb", "en"} {
				l.Language, l.Times = language, times
				got, err := notify.Words(kind, l, zone)
				if err != nil || got.Subject == "" {
					t.Fatalf("%s in %s: %+v, %v", kind, language, got, err)
				}
				said[language] = got.Body
				if strings.ContainsAny(got.Body+got.Subject, "{}") {
					t.Errorf("%s in %s: %q", kind, language, got.Body)
				}
				if n, gsm := notify.Segments(got.Body); !gsm || n > 2 {
					t.Errorf("%s in %s is %d SMS, in their own letters %t: %q", kind, language, n, gsm, got.Body)
				}
				for _, word := range []string{"pasienten heiter", "diagnos", "helse ", "lege", "sår", "wound"} {
					if strings.Contains(strings.ToLower(got.Body+got.Subject), word) {
						t.Errorf("%s in %s says %q", kind, language, word)
					}
				}
			}
			if said["en"] == said["nn"] { // the two Norwegian ones may be alike
				t.Errorf("%s has no English: %q", kind, said["en"])
			}
		}
	}
}

func TestAnSMSIsCountedAsTheNetworkCountsIt(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		gsm  bool
	}{
		{"", 1, true},
		{strings.Repeat("å", 160), 1, true},
		{strings.Repeat("å", 161), 2, true},
		{strings.Repeat("å", 306), 2, true},
		{strings.Repeat("å", 307), 3, true},
		{strings.Repeat("€", 80), 1, true},
		{strings.Repeat("€", 81), 2, true},
		{strings.Repeat("å", 69) + "č", 1, false},
		{strings.Repeat("å", 70) + "č", 2, false},
		{strings.Repeat("😀", 35), 1, false},
		{strings.Repeat("😀", 36), 2, false},
		{"«–»", 1, false},
	} {
		if n, gsm := notify.Segments(tt.text); n != tt.n || gsm != tt.gsm {
			t.Errorf("%d bytes: %d SMS, %t; want %d, %t", len(tt.text), n, gsm, tt.n, tt.gsm)
		}
	}
}
