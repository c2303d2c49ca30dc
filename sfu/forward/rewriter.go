package forward

import "time"

// LineConfig is what one outgoing line was negotiated with. Extension ids are 1 to 255,
// 0 means not negotiated.
type LineConfig struct {
	SSRC    uint32
	RTXSSRC uint32 // 0: no retransmission stream

	AbsSendTime uint8 // id of abs-send-time
	AudioLevel  uint8 // id of the audio level (RFC 6464), copied from the incoming packet

	// First outgoing sequence numbers, timestamp and picture id. Random ones make a stream
	// harder to attack (RFC 3550 §5.1); what draws them is the caller's.
	Sequence, RTXSequence uint16
	Timestamp             uint32
	PictureID             uint16
}

// Feed is what an incoming stream is, for the line it is to be sent on.
type Feed struct {
	Key            Key
	Codec          Codec
	ClockRate      uint32 // of the timestamps, in Hz; 0 means Codec.ClockRate
	PayloadType    uint8  // on the outgoing line
	RTXPayloadType uint8  // on the outgoing line, for its retransmissions; 0: none
	AudioLevelIn   uint8  // id of the audio level in the incoming packets; 0: none
}

// Rewriter makes one continuous RTP stream for one outgoing line out of whatever it is fed:
// layers of one publication, publications one after the other, changing codecs. To the
// receiver it is one sender that never restarts.
//
//   - Sequence numbers: what is missing from the incoming stream stays missing, so that the
//     receiver asks for it; what was left out on purpose leaves no hole. None is ever
//     used twice (SRTP must not seal two packets under one index).
//   - Timestamps go on over a switch by the time that passed, and never backwards (but for
//     a sender that sends its pictures in decoding order).
//   - Picture id, TL0PICIDX and KEYIDX of VP8 (RFC 7741 §4.2) and VP9 (RFC 9628 §4.2) go on.
type Rewriter struct {
	cfg LineConfig

	feed    Feed // forwarded, or to be with its next keyframe; Key 0: none
	target  Feed // takes over from a running feed with its next keyframe; Key 0: none
	running bool // feed is being forwarded: the mapping below holds
	still   bool // running, and only the picture of the timestamp stillTS
	stillTS uint32

	// The outgoing stream, over all switches.
	started   bool
	seq       uint16 // newest sent
	ts        uint32 // newest sent
	tsArrival Time   // when the first packet of timestamp ts had come
	pid       uint16 // VP8's and VP9's, of the newest picture
	tl0, key  uint8
	used      seqWindow
	rtxSeq    uint16 // next
	packets   uint32
	octets    uint32

	// The mapping of the running feed.
	inSeq    uint16 // newest that came, forwarded or left out
	inTS     uint32
	inPID    uint16 // extended to 15 bits
	pos      int64  // counts incoming sequence numbers without wrapping; belongs to inSeq
	firstPos int64  // where the feed began: what is earlier belongs to before the switch
	off      shift  // of what comes next
	tsOff    uint32
	tl0Off   uint8
	keyOff   uint8
	holes    holes // what was left out on purpose lately
	badSeq   uint16
	bad      bool // badSeq is set: the number that would prove a restart
	catch    catchUp

	temporal     uint8 // highest temporal layer being forwarded
	wantTemporal uint8
}

// shift is added to incoming numbers.
type shift struct{ seq, pid uint16 }

const (
	// window is how far back a packet may come late, in sequence numbers, and how far ahead
	// without being a restart of the sender. RFC 3550 A.1 says 100 and 3000; a picture is tens
	// of packets.
	window = 1024
	// maxTSJump is how much further than time itself an unbroken stream's timestamp may jump:
	// packets that waited somewhere come together.
	maxTSJump = 10 * time.Second
	// maxTSBack is how far back it may step without a break: pictures sent in decoding order.
	maxTSBack = time.Second / 2
	allLayers = 255
)

// NewRewriter makes the rewriter of a line. It forwards nothing before SwitchTo.
func NewRewriter(cfg LineConfig) *Rewriter {
	return &Rewriter{
		cfg:      cfg,
		seq:      cfg.Sequence - 1,
		ts:       cfg.Timestamp - 1,
		pid:      (cfg.PictureID - 1) & 0x7fff,
		rtxSeq:   cfg.RTXSequence,
		temporal: allLayers, wantTemporal: allLayers,
	}
}

// SwitchTo makes f the target. Sound switches with its next packet; pictures with the next
// first packet of a keyframe, and until then what was forwarded goes on (feed both; ask the
// target for a keyframe while Waiting). The target may be what is forwarded already: this
// calls a pending switch off.
func (r *Rewriter) SwitchTo(f Feed) {
	switch {
	case f.Key == r.feed.Key:
		r.feed, r.target = f, Feed{}
	case r.running && !r.still:
		r.target = f
	default: // nothing moves that could go on
		r.Stop()
		r.feed = f
	}
}

