package identity

import (
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
)

func TestIdentityNumbersAreDoubtedByTheirControlDigitsAndDate(t *testing.T) {
	for number, want := range map[string]struct {
		rule string
		born int
	}{
		"":            {"", 0},
		"17856200051": {"", 1962},                         // synthetic: month + 80
		"57856200045": {"", 1962},                         // the same as a D-number: day + 40
		"17856200052": {"has wrong control digits", 1962}, // the last digit
		"17856200061": {"has wrong control digits", 1962}, // the last but one
		"17852600051": {"has wrong control digits", 1926}, // two that changed places
		"80000000000": {"", 0},                            // a shared emergency number has no date
		"29826500083": {"begins with a date that does not exist", 0},
		"00826500190": {"begins with a date that does not exist", 0},
	} {
		rule := ""
		for _, w := range warnNationalID(number) {
			rule = w.Rule
		}
		if year := (Person{NationalID: number}).Line().BornYear; rule != want.rule || year != want.born {
			t.Errorf("%s: %q, born %d; want %q, %d", number, rule, year, want.rule, want.born)
		}
	}
}

func TestTheCenturyStandsInTheIndividualNumber(t *testing.T) {
	for _, c := range []struct{ yy, individual, want int }{
		{0, 0, 1900}, {99, 499, 1900}, {54, 500, 1800}, {99, 749, 1800}, {0, 500, 2000}, {39, 999, 2000}, {40, 900, 1900}, {99, 999, 1900}, {53, 500, 0}, {40, 750, 0},
	} {
		if got := century(c.yy, c.individual); got != c.want {
			t.Errorf("year %02d, individual number %03d: %d, want %d", c.yy, c.individual, got, c.want)
		}
	}
}

func TestOrganisationNumbersHaveAControlDigit(t *testing.T) {
	for number, good := range map[string]bool{
		"": true, "974760673": true, "974 760 673": true, "983658725": true, "974760674": false, "97476067": false, "9747606730": false, "97476067x": false,
	} {
		var c checker
		c.organisationNumber("number", number)
		if (c.fault() == nil) != good {
			t.Errorf("%q: %v", number, c.fault())
		}
	}
}

func TestAHealthPersonnelNumberIsDoubtedByItsControlDigit(t *testing.T) {
	for number, doubted := range map[string]bool{"": false, "9144889": false, "9144898": true, "565501872": true} {
		if got := len(warnHPR(number)) > 0; got != doubted {
			t.Errorf("%q is doubted: %v, want %v", number, got, doubted)
		}
	}
}

func TestTelephoneNumbersGetOneForm(t *testing.T) {
	for written, want := range map[string]struct{ message, ring string }{
		"":                     {"", ""},
		"900 00 001":           {"+4790000001", "+4790000001"},
		"+47 900 00 001":       {"+4790000001", "+4790000001"},
		"0047 90-00-00-01":     {"+4790000001", "+4790000001"},
		"+46 (8) 123 45 678":   {"+46812345678", "+46812345678"},
		"900\u00a000\u00a0001": {"+4790000001", "+4790000001"},
		"116 117":              {"!", "116117"},
		"02800":                {"!", "02800"},
		"9000000":              {"!", "!"},
		"+0790000001":          {"!", "!"},
		"+47900000011234567":   {"!", "!"},
		"12":                   {"!", "!"},
		"+47 900 OO 001":       {"!", "!"},
		"+":                    {"!", "!"},
	} {
		form := func(clean func(c *checker, field, s string) string) string {
			var c checker
			got := clean(&c, "phone", written)
			if c.fault() != nil {
				return "!"
			}
			return got
		}
		if got := form((*checker).phone); got != want.message {
			t.Errorf("%q to write to: %q, want %q", written, got, want.message)
		}
		if got := form((*checker).phoneToRing); got != want.ring {
			t.Errorf("%q to ring: %q, want %q", written, got, want.ring)
		}
	}
}

func TestEmailAddresses(t *testing.T) {
	for written, want := range map[string]string{
		"": "", " Mari@Fjordvik.Example ": "mari@fjordvik.example", "mari": "!", "mari@": "!", "Mari <mari@fjordvik.example>": "!", "a@b, c@d": "!", "mari@fjordvik.example\r\nBcc: x@y": "!",
	} {
		var c checker
		got := c.email("email", written)
		if c.fault() != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}

func TestDaysAreInTheCalendarAndInOrder(t *testing.T) {
	for _, tt := range []struct {
		from, until Day
		field       string
	}{
		{"2026-11-23", "", ""}, {"2026-11-23", "2026-11-23", ""}, {"2028-02-29", "", ""},
		{"", "", "from"}, {"2026-2-3", "", "from"}, {"2027-02-29", "", "from"}, {"23.11.2026", "", "from"},
		{"2026-11-23", "2026-11-22", "until"}, {"2026-11-23", "2026-11-31", "until"},
	} {
		var c checker
		c.days("", tt.from, tt.until)
		field := ""
		if c.broken != nil {
			field = c.broken.Field
		}
		if field != tt.field {
			t.Errorf("%s–%s: %v, want a fault of %q", tt.from, tt.until, c.fault(), tt.field)
		}
	}
}

func TestRolesThatAnOrganisationMayHave(t *testing.T) {
	for kind, want := range map[OrganisationKind]string{
		Hospital:     "specialist nurse coordinator administrator data-protection",
		Municipality: "nurse gp coordinator administrator data-protection",
		GPOffice:     "nurse gp coordinator administrator data-protection",
		"":           "",
	} {
		got := rolesText(kind)
		if got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

func rolesText(k OrganisationKind) string {
	var names []string
	for _, r := range access.Roles() {
		if k.Has(r) {
			names = append(names, r.String())
		}
	}
	return strings.Join(names, " ")
}

func TestATextLooksLikeWhatItIs(t *testing.T) {
	for text, good := range map[string]bool{
		"Olav Eik": true, "Nguyễn Thị Ánh": true, "محمد": true, "می\u200cخواهم": true, // a joiner that Persian needs
		"Olav\u202eKie": false, "Olav\u2066": false, "Olav\u2028Eik": false, "Olav\nEik": false, "Olav\x00": false, "Olav\xff": false,
	} {
		var c checker
		if c.text("name", text, 1, 120); (c.fault() == nil) != good {
			t.Errorf("%q: %v", text, c.fault())
		}
	}
	for address, good := range map[string]bool{
		"mari@fjordvik.example": true, "måri@fjordvik.example": true,
		"mari\u200b@fjordvik.example": false, "mari\u202e@fjordvik.example": false, "ma\u00a0ri@fjordvik.example": false, "Mari <mari@fjordvik.example>": false,
	} {
		var c checker
		if c.email("email", address); (c.fault() == nil) != good {
			t.Errorf("%q: %v", address, c.fault())
		}
	}
}
