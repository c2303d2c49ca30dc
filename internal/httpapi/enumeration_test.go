package httpapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// route is what the table of access demands for one try of a pattern.
type route struct {
	query string // what stands after the pattern's path, its parts filled in
	body  string // "{own}" is the caller's organisation
	needs need
	// actions open it, one is enough; none: what needs says is all.
	actions []access.Action
	of      object        // what it is done to
	machine bool          // machines with the first action as scope may, too
	scope   access.Action // theirs, where no action is asked for
	done    []int         // statuses for who may; a change of version 999 comes too late for them
	ends    bool          // it ends sessions: each caller begins one for it
	form    int           // what everybody gets who is let in, for its form is wrong on purpose; 0: it is not
}

// object is what something is done to; each caller stands to it in their own way.
type object string

const (
	oneself     object = "oneself"      // sessions
	ownRecord   object = "own record"   // who has seen what about oneself, or the patient of one's link
	ownHouse    object = "own house"    // the organisation that one acts for
	newHouse    object = "new house"    // an organisation that is not there yet
	olav        object = "olav"         // a patient of Fjordvik
	unknown     object = "unknown"      // a patient who is not there
	municipal   object = "fjordvik"     // Fjordvik, those who work there and their machines
	pairing     object = "pair"         // the agreement and community of hospital and Fjordvik
	foreignPair object = "foreign pair" // an agreement of Langvik and Vestvik
	call        object = "c1"
	idasLink    object = "c1/olav"
)

const (
	personBody = `"phone":"","email":"","language":"nn"`
	olavBody   = `{"name":"Olav","nationalId":"` + olavsNumber + `",` + personBody + `,"caredForBy":["fjordvik"],"relatives":[],"consents":[]}`
	newBody    = `{"name":"Siv","nationalId":"",` + personBody + `,"caredForBy":["{own}"],"relatives":[],"consents":[]}`
	houseBody  = `{"kind":"gp","name":"Legekontoret","number":"","phone":"+4757000009","active":true,"contacts":[]}`
	wardBody   = `{"name":"Sør","phone":"","active":true,"contact":"mari","deputy":""}`
	groupBody  = `{"name":"Helsefellesskapet","members":["hospital","fjordvik"]}`
	termsBody  = `"from":"2026-01-01","until":"","grants":[],"policy":{"identification":"code","shares":[],"retentionDays":90},"papers":[]}`
	staffBody  = `{"name":"Ny","email":"{email}","phone":"","hpr":"","language":"nn","assignments":[{"id":"","organisation":"fjordvik","unit":"","role":"nurse","title":"Sjukepleiar","competence":"","from":"2026-01-01","until":""}]}`
	tolkBody   = `{"name":"Ewa","phone":"","email":"ewa@tolk.example","language":"en","speaks":["pl"],"active":true}`
	ehrBody    = `{"name":"Journal","organisation":"fjordvik","keys":"{}","scopes":["patient.read"],"active":true}`
)

// what a good answer is: ok; made; late, for a version that is none; none, for what can't
// succeed as it is tried, so that nobody gets in.
var (
	ok   = []int{http.StatusOK}
	made = []int{http.StatusCreated}
	gone = []int{http.StatusNoContent}
	late = []int{http.StatusPreconditionFailed}
	none = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests}
)

func actions(all ...access.Action) []access.Action { return all }

