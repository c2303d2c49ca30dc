package httpapi

import (
	"net/http"
	"strings"
)

// permissionsPolicy lets the page itself use what a call needs and denies the rest, to
// the page and to anything that would get into it (Permissions Policy, W3C).
var permissionsPolicy = strings.Join([]string{
	"camera=(self)", "microphone=(self)", "display-capture=(self)", "speaker-selection=(self)",
	"autoplay=(self)",           // the others' sound
	"fullscreen=(self)",         // the large picture
	"screen-wake-lock=(self)",   // a phone must not fall asleep in a call
	"picture-in-picture=(self)", // the call beside the journal
	"accelerometer=()", "browsing-topics=()", "clipboard-read=()", "clipboard-write=()",
	"cross-origin-isolated=()", "encrypted-media=()", "gamepad=()", "geolocation=()",
	"gyroscope=()", "hid=()", "identity-credentials-get=()", "idle-detection=()",
	"local-fonts=()", "magnetometer=()", "midi=()", "otp-credentials=()", "payment=()",
	"publickey-credentials-get=()", "serial=()", "storage-access=()", "sync-xhr=()",
	"usb=()", "window-management=()", "xr-spatial-tracking=()",
}, ", ")

// setHeaders sets what every answer carries.
func setHeaders(h http.Header, host string, tls bool) {
	// 'self' covers the websocket in today's browsers; Safari before 15.4 asks for it by name.
	connect := "'self'"
	if plainHost(host) {
		connect += " ws://" + host + " wss://" + host
		if tls {
			connect = "'self' wss://" + host
		}
	}
	// Content Security Policy Level 3: what is not named is not loaded.
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
		"img-src 'self' data: blob:; media-src 'self' blob: mediastream:; font-src 'self'; "+
		"manifest-src 'self'; connect-src "+connect+"; "+
		"frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	h.Set("Permissions-Policy", permissionsPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if tls {
		h.Set("Strict-Transport-Security", "max-age=31536000") // RFC 6797 §6.1; other names of the domain are not ours to decide
	}
}

// plainHost says whether a Host header is only a name or address with a port, so that it
// can stand in a header of ours.
func plainHost(host string) bool {
	if host == "" || len(host) > 255 {
		return false
	}
	for _, c := range host {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '.', c == '-', c == ':', c == '[', c == ']':
		default:
			return false
		}
	}
	return true
}
