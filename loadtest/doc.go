// Package loadtest measures a running service with calls that nobody is in: rooms of three,
// each participant with sound and a camera as a browser sends them, and tells what the
// service makes of it: forwarding delay, loss, duplicates, how long joining takes, what a
// forwarded packet costs, memory and goroutines per room. Beside it, in the same run, stands
// what a minimal forwarder costs on the same machine (the floor), so that the figures can be
// compared between machines.
//
// README.md says how to run it and what came out.
package loadtest
