// Package httpapi is what a browser meets before and beside the call: the page itself,
// links, tickets, and the door to signaling's websocket.
//
//	GET  /                 the page, also under /k; the same file for every path of it
//	GET  /assets/…         its parts, named by their content, kept for ever by the browser
//	POST /api/v1/link      what a link opens: whom it signs in, and to what
//	POST /api/v1/tickets   a ticket for one websocket connection
//	GET  /api/v1/probe     bytes that mean nothing, for the device check's network verdict
//	GET  /api/v1/call      the websocket (signaling/protocol)
//
// Everything else under /api/v1 is an operation: described by a value of type operation,
// added by register in the file of its part, and listed in registerAll. The frame finds out
// who asks (authenticate), refuses who may not (admit), checks the body against its Go type,
// and hands the operation a caller; whatever error comes back is answered by problemOf.
// GET /api/v1/openapi.json describes them all.
//
// Errors are problem documents (RFC 9457) with a stable code. The package keeps no state
// but rate limits.
package httpapi
