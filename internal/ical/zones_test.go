package ical

import (
	"testing"
	"time"
)

func TestEveryZoneOfWindowsIsAPlaceInTheWorld(t *testing.T) {
	for name, place := range windowsZones {
		if loc, err := time.LoadLocation(place); err != nil || loc == time.Local {
			t.Errorf("%s: %s, %v", name, place, err)
		}
	}
	if len(windowsZones) < 139 {
		t.Errorf("%d zones: some are lost", len(windowsZones))
	}
}

func TestAZoneIsFoundUnderEachOfItsNames(t *testing.T) {
	z := zones{world: map[string]zone{}, found: map[string]zone{}}
	summer, winter := wallOf(2026, 7, 1, 12, 0, 0), wallOf(2026, 12, 1, 12, 0, 0)
	for _, id := range []string{
		"Europe/Oslo", " Europe/Oslo", "W. Europe Standard Time", "/mozilla.org/20050126_1/Europe/Oslo", "/freeassociation.sourceforge.net/Europe/Oslo",
		"/freeassociation.sourceforge.net/Tzfile/Europe/Oslo", "/softwarestudio.org/Olson_20011030_5/Europe/Oslo",
	} {
		f, err := z.named(property{}, id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if s, w := f(int64(summer)), f(int64(winter)); s != 7200 || w != 3600 {
			t.Errorf("%s is %d s ahead in summer, %d in winter", id, s, w)
		}
	}
	for _, id := range []string{"UTC", "utc", "Etc/UTC", "GMT", "tzone://Microsoft/Utc"} {
		if f, err := z.named(property{}, id); err != nil || f(int64(summer)) != 0 {
			t.Errorf("%s: %v", id, err)
		}
	}
	if f, err := z.named(property{}, "/example.org/America/Argentina/Ushuaia"); err != nil || f(int64(summer)) != -3*3600 {
		t.Errorf("a name of three parts: %v", err)
	}
	for _, id := range []string{"", "Local", "Oslo", "/Europe", "/a/b", "Europe", "europe/../Europe/Oslo", "W. Europe"} {
		if _, err := z.named(property{}, id); err == nil {
			t.Errorf("%q is a zone", id)
		}
	}
}
