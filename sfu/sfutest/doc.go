// Package sfutest has headless participants for tests of media: a Page makes the offer that
// a browser page makes, with pion's PeerConnection as its engine, sends a synthetic camera
// and microphone, and remembers what it sees on each line. A Relay between page and server
// loses, delays or repeats packets by a rule.
package sfutest
