package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/store"
)

const auditHelp = `samkonsult audit verify [--heads FILE] [--json]
samkonsult audit export [--after PLACE]

verify goes through the audit record, while the service goes on, and says what was changed,
deleted, swapped, put in, cut off or written anew, and where. It reads the signed heads outside of
the database, too: --heads names their file (audit-heads.jsonl in --data; "none" goes without, and then
does not notice an end that was cut off together with its heads). It ends with 1 if anything is wrong.

export writes the sealed record as lines of JSON, with ids and no names, for a SIEM. Each line has
its place as seq: --after the last one that is known brings what has come since.

The settings of samkonsult serve (--db, --keys-db, --keys, --data, --config) say which database.
`

// noHeads is the name of no file of heads.
const noHeads = "none"

func (c command) audit() int {
	verb := ""
	if len(c.args) > 0 {
		verb, c.args = c.args[0], c.args[1:]
	}
	switch c.name = "audit " + verb; verb {
	case "verify":
		return c.auditVerify()
	case "export":
		return c.auditExport()
	case "help", "-h", "--help":
		fmt.Fprint(c.stdout, auditHelp)
		return 0
	}
	fmt.Fprint(c.stderr, auditHelp)
	return 2
}

func (c command) auditVerify() int {
	var heads string
	var asJSON bool
	flags := func(fs *flag.FlagSet) {
		fs.StringVar(&heads, "heads", "", "")
		fs.BoolVar(&asJSON, "json", false, "")
	}
	return c.run(auditHelp, flags, func(s settings) error {
		return c.withAudit(s, func(record *store.Audit, keys []ed25519.PrivateKey) error {
			check := audit.Check{Store: record, Now: time.Now()}
			for _, key := range keys {
				check.Keys = append(check.Keys, key.Public().(ed25519.PublicKey))
			}
			if heads == "" {
				heads = headsPath(s.Config)
			}
			var err error
			if heads != noHeads {
				if check.Heads, err = audit.FileHeads(heads); errors.Is(err, fs.ErrNotExist) {
					return &FieldError{"heads", heads + " is not there; " + noHeads + " goes without it"}
				}
			}
			if err != nil {
				return err
			}
			if !asJSON {
				check.Progress = progress(c.stderr)
			}
			report, err := audit.Verify(c.ctx, check)
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(c.stdout).Encode(report)
			} else {
				writeReport(c.stdout, report, heads)
			}
			if err == nil && report.Found > 0 {
				err = fmt.Errorf("the record is not as it was written; findings: %d", report.Found)
			}
			return err
		})
	})
}

// withAudit opens the record beside the service.
func (c command) withAudit(s settings, work func(*store.Audit, []ed25519.PrivateKey) error) (err error) {
	ring, err := s.keyring(false)
	if err != nil {
		return err
	}
	keys, err := auditKeys(ring)
	if err != nil {
		return err
	}
	db, err := s.open(c.ctx, ring, true, s.Log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return work(db.Audit(), keys)
}

// progress tells how far a check has come, each tenth of the way.
func progress(w io.Writer) func(sealed, of int64) {
	told := int64(0)
	return func(sealed, of int64) {
		if of == 0 || sealed*10/of == told {
			return
		}
		told = sealed * 10 / of
		fmt.Fprintf(w, "%d of %d entries\n", sealed, of)
	}
}

func writeReport(w io.Writer, r audit.Report, heads string) {
	fmt.Fprintf(w, "%d entries are sealed, under %d signed heads in the database", r.Sealed, r.Heads)
	if heads == noHeads {
		fmt.Fprintln(w, ".\nWithout heads from outside of the database, a cut end may go unnoticed.")
	} else {
		fmt.Fprintf(w, " and %d in %s.\n", r.FileHeads, heads)
	}
	if r.Unsealed > 0 {
		fmt.Fprintf(w, "%d entries wait for their seal, the oldest since %s.\n", r.Unsealed, time.UnixMilli(r.Oldest).UTC().Format(time.RFC3339))
	}
	if r.Overdue > 0 {
		fmt.Fprintf(w, "%d of them have waited for more than a minute: is the service running, and what does its log say?\n", r.Overdue)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(w, f)
	}
	if more := r.Found - int64(len(r.Findings)); more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
	if r.Found == 0 {
		fmt.Fprintln(w, "Nothing is wrong.")
	}
}

func (c command) auditExport() int {
	var after int64
	flags := func(fs *flag.FlagSet) { fs.Int64Var(&after, "after", 0, "") }
	return c.run(auditHelp, flags, func(s settings) error {
		if after < 0 {
			return &FieldError{"after", "must be a place, from 0"}
		}
		return c.withAudit(s, func(record *store.Audit, _ []ed25519.PrivateKey) error {
			out := bufio.NewWriter(c.stdout)
			return errors.Join(audit.ExportSealed(c.ctx, record, out, after), out.Flush())
		})
	})
}
