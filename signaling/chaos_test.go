package signaling_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Whatever people do and in whatever order, with connections, media and journal coming and
// going meanwhile: once it is quiet, everyone sees the same call, as far as they may see it.
func TestWhateverHappensEveryoneSeesTheSameCall(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			play(t, func(s *stage) {
				c := &chaos{stage: s, Rand: rand.New(rand.NewPCG(seed, 0)), seats: []seat{tuva, mari, olav, ragna}}
				for range 6 {
					for range 60 {
						c.step()
					}
					c.settle()
					c.compare()
					c.gather()
					if here := c.compare(); here != len(c.seats) {
						t.Errorf("%d are in the call when all have come and were let in; the last refusals: %v", here, c.refusals[max(0, len(c.refusals)-5):])
					}
				}
			})
		})
	}
}

// chaos does one thing after another, drawn by lot.
type chaos struct {
	*stage
	*rand.Rand
	seats   []seat
	viewers []*viewer
	release func() // joins are held back until it is called
	chats   int    // written so far

	refusals []string
}

// viewer is a page, and the call as it pieces it together from what it is told.
type viewer struct {
	*page
	seat     seat
	welcomed bool
	people   map[string]protocol.Participant
	presence protocol.Presence // its own
	chat     []string
	locked   bool
	epoch    int64
}

func (c *chaos) step() {
	switch n := c.IntN(40); {
	case n < 4:
		seat := c.seats[c.IntN(len(c.seats))]
		if c.IntN(4) > 0 && c.isLive(seat) {
			return // seldom twice at once
		}
		c.comes(seat, protocol.Hello{Ticket: c.ticket(seat), Offer: c.offer(), Media: c.sends(seat)})
	case n < 8:
		if v := c.someone(false); v != nil && v.welcomed && (c.IntN(4) == 0 || !c.isLive(v.seat)) {
			h := v.resume()
			h.Media = c.sends(v.seat)
			if c.IntN(2) == 0 {
				h.Offer = c.offer()
			}
			c.comes(v.seat, h)
		}
	case n < 10:
		if v := c.someone(true); v != nil {
			v.ws.NetConn().Close()
		}
	case n < 12:
		if c.release == nil {
			c.release = c.media.hold(joining)
		} else {
			c.release()
			c.release = nil
		}
	case n < 13:
		c.journal.set(nil, time.Duration(c.IntN(2))*time.Second)
	case n < 17:
		time.Sleep(time.Duration(c.IntN(3000)) * time.Millisecond)
	case n < 18:
		if c.IntN(4) == 0 {
			time.Sleep(70 * time.Second)
		}
	case n < 20:
		c.mediaSays()
	default:
		if v := c.someone(true); v != nil && v.welcomed {
			v.trySay(c.message(v.seat))
		}
	}
	if c.IntN(3) > 0 { // else the next thing happens at the same time
		c.listen()
	}
}

// isLive says whether a seat has a page that may be connected.
func (c *chaos) isLive(s seat) bool {
	return slices.ContainsFunc(c.viewers, func(v *viewer) bool { return v.name == s.Participant && !v.isOver() })
}

func (c *chaos) offer() string {
	if c.IntN(10) == 0 {
		return "bad offer"
	}
	return "offer"
}

func (c *chaos) sends(s seat) protocol.MediaState {
	m := protocol.MediaState{Microphone: c.IntN(2) == 0, Camera: c.IntN(2) == 0}
	if slices.Contains(s.May, protocol.MaySecond) && c.IntN(2) == 0 {
		m.Second = protocol.SecondCamera
	}
	return m
}

func (c *chaos) comes(s seat, h protocol.Hello) {
	v := &viewer{page: c.dial(s.Participant), seat: s}
	c.viewers = append(c.viewers, v)
	h.Version = protocol.Version
	v.trySay(h)
}

// someone is any page; if open, one whose connection is not known to be over.
func (c *chaos) someone(open bool) *viewer {
	all := slices.DeleteFunc(slices.Clone(c.viewers), func(v *viewer) bool { return open && v.isOver() })
	if len(all) == 0 {
		return nil
	}
	return all[c.IntN(len(all))]
}

