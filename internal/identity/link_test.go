package identity

import (
	"testing"

	"github.com/samkonsult/samkonsult/internal/notify"
)

func TestHintsTellNoMoreThanTheEnd(t *testing.T) {
	for _, tt := range [][3]string{
		{"sms", "+4790000412", "••• •• 412"}, {"email", "mari.bjork@fjordvik.no", "•••@fjordvik.no"}, {"sms", "1", "••• •• 1"},
	} {
		if got := hint(notify.Channel(tt[0]), tt[1]); got != tt[2] {
			t.Errorf("%s: %s", tt[1], got)
		}
	}
}
