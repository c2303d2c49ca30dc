package main

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// sealedFolder is a service that was set up, ran and stopped: it seals its record before it ends.
func sealedFolder(t *testing.T) string {
	t.Helper()
	folder, _ := founded(t)
	if err := serving(t, folder).stop(); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestAuditVerifySaysThatNothingIsWrong(t *testing.T) {
	folder := sealedFolder(t)
	code, out, errs := samkonsult(t, "audit", "verify", "--data", folder)
	if code != 0 || !strings.Contains(out, "Nothing is wrong.") || !strings.Contains(out, "audit-heads.jsonl") {
		t.Errorf("ended with %d: %s%s", code, out, errs)
	}
	code, out, errs = samkonsult(t, "audit", "verify", "--data", folder, "--json")
	var report audit.Report
	if err := json.Unmarshal([]byte(out), &report); code != 0 || err != nil || report.Sealed == 0 || report.Heads != report.FileHeads {
		t.Errorf("ended with %d: %s%s: %v", code, out, errs, err)
	}
	// A check without the file says what it can't see.
	code, out, _ = samkonsult(t, "audit", "verify", "--data", folder, "--heads", "none")
	if code != 0 || !strings.Contains(out, "may go unnoticed") {
		t.Errorf("ended with %d: %s", code, out)
	}
}

func TestAuditVerifyNamesTheEntryThatWasChanged(t *testing.T) {
	folder := sealedFolder(t)
	db, err := sql.Open("sqlite", filepath.Join(folder, "samkonsult.db"))
	if err != nil {
		t.Fatal(err)
	}
	var id string
	if err := db.QueryRowContext(t.Context(), "SELECT entry FROM audit_seals WHERE seq = 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"DROP TRIGGER audit_entries_update", "UPDATE audit_entries SET outcome = 'failed' WHERE id = '" + id + "'"} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, errs := samkonsult(t, "audit", "verify", "--data", folder)
	if code != 1 || !strings.Contains(out, "place 1, entry "+id+" (changed)") || !strings.Contains(errs, "findings: 1") {
		t.Errorf("ended with %d: %s%s", code, out, errs)
	}
}

func TestAuditExportGoesOnAfterAPlace(t *testing.T) {
	folder := sealedFolder(t)
	code, all, errs := samkonsult(t, "audit", "export", "--data", folder)
	lines := strings.Split(strings.TrimSpace(all), "\n")
	var first audit.Line
	if err := json.Unmarshal([]byte(lines[0]), &first); code != 0 || err != nil || first.Seq != 1 || first.Chain == "" {
		t.Fatalf("ended with %d: %s%s: %v", code, all, errs, err)
	}
	_, rest, _ := samkonsult(t, "audit", "export", "--data", folder, "--after", "1")
	if strings.Count(rest, "\n") != len(lines)-1 {
		t.Errorf("after place 1: %s, of %s", rest, all)
	}
}

func TestAuditIsToldHowItIsUsed(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"audit"}, 2, "audit verify"},
		{[]string{"audit", "check"}, 2, "audit verify"},
		{[]string{"audit", "help"}, 0, "audit verify"},
		{[]string{"audit", "verify", "--help"}, 0, "audit verify"},
		{[]string{"audit", "export", "--after", "-1"}, 2, "after"},
	} {
		code, out, errs := samkonsult(t, append(c.args, flagsOfNowhere(t, c.args)...)...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%v ended with %d: %s%s", c.args, code, out, errs)
		}
	}
	folder, _ := founded(t)
	if code, _, errs := samkonsult(t, "audit", "verify", "--data", folder, "--heads", filepath.Join(folder, "nowhere")); code != 2 || !strings.Contains(errs, "--heads") {
		t.Errorf("ended with %d: %s", code, errs)
	}
}

// flagsOfNowhere keep a command that takes flags away from this folder's own data.
func flagsOfNowhere(t *testing.T, args []string) []string {
	if len(args) < 3 {
		return nil
	}
	return []string{"--data", t.TempDir()}
}
