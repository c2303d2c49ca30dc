package identity_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestANurseIsInvitedEnrolsAndSignsIn(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()

	sent, err := d.Invite(ctx, sivActs, mari)
	d.must(err)
	m := d.onlyMessage()
	if sent.Hint != "•••@fjordvik.no" || m.Address != "mari.bjork@fjordvik.no" || !strings.HasPrefix(m.Link, "https://video.example.no/enrol#") ||
		m.From != "Fjordvik kommune" || m.Phone == "" {
		t.Errorf("sent %+v, message %+v", sent, m)
	}
	token := tokenOf(m.Link)
	e, err := d.OpenEnrolment(ctx, token)
	d.must(err)
	if e.Name != "mari" || e.Email != "mari.bjork@fjordvik.no" || !strings.HasPrefix(e.URI, "otpauth://totp/video.example.no:mari.bjork@fjordvik.no?") {
		t.Errorf("%+v", e)
	}
	if again, err := d.OpenEnrolment(ctx, token); err != nil || again.Secret != e.Secret {
		t.Errorf("loaded again: %v, another secret: %v", err, again.Secret != e.Secret)
	}
	a := app{e.Secret, d.clock}
	in, err := d.FinishEnrolment(ctx, token, rightPassword, a.code(), "firefox/windows")
	d.must(err)
	if in.Current.Stage != identity.StageFull || in.Current.Actor.Role != access.Nurse || in.Current.Actor.Organisation != "fjordvik" {
		t.Errorf("enrolled as %+v", in.Current)
	}
	d.next()

	half, err := d.SignIn(ctx, " Mari.Bjork@Fjordvik.no ", rightPassword, "firefox/windows")
	d.must(err)
	if half.Current.Stage != identity.StageCode || half.Current.Actor.Role != 0 || half.Current.Actor.Organisation != "" {
		t.Errorf("after the password alone: %+v", half.Current)
	}
	full, err := d.SecondFactor(ctx, half.Current, a.code(), "firefox/windows")
	d.must(err)
	c, err := d.Check(full.Secret, d.clock.Now())
	d.must(err)
	if c.Actor != full.Current.Actor || c.Actor.Person != mari || c.Method != identity.ByPasswordTOTP || c.Assignment != "a-mari" {
		t.Errorf("%+v", c)
	}
	if _, err := d.Check(half.Secret, d.clock.Now()); !errors.Is(err, identity.ErrNoSession) {
		t.Errorf("the half session after the whole one: %v", err)
	}
}