func (c *chaos) message(s seat) protocol.ClientMessage {
	who := c.seats[c.IntN(len(c.seats))].Participant
	c.chats++
	often := []protocol.ClientMessage{
		protocol.Admit{Participant: who}, protocol.Admit{Participant: who}, protocol.Mute{Participant: who},
		protocol.Confirm{Participant: who},
		protocol.Media{Media: c.sends(s)}, protocol.Hand{Raised: c.IntN(2) == 0}, protocol.Ping{N: 1},
		protocol.Chat{ID: fmt.Sprint(c.chats - c.IntN(3)), Text: "Hei"},
		protocol.Watch{Picture: &protocol.Picture{Participant: who, Source: protocol.Second}},
		protocol.Watch{Picture: &protocol.Picture{Participant: who, Source: protocol.Camera}},
		protocol.Beside{People: []protocol.Companion{{Name: fmt.Sprint("Per Eik ", c.IntN(3))}}},
	}
	seldom := []protocol.ClientMessage{
		protocol.Leave{}, protocol.Refuse{Participant: who}, protocol.Remove{Participant: who}, protocol.Lock{Locked: c.IntN(3) == 0},
	}
	if c.IntN(8) == 0 {
		return seldom[c.IntN(len(seldom))]
	}
	return often[c.IntN(len(often))]
}

// mediaSays lets someone's media, of now or of before, say something.
func (c *chaos) mediaSays() {
	c.media.mu.Lock()
	var all []*studioPart
	for _, r := range c.media.rooms {
		all = append(all, r.parts...)
	}
	c.media.mu.Unlock()
	if len(all) == 0 {
		return
	}
	p := all[c.IntN(len(all))]
	switch c.IntN(5) {
	case 0:
		p.fails()
	case 1:
		p.tell(sfu.QualityChanged{Quality: sfu.Quality(c.IntN(5))})
	case 2:
		p.tell(sfu.Disconnected{})
	case 3:
		p.shows(c.seats[0].Participant, c.seats[c.IntN(len(c.seats))].Participant)
	case 4:
		p.tell(sfu.SendChanged{Source: sfu.Camera, RIDs: []string{"q"}, Codec: "VP8"})
	}
}

// settle lets everything that is under way come to its end.
func (c *chaos) settle() {
	if c.release != nil {
		c.release()
		c.release = nil
	}
	c.journal.set(nil, 0)
	time.Sleep(20 * time.Second)
	c.listen()
}

// listen lets every page read what it was told.
func (c *chaos) listen() {
	synctest.Wait()
	for _, v := range c.viewers {
		v.mu.Lock()
		msgs := v.inbox
		v.inbox = nil
		v.mu.Unlock()
		for _, m := range msgs {
			v.learn(c.t, m)
			if e, refused := m.(protocol.Error); refused {
				c.refusals = append(c.refusals, v.name+": "+e.Error())
			}
		}
	}
}

func (v *viewer) learn(t *testing.T, m protocol.ServerMessage) {
	if _, refused := m.(protocol.Error); !v.welcomed && !refused && m.Type() != "welcome" && m.Type() != "closing" {
		t.Errorf("%s is told %s before its welcome", v.name, m.Type())
	}
	switch m := m.(type) {
	case protocol.Welcome:
		v.welcomed, v.welcome, v.presence, v.epoch = true, m, m.Presence, m.Epoch
		v.enter(m.Room)
	case protocol.Admitted:
		v.presence = protocol.Here
		v.enter(m.Room)
	case protocol.Joined:
		if _, known := v.people[m.Participant.ID]; known {
			t.Errorf("%s is told twice that %s joined", v.name, m.Participant.ID)
		}
		v.people[m.Participant.ID] = m.Participant
	case protocol.Updated:
		if was, known := v.people[m.Participant.ID]; !known || reflect.DeepEqual(was, m.Participant) {
			t.Errorf("%s is told nothing new of %s, or of nobody", v.name, m.Participant.ID)
		}
		v.people[m.Participant.ID] = m.Participant
	case protocol.Left:
		if _, known := v.people[m.Participant]; !known {
			t.Errorf("%s is told that %s left, who was not there", v.name, m.Participant)
		}
		delete(v.people, m.Participant)
	case protocol.Chatted:
		if id := m.Message.From + m.Message.ID; !slices.Contains(v.chat, id) { // or said again to who asked again
			v.chat = append(v.chat, id)
		}
	case protocol.Locked:
		v.locked = m.Locked
	}
	if v.presence == protocol.Waiting && (len(v.chat) > 0 || v.locked) {
		t.Errorf("%s waits and learns of %s", v.name, m.Type())
	}
}

// isToldWho says whether the page is told how others have shown who they are.
func (v *viewer) isToldWho() bool {
	return slices.Contains(v.seat.May, protocol.MayAdmit) || slices.Contains(v.seat.May, protocol.MayConfirm)
}