// routesWanted names every pattern of the router, with what is tried of it.
var routesWanted = map[string][]route{
	// Signing in is open to all, and opens nothing to who has nothing to sign in by.
	"POST /api/v1/session":          {{needs: anybody, done: none, body: `{"email":"mari@example.no","password":"wrong password"}`}},
	"POST /api/v1/session/code":     {{needs: begun, done: none, body: `{"code":"000000"}`}},
	"POST /api/v1/session/role":     {{needs: begun, done: none, body: `{"assignment":"nobodys"}`}},
	"GET /api/v1/session":           {{needs: begun, done: ok}},
	"DELETE /api/v1/session":        {{needs: begun, done: gone, ends: true}},
	"GET /api/v1/sessions":          {{needs: signedIn, actions: actions(access.SessionRead), of: oneself, done: ok}},
	"DELETE /api/v1/sessions/{id}":  {{query: "/sessions/another", needs: signedIn, actions: actions(access.SessionEnd), of: oneself, done: []int{204, 404}}},
	"DELETE /api/v1/sessions":       {{needs: signedIn, actions: actions(access.SessionEnd), of: oneself, done: gone, ends: true}},
	"POST /api/v1/enrolment":        {{needs: anybody, done: none, body: `{"token":"AAAAAAAAAAAAAAAAAAAAAA"}`}},
	"POST /api/v1/enrolment/finish": {{needs: anybody, done: none, body: `{"token":"AAAAAAAAAAAAAAAAAAAAAA","password":"a long password","code":"000000"}`}},
	"POST /api/v1/link":             {{needs: anybody, done: none, body: `{"token":"AAAAAAAAAAAAAAAAAAAAAA"}`}},
	"POST /api/v1/link/code":        {{needs: anybody, done: none, body: `{"token":"AAAAAAAAAAAAAAAAAAAAAA","code":"000000"}`}},
	"POST /api/v1/link/again":       {{needs: anybody, done: none, body: `{"token":"AAAAAAAAAAAAAAAAAAAAAA"}`}},
	"POST /api/v1/token":            {{needs: anybody, done: []int{http.StatusUnsupportedMediaType}, body: `{}`}},
	"GET /api/v1/machines":          {{query: "?organisation=fjordvik", needs: signedIn, actions: actions(access.MachineWrite), of: municipal, done: ok}},
	"POST /api/v1/machines":         {{needs: signedIn, actions: actions(access.MachineWrite), of: municipal, done: []int{422}, body: ehrBody}},
	"GET /api/v1/machines/{id}":     {{query: "/machines/{machine}", needs: signedIn, actions: actions(access.MachineWrite), of: municipal, done: ok}},
	"PUT /api/v1/machines/{id}":     {{query: "/machines/{machine}", needs: signedIn, actions: actions(access.MachineWrite), of: municipal, done: []int{412, 422}, body: ehrBody}},
	"POST /api/v1/staff/{id}/enrolment": {
		{query: "/staff/mari/enrolment", needs: signedIn, actions: actions(access.AccountRecover), of: municipal, done: ok},
		{query: "/staff/nobody/enrolment", needs: signedIn, actions: actions(access.AccountRecover), of: unknown, done: ok},
	},

	"GET /api/v1/organisations":                   {{needs: signedIn, actions: actions(access.OrganisationRead), of: ownHouse, machine: true, done: ok}},
	"GET /api/v1/organisations/{id}":              {{query: "/organisations/fjordvik", needs: signedIn, actions: actions(access.OrganisationRead), of: municipal, machine: true, done: ok}},
	"POST /api/v1/organisations":                  {{needs: signedIn, actions: actions(access.OrganisationCreate), of: newHouse, done: made, body: houseBody}},
	"PUT /api/v1/organisations/{id}":              {{query: "/organisations/fjordvik", needs: signedIn, actions: actions(access.OrganisationWrite), of: municipal, done: late, body: strings.Replace(houseBody, "gp", "municipality", 1)}},
	"POST /api/v1/organisations/{id}/units":       {{query: "/organisations/fjordvik/units", needs: signedIn, actions: actions(access.OrganisationWrite), of: municipal, done: made, body: wardBody}},
	"PUT /api/v1/organisations/{id}/units/{unit}": {{query: "/organisations/fjordvik/units/north", needs: signedIn, actions: actions(access.OrganisationWrite), of: municipal, done: late, body: wardBody}},
	"GET /api/v1/communities":                     {{needs: signedIn, actions: actions(access.OrganisationRead), of: ownHouse, done: ok}},
	"GET /api/v1/communities/{id}":                {{query: "/communities/fjord", needs: signedIn, actions: actions(access.OrganisationRead), of: pairing, done: ok}},
	"POST /api/v1/communities":                    {{needs: signedIn, actions: actions(access.CommunityWrite), of: newHouse, done: made, body: groupBody}},
	"PUT /api/v1/communities/{id}":                {{query: "/communities/fjord", needs: signedIn, actions: actions(access.CommunityWrite), of: newHouse, done: late, body: groupBody}},
	"GET /api/v1/agreements":                      {{needs: signedIn, actions: actions(access.OrganisationRead), of: ownHouse, done: ok}},
	"GET /api/v1/agreements/{id}":                 {{query: "/agreements/pair", needs: signedIn, actions: actions(access.OrganisationRead), of: pairing, done: ok}},
	"POST /api/v1/agreements":                     {{needs: signedIn, actions: actions(access.AgreementWrite), of: foreignPair, done: []int{201, 422}, body: `{"a":"langvik","b":"vestvik",` + termsBody}},
	"PUT /api/v1/agreements/{id}":                 {{query: "/agreements/pair", needs: signedIn, actions: actions(access.AgreementWrite), of: pairing, done: late, body: `{"a":"hospital","b":"fjordvik",` + termsBody}},
	"GET /api/v1/staff":                           {{query: "?organisation=fjordvik", needs: signedIn, actions: actions(access.StaffRead), of: municipal, machine: true, done: ok}},
	"GET /api/v1/staff/{id}":                      {{query: "/staff/mari", needs: signedIn, actions: actions(access.StaffRead), of: municipal, machine: true, done: ok}},
	"POST /api/v1/staff":                          {{needs: signedIn, actions: actions(access.StaffWrite), of: municipal, done: made, body: staffBody}},
	"PUT /api/v1/staff/{id}":                      {{query: "/staff/mari", needs: signedIn, actions: actions(access.StaffWrite), of: municipal, done: late, body: strings.Replace(staffBody, "{email}", "mari@example.no", 1)}},

	"GET /api/v1/patients": {{needs: signedIn, actions: actions(access.PatientList), of: ownHouse, done: ok}},
	"POST /api/v1/patients": {
		{needs: signedIn, actions: actions(access.PatientWrite), of: ownHouse, machine: true, done: made, body: newBody},
	},
	"POST /api/v1/patients/find": {
		{needs: signedIn, actions: actions(access.PatientRead), of: olav, done: ok, body: `{"nationalId":"` + olavsNumber + `"}`},
		{needs: signedIn, actions: actions(access.PatientRead), of: unknown, done: ok, body: `{"nationalId":"15890054321"}`},
	},
	"GET /api/v1/patients/{id}": {
		{query: "/patients/olav", needs: signedIn, actions: actions(access.PatientRead), of: olav, machine: true, done: ok},
		{query: "/patients/nobody", needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, done: ok},
	},
	"PUT /api/v1/patients/{id}": {
		{query: "/patients/olav", needs: signedIn, actions: actions(access.PatientWrite, access.ConsentWrite), of: olav, machine: true, done: late, body: olavBody},
		{query: "/patients/nobody", needs: signedIn, actions: actions(access.PatientWrite, access.ConsentWrite), of: unknown, machine: true, done: late, body: olavBody},
	},
	"DELETE /api/v1/patients/{id}": {
		{query: "/patients/olav", needs: signedIn, actions: actions(access.PatientErase), of: olav, done: late},
		{query: "/patients/nobody", needs: signedIn, actions: actions(access.PatientErase), of: unknown, done: late},
	},
	"POST /api/v1/patients/{id}/emergency": {
		// Of a patient who is not there, so that nobody has the relation afterwards.
		{query: "/patients/nobody/emergency", needs: signedIn, actions: actions(access.EmergencyOpen), of: unknown, done: []int{404}, body: `{"reason":"funnen medvitslaus"}`},
	},
	"GET /api/v1/seen": {
		{needs: signedIn, actions: actions(access.SeenRead), of: ownRecord, done: ok},
		{query: "?patient=olav", needs: signedIn, actions: actions(access.SeenRead), of: olav, done: ok},
	},
	"POST /api/v1/seen/find": {
		{needs: signedIn, actions: actions(access.SeenRead), of: olav, done: ok, body: `{"nationalId":"` + olavsNumber + `"}`},
		{needs: signedIn, actions: actions(access.SeenRead), of: unknown, done: ok, body: `{"nationalId":"15890054321"}`},
	},
	"GET /api/v1/emergencies": {{needs: signedIn, actions: actions(access.SeenRead), of: ownHouse, done: ok}},
	"GET /api/v1/patients/{patient}/seen": {
		{query: "/patients/olav/seen", needs: signedIn, actions: actions(access.SeenRead), of: olav, done: ok},
		{query: "/patients/nobody/seen", needs: signedIn, actions: actions(access.SeenRead), of: unknown, done: ok},
	},
	"GET /api/v1/audit": {{query: "?from=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z", needs: signedIn, actions: actions(access.AuditExport), of: ownHouse, machine: true, done: ok}},

	"GET /api/v1/day":                                       {{needs: signedIn, actions: actions(access.ConsultationList), of: ownHouse, machine: true, done: ok}},
	"GET /api/v1/consultations/{consultation}":              {{query: "/consultations/c1", needs: signedIn, actions: actions(access.ConsultationRead), of: call, done: ok}},
	"GET /api/v1/consultations/{consultation}/calendar.ics": {{query: "/consultations/c1/calendar.ics", needs: signedIn, actions: actions(access.ConsultationRead), of: call, done: ok}},
	"POST /api/v1/tickets":                                  {{needs: signedIn, actions: actions(access.ConsultationJoin), of: call, done: ok, body: `{"consultation":"c1"}`}},
	"POST /api/v1/consultations/{consultation}/people/{participant}/link": {
		{query: "/consultations/c1/people/p-ida/link", needs: signedIn, actions: actions(access.LinkReplace), of: idasLink, done: ok},
	},
	"DELETE /api/v1/consultations/{consultation}/people/{participant}/link": {
		{query: "/consultations/c1/people/p-nobody/link", needs: signedIn, actions: actions(access.LinkRevoke), of: idasLink, done: []int{404}},
	},

	"GET /api/v1/interpreters":  {{needs: signedIn, actions: actions(access.ConsultationBook), of: ownHouse, done: ok}},
	"POST /api/v1/interpreters": {{needs: signedIn, actions: actions(access.ConsultationBook), of: ownHouse, done: made, body: tolkBody}},
	"PUT /api/v1/interpreters/{id}": {
		{query: "/interpreters/ida", needs: signedIn, actions: actions(access.ConsultationBook), of: idasLink, done: late, body: tolkBody}, // the hospital's, as is her link
		{query: "/interpreters/nobody", needs: signedIn, actions: actions(access.ConsultationBook), of: unknown, done: late, body: tolkBody},
	},
	"GET /api/v1/feeds":         {{needs: signedIn, actions: actions(access.CalendarWrite), of: oneself, done: ok}},
	"POST /api/v1/feeds":        {{needs: signedIn, actions: actions(access.CalendarWrite), of: oneself, done: []int{422}, body: `{"address":"https://10.0.0.1/kalender.ics"}`}},
	"DELETE /api/v1/feeds/{id}": {{query: "/feeds/nobodys", needs: signedIn, actions: actions(access.CalendarWrite), of: oneself, done: []int{404}}},
	"POST /api/v1/feeds/out":    {{needs: signedIn, actions: actions(access.CalendarWrite), of: oneself, done: ok}},

	// Beside the API's operations. One's calendar opens to who has its address.
	"GET /api/v1/calendars/{file}": {{query: "/calendars/aaaaaaaaaaaaaaaaaaaaaaaaaa.ics", needs: anybody, done: []int{404}}},
	// And nothing of anybody's.
	"GET /api/v1/probe":        {{query: "?bytes=1", needs: anybody, done: ok}},
	"GET /api/v1/openapi.json": {{needs: anybody, done: ok}},
	"GET /api/v1/call":         {{needs: anybody, done: []int{404}}}, // signaling's own door: a ticket is asked for in the first message
	"/api/":                    {{query: "/nothing", needs: anybody, done: []int{404}}},
	"/":                        {{query: "/../..", needs: anybody, done: []int{503, 301, 307}}},
}

