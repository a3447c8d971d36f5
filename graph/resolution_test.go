package graph_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

const (
	resolve = `mutation($r: ID!, $m: String!, $p: [Upload!]) { resolveReport(report: $r, message: $m, photos: $p) { status resolution { message } } }`
	// openly is what everybody who sees a report may know of its resolution.
	openly  = `media { id } resolution { message confirmed resolvedAt department { code } photos { id url contentType } }`
	checked = `resolution { flags facts { photo { id } takenAt minutesAfterReport minutesBeforeResolution metersAway camera generated edited contentCredentials flags reusedFrom { number } } }`
)

// snapped is a photograph with what a camera says of it: two hours after the report, 44 m away.
func snapped(t *testing.T, name string) civic.Upload {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "internal", "fingerprint", "testdata", name+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "exiftool", "-q", "-overwrite_original", "-EXIF:Make=Kamera", "-EXIF:DateTimeOriginal=2026:11:23 11:00:00",
		"-EXIF:OffsetTimeOriginal=+07:00", "-EXIF:GPSLatitude=6.9", "-EXIF:GPSLatitudeRef=S", "-EXIF:GPSLongitude=107.6004", "-EXIF:GPSLongitudeRef=E", file).CombinedOutput()
	if err != nil {
		t.Fatalf("exiftool (scripts/ensure exiftool installs it): %v %s", err, out)
	}
	if content, err = os.ReadFile(file); err != nil {
		t.Fatal(err)
	}
	return civic.NewUpload(content)
}

// atTheMarket gives a report its place.
func atTheMarket(s *civic.Submission) { s.Place = &civic.Place{Latitude: -6.9, Longitude: 107.6} }

// proven is a face on which its department has resolved a report of each visibility; the proof of the last two was used before.
func proven(t *testing.T, c *coretest.Core) (*face, map[civic.Visibility]*civic.Report) {
	t.Helper()
	c.AskForProof("jalan-rusak")
	f := newFace(t, c, plan{media: keeper(t)})
	photo, reports := snapped(t, "china"), map[civic.Visibility]*civic.Report{}
	for _, visibility := range []civic.Visibility{civic.Private, civic.Public, civic.Anonymous} {
		report := c.File(coretest.Visibility(visibility), onePicture(t), atTheMarket)
		c.Exec("UPDATE reports SET status = 'IN_PROGRESS' WHERE id = $1", report.ID.Bytes())
		got := f.ask(t, c.Officer("jalan"), resolve, map[string]any{"r": report.ID.String(), "m": "Ditambal", "p": []any{photo}}).fine()
		if got.at("resolveReport.status") != "RESOLVED" || got.at("resolveReport.resolution.message") != "Ditambal" {
			t.Fatalf("%v", got.Data)
		}
		reports[visibility] = report
	}
	return f, reports
}

// Whoever sees a report sees what was done, with its proof; what the machine found out is for the department and those above it.
func TestWhoSeesAResolution(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f, reports := proven(t, c)
	public := reports[civic.Public]
	id := map[string]any{"id": public.ID.String()}
	var photo string
	for who, p := range map[string]civic.Principal{
		"a stranger": {}, "another": coretest.Citizen("siti"), "the reporter": coretest.Citizen("budi"), "another department": c.Officer("kesehatan"),
		"the department": c.Officer("jalan"), "above": c.Officer("walikota"),
	} {
		got := f.ask(t, p, `query($id: ID!) { report(id: $id) { `+openly+` } }`, id).fine()
		photos := listed(got.at("report.resolution.photos"), "id")
		links := listed(got.at("report.resolution.photos"), "url")
		if len(photos) != 1 || strings.Contains(links[0], "signature=") || got.at("report.resolution.message") != "Ditambal" || got.at("report.resolution.department.code") == nil ||
			got.at("report.resolution.confirmed") != nil || slices.Contains(listed(got.at("report.media"), "id"), photos[0]) || len(listed(got.at("report.media"), "id")) != 1 {
			t.Errorf("%s: %v", who, got.Data)
		}
		photo = photos[0]
		inside := who == "the department" || who == "above"
		got = f.ask(t, p, `query($id: ID!) { report(id: $id) { id `+checked+` } }`, id)
		if !inside {
			if code, _ := got.refusal(); len(got.Errors) != 2 || code != "FORBIDDEN" && code != "UNAUTHENTICATED" || got.at("report.id") == nil || got.at("report.resolution.flags") != nil {
				t.Errorf("%s: %v %v", who, got.Data, got.Errors)
			}
			continue
		}
		facts := got.fine().at("report.resolution.facts").([]any)
		fact := answer{Data: facts[0].(map[string]any)}
		if got := fmt.Sprintln(got.at("report.resolution.flags"), len(facts), fact.at("photo.id"), fact.at("takenAt"), fact.at("minutesAfterReport"), fact.at("metersAway"),
			fact.at("camera"), fact.at("edited"), fact.at("flags")); got != fmt.Sprintln("[REUSED_PHOTO]", 1, photo, "2026-11-23T04:00:00Z", 120, 44, true, false, "[REUSED_PHOTO]") {
			t.Errorf("%s: %s", who, got)
		}
		if _, known := fact.at("minutesBeforeResolution").(float64); !known || fact.at("reusedFrom.number") != reports[civic.Private].Number {
			t.Errorf("%s: reused from %v", who, fact.at("reusedFrom"))
		}
	}
	node := f.ask(t, civic.Principal{}, `query($id: ID!) { node(id: $id) { __typename ... on Media { url } } }`, map[string]any{"id": photo}).fine()
	if node.at("node.__typename") != "Media" {
		t.Errorf("%v", node.Data)
	}
	private := reports[civic.Private].ID.String()
	for _, p := range []civic.Principal{{}, coretest.Citizen("siti"), c.Officer("kesehatan")} {
		if code, _ := f.ask(t, p, `query($id: ID!) { report(id: $id) { `+openly+` } }`, map[string]any{"id": private}).refusal(); code != "NOT_FOUND" {
			t.Errorf("a private one: %q", code)
		}
	}
	line := model.AuditEntry{AuditEntry: &civic.AuditEntry{Status: civic.Resolved, Flags: []civic.ResolutionFlag{civic.ReusedPhoto}}, View: &model.View{City: c.City, Language: "en"}}
	if got := line.Detail(); got != "Resolved, photo used before" {
		t.Errorf("the audit says %q", got)
	}
}

