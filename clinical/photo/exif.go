package photo

import "encoding/binary"

// tagOrientation says which way up a picture is (Exif 2.32 §4.6.5.1.6).
const tagOrientation = 0x0112

// orientation reads it out of an Exif block, which is a TIFF file (TIFF 6.0 §2); 0 where it can't be
// told. Only the first directory is looked at, and nothing is followed.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		const short = 3
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == short && order.Uint32(entries[4:]) == 1 {
			if turned := int(order.Uint16(entries[8:])); turned >= 1 && turned <= 8 {
				return turned
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// exifOf is an Exif block that says which way up a picture is, and nothing else.
func exifOf(turned int) []byte {
	b := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08") // the directory begins behind the header
	b = binary.BigEndian.AppendUint16(b, 1)            // entries
	b = binary.BigEndian.AppendUint16(b, tagOrientation)
	b = binary.BigEndian.AppendUint16(b, 3) // SHORT
	b = binary.BigEndian.AppendUint32(b, 1)
	b = binary.BigEndian.AppendUint16(b, uint16(turned))
	b = binary.BigEndian.AppendUint16(b, 0)    // the value's other half
	return binary.BigEndian.AppendUint32(b, 0) // no further directory
}
