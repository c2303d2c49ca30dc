package loadtest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

// The floor is the least that forwarding can cost: SRTP opened once and sealed for each of
// the others, read by recvmmsg and written by sendmmsg with UDP segmentation, with no
// signalling, no rooms that change, no feedback, no cache. It runs as a process of its own,
// so that its cost can be told apart, and is told everything beforehand.

const floorProfile = srtp.ProtectionProfileAeadAes128Gcm

// floorPlan is what the floor's process reads first.
type floorPlan struct {
	Local string      `json:"local"` // address to listen on
	Peers []floorPeer `json:"peers"`
}

// floorPeer is one participant, with the keys for both directions.
type floorPeer struct {
	Addr    string `json:"addr"`
	Room    int    `json:"room"`
	InKey   []byte `json:"inKey"` // of what the peer sends
	InSalt  []byte `json:"inSalt"`
	OutKey  []byte `json:"outKey"`
	OutSalt []byte `json:"outSalt"`
}

// floorReady is what it answers: where it listens.
type floorReady struct {
	Addr string `json:"addr"`
}

// floorCounts is what it answers to every further line on its input.
type floorCounts struct {
	In     uint64        `json:"in"`     // packets opened
	Sealed uint64        `json:"sealed"` // packets sealed
	Out    uint64        `json:"out"`    // packets handed to the kernel
	Open   time.Duration `json:"open"`   // spent on opening all of them
	Seal   time.Duration `json:"seal"`   // spent on sealing
	Send   time.Duration `json:"send"`   // spent on sending
	Failed uint64        `json:"failed"` // packets that could not be opened, sealed or sent
}

type floorPeerState struct {
	addr    netip.AddrPort
	room    int
	in, out *srtp.Context
	others  []*floorPeerState
}

// floorWorker is the floor's process: a plan on its input, then a line for each count
// that is wanted; it ends with its input.
func floorWorker(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	if !lines.Scan() {
		return fmt.Errorf("no plan: %w", lines.Err())
	}
	var plan floorPlan
	if err := json.Unmarshal(lines.Bytes(), &plan); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	peers, err := plan.peers()
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	local, err := netip.ParseAddr(plan.Local)
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	sock, err := batch.Listen(netip.AddrPortFrom(local, 0), batch.Config{})
	if err != nil {
		return err
	}
	defer sock.Close()
	answer := json.NewEncoder(out)
	if err := answer.Encode(floorReady{Addr: sock.LocalAddr().String()}); err != nil {
		return err
	}
	f := floor{sock: sock, peers: peers}
	ended := make(chan error, 1)
	go func() { ended <- f.forward() }() // ends when the socket is closed
	for lines.Scan() {
		if err := answer.Encode(f.count()); err != nil {
			return err
		}
	}
	_ = sock.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		return err
	}
	return lines.Err()
}

// floor is the forwarder.
type floor struct {
	sock  *batch.Socket
	peers map[netip.AddrPort]*floorPeerState

	mu     sync.Mutex
	counts floorCounts
}

func (f *floor) count() floorCounts {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.counts
	c.Failed += f.sock.Stats().Dropped
	return c
}

func (p *floorPlan) peers() (map[netip.AddrPort]*floorPeerState, error) {
	all := make(map[netip.AddrPort]*floorPeerState, len(p.Peers))
	rooms := map[int][]*floorPeerState{}
	for _, peer := range p.Peers {
		addr, err := netip.ParseAddrPort(peer.Addr)
		if err != nil {
			return nil, err
		}
		s := &floorPeerState{addr: addr, room: peer.Room}
		if s.in, err = srtp.CreateContext(peer.InKey, peer.InSalt, floorProfile, srtp.SRTPReplayProtection(512)); err != nil {
			return nil, err
		}
		if s.out, err = srtp.CreateContext(peer.OutKey, peer.OutSalt, floorProfile); err != nil {
			return nil, err
		}
		all[addr] = s
		rooms[peer.Room] = append(rooms[peer.Room], s)
	}
	for _, s := range all {
		for _, o := range rooms[s.room] {
			if o != s {
				s.others = append(s.others, o)
			}
		}
	}
	return all, nil
}

// forward is the whole of it.
func (f *floor) forward() error {
	r, w := f.sock.NewReader(), f.sock.NewWriter()
	var header rtp.Header
	var c floorCounts
	for {
		batched, err := r.Read()
		if err != nil {
			return err
		}
		// A clock's reading costs some 50 ns, two of them for one packet in: 1 % of it.
		t := time.Now()
		lap := func(into *time.Duration) {
			now := time.Now()
			*into += now.Sub(t)
			t = now
		}
		flush := func() {
			sent, _ := w.Flush() // the socket counts what could not be sent
			c.Out += uint64(sent)
			lap(&c.Send)
		}
		for i := range batched {
			d := &batched[i]
			from := f.peers[d.From]
			if from == nil || len(d.Data) < 12 || d.Data[1] >= 192 && d.Data[1] <= 223 { // RFC 5761 §4: RTCP
				continue
			}
			plain, err := from.in.DecryptRTP(d.Data[:0], d.Data, &header)
			lap(&c.Open)
			if err != nil {
				c.Failed++
				continue
			}
			c.In++
			for _, to := range from.others {
				sealed, err := to.out.EncryptRTP(w.Next()[:0], plain, &header)
				if err != nil {
					c.Failed++
					continue
				}
				w.Queue(len(sealed), to.addr)
				c.Sealed++
			}
			lap(&c.Seal)
			if w.Pending() > 120 { // before it flushes by itself, among the seals
				flush()
			}
		}
		flush()
		f.mu.Lock()
		f.counts = c
		f.mu.Unlock()
	}
}
