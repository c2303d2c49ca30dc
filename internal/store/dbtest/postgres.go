package dbtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// cluster is a PostgreSQL of this test process's own. It listens on a socket in its folder
// only, so that any number of them run side by side.
type cluster struct {
	dir string
	// as is who runs it: not root.
	as *syscall.SysProcAttr
	// stdin of its keeper: when it closes, because the process has ended in whatever way,
	// the keeper stops the server and removes the folder.
	alive  io.Closer
	keeper *exec.Cmd

	mu       sync.Mutex
	prepared map[string]bool // databases to copy
}

// Once per process, and not per test: starting takes two seconds.
var theCluster = sync.OnceValues(startCluster)

// starter starts the server that is in a folder, and returns when it answers.
const starter = `
set -eu
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
cd "$1"
start() { pg_ctl -D data -w -l log start >/dev/null 2>&1 || { cat log >&2; exit 1; }; }
`

// keeper makes a server, starts it and lives as long as its standard input is open. The
// settings keep it small; nothing that durability hangs on is touched. The WAL writer sleeps
// so long that it never syncs by chance what a commit has left behind.
const keeper = starter + `
trap 'pg_ctl -D data -m immediate stop >/dev/null 2>&1 || true; rm -rf "$1"' EXIT
initdb -D data -A trust -U postgres --no-sync -E UTF8 --locale=C >log 2>&1 || { cat log >&2; exit 1; }
cat >>data/postgresql.conf <<END
listen_addresses = ''
unix_socket_directories = '$1'
shared_buffers = 32MB
max_connections = 200
wal_writer_delay = 10s
wal_writer_flush_after = 0
autovacuum = off
END
start
echo ready
cat >/dev/null
`

func startCluster() (*cluster, error) {
	dir, err := os.MkdirTemp("", "samkonsult-postgres-")
	if err != nil {
		return nil, err
	}
	as, err := serverUser(dir)
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	cmd := exec.Command("sh", "-c", keeper, "sh", dir)
	cmd.SysProcAttr = as
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	complaint, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if line, _ := bufio.NewReader(said).ReadString('\n'); line != "ready\n" {
		why, _ := io.ReadAll(complaint)
		return nil, fmt.Errorf("start PostgreSQL: %w: %s", cmd.Wait(), why)
	}
	return &cluster{dir: dir, as: as, alive: alive, keeper: cmd, prepared: map[string]bool{}}, nil
}

// serverUser is as whom a server runs that has the folder.
func serverUser(dir string) (*syscall.SysProcAttr, error) {
	// A group of its own: an interrupt from the terminal must not reach the server before
	// the tests are done with it.
	as := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return as, nil
	}
	// The server refuses to run as root.
	uid, gid, err := postgresUser()
	if err == nil {
		err = os.Chown(dir, int(uid), int(gid))
	}
	as.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	return as, err
}

func postgresUser() (uid, gid uint32, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, fmt.Errorf("PostgreSQL does not run as root and there is no user postgres (.ci/install brings it): %w", err)
	}
	id, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return 0, 0, err
	}
	group, err := strconv.ParseUint(u.Gid, 10, 32)
	return uint32(id), uint32(group), err
}

// url is the address of one of the cluster's databases.
func (c *cluster) url(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {filepath.Clean(c.dir)}, "user": {"postgres"}}.Encode()}
	return u.String()
}
