package access_test

import (
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
)

// want is what the table must give, written a second time and the other way round: by
// action. A cell lists the ways, separated by "or"; a way is relations joined by "+", and
// "always" is the way that asks for none. A role that is not named is refused.
var want = map[string]map[string]string{
	"session.read": {all: "self"},
	"session.end":  {all: "self"},

	// Whose patient it is decides; a patient's own, a relative's and a foreign organisation's
	// way is consent; whoever meets the patient now knows whom they meet.
	"patient.list": {clinicians: "same-organisation", "coordinator": "same-organisation"},
	"patient.read": {
		"patient": "self", "relative": "self or relative+consent",
		clinicians:    "same-organisation or agreement+consent or participant or emergency",
		"coordinator": "same-organisation or agreement+consent", "machine": "same-organisation",
	},
	"patient.write":  {clinicians: "same-organisation", "coordinator": "same-organisation", "machine": "same-organisation"},
	"patient.erase":  {"data-protection": "same-organisation"},
	"consent.write":  {"patient": "self", clinicians: "same-organisation or participant", "coordinator": "same-organisation"},
	"emergency.open": {clinicians: "always"},
	"seen.read":      {"patient": "self", "relative": "self or relative+consent", "data-protection": "same-organisation"},

	// What is measured is for who treats, for the patient, and for relatives whom the patient trusts;
	// nobody who only brings people together sees it.
	"observation.read": {
		"patient": "self", "relative": "relative+consent", "machine": "same-organisation",
		clinicians: "same-organisation or agreement+consent or participant or emergency",
	},
	"observation.write": {"patient": "self", "relative": "relative+consent", "machine": "same-organisation", clinicians: "same-organisation or participant"},
	"limit.write":       {clinicians: "same-organisation or participant"},
	"sharing.read":      {"patient": "self", clinicians: "same-organisation or participant"},
	"sharing.write":     {"patient": "self", clinicians: "same-organisation or participant"},
	// The plan is the patient's own. A relative whom the patient trusts helps to write it.
	"plan.read": {
		"patient": "self", "relative": "relative+consent", "machine": "same-organisation",
		clinicians: "same-organisation or agreement+consent or participant or emergency",
	},
	"plan.write":   {"patient": "self", "relative": "relative+consent", clinicians: "same-organisation or participant"},
	"plan.approve": {"patient": "self", clinicians: "same-organisation or participant"},

	// Answers are for who treats, for the patient and for a journal; a relative gives them, and does not read them.
	"questionnaire.read": {
		"patient": "self", clinicians: "same-organisation or agreement+consent or participant or emergency", "machine": "same-organisation",
	},
	"questionnaire.answer": {"patient": "self", "relative": "relative+consent", clinicians: "same-organisation or participant", "machine": "same-organisation"},
	"questionnaire.ask":    {clinicians: "same-organisation or participant"},
	// A wound is for who treats, for the patient and whom the patient trusts to see; a patient may
	// send a photo, and says nothing else of it.
	"wound.read": {
		"patient": "self", "relative": "relative+consent", "machine": "same-organisation",
		clinicians: "same-organisation or agreement+consent or participant or emergency",
	},
	"wound.write":      {clinicians: "same-organisation or participant"},
	"photo.send":       {"patient": "self", clinicians: "same-organisation or participant"},
	"work.read":        {clinicians: "same-organisation"},
	"work.acknowledge": {clinicians: "same-organisation"},

	// Who books for those who have agreed to it reads of it afterwards, too.
	"consultation.list": {clinicians: "same-organisation", "coordinator": "same-organisation or agreement", "administrator": "same-organisation", "machine": "same-organisation"},
	"consultation.read": {byLink: "participant", clinicians: "same-organisation or participant", "coordinator": "same-organisation or agreement", "machine": "same-organisation"},
	// Booking is the coordinators' work, also for those who have agreed to it; who treats books
	// for the own house. Everybody answers for themselves, and a coordinator for the house.
	"consultation.book":   {clinicians: "same-organisation", "coordinator": "same-organisation or agreement", "machine": "same-organisation"},
	"consultation.answer": {byLink: "participant", clinicians: "participant", "coordinator": "same-organisation", "machine": "same-organisation"},
	"calendar.read":       {clinicians: "same-organisation or agreement", "coordinator": "same-organisation or agreement", "machine": "same-organisation or agreement"},
	"calendar.write":      {clinicians: "self", "coordinator": "self or same-organisation"},
	"consultation.join":   {byLink: "participant", clinicians: "participant"},
	"link.replace":        {clinicians: "same-organisation or participant", "coordinator": "same-organisation"},
	"link.revoke":         {"coordinator": "same-organisation"},

	// The call: the specialist leads it, the nurse opens the door too, everyone may write.
	"call.admit":   {"specialist": "participant", "nurse": "participant"},
	"call.confirm": {clinicians: "participant"},
	"call.mute":    {"specialist": "participant"},
	"call.remove":  {"specialist": "participant"},
	"call.lock":    {"specialist": "participant"},
	"call.end":     {"specialist": "participant"},
	"call.second":  {clinicians: "participant"},
	"call.chat":    {byLink: "participant", clinicians: "participant"},

	"organisation.read": {
		clinicians: "same-organisation or agreement", "coordinator": "same-organisation or agreement",
		"administrator": "same-organisation or agreement or host", "data-protection": "same-organisation", "machine": "same-organisation",
	},
	"organisation.write":  {"administrator": "same-organisation or host"},
	"organisation.create": {"administrator": "host"},
	"community.write":     {"administrator": "host"},
	"agreement.write":     {"administrator": "same-organisation or host"},
	"staff.read": {
		clinicians: "same-organisation or agreement", "coordinator": "same-organisation or agreement",
		"administrator": "same-organisation or host", "data-protection": "same-organisation", "machine": "same-organisation",
	},
	"staff.write":     {"administrator": "same-organisation or host"},
	"account.recover": {"administrator": "same-organisation or host"},
	"machine.write":   {"administrator": "same-organisation or host"},
	"audit.export":    {"data-protection": "same-organisation", "machine": "same-organisation"},
}