// Without the directive the rows still hold back what the machine found out, and without the rows the directive does.
func TestChecksHaveTwoWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	_, reports := proven(t, c)
	for _, walls := range []plan{{noDirectives: true}, {noRows: true}, {noDirectives: true, noVerbs: true}, {noDirectives: true, noRows: true}} {
		f := newFace(t, c, walls)
		for _, p := range []civic.Principal{{}, coretest.Citizen("siti"), coretest.Citizen("budi"), c.Officer("kesehatan")} {
			got := f.ask(t, p, `query($id: ID!) { report(id: $id) { resolution { flags facts { takenAt } } } }`, map[string]any{"id": reports[civic.Public].ID.String()})
			flags, _ := got.at("report.resolution.flags").([]any)
			facts, _ := got.at("report.resolution.facts").([]any)
			if open := walls.noDirectives && walls.noRows && p.SignedIn(); open != (len(flags)+len(facts) > 0) {
				t.Errorf("%+v: %s sees %v %v", walls, p.Role, flags, facts)
			}
		}
	}
}

// An anonymous reporter sees message and proof by receipt, and no more.
func TestAResolutionByReceipt(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	_, reports := proven(t, c)
	f := newFace(t, c, plan{anonymizer: flat{hashes: map[string][]byte{"x": coretest.ReceiptOf(reports[civic.Anonymous].ID)}}})
	got := f.ask(t, civic.Principal{}, `query($r: String!) { anonymousReport(receipt: $r) { report { `+openly+` resolution { flags } } } }`, map[string]any{"r": "x"})
	links := listed(got.at("anonymousReport.report.resolution.photos"), "url")
	if len(got.Errors) != 1 || len(links) != 1 || !strings.Contains(links[0], "signature=") || got.at("anonymousReport.report.resolution.message") != "Ditambal" ||
		got.at("anonymousReport.report.resolution.flags") != nil {
		t.Errorf("%v %v", got.Data, got.Errors)
	}
}

// A page of reports costs the same number of queries however many it holds.
func TestResolutionsAreLoadedOnce(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f, _ := proven(t, c)
	for range 4 {
		c.File(atTheMarket)
	}
	for first, want := range map[int]int{1: 1, 7: 3} {
		f.queries.take()
		got := f.ask(t, c.Officer("jalan"), fmt.Sprintf(`query($d: ID!) { departmentReports(department: $d, first: %d, order: OLDEST) { nodes { %s %s } } }`, first, openly, checked),
			map[string]any{"d": c.City.Department(c.Officer("jalan").Department).ID.String()}).fine()
		sent := slices.DeleteFunc(f.queries.take(), func(name string) bool { return name == "begin" || name == "commit" })
		slices.Sort(sent)
		if names := []string{"ListMedia", "ListPhotoChecks", "ListResolutions", "PageOfReports", "Reports"}; len(slices.Compact(slices.Clone(sent))) != len(sent) || len(sent) > len(names) {
			t.Errorf("a page of %d: %v", first, sent)
		}
		resolved := 0
		for _, message := range listed(got.at("departmentReports.nodes"), "resolution.message") {
			if message == "Ditambal" {
				resolved++
			}
		}
		if resolved > want {
			t.Errorf("%d resolved", resolved)
		}
	}
}

// Bad input, as GraphQL brings it.
func TestResolvingBadly(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f, reports := proven(t, c)
	report := c.File(atTheMarket)
	c.Exec("UPDATE reports SET status = 'VERIFIED' WHERE id = $1", report.ID.Bytes())
	for what, bad := range map[string]struct {
		report, message string
		photos          any
		code, field     string
	}{
		"no photos":       {report.ID.String(), "x", nil, "INVALID_INPUT", "photos"},
		"none in a list":  {report.ID.String(), "x", []any{}, "INVALID_INPUT", "photos"},
		"a broken one":    {report.ID.String(), "x", []any{civic.NewUpload([]byte("x"))}, "INVALID_INPUT", "photos"},
		"no words":        {report.ID.String(), "", []any{drawn(t)}, "INVALID_INPUT", "message"},
		"no such report":  {"report_AAAAAAAAQACAAAAAAAAAAA", "x", []any{drawn(t)}, "NOT_FOUND", ""},
		"what is no id":   {"7", "x", []any{drawn(t)}, "INVALID_INPUT", "report"},
		"resolved before": {reports[civic.Public].ID.String(), "x", []any{drawn(t)}, "CONFLICT", "to"},
	} {
		got := f.ask(t, c.Officer("jalan"), resolve, map[string]any{"r": bad.report, "m": bad.message, "p": bad.photos})
		if code, field := got.refusal(); code != bad.code || field != bad.field {
			t.Errorf("%s: %v", what, got.Errors)
		}
	}
	got := f.ask(t, c.Officer("jalan"), `mutation($r: ID!) { changeStatus(report: $r, to: RESOLVED, message: "x") { id } }`, map[string]any{"r": report.ID.String()})
	if code, field := got.refusal(); code != "INVALID_INPUT" || field != "photos" {
		t.Errorf("by its status: %v", got.Errors)
	}
}
