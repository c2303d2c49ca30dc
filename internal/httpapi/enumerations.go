package httpapi

import (
	"fmt"
	"reflect"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// enumerations are the types of the API's bodies that have a known set of values.
type enumerations map[reflect.Type][]string

// knownEnumerations holds all of them. A test holds them against the constants.
func knownEnumerations() enumerations {
	e := enumerations{}
	enumerate(e, StageCode, StageRole, StageFull)
	enumerate(e, Nynorsk, Bokmaal, English)
	enumerate(e, VisitPlanned, VisitOpen, VisitRunning, VisitEnded)
	enumerate(e, KindHospital, KindMunicipality, KindGP)
	enumerate(e, GrantBook, GrantSee, GrantDocument)
	enumerate(e, IdentifyLink, IdentifyCode, IdentifyRecognised)
	enumerate(e, AccountNone, AccountInvited, AccountActive, AccountLocked, AccountEnded)
	enumerate(e, ProblemLinkUnknown, ProblemLinkExpired, ProblemLinkRevoked, ProblemConsultationEnded,
		ProblemNotYetOpen, ProblemNoSeat, ProblemCodeWrong, ProblemCodeExpired, ProblemLocked, ProblemSignIn,
		ProblemSignInWrong, ProblemRefused, ProblemChanged, ProblemVersionNeeded, ProblemExists, ProblemTaken, ProblemUnderWay,
		ProblemBusy, ProblemInvalid, ProblemTooMany, ProblemNotFound, ProblemInternal)
	enumerate(e, access.Roles()...)
	enumerate(e, access.Actions()...)
	enumerate(e, protocol.RoleSpecialist, protocol.RoleNurse, protocol.RoleGP, protocol.RolePatient,
		protocol.RoleRelative, protocol.RoleInterpreter)
	enumerate(e, protocol.MayAdmit, protocol.MayMute, protocol.MayRemove, protocol.MayLock, protocol.MayEnd,
		protocol.MaySecond, protocol.MayChat, protocol.MayConfirm, protocol.MaySee, protocol.MaySeeWounds, protocol.MayMeasure, protocol.MayAsk, protocol.MayDraw, protocol.MayReadPlan, protocol.MayWritePlan)
	return e
}

func enumerate[T any](into enumerations, values ...T) {
	t := reflect.TypeFor[T]()
	for _, v := range values {
		into[t] = append(into[t], fmt.Sprint(v))
	}
}

// enumName is a type's name in the API's description. The call's own types have names
// that others have too.
func enumName(t reflect.Type) string {
	if t.PkgPath() == reflect.TypeFor[protocol.Role]().PkgPath() {
		return "Call" + t.Name()
	}
	return t.Name()
}
