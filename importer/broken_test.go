package importer_test

import (
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/importer"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

func TestBrokenRecordsAreSetAsideAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ broken, reason string }{
		"NUL":                  {row("2", "status_notes", "a\x00b"), "remarks:"},
		"NUL in the key":       {row("2\x00"), "unique_key:"},
		"not UTF-8":            {row("2", "incident_address", "caf\xe9"), "title:"},
		"no key":               {row(""), "unique_key:"},
		"no date":              {row("2", "created_date", ""), "created_date: missing"},
		"not a date":           {row("2", "created_date", "yesterday"), "created_date: not a date"},
		"impossible date":      {row("2", "created_date", "2014-02-30 09:16:48+00:00"), "created_date: not a date"},
		"filed in the future":  {row("2", "created_date", "2031-01-01 00:00:00+00:00"), "created_date: in the future"},
		"closed in the future": {row("2", "closed_date", "2031-01-01 00:00:00+00:00"), "closed_date: in the future"},
		"closed without date":  {row("2", "closed_date", ""), "closed_date: missing"},
		"unknown status":       {row("2", "status", "Perhaps"), "status:"},
		"latitude":             {row("2", "latitude", "north"), "latitude: not a number"},
		"longitude":            {row("2", "longitude", "12,5"), "longitude: not a number"},
		"over-long notes":      {row("2", "status_notes", strings.Repeat("x", civic.MaxMessage+1)), "remarks:"},
		"over-long address":    {row("2", "incident_address", strings.Repeat("x", civic.MaxAddress+1)), "location.address:"},
		"too few columns":      {"2,2014-05-11 09:16:48+00:00,Closed\n", "the record has 3 columns instead of 19"},
		"too many columns":     {strings.TrimSuffix(row("2"), "\n") + ",more\n", "the record has 20 columns instead of 19"},
		"open quotation mark":  {strings.Replace(row("2"), "PUC Sewer", `"PUC Sewer`, 1), "the record has a quotation mark that is never closed"},
		"lone quotation mark":  {strings.Replace(row("2"), "PUC Sewer", `PUC 5" Sewer`, 1), "the record has a quotation mark that is never closed"},
		"quotation inside":     {strings.Replace(row("2"), "PUC Sewer", `PUC "Sewer" `, 1), "the record has a quotation mark in the wrong place"},
		"endless":              {row("2", "status_notes", strings.Repeat("lines of text\n", 30_000)), "the record is longer than a report can be"},
		"endless line":         {row("2", "status_notes", strings.Repeat("x", 1<<20)), "the record is longer than a report can be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newArchive(t)
			a.mustRun(file(row("1"), test.broken, row("3", "status_notes", "two\nlines")), importer.Counts{Imported: 2, Rejected: 1})
			reject := a.rejects[0]
			if reject.Line != 3 || !strings.HasPrefix(reject.Reason, test.reason) {
				t.Errorf("set aside %+v, want line 3 and %q", reject, test.reason)
			}
			for _, word := range []string{"x", "caf", "Perhaps", "north", "yesterday"} {
				if strings.HasSuffix(reject.Reason, word) {
					t.Errorf("the reason repeats the record: %q", reject.Reason)
				}
			}
			a.report("1")
			a.report("3")
		})
	}
}

func TestQuotationMarkLeftOpenAtTheEnd(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.mustRun(file(row("1"), `2,2014-05-11 09:16:48+00:00,"never`+"\nclosed\n"), importer.Counts{Imported: 1, Rejected: 1})
	if a.rejects[0].Line != 3 {
		t.Errorf("set aside %+v", a.rejects[0])
	}
}

func TestSameKeyTwiceIsOneReport(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.mustRun(file(row("1"), row("1", "status_notes", "again")), importer.Counts{Imported: 1, Skipped: 1})
	if got := a.column("SELECT message FROM timeline WHERE kind = 'RESOLVED'"); len(got) != 1 || got[0] != "done" {
		t.Errorf("notes %q", got)
	}
}

// TestNumberTaken takes the number that a report of the file will have: both it and the rest of its batch come in.
func TestNumberTaken(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.mustRun(file(row("1")), importer.Counts{Imported: 1})
	id := civic.NamedUUID("sf311:2")
	taken := civic.NumberFrom(id[:])
	a.Exec("UPDATE reports SET number = $1", taken)
	a.mustRun(file(row("1"), row("2"), row("3")), importer.Counts{Imported: 2, Skipped: 1})
	if number := a.report("2").Number; number == taken {
		t.Errorf("two reports have the number %s", number)
	}
	a.mustRun(file(row("1"), row("2"), row("3")), importer.Counts{Skipped: 3})
}

func TestRowThatTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.Exec("ALTER TABLE reports ADD CONSTRAINT refused CHECK (body NOT LIKE '%secret%')")
	a.mustRun(file(row("1"), row("2", "agency_name", "secret"), row("3")), importer.Counts{Imported: 2, Rejected: 1})
	if r := a.rejects[0]; r.Line != 3 || r.Key != "2" || !strings.Contains(r.Reason, "refused") || strings.Contains(r.Reason, "secret") {
		t.Errorf("set aside %+v", r)
	}
}

// TestNoRightToWrite shows that what is wrong with everything ends the import instead of setting every record aside.
func TestNoRightToWrite(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	counts, err := a.run(roles.Escalator, file(row("1"), row("2")))
	if err == nil || counts != (importer.Counts{}) || a.rejects != nil {
		t.Errorf("%+v, %v, rejects %v", counts, err, a.rejects)
	}
}
