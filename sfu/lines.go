package sfu

import (
	"slices"
)

// Lines is the current assignment of the participant's receiving lines.
func (p *Participant) Lines() []Line {
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	return p.lines()
}

// lines needs room.mu.
func (p *Participant) lines() []Line {
	var out []Line
	for _, dt := range p.tracks {
		if dt.pub != nil {
			out = append(out, Line{MID: dt.line.mid, Participant: dt.pub.owner.id, Source: dt.pub.line.source})
		}
	}
	return out
}

// assign puts the sources of the others on this participant's lines and says whether any
// line changed hands. It needs room.mu.
func (p *Participant) assign(others []*Participant, o *outbox) bool {
	before := p.lines()
	for i, id := range p.places {
		if !slices.ContainsFunc(others, func(m *Participant) bool { return m.id == id }) {
			p.places[i] = ""
		}
	}
	connected := p.t.currentState() == transportConnected
	for _, m := range others {
		i := slices.Index(p.places, m.id)
		if i < 0 {
			if i = slices.Index(p.places, ""); i < 0 {
				continue // this page offered fewer lines than there are others
			}
			p.places[i] = m.id
		}
	}
	set := func(dt *downTrack, pub *publication) {
		dt.attach(pub)
		if connected {
			dt.start(o)
		}
	}
	for i, id := range p.places {
		var m *Participant
		if n := slices.IndexFunc(others, func(m *Participant) bool { return m.id == id }); n >= 0 && id != "" {
			m = others[n]
		}
		set(p.sounds[i], m.publication(Microphone))
		if i < len(p.views) {
			set(p.views[i], m.publication(Camera))
		}
	}
	p.assignExtras(others, set)
	after := p.lines()
	if slices.Equal(before, after) {
		return false
	}
	p.dirty.Store(true)
	p.events.post(LinesChanged{Lines: after})
	return true
}

// assignExtras puts second pictures that are on onto the lines kept for them. It needs room.mu.
func (p *Participant) assignExtras(others []*Participant, set func(*downTrack, *publication)) {
	var want []*publication
	for _, m := range others {
		if pub := m.publication(Second); pub != nil && pub.on.Load() {
			want = append(want, pub)
		}
	}
	for _, dt := range p.extras {
		if dt.pub != nil && !slices.Contains(want, dt.pub) {
			// A page that came back has a new publication for the same picture.
			n := slices.IndexFunc(want, func(w *publication) bool { return w.owner.id == dt.pub.owner.id })
			if n < 0 {
				set(dt, nil)
			} else {
				set(dt, want[n])
			}
		}
	}
	for _, pub := range want {
		if slices.ContainsFunc(p.extras, func(dt *downTrack) bool { return dt.pub == pub }) {
			continue
		}
		if n := slices.IndexFunc(p.extras, func(dt *downTrack) bool { return dt.pub == nil }); n >= 0 {
			set(p.extras[n], pub)
		}
	}
	for _, dt := range p.extras {
		set(dt, dt.pub) // starts those that waited for the connection
	}
}

// publication of a source; nil of nobody.
func (p *Participant) publication(src Source) *publication {
	if p == nil {
		return nil
	}
	return p.pubs[src]
}

// unsubscribeAll takes the participant's lines off what they show. It needs room.mu.
func (p *Participant) unsubscribeAll() {
	for _, dt := range p.tracks {
		dt.attach(nil)
	}
}
