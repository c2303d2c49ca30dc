package scheduling

import (
	"cmp"
	"slices"
	"time"
)

// lane is the time of one who could be in a consultation, as far as a search looks.
type lane struct {
	subject       Subject
	open          spans // can be booked
	firm          spans // in other appointments, with travel
	away          spans
	elsewhere     spans // by calendars outside
	asked         spans // for which others have asked
	buffer        int64 // ms kept free around what is firm
	before, after int64 // ms of travel

	can spans // starts of the length that is searched for, once they are worked out
}

// side is a party of a search: one of its lanes will do.
type side struct {
	lanes    []lane
	required bool
}

// A search may lead somebody past the end of working hours by so much on the way home.
const homeLate = int64(15 * time.Minute / time.Millisecond)

// Starts are on a quarter of an hour, and where a gap has none, on the first five minutes.
const (
	quarter = int64(15 * time.Minute / time.Millisecond)
	fiveMin = int64(5 * time.Minute / time.Millisecond)
)

// blocked is when nothing can be.
func (l lane) blocked() spans {
	all := make([]stretch, 0, len(l.firm)+len(l.away)+len(l.elsewhere))
	for _, s := range l.firm {
		all = append(all, stretch{s.from - l.buffer, s.until + l.buffer})
	}
	all = append(append(all, l.away...), l.elsewhere...)
	return merged(all)
}

// starts are the moments at which the lane can begin a call of a length: the call within
// working hours, the way there too, and the way back not much after them.
func (l lane) starts(length int64) spans {
	blocked := l.blocked()
	there := l.open.minus(blocked).starts(l.before + length).shifted(l.before)
	if l.after == 0 {
		return there
	}
	late := make([]stretch, len(l.open))
	for i, s := range l.open {
		late[i] = stretch{s.from, s.until + homeLate}
	}
	return there.and(merged(late).minus(blocked).starts(length + l.after))
}

// starts are those of any of its lanes.
func (s side) starts(length int64) spans {
	if len(s.lanes) == 1 {
		return s.lanes[0].starts(length)
	}
	var all []stretch
	for _, l := range s.lanes {
		all = append(all, l.starts(length)...)
	}
	return merged(all)
}

// prepare works out when each lane can begin: it is asked of every candidate.
func (q ask) prepare() {
	for i := range q.sides {
		for j := range q.sides[i].lanes {
			q.sides[i].lanes[j].can = q.sides[i].lanes[j].starts(q.length)
		}
	}
}

// at is the lane that can begin at a moment: of several the one who has the next to do before
// or after it, so that others' days stay whole; then as listed.
func (s side) at(moment, length int64) (*lane, bool) {
	var best *lane
	nearest := int64(0)
	for i := range s.lanes {
		l := &s.lanes[i]
		if _, can := l.can.at(moment); !can {
			continue
		}
		if len(s.lanes) == 1 {
			return l, true
		}
		if gap := l.firm.gap(stretch{moment - l.before, moment + length + l.after}); best == nil || gap < nearest {
			best, nearest = l, gap
		}
	}
	return best, best != nil
}

// ask is what a search asks of time alone.
type ask struct {
	sides    []side // the parties, then the equipment
	parties  int
	length   int64
	window   stretch
	now      int64
	deadline int64          // the end of the day by which it should be; 0: none
	hours    spans          // in which the patient wants it; nil: any
	limit    int            //
	zone     *time.Location //
}

// hit is a common time.
type hit struct {
	starts  int64
	reasons []TimeReason
	cost    int64 // what speaks against it, in minutes of somebody's time or so
}

// TimeReason is what speaks for a common time, or against it.
type TimeReason struct {
	Kind    ReasonKind
	Party   int // -1: all
	Minutes int // of travel, or past the end of working hours
	Days    int // before the deadline, or after
	Good    bool
}

// ReasonKind is what it is.
type ReasonKind string

// The kinds.
const (
	AllFree         ReasonKind = "all-free"
	OptionalMissing ReasonKind = "optional-missing"
	Travel          ReasonKind = "travel"
	BeforeDeadline  ReasonKind = "deadline"
	AfterDeadline   ReasonKind = "after-deadline"
	BackToBack      ReasonKind = "back-to-back"
	HomeLate        ReasonKind = "before-after-hours"
	AskedElsewhere  ReasonKind = "tentative"
	ShortNotice     ReasonKind = "soon" // within a day: hardly time to ask and to answer
)

// common is when all who are required can begin.
func (q ask) common(length int64, without int) spans {
	all := spans{q.window}
	if q.hours != nil {
		all = all.and(q.hours.starts(length))
	}
	for i, s := range q.sides {
		if s.required && i != without {
			if all = all.and(s.starts(length)); len(all) == 0 {
				return nil
			}
		}
	}
	return all
}

// onGrid are the moments of a stretch that people would choose.
func onGrid(s stretch, tell func(int64)) {
	first := (s.from + quarter - 1) / quarter * quarter
	if first >= s.until {
		if first = (s.from + fiveMin - 1) / fiveMin * fiveMin; first < s.until {
			tell(first)
		}
		return
	}
	for t := first; t < s.until; t += quarter {
		tell(t)
	}
}

// find ranks the common times and tells how many there are.
func (q ask) find() (best []hit, free int) {
	q.prepare()
	var all []hit
	for _, s := range q.common(q.length, -1) {
		onGrid(s, func(t int64) { all = append(all, q.judge(t)) })
	}
	free = len(all)
	slices.SortFunc(all, func(a, b hit) int { return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.starts, b.starts)) })
	return q.spread(all), free
}

