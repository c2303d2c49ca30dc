//go:build !linux

package loadtest

import (
	"errors"
	"runtime"
	"time"
)

var errLinux = errors.New("only on Linux")

func processCPU(int) (time.Duration, error) { return 0, errLinux }
func processMemory(int) (uint64, error)     { return 0, errLinux }
func udpDrops() map[uint16]uint64           { return nil }
func machineCPU() time.Duration             { return 0 }
func ownCPU() time.Duration                 { return 0 }
func pinSelf(int) (func(), error)           { return nil, errLinux }
func startPinned(int, func() error) error   { return errLinux }
func allowedOn(int, int) bool               { return true }
func machine() Machine {
	return Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), Kernel: runtime.GOOS, CPU: runtime.GOARCH}
}