// guest is one who tries, and how they stand to what they try it on.
type guest struct {
	name    string
	role    access.Role
	own     access.OrganisationID
	stage   identity.Stage
	stands  map[object]access.Relations
	scopes  []access.Action
	begin   func() []string // begins a session; nil: there is none
	headers []string
}

// acting is how staff stand to their own organisation.
func acting(more map[object]access.Relations) map[object]access.Relations {
	all := map[object]access.Relations{ownHouse: access.SameOrganisation}
	for o, r := range more {
		all[o] |= r
	}
	return all
}

// guests are every role, near and far, and those who come with less than a session.
func (w *world) guests() []*guest {
	const same, meets = access.SameOrganisation, access.Participant
	account := func(person access.PersonID, role access.Role, own access.OrganisationID, stands map[object]access.Relations) *guest {
		return &guest{name: string(person), role: role, own: own, stage: identity.StageFull, stands: acting(stands), begin: func() []string {
			return w.signsIn(person, identity.LevelSubstantial)
		}}
	}
	byLink := func(consultation string, person access.PersonID, role access.Role, stands map[object]access.Relations) *guest {
		return &guest{name: string(person) + " by link", role: role, stage: identity.StageFull, stands: stands, begin: func() []string {
			return w.opens(consultation, person, role)
		}}
	}
	machine := func(name string, of access.OrganisationID, admin access.PersonID, stands map[object]access.Relations, scopes ...access.Action) *guest {
		headers := w.connects(of, admin, scopes...)
		return &guest{name: name, role: access.Machine, own: of, stage: identity.StageFull, stands: acting(stands), scopes: scopes, headers: headers}
	}
	// Ida is invited by the hospital, whose people see to her link.
	inFjordvik := map[object]access.Relations{olav: same, municipal: same, pairing: same, call: same}
	inHospital := map[object]access.Relations{
		ownHouse: access.Host, newHouse: access.Host, foreignPair: access.Host,
		olav: access.Agreement, municipal: access.Agreement | access.Host, pairing: same | access.Host, call: same, booking: same, idasLink: same,
	}
	inLangvik := map[object]access.Relations{foreignPair: same}
	inVestvik := map[object]access.Relations{foreignPair: same, call: access.Agreement, booking: access.Agreement}
	and := func(of map[object]access.Relations, more map[object]access.Relations) map[object]access.Relations {
		all := map[object]access.Relations{}
		for _, m := range []map[object]access.Relations{of, more} {
			for o, r := range m {
				all[o] |= r
			}
		}
		return all
	}
	inTheCall := map[object]access.Relations{call: meets, place: meets, olav: meets, idasLink: meets}
	everyScope := slices.DeleteFunc(access.Actions(), func(a access.Action) bool { return len(access.Ways(access.Machine, a)) == 0 })

	ended := w.signsIn("mari", identity.LevelSubstantial)
	if res := w.asks("DELETE", "/session", "", ended...); res.StatusCode != http.StatusNoContent {
		w.t.Fatalf("sign out: status %d", res.StatusCode)
	}
	all := []*guest{
		{name: "nobody"},
		{name: "a forged session", headers: []string{"Cookie", "sk=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
		{name: "an ended session", headers: ended},
		{name: "a forged token", headers: []string{"Authorization", "Bearer AQAAAAAAAAAAAAAAAAAAAAAA"}},
		{name: "mari before her code", stage: identity.StageCode, begin: func() []string { return w.signsIn("mari", identity.LevelLow) }},
		{name: "vera before her role", stage: identity.StageRole, begin: func() []string { return w.signsIn("vera", identity.LevelSubstantial) }},

		byLink("c1", "olav", access.Patient, map[object]access.Relations{ownRecord: access.Self, olav: access.Self | meets, call: meets, place: meets, invite: meets}),
		byLink("c1", "ragna", access.Relative, map[object]access.Relations{ownRecord: access.RelativeOf | access.Consent | meets, olav: access.RelativeOf | access.Consent | meets, call: meets, place: meets, invite: meets}),
		byLink("c1", "tor", access.Interpreter, map[object]access.Relations{olav: meets, call: meets, place: meets, invite: meets}),
		// Of another consultation.
		byLink("c2", "kari", access.Patient, map[object]access.Relations{ownRecord: access.Self, invite: meets}),
		byLink("c2", "knut", access.Relative, map[object]access.Relations{olav: access.RelativeOf, invite: meets}),

		account("tuva", access.Specialist, hospital, and(inHospital, inTheCall)),
		account("hans", access.Administrator, hospital, inHospital),
		account("sol", access.Coordinator, hospital, inHospital),
		account("mari", access.Nurse, fjordvik, and(inFjordvik, inTheCall)),
		account("per", access.GP, fjordvik, and(inFjordvik, inTheCall)),
		account("siv", access.Coordinator, fjordvik, inFjordvik),
		account("jon", access.Administrator, fjordvik, inFjordvik),
		account("eva", access.DataProtection, fjordvik, inFjordvik),
		account("lars", access.Nurse, langvik, inLangvik),
		account("lise", access.Coordinator, langvik, inLangvik),
		account("leif", access.Administrator, langvik, inLangvik),
		account("lotte", access.DataProtection, langvik, inLangvik),
		// Vestvik acts for the hospital, which invites to c1: who coordinates there books for it, and reads of it.
		account("vigdis", access.Coordinator, "vestvik", inVestvik),
		account("vidar", access.Nurse, "vestvik", inVestvik),

		machine("a machine with every scope", fjordvik, "jon", inFjordvik, everyScope...),
		machine("a machine with one scope", fjordvik, "jon", inFjordvik, access.StaffRead),
		machine("a foreign machine", langvik, "leif", inLangvik, everyScope...),
	}
	for _, g := range all {
		if g.begin != nil {
			g.headers = g.begin()
		}
	}
	return all
}

// may says what the table gives: nothing is asked of the server.
func (g *guest) may(r route) bool {
	if r.needs == anybody {
		return true
	}
	if g.role == access.Machine {
		scope := r.scope
		if len(r.actions) > 0 {
			scope = r.actions[0]
		}
		if !r.machine || !slices.Contains(g.scopes, scope) {
			return false
		}
	}
	if len(r.actions) == 0 {
		return true
	}
	has := g.stands[r.of]
	if r.of == oneself {
		has = access.Self
	}
	for _, action := range r.actions {
		if access.Decide(g.role, action, has).Allowed {
			return true
		}
	}
	return false
}

// known says whether somebody is signed in far enough.
func (g *guest) known(r route) bool {
	return r.needs == anybody || g.stage == identity.StageFull || r.needs == begun && g.stage != ""
}

func TestEveryRouteIsOpenToWhomTheTableGivesItAndToNobodyElse(t *testing.T) {
	w := newWorld(t)
	for _, pattern := range w.routes.patterns {
		if routesWanted[pattern] == nil && clinicalWanted[pattern] == nil && questionsWanted[pattern] == nil && woundsWanted[pattern] == nil && bookingWanted[pattern] == nil && fhirWanted[pattern] == nil && fhirClinicalWanted[pattern] == nil {
			t.Errorf("%s is served, and the test doesn't say to whom it is open", pattern)
		}
	}
	wanted := maps.Clone(routesWanted)
	maps.Copy(wanted, clinicalWanted)
	maps.Copy(wanted, bookingWanted)
	maps.Copy(wanted, questionsWanted)
	maps.Copy(wanted, woundsWanted)
	for pattern := range wanted {
		if !slices.Contains(w.routes.patterns, pattern) {
			t.Errorf("%s is in the test, and is not served", pattern)
		}
	}
	ehr, err := w.gate.SaveMachine(t.Context(), access.Actor{Person: "jon", Role: access.Administrator, Organisation: fjordvik}, machineOfFjordvik(t))
	w.must(err)
	w.over()
	guests := w.guests()
	for _, pattern := range w.routes.patterns {
		w.now = w.now.Add(time.Second) // each may ask so often, and no oftener
		w.must(w.gate.Refresh(t.Context()))
		for _, r := range wanted[pattern] {
			r.query = strings.ReplaceAll(r.query, "{machine}", ehr.ID)
			for _, g := range guests {
				w.tries(g, pattern, r)
			}
		}
	}
}

func TestStaffComeByTheirAccountAndNeverByALink(t *testing.T) {
	w := newWorld(t)
	p := problemIn(t, w.asks("POST", "/consultations/c1/people/p-per/link", "", w.signsIn("sol", identity.LevelSubstantial)...))
	if p.Status != http.StatusUnprocessableEntity || p.Field != "participant" {
		t.Errorf("the coordinator sends a GP a link: %+v", p)
	}
}

// tries lets a guest ask, and compares the answer with what the table gives.
func (w *world) tries(g *guest, pattern string, r route) {
	w.t.Helper()
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = "GET", pattern
	}
	path = strings.TrimPrefix(path, "/api/v1")
	stranger, refusal := notSignedIn, `"refused"`
	if strings.HasPrefix(path, "/fhir") {
		stranger, refusal = strangerToFHIR, `"forbidden"`
	}
	if i := strings.IndexAny(path, "{"); i >= 0 || strings.HasPrefix(r.query, "/") {
		path = ""
	}
	headers := g.headers
	if r.ends && g.begin != nil {
		defer func() { g.headers = g.begin() }()
	}
	if method == "PUT" || method == "DELETE" {
		headers = append(slices.Clone(headers), "If-Match", `"999"`)
	}
	own := g.own
	if own == "" {
		own = fjordvik
	}
	email := strings.NewReplacer(" ", "-").Replace(g.name) + "@new.example.no"
	body := strings.NewReplacer("{own}", string(own), "{email}", email).Replace(r.body)
	res := w.asks(method, path+r.query, body, headers...)
	answer := bodyOf(w.t, res)
	where := g.name + ": " + method + " " + path + r.query
	switch {
	case !g.known(r):
		if res.StatusCode != http.StatusUnauthorized || answer != stranger {
			w.t.Errorf("%s: status %d, want the one answer to who is not signed in; %s", where, res.StatusCode, answer)
		}
	case g.may(r):
		// Who may know of a consultation and has no seat in it is told so.
		seatless := r.of == call && g.stands[call]&access.Participant == 0 && strings.Contains(answer, `"no-seat"`)
		if !slices.Contains(r.done, res.StatusCode) && !seatless {
			w.t.Errorf("%s: status %d, and the table gives it; %s", where, res.StatusCode, answer)
		}
	case r.form != 0 && res.StatusCode == r.form:
	default:
		if res.StatusCode != http.StatusForbidden || !strings.Contains(answer, refusal) && !strings.Contains(answer, `"no-seat"`) {
			w.t.Errorf("%s: status %d, and the table doesn't give it; %s", where, res.StatusCode, answer)
		}
	}
}

const notSignedIn = `{"type":"about:blank","title":"sign in first","status":401,"code":"sign-in"}` + "\n"
