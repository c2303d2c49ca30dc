package forward

import "time"

// SpeakersConfig says when someone counts as speaking. The zero value is useful.
type SpeakersConfig struct {
	Threshold uint8         // quietest level that can be speech, in -dBov (quieter is larger); 0 means 50
	Attack    time.Duration // how long one must be loud before one counts; 0 means 200 ms
	Hold      time.Duration // how long one still counts when silent; 0 means 800 ms
}

// Speakers tells who speaks, from the audio levels of their packets. ID names a participant.
type Speakers[ID comparable] struct {
	cfg SpeakersConfig
	all []speaker[ID] // few: a room's participants; loudest speakers first
}

type speaker[ID comparable] struct {
	id       ID
	level    int // smoothed loudness in 1/16 dB above silence
	loudFrom Time
	loudAt   Time // last
	loud     bool // loudFrom and loudAt are set, with no silence of a hold between
	speaking bool
}

const (
	// gapInSpeech is the pause that does not begin the attack anew: stops between syllables.
	gapInSpeech = 120 * time.Millisecond
	// overtake is how much louder one must be to be put before another.
	overtake = 6 * 16
)

// NewSpeakers makes one for a room.
func NewSpeakers[ID comparable](cfg SpeakersConfig) *Speakers[ID] {
	if cfg.Threshold == 0 {
		cfg.Threshold = 50
	}
	if cfg.Attack == 0 {
		cfg.Attack = 200 * time.Millisecond
	}
	if cfg.Hold == 0 {
		cfg.Hold = 800 * time.Millisecond
	}
	return &Speakers[ID]{cfg: cfg}
}

// Level takes the level of one packet (Packet.AudioLevel). The sender's own opinion that it is
// voice makes up for 10 dB; not every sender has one, so it is not required.
func (s *Speakers[ID]) Level(id ID, level uint8, voice bool, now Time) {
	p := s.find(id)
	if p == nil {
		s.all = append(s.all, speaker[ID]{id: id})
		p = &s.all[len(s.all)-1]
	}
	loudness := 127 - int(min(level, 127))
	p.level += (loudness*16 - p.level) / 4
	threshold := 127 - int(min(s.cfg.Threshold, 127))
	if voice {
		threshold -= 10
	}
	if loudness < threshold || loudness == 0 {
		return
	}
	if !p.loud || !p.speaking && now.Sub(p.loudAt) > gapInSpeech || now.Sub(p.loudAt) > s.cfg.Hold {
		p.loud, p.loudFrom, p.speaking = true, now, false
	}
	p.loudAt = now
	if now.Sub(p.loudFrom) >= s.cfg.Attack {
		p.speaking = true
	}
}

func (s *Speakers[ID]) find(id ID) *speaker[ID] {
	for i := range s.all {
		if s.all[i].id == id {
			return &s.all[i]
		}
	}
	return nil
}

// Remove forgets one who left or was muted.
func (s *Speakers[ID]) Remove(id ID) {
	for i := range s.all {
		if s.all[i].id == id {
			s.all = append(s.all[:i], s.all[i+1:]...)
			return
		}
	}
}

// Active appends to out who speaks at now, loudest first; those of nearly the same
// loudness keep their order.
func (s *Speakers[ID]) Active(now Time, out []ID) []ID {
	for i := range s.all {
		p := &s.all[i]
		if p.speaking && now.Sub(p.loudAt) > s.cfg.Hold {
			p.speaking, p.loud = false, false
		}
	}
	// Insertion sort: few, nearly sorted, and stable.
	for i := 1; i < len(s.all); i++ {
		for j := i; j > 0 && before(&s.all[j], &s.all[j-1]); j-- {
			s.all[j], s.all[j-1] = s.all[j-1], s.all[j]
		}
	}
	for i := range s.all {
		if s.all[i].speaking {
			out = append(out, s.all[i].id)
		}
	}
	return out
}

// before says whether a overtakes b, who is in front.
func before[ID comparable](a, b *speaker[ID]) bool {
	if a.speaking != b.speaking {
		return a.speaking
	}
	return a.speaking && a.level > b.level+overtake
}
