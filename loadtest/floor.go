package loadtest

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"time"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/batch"
)

// Payload types of the floor's participants: any do.
const (
	floorSound   = 111
	floorPicture = 96
)

// floorProcess is the floor's process as its parent sees it.
type floorProcess struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr tail
}

// measureFloor drives the floor with the packets that the service was driven with.
func measureFloor(ctx context.Context, cfg *Config, rooms int) (res FloorResult, err error) {
	p, err := startFloor(ctx, cfg)
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	idle, err := processMemory(p.cmd.Process.Pid)
	if err != nil {
		return res, err
	}
	e := newEngine(cfg.Progress)
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, e.stop())
		}
	}()
	peers, plan, err := floorPeers(e, rooms)
	if err != nil {
		for _, peer := range peers {
			_ = peer.sock.Close()
		}
		return res, err
	}
	var ready floorReady
	err = p.ask(plan, &ready)
	var to netip.AddrPort
	if err == nil {
		to, err = netip.ParseAddrPort(ready.Addr)
	}
	for _, peer := range peers {
		d, derr := peer.drive(e, peers, to) // always, so that its socket has an owner
		err = errors.Join(err, derr)
		if derr == nil {
			e.nextID++
			d.id = e.nextID
			e.add(d)
		}
	}
	if err != nil {
		return res, err
	}
	if err := wait(ctx, cfg.Settle); err != nil {
		return res, err
	}
	var before, after floorCounts
	if err := p.ask(struct{}{}, &before); err != nil {
		return res, err
	}
	if res.Result, err = e.measure(ctx, forwarder{name: "floor", pid: p.cmd.Process.Pid}, cfg.Duration, false); err != nil {
		return res, err
	}
	if err := p.ask(struct{}{}, &after); err != nil {
		return res, err
	}
	busy, err := processMemory(p.cmd.Process.Pid)
	if err != nil {
		return res, err
	}
	res.MemoryPerRoom = (int64(busy) - int64(idle)) / int64(rooms)
	each := func(spent time.Duration, n uint64) time.Duration { return spent / time.Duration(max(n, 1)) }
	res.Open = each(after.Open-before.Open, after.In-before.In)
	res.Seal = each(after.Seal-before.Seal, after.Sealed-before.Sealed)
	res.Send = each(after.Send-before.Send, after.Out-before.Out)
	stopped = true
	return res, e.stop()
}

func startFloor(ctx context.Context, cfg *Config) (*floorProcess, error) {
	command := cfg.FloorCommand
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		command = []string{self, "loadtest", floorWorkerCommand}
	}
	// This executable, or what the caller names
	p := &floorProcess{cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	p.cmd.Stderr = &p.stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	return p, begin(p.cmd, cfg.Pin)
}

// ask writes one line and reads the answer.
func (p *floorProcess) ask(question, answer any) error {
	raw, err := json.Marshal(question)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("%w: %s", err, p.stderr.String())
	}
	if !p.out.Scan() {
		return fmt.Errorf("it ended: %w: %s", errors.Join(p.out.Err()), p.stderr.String())
	}
	return json.Unmarshal(p.out.Bytes(), answer)
}

func (p *floorProcess) stop() error {
	_ = p.in.Close() // it ends with its input
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, p.stderr.String())
	}
	return nil
}

// floorGuest is one participant of the floor: no ICE, no DTLS, keys made here.
type floorGuest struct {
	room, seat     int
	sock           *batch.Socket
	keys           client.Keys
	sound, picture uint32 // SSRCs
}

// floorPeers opens a socket and draws keys for everyone. On error the sockets made so far are returned.
func floorPeers(e *engine, rooms int) ([]*floorGuest, floorPlan, error) {
	plan := floorPlan{Local: "127.0.0.1"}
	var guests []*floorGuest
	for i := range rooms * seats {
		// As the client's sockets are: packets go out and come in one by one, as a browser's.
		sock, err := batch.Listen(netip.MustParseAddrPort("127.0.0.1:0"), batch.Config{
			Batch: 16, Unsegmented: true, ReadBuffer: 1 << 20, WriteBuffer: 1 << 20,
		})
		if err != nil {
			return guests, plan, err
		}
		secret := make([]byte, 2*(16+12)) // RFC 7714 §12: keys of 128 bits, salts of 96
		rand.Read(secret)                 // never fails (crypto/rand)
		g := &floorGuest{
			room: i / seats, seat: i % seats, sock: sock,
			keys: client.Keys{
				Profile: floorProfile,
				SendKey: secret[:16], SendSalt: secret[16:28], ReceiveKey: secret[28:44], RecSalt: secret[44:],
			},
			sound: uint32(2*i + 1), picture: uint32(2*i + 2),
		}
		guests = append(guests, g)
		plan.Peers = append(plan.Peers, floorPeer{
			Addr: sock.LocalAddr().String(), Room: g.room,
			InKey: g.keys.SendKey, InSalt: g.keys.SendSalt, OutKey: g.keys.ReceiveKey, OutSalt: g.keys.RecSalt,
		})
	}
	return guests, plan, nil
}

// drive makes a participant that sends to the floor and receives the others of its room.
func (g *floorGuest) drive(e *engine, all []*floorGuest, to netip.AddrPort) (_ *driven, err error) {
	defer func() {
		if err != nil {
			_ = g.sock.Close()
		}
	}()
	t := newTally(&e.window)
	w, err := client.NewWire(client.WireConfig{Socket: g.sock, OnRTP: t.add, Now: e.now})
	if err != nil {
		return nil, err
	}
	w.SetRemote(to)
	sound, err := w.AddStream(client.StreamConfig{SSRC: g.sound, PayloadType: floorSound, ClockRate: 48000})
	if err != nil {
		return nil, err
	}
	picture, err := w.AddStream(client.StreamConfig{SSRC: g.picture, PayloadType: floorPicture, ClockRate: videoClock})
	if err != nil {
		return nil, err
	}
	var lines []*client.Line
	for _, o := range all {
		if o.room == g.room && o != g {
			lines = append(lines, client.NewLine("", false, o.sound, 0, 48000), client.NewLine("", true, o.picture, 0, videoClock))
		}
	}
	if err := w.Connect(g.keys, lines); err != nil {
		return nil, err
	}
	ran := make(chan error, 1)
	go func() { ran <- w.Run() }() // ends when close closes the socket
	return &driven{
		member: newMember(0, g.room, g.seat, w, sound, []*client.Stream{picture}),
		tally:  t,
		stats:  w.Stats,
		addrs:  func() (netip.AddrPort, netip.AddrPort) { return g.sock.LocalAddr(), to },
		close: func() {
			_ = g.sock.Close()
			<-ran
		},
		lost: func() error { return nil },
	}, nil
}