// Stop forwards nothing from now on, until SwitchTo. The stream goes on where it ended.
func (r *Rewriter) Stop() {
	r.feed, r.target = Feed{}, Feed{}
	r.running, r.still = false, false
	r.catch = catchUp{}
}

// Current is the stream being forwarded, 0 for none.
func (r *Rewriter) Current() Key {
	if !r.running {
		return 0
	}
	return r.feed.Key
}

// Target is the stream that is or is to be forwarded, 0 for none.
func (r *Rewriter) Target() Key {
	if r.target.Key != 0 {
		return r.target.Key
	}
	return r.feed.Key
}

// Waiting says that the target must send a keyframe before it can be forwarded (further).
func (r *Rewriter) Waiting() bool {
	if r.target.Key != 0 {
		return r.target.Codec.Video()
	}
	return r.feed.Key != 0 && r.feed.Codec.Video() && (!r.running || r.still)
}

// SetTemporal forwards only VP8 temporal layers up to and including max; all of them at
// first. Less takes effect with the next picture, more where the stream allows.
func (r *Rewriter) SetTemporal(max uint8) { r.wantTemporal = max }

// Timestamp is the outgoing timestamp that belongs to the incoming timestamp ts of the current
// stream; false without one. With it a sender report of the incoming stream becomes one of the line.
func (r *Rewriter) Timestamp(ts uint32) (uint32, bool) {
	return ts + r.tsOff, r.running && !r.catch.on
}

// Sent counts what Rewrite has let through, as for a sender report (RFC 3550 §6.4.1): packets and
// payload bytes, modulo 2³².
func (r *Rewriter) Sent() (packets, octets uint32) { return r.packets, r.octets }

// Rewrite decides whether the packet of stream key, arrived at the given time, goes out on
// this line, and with what header. The packet must be new (Receiver.Receive or Recovered said
// Fresh or Late). The result belongs in Append and in History.
//
// When a Late packet makes a stream Current, what came after it has been left out: feed it again
// from the cache (Cache.Since), or the receiver has the beginning of a keyframe and a hole.
func (r *Rewriter) Rewrite(in *Packet, key Key, arrival Time, out *Header) bool {
	switch {
	case key == 0:
		return false
	case key == r.target.Key:
		if !begins(&r.target, in) {
			return false
		}
		r.feed, r.target = r.target, Feed{}
		r.catch = catchUp{}
		r.begin(in, arrival)
	case key != r.feed.Key:
		return false
	case !r.running:
		if !begins(&r.feed, in) {
			return false
		}
		r.begin(in, arrival)
	case r.still && in.Timestamp != r.stillTS:
		if !newer(in.Timestamp, r.stillTS) || !begins(&r.feed, in) {
			return false
		}
		r.begin(in, arrival)
	}

	d := int(int16(in.Sequence - r.inSeq))
	switch {
	case d == 0:
		return false
	case d > window || d < -window:
		if !r.restarted(in.Sequence) {
			return false
		}
		// The sender began anew. Pictures that refer to those lost can't be decoded.
		r.running = false
		if !begins(&r.feed, in) {
			return false
		}
		r.begin(in, arrival)
		d = 1
	}
	r.bad = false

	var v numbers
	if !v.read(r.feed.Codec, in.Payload) {
		in = &Packet{Sequence: in.Sequence, Timestamp: in.Timestamp} // no better than padding
	}
	if d < 0 {
		return r.late(in, &v, r.pos+int64(d), arrival, out)
	}
	return r.fresh(in, &v, d, arrival, out)
}

// begins says whether a line can begin to show f with this packet.
func begins(f *Feed, in *Packet) bool {
	if len(in.Payload) == 0 {
		return false
	}
	return !f.Codec.Video() || Keyframe(f.Codec, in.Payload)
}

// restarted says whether the packets come from a restarted sender: two that follow each other, far
// from all before (RFC 3550 A.1).
func (r *Rewriter) restarted(seq uint16) bool {
	proved := r.bad && seq == r.badSeq
	r.bad, r.badSeq = !proved, seq+1
	return proved
}