func TestWhoHasSeveralRolesChoosesOne(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(tuva)
	in := d.signedIn("tuva@haukeland.no", a)
	if in.Current.Stage != identity.StageRole || in.Current.Actor.Role != 0 {
		t.Fatalf("%+v", in.Current)
	}
	p, err := d.Profile(ctx, in.Current)
	d.must(err)
	if len(p.Acts) != 2 || p.Act != nil || p.Acts[0].OrganisationName != "Haukeland" {
		t.Errorf("%+v", p)
	}
	_, err = d.ChooseRole(ctx, in.Current, "a-mari", "")
	if broken, ok := errors.AsType[*identity.Invalid](err); !ok || broken.Field != "assignment" {
		t.Errorf("another's assignment: %v", err)
	}
	first, err := d.ChooseRole(ctx, in.Current, "a-tuva", "")
	d.must(err)
	second, err := d.ChooseRole(ctx, first.Current, "a-tuva2", "")
	d.must(err)
	if first.Current.Actor.Role != access.Specialist || second.Current.Actor.Role != access.Coordinator {
		t.Errorf("%v, then %v", first.Current.Actor.Role, second.Current.Actor.Role)
	}
	for name, old := range map[string]identity.SignedIn{"before the choice": in, "in the role of before": first} {
		_, err := d.Check(old.Secret, d.clock.Now())
		wantError(t, name, err, identity.ErrNoSession)
		_, err = d.ChooseRole(ctx, old.Current, "a-tuva", "")
		wantError(t, name+", choosing again", err, identity.ErrNoSession)
	}
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	d.enrolled(mari)
	invited := d.invited(jonActs, tuva)
	if invited == "" {
		t.Fatal("no invitation")
	}
	for name, email := range map[string]string{
		"an account": "mari.bjork@fjordvik.no", "an invitation": "tuva@haukeland.no", "neither": "siv@fjordvik.no", "nobody": "kven@haukeland.no",
	} {
		var told []string
		for range 7 {
			_, err := d.SignIn(ctx, email, "feil feil feil feil", "")
			told = append(told, err.Error())
		}
		want := strings.Repeat(identity.ErrSignInWrong.Error()+"|", 5) + "locked for 1m0s|locked for 1m0s"
		if got := strings.Join(told, "|"); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestLocksGrowAndEndByThemselves(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	for _, want := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, time.Hour} {
		for range 5 {
			_, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", "feil feil feil feil", "")
			wantError(t, "wrong", err, identity.ErrSignInWrong)
		}
		_, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
		if locked := wantLocked(t, "the right password while it is locked", err); locked.Wait != want {
			t.Errorf("locked for %v, want %v", locked.Wait, want)
		}
		d.clock.pass(want)
	}
	d.signedIn("mari.bjork@fjordvik.no", a)
	for range 5 {
		_, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", "feil feil feil feil", "")
		wantError(t, "wrong", err, identity.ErrSignInWrong)
	}
	_, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	if locked := wantLocked(t, "after a right one", err); locked.Wait != time.Minute {
		t.Errorf("the locks did not start over: %v", locked.Wait)
	}
}

func TestASecondFactorCountsOnceAndInTime(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	half := func() identity.Current {
		s, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
		d.must(err)
		return s.Current
	}
	code := a.code()
	if _, err := d.SecondFactor(ctx, half(), code, ""); err != nil {
		t.Fatal(err)
	}
	_, err := d.SecondFactor(ctx, half(), code, "")
	wantError(t, "used", err, identity.ErrSignInWrong)

	d.next()
	late := a.code()
	d.clock.pass(30 * time.Second)
	if _, err := d.SecondFactor(ctx, half(), late, ""); err != nil {
		t.Errorf("a step late: %v", err)
	}
	tooLate := a.code()
	d.clock.pass(time.Minute)
	_, err = d.SecondFactor(ctx, half(), tooLate, "")
	wantError(t, "two steps late", err, identity.ErrSignInWrong)

	// A later step is used: an earlier one, still in time, is worth nothing.
	d.next()
	early := a.code()
	d.next()
	if _, err := d.SecondFactor(ctx, half(), a.code(), ""); err != nil {
		t.Fatal(err)
	}
	_, err = d.SecondFactor(ctx, half(), early, "")
	wantError(t, "before the last used", err, identity.ErrSignInWrong)

	current := half()
	d.clock.pass(2 * time.Minute)
	current.Stage = identity.StageFull
	_, err = d.SecondFactor(ctx, current, a.code(), "")
	wantError(t, "a session that is past it", err, identity.ErrNoSession)
}

func TestOfTwentyGuessesAtOnceFiveAreTold(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	half, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	d.must(err)
	wrong := a.wrong()
	for name, try := range map[string]func() error{
		"password": func() error {
			_, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", "feil feil feil feil", "")
			return err
		},
		"second factor": func() error {
			_, err := d.SecondFactor(ctx, half.Current, wrong, "")
			return err
		},
	} {
		told := atOnce(20, try)
		if told[identity.ErrSignInWrong] != 5 || told[nil] != 0 {
			t.Errorf("%s: %d of 20 were told that they are wrong: %v", name, told[identity.ErrSignInWrong], told)
		}
	}
}

// atOnce does the same n times at once and counts the answers: sentinels by themselves, all
// others under errOther.
func atOnce(n int, do func() error) map[error]int {
	var mu sync.Mutex
	told := map[error]int{}
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { // ends when it has been answered
			err := do()
			mu.Lock()
			defer mu.Unlock()
			for _, known := range []error{nil, identity.ErrSignInWrong, identity.ErrTicket, identity.ErrNoSession, identity.ErrLinkUnknown} {
				if errors.Is(err, known) {
					told[known]++
					return
				}
			}
			if _, ok := errors.AsType[*identity.CodeError](err); ok {
				told[errWrongCode]++
				return
			}
			told[errOther]++
		})
	}
	wg.Wait()
	return told
}

var (
	errOther     = errors.New("something else")
	errWrongCode = errors.New("wrong code")
)

func TestOneCodeSignsInOnce(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	half, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	d.must(err)
	code := a.code()
	if told := atOnce(20, func() error { _, err := d.SecondFactor(ctx, half.Current, code, ""); return err }); told[nil] != 1 {
		t.Errorf("one code of one session signed in %d times: %v", told[nil], told)
	}
}

