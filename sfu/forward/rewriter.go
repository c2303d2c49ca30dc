package forward

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
	RTXPayloadType uint8  // on the outgoing line, for its retransmissions
	AudioLevelIn   uint8  // id of the audio level in the incoming packets; 0: none
}

// Rewriter makes one continuous RTP stream for one outgoing line out of whatever it is fed:
// layers of one publication, publications one after the other, changing codecs. To the
// receiver it is one sender that never restarts.
//
//   - Sequence numbers: what is missing from the incoming stream stays missing, so that the
//     receiver asks for it; what was left out on purpose leaves no hole. None is ever
//     used twice (SRTP must not seal two packets under one index).
//   - Timestamps go on over a switch by the time that passed, and never backwards.
//   - VP8 picture id, TL0PICIDX and KEYIDX go on (RFC 7741 §4.2).
type Rewriter struct {
	cfg LineConfig
}

// NewRewriter makes the rewriter of a line. It forwards nothing before SwitchTo.
func NewRewriter(cfg LineConfig) *Rewriter { return &Rewriter{cfg: cfg} }

// SwitchTo makes f the target. Sound switches with its next packet; pictures with the next
// first packet of a keyframe, and until then what was forwarded goes on (feed both; ask the
// target for a keyframe while Waiting). The target may be what is forwarded already: this
// calls a pending switch off.
func (r *Rewriter) SwitchTo(f Feed) { panic("todo") }

// Stop forwards nothing from now on, until SwitchTo. The stream goes on where it ended.
func (r *Rewriter) Stop() { panic("todo") }

// Current is the stream being forwarded, 0 for none.
func (r *Rewriter) Current() Key { panic("todo") }

// Target is the stream that is or is to be forwarded, 0 for none.
func (r *Rewriter) Target() Key { panic("todo") }

// Waiting says that the target must send a keyframe before it can be forwarded (further).
func (r *Rewriter) Waiting() bool { panic("todo") }

// SetTemporal forwards only VP8 temporal layers up to and including max; all of them at
// first. Less takes effect with the next picture, more where the stream allows.
func (r *Rewriter) SetTemporal(max uint8) { panic("todo") }

// CatchUp makes f the current stream at once, to be fed next with what Cache.GOP or
// Cache.Keyframe yields, from its first packet to its last, and then with live packets.
// The pictures described by g get timestamps close together that end with the last one's
// natural place, so that the receiver shows the newest at once and the live ones on time.
//
// If g is Still (a keyframe without those that followed), only that picture is forwarded and
// the rewriter is Waiting: live packets are left out until the next keyframe, since they
// can't be decoded.
func (r *Rewriter) CatchUp(f Feed, g Group) { panic("todo") }

// Rewrite decides whether the packet of stream key, arrived at the given time, goes out on
// this line, and with what header. The packet must be new (Receiver.Receive said Fresh or Late, or
// Recovered did). The result belongs in Append and in History.
func (r *Rewriter) Rewrite(in *Packet, key Key, arrival Time, out *Header) bool { panic("todo") }

// Timestamp is the outgoing timestamp that belongs to the incoming timestamp ts of the current
// stream; false without one. With it a sender report of the incoming stream becomes one of the line.
func (r *Rewriter) Timestamp(ts uint32) (uint32, bool) { panic("todo") }

// Sent counts what Rewrite has let through, as for a sender report (RFC 3550 §6.4.1): packets and
// payload bytes, modulo 2³².
func (r *Rewriter) Sent() (packets, octets uint32) { panic("todo") }
