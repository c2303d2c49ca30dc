package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// deed is one thing that a worker does, and that is acknowledged or not.
type deed struct {
	Patient access.PersonID
	No      int
	Kind    string
}

func (d deed) id() string { return fmt.Sprintf("%s-%d", d.Patient, d.No) }

// deedKind is what a deed of a name does to the store, and then to the facts.
type deedKind struct {
	name  string
	often int // against the others
	may   func(facts) bool
	do    func(ctx context.Context, db *DB, s story, d deed) (result string, err error)
	then  func(s story, d deed, result string)
}

// errWrong marks what the service itself finds that must not be.
var errWrong = errors.New("must not be")

func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errWrong}, args...)...)
}

// The organisations that care for every patient.
const (
	crashHospital     = "hospital"
	crashMunicipality = "municipality"
)

// entries are the deed's own one, found again by its session.
func (d deed) entries(action string) []audit.Entry {
	e := audit.New(time.Now(), access.Actor{Person: "nurse", Role: access.Nurse, Organisation: crashMunicipality, Session: d.id()}, action, audit.Done)
	e.By, e.Patient, e.Object = access.SameOrganisation, d.Patient, "patient/"+string(d.Patient)
	return []audit.Entry{e}
}

func (d deed) message(to access.PersonID) []notify.Message {
	return []notify.Message{{
		ID: d.id(), To: to, Channel: notify.SMS, Address: "+4790000000", Language: "nn", Kind: notify.KindLink, Link: linkOf(d.id()), From: "Fjordvik",
	}}
}

func linkOf(message string) string { return "https://fjordvik.example/k#" + message }

func (d deed) hash() identity.Hash {
	sum := sha256.Sum256([]byte(d.id()))
	return sum[:]
}

