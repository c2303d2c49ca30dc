package ical

import (
	"slices"
	"time"
)

// How a rule is expanded is our own: teambition/rrule-go, against which the tests hold it,
// never comes back from a rule that never matches, and panics at the 53rd Monday of a month.
// Here every day and time that is looked at is paid for out of a budget, and a rule without
// COUNT begins at the window, however long ago it began.

// spend takes n out of a budget, or says that it is used up.
type spend func(n int) error

// expand calls do for each instance from start on that lies in [lo, hi), in order.
func (r rule) expand(start, lo, hi wall, pay spend, do func(wall) error) error {
	e := expansion{rule: r, start: start, lo: lo, end: hi, left: r.count, pay: pay, do: do}
	if r.bounded {
		e.end = min(hi, r.until+1)
	}
	e.defaults()
	if r.freq < daily {
		return e.short()
	}
	return e.long()
}

type expansion struct {
	rule
	start, lo, end wall
	left           int64 // of count
	over           bool
	pay            spend
	do             func(wall) error
	days           []int64 // of the period at hand
	times          []int64 // seconds of the day, or of the period
}

// defaults takes from the start what the rule leaves out (RFC 5545 §3.3.10).
func (e *expansion) defaults() {
	t := e.start.time()
	noDay := e.weekdays.empty() && !e.anyNth() && e.monthDays.empty() && e.yearDays.empty()
	switch {
	case e.freq == yearly && noDay && !e.weeks.empty(), e.freq == weekly && noDay:
		e.weekdays.add(int(t.Weekday()))
	case e.freq == yearly && noDay:
		if e.months.empty() {
			e.months.add(int(t.Month()))
		}
		e.monthDays.add(t.Day())
	case e.freq == monthly && noDay:
		e.monthDays.add(t.Day())
	}
	if e.freq > hourly && e.hours.empty() {
		e.hours.add(t.Hour())
	}
	if e.freq > minutely && e.minutes.empty() {
		e.minutes.add(t.Minute())
	}
	if e.freq > secondly && e.seconds.empty() {
		e.seconds.add(t.Second())
	}
}

// period is the kth one's first day and number of days.
func (e *expansion) period(k int64) (first, days int64) {
	switch e.freq {
	case yearly:
		y := e.start.time().Year() + int(k*e.interval)
		first = wallOf(y, 1, 1, 0, 0, 0).day()
		return first, wallOf(y+1, 1, 1, 0, 0, 0).day() - first
	case monthly:
		t := e.start.time()
		m := int64(t.Month()) + k*e.interval
		first = wallOf(t.Year(), int(m), 1, 0, 0, 0).day()
		return first, wallOf(t.Year(), int(m)+1, 1, 0, 0, 0).day() - first
	case weekly:
		first = e.start.day()
		first -= int64((weekday(first) - e.weekStart + 7) % 7)
		return first + 7*k*e.interval, 7
	}
	return e.start.day() + k*e.interval, 1
}

// skip is the last period that is surely before the window. What is counted has to be
// counted from the first.
func (e *expansion) skip() int64 {
	if e.count > 0 || e.lo <= e.start {
		return 0
	}
	var ago int64 // in units of the frequency
	from, to := e.start.time(), e.lo.time()
	switch e.freq {
	case yearly:
		ago = int64(to.Year() - from.Year())
	case monthly:
		ago = int64(to.Year()-from.Year())*12 + int64(to.Month()-from.Month())
	case weekly:
		ago = (e.lo.day() - e.start.day()) / 7
	case daily:
		ago = e.lo.day() - e.start.day()
	}
	return max(0, ago/e.interval-1)
}

// long goes through periods of days.
func (e *expansion) long() error {
	for h := range 24 {
		for m := range 60 {
			for s := range 60 {
				if !e.hours.has(h) || !e.minutes.has(m) {
					break
				}
				if e.seconds.has(s) {
					e.times = append(e.times, int64(h*3600+m*60+s))
				}
			}
		}
	}
	if err := e.pay(len(e.times)); err != nil {
		return err
	}
	for k := e.skip(); !e.over; k++ {
		first, n := e.period(k)
		if wall(first*daySecs) >= e.end {
			return nil
		}
		if err := e.pay(1); err != nil {
			return err
		}
		e.days = e.days[:0]
		for d := first; d < first+n; {
			t := wall(d * daySecs).time()
			if !e.months.empty() && !e.months.has(int(t.Month())) { // on to the next month
				d = wallOf(t.Year(), int(t.Month())+1, 1, 0, 0, 0).day()
				continue
			}
			if err := e.pay(1); err != nil {
				return err
			}
			if e.dayMatches(d, t) {
				e.days = append(e.days, d)
			}
			d++
		}
		if err := e.emit(0); err != nil {
			return err
		}
	}
	return nil
}

