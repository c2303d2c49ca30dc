package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// HeadsFile keeps signed heads outside of the database, a line of JSON each, so that whoever
// can change the database can't cut the record's end off together with what tells of it. It
// only grows: a line is about 250 bytes, and there is at most one a round of the sealer. It
// is best kept where the database's administrators don't come. It is not safe for concurrent use.
type HeadsFile struct {
	file *os.File
	path string
	last Head
}

// OpenHeads opens the file, or makes it, and reads it to its end. A last line that a crash
// has left unfinished is taken away: the database still has that head. No other process may
// have the file open to write.
func OpenHeads(path string) (_ *HeadsFile, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("audit: open the file of heads: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("audit: open the file of heads: %w", err), file.Close())
		}
	}()
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = fmt.Errorf("%s is in use by another process: give each its own", path)
		}
		return nil, err
	}
	h := &HeadsFile{file: file, path: path}
	whole, err := wholeLines(file)
	if err != nil {
		return nil, err
	}
	for head, err := range readHeads(file, whole) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w: put the file aside for whoever looks into it; a new one gets all heads of the database", path, err)
		}
		h.last = head
	}
	if err := file.Truncate(whole); err != nil {
		return nil, err
	}
	if err := errors.Join(file.Sync(), syncFolder(filepath.Dir(path))); err != nil {
		return nil, err
	}
	return h, nil
}

// Close closes the file.
func (h *HeadsFile) Close() error { return h.file.Close() }

// append adds heads, and returns when they are on disk.
func (h *HeadsFile) append(heads []Head) error {
	if len(heads) == 0 {
		return nil
	}
	var lines bytes.Buffer
	out := json.NewEncoder(&lines) // ends each with a line break
	for _, head := range heads {
		if err := out.Encode(head); err != nil {
			return fmt.Errorf("audit: head %d: %w", head.Number, err)
		}
	}
	before, err := h.file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("audit: append to %s: %w", h.path, err)
	}
	_, err = h.file.Write(lines.Bytes())
	if err == nil {
		err = h.file.Sync()
	}
	if err != nil {
		// A full disk must not leave half a line in the midst of later ones.
		return errors.Join(fmt.Errorf("audit: append to %s: %w", h.path, err), h.file.Truncate(before))
	}
	h.last = heads[len(heads)-1]
	return nil
}

// heads reads the file anew.
func (h *HeadsFile) heads() (iter.Seq2[Head, error], error) {
	whole, err := wholeLines(h.file)
	if err != nil {
		return nil, fmt.Errorf("audit: read %s: %w", h.path, err)
	}
	return readHeads(h.file, whole), nil
}

// Heads are the heads of a file that a sealer may be writing to: those that were there when
// FileHeads was called, each time they are ranged over. A line that is none gives a *LineError.
type Heads iter.Seq2[Head, error]

// LineError is a line of a file of heads that is no head.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d is no head: %v", e.Line, e.Err) }

// Unwrap returns why.
func (e *LineError) Unwrap() error { return e.Err }

// FileHeads reads a file of heads.
func FileHeads(path string) (Heads, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("audit: read the heads: %w", err)
	}
	whole, err := wholeLines(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("audit: read the heads: %w", err)
	}
	return func(yield func(Head, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(Head{}, fmt.Errorf("audit: read the heads: %w", err))
			return
		}
		defer file.Close()
		readHeads(file, whole)(yield)
	}, nil
}

// maxHeadLine bounds a line, in bytes; one of ours has less than 500.
const maxHeadLine = 4 << 10

// readHeads reads the first bytes of a file.
func readHeads(file io.ReaderAt, bytes int64) iter.Seq2[Head, error] {
	return func(yield func(Head, error) bool) {
		lines := bufio.NewScanner(io.NewSectionReader(file, 0, bytes))
		lines.Buffer(nil, maxHeadLine)
		for n := 1; lines.Scan(); n++ {
			var head Head
			var err error
			if wrong := json.Unmarshal(lines.Bytes(), &head); wrong != nil {
				head, err = Head{}, &LineError{Line: n, Err: wrong}
			}
			if !yield(head, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Head{}, fmt.Errorf("audit: read the heads: %w", err))
		}
	}
}

// wholeLines returns how many bytes of a file are lines that were written to their end.
func wholeLines(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	tail := make([]byte, min(info.Size(), maxHeadLine))
	if _, err := file.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return 0, err
	}
	return info.Size() - int64(len(tail)-(bytes.LastIndexByte(tail, '\n')+1)), nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