func TestARecoveryEndsEverySession(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	before := d.signedIn("mari.bjork@fjordvik.no", a)
	half, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	d.must(err)

	token := d.invited(sivActs, mari)
	if _, err := d.Check(before.Secret, d.clock.Now()); err != nil {
		t.Errorf("an invitation alone ends nothing: %v", err)
	}
	e, err := d.OpenEnrolment(ctx, token)
	d.must(err)
	fresh := app{e.Secret, d.clock}
	if e.Secret == a.secret {
		t.Fatal("the second factor is the lost one")
	}
	const next identity.Password = "ny dag og nye vegar"
	after, err := d.FinishEnrolment(ctx, token, next, fresh.code(), "")
	d.must(err)

	_, err = d.Check(before.Secret, d.clock.Now())
	wantError(t, "a session of before", err, identity.ErrNoSession)
	_, err = d.SecondFactor(ctx, half.Current, fresh.code(), "")
	if err == nil {
		t.Error("a sign-in that began with the old password went on")
	}
	_, err = d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	wantError(t, "the old password", err, identity.ErrSignInWrong)
	if _, err := d.Check(after.Secret, d.clock.Now()); err != nil {
		t.Errorf("the new session: %v", err)
	}
	_, err = d.FinishEnrolment(ctx, token, next, fresh.code(), "")
	if closed, ok := errors.AsType[*identity.ClosedError](err); !ok || closed.Phone == "" {
		t.Errorf("the link a second time: %v", err)
	}
}

func TestASignInThatACredentialChangeOvertakesDoesNotBegin(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	d.enrolled(mari)
	old := identity.Identified{Person: mari, Method: identity.ByPassword, Level: identity.LevelLow, Credentials: 1}
	if _, err := d.Begin(ctx, old, ""); err != nil {
		t.Fatal(err)
	}
	d.enrolled(mari)
	_, err := d.Begin(ctx, old, "")
	wantError(t, "identified by what has been replaced since", err, identity.ErrNoSession)
}

func TestAnEnrolmentLinkIsGoodOnceAndForADay(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	first := d.invited(sivActs, mari)
	second := d.invited(sivActs, mari)
	isClosed := func(what, token string, want identity.ClosedReason) {
		t.Helper()
		_, err := d.OpenEnrolment(ctx, token)
		if closed, ok := errors.AsType[*identity.ClosedError](err); !ok || closed.Reason != want || closed.Organisation != "Fjordvik kommune" {
			t.Errorf("%s: %v", what, err)
		}
	}
	isClosed("replaced", first, identity.LinkRevoked)
	e, err := d.OpenEnrolment(ctx, second)
	d.must(err)
	a := app{e.Secret, d.clock}
	told := atOnce(8, func() error {
		_, err := d.FinishEnrolment(ctx, second, rightPassword, a.code(), "")
		return err
	})
	if told[nil] != 1 {
		t.Errorf("one link enrolled %d times: %v", told[nil], told)
	}
	third := d.invited(sivActs, mari)
	d.clock.pass(24 * time.Hour)
	isClosed("a day later", third, identity.LinkExpired)
}

func TestAnEnrolmentSaysWhatIsWrongAndChangesNothing(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	token := d.invited(sivActs, mari)
	_, err := d.FinishEnrolment(ctx, token, rightPassword, "123456", "")
	if broken, ok := errors.AsType[*identity.Invalid](err); !ok || broken.Field != "token" {
		t.Errorf("before it is opened: %v", err)
	}
	e, err := d.OpenEnrolment(ctx, token)
	d.must(err)
	a := app{e.Secret, d.clock}
	for _, p := range []identity.Password{"kort", "passord1234!", "Sommar2026!!", "aaaaaaaaaaaaaa", "mari er best i verda", "202611232026", "qwertyuiop123"} {
		_, err := d.FinishEnrolment(ctx, token, p, a.code(), "")
		if broken, ok := errors.AsType[*identity.Invalid](err); !ok || broken.Field != "password" {
			t.Errorf("password of %d characters: %v", len(p), err)
		}
	}
	_, err = d.FinishEnrolment(ctx, token, rightPassword, a.wrong(), "")
	if wrong, ok := errors.AsType[*identity.CodeError](err); !ok || wrong.TriesLeft != 4 {
		t.Errorf("a wrong code: %v", err)
	}
	_, err = d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	wantError(t, "not enrolled", err, identity.ErrSignInWrong)
	if _, err := d.FinishEnrolment(ctx, token, rightPassword, a.code(), ""); err != nil {
		t.Errorf("all is right: %v", err)
	}
}