// spread takes the best, and of one day not all: three times on one morning are hardly a choice.
func (q ask) spread(all []hit) []hit {
	const sameDay = 40
	days := map[int64]int64{}
	local := func(ms int64) int64 {
		_, offset := time.UnixMilli(ms).In(q.zone).Zone()
		return (ms + int64(offset)*1000) / (24 * 60 * 60 * 1000)
	}
	var out []hit
	taken := make([]bool, len(all))
	for len(out) < q.limit {
		best, cost := -1, int64(0)
		for i, h := range all {
			if taken[i] {
				continue
			}
			if best >= 0 && h.cost >= cost {
				break // sorted: what follows costs at least as much before its day counts
			}
			if c := h.cost + sameDay*days[local(h.starts)]; best < 0 || c < cost {
				best, cost = i, c
			}
		}
		if best < 0 {
			break
		}
		taken[best] = true
		days[local(all[best].starts)]++
		out = append(out, all[best])
	}
	return out
}

// judge weighs a candidate. The figures are what a coordinator would trade against each other:
// a day later against ten minutes of driving.
func (q ask) judge(t int64) hit {
	const minute = int64(time.Minute / time.Millisecond)
	h := hit{starts: t}
	add := func(cost int64, r TimeReason) {
		h.cost += cost
		h.reasons = append(h.reasons, r)
	}
	const day = 24 * 60 * minute
	h.cost += (t - q.window.from) / day * 10
	if t-q.now < day {
		add(50, TimeReason{Kind: ShortNotice, Party: -1})
	}
	missing := 0
	for i, s := range q.sides {
		l, ok := s.at(t, q.length)
		if !ok {
			missing++
			add(60, TimeReason{Kind: OptionalMissing, Party: i})
			continue
		}
		from, until := t-l.before, t+q.length+l.after
		if l.before+l.after > 0 && i < q.parties {
			add((l.before+l.after)/minute, TimeReason{Kind: Travel, Party: i, Minutes: int(max(l.before, l.after) / minute)})
		}
		if over := until - l.end(t); l.after > 0 && over > 0 {
			add(20+over/minute, TimeReason{Kind: HomeLate, Party: i, Minutes: int(over / minute)})
		}
		if i < q.parties && l.firm.touches(stretch{until, until + 10*minute}) {
			add(15, TimeReason{Kind: BackToBack, Party: i})
		}
		if i < q.parties && l.asked.touches(stretch{from, until}) {
			add(25, TimeReason{Kind: AskedElsewhere, Party: i})
		}
	}
	if missing == 0 {
		h.reasons = slices.Insert(h.reasons, 0, TimeReason{Kind: AllFree, Party: -1, Good: true})
	}
	if t%(2*quarter) != 0 {
		h.cost += 3
	}
	if q.deadline != 0 {
		days := int((q.deadline - t - q.length) / day)
		switch {
		case t+q.length > q.deadline:
			add(500, TimeReason{Kind: AfterDeadline, Party: -1, Days: int((t+q.length-q.deadline)/day) + 1})
		case days == 0:
			add(30, TimeReason{Kind: BeforeDeadline, Party: -1})
		default:
			add(0, TimeReason{Kind: BeforeDeadline, Party: -1, Days: days, Good: true})
		}
	}
	return h
}

// end is when the working hours end that a moment is in; a patient's never do.
func (l lane) end(t int64) int64 {
	if s, ok := l.open.at(t); ok {
		return s.until
	}
	return t
}

// near is a time that would do if something were changed.
type near struct {
	starts  int64
	length  int64
	without int // -1: nobody, it is shorter
}

// nearly looks for what would do before the first common time: for a shorter while, or
// without one who is required.
func (q ask) nearly(first int64) []near {
	const most = 3
	var out []near
	shortest := max(q.length/2, fiveMin)
	for length := q.length - fiveMin; length >= shortest && len(out) == 0; length -= fiveMin {
		if t, ok := earliest(q.common(length, -1)); ok && t < first {
			out = append(out, near{t, length, -1})
		}
	}
	for i, s := range q.sides {
		if len(out) == most {
			break
		}
		if !s.required {
			continue
		}
		if t, ok := earliest(q.common(q.length, i)); ok && t < first {
			out = append(out, near{t, q.length, i})
		}
	}
	return out
}

func earliest(s spans) (t int64, ok bool) {
	for _, one := range s {
		onGrid(one, func(at int64) {
			if !ok {
				t, ok = at, true
			}
		})
		if ok {
			break
		}
	}
	return t, ok
}

// FaultRule is why a party is never free.
type FaultRule string

// The rules.
const (
	NoHours FaultRule = "no-hours" // nothing can be booked in the time
	IsAway  FaultRule = "away"
	IsBusy  FaultRule = "busy"
)

// fault says why a side can never begin; empty: it can.
func (s side) fault(length int64) FaultRule {
	if len(s.starts(length)) > 0 {
		return ""
	}
	rule := NoHours
	for _, l := range s.lanes {
		if len(l.open.starts(length)) == 0 {
			continue
		}
		if len(l.open.minus(l.away).starts(length)) > 0 {
			return IsBusy
		}
		rule = IsAway
	}
	return rule
}
