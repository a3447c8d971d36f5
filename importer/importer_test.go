package importer_test

import (
	"context"
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/importer"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

const sf311File = "testdata/sf311.csv"

// archive is a database that an import writes into, as the role that does.
type archive struct {
	*coretest.Core
	t       *testing.T
	rejects []importer.Reject
}

func newArchive(t *testing.T) *archive { return &archive{Core: coretest.New(t), t: t} }

// run imports text as role.
func (a *archive) run(role, text string) (importer.Counts, error) {
	a.t.Helper()
	a.rejects = nil
	rows := a.Store(role)
	task, err := importer.New(importer.Config{
		Format: "sf311", Now: func() time.Time { return coretest.Monday },
		Reject: func(r importer.Reject) error {
			a.rejects = append(a.rejects, r)
			return nil
		},
	}, a.City, a.Desk(rows, casework.Config{}), rows)
	if err != nil {
		a.t.Fatal(err)
	}
	return task.Run(a.t.Context(), strings.NewReader(text))
}

func (a *archive) mustRun(text string, want importer.Counts) {
	a.t.Helper()
	if counts, err := a.run(roles.Ingest, text); err != nil || counts != want {
		a.t.Fatalf("%+v, %v; want %+v; rejects %v", counts, err, want, a.rejects)
	}
}

// column reads one text column of what is in the database.
func (a *archive) column(sql string, args ...any) (values []string) {
	a.t.Helper()
	rows, err := a.Admin.Query(context.Background(), sql, args...)
	if err != nil {
		a.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			a.t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		a.t.Fatal(err)
	}
	return values
}

// request is one row of the older system; its fields are changed to make another.
type request map[string]string

var columns = strings.Split("unique_key,created_date,closed_date,resolution_action_updated_date,status,status_notes,agency_name,category,"+
	"complaint_type,descriptor,incident_address,supervisor_district,neighborhood,location,source,media_url,latitude,longitude,police_district", ",")

func row(key string, change ...string) string {
	r := request{
		"unique_key": key, "created_date": "2014-05-11 09:16:48+00:00", "closed_date": "2014-05-13 15:24:16+00:00", "status": "Closed",
		"status_notes": "done", "agency_name": "PUC Sewer Ops", "category": "Sewer Issues", "complaint_type": "Flooding",
		"descriptor": "On_street", "incident_address": "1 POLK ST, SAN FRANCISCO", "source": "Phone", "latitude": "37.77", "longitude": "-122.435",
	}
	for i := 0; i < len(change); i += 2 {
		r[change[i]] = change[i+1]
	}
	fields := make([]string, len(columns))
	for i, name := range columns {
		fields[i] = r[name]
	}
	var text strings.Builder
	writer := csv.NewWriter(&text)
	if err := writer.Write(fields); err != nil {
		panic(err)
	}
	writer.Flush()
	return text.String()
}

func file(rows ...string) string { return strings.Join(columns, ",") + "\n" + strings.Join(rows, "") }

// report finds an imported report by the older system's key.
func (a *archive) report(key string) *civic.Report {
	a.t.Helper()
	id := civic.ReportID{UUID: civic.NamedUUID("sf311:" + key)}
	found, err := a.Store(roles.Server).Reports(a.t.Context(), civic.Scope{}, []civic.ReportID{id})
	if err != nil || len(found) != 1 {
		a.t.Fatalf("report %s: %d found, %v", key, len(found), err)
	}
	return found[0]
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	_, err := importer.New(importer.Config{Format: "nyc311"}, nil, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "sf311") {
		t.Errorf("got %v, want an error that names the formats there are", err)
	}
}

func TestWhatIsNoFileOfTheFormat(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for name, text := range map[string]string{
		"empty": "", "another table": "a,b,c\n1,2,3\n", "a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "open quotation mark": "\"unique_key",
	} {
		if counts, err := a.run(roles.Ingest, text); err == nil {
			t.Errorf("%s: %+v and no error", name, counts)
		}
	}
}

func TestHeaderAlone(t *testing.T) {
	t.Parallel()
	newArchive(t).mustRun(file(), importer.Counts{})
}

func TestByteOrderMarkAndWindowsLines(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	text := "\xef\xbb\xbf" + strings.ReplaceAll(file(row("1", "status_notes", "two\nlines")), "\n", "\r\n")
	a.mustRun(text, importer.Counts{Imported: 1})
	if got := a.column("SELECT message FROM timeline WHERE kind = 'RESOLVED'"); len(got) != 1 || got[0] != "two\nlines" {
		t.Errorf("notes %q", got)
	}
}

func TestReaderThatFails(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	rows := a.Store(roles.Ingest)
	task, err := importer.New(importer.Config{Format: "sf311"}, a.City, a.Desk(rows, casework.Config{}), rows)
	if err != nil {
		t.Fatal(err)
	}
	directory, err := os.Open(t.TempDir()) // opens, but cannot be read
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	if _, err := task.Run(t.Context(), directory); err == nil || strings.Contains(err.Error(), "empty") {
		t.Errorf("got %v, want the error of reading", err)
	}
}
