package access

import "strings"

// Relations is a set of how the one who acts stands to what is acted on.
type Relations uint16

// The relations.
const (
	Self             Relations = 1 << iota // it is oneself, or one's own
	RelativeOf                             // the patient's registered relative or guardian
	SameOrganisation                       // it belongs to the organisation one acts for; a patient: is cared for by it
	Agreement                              // a cooperation agreement in force gives one's organisation this action
	Participant                            // one has a seat in the consultation, or in one with the patient, that is open now
	Consent                                // the patient has agreed to it, and not taken it back
	Emergency                              // one has opened the patient in an emergency, with a reason, and it is not over
	Host                                   // one acts for the organisation that hosts this service
	relationEnd
)

var relationNames = []string{"self", "relative", "same-organisation", "agreement", "participant", "consent", "emergency", "host"}

// EveryRelation is all relations at once.
const EveryRelation = relationEnd - 1

// Has says whether all of want are in the set.
func (r Relations) Has(want Relations) bool { return r&want == want }

// String lists the relations' names, separated by commas; empty for none.
func (r Relations) String() string {
	var names []string
	for i, n := range relationNames {
		if r&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ",")
}
