package httpapi

import (
	"net/http"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
)

// What is measured. Machines come to it by FHIR.
const (
	aWeight  = `{"consultation":"","items":[{"key":"{email}","kind":"weight","values":[81.4],"measuredAt":1795420000000,"method":"manual","deviceName":"","model":"","deviceId":"","site":"","position":"","note":""}]}`
	noLimits = `{"kinds":[],"scaleTwo":false}`
	isWrong  = `{"wrong":true,"values":[],"reason":""}`
)

// clinicalWanted are the routes of measurements, and of the own plan.
var clinicalWanted = func() map[string][]route {
	out := map[string][]route{
		"GET /api/v1/kinds": {{needs: signedIn, done: ok}},
	}
	for pattern, r := range map[string]route{
		"GET /api/v1/patients/{id}/measurements":               {actions: actions(access.ObservationRead), done: ok},
		"POST /api/v1/patients/{id}/measurements":              {actions: actions(access.ObservationWrite), done: ok, body: aWeight},
		"PUT /api/v1/patients/{id}/measurements/{measurement}": {actions: actions(access.ObservationWrite), done: []int{http.StatusNotFound}, body: isWrong},
		"GET /api/v1/patients/{id}/measurements/{kind}/trend":  {query: "?from=1795000000000&until=1795500000000", actions: actions(access.ObservationRead), done: ok},
		"GET /api/v1/patients/{id}/measurements/{kind}/values": {actions: actions(access.ObservationRead), done: ok},
		"GET /api/v1/patients/{id}/limits":                     {actions: actions(access.ObservationRead), done: ok},
		"PUT /api/v1/patients/{id}/limits":                     {actions: actions(access.LimitWrite), done: late, body: noLimits},
		"GET /api/v1/patients/{id}/sharing":                    {actions: actions(access.SharingRead), done: ok},
		"PUT /api/v1/patients/{id}/sharing":                    {actions: actions(access.SharingWrite), done: late, body: `{"rules":[]}`},

		"GET /api/v1/patients/{id}/plan":                                   {actions: actions(access.PlanRead), done: ok},
		"PUT /api/v1/patients/{id}/plan/fields/{field}":                    {actions: actions(access.PlanWrite), done: []int{http.StatusUnprocessableEntity}, body: `{"text":"Som vanleg."}`},
		"DELETE /api/v1/patients/{id}/plan/fields/{field}/beside/{beside}": {actions: actions(access.PlanWrite), done: []int{http.StatusNotFound}},
		"PUT /api/v1/patients/{id}/plan/limits":                            {actions: actions(access.LimitWrite), done: late, body: `{"kinds":[]}`},
		"POST /api/v1/patients/{id}/plan/approval":                         {actions: actions(access.PlanApprove), done: []int{http.StatusNotFound}, body: `{"version":1,"revision":1}`},
	} {
		_, path, _ := strings.Cut(pattern, " /api/v1")
		r.needs = signedIn
		asked := r.query
		for of, whom := range map[object]string{olav: "olav", unknown: "nobody"} {
			r.of = of
			r.query = strings.NewReplacer("{id}", whom, "{kind}", "weight", "{measurement}", "nothing", "{field}", "green", "{beside}", "nothing").Replace(path) + asked
			out[pattern] = append(out[pattern], r)
		}
	}
	return out
}()
