package loadtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// clockTick is the unit of /proc/PID/stat: 1/100 s on every architecture that Linux has (proc(5)).
const clockTick = 10 * time.Millisecond

// processCPU is what a process has used of the CPU, in user and kernel, over all its threads.
func processCPU(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second field is the name, in parentheses, which may hold anything.
	end := bytes.LastIndexByte(raw, ')')
	f := strings.Fields(string(raw[end+1:]))
	if end < 0 || len(f) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat: not understood", pid)
	}
	user, err1 := strconv.ParseInt(f[11], 10, 64)
	system, err2 := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * clockTick, errors.Join(err1, err2)
}

// processMemory is a process's resident memory in bytes.
func processMemory(pid int) (uint64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			f := strings.Fields(rest)
			if len(f) == 0 {
				break
			}
			kib, err := strconv.ParseUint(f[0], 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status: no VmRSS", pid)
}

// udpDrops is how many datagrams the kernel has thrown away because a socket's buffer was
// full, by local port, for all sockets of this machine (proc(5), /proc/net/udp).
func udpDrops() map[uint16]uint64 {
	drops := map[uint16]uint64{}
	for _, file := range []string{"/proc/net/udp", "/proc/net/udp6"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(raw)) {
			// sl local_address rem_address … drops; an address is hex with its port behind the colon.
			f := strings.Fields(line)
			if len(f) < 13 {
				continue
			}
			_, hex, _ := strings.Cut(f[1], ":")
			port, err1 := strconv.ParseUint(hex, 16, 16)
			n, err2 := strconv.ParseUint(f[len(f)-1], 10, 64)
			if err1 == nil && err2 == nil {
				drops[uint16(port)] += n
			}
		}
	}
	return drops
}

// machineCPU is what all of this machine has used of its cores, what the host took away
// (steal) included.
func machineCPU() time.Duration {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	// cpu user nice system idle iowait irq softirq steal guest guest_nice (proc(5)); guests are in user.
	f := strings.Fields(line)
	var busy int64
	for i, v := range f {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && i < 9 && i != 4 && i != 5 {
			busy += n
		}
	}
	return time.Duration(busy) * clockTick
}

// ownCPU is what this process has used of the CPU.
func ownCPU() time.Duration {
	var ru unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &ru) != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// pinSelf keeps this process on one core, with one thread that runs Go at a time. The
// returned function undoes it.
func pinSelf(core int) (undo func(), err error) {
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return nil, os.NewSyscallError("sched_getaffinity", err)
	}
	if err := setAffinity(oneCore(core)); err != nil {
		return nil, err
	}
	procs := runtime.GOMAXPROCS(1)
	return func() {
		runtime.GOMAXPROCS(procs)
		_ = setAffinity(&before)
	}, nil
}

func oneCore(core int) *unix.CPUSet {
	var set unix.CPUSet
	set.Set(core)
	return &set
}

// setAffinity goes over the threads that there are; those made later inherit it. Twice,
// for threads that were made meanwhile.
func setAffinity(set *unix.CPUSet) error {
	for range 2 {
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range tasks {
			tid, err := strconv.Atoi(t.Name())
			if err != nil {
				continue
			}
			if err := unix.SchedSetaffinity(tid, set); err != nil && !errors.Is(err, unix.ESRCH) {
				return os.NewSyscallError("sched_setaffinity", err)
			}
		}
	}
	return nil
}

// startPinned starts a process on one core: a child inherits the affinity of the thread that makes it.
func startPinned(core int, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return os.NewSyscallError("sched_getaffinity", err)
	}
	if err := unix.SchedSetaffinity(0, oneCore(core)); err != nil {
		return os.NewSyscallError("sched_setaffinity", err)
	}
	err := start()
	return errors.Join(err, os.NewSyscallError("sched_setaffinity", unix.SchedSetaffinity(0, &before)))
}

// allowedOn says whether a process may run on a core.
func allowedOn(pid, core int) bool {
	var set unix.CPUSet
	return unix.SchedGetaffinity(pid, &set) != nil || set.IsSet(core)
}

// machine describes where the figures were taken.
func machine() Machine {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version()}
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if k, v, _ := strings.Cut(line, ":"); strings.TrimSpace(k) == "model name" {
				m.CPU = strings.TrimSpace(v)
				break
			}
		}
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		m.Kernel = unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:])
	}
	return m
}
