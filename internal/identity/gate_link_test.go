package identity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

var nobody identity.Current

func TestALinkOpensItsSeatAsOftenAsOneLikes(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyLink))
	handles := map[string]bool{}
	for range 3 {
		o, err := d.OpenLink(ctx, token, nobody, "safari/ios")
		d.must(err)
		want := access.Actor{Person: olav, Role: access.Patient, Session: o.Current.Actor.Session, Consultation: "c1"}
		if o.Code != nil || o.Current.Actor != want || o.Current.Participant != "p-olav" || o.Current.Method != identity.ByLink {
			t.Errorf("%+v", o)
		}
		if _, err := d.Check(o.Secret, d.clock.Now()); err != nil {
			t.Error(err)
		}
		handles[o.Current.Handle] = true
	}
	if len(handles) != 3 || handles[""] {
		t.Errorf("three sessions in one browser have the handles %v", handles)
	}
}

func TestALinkWithACodeAsksForItAndTellsNothingElse(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	o, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	if o.Code == nil || o.Secret != "" || o.Current.Actor != (access.Actor{}) {
		t.Fatalf("%+v", o)
	}
	if n := *o.Code; n.Channel != notify.SMS || n.Hint != "••• •• 123" || n.TriesLeft != 5 || n.Organisation != "Fjordvik kommune" || n.Phone == "" ||
		!n.Expires.Equal(d.clock.Now().Add(10*time.Minute)) {
		t.Errorf("%+v", n)
	}
	m := d.onlyMessage()
	if m.Kind != notify.KindCode || len(m.Code) != 6 || m.Address != "+4790000123" || m.Link != "" {
		t.Errorf("%+v", m)
	}
	if _, err := d.OpenLink(ctx, token, nobody, ""); err != nil {
		t.Fatal(err)
	}
	if again := d.outbox(); len(again) != 0 {
		t.Error("loading the page again has sent another code")
	}
	in, err := d.AnswerCode(ctx, token, m.Code, "")
	d.must(err)
	if in.Current.Method != identity.ByLinkCode || in.Current.Actor.Person != olav {
		t.Errorf("%+v", in.Current)
	}
	_, err = d.AnswerCode(ctx, token, m.Code, "")
	wantError(t, "the same code again", err, identity.ErrCodeExpired)

	// The tab that has a session from this link goes on with it; another one asks anew.
	own, err := d.OpenLink(ctx, token, in.Current, "")
	d.must(err)
	if own.Code != nil || own.Secret != "" || own.Current.Actor.Session != in.Current.Actor.Session {
		t.Errorf("the own tab: %+v", own)
	}
	d.clock.pass(time.Minute)
	if other, err := d.OpenLink(ctx, token, nobody, ""); err != nil || other.Code == nil {
		t.Errorf("another tab: %+v, %v", other, err)
	}
}

func TestALinksOtherSessionDoesNotOpenIt(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	seat := d.seat(identity.IdentifyLink)
	seat.Consultation = "c2"
	elsewhere, err := d.OpenLink(ctx, d.sent(seat), nobody, "")
	d.must(err)
	o, err := d.OpenLink(ctx, d.sent(d.seat(identity.IdentifyCode)), elsewhere.Current, "")
	d.must(err)
	if o.Code == nil {
		t.Error("a session from another link of the same person has opened it without its code")
	}
}

func TestWrongCodesLockTheLinkAndNotForEver(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	_, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	m := d.onlyMessage()
	for left := 4; left > 0; left-- {
		_, err := d.AnswerCode(ctx, token, wrongOne(m.Code), "")
		if wrong, ok := errors.AsType[*identity.CodeError](err); !ok || wrong.TriesLeft != left {
			t.Fatalf("%v, want %d tries left", err, left)
		}
	}
	_, err = d.AnswerCode(ctx, token, wrongOne(m.Code), "")
	if locked := wantLocked(t, "the fifth", err); locked.Wait != time.Minute {
		t.Errorf("locked for %v", locked.Wait)
	}
	_, err = d.AnswerCode(ctx, token, m.Code, "")
	wantLocked(t, "the right one while it is locked", err)
	_, err = d.SendCodeAgain(ctx, token)
	wantLocked(t, "a new code while it is locked", err)
	d.clock.pass(time.Minute)
	_, err = d.AnswerCode(ctx, token, m.Code, "")
	wantError(t, "the code that was guessed at", err, identity.ErrCodeExpired)
	needed, err := d.SendCodeAgain(ctx, token)
	d.must(err)
	if needed.TriesLeft != 5 {
		t.Errorf("%+v", needed)
	}
	if _, err := d.AnswerCode(ctx, token, d.onlyMessage().Code, ""); err != nil {
		t.Error(err)
	}
}

