package forward

import (
	"testing"
	"time"
	"unsafe"
)

func TestHistoryRemembersHowAPacketWasMade(t *testing.T) {
	s := NewHistory(0)
	var got Header
	if s.Resend(1, 0, 0, &got) {
		t.Error("an empty history remembers")
	}
	made := Header{Key: 7, Offset: 1 << 31, InSequence: 3, Sequence: 65535, PictureID: 0x7fff, TL0PicIdx: 200, KeyIdx: 31, PayloadType: 96, RTXPayloadType: 97, AudioLevelIn: 1, flags: flagVP8}
	s.Add(&made, 0)
	if !s.Resend(65535, second, 0, &got) || got != made {
		t.Errorf("%+v, was %+v", got, made)
	}
	if s.Resend(63, second, 0, &got) {
		t.Error("another packet in the same place was taken for it")
	}
	if n := unsafe.Sizeof(sentPacket{}); n != 24 {
		t.Errorf("%d bytes a packet", n)
	}
}

func TestAStormOfNACKsIsAnsweredOncePerRoundTrip(t *testing.T) {
	s := NewHistory(0)
	s.Add(&Header{Sequence: 1}, 0)
	answers := 0
	var h Header
	for at := Time(0); at < 400*ms; at += ms {
		if s.Resend(1, at, 100*time.Millisecond, &h) {
			answers++
		}
	}
	if answers != 3 { // at 100, 200 and 300 ms
		t.Errorf("%d answers in 400 ms", answers)
	}
}

func TestHistoryGrowsWhileWhatItWouldForgetIsYoung(t *testing.T) {
	fast, slow := NewHistory(1000), NewHistory(1000)
	for i := range uint16(5000) {
		fast.Add(&Header{Sequence: i, Key: Key(i)}, Time(i)*ms)
		slow.Add(&Header{Sequence: i, Key: Key(i)}, Time(i)*40*ms)
	}
	if len(fast.ring) != 1024 || len(slow.ring) != 64 {
		t.Errorf("%d and %d packets", len(fast.ring), len(slow.ring))
	}
	var h Header
	for i := range uint16(1024) {
		if !fast.Resend(4999-i, 10*second, 0, &h) || h.Key != Key(4999-i) {
			t.Fatalf("packet %d before the last: %+v", i, h)
		}
	}
	if fast.Resend(4999-1024, 10*second, 0, &h) {
		t.Error("more than it has room for")
	}
}

func TestALatePacketDoesNotPushOutANewerOne(t *testing.T) {
	s := NewHistory(64)
	s.Add(&Header{Sequence: 100}, 0)
	s.Add(&Header{Sequence: 36}, ms)
	var h Header
	if !s.Resend(100, second, 0, &h) || s.Resend(36, second, 0, &h) {
		t.Error("it did")
	}
	s.Add(&Header{Sequence: 164}, second)
	if !s.Resend(164, 2*second, 0, &h) {
		t.Error("a newer one did not")
	}
}
