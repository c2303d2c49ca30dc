package loadtest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWhatCanNotBeRunIsRefusedWithItsRule(t *testing.T) {
	for _, tc := range []struct {
		args []string
		says string
	}{
		{[]string{}, "either a binary to serve or a links file"},
		{[]string{"--serve", "x", "--links", "y"}, "either a binary to serve or a links file"},
		{[]string{"--links", "y", "--search"}, "needs a binary"},
		{[]string{"--links", "y", "--floor", "--simulcast"}, "without simulcast"},
		{[]string{"--links", "y", "--rooms", "-1"}, "must be positive"},
		{[]string{"--links", "y", "--seconds", "-1"}, "must be positive"},
		{[]string{"--links", "y", "room"}, "flags only"},
		{[]string{"--nonsense"}, "not defined"},
		{[]string{"--links", filepath.Join(t.TempDir(), "none"), "--pin=false"}, "no such file"},
		{[]string{"--serve", filepath.Join(t.TempDir(), "none"), "--pin=false"}, "start the service"},
	} {
		var out bytes.Buffer
		if err := Command(tc.args, &out); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%v: %v, want something with %q", tc.args, err, tc.says)
		}
	}
}

func TestHelpSaysHowToRunIt(t *testing.T) {
	var out bytes.Buffer
	if err := Command([]string{"--help"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--serve bin/samkonsult", "--demo-consultations", "-floor", "-json"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("help lacks %q", want)
		}
	}
}

func TestLinksWithTooFewConsultationsAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "links.json")
	for _, tc := range []struct{ links, says string }{
		{`{"base":"http://x"}`, "--demo-consultations 2"},
		{`{"consultations":[{"id":"a","tickets":["1","2","3"]},{"id":"b","tickets":["1"]}]}`, "consultation b has 1 tickets"},
		{`{`, "unexpected end"},
	} {
		if err := os.WriteFile(file, []byte(tc.links), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Run(t.Context(), Config{Links: file, Rooms: 2})
		if err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, want something with %q", tc.links, err, tc.says)
		}
	}
}

func TestAMetricIsFoundByItsWholeName(t *testing.T) {
	text := "# TYPE go_goroutines gauge\ngo_goroutines_total 9\ngo_goroutines 41\n"
	if v := metric(strings.NewReader(text), "go_goroutines"); v != 41 {
		t.Errorf("got %v", v)
	}
}

func TestAReportIsWrittenForPeopleAndPrograms(t *testing.T) {
	r := Report{
		Rooms: 20, Seconds: 10, Pinned: true,
		Service: Result{Sent: 108000, Expected: 216000, Received: 216000, CPUPerPacket: 9 * time.Microsecond, DelayP99: 3 * time.Millisecond},
		Floor:   &FloorResult{Result: Result{CPUPerPacket: 6 * time.Microsecond}, Seal: 500},
		Joins:   Joins{Count: 20, FirstPacketP50: 14 * time.Millisecond},
		Ratio:   1.5,
		Void:    []string{"service: a reason"},
	}
	var table bytes.Buffer
	if err := r.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"20 rooms of three", "10800", "21600", "9.0 µs", "6.0 µs", "3.0 ms", "14.0 ms", "service / floor: 1.50", "VOID: service: a reason"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
	file := filepath.Join(t.TempDir(), "report.json")
	if err := r.WriteJSON(file); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(raw, &back); err != nil || back.Service != r.Service || *back.Floor != *r.Floor || back.Joins != r.Joins {
		t.Errorf("read back %+v, %v", back, err)
	}
}
