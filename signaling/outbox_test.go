package signaling

import (
	"bytes"
	"testing"
)

func TestAFullOutboxTakesNothingMore(t *testing.T) {
	o := newOutbox()
	for i := range outboxMessages {
		if !o.put([]byte("x")) {
			t.Fatalf("full after %d messages", i)
		}
	}
	if o.put([]byte("x")) {
		t.Error("one more than it holds was taken")
	}
	if msgs, ended, _ := o.take(); len(msgs) != outboxMessages || ended {
		t.Errorf("holds %d messages, ended %v", len(msgs), ended)
	}
	if !o.put([]byte("x")) {
		t.Error("still full when it was emptied")
	}
}

func TestAnOutboxIsBoundedInBytesButTakesOneMessageOfAnySize(t *testing.T) {
	o := newOutbox()
	if !o.put(make([]byte, 2*outboxBytes)) {
		t.Fatal("a large message can never be sent")
	}
	if o.put([]byte("x")) {
		t.Error("more was taken behind it")
	}
	o.take()
	if !o.put(make([]byte, outboxBytes)) || o.put([]byte("x")) {
		t.Error("the bytes of what was taken out are still counted, or not at all")
	}
}

func TestAnEndedOutboxKeepsWhatItHasAndTakesNoMore(t *testing.T) {
	o := newOutbox()
	o.put([]byte("first"))
	if !o.end([]byte("last"), 4410) || o.end([]byte("later"), 4400) || o.abort(nil, 4429) {
		t.Error("not exactly the first end counts")
	}
	if !o.put([]byte("late")) {
		t.Error("what comes after the end makes a slow consumer of it")
	}
	msgs, ended, code := o.take()
	if !bytes.Equal(bytes.Join(msgs, []byte(" ")), []byte("first last")) || !ended || code != 4410 {
		t.Errorf("holds %q, ended %v with %d", msgs, ended, code)
	}
}

func TestAnAbortedOutboxHoldsOnlyItsLastWords(t *testing.T) {
	o := newOutbox()
	o.put([]byte("unread"))
	o.abort([]byte("slow"), 4429)
	if msgs, ended, code := o.take(); len(msgs) != 1 || string(msgs[0]) != "slow" || !ended || code != 4429 {
		t.Errorf("holds %q, ended %v with %d", msgs, ended, code)
	}
}

func TestATokenProvesNothingButItsSecret(t *testing.T) {
	token, hash := newToken("c1", "olav")
	c, p, secret, ok := parseToken(token)
	if !ok || c != "c1" || p != "olav" || len(secret) < 22 { // 128 bits
		t.Fatalf("token %q is %q %q %q %v", token, c, p, secret, ok)
	}
	good := pass{epoch: 7, hash: hash}
	if !good.admits(7, secret) {
		t.Error("the right secret is refused")
	}
	if good.admits(6, secret) || good.admits(7, secret+"x") || good.admits(7, "") || (pass{}).admits(0, "") {
		t.Error("a wrong secret or epoch is accepted")
	}
	if again, _ := newToken("c1", "olav"); again == token {
		t.Error("two tokens are the same")
	}
}
