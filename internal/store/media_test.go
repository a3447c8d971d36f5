package store_test

import (
	"crypto/rand"
	"slices"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// withMedia gives a submission a picture and a film.
func withMedia(t *testing.T) func(*civic.Submission) {
	name := func() string { return must[string](t)(blob.NewName(rand.Reader)) }
	return func(s *civic.Submission) {
		s.Media = []civic.MediaRef{
			{Kind: civic.Image, ContentType: "image/jpeg", Width: 640, Height: 480, ByteSize: 1234, Blob: name(), Thumbnail: name()},
			{Kind: civic.Video, ContentType: "video/mp4", Width: 1280, Height: 720, ByteSize: 5678, Blob: name()},
		}
		civic.NameMedia(s.Report, s.Media)
	}
}

func TestMediaComesInWithItsReport(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	first, plain := c.Submission(withMedia(t)), c.Submission()
	c.TakeIn(first, plain)
	again := first
	withMedia(t)(&again) // a retry that put its files under other names
	c.TakeIn(again)
	media := must[map[civic.ReportID][]*civic.Media](t)(c.Store(roles.Server).Media(t.Context(), civic.Scope{}, []civic.ReportID{first.Report, plain.Report}))
	if len(media) != 1 || len(media[first.Report]) != 2 {
		t.Fatalf("%v", media)
	}
	for i, got := range media[first.Report] {
		if want := first.Media[i]; got.ID != want.ID || got.Blob != want.Blob || got.Thumbnail != want.Thumbnail || got.Kind != want.Kind ||
			got.ContentType != want.ContentType || got.Width != want.Width || got.Height != want.Height || got.ByteSize != want.ByteSize ||
			got.Position != i || got.Purpose != civic.MediaOfReport || got.Report != first.Report {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	orphan := again.Media[0].Blob
	used := must[[]string](t)(c.Store(roles.Ingest).BlobsInUse(t.Context(), []string{first.Media[0].Blob, first.Media[0].Thumbnail, orphan}))
	if len(used) != 2 || slices.Contains(used, orphan) {
		t.Errorf("in use: %v", used)
	}
}

// Whoever sees the report sees its pictures, and nobody else.
func TestWhoSeesMedia(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	server := c.Store(roles.Server)
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	public := c.Submission(withMedia(t), coretest.By(budi))
	hidden := c.Submission(withMedia(t), coretest.By(budi))
	private := c.Submission(withMedia(t), coretest.By(budi), coretest.Visibility(civic.Private))
	anonymous := c.Submission(withMedia(t), coretest.Visibility(civic.Anonymous))
	all := []civic.Submission{public, hidden, private, anonymous}
	c.TakeIn(all...)
	c.Exec("UPDATE reports SET hidden = true WHERE id = $1", hidden.Report.Bytes())
	receipt := civic.Scope{Receipt: coretest.ReceiptOf(anonymous.Report)}
	ids := make([]civic.ReportID, len(all))
	for i, s := range all {
		ids[i] = s.Report
	}
	for who, see := range map[string]struct {
		scope civic.Scope
		sees  []civic.ReportID
	}{
		"everybody":          {civic.Scope{}, []civic.ReportID{public.Report}},
		"the reporter":       {c.City.ScopeOf(budi), []civic.ReportID{public.Report, hidden.Report, private.Report}},
		"another":            {c.City.ScopeOf(siti), []civic.ReportID{public.Report}},
		"the department":     {c.City.ScopeOf(c.Officer("jalan")), ids},
		"another department": {c.City.ScopeOf(c.Officer("air")), []civic.ReportID{public.Report}},
		"the receipt":        {receipt, []civic.ReportID{public.Report, anonymous.Report}},
	} {
		media := must[map[civic.ReportID][]*civic.Media](t)(server.Media(t.Context(), see.scope, ids))
		for _, s := range all {
			want := slices.Contains(see.sees, s.Report)
			if got := len(media[s.Report]) == 2; got != want {
				t.Errorf("%s, a %s report: seen %v", who, s.Visibility, got)
			}
			code := civic.CodeNotFound
			if want {
				code = ""
			}
			_, err := server.OneMedia(t.Context(), see.scope, s.Media[0].ID)
			wantCode(t, who, err, code)
		}
	}
	seen := func(name string) bool { return must[bool](t)(server.PublicBlob(t.Context(), name)) }
	for _, s := range all {
		want := s.Report == public.Report
		if seen(s.Media[0].Blob) != want || seen(s.Media[0].Thumbnail) != want || seen(s.Media[1].Blob) != want {
			t.Errorf("everybody may see the blobs of a %s report", s.Visibility)
		}
	}
	if seen("") || seen("nothing") {
		t.Error("everybody may see what does not exist")
	}
	c.Exec("UPDATE reports SET hidden = true WHERE id = $1", public.Report.Bytes())
	if seen(public.Media[0].Blob) {
		t.Error("everybody may see the blobs of a report that has been hidden")
	}
}

// What a file said of itself is not in reach of the role that answers everybody; nobody changes rows.
func TestRightsToMedia(t *testing.T) {
	t.Parallel()
	w := newWalled(t)
	w.TakeIn(w.Submission(withMedia(t)))
	every := []string{roles.Public, roles.Server, roles.Ingest, roles.Escalator}
	for sql, may := range map[string][]string{
		"SELECT id FROM media":                 {roles.Server, roles.Public},
		"SELECT blob, thumbnail FROM media":    {roles.Server, roles.Public, roles.Ingest},
		"UPDATE media SET blob = 'x'":          nil,
		"DELETE FROM media":                    {roles.Ingest}, // of what is over, and here nothing is
		"INSERT INTO media (id) VALUES (NULL)": {roles.Ingest},
	} {
		for _, role := range every {
			db := w.as(t, who{role: role})
			if got := db.rows(sql) != -1 || constraint(db.last); got != slices.Contains(may, role) {
				t.Errorf("%s: %s: allowed %v, %v", role, sql, got, db.last)
			}
		}
	}
	if n := w.as(t, who{role: roles.Owner}).rows("SELECT 1 FROM media"); n != 0 {
		t.Errorf("the owner sees %d rows", n)
	}
	if n := w.as(t, who{role: coretest.Unwalled}).rows("SELECT 1 FROM media"); n != 2 {
		t.Errorf("who bypasses the wall sees %d rows", n)
	}
}
