package signaling_test

import (
	"testing"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/journaltest"
)

func TestAJournalInMemory(t *testing.T) {
	journaltest.Run(t, func(*testing.T) signaling.Journal { return signaling.NewMemoryJournal() })
}
