package identity_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
)

// address is what a message about the seat carries.
func (d *door) address(seat identity.Seat) string {
	d.t.Helper()
	address, err := d.SeatLink(context.Background(), seat)
	d.must(err)
	return address
}

func (d *door) opens(what, address string) identity.LinkOpened {
	d.t.Helper()
	o, err := d.OpenLink(context.Background(), tokenOf(address), nobody, "")
	if err != nil {
		d.t.Errorf("%s: %v", what, err)
	}
	return o
}

func (d *door) revoked(what, address string) {
	d.t.Helper()
	_, err := d.OpenLink(context.Background(), tokenOf(address), nobody, "")
	if err == nil || !strings.Contains(err.Error(), "revoked") {
		d.t.Errorf("%s: %v, want a revoked link", what, err)
	}
}

func TestAReminderCarriesTheLinkThatWasSentBefore(t *testing.T) {
	d := newDoor(t)
	seat := d.seat(identity.IdentifyLink)
	invitation := d.address(seat)
	if !strings.HasPrefix(invitation, "https://video.example.no/k#") || len(tokenOf(invitation)) != 22 {
		t.Errorf("the link is %s", invitation)
	}
	if reminder := d.address(seat); reminder != invitation {
		t.Error("the reminder carries another link than the invitation")
	}
	if o := d.opens("the link", invitation); o.Current.Actor.Person != olav || o.Current.Participant != "p-olav" || o.Current.Actor.Consultation != "c1" {
		t.Errorf("%+v", o.Current)
	}
	// What a coordinator sends by hand is a new one, and that is what the next reminder carries.
	byHand := d.sent(seat)
	if byHand == tokenOf(invitation) {
		t.Error("the link that was sent in place of the one before is the same")
	}
	d.revoked("the one before", invitation)
	if tokenOf(d.address(seat)) != byHand {
		t.Error("the reminder does not carry the link that was sent by hand")
	}
	other := seat
	other.Participant = "p-other"
	if d.address(other) == d.address(seat) {
		t.Error("two seats have one link")
	}
	seat.Role = access.Nurse
	if _, err := d.SeatLink(t.Context(), seat); err == nil {
		t.Error("a nurse gets a link")
	}
}

func TestALinkLastsAsLongAsTheConsultationItIsFor(t *testing.T) {
	d := newDoor(t)
	seat := d.seat(identity.IdentifyLink)
	first := d.address(seat)
	d.clock.pass(23 * time.Hour)
	seat.Starts, seat.Expires = seat.Starts.Add(48*time.Hour), seat.Expires.Add(48*time.Hour) // moved
	if moved := d.address(seat); moved != first {
		t.Error("what was moved has another link")
	}
	d.clock.pass(24 * time.Hour) // past the first end
	d.opens("after the first end", first)
	seat.Expires = seat.Expires.Add(-48 * time.Hour) // moved back: it has been promised longer
	d.address(seat)
	d.opens("moved back", first)
	d.clock.pass(25 * time.Hour)
	if _, err := d.OpenLink(t.Context(), tokenOf(first), nobody, ""); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("past its end: %v", err)
	}
	seat.Expires = d.clock.Now().Add(time.Hour) // moved again, when it was over
	if d.address(seat) != first {
		t.Error("what was moved when it was over has another link")
	}
	d.opens("moved again", first)

	seat.Identification = identity.IdentifyCode
	d.address(seat)
	if o := d.opens("with a code", first); o.Code == nil {
		t.Error("the code that the parties ask for now is not asked for")
	}
}

func TestWhatWasRevokedIsNotGivenOutAgain(t *testing.T) {
	d := newDoor(t)
	coordinator := access.Actor{Person: "x", Role: access.Coordinator, Organisation: "fjordvik"}
	seat := d.seat(identity.IdentifyLink)
	first := d.address(seat)
	d.must(d.RevokeLink(t.Context(), coordinator, access.SameOrganisation, seat))
	_, err := d.SeatLink(t.Context(), seat)
	wantError(t, "a reminder of a seat whose link was revoked", err, identity.ErrRevoked)
	d.revoked("still", first)
	anew := d.sent(seat)
	if tokenOf(d.address(seat)) != anew {
		t.Error("the link that was sent anew is not the one that stands")
	}
	d.revoked("the first", first)
}

func TestALinkOutlivesTheKeysOfItsTime(t *testing.T) {
	d := newDoor(t)
	seat := d.seat(identity.IdentifyLink)
	first := d.address(seat)
	withKeys := func(keys ...identity.Key) *door {
		return doorTo(t, d.db, d.clock, func(c *identity.GateConfig) { c.LinkKeys = keys })
	}
	old, anew := identity.Key{Generation: 1, Secret: secret(2)}, identity.Key{Generation: 2, Secret: secret(3)}
	rotated := withKeys(anew, old)
	if rotated.address(seat) != first {
		t.Error("the new key has changed a link that was sent")
	}
	rotated.opens("after the rotation", first)
	// When the old key is gone nobody can open the link, nor send it: there is a new one.
	later := withKeys(anew)
	second := later.address(seat)
	if second == first {
		t.Error("a key that is gone has made a link")
	}
	later.opens("by the new key", second)
	unnumbered := d.cfg
	unnumbered.LinkKeys = []identity.Key{{Secret: secret(4)}}
	if _, err := identity.NewGate(unnumbered); err == nil {
		t.Error("a key of generation 0 is taken")
	}
}

func TestALinkThatCannotBeSentAgainStillOpensBesideTheNewOne(t *testing.T) {
	d := newDoor(t)
	seat := d.seat(identity.IdentifyLink)
	// As links were made before their tokens could be derived.
	const token = "AAECAwQFBgcICQoLDA0ODw"
	mac := hmac.New(sha256.New, secret(2))
	mac.Write([]byte("link\x00" + token))
	l := identity.Link{
		ID: "old", Kind: identity.SeatLink, Person: olav, Role: access.Patient, Consultation: "c1", Participant: "p-olav",
		Owner: "fjordvik", Made: d.clock.Now(), Expires: seat.Expires,
	}
	d.must(d.db.SignIn().AddLink(t.Context(), l, mac.Sum(nil), nil, nil))
	d.opens("the old one", "#"+token)
	anew := d.address(seat)
	if tokenOf(anew) == token || d.address(seat) != anew {
		t.Error("the seat has no link of its own that is the same each time")
	}
	d.opens("the old one, beside the new", "#"+token)
	d.opens("the new one", anew)
	d.must(d.RevokeLink(t.Context(), access.Actor{Person: "x", Role: access.Coordinator, Organisation: "fjordvik"}, access.SameOrganisation, seat))
	d.revoked("the old one", "#"+token)
	d.revoked("the new one", anew)
}

func TestTwoNotifiersAtOnceSendOneLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		c := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		db := open()
		nodes := []*door{doorTo(t, db, c), doorTo(t, db, c)}
		seat := nodes[0].seat(identity.IdentifyLink)
		var mu sync.Mutex
		links := map[string]int{}
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() { // ends when it has its link
				mine := seat
				mine.Expires = seat.Expires.Add(time.Duration(i%3) * time.Hour) // some have heard of a move
				address, err := nodes[i%2].SeatLink(context.Background(), mine)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				links[address]++
			})
		}
		all.Wait()
		if len(links) != 1 {
			t.Errorf("%d links for one seat", len(links))
		}
	})
}
