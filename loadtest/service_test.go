package loadtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/forward"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// binaryDir names the folder that TestMain has made for the service's binary, and takes away.
const binaryDir = "SAMKONSULT_TEST_BINARY_DIR"

// buildService builds the real service, once for all tests of the package.
var buildService = sync.OnceValues(func() (string, error) {
	file := filepath.Join(os.Getenv(binaryDir), "samkonsult")
	// Our own program.
	out, err := exec.Command("go", "build", "-o", file, "github.com/samkonsult/samkonsult/cmd/samkonsult").CombinedOutput()
	if err != nil {
		return "", errors.New(err.Error() + ": " + string(out))
	}
	return file, nil
})

func built(t *testing.T) string {
	t.Helper()
	file, err := buildService()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func startService(t *testing.T, rooms int) *service {
	t.Helper()
	s, err := start(t.Context(), &Config{Serve: built(t)}, rooms)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// guest is a client in a test, with what it was told.
type guest struct {
	*client.Client
	t    *testing.T
	told chan protocol.ServerMessage

	mu    sync.Mutex
	heard map[string]int // packets by their payload's first word
}

func (s *service) join(t *testing.T, cfg client.Config) *guest {
	t.Helper()
	g, err := s.tryJoin(t, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (s *service) tryJoin(t *testing.T, cfg client.Config) (*guest, error) {
	t.Helper()
	g := &guest{t: t, told: make(chan protocol.ServerMessage, 1000), heard: map[string]int{}}
	cfg.URL = s.url
	cfg.Media = protocol.MediaState{Microphone: true, Camera: true}
	cfg.OnMessage = func(m protocol.ServerMessage) {
		select {
		case g.told <- m:
		default:
		}
	}
	cfg.OnRTP = func(r *client.Received) {
		payload := r.Packet.Payload
		if r.Line.Video {
			var d forward.VP8Descriptor
			if forward.ParseVP8(payload, &d) != nil || len(payload) < d.Size+10 {
				return
			}
			payload = payload[d.Size+10:]
		}
		word, _, _ := strings.Cut(string(payload), " ")
		g.mu.Lock()
		g.heard[word]++
		g.mu.Unlock()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, err := client.Dial(ctx, cfg)
	if err != nil {
		return nil, err
	}
	g.Client = c
	t.Cleanup(c.Close)
	return g, nil
}

func (g *guest) hears(words ...string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range words {
		if g.heard[w] == 0 {
			return false
		}
	}
	return true
}

func (g *guest) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.heard)
}

// say sends one packet of sound and one keyframe that hold the words.
func (g *guest) say(n uint32, name string) {
	g.t.Helper()
	mic, cam := g.Microphone(), g.Camera()[0]
	if err := mic.Queue(copy(mic.Next(), name+"-sound "), n*audioTicks, true, 30); err != nil {
		g.t.Fatal(err)
	}
	f := frame{keyframe: true, packets: 1, size: 300, pictureID: uint16(n), shape: &single}
	b := cam.Next()[:f.size]
	f.put(b, 0)
	copy(b[14:], name+"-picture ")
	if err := cam.Queue(f.size, n*3000, true, 0); err != nil {
		g.t.Fatal(err)
	}
	if err := g.Flush(); err != nil {
		g.t.Fatal(err)
	}
}

// talked numbers what is said, so that time does not run backwards from one talk to the next.
var talked atomic.Uint32

// talk lets everyone say their names until ok.
func talk(t *testing.T, what string, all map[string]*guest, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for n := talked.Add(1000); !ok(); n++ {
		for name, g := range all {
			g.say(n, name)
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			for name, g := range all {
				g.mu.Lock()
				t.Logf("%s has heard %v on %v", name, g.heard, g.Lines())
				g.mu.Unlock()
			}
			t.Fatalf("never: %s", what)
		}
	}
}

// await reads messages until one of M that fits.
func await[M protocol.ServerMessage](t *testing.T, g *guest, fits func(M) bool) M {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	for {
		select {
		case m := <-g.told:
			if m, ok := m.(M); ok && fits(m) {
				return m
			}
		case <-deadline.C:
			var m M
			t.Fatalf("no %s that fits", m.Type())
		}
	}
}

func TestThreeClientsHearAndSeeEachOtherAndComeAndGo(t *testing.T) {
	s := startService(t, 1)
	tickets := s.links.Consultations[0].Tickets
	a := s.join(t, client.Config{Ticket: tickets[0]})
	b := s.join(t, client.Config{Ticket: tickets[1]})
	c := s.join(t, client.Config{Ticket: tickets[2]})
	all := map[string]*guest{"a": a, "b": b, "c": c}
	talk(t, "everyone hears and sees the two others", all, func() bool {
		return a.hears("b-sound", "b-picture", "c-sound", "c-picture") &&
			b.hears("a-sound", "a-picture", "c-sound", "c-picture") &&
			c.hears("a-sound", "a-picture", "b-sound", "b-picture")
	})
	if a.hears("a-sound") || a.hears("a-picture") {
		t.Error("someone hears themselves")
	}
	tm := c.Timings()
	if tm.Welcomed <= 0 || tm.Paired < tm.Welcomed || tm.Connected < tm.Paired || tm.FirstPacket <= 0 || tm.FirstFrame < tm.FirstPacket || tm.Pictures != 2 {
		t.Errorf("timings %+v", tm)
	}

	// The websocket is lost and found again: media goes on meanwhile, and on the same lines.
	self, epoch := b.Self(), b.Welcome().Epoch
	b.Disconnect()
	if b.Err() == nil {
		t.Error("no error after the websocket was dropped")
	}
	a.forget()
	talk(t, "b is heard without a websocket", all, func() bool { return a.hears("b-sound", "b-picture") })
	if err := b.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := b.Welcome(); w.Self != self || w.Epoch <= epoch || w.Answer != "" {
		t.Errorf("resumed as %s in epoch %d, was %s in %d", w.Self, w.Epoch, self, epoch)
	}
	a.forget()
	b.forget()
	talk(t, "b is back", all, func() bool { return a.hears("b-sound", "b-picture") && b.hears("a-sound", "c-picture") })

	// One leaves for good, and the others are told.
	gone := c.Self()
	if err := c.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, a, func(m protocol.Left) bool { return m.Participant == gone && m.Reason == protocol.LeftByThemselves })
	var closed *websocket.CloseError
	if !errors.As(c.Err(), &closed) || closed.Code != protocol.CloseLeft {
		t.Errorf("left with %v, want close code %d", c.Err(), protocol.CloseLeft)
	}
	// And comes back with another ticket.
	again := s.join(t, client.Config{Ticket: tickets[5]})
	delete(all, "c")
	all["again"] = again
	talk(t, "who came back is heard", all, func() bool { return a.hears("again-sound", "again-picture") && again.hears("a-sound", "b-picture") })
}

func TestAFreshTransportTakesUpASeatByItsToken(t *testing.T) {
	s := startService(t, 1)
	a := s.join(t, client.Config{Ticket: s.links.Consultations[0].Tickets[0]})
	b := s.join(t, client.Config{Ticket: s.links.Consultations[0].Tickets[1]})
	all := map[string]*guest{"a": a, "b": b}
	talk(t, "both are heard", all, func() bool { return a.hears("b-sound") && b.hears("a-sound") })
	self, w := b.Self(), b.Welcome()
	b.Close()
	b = s.join(t, client.Config{Resume: &protocol.Resume{Token: w.ResumeToken, Epoch: w.Epoch}})
	if b.Self() != self {
		t.Errorf("is %s, was %s", b.Self(), self)
	}
	all["b"] = b
	a.forget()
	talk(t, "both are heard again", all, func() bool { return a.hears("b-sound", "b-picture") && b.hears("a-sound", "a-picture") })
}

func TestATicketThatIsUsedUpIsRefusedAndNothingStaysBehind(t *testing.T) {
	s := startService(t, 1)
	before := runtime.NumGoroutine()
	a := s.join(t, client.Config{Ticket: s.links.Consultations[0].Tickets[0]})
	for _, cfg := range []client.Config{
		{Ticket: s.links.Consultations[0].Tickets[0]},
		{Ticket: "nonsense"},
		{Resume: &protocol.Resume{Token: "nonsense", Epoch: 1}},
	} {
		_, err := s.tryJoin(t, cfg)
		var refused protocol.Error
		if !errors.As(err, &refused) || !refused.Fatal || refused.Code != protocol.CodeTicket && refused.Code != protocol.CodeResume {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
	a.Close()
	until(t, "the clients' goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	talk(t, what, nil, ok)
}

func TestAWaitingClientIsConnectedAndIsHeardOnceItIsAdmitted(t *testing.T) {
	s := startService(t, 1)
	nurse := s.join(t, client.Config{Ticket: s.ticket(t, s.links.Nurse)})
	patient := s.join(t, client.Config{Ticket: s.ticket(t, s.links.Patient)})
	if w := patient.Welcome(); w.Presence != protocol.Waiting {
		t.Fatalf("the patient is %s", w.Presence)
	}
	if w := nurse.Welcome(); w.Presence != protocol.Here {
		t.Fatalf("the nurse is %s", w.Presence)
	}
	await(t, nurse, func(m protocol.Joined) bool {
		return m.Participant.ID == patient.Self() && m.Participant.Presence == protocol.Waiting
	})
	all := map[string]*guest{"nurse": nurse, "patient": patient}
	for n := range uint32(20) { // what is said in the waiting room stays there
		patient.say(n, "secret")
	}
	// They are in the service's socket before the ping is, and it has read them long before it is told to admit.
	if err := patient.Send(t.Context(), protocol.Ping{N: 77}); err != nil {
		t.Fatal(err)
	}
	await(t, patient, func(m protocol.Pong) bool { return m.N == 77 })
	if err := nurse.Send(t.Context(), protocol.Admit{Participant: patient.Self()}); err != nil {
		t.Fatal(err)
	}
	await(t, patient, func(protocol.Admitted) bool { return true })
	talk(t, "both hear and see each other", all, func() bool {
		return nurse.hears("patient-sound", "patient-picture") && patient.hears("nurse-sound", "nurse-picture")
	})
	if nurse.hears("secret-sound") { // the last picture may be there: the service begins with what it has cached
		t.Error("the nurse heard what was said in the waiting room")
	}
}

// ticket opens a demo link and presses join, in a browser of its own.
func (s *service) ticket(t *testing.T, link string) string {
	t.Helper()
	_, token, ok := strings.Cut(link, "#")
	if !ok {
		t.Fatalf("%q is no link", link)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	var opened struct {
		Handle string
		Opened struct{ Consultation struct{ ID string } }
	}
	s.post(t, browser, "/api/v1/link", "", map[string]string{"token": token}, &opened)
	var answer struct{ Ticket string }
	s.post(t, browser, "/api/v1/tickets", opened.Handle, map[string]string{"consultation": opened.Opened.Consultation.ID}, &answer)
	return answer.Ticket
}

func (s *service) post(t *testing.T, browser *http.Client, path, session string, body, answer any) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if session != "" {
		req.Header.Set("Samkonsult-Session", session)
	}
	resp, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %v", path, resp.Status, err)
	}
}

func TestARunAgainstTheRealServiceAndTheFloor(t *testing.T) {
	var progress bytes.Buffer
	file := filepath.Join(t.TempDir(), "report.json")
	r, err := Run(t.Context(), Config{
		Serve: built(t), Rooms: 2, Duration: time.Second, Settle: 3 * time.Second, Floor: true, Progress: &progress,
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	if err := r.WriteJSON(file); err != nil {
		t.Fatal(err)
	}
	s := r.Service
	// How fast it was is for a quiet machine to tell; that it was all counted is told here.
	if s.Sent == 0 || s.Expected != 2*s.Sent || s.Received < s.Expected/2 || s.Duplicates != 0 {
		t.Errorf("%d sent, %d of %d received, %d twice", s.Sent, s.Received, s.Expected, s.Duplicates)
	}
	if s.Received+s.Lost != s.Expected {
		t.Errorf("%d received and %d lost are not %d", s.Received, s.Lost, s.Expected)
	}
	// Memory and goroutines may have fallen: what two rooms take is less than what the start gives back.
	if s.DelayP50 <= 0 || s.DelayMax < s.DelayP99 || s.Generator <= 0 || s.GoroutinesPerRoom == 0 && s.MemoryPerRoom == 0 {
		t.Errorf("not measured: %+v", s)
	}
	if r.Joins.Count != 2*4 || r.Joins.Failed != 0 || r.Joins.FirstPacketP50 <= 0 || r.Joins.FirstKeyframeP50 < r.Joins.FirstPacketP50 {
		t.Errorf("joins: %+v, want the third of each room and then three times again", r.Joins)
	}
	if r.Floor == nil || r.Floor.Received == 0 || r.Floor.Seal <= 0 {
		t.Errorf("floor: %+v", r.Floor)
	}
	if !strings.Contains(progress.String(), "service   1 s") || !strings.Contains(progress.String(), "floor   1 s") {
		t.Errorf("no progress each second:\n%s", progress.String())
	}
}

func TestASimulcastRunSendsThreeLayersAndReceivesOne(t *testing.T) {
	r, err := Run(t.Context(), Config{Serve: built(t), Rooms: 1, Duration: time.Second, Settle: 3 * time.Second, Simulcast: true})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Service
	if s.Sent == 0 || s.Received == 0 || s.Received >= 2*s.Sent {
		t.Errorf("%d sent in all layers, %d received: each of two should get one layer", s.Sent, s.Received)
	}
	if r.Joins.Failed != 0 || r.Joins.FirstKeyframeP50 <= 0 {
		t.Errorf("joins: %+v", r.Joins)
	}
}
