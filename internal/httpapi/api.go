package httpapi

import "github.com/samkonsult/samkonsult/signaling/protocol"

// OpenLink is the body of POST /api/v1/link, /link/again and /enrolment.
type OpenLink struct {
	Token string `json:"token"` // what stands after # in the link: 22 characters of base64url
}

// Opened is the greeting of a consultation that one has a seat in. It names no health matter.
type Opened struct {
	Me           Me                    `json:"me"`
	State        string                `json:"state"` // the appointment's: "proposed" and "pending" have no time yet
	Consultation protocol.Consultation `json:"consultation"`
	OpensAt      int64                 `json:"opensAt"`      // from when the waiting room takes people in; ms since 1970, UTC
	AdmitsItself bool                  `json:"admitsItself"` // true: joining leads into the call, past the waiting room
	May          []protocol.Permission `json:"may"`
	// SeesRecord says that who has seen what about the patient is open to them: GET /api/v1/seen.
	SeesRecord bool `json:"seesRecord,omitempty"`
	// Patient is whom the consultation is about, where what is measured of them is open to the
	// session now: GET /api/v1/patients/{id}/measurements. Left out: there is no panel.
	Patient string `json:"patient,omitempty"`
	Now     int64  `json:"now"` // the server's clock, ms since 1970, UTC
}

// Me is the one whom it greets.
type Me struct {
	ID           string        `json:"id"` // in the call: the participant id
	Name         string        `json:"name"`
	Role         protocol.Role `json:"role"`
	Title        string        `json:"title"`        // in plain words: "Overlege", "Koordinator"
	Organisation string        `json:"organisation"` // empty for patients and relatives
	Language     Language      `json:"language"`     // the one to start with; the page may know a better one
}

// Language is a language that the page is written in (BCP 47).
type Language string

// The languages, the first one written first.
const (
	Nynorsk Language = "nn"
	Bokmaal Language = "nb"
	English Language = "en"
)

// Visit is one consultation in the day's list.
type Visit struct {
	ID     string            `json:"id"`
	Starts int64             `json:"starts"` // ms since 1970, UTC
	Ends   int64             `json:"ends"`
	State  VisitState        `json:"state"`
	People []protocol.Person `json:"people"`
	Here   int               `json:"here"` // how many are in the call or in its waiting room now
}

// VisitState says how far a consultation has come.
type VisitState string

// The states, in the order in which a visit goes.
const (
	VisitPlanned VisitState = "planned" // not open yet
	VisitOpen    VisitState = "open"    // the waiting room is open and nobody is in it
	VisitRunning VisitState = "running" // someone is there
	VisitEnded   VisitState = "ended"
)

// Ticket is the answer to POST /api/v1/tickets: it opens one websocket connection, once.
type Ticket struct {
	Ticket    string `json:"ticket"`
	ExpiresAt int64  `json:"expiresAt"` // ms since 1970, UTC; 60 s from now
}

// Problem is every error answer (RFC 9457 §3), as application/problem+json.
type Problem struct {
	Type   string      `json:"type"`   // "about:blank": Code tells the kind (RFC 9457 §4.2.1)
	Title  string      `json:"title"`  // in English, for developers; the page has its own words by code
	Status int         `json:"status"` // the HTTP status
	Code   ProblemCode `json:"code"`
	Field  string      `json:"field,omitempty"` // which field of the body broke a rule
	Rule   string      `json:"rule,omitempty"`  // which rule
	// Errors are all that was found, where more than one field may be wrong; the first is Field and Rule.
	Errors []Fault `json:"errors,omitempty"`
	// Organisation and Phone say whom to ring. They are given only where the link was
	// once a good one.
	Organisation string `json:"organisation,omitempty"`
	Phone        string `json:"phone,omitempty"`
	// RetryAfter is how long to wait before the next try, in ms; 0: no use, or no wait.
	RetryAfter int64 `json:"retryAfter,omitempty"`
	// Taken says who is not free, with taken.
	Taken []TakenBy `json:"taken,omitempty"`
	// TriesLeft is given with code-wrong.
	TriesLeft int `json:"triesLeft,omitempty"`
}

// Fault is one field that breaks a rule.
type Fault struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
}

// ProblemCode is a stable name of what was wrong.
type ProblemCode string

// The codes.
const (
	ProblemLinkUnknown       ProblemCode = "link-unknown"       // 404: never was one, or can't be told
	ProblemLinkExpired       ProblemCode = "link-expired"       // 410: its time is over
	ProblemLinkRevoked       ProblemCode = "link-revoked"       // 410: someone withdrew it
	ProblemConsultationEnded ProblemCode = "consultation-ended" // 410: the call was ended for all
	ProblemNotYetOpen        ProblemCode = "not-yet-open"       // 403: a ticket was asked for before the waiting room opens
	ProblemNoSeat            ProblemCode = "no-seat"            // 403: a coordinator's or administrator's link has no seat in a call
	ProblemCodeWrong         ProblemCode = "code-wrong"         // 403: a one-time code; TriesLeft
	ProblemCodeExpired       ProblemCode = "code-expired"       // 410: ask for a new one
	ProblemLocked            ProblemCode = "locked"             // 429: too many wrong tries; RetryAfter
	ProblemSignIn            ProblemCode = "sign-in"            // 401: nobody is signed in, or not far enough; always the same answer
	ProblemSignInWrong       ProblemCode = "sign-in-wrong"      // 401: e-mail, password or code; never which of them
	ProblemRefused           ProblemCode = "refused"            // 403: Rule is the action; Organisation and Phone, whom to ask
	ProblemChanged           ProblemCode = "changed"            // 412: another changed it meanwhile
	ProblemVersionNeeded     ProblemCode = "version-needed"     // 428: If-Match is missing (RFC 6585 §3)
	ProblemExists            ProblemCode = "exists"             // 409: Field says what is taken
	ProblemTaken             ProblemCode = "taken"              // 409: the time is not free any more; Taken says of whom
	ProblemUnderWay          ProblemCode = "under-way"          // 409: the same request is being carried out; RetryAfter
	ProblemBusy              ProblemCode = "busy"               // 503: RetryAfter
	ProblemInvalid           ProblemCode = "invalid"            // 400, 413, 415, 422: Field and Rule say what
	ProblemTooMany           ProblemCode = "too-many"           // 429: RetryAfter says when again
	ProblemNotFound          ProblemCode = "not-found"          // 404, 405: no such path or method
	ProblemInternal          ProblemCode = "internal"           // 500: ours; the log has more
)
