package httpapi

import "github.com/samkonsult/samkonsult/internal/access"

// Bodies about signing in. A session lives in a host-only, HttpOnly cookie. Staff have one
// in the browser; a link makes one of its own beside it, whose name ends with Handle, so
// that several people's links can be open in one browser. The page says in the header
// Samkonsult-Session which it speaks for; without the header it is the staff's.

// SessionHeader names the session that a request is for, by its handle.
const SessionHeader = "Samkonsult-Session"

// Session is who is signed in.
type Session struct {
	Handle string       `json:"handle" doc:"empty for an account's session"`
	Stage  SessionStage `json:"stage"`
	Person SignedIn     `json:"person"`
	Act    *Act         `json:"act" doc:"what the person acts as; null before it is chosen"`
	Acts   []Act        `json:"acts" doc:"what an account's person may choose between"`
	// May is what the role allows at all, to hide buttons by. The server asks the table itself.
	May       []access.Action `json:"may"`
	ExpiresAt int64           `json:"expiresAt" doc:"when it ends if nothing is done meanwhile; ms since 1970, UTC"`
	Language  Language        `json:"language"`
}

// SignedIn is the person of a session.
type SignedIn struct {
	ID   access.PersonID `json:"id"`
	Name string          `json:"name"`
}

// SessionStage says how far signing in has come.
type SessionStage string

// The stages, in order.
const (
	StageCode SessionStage = "code" // the password was right, the second factor is asked for
	StageRole SessionStage = "role" // organisation and role are to be chosen
	StageFull SessionStage = "full"
)

// Act is an organisation and role that someone acts in.
type Act struct {
	Assignment       string                `json:"assignment" doc:"id; empty for patients and others by link"`
	Organisation     access.OrganisationID `json:"organisation"`
	OrganisationName string                `json:"organisationName"`
	Unit             string                `json:"unit" doc:"its name; may be empty"`
	Role             access.Role           `json:"role"`
	Title            string                `json:"title"`
}

// SignIn is the body of POST /api/v1/session.
type SignIn struct {
	Email    string `json:"email" minLength:"3" maxLength:"254"`
	Password string `json:"password" minLength:"1" maxLength:"256"`
}

// SecondFactor is the body of POST /api/v1/session/code.
type SecondFactor struct {
	Code string `json:"code" pattern:"^[0-9]{6}$" patternDescription:"six digits"`
}

// ChooseRole is the body of POST /api/v1/session/role.
type ChooseRole struct {
	Assignment string `json:"assignment" minLength:"1" maxLength:"64"`
}

// Sessions is the answer to GET /api/v1/sessions: where one is signed in.
type Sessions struct {
	Items []SessionPlace `json:"items"`
}

// SessionPlace is one of them.
type SessionPlace struct {
	ID       string `json:"id"`
	Here     bool   `json:"here" doc:"it is the one that asks"`
	Device   string `json:"device" doc:"browser and system in words: Firefox på Windows"`
	Act      *Act   `json:"act"`
	SignedIn int64  `json:"signedIn" doc:"ms since 1970, UTC"`
	LastSeen int64  `json:"lastSeen" doc:"to the minute or so; ms since 1970, UTC"`
}

// Enrolment is the answer to POST /api/v1/enrolment: an administrator's link, opened, that
// leads to a new password and second factor.
type Enrolment struct {
	Name  string `json:"name"`
	Email string `json:"email" doc:"what to sign in with"`
	// Secret and URI are for the authenticator app (RFC 6238; key URI format).
	Secret string `json:"secret" doc:"base32"`
	URI    string `json:"uri" doc:"otpauth://totp/…, shown as a QR code"`
}

// FinishEnrolment is the body of POST /api/v1/enrolment/finish. The session that answers is full.
type FinishEnrolment struct {
	Token    string `json:"token" doc:"of the link" minLength:"22" maxLength:"22"`
	Password string `json:"password" minLength:"12" maxLength:"256"`
	Code     string `json:"code" pattern:"^[0-9]{6}$" patternDescription:"six digits"`
}

// LinkAnswer is the answer to POST /api/v1/link. Exactly one of Opened and Code is set.
type LinkAnswer struct {
	Handle string      `json:"handle" doc:"of the session that the link has made; empty while a code is asked for"`
	Opened *Opened     `json:"opened"`
	Code   *CodeNeeded `json:"code"`
	// SignedIn: the link is an account's (in a demo only): the staff session is made, go to /.
	SignedIn bool `json:"signedIn"`
}

// CodeNeeded says that a one-time code has been sent, and where. It tells nothing else of
// the link's person.
type CodeNeeded struct {
	Channel   string `json:"channel" enum:"sms,email"`
	Hint      string `json:"hint" doc:"the address's end: ••• •• 412"`
	ExpiresAt int64  `json:"expiresAt" doc:"ms since 1970, UTC"`
	TriesLeft int    `json:"triesLeft"`
	// Organisation and Phone say whom to ring.
	Organisation string `json:"organisation"`
	Phone        string `json:"phone"`
}

// LinkCode is the body of POST /api/v1/link/code; its answer is a LinkAnswer.
type LinkCode struct {
	Token string `json:"token" minLength:"22" maxLength:"22"`
	Code  string `json:"code" pattern:"^[0-9]{6}$" patternDescription:"six digits"`
}

// AskTicket is the body of POST /api/v1/tickets: a ticket for the session's seat there.
type AskTicket struct {
	Consultation string `json:"consultation" minLength:"1" maxLength:"64"`
}

// Day is the answer to GET /api/v1/day: the own organisation's consultations of a day, by time.
type Day struct {
	Items []DayVisit `json:"items"`
	Now   int64      `json:"now" doc:"the server's clock, ms since 1970, UTC"`
}

// DayVisit is a consultation in it.
type DayVisit struct {
	Visit
	Seat string `json:"seat" doc:"the participant id of whoever asks, who joins by it; empty: has no seat there"`
}

// NewLink is the answer to POST /api/v1/consultations/{consultation}/people/{participant}/link.
type NewLink struct {
	Channel string `json:"channel" enum:"sms,email" doc:"how it was sent"`
	Hint    string `json:"hint" doc:"the address's end"`
}
