package forward

// FrameSize is the width and height in pixels that a keyframe's first packet tells; false if payload
// is something else, or a codec whose size can't be read.
func FrameSize(c Codec, payload []byte) (width, height int, ok bool) {
	switch c {
	case VP8:
		return vp8Size(payload)
	case VP9:
		return vp9Size(payload)
	case H264:
		return h264Size(payload)
	case AV1:
		return av1Size(payload)
	}
	return 0, 0, false
}

// vp8Size reads the frame header (RFC 6386 §9.1).
func vp8Size(payload []byte) (w, h int, ok bool) {
	if !vp8Keyframe(payload) {
		return 0, 0, false
	}
	var d VP8Descriptor
	if ParseVP8(payload, &d) != nil {
		return 0, 0, false
	}
	f := payload[d.Size:]
	if len(f) < 10 || f[3] != 0x9d || f[4] != 0x01 || f[5] != 0x2a {
		return 0, 0, false
	}
	// The upper two bits are the scaling that the receiver should do.
	w, h = int(f[6])|int(f[7]&0x3f)<<8, int(f[8])|int(f[9]&0x3f)<<8
	return w, h, w > 0 && h > 0
}

// vp9Size reads the uncompressed header (VP9 bitstream specification §6.2).
func vp9Size(payload []byte) (w, h int, ok bool) {
	if !vp9Keyframe(payload) {
		return 0, 0, false
	}
	var d vp9Descriptor
	parseVP9(payload, &d)
	b := bitReader{data: payload[d.size:]}
	if b.read(2) != 2 { // frame_marker
		return 0, 0, false
	}
	profile := b.read(1) | b.read(1)<<1
	if profile == 3 {
		b.read(1)
	}
	// Neither show_existing_frame nor another frame_type than key, then show_frame and error_resilient_mode.
	if b.read(2) != 0 {
		return 0, 0, false
	}
	b.read(2)
	if b.read(24) != 0x498342 { // frame_sync_code
		return 0, 0, false
	}
	if profile >= 2 {
		b.read(1) // ten_or_twelve_bit
	}
	rgb := b.read(3) == 7 // color_space
	if !rgb {
		b.read(1) // color_range
	}
	if profile == 1 || profile == 3 {
		if !rgb {
			b.read(2) // subsampling
		}
		b.read(1)
	}
	w, h = int(b.read(16))+1, int(b.read(16))+1
	return w, h, !b.over
}

// h264Size reads a sequence parameter set (H.264 §7.3.2.1.1), alone or aggregated (RFC 6184 §5.7.1).
func h264Size(payload []byte) (w, h int, ok bool) {
	if len(payload) == 0 {
		return 0, 0, false
	}
	switch payload[0] & 0x1f {
	case nalSPS:
		return spsSize(payload[1:])
	case nalSTAPA:
		for rest := payload[1:]; len(rest) > 2; {
			n := int(rest[0])<<8 | int(rest[1])
			rest = rest[2:]
			if n == 0 || n > len(rest) {
				return 0, 0, false
			}
			if rest[0]&0x1f == nalSPS {
				return spsSize(rest[1:n])
			}
			rest = rest[n:]
		}
	}
	return 0, 0, false
}

func spsSize(sps []byte) (w, h int, ok bool) {
	b := bitReader{data: sps, emulation: true}
	profile := b.read(8)
	b.read(16) // constraints, level
	b.golomb() // seq_parameter_set_id
	chroma := uint32(1)
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		if chroma = b.golomb(); chroma == 3 {
			b.read(1) // separate_colour_plane_flag
		}
		b.golomb() // bit depths
		b.golomb()
		b.read(1)
		if b.read(1) != 0 {
			return 0, 0, false // scaling matrices: nobody sends them over RTP to a page
		}
	}
	b.golomb()          // log2_max_frame_num_minus4
	switch b.golomb() { // pic_order_cnt_type
	case 0:
		b.golomb()
	case 1:
		b.read(1)
		b.golomb()
		b.golomb()
		n := b.golomb()
		for i := uint32(0); i < n && !b.over; i++ {
			b.golomb()
		}
	}
	b.golomb() // max_num_ref_frames
	b.read(1)
	macroblocks := b.golomb() + 1
	rows := b.golomb() + 1
	frames := b.read(1) // frame_mbs_only_flag
	if frames == 0 {
		b.read(1)
	}
	b.read(1)
	if macroblocks > 1<<12 || rows > 1<<12 {
		return 0, 0, false
	}
	w, h = int(macroblocks)*16, int(rows)*16*int(2-frames)
	if b.read(1) != 0 { // frame_cropping_flag: in units of chroma samples (equations 7-19 to 7-22)
		x, y := 1, int(2-frames)
		if chroma == 1 || chroma == 2 {
			x = 2
		}
		if chroma == 1 {
			y *= 2
		}
		left, right, top, bottom := b.golomb(), b.golomb(), b.golomb(), b.golomb()
		if max(left, right, top, bottom) > 1<<16 {
			return 0, 0, false
		}
		w -= x * int(left+right)
		h -= y * int(top+bottom)
	}
	return w, h, !b.over && w > 0 && h > 0
}