// begin makes the packet the next one of the outgoing stream.
func (r *Rewriter) begin(in *Packet, arrival Time) {
	r.running, r.still = true, false
	r.inSeq = in.Sequence - 1
	r.pos, r.firstPos = 0, 1
	r.off.seq = r.seq - r.inSeq
	r.holes.clear()
	r.bad = false

	if newer(in.Timestamp, r.catch.last) {
		r.catch.on = false // nothing cached was fed
	}
	if r.catch.on {
		r.still, r.stillTS = r.catch.still, r.catch.last
		r.inTS = in.Timestamp - 1 // so that the packet begins a picture
	} else {
		r.anchor(in, arrival)
	}

	r.temporal = r.wantTemporal
	var v numbers
	if v.read(r.feed.Codec, in.Payload) && v.kind != 0 {
		r.inPID = (v.PictureID - 1) & 0x7fff
		r.off.pid = r.pid - r.inPID
		r.tl0Off = r.tl0 + 1 - v.TL0PicIdx
		r.keyOff = r.key + 1 - v.KeyIdx
	}
}

// anchor gives the packet the timestamp that time itself warrants.
func (r *Rewriter) anchor(in *Packet, arrival Time) {
	next := r.ts + 1
	if r.started {
		next = r.ts + uint32(min(max(1, ticks(arrival.Sub(r.tsArrival), r.rate())), 1<<30))
	}
	r.tsOff = next - in.Timestamp
	r.inTS = in.Timestamp
}

func (r *Rewriter) rate() uint32 {
	if r.feed.ClockRate != 0 {
		return r.feed.ClockRate
	}
	return r.feed.Codec.ClockRate()
}

// fresh forwards a packet newer than all before, d sequence numbers after the newest.
func (r *Rewriter) fresh(in *Packet, v *numbers, d int, arrival Time, out *Header) bool {
	r.inSeq = in.Sequence
	r.pos += int64(d)

	if step := int64(int32(in.Timestamp - r.inTS)); step != 0 {
		rate := r.rate()
		switch {
		case r.catch.on:
			r.tsOff = r.catch.next(in.Timestamp) - in.Timestamp
		case step < -ticks(maxTSBack, rate), step > ticks(max(0, arrival.Sub(r.tsArrival))+maxTSJump, rate):
			r.anchor(in, arrival)
			r.firstPos = r.pos // what was before has other timestamps
		}
		if v.HasTID {
			r.moveTemporal(in, v)
		}
	}
	ahead := newer(in.Timestamp, r.inTS)
	if ahead {
		r.inTS = in.Timestamp
	}
	pid, newPicture := r.picture(v, ahead)
	upper := v.HasTID && v.TID > r.temporal
	if upper || len(in.Payload) == 0 {
		r.holes.add(r.pos, r.off, in.Timestamp, upper)
		r.off.seq--
		if newPicture {
			r.off.pid--
		}
		return false
	}

	*out = r.header(in, v, r.off)
	r.number(out, v, pid+r.off.pid)
	r.used.take(out.Sequence)
	r.note(in, out, arrival)
	return true
}

// late forwards a packet that fills a gap.
func (r *Rewriter) late(in *Packet, v *numbers, pos int64, arrival Time, out *Header) bool {
	if pos < r.firstPos {
		return false // from before the switch
	}
	off, partial, ok := r.holes.before(pos, in.Timestamp, r.off)
	if !ok || !r.used.take(in.Sequence+off.seq) {
		return false
	}
	*out = r.header(in, v, off)
	switch {
	case partial, len(in.Payload) == 0, v.HasTID && v.TID > r.temporal:
		// It would have been left out, but its number is reserved: fill the hole with nothing,
		// so that the receiver doesn't ask for it.
		out.flags = flagEmpty
	default:
		r.number(out, v, r.extend(v)+off.pid)
	}
	r.note(in, out, arrival)
	return true
}

func (r *Rewriter) header(in *Packet, v *numbers, off shift) Header {
	return Header{
		Key:            r.feed.Key,
		InSequence:     in.Sequence,
		Sequence:       in.Sequence + off.seq,
		Offset:         r.tsOff,
		PayloadType:    r.feed.PayloadType,
		RTXPayloadType: r.feed.RTXPayloadType,
		AudioLevelIn:   r.feed.AudioLevelIn,
		flags:          v.kind,
	}
}

// note keeps the newest sequence number and timestamp sent, and counts.
func (r *Rewriter) note(in *Packet, out *Header, arrival Time) {
	if int16(out.Sequence-r.seq) > 0 {
		r.seq = out.Sequence
	}
	if ts := in.Timestamp + r.tsOff; !r.started || newer(ts, r.ts) {
		r.started, r.ts, r.tsArrival = true, ts, arrival
	}
	r.packets++
	r.octets += uint32(len(in.Payload))
}

// newer compares timestamps modulo 2³².
func newer(a, b uint32) bool { return int32(a-b) > 0 }
