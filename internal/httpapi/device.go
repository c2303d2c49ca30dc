package httpapi

import "strings"

// browsers and systems by what stands in a User-Agent (RFC 9110 §10.1.5). The order counts:
// each browser also names those that it wants to be taken for.
var (
	browsers = []struct{ sign, name string }{
		{"Edg", "edge"}, {"OPR/", "opera"}, {"SamsungBrowser/", "samsung"}, {"Firefox/", "firefox"}, {"FxiOS/", "firefox"},
		{"CriOS/", "chrome"}, {"Chrome/", "chrome"}, {"Safari/", "safari"},
	}
	systems = []struct{ sign, name string }{
		{"iPhone", "ios"}, {"iPad", "ipados"}, {"Android", "android"}, {"Windows", "windows"}, {"CrOS", "chromeos"},
		{"Mac OS X", "macos"}, {"Linux", "linux"},
	}
)

// device is a browser and its system, as "firefox/windows"; the page has the words. What is
// not known is "other": the text itself would be a fingerprint.
func device(agent string) string {
	find := func(among []struct{ sign, name string }) string {
		for _, a := range among {
			if strings.Contains(agent, a.sign) {
				return a.name
			}
		}
		return "other"
	}
	return find(browsers) + "/" + find(systems)
}
