package notify

import "strings"

// 3GPP TS 23.038 §6.2.1, the GSM 7 bit default alphabet: what an SMS can hold 160 of. A
// single character outside of it makes all of them 16 bits wide, and leaves room for 70.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€" // two places each
)

// Segments is how many SMS a text is sent and paid as, and whether it is in SMS' own letters.
func Segments(text string) (n int, gsm bool) {
	places, gsm := 0, true
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			places++
		case strings.ContainsRune(gsmExtended, r):
			places += 2
		default:
			gsm = false
		}
	}
	whole, part := 160, 153 // §6.1: seven places of each part say where it belongs
	if !gsm {
		places = 0
		for _, r := range text {
			places++
			if r > 0xffff { // UCS2 in practice is UTF-16
				places++
			}
		}
		whole, part = 70, 67
	}
	if places <= whole {
		return 1, gsm
	}
	return (places + part - 1) / part, gsm
}