func TestOnlyTheirAdministratorsRecoverAccounts(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	nurse := access.Actor{Person: mari, Role: access.Nurse, Organisation: "fjordvik"}
	for name, tt := range map[string]struct {
		by     access.Actor
		person access.PersonID
		ok     bool
	}{
		"own administrator":      {sivActs, mari, true},
		"the host's":             {jonActs, mari, true},
		"another's":              {sivActs, tuva, false},
		"a nurse":                {nurse, mari, false},
		"of nobody":              {jonActs, "nobody", false},
		"of a patient":           {jonActs, olav, false},
		"nobody in particular":   {access.Actor{}, mari, false},
		"a machine of the place": {access.Actor{Person: "m", Role: access.Machine, Organisation: "fjordvik"}, mari, false},
	} {
		_, err := d.Invite(ctx, tt.by, tt.person)
		_, refused := errors.AsType[*access.Refused](err)
		if tt.ok && err != nil || !tt.ok && !refused {
			t.Errorf("%s: %v", name, err)
		}
		if sent := len(d.outbox()); tt.ok != (sent == 1) {
			t.Errorf("%s: %d messages", name, sent)
		}
	}
	if n := d.said.count(access.AccountRecover.String(), audit.Refused); n != 6 {
		t.Errorf("%d refusals are on record, want 6", n)
	}
}

func TestAnEndedAccountIsShut(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	in := d.signedIn("mari.bjork@fjordvik.no", a)
	state := func() identity.AccountState {
		states, err := d.AccountStates(ctx, []access.PersonID{mari, siv})
		d.must(err)
		if states[siv] != identity.AccountNone {
			t.Errorf("siv, whom nobody has invited: %s", states[siv])
		}
		return states[mari]
	}
	if s := state(); s != identity.AccountActive {
		t.Errorf("enrolled: %s", s)
	}
	d.must(d.EndAccount(ctx, sivActs, mari))
	_, err := d.Check(in.Secret, d.clock.Now())
	wantError(t, "the session", err, identity.ErrNoSession)
	_, err = d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	wantError(t, "signing in", err, identity.ErrSignInWrong)
	if s := state(); s != identity.AccountEnded {
		t.Errorf("ended: %s", s)
	}
	d.enrolled(mari)
	if s := state(); s != identity.AccountActive {
		t.Errorf("enrolled again: %s", s)
	}
	for range 5 {
		_, err = d.SignIn(ctx, "mari.bjork@fjordvik.no", "feil feil feil feil", "")
		wantError(t, "wrong", err, identity.ErrSignInWrong)
	}
	if s := state(); s != identity.AccountLocked {
		t.Errorf("locked: %s", s)
	}
	d.invited(sivActs, siv)
	states, err := d.AccountStates(ctx, []access.PersonID{siv})
	if err != nil || states[siv] != identity.AccountInvited {
		t.Errorf("invited: %v %v", states, err)
	}
}

func TestEachTryIsOnRecord(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	a, _ := d.enrolled(mari)
	d.said.said = nil
	_, _ = d.SignIn(ctx, "mari.bjork@fjordvik.no", "feil feil feil feil", "")
	_, _ = d.SignIn(ctx, "kven@fjordvik.no", "feil feil feil feil", "")
	half, err := d.SignIn(ctx, "mari.bjork@fjordvik.no", rightPassword, "")
	d.must(err)
	_, _ = d.SecondFactor(ctx, half.Current, a.wrong(), "")
	_, err = d.SecondFactor(ctx, half.Current, a.code(), "")
	d.must(err)
	for _, tt := range []struct {
		action  string
		outcome audit.Outcome
		want    int
	}{
		{"password", audit.Failed, 2}, {"password", audit.Done, 1}, {audit.ActionCode, audit.Failed, 1}, {audit.ActionCode, audit.Done, 1},
		{audit.ActionSignIn, audit.Done, 2},
	} {
		if got := d.said.count(tt.action, tt.outcome); got != tt.want {
			t.Errorf("%s %s: %d entries, want %d", tt.action, tt.outcome, got, tt.want)
		}
	}
}