func TestANewCodeBringsNoNewGuesses(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	_, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	old := d.onlyMessage().Code
	for range 3 {
		_, _ = d.AnswerCode(ctx, token, wrongOne(old), "")
	}
	d.clock.pass(30 * time.Second)
	needed, err := d.SendCodeAgain(ctx, token)
	d.must(err)
	if needed.TriesLeft != 2 {
		t.Errorf("%d tries left, want 2", needed.TriesLeft)
	}
	fresh := d.onlyMessage().Code
	if fresh == old {
		t.Skip("the same code of a million twice")
	}
	_, err = d.AnswerCode(ctx, token, old, "")
	if wrong, ok := errors.AsType[*identity.CodeError](err); !ok || wrong.TriesLeft != 1 {
		t.Errorf("the code of before: %v", err)
	}
}

func TestCodesAreNotSentAsOftenAsOneLikes(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	_, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	_, err = d.SendCodeAgain(ctx, token)
	if locked := wantLocked(t, "at once", err); !locked.Sending || locked.Wait != 30*time.Second {
		t.Errorf("%+v", locked)
	}
	for range 4 {
		d.clock.pass(30 * time.Second)
		_, err := d.SendCodeAgain(ctx, token)
		d.must(err)
	}
	d.clock.pass(30 * time.Second)
	_, err = d.SendCodeAgain(ctx, token)
	if locked := wantLocked(t, "the sixth within the hour", err); !locked.Sending || locked.Wait < 50*time.Minute {
		t.Errorf("%+v", locked)
	}
	if sent := len(d.outbox()); sent != 5 {
		t.Errorf("%d codes were sent", sent)
	}
	d.clock.pass(time.Hour)
	if _, err := d.SendCodeAgain(ctx, token); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestOfTwentyCodesAtOnceFiveAreTold(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	_, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	m := d.onlyMessage()
	told := atOnce(20, func() error { _, err := d.AnswerCode(ctx, token, wrongOne(m.Code), ""); return err })
	if told[errWrongCode] != 4 || told[nil] != 0 { // the fifth is told of the lock
		t.Errorf("%v", told)
	}
	if failed := d.said.count(audit.ActionCode, audit.Failed); failed != 20 {
		t.Errorf("%d of 20 are on record", failed)
	}
}

func TestOneCodeOpensOneOfMany(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	_, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	code := d.onlyMessage().Code
	if told := atOnce(20, func() error { _, err := d.AnswerCode(ctx, token, code, ""); return err }); told[nil] != 1 {
		t.Errorf("%d were let in by one code: %v", told[nil], told)
	}
}

// wrongOne is six digits that are not the code.
func wrongOne(code string) string {
	first := (code[0]-'0'+1)%10 + '0'
	return string(first) + code[1:]
}

func TestCodesAreBoundToTheirLinkAndTime(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.sent(d.seat(identity.IdentifyCode))
	seat := d.seat(identity.IdentifyCode)
	seat.Consultation = "c2"
	other := d.sent(seat)
	for _, each := range []string{token, other} {
		_, err := d.OpenLink(ctx, each, nobody, "")
		d.must(err)
	}
	messages := d.outbox()
	if len(messages) != 2 {
		t.Fatalf("%d codes were sent, want one for each link", len(messages))
	}
	if messages[0].Code == messages[1].Code {
		t.Skip("the same code of a million twice")
	}
	for _, m := range messages {
		_, first := d.AnswerCode(ctx, token, m.Code, "")
		_, second := d.AnswerCode(ctx, other, m.Code, "")
		if (first == nil) == (second == nil) {
			t.Errorf("one code for two links: %v and %v", first, second)
		}
	}
	d.clock.pass(time.Minute)
	_, err := d.OpenLink(ctx, token, nobody, "")
	d.must(err)
	code := d.onlyMessage().Code
	d.clock.pass(10 * time.Minute)
	_, err = d.AnswerCode(ctx, token, code, "")
	wantError(t, "ten minutes later", err, identity.ErrCodeExpired)
}

func TestALinkThatIsClosedSaysWhomToRing(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	coordinator := access.Actor{Person: "x", Role: access.Coordinator, Organisation: "fjordvik"}
	closed := func(what, token string, want identity.ClosedReason) {
		t.Helper()
		for name, open := range map[string]func() error{
			"opened": func() error { _, err := d.OpenLink(ctx, token, nobody, ""); return err },
			"code":   func() error { _, err := d.AnswerCode(ctx, token, "123456", ""); return err },
			"again":  func() error { _, err := d.SendCodeAgain(ctx, token); return err },
		} {
			err := open()
			c, ok := errors.AsType[*identity.ClosedError](err)
			if !ok || c.Reason != want || c.Organisation != "Fjordvik kommune" || c.Phone != "+4757000000" {
				t.Errorf("%s, %s: %v", what, name, err)
			}
		}
	}
	replaced := d.sent(d.seat(identity.IdentifyLink))
	old, err := d.OpenLink(ctx, replaced, nobody, "")
	d.must(err)
	revoked := d.sent(d.seat(identity.IdentifyLink))
	closed("replaced", replaced, identity.LinkRevoked)
	_, err = d.Check(old.Secret, d.clock.Now())
	wantError(t, "the session of the one that was replaced", err, identity.ErrNoSession)

	in, err := d.OpenLink(ctx, revoked, nobody, "")
	d.must(err)
	d.must(d.RevokeLink(ctx, coordinator, access.SameOrganisation, d.seat(identity.IdentifyLink)))
	closed("revoked", revoked, identity.LinkRevoked)
	_, err = d.Check(in.Secret, d.clock.Now())
	wantError(t, "the session of the one that was revoked", err, identity.ErrNoSession)
	wantError(t, "revoked again", d.RevokeLink(ctx, coordinator, access.SameOrganisation, d.seat(identity.IdentifyLink)), identity.ErrNotFound)

	late := d.sent(d.seat(identity.IdentifyLink))
	d.clock.pass(24 * time.Hour)
	closed("expired", late, identity.LinkExpired)
}

func TestTokensThatAreNoLinksGetOneAnswer(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	good := d.sent(d.seat(identity.IdentifyLink))
	enrol := d.invited(sivActs, mari)
	in, err := d.OpenLink(ctx, good, nobody, "")
	d.must(err)
	ticket, _, err := d.IssueTicket(ctx, in.Current, access.Participant, "c1", "p-olav")
	d.must(err)
	for name, token := range map[string]string{
		"empty": "", "short": good[:21], "long": good + "A", "made up": "AAAAAAAAAAAAAAAAAAAAAA", "an enrolment's": enrol, "a ticket": ticket,
		"a session": in.Secret, "over two lines": good[:20] + "\r\n", "the spare bits set": spareBits(good), "not base64": strings.Repeat("!", 22), "very long": strings.Repeat("A", 1<<20),
	} {
		_, err := d.OpenLink(ctx, token, nobody, "")
		wantError(t, name, err, identity.ErrLinkUnknown)
		_, err = d.AnswerCode(ctx, token, "123456", "")
		wantError(t, name, err, identity.ErrLinkUnknown)
		_, err = d.SendCodeAgain(ctx, token)
		wantError(t, name, err, identity.ErrLinkUnknown)
	}
	_, err = d.OpenEnrolment(ctx, good)
	wantError(t, "a seat's link as an enrolment's", err, identity.ErrLinkUnknown)
	_, err = d.FinishEnrolment(ctx, good, rightPassword, "123456", "")
	wantError(t, "a seat's link as an enrolment's", err, identity.ErrLinkUnknown)
	if n := d.said.count(audit.ActionLinkOpen, audit.Failed); n != 35 {
		t.Errorf("%d of 35 are on record", n)
	}
}

// spareBits is a token spelled another way: its last character has four bits that count for nothing.
func spareBits(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[21])
	return token[:21] + string(alphabet[last|1])
}