// short goes through hours, minutes or seconds.
func (e *expansion) short() error {
	unit := map[frequency]int64{hourly: 3600, minutely: 60, secondly: 1}[e.freq]
	for m := range 60 {
		for s := range 60 {
			if (e.freq == hourly && e.minutes.has(m) || e.freq == minutely && m == 0) && e.seconds.has(s) {
				e.times = append(e.times, int64(m*60+s))
			}
		}
	}
	if e.freq == secondly {
		e.times = []int64{0}
	}
	step := e.interval * unit
	first := floorDiv(int64(e.start), unit) * unit
	k := int64(0)
	if e.count == 0 && e.lo > e.start {
		k = max(0, (int64(e.lo)-first)/step-1)
	}
	day, matches := int64(-1<<62), false
	for !e.over {
		at := wall(first + k*step)
		if at >= e.end {
			return nil
		}
		if err := e.pay(1); err != nil {
			return err
		}
		if d := at.day(); d != day {
			day, matches = d, e.dayMatches(d, wall(d*daySecs).time())
		}
		if !matches { // on to the next day
			k = max(k+1, floorDiv((day+1)*daySecs-first+step-1, step))
			continue
		}
		k++
		clock := at.clock()
		if !e.hours.empty() && !e.hours.has(int(clock/3600)) ||
			e.freq <= minutely && !e.minutes.empty() && !e.minutes.has(int(clock/60%60)) ||
			e.freq == secondly && !e.seconds.empty() && !e.seconds.has(int(clock%60)) {
			continue
		}
		e.days = append(e.days[:0], day)
		if err := e.emit(clock); err != nil {
			return err
		}
	}
	return nil
}

// emit hands over what the period holds: its days with its times, which begin at clock.
func (e *expansion) emit(clock int64) error {
	n := len(e.days) * len(e.times)
	at := func(i int) wall {
		return wall(e.days[i/len(e.times)]*daySecs + clock + e.times[i%len(e.times)])
	}
	if e.positions.empty() {
		for i := 0; i < n && !e.over; i++ {
			if err := e.one(at(i)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := e.pay(min(n, 366)); err != nil {
		return err
	}
	var chosen []int
	for p := 1; p <= min(n, 366); p++ {
		if e.positions.pos.has(p) {
			chosen = append(chosen, p-1)
		}
		if e.positions.neg.has(p) {
			chosen = append(chosen, n-p)
		}
	}
	slices.Sort(chosen)
	for _, i := range slices.Compact(chosen) {
		if err := e.one(at(i)); err != nil || e.over {
			return err
		}
	}
	return nil
}

func (e *expansion) one(w wall) error {
	if err := e.pay(1); err != nil {
		return err
	}
	switch {
	case w < e.start:
		return nil
	case w >= e.end:
		e.over = true
		return nil
	}
	if e.count > 0 {
		e.left--
		e.over = e.left == 0
	}
	if w < e.lo {
		return nil
	}
	return e.do(w)
}

// dayMatches holds a day against every BYxxx part that is about days.
func (e *expansion) dayMatches(d int64, t time.Time) bool {
	year, month, mday := t.Date()
	if !e.months.empty() && !e.months.has(int(month)) {
		return false
	}
	yday, yearLength := t.YearDay(), daysOf(year)
	monthLength := int(wallOf(year, int(month)+1, 1, 0, 0, 0).day() - wallOf(year, int(month), 1, 0, 0, 0).day())
	if !e.monthDays.empty() && !e.monthDays.has(mday, monthLength-mday+1) ||
		!e.yearDays.empty() && !e.yearDays.has(yday, yearLength-yday+1) {
		return false
	}
	wd := weekday(d)
	if !e.weeks.empty() {
		// RFC 5545 §3.3.10: a week is the year's that has four of its days, and so the fourth.
		fourth := wall((d - int64((wd-e.weekStart+7)%7) + 3) * daySecs).time()
		if !e.weeks.has((fourth.YearDay()-1)/7+1, (daysOf(fourth.Year())-fourth.YearDay())/7+1) {
			return false
		}
	}
	if e.weekdays.empty() && !e.anyNth() {
		return true
	}
	at, length := mday, monthLength
	if e.freq == yearly && e.months.empty() {
		at, length = yday, yearLength
	}
	return e.weekdays.has(wd) || e.nth[wd].has((at-1)/7+1, (length-at)/7+1)
}

// weekday of a day since 1970, which began on a Thursday; Sunday is 0.
func weekday(d int64) int { return int(((d+4)%7 + 7) % 7) }

func daysOf(year int) int {
	if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 366
	}
	return 365
}
