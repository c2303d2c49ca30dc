package notify_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/notify"
)

func TestTheTrayKeepsEachMessageOnce(t *testing.T) {
	tray := notify.NewTray(nil)
	o := letter(&notify.Calendar{Method: "REQUEST", Body: []byte(object)})
	o.Link = "https://samtale.example.no/k#abc"
	for range 2 {
		if err := tray.Send(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	all := tray.All()
	if len(all) != 1 || all[0].Calendar != object || all[0].Message.Link != o.Link || all[0].Text != o.Text || all[0].At.IsZero() {
		t.Errorf("%+v", all)
	}
	text, err := json.Marshal(all[0].Message) // as the tests of the pages read it
	if err != nil || !strings.Contains(string(text), `"kind":"booked"`) || !strings.Contains(string(text), `"address":"ragna@example.no"`) {
		t.Errorf("%s, %v", text, err)
	}
	for i := range 300 {
		n := outgoing("hei")
		n.ID = fmt.Sprint("n", i)
		if err := tray.Send(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	if all := tray.All(); len(all) != 200 || all[199].Message.ID != "n299" {
		t.Errorf("%d kept", len(all))
	}
}