func TestWhoMayNotSendsNoLink(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	for role, has := range map[access.Role]access.Relations{
		access.Patient: access.Participant, access.Relative: access.EveryRelation, access.Nurse: access.Agreement, access.Administrator: access.EveryRelation,
	} {
		_, err := d.SendLink(ctx, access.Actor{Person: "x", Role: role, Organisation: "fjordvik"}, has, d.seat(identity.IdentifyLink))
		if _, ok := errors.AsType[*access.Refused](err); !ok {
			t.Errorf("%s: %v", role, err)
		}
	}
	if n := len(d.outbox()); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
	nurse := access.Actor{Person: mari, Role: access.Nurse, Organisation: "fjordvik"}
	err := d.RevokeLink(ctx, nurse, access.SameOrganisation, d.seat(identity.IdentifyLink))
	if _, ok := errors.AsType[*access.Refused](err); !ok {
		t.Errorf("a nurse revokes: %v", err)
	}
}

func TestOnlyADemoGivesLinksAway(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	act := identity.Assignment{ID: "a-mari", Person: mari, Organisation: "fjordvik", Role: access.Nurse}
	if _, err := d.DemoStaffLink(ctx, act, d.clock.Now().Add(time.Hour)); err == nil {
		t.Error("a link that signs staff in, in earnest")
	}
	if _, err := d.DemoSeatLink(ctx, d.seat(identity.IdentifyLink)); err == nil {
		t.Error("a seat's link that nobody was sent, in earnest")
	}
	demo := doorTo(t, d.db, d.clock, func(c *identity.GateConfig) { c.Demo = true })
	token, err := demo.DemoStaffLink(ctx, act, d.clock.Now().Add(time.Hour))
	d.must(err)
	in, err := demo.OpenLink(ctx, token, nobody, "")
	d.must(err)
	if in.Current.Handle != "" || in.Current.Stage != identity.StageFull || in.Current.Method != identity.ByDemo || in.Current.Actor.Role != access.Nurse {
		t.Errorf("%+v", in.Current)
	}
	_, err = d.OpenLink(ctx, token, nobody, "")
	wantError(t, "a demo's link in earnest", err, identity.ErrLinkUnknown)
	_, err = d.Check(in.Secret, d.clock.Now())
	wantError(t, "a demo's session in earnest", err, identity.ErrNoSession)

	seat := d.seat(identity.IdentifyLink)
	seat.Participant, seat.Person, seat.Role, seat.Organisation = "p-mari", mari, access.Nurse, "fjordvik"
	token, err = demo.DemoSeatLink(ctx, seat)
	d.must(err)
	in, err = demo.OpenLink(ctx, token, nobody, "")
	d.must(err)
	_, err = d.OpenLink(ctx, token, nobody, "")
	wantError(t, "a nurse's seat in earnest", err, identity.ErrLinkUnknown)
	_, err = d.Check(in.Secret, d.clock.Now())
	wantError(t, "a nurse's seat in earnest, opened before", err, identity.ErrNoSession)
}

