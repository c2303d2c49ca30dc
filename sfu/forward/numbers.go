package forward

// numbers is what a payload's descriptor says of its picture, VP8's or VP9's. VP9 fills in only what
// it is read for here: its temporal layers are all forwarded, since its pictures name those they
// need by their distance, and leaving some out would change that.
type numbers struct {
	VP8Descriptor
	kind uint8 // flagVP8, flagVP9; 0: the codec has no such numbers
}

// read says false for a descriptor that is cut short.
func (v *numbers) read(c Codec, payload []byte) bool {
	*v = numbers{}
	if len(payload) == 0 {
		return true // padding
	}
	switch c {
	case VP8:
		if ParseVP8(payload, &v.VP8Descriptor) != nil {
			*v = numbers{}
			return false
		}
		v.kind = flagVP8
	case VP9:
		var d vp9Descriptor
		if !parseVP9(payload, &d) {
			return false
		}
		v.VP8Descriptor, v.kind = d.numbers(), flagVP9
	}
	return true
}

// picture is the packet's picture id as 15 bits, and whether it is the first of its picture. ahead: its
// timestamp is newer than all before.
func (r *Rewriter) picture(v *numbers, ahead bool) (pid uint16, first bool) {
	if !v.HasPictureID {
		return 0, false
	}
	pid = r.extend(v)
	switch d := int16((pid - r.inPID) << 1); {
	case d < 0 && ahead: // the sender counts anew, in the same stream
		r.off.pid = r.pid + 1 - pid
	case d <= 0:
		return pid, false
	}
	r.inPID = pid
	return pid, true
}

// number fills in the ids and keeps the newest. That may come late, when only pictures that were
// left out are newer.
func (r *Rewriter) number(out *Header, v *numbers, pid uint16) {
	out.PictureID = pid & 0x7fff
	out.TL0PicIdx = v.TL0PicIdx + r.tl0Off
	out.KeyIdx = (v.KeyIdx + r.keyOff) & 0x1f
	if v.HasPictureID && int16((out.PictureID-r.pid)<<1) > 0 {
		r.pid = out.PictureID
	}
	if v.HasTL0PicIdx && int8(out.TL0PicIdx-r.tl0) > 0 {
		r.tl0 = out.TL0PicIdx
	}
	if v.HasKeyIdx && int8((out.KeyIdx-r.key)<<3) > 0 {
		r.key = out.KeyIdx
	}
}

// extend is the picture id as 15 bits, near the newest.
func (r *Rewriter) extend(v *numbers) uint16 {
	if v.LongPictureID {
		return v.PictureID
	}
	d := int8((uint8(v.PictureID)-uint8(r.inPID))<<1) >> 1 // 7 bits with a sign
	return (r.inPID + uint16(int16(d))) & 0x7fff
}

// moveTemporal changes the highest temporal layer where a picture begins: down at once, up to
// a layer where a picture says that it needs the base layer only (RFC 7741 §4.2, Y), or with a keyframe.
func (r *Rewriter) moveTemporal(in *Packet, v *numbers) {
	switch {
	case r.wantTemporal <= r.temporal, vp8Keyframe(in.Payload):
		r.temporal = r.wantTemporal
	case v.TID == r.temporal+1 && v.LayerSync:
		r.temporal = v.TID
	}
}
