package scheduling

import "time"

// Holiday is a day on which Norway does not work: helligdagsfredloven § 2, and 1 and 17 May by
// lov om 1. og 17. mai. Its name is for pages to have words for.
type Holiday string

// Holidays are a year's, by day as 2026-12-25.
func Holidays(year int) map[string]Holiday {
	out := map[string]Holiday{}
	day := func(month time.Month, date int, h Holiday) {
		out[time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)] = h
	}
	day(time.January, 1, "new-year")
	day(time.May, 1, "labour")
	day(time.May, 17, "constitution")
	day(time.December, 25, "christmas")
	day(time.December, 26, "boxing")
	easter := easterSunday(year)
	for after, h := range map[int]Holiday{
		-3: "maundy-thursday", -2: "good-friday", 0: "easter", 1: "easter-monday", 39: "ascension", 49: "whitsun", 50: "whit-monday",
	} {
		// Ascension on 17 May is one day with two names: the movable one stands.
		out[easter.AddDate(0, 0, after).Format(time.DateOnly)] = h
	}
	return out
}

// easterSunday is the anonymous Gregorian computus (Nature, 1876; Meeus, Astronomical
// Algorithms, ch. 8).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month, date := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
	return time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
}
