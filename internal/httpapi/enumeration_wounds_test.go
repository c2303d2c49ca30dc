package httpapi

import (
	"net/http"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
)

const (
	aWound      = `{"key":"{email}","site":"utsida av venstre legg","side":"left","since":0}`
	woundsEnd   = `{"site":"legg","side":"left","since":0,"status":"closed","reason":""}`
	assessed    = `"photo":"","at":1795420000000,"length":4.2,"width":2.8,"depth":null,"area":null,"areaMethod":"ellipse","tissue":null,"infection":[],"moisture":"","edge":"","skin":"","pain":3,"dressing":"","note":""`
	anOutline   = `{"key":"k","shape":"outline","colour":"blue","points":[0.1,0.1,0.2,0.1,0.2,0.2],"note":""}`
	photosWound = `{"wound":"","status":"final","reason":"","scale":null}`
)

// woundsWanted are the routes of wounds and photos.
var woundsWanted = func() map[string][]route {
	out := map[string][]route{}
	missing := []int{http.StatusNotFound}
	for pattern, r := range map[string]route{
		"GET /api/v1/patients/{id}/wounds":                                              {actions: actions(access.WoundRead), done: ok},
		"POST /api/v1/patients/{id}/wounds":                                             {actions: actions(access.WoundWrite), done: made, body: aWound},
		"GET /api/v1/patients/{id}/wounds/{wound}":                                      {actions: actions(access.WoundRead), done: missing},
		"PUT /api/v1/patients/{id}/wounds/{wound}":                                      {actions: actions(access.WoundWrite), done: missing, body: woundsEnd},
		"POST /api/v1/patients/{id}/wounds/{wound}/assessments":                         {actions: actions(access.WoundWrite), done: missing, body: `{"key":"k","consultation":"",` + assessed + `}`},
		"POST /api/v1/patients/{id}/wounds/{wound}/assessments/{assessment}/correction": {actions: actions(access.WoundWrite), done: missing, body: `{"version":1,"wrong":true,"content":null,"reason":""}`},
		"POST /api/v1/patients/{id}/photos":                                             {query: "?key=k&source=still&takenAt=1795420000000", actions: actions(access.PhotoSend), done: []int{http.StatusUnprocessableEntity}},
		"PUT /api/v1/patients/{id}/photos/{photo}":                                      {actions: actions(access.WoundWrite), done: missing, body: photosWound},
		"POST /api/v1/patients/{id}/photos/{photo}/drawings":                            {actions: actions(access.WoundWrite), done: missing, body: anOutline},
		"DELETE /api/v1/patients/{id}/photos/{photo}/drawings/{drawing}":                {actions: actions(access.WoundWrite), done: missing},
		"GET /api/v1/patients/{id}/photos/{photo}/image":                                {actions: actions(access.WoundRead), done: missing},
		"GET /api/v1/patients/{id}/photos/{photo}/thumbnail":                            {actions: actions(access.WoundRead), done: missing},
	} {
		_, path, _ := strings.Cut(pattern, " /api/v1")
		r.needs = signedIn
		asked := r.query
		for of, whom := range map[object]string{olav: "olav", unknown: "nobody"} {
			r.of = of
			r.query = strings.NewReplacer("{id}", whom, "{wound}", "nothing", "{assessment}", "nothing", "{photo}", "nothing", "{drawing}", "nothing").Replace(path) + asked
			out[pattern] = append(out[pattern], r)
		}
	}
	return out
}()