func TestThePatientReadsWhatBecameOfALink(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	seat := d.seat(identity.IdentifyLink)
	seat.Participant, seat.Person, seat.Role, seat.Patient = "p-ragna", "ragna", access.Relative, olav
	coordinator := access.Actor{Person: "eva", Role: access.Coordinator, Organisation: "fjordvik"}
	d.must(d.db.Directory().SaveStaff(ctx, identity.Staff{Person: identity.Person{ID: "ragna", Name: "Ragna Eik", Phone: "+4790000124", Language: "nn"}}, nil, nil))
	_, err := d.SendLink(ctx, coordinator, access.SameOrganisation, seat)
	d.must(err)
	d.must(d.RevokeLink(ctx, coordinator, access.SameOrganisation, seat))
	seen, err := d.db.Audit().OfPatient(ctx, olav, "", 10, audit.New(d.clock.Now(), coordinator, "seen.read", audit.Done))
	d.must(err)
	var actions []string
	for _, e := range seen {
		actions = append(actions, e.Action)
	}
	slices.Sort(actions)
	if !slices.Equal(actions, []string{"link.replace", "link.revoke"}) {
		t.Errorf("the patient reads of %v", actions)
	}
}

func TestATicketSeatsOnceAndInTime(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	in, err := d.OpenLink(ctx, d.sent(d.seat(identity.IdentifyLink)), nobody, "")
	d.must(err)
	issue := func() string {
		token, expires, err := d.IssueTicket(ctx, in.Current, access.Participant, "c1", "p-olav")
		d.must(err)
		if !expires.Equal(d.clock.Now().Add(time.Minute)) {
			t.Errorf("lives until %v", expires)
		}
		return token
	}
	ticket := issue()
	got, err := d.Redeem(ctx, ticket)
	d.must(err)
	if got.Consultation != "c1" || got.Participant != "p-olav" || got.Person != olav || got.Role != access.Patient ||
		got.Session != in.Current.Actor.Session || got.Method != identity.ByLink {
		t.Errorf("%+v", got)
	}
	again := func(what, token string) {
		t.Helper()
		_, err := d.Redeem(ctx, token)
		wantError(t, what, err, identity.ErrTicket)
	}
	again("a second time", ticket)
	again("made up", "AAAAAAAAAAAAAAAAAAAAAA")
	again("empty", "")
	again("cut short", issue()[:20])

	late := issue()
	d.clock.pass(time.Minute)
	again("after 60 s", late)
	d.clock.pass(-time.Minute)
	again("a late one is used up too", late)

	void := issue()
	d.must(d.SignOut(ctx, in.Current))
	again("of a session that has ended", void)
}