// Groups of roles.
const (
	all        = "patient relative interpreter specialist nurse gp coordinator administrator data-protection"
	byLink     = "patient relative interpreter"
	clinicians = "specialist nurse gp"
)

// ways reads want for a role and an action; nil: refused.
func ways(role access.Role, action access.Action) [][]string {
	for roles, cell := range want[action.String()] {
		for name := range strings.FieldsSeq(roles) {
			if name != role.String() {
				continue
			}
			var out [][]string
			for way := range strings.SplitSeq(cell, " or ") {
				if way == "always" {
					out = append(out, nil)
				} else {
					out = append(out, strings.Split(way, "+"))
				}
			}
			return out
		}
	}
	return nil
}

// opened says whether one of the ways is among the relations, by their names.
func opened(ways [][]string, has access.Relations) bool {
	names := "," + has.String() + ","
	for _, way := range ways {
		whole := true
		for _, relation := range way {
			whole = whole && strings.Contains(names, ","+relation+",")
		}
		if whole {
			return true
		}
	}
	return false
}

func TestEveryRoleMayDoWhatTheTableSaysInEveryRelationAndNothingElse(t *testing.T) {
	seen := 0
	for _, role := range access.Roles() {
		for _, action := range access.Actions() {
			open := ways(role, action)
			for has := access.Relations(0); has <= access.EveryRelation; has++ {
				got, want := access.Decide(role, action, has), opened(open, has)
				if got.Allowed != want {
					t.Errorf("%s, %s, by %q: allowed %t, want %t", role, action, has, got.Allowed, want)
				}
				if !has.Has(got.By) {
					t.Errorf("%s, %s, by %q: opened by %q, which is not there", role, action, has, got.By)
				}
				by, err := access.Can(access.Actor{Role: role}, action, has)
				if (err == nil) != want || by != got.By {
					t.Errorf("%s, %s, by %q: Can says %q, %v", role, action, has, by, err)
				}
				seen++
			}
		}
	}
	if want := len(access.Roles()) * len(access.Actions()) * 256; seen != want {
		t.Errorf("%d decisions were tried, not %d", seen, want)
	}
}

