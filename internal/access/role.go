package access

import "fmt"

// Role is what someone acts as: chosen at sign-in by staff, given by the link to others.
type Role uint8

// The roles. Nobody acts in the zero role.
const (
	_ Role = iota
	Patient
	Relative // a relative or guardian, or another whom the patient has asked for
	Interpreter
	Specialist
	Nurse
	GP
	Coordinator
	Administrator
	DataProtection // the data protection officer: sees who has seen what, and nothing else
	Machine        // another system, with its own key
	roleCount
)

var roleNames = [roleCount]string{
	Patient: "patient", Relative: "relative", Interpreter: "interpreter", Specialist: "specialist", Nurse: "nurse", GP: "gp",
	Coordinator: "coordinator", Administrator: "administrator", DataProtection: "data-protection", Machine: "machine",
}

// Roles returns every role.
func Roles() []Role {
	out := make([]Role, 0, roleCount-1)
	for r := Role(1); r < roleCount; r++ {
		out = append(out, r)
	}
	return out
}

func (r Role) String() string {
	if r == 0 || r >= roleCount {
		return "nobody"
	}
	return roleNames[r]
}

// Clinician says whether the role treats patients.
func (r Role) Clinician() bool { return r == Specialist || r == Nurse || r == GP }

// Staff says whether someone in the role has an account, and not only a link.
func (r Role) Staff() bool {
	return r.Clinician() || r == Coordinator || r == Administrator || r == DataProtection
}

// ParseRole reads a role's name.
func ParseRole(name string) (Role, error) {
	for r := Role(1); r < roleCount; r++ {
		if roleNames[r] == name {
			return r, nil
		}
	}
	return 0, fmt.Errorf("%q is not a role", name)
}

// MarshalText writes the role's name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the role's name.
func (r *Role) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRole(string(text))
	return err
}
