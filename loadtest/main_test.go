package loadtest

import (
	"fmt"
	"os"
	"testing"
)

// TestMain lets the test binary be the floor's process, as the samkonsult binary is.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "loadtest" && os.Args[2] == floorWorkerCommand {
		if err := Command(os.Args[2:], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	dir, err := os.MkdirTemp("", "samkonsult-binary-")
	if err == nil {
		err = os.Setenv(binaryDir, dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}