// deedKinds are all that workers do. The first is every story's first.
var deedKinds = []deedKind{
	{
		name: "register", often: 1,
		may: func(f facts) bool { return len(f) == 0 },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			p := identity.Patient{
				Person:     identity.Person{ID: s.Patient, Name: d.id(), NationalID: s.number(), Language: "nn"},
				CaredForBy: []access.OrganisationID{crashMunicipality, crashHospital},
				Relatives:  []identity.RelatedPerson{{Person: identity.Person{ID: s.relative(), Name: d.id(), Language: "nb"}, Kind: identity.KindRelative, Title: d.id()}},
				Consents:   []identity.Consent{{Relative: s.relative(), From: "2026-01-01"}},
			}
			return "", db.Directory().SavePatient(ctx, p, crashMunicipality, d.entries(access.PatientWrite.String()), d.message(s.Patient))
		},
		then: func(s story, d deed, _ string) {
			s.Facts["patient"], s.Facts["relative"], s.Facts["number"] = patientFact(1, d.id()), d.id(), "found"
			s.Facts.accounted(d)
			s.Facts.told(d)
		},
	},
	{
		name: "change", often: 6,
		may: registered,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			p, err := db.Directory().Patient(ctx, s.Patient, nil)
			if err != nil {
				return "", err
			}
			p.Name, p.Relatives[0].Name, p.Relatives[0].Title = d.id(), d.id(), d.id()
			return "", db.Directory().SavePatient(ctx, p, crashMunicipality, d.entries(access.PatientWrite.String()), d.message(s.Patient))
		},
		then: func(s story, d deed, _ string) {
			version, _, _ := strings.Cut(s.Facts["patient"], " ")
			n, _ := strconv.ParseInt(version, 10, 64) // made by patientFact
			s.Facts["patient"], s.Facts["relative"] = patientFact(n+1, d.id()), d.id()
			s.Facts.accounted(d)
			s.Facts.told(d)
		},
	},
	{
		name: "read", often: 6,
		may: registered,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			p, err := db.Directory().Patient(ctx, s.Patient, d.entries(access.PatientRead.String()))
			if err == nil && patientFact(p.Version, p.Name) != s.Facts["patient"] {
				err = wrong("patient %s is %s, and was acknowledged as %s", s.Patient, patientFact(p.Version, p.Name), s.Facts["patient"])
			}
			return "", err
		},
		then: func(s story, d deed, _ string) { s.Facts.accounted(d) },
	},
	{
		name: "emergency", often: 1,
		may: registered,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			e := identity.Emergency{ID: d.id(), Patient: s.Patient, Person: "nurse", Organisation: crashHospital, Opened: time.Now(), Until: time.Now().Add(time.Hour)}
			entries := d.entries(access.EmergencyOpen.String())
			entries[0].Reason = d.id()
			return "", db.Directory().OpenEmergency(ctx, e, entries, d.message(s.Patient))
		},
		then: func(s story, d deed, _ string) {
			s.Facts["emergency "+d.id()] = "open"
			s.Facts["entry "+d.id()] = "kept, because " + d.id()
			s.Facts.told(d)
		},
	},
	{
		name: "refuse", often: 1,
		may: registered,
		do: func(ctx context.Context, db *DB, _ story, d deed) (string, error) {
			entries := d.entries(access.PatientRead.String())
			entries[0].Outcome = audit.Refused
			return "", db.Audit().Append(ctx, entries...)
		},
		then: func(s story, d deed, _ string) { s.Facts.accounted(d) },
	},
	{
		name: "wrong password", often: 1,
		may: registered,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			n, err := db.SignIn().Tries(ctx, s.account())
			if err != nil {
				return "", err
			}
			n.Wrong++
			return "", db.SignIn().SaveTries(ctx, s.account(), n, d.entries(audit.ActionPassword), nil)
		},
		then: func(s story, d deed, _ string) {
			n, _ := strconv.Atoi(cmp.Or(s.Facts["tries"], "0"))
			s.Facts["tries"] = strconv.Itoa(n + 1)
			s.Facts.accounted(d)
		},
	},
	{
		name: "photo", often: 2,
		may: registered,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			b, err := db.putBlob(ctx, string(s.Patient), bytes.NewReader(file(d.id())))
			if err != nil {
				return "", err
			}
			return "", db.change(ctx, d.entries(access.PatientWrite.String()), d.message(s.Patient), func(t *tx) error { return t.keepBlob(b.id, string(s.Patient)) })
		},
		then: func(s story, d deed, _ string) {
			s.Facts["file "+d.id()] = "whole"
			s.Facts.accounted(d)
			s.Facts.told(d)
		},
	},
	{
		name: "measure", often: 6,
		may: registered,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			o := measurement(s.Patient, d.id())
			if _, err := db.Clinical().Add(ctx, []clinical.Observation{o}, d.entries(access.ObservationWrite.String())); err != nil {
				return "", err
			}
			// A tablet that has not heard the answer sends it again.
			again, err := db.Clinical().Add(ctx, []clinical.Observation{o}, d.entries(access.ObservationWrite.String()))
			if err == nil && !again[0].Known {
				err = wrong("%s was kept twice", o.ID)
			}
			return "", err
		},
		then: func(s story, d deed, _ string) {
			s.Facts["value "+d.id()] = string(clinical.Final)
			s.Facts.accounted(d)
		},
	},
	{
		name: "mark as wrong", often: 2,
		may: func(f facts) bool { return registered(f) && f.some("value", string(clinical.Final)) != "" },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			o := measurement(s.Patient, s.Facts.some("value", string(clinical.Final)))
			o.Status = clinical.Wrong
			_, err := db.Clinical().Correct(ctx, o, d.entries(access.ObservationWrite.String()))
			return "", err
		},
		then: func(s story, d deed, _ string) {
			s.Facts["value "+s.Facts.some("value", string(clinical.Final))] = string(clinical.Wrong)
			s.Facts.accounted(d)
		},
	},
	{
		name: "book", often: 12,
		may: func(f facts) bool { return registered(f) && !f.has("appointment") },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			a := scheduling.Appointment{
				ID: scheduling.AppointmentID(s.consultation()), Organisation: crashHospital, Starts: time.Now(), Ends: time.Now().Add(time.Hour),
				State: scheduling.Booked, Identification: scheduling.ByLink,
				Participants: []scheduling.Participant{
					{ID: "patient", Person: s.Patient, Role: access.Patient, Beside: []scheduling.Companion{{Name: d.id()}}},
					{ID: "nurse", Person: "nurse", Role: access.Nurse, Organisation: crashMunicipality},
				},
			}
			_, err := db.Appointments().Save(ctx, scheduling.Change{
				Appointments: []scheduling.Appointment{a}, Entries: d.entries(access.PatientWrite.String()), Out: d.message(s.Patient),
			})
			return "", err
		},
		then: func(s story, d deed, _ string) {
			s.Facts["appointment"] = appointmentFact(1, scheduling.Booked, 2, d.id())
			s.Facts.accounted(d)
			s.Facts.told(d)
		},
	},
	{
		name: "call starts", often: 1,
		may: booked,
		do: func(ctx context.Context, db *DB, s story, _ deed) (string, error) {
			epoch, err := db.Journal().Epoch(ctx, s.consultation())
			before, _ := strconv.ParseInt(cmp.Or(s.Facts["epoch"], "0"), 10, 64)
			if err == nil && epoch <= before {
				err = wrong("%s has epoch %d after %d", s.consultation(), epoch, before)
			}
			return strconv.FormatInt(epoch, 10), err
		},
		then: func(s story, _ deed, result string) { s.Facts["epoch"] = result },
	},
	{
		name: "chat", often: 4,
		may: booked,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			return "", db.Journal().Record(ctx, s.consultation(), signaling.ChatWritten{Message: protocol.ChatMessage{ID: d.id(), From: "nurse", Text: d.id()}})
		},
		then: func(s story, d deed, _ string) { s.Facts[chatFact(s.Facts.count("chat"))] = d.id() },
	},
	{
		name: "admit", often: 2,
		may: booked,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			return "", db.Journal().Record(ctx, s.consultation(), signaling.SeatAdmitted{Participant: d.id(), By: "nurse", At: time.Now()})
		},
		then: func(s story, d deed, _ string) {
			s.Facts["admitted "+d.id()] = "true"
			s.Facts["entry consultation/"+s.consultation()+"/"+d.id()] = "kept" // the store's own
		},
	},
	{
		name: "link", often: 3,
		may: booked,
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			l := identity.Link{
				ID: d.id(), Kind: identity.SeatLink, Person: s.Patient, Role: access.Patient, Consultation: s.consultation(), Participant: "patient",
				Owner: crashHospital, Made: time.Now(), Expires: time.Now().Add(24 * time.Hour),
			}
			return "", db.SignIn().AddLink(ctx, l, d.hash(), d.entries(access.LinkReplace.String()), d.message(s.Patient))
		},
		then: func(s story, d deed, _ string) {
			s.Facts.endLinks()
			s.Facts["link "+d.id()] = "open"
			s.Facts.accounted(d)
			s.Facts.told(d)
		},
	},
	{
		name: "revoke", often: 1,
		may: func(f facts) bool { return registered(f) && f.some("link", "open") != "" },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			return "", db.SignIn().RevokeLinks(ctx, s.consultation(), "patient", time.Now(), d.entries(access.LinkRevoke.String()), d.message(s.Patient))
		},
		then: func(s story, d deed, _ string) {
			s.Facts.endLinks()
			s.Facts.accounted(d)
			s.Facts.told(d)
		},
	},
	{
		name: "sign in", often: 6,
		may: func(f facts) bool { return registered(f) && f.some("link", "open") != "" },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			n := identity.Session{
				ID: d.id(), Person: s.Patient, Role: access.Patient, Link: s.Facts.some("link", "open"), Consultation: s.consultation(), Participant: "patient",
				Stage: identity.StageFull, Method: identity.ByLink, Handle: "h", SignedIn: time.Now(), Seen: time.Now(), Ends: time.Now().Add(12 * time.Hour), Device: "firefox/windows",
			}
			return "", db.SignIn().StartSession(ctx, n, "", d.entries(audit.ActionSignIn), nil)
		},
		then: func(s story, d deed, _ string) {
			s.Facts["session "+d.id()] = "open"
			s.Facts.accounted(d)
		},
	},
	{
		name: "sign out", often: 2,
		may: func(f facts) bool { return registered(f) && f.some("session", "open") != "" },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			which := identity.Ending{Person: s.Patient, ID: s.Facts.some("session", "open")}
			return "", db.SignIn().EndSessions(ctx, which, time.Now(), d.entries(audit.ActionSignOut), nil)
		},
		then: func(s story, d deed, _ string) {
			s.Facts["session "+s.Facts.some("session", "open")] = "ended"
			s.Facts.accounted(d)
		},
	},
	{
		name: "ticket", often: 6,
		may: func(f facts) bool { return registered(f) && f.some("session", "open") != "" },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			k := identity.Ticket{
				ID: d.id(), Session: s.Facts.some("session", "open"), Consultation: s.consultation(), Participant: "patient", Person: s.Patient,
				Role: access.Patient, Method: identity.ByLink, Expires: time.Now().Add(24 * time.Hour),
			}
			return "", db.SignIn().AddTicket(ctx, k, d.hash(), d.entries(audit.ActionTicket), nil)
		},
		then: func(s story, d deed, _ string) {
			s.Facts["ticket "+d.id()] = "open"
			s.Facts.accounted(d)
		},
	},
	{
		name: "redeem", often: 10,
		may: func(f facts) bool { return f.some("ticket", "open") != "" },
		do:  redeem,
		then: func(s story, d deed, _ string) {
			delete(s.Facts, "ticket "+s.Facts.some("ticket", "open"))
			s.Facts.accounted(d)
		},
	},
	{
		name: "erase", often: 1,
		may: func(f facts) bool { return registered(f) && len(f) > 20 },
		do: func(ctx context.Context, db *DB, s story, d deed) (string, error) {
			p, err := db.Directory().Patient(ctx, s.Patient, nil)
			if err != nil {
				return "", err
			}
			return "", db.Directory().ErasePatient(ctx, s.Patient, p.Version, time.Now(), d.entries(access.PatientErase.String()), d.message(s.officer()))
		},
		then: erased,
	},
}

