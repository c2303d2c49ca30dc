package letters

import (
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
)

// words are those that this package puts into letters itself, in one language; the rest are
// notify's.
type words struct {
	call, open, signIn, ring       string // in calendars
	patient, relative, interpreter string // who is late
}

// wordsIn is notify's choice: nynorsk for those who read another language than ours.
func wordsIn(language string) words {
	switch language, _, _ := strings.Cut(strings.ToLower(language), "-"); language {
	case "nb", "no":
		return words{
			"Videosamtale", "Åpne lenken når det er tid:", "Logg inn når det er tid:", "Spørsmål? Ring",
			"Pasienten", "En pårørende", "Tolken",
		}
	case "en":
		return words{
			"Video call", "Open the link when it is time:", "Sign in when it is time:", "Questions? Call",
			"The patient", "A relative", "The interpreter",
		}
	default:
		return words{
			"Videosamtale", "Opne lenkja når det er tid:", "Logg inn når det er tid:", "Spørsmål? Ring",
			"Pasienten", "Ein pårørande", "Tolken",
		}
	}
}

// guest is what somebody who comes by a link is called.
func (w words) guest(role access.Role) string {
	switch role {
	case access.Relative:
		return w.relative
	case access.Interpreter:
		return w.interpreter
	default:
		return w.patient
	}
}