func TestOneTicketSeatsOneOfManyAtOnceOnTwoNodes(t *testing.T) {
	d := newDoor(t)
	other := doorTo(t, d.db, d.clock)
	ctx := context.Background()
	in, err := d.OpenLink(ctx, d.sent(d.seat(identity.IdentifyLink)), nobody, "")
	d.must(err)
	token, _, err := d.IssueTicket(ctx, in.Current, access.Participant, "c1", "p-olav")
	d.must(err)
	nodes := make(chan *door, 20)
	for i := range 20 {
		nodes <- []*door{d, other}[i%2]
	}
	told := atOnce(20, func() error { _, err := (<-nodes).Redeem(ctx, token); return err })
	if told[nil] != 1 || told[identity.ErrTicket] != 19 {
		t.Errorf("%v", told)
	}
}

func TestATicketIsForOnesOwnSeat(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	in, err := d.OpenLink(ctx, d.sent(d.seat(identity.IdentifyLink)), nobody, "")
	d.must(err)
	d.enrolled(mari)
	half, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	d.must(err)
	for name, tt := range map[string]struct {
		c            identity.Current
		has          access.Relations
		consultation string
		participant  string
	}{
		"another consultation":          {in.Current, access.Participant, "c2", "p-olav"},
		"another's seat":                {in.Current, access.Participant, "c1", "p-mari"},
		"without a seat":                {in.Current, 0, "c1", "p-olav"},
		"before the second factor":      {half.Current, access.Participant, "c1", "p-mari"},
		"a session of nobody":           {nobody, access.EveryRelation, "c1", "p-olav"},
		"an administrator, with a seat": {identity.Current{Actor: sivActs, Stage: identity.StageFull}, access.EveryRelation, "c1", "p-siv"},
	} {
		_, _, err := d.IssueTicket(ctx, tt.c, tt.has, tt.consultation, tt.participant)
		if _, refused := errors.AsType[*access.Refused](err); !refused && !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingSecretIsInTheLogsWordsForIt(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	in, err := d.OpenLink(ctx, d.sent(d.seat(identity.IdentifyLink)), nobody, "")
	d.must(err)
	in.Current.Renewed = in.Secret
	if s := in.Current.LogValue().String(); strings.Contains(s, in.Secret) || strings.Contains(s, "olav") {
		t.Errorf("a session is logged as %s", s)
	}
	if s := fmt.Sprint(rightPassword) + fmt.Sprintf("%v %s", rightPassword, rightPassword); strings.Contains(s, "fjorden") {
		t.Errorf("a password is written as %s", s)
	}
}
