package store

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// A backup is a line that names the format, then frames, then the HMAC-SHA256 of all before
// it, by the keyring's key for backups. It is of rows and columns, the same from either
// database. A frame is one byte that tells its kind, and:
//
//	h  the header, as JSON: length, text
//	t  a table, as JSON: length, text; its rows follow
//	r  a row: a value for each of the table's columns
//	e  the end: how many rows there were
//
// A value is n for NULL, i and a number, s and a text, b and bytes. Numbers and lengths are
// varints of encoding/binary; truths are the numbers 0 and 1.
const backupMagic = "samkonsult backup 1\n"

// Bounds of what is believed before the HMAC is checked, in bytes.
const (
	maxBackupText  = 1 << 20
	maxBackupValue = 64 << 20
)

// ErrBackup says that a file is no whole, unchanged backup that belongs here.
var ErrBackup = errors.New("not a backup that can be restored")

// BackupHeader tells what a backup is of.
type BackupHeader struct {
	Of         string             `json:"of"` // "main" or "keys"
	Generation keyring.Generation `json:"generation"`
	Created    int64              `json:"created"`           // ms since 1970, UTC
	Expires    int64              `json:"expires,omitempty"` // of keys: not restored after it
	Migrations []AppliedMigration `json:"migrations"`
}

type backupTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

type backupWriter struct {
	out  *bufio.Writer // to the file and the MAC
	file io.Writer
	mac  hash.Hash
	rows uint64
}

func newBackupWriter(w io.Writer, ring *keyring.Keyring, h BackupHeader) (*backupWriter, error) {
	mac, err := backupMAC(ring, h.Generation)
	if err != nil {
		return nil, err
	}
	b := &backupWriter{out: bufio.NewWriterSize(io.MultiWriter(w, mac), 64<<10), file: w, mac: mac}
	if _, err := b.out.WriteString(backupMagic); err != nil {
		return nil, err
	}
	return b, b.text('h', h)
}

func backupMAC(ring *keyring.Keyring, g keyring.Generation) (hash.Hash, error) {
	key, err := ring.Key(keyring.Backup, g)
	if err != nil {
		return nil, err
	}
	return hmac.New(sha256.New, key), nil
}

func (b *backupWriter) text(kind byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.write(kind, binary.AppendUvarint(nil, uint64(len(text))), text)
}

// write keeps to bufio's rule that an error stays: the last one tells of all.
func (b *backupWriter) write(kind byte, parts ...[]byte) error {
	err := b.out.WriteByte(kind)
	for _, p := range parts {
		_, err = b.out.Write(p)
	}
	return err
}

func (b *backupWriter) row(values []any) error {
	b.rows++
	if err := b.write('r'); err != nil {
		return err
	}
	for _, v := range values {
		if err := b.value(v); err != nil {
			return err
		}
	}
	return nil
}

func (b *backupWriter) value(v any) error {
	switch v := v.(type) {
	case nil:
		return b.write('n')
	case int64:
		return b.write('i', binary.AppendVarint(nil, v))
	case bool:
		if v {
			return b.write('i', binary.AppendVarint(nil, 1))
		}
		return b.write('i', binary.AppendVarint(nil, 0))
	case string:
		return b.write('s', binary.AppendUvarint(nil, uint64(len(v))), []byte(v))
	case []byte:
		return b.write('b', binary.AppendUvarint(nil, uint64(len(v))), v)
	}
	return fmt.Errorf("values of type %T have no form in a backup", v)
}

func (b *backupWriter) end() error {
	if err := b.write('e', binary.AppendUvarint(nil, b.rows)); err != nil {
		return err
	}
	if err := b.out.Flush(); err != nil {
		return err
	}
	_, err := b.file.Write(b.mac.Sum(nil))
	return err
}

// backupReader reads a backup once, and knows at its end whether it was whole.
type backupReader struct {
	in     *bufio.Reader
	mac    hash.Hash
	header BackupHeader
	table  backupTable
	rows   uint64
}