// av1Size finds the sequence header in an aggregated packet (AV1 RTP payload §4.4) and reads it
// (AV1 bitstream specification §5.5.1).
func av1Size(payload []byte) (w, h int, ok bool) {
	if !av1Keyframe(payload) {
		return 0, 0, false
	}
	elements := int(payload[0] >> 4 & 0x03) // W; 0: each has its length in front
	rest := payload[1:]
	for i := 1; len(rest) > 0; i++ {
		obu := rest
		if elements == 0 || i < elements {
			n, size, whole := leb128(rest)
			if !whole || n > uint64(len(rest)-size) {
				return 0, 0, false
			}
			obu, rest = rest[size:size+int(n)], rest[size+int(n):]
		} else {
			rest = nil
		}
		if len(obu) == 0 || obu[0]>>3&0x0f != 1 { // OBU_SEQUENCE_HEADER
			continue
		}
		header := 1
		if obu[0]&0x04 != 0 { // obu_extension_flag
			header++
		}
		if obu[0]&0x02 != 0 { // obu_has_size_field
			_, size, whole := leb128(obu[min(header, len(obu)):])
			if !whole {
				return 0, 0, false
			}
			header += size
		}
		return sequenceSize(obu[min(header, len(obu)):])
	}
	return 0, 0, false
}

func sequenceSize(obu []byte) (w, h int, ok bool) {
	b := bitReader{data: obu}
	b.read(4)           // seq_profile, still_picture
	if b.read(1) != 0 { // reduced_still_picture_header
		b.read(5)
	} else {
		decoderModel, delayBits := false, 0
		if b.read(1) != 0 { // timing_info_present_flag
			b.read(32)
			b.read(32)
			if b.read(1) != 0 { // equal_picture_interval
				b.golomb() // uvlc is Exp-Golomb
			}
			if decoderModel = b.read(1) != 0; decoderModel {
				delayBits = int(b.read(5)) + 1
				b.read(32)
				b.read(10)
			}
		}
		initialDelay := b.read(1) != 0
		for range b.read(5) + 1 { // operating points
			b.read(12)
			if b.read(5) > 7 {
				b.read(1)
			}
			if decoderModel && b.read(1) != 0 {
				b.read(delayBits)
				b.read(delayBits)
				b.read(1)
			}
			if initialDelay && b.read(1) != 0 {
				b.read(4)
			}
		}
	}
	across, down := int(b.read(4))+1, int(b.read(4))+1
	w, h = int(b.read(across))+1, int(b.read(down))+1
	return w, h, !b.over
}

// leb128 reads a little-endian base 128 number (AV1 specification §4.10.5) and says how long it is.
func leb128(b []byte) (n uint64, size int, ok bool) {
	for i := 0; i < len(b) && i < 8; i++ {
		n |= uint64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			return n, i + 1, true
		}
	}
	return 0, 0, false
}

// bitReader reads bits from the highest down. Past the end it reads zeros and is over.
type bitReader struct {
	data      []byte
	at        int  // bit
	emulation bool // skip the third byte of 00 00 03 (H.264 §7.4.1)
	over      bool
}

// read is the next n bits, at most 32.
func (b *bitReader) read(n int) (v uint32) {
	for range n {
		i := b.at >> 3
		if b.emulation && b.at&7 == 0 && i >= 2 && i < len(b.data) && b.data[i] == 3 && b.data[i-1] == 0 && b.data[i-2] == 0 {
			b.at += 8
			i++
		}
		v <<= 1
		if i >= len(b.data) {
			b.over = true
			continue
		}
		v |= uint32(b.data[i]>>(7-b.at&7)) & 1
		b.at++
	}
	return v
}

// golomb is an unsigned Exp-Golomb number (H.264 §9.1), signed ones are as long.
func (b *bitReader) golomb() uint32 {
	zeros := 0
	for b.read(1) == 0 {
		if zeros++; zeros > 31 || b.over {
			b.over = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.read(zeros)
}