// redeem tries a ticket twice at the same time: one of the two gets in.
func redeem(ctx context.Context, db *DB, s story, d deed) (string, error) {
	ticket := s.Facts.some("ticket", "open")
	var errs [2]error
	var both sync.WaitGroup
	for i := range errs {
		both.Go(func() { errs[i] = db.SignIn().UseTicket(ctx, ticket, d.entries(audit.ActionTicketRedeem), nil) }) // ends when it is answered
	}
	both.Wait()
	late := func(err error) bool { return errors.Is(err, identity.ErrNotFound) }
	switch {
	case errs[0] == nil && errs[1] == nil:
		return "", wrong("ticket %s was redeemed twice", ticket)
	case late(errs[0]) && late(errs[1]):
		return "", wrong("ticket %s was acknowledged and is not there", ticket)
	case errs[0] == nil && late(errs[1]) || late(errs[0]) && errs[1] == nil:
		return "", nil
	}
	return "", errors.Join(errs[0], errs[1])
}

// erased leaves what is countable, and who did it.
func erased(s story, d deed, _ string) {
	for name, fact := range s.Facts {
		switch kind, _, _ := strings.Cut(name, " "); kind {
		case "entry":
			s.Facts[name], _, _ = strings.Cut(fact, ", because ")
		case "patient", "relative", "number", "emergency", "file", "chat", "admitted", "message", "value":
			delete(s.Facts, name)
		}
	}
	s.Facts["patient"], s.Facts["relative"] = "erased", "erased"
	if s.Facts.has("appointment") {
		// It was to go on: it is cancelled with the erasure, or the erasure has not been.
		s.Facts["appointment"], s.Facts["chat"] = appointmentFact(2, scheduling.Cancelled, 2, ""), "erased"
		s.Facts["entry consultation/"+s.consultation()] = "kept"
	}
	s.Facts.endLinks()
	s.Facts.accounted(d)
	s.Facts.told(d)
}

// kindOfDeed is a deed's kind by its name, which is one of deedKinds.
func kindOfDeed(name string) deedKind {
	return deedKinds[slices.IndexFunc(deedKinds, func(k deedKind) bool { return k.name == name })]
}
