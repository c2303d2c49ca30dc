//go:build race

package forward

const underRace = true // the race detector allocates