func newBackupReader(r io.Reader, ring *keyring.Keyring) (*backupReader, error) {
	b := &backupReader{in: bufio.NewReaderSize(r, 64<<10), mac: sha256.New()}
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(b.in, magic); err != nil || string(magic) != backupMagic {
		return nil, fmt.Errorf("%w: it does not begin as one", ErrBackup)
	}
	if kind, err := b.in.ReadByte(); err != nil || kind != 'h' {
		return nil, fmt.Errorf("%w: the header is missing", ErrBackup)
	}
	text, err := readText(b.in, maxBackupText)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &b.header); err != nil {
		return nil, fmt.Errorf("%w: the header: %w", ErrBackup, err)
	}
	if b.mac, err = backupMAC(ring, b.header.Generation); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBackup, err)
	}
	// What has been read so far, in the one form that the writer gives it.
	b.mac.Write(magic)
	b.mac.Write([]byte{'h'})
	b.mac.Write(binary.AppendUvarint(nil, uint64(len(text))))
	b.mac.Write(text)
	return b, nil
}

// next returns a row of the table that the reader then stands in, and io.EOF at the end of
// a whole and unchanged backup.
func (b *backupReader) next() ([]any, error) {
	for {
		kind, err := b.byte()
		if err != nil {
			return nil, err
		}
		switch kind {
		case 't':
			text, err := b.bytes(maxBackupText)
			if err != nil {
				return nil, err
			}
			b.table = backupTable{}
			if err := json.Unmarshal(text, &b.table); err != nil {
				return nil, fmt.Errorf("%w: a table: %w", ErrBackup, err)
			}
		case 'r':
			b.rows++
			return b.row()
		case 'e':
			return nil, b.end()
		default:
			return nil, fmt.Errorf("%w: a frame of kind %q", ErrBackup, kind)
		}
	}
}

func (b *backupReader) row() ([]any, error) {
	values := make([]any, len(b.table.Columns))
	for i := range values {
		kind, err := b.byte()
		if err != nil {
			return nil, err
		}
		switch kind {
		case 'n':
		case 'i':
			n, err := binary.ReadVarint(macReader{b})
			if err != nil {
				return nil, cut(err)
			}
			values[i] = n
		case 's', 'b':
			content, err := b.bytes(maxBackupValue)
			if err != nil {
				return nil, err
			}
			if values[i] = content; kind == 's' {
				values[i] = string(content)
			}
		default:
			return nil, fmt.Errorf("%w: a value of kind %q", ErrBackup, kind)
		}
	}
	return values, nil
}

func (b *backupReader) end() error {
	rows, err := binary.ReadUvarint(macReader{b})
	if err != nil {
		return cut(err)
	}
	if rows != b.rows {
		return fmt.Errorf("%w: it has %d rows and tells of %d", ErrBackup, b.rows, rows)
	}
	sum := make([]byte, sha256.Size)
	if _, err := io.ReadFull(b.in, sum); err != nil {
		return cut(err)
	}
	if !hmac.Equal(sum, b.mac.Sum(nil)) {
		return fmt.Errorf("%w: it was changed, or made with another keyring", ErrBackup)
	}
	if _, err := b.in.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows after its end", ErrBackup)
	}
	return io.EOF
}

func (b *backupReader) byte() (byte, error) {
	c, err := macReader{b}.ReadByte()
	return c, cut(err)
}

func (b *backupReader) bytes(limit uint64) ([]byte, error) {
	length, err := binary.ReadUvarint(macReader{b})
	if err != nil {
		return nil, cut(err)
	}
	content, err := readN(b.in, length, limit)
	b.mac.Write(content)
	return content, err
}

// macReader reads bytes and adds them to the MAC.
type macReader struct{ b *backupReader }

func (r macReader) ReadByte() (byte, error) {
	c, err := r.b.in.ReadByte()
	if err == nil {
		r.b.mac.Write([]byte{c})
	}
	return c, err
}

func readText(in *bufio.Reader, limit uint64) ([]byte, error) {
	length, err := binary.ReadUvarint(in)
	if err != nil {
		return nil, cut(err)
	}
	return readN(in, length, limit)
}

func readN(in *bufio.Reader, length, limit uint64) ([]byte, error) {
	if length > limit {
		return nil, fmt.Errorf("%w: a part of %d bytes", ErrBackup, length)
	}
	// Not at once what a forged length asks for; and an empty value is not NULL.
	content := []byte{}
	for uint64(len(content)) < length {
		part := make([]byte, min(length-uint64(len(content)), 1<<20))
		if _, err := io.ReadFull(in, part); err != nil {
			return nil, cut(err)
		}
		content = append(content, part...)
	}
	return content, nil
}

// cut says of a file that ends too early that it does.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early", ErrBackup)
	}
	return err
}