func (v *viewer) enter(r protocol.Room) {
	v.people, v.chat, v.locked = make(map[string]protocol.Participant), nil, r.Locked
	for _, p := range r.Participants {
		v.people[p.ID] = p
	}
	for _, m := range r.Chat {
		v.chat = append(v.chat, m.From+m.ID)
	}
}

// gather lets everyone come who is not there, and lets all in: somebody always may.
func (c *chaos) gather() {
	for _, seat := range slices.Concat(c.seats, c.seats) { // one who was locked out comes again
		if !c.isLive(seat) {
			c.comes(seat, protocol.Hello{Ticket: c.ticket(seat), Offer: "offer", Media: c.sends(seat)})
			c.listen()
		}
		for _, v := range c.viewers {
			if v.presence == protocol.Here && !v.isOver() && slices.Contains(v.seat.May, protocol.MayAdmit) {
				v.trySay(protocol.Lock{Locked: false})
				for id, p := range v.people {
					if p.Presence == protocol.Waiting {
						v.trySay(protocol.Admit{Participant: id})
					}
				}
			}
		}
		c.settle()
	}
}

// compare holds every page's call against every other's, and against the directory. It
// returns how many are in the call.
func (c *chaos) compare() (here int) {
	live := slices.DeleteFunc(slices.Clone(c.viewers), func(v *viewer) bool { return v.isOver() || !v.welcomed })
	slices.SortFunc(live, func(a, b *viewer) int { return cmp.Compare(a.name, b.name) })
	present, err := c.directory.Present(c.t.Context(), "c1")
	if err != nil {
		c.t.Fatal(err)
	}
	for i, v := range live {
		if v.presence == protocol.Here {
			here++
		}
		if i > 0 && live[i-1].name == v.name {
			c.t.Errorf("%s has two seats: epochs %d and %d", v.name, live[i-1].epoch, v.epoch)
		}
		if v.people[v.name].Presence != v.presence || present[v.name] != v.presence {
			c.t.Errorf("%s is %s, is shown %s to itself and %s to others", v.name, v.presence, v.people[v.name].Presence, present[v.name])
		}
		sees := maps.Clone(present)
		maps.DeleteFunc(sees, func(id string, p protocol.Presence) bool {
			admits := v.presence == protocol.Here && slices.Contains(v.seat.May, protocol.MayAdmit)
			return p == protocol.Waiting && !admits && id != v.name
		})
		shown := make(map[string]protocol.Presence)
		for id, p := range v.people {
			shown[id] = p.Presence
		}
		equal(c.t, v.name+" sees", shown, sees)
		if v.presence == protocol.Here {
			c.samePicture(v, live)
		}
	}
	c.sameMedia()
	return here
}

// samePicture compares what two in the call know of everyone.
func (c *chaos) samePicture(v *viewer, live []*viewer) {
	for _, w := range live {
		if w.presence != protocol.Here {
			continue
		}
		equal(c.t, v.name+" and "+w.name+" know the lock", v.locked, w.locked)
		equal(c.t, v.name+" and "+w.name+" know the chat", v.chat, w.chat)
		for id, p := range v.people {
			if q, both := w.people[id]; both {
				if !v.isToldWho() || !w.isToldWho() {
					p.Identified, q.Identified = "", ""
					p.Confirmed, q.Confirmed = nil, nil
					p.Unconfirmed, q.Unconfirmed = false, false
				}
				equal(c.t, v.name+" and "+w.name+" know of "+id, p, q)
			}
		}
		for _, p := range v.people {
			if p.Watching == nil {
				continue
			}
			if of, there := v.people[p.Watching.Participant]; !there || p.Watching.Source == protocol.Second && of.Media.Second == "" {
				c.t.Errorf("%s watches what is not there: %+v", p.ID, *p.Watching)
			}
		}
	}
}

// sameMedia compares what the media was told with what the pages were.
func (c *chaos) sameMedia() {
	for _, v := range c.viewers {
		if v.isOver() || !v.welcomed {
			continue
		}
		media := c.media.of(c.t, v.name)
		m := v.people[v.name].Media
		equal(c.t, v.name+" is let through", media.sends(), [3]bool{m.Microphone, m.Camera, m.Second != ""})
		equal(c.t, v.name+"'s media is admitted", media.isAdmitted(), v.presence == protocol.Here)
		equal(c.t, v.name+"'s media is closed", media.isClosed(), false)
	}
}
