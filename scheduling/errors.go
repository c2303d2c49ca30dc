package scheduling

import (
	"errors"
	"fmt"
	"time"
)

// What a Store answers with.
var (
	ErrNotFound = errors.New("no such appointment")
	ErrVersion  = errors.New("the appointment was changed by another meanwhile")
)

// TakenError says who is not free at a time that was asked for.
type TakenError struct{ Taken []Taken }

// Taken is one of them.
type Taken struct {
	Subject Subject
	Rule    TakenRule
	Starts  time.Time // of the time that was asked for; zero: not known
}

// TakenRule is why somebody is not free.
type TakenRule string

// The rules.
const (
	TakenBusy      TakenRule = "busy" // in another appointment, or travelling to one
	TakenAway      TakenRule = "away"
	TakenClosed    TakenRule = "closed" // outside of working hours
	TakenElsewhere TakenRule = "elsewhere"
	TakenLeft      TakenRule = "left"  // does not work there any more, or not yet
	TakenLeapt     TakenRule = "leapt" // nobody's: the clock is put forward over the hour
)

func (e *TakenError) Error() string {
	if len(e.Taken) == 0 {
		return "the time is taken"
	}
	return fmt.Sprintf("the time is taken: %s is %s", e.Taken[0].Subject, e.Taken[0].Rule)
}

// ErrNoSeat is for those who may read of a consultation and have no seat in it.
var ErrNoSeat = errors.New("has no seat in the consultation")

// ErrNotBooked is for what can be done only with an appointment that is to be held at a time.
var ErrNotBooked = errors.New("is not booked at a time")

// Invalid names a field of an appointment that breaks a rule.
type Invalid struct{ Field, Rule string }

func (e *Invalid) Error() string { return e.Field + " " + e.Rule }

// ClosedReason is why a seat can't be taken now.
type ClosedReason string

// The reasons.
const (
	NotYetOpen ClosedReason = "not-yet-open"
	Ended      ClosedReason = "ended" // for all, cancelled, or so long ago that it is closed
)

// ClosedError is for someone with a seat in a consultation that takes nobody in now. They
// may know whom to ring.
type ClosedError struct {
	Reason ClosedReason
	Host   Organisation
}

func (e *ClosedError) Error() string { return fmt.Sprintf("the consultation is closed: %s", e.Reason) }