func TestTheExpectedTableNamesOnlyWhatThereIs(t *testing.T) {
	for name, row := range want {
		if _, err := access.ParseAction(name); err != nil {
			t.Error(err)
		}
		named := map[string]bool{}
		for roles, cell := range row {
			for role := range strings.FieldsSeq(roles) {
				if _, err := access.ParseRole(role); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if named[role] {
					t.Errorf("%s names %s twice", name, role)
				}
				named[role] = true
			}
			for word := range strings.FieldsSeq(strings.NewReplacer("+", " ", " or ", " ").Replace(cell)) {
				if word != "always" && !strings.Contains(","+access.EveryRelation.String()+",", ","+word+",") {
					t.Errorf("%s, %s: %q is not a relation", name, roles, word)
				}
			}
		}
	}
	for _, action := range access.Actions() {
		if want[action.String()] == nil {
			t.Errorf("%s opens to nobody: it has no line", action)
		}
	}
}

func TestNobodyMayDoAnything(t *testing.T) {
	for _, action := range access.Actions() {
		for _, role := range []access.Role{0, 200} {
			if access.Decide(role, action, access.EveryRelation).Allowed || access.Ways(role, action) != nil {
				t.Errorf("role %d may %s", role, action)
			}
		}
	}
	for _, role := range access.Roles() {
		for _, action := range []access.Action{0, 200} {
			if access.Decide(role, action, access.EveryRelation).Allowed || access.Ways(role, action) != nil {
				t.Errorf("%s may do action %d", role, action)
			}
		}
	}
}

func TestALinkOfStaffIsForItsConsultationAndNothingElse(t *testing.T) {
	for _, role := range access.Roles() {
		link, account := access.Actor{Role: role, Consultation: "c1"}, access.Actor{Role: role}
		for _, action := range access.Actions() {
			_, byLink := access.Can(link, action, access.EveryRelation)
			_, byAccount := access.Can(account, action, access.EveryRelation)
			name := action.String()
			own := strings.HasPrefix(name, "call.") || strings.HasPrefix(name, "session.") || name == "consultation.read" || name == "consultation.join" ||
				strings.HasPrefix(name, "observation.") || name == "limit.write" || strings.HasPrefix(name, "sharing.") || strings.HasPrefix(name, "plan.") || strings.HasPrefix(name, "wound.") || name == "photo.send" || strings.HasPrefix(name, "questionnaire.")
			if want := byAccount == nil && (own || !role.Staff()); (byLink == nil) != want {
				t.Errorf("%s by link, %s: %v", role, action, byLink)
			}
		}
	}
}

func TestWhoIsRefusedReadsTheRuleAndNotThePatient(t *testing.T) {
	_, err := access.Can(access.Actor{Person: "p-olav", Role: access.Interpreter}, access.PatientRead, access.Participant)
	if err == nil || err.Error() != "interpreter may not patient.read" {
		t.Errorf("%v", err)
	}
}

func TestRolesAndActionsAreReadAsTheyAreWritten(t *testing.T) {
	for _, role := range access.Roles() {
		var back access.Role
		if text, err := role.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != role {
			t.Errorf("%s comes back as %s", role, back)
		}
	}
	for _, action := range access.Actions() {
		var back access.Action
		if text, err := action.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != action {
			t.Errorf("%s comes back as %s", action, back)
		}
	}
	for _, none := range []string{"", "nobody", "nothing", "Patient", "patient.Read", "patient.read "} {
		if _, err := access.ParseRole(none); err == nil {
			t.Errorf("%q is a role", none)
		}
		if _, err := access.ParseAction(none); err == nil {
			t.Errorf("%q is an action", none)
		}
	}
}

func TestADecisionMakesNoAllocs(t *testing.T) {
	allocs := testing.AllocsPerRun(1000, func() {
		access.Decide(access.Nurse, access.PatientRead, access.Agreement|access.Consent)
		access.Decide(access.Administrator, access.PatientRead, access.EveryRelation)
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// BenchmarkDecide decides once by the last of four ways, and once refuses. To reach: 1 µs.
func BenchmarkDecide(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		access.Decide(access.Nurse, access.PatientRead, access.Emergency)
		access.Decide(access.Administrator, access.PatientRead, access.EveryRelation)
	}
}
