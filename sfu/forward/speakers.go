package forward

import "time"

// SpeakersConfig says when someone counts as speaking. The zero value is useful.
type SpeakersConfig struct {
	Threshold uint8         // loudest level that is not speech, in -dBov; 0 means 50 (quieter is larger)
	Attack    time.Duration // how long one must be loud before one counts; 0 means 200 ms
	Hold      time.Duration // how long one still counts when silent; 0 means 800 ms
}

// Speakers tells who speaks, from the audio levels of their packets. ID names a participant.
type Speakers[ID comparable] struct{}

// NewSpeakers makes one for a room.
func NewSpeakers[ID comparable](cfg SpeakersConfig) *Speakers[ID] { panic("todo") }

// Level takes the level of one packet (Packet.AudioLevel).
func (s *Speakers[ID]) Level(id ID, level uint8, voice bool, now Time) { panic("todo") }

// Remove forgets one who left or was muted.
func (s *Speakers[ID]) Remove(id ID) { panic("todo") }

// Active appends to out who speaks at now, loudest first; neighbours of nearly the same
// loudness keep their order.
func (s *Speakers[ID]) Active(now Time, out []ID) []ID { panic("todo") }
