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

// clinicalWanted are the routes of measurements.
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
	} {
		_, path, _ := strings.Cut(pattern, " /api/v1")
		r.needs = signedIn
		asked := r.query
		for of, whom := range map[object]string{olav: "olav", unknown: "nobody"} {
			r.of = of
			r.query = strings.NewReplacer("{id}", whom, "{kind}", "weight", "{measurement}", "nothing").Replace(path) + asked
			out[pattern] = append(out[pattern], r)
		}
	}
	return out
}()
