package loadtest

import (
	"net/netip"
	"os"
	"testing"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

func TestDatagramsThatASocketHadNoRoomForAreCounted(t *testing.T) {
	sock, err := batch.Listen(netip.MustParseAddrPort("127.0.0.1:0"), batch.Config{ReadBuffer: 1}) // the kernel's least
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sock.Close() }()
	port := sock.LocalAddr().Port()
	if n := udpDrops()[port]; n != 0 {
		t.Errorf("%d thrown away before anything was sent", n)
	}
	const sent = 100
	w := sock.NewWriter()
	for range sent {
		w.Next()
		w.Queue(1000, sock.LocalAddr())
	}
	if n, err := w.Flush(); n != sent || err != nil {
		t.Fatal(n, err)
	}
	if n := udpDrops()[port]; n == 0 || n >= sent {
		t.Errorf("%d of %d thrown away, want some", n, sent)
	}
}

func TestAProcessIsReadFromProc(t *testing.T) {
	all := machineCPU()
	before, err := processCPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for ownCPU() < before+5*clockTick { // work, by the other of the two clocks
	}
	after, err := processCPU(os.Getpid())
	if err != nil || after <= before {
		t.Errorf("CPU %s, then %s: %v", before, after, err)
	}
	if d := machineCPU() - all; d < 2*clockTick {
		t.Errorf("the machine has used %s while we used five ticks", d)
	}
	if m, err := processMemory(os.Getpid()); err != nil || m < 1<<20 || m > 1<<40 {
		t.Errorf("memory %d: %v", m, err)
	}
	if _, err := processCPU(1 << 30); err == nil {
		t.Error("CPU of a process that is not there")
	}
	if m := machine(); m.CPU == "" || m.Kernel == "" || m.Cores < 1 {
		t.Errorf("machine %+v", m)
	}
}

func TestPinningIsUndone(t *testing.T) {
	if cores() < 2 {
		t.Skip("one core")
	}
	undo, err := pinSelf(generatorCore)
	if err != nil {
		t.Fatal(err)
	}
	if allowedOn(os.Getpid(), forwarderCore) || !allowedOn(os.Getpid(), generatorCore) {
		t.Error("not kept on the generator's core")
	}
	undo()
	if !allowedOn(os.Getpid(), forwarderCore) {
		t.Error("still kept there")
	}
}
