package store_test

import (
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/fingerprint"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// resolved gives a report a resolution with one photo, found by words.
func resolved(t testing.TB, rows *store.Store, scope civic.Scope, report *civic.Report, words ...int32) *civic.Resolution {
	t.Helper()
	r := &civic.Resolution{ID: newID(), Report: report.ID, Message: "selesai", Department: report.Department, ResolvedAt: coretest.Monday}
	name := must[string](t)(blob.NewName(rand.Reader))
	photo := &civic.Media{MediaRef: civic.MediaRef{ID: civic.MediaID{UUID: newID()}, Kind: civic.Image, ContentType: "image/jpeg", Width: 4, Height: 3, ByteSize: 9, Blob: name}, Report: report.ID, Purpose: civic.MediaOfResolution, Resolution: r.ID}
	r.Photos = []*civic.Photo{{
		Media: photo, Print: []byte{1, 0}, Words: words,
		Check: civic.PhotoCheck{Photo: photo.ID, Facts: civic.PhotoFacts{Camera: true}, Flags: []civic.ResolutionFlag{civic.FarAway}},
	}}
	err := rows.Change(t.Context(), scope, func(ctx context.Context, tx *store.Tx) error { return tx.AddResolution(ctx, r) })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whoever sees a report sees its resolution; what was found out about the photos is the department's, and resolving is, too.
func TestWhoSeesAndWritesResolutions(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	server := c.Store(roles.Server)
	jalan := c.City.ScopeOf(c.Officer("jalan"))
	public, private, anonymous := c.File(), c.File(coretest.Visibility(civic.Private)), c.File(coretest.Visibility(civic.Anonymous))
	all := []civic.ReportID{public.ID, private.ID, anonymous.ID}
	for _, report := range []*civic.Report{public, private, anonymous} {
		resolved(t, server, jalan, report, 7)
	}
	receipt := civic.Scope{Receipt: coretest.ReceiptOf(anonymous.ID)}
	for who, see := range map[string]struct {
		scope            civic.Scope
		sees             []civic.ReportID
		checks, answered int
	}{
		"everybody":          {civic.Scope{}, all[:1], 0, 0},
		"the reporter":       {c.City.ScopeOf(coretest.Citizen("budi")), all[:2], 0, 2},
		"another":            {c.City.ScopeOf(coretest.Citizen("siti")), all[:1], 0, 0},
		"the receipt":        {receipt, []civic.ReportID{public.ID, anonymous.ID}, 0, 1},
		"the department":     {jalan, all, 3, 0},
		"above":              {c.City.ScopeOf(c.Officer("walikota")), all, 3, 0},
		"another department": {c.City.ScopeOf(c.Officer("air")), all[:1], 0, 0},
	} {
		resolutions := must[map[civic.ReportID]*civic.Resolution](t)(server.Resolutions(t.Context(), see.scope, all))
		checks := must[map[civic.ReportID][]*civic.PhotoCheck](t)(server.PhotoChecks(t.Context(), see.scope, all))
		for _, id := range all {
			if got := resolutions[id] != nil; got != slices.Contains(see.sees, id) {
				t.Errorf("%s sees a resolution: %v", who, got)
			}
		}
		if len(checks) != see.checks {
			t.Errorf("%s: %d photos' facts", who, len(checks))
		}
		answered := 0
		for _, id := range all {
			c.Exec("UPDATE resolutions SET confirmed = NULL")
			if err := server.Change(t.Context(), see.scope, func(ctx context.Context, tx *store.Tx) error { return tx.AnswerResolution(ctx, id, true) }); err != nil {
				t.Errorf("%s: %v", who, err)
			}
			answered += c.Count("SELECT count(*) FROM resolutions WHERE confirmed")
		}
		if answered != see.answered {
			t.Errorf("%s answers %d resolutions", who, answered)
		}
		if see.checks > 0 {
			continue
		}
		err := server.Change(t.Context(), see.scope, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddResolution(ctx, &civic.Resolution{ID: newID(), Report: public.ID, Message: "x", Department: public.Department, ResolvedAt: coretest.Monday})
		})
		if err == nil {
			t.Errorf("%s resolves a report", who)
		}
	}
	// A photo is compared with everybody's, in the transaction that resolves.
	err := server.Change(t.Context(), c.City.ScopeOf(c.Officer("air")), func(ctx context.Context, tx *store.Tx) error {
		for words, want := range map[int32]int{7: 3, 8: 0} {
			if prints, err := tx.LikePrints(ctx, []int32{1, words}); err != nil || len(prints) != want {
				t.Errorf("%d prints, %v", len(prints), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRightsToResolutions(t *testing.T) {
	t.Parallel()
	w := newWalled(t)
	resolved(t, w.Store(roles.Server), w.City.ScopeOf(w.Officer("jalan")), w.Report(w.reports["public-own"]), 7)
	every := []string{roles.Public, roles.Server, roles.Ingest, roles.Escalator}
	for sql, may := range map[string][]string{
		"SELECT message, confirmed FROM resolutions":           {roles.Server, roles.Public},
		"SELECT resolution_id FROM media":                      {roles.Server, roles.Public},
		"SELECT facts FROM photo_checks":                       {roles.Server},
		"SELECT print FROM photo_prints":                       {roles.Server},
		"SELECT one FROM print_turn FOR UPDATE":                {roles.Server},
		"UPDATE resolutions SET confirmed = true":              {roles.Server},
		"UPDATE resolutions SET message = 'x'":                 nil,
		"UPDATE photo_checks SET flags = '{}'":                 nil,
		"UPDATE photo_prints SET words = '{}'":                 nil,
		"DELETE FROM resolutions":                              nil,
		"DELETE FROM photo_checks":                             nil,
		"DELETE FROM photo_prints":                             nil,
		"INSERT INTO photo_checks (media_id) VALUES (NULL)":    nil,
		"INSERT INTO photo_prints (media_id) VALUES (NULL)":    nil,
		"INSERT INTO resolutions (id, round) VALUES (NULL, 1)": nil,
	} {
		for _, role := range every {
			db := w.as(t, who{role: role})
			if got := db.rows(sql) != -1; got != slices.Contains(may, role) {
				t.Errorf("%s: %s: allowed %v, %v", role, sql, got, db.last)
			}
		}
	}
	for _, c := range []struct {
		who  who
		sql  string
		want int
	}{
		{who{role: roles.Server}, "SELECT 1 FROM photo_checks", 0},
		{who{role: roles.Server}, "UPDATE resolutions SET confirmed = true", 0},
		{who{role: roles.Public}, "SELECT 1 FROM resolutions", 1},
	} {
		if got := w.as(t, c.who).rows(c.sql); got != c.want {
			t.Errorf("%s: %s: %d rows, want %d", c.who.role, c.sql, got, c.want)
		}
	}
}

// manyPhotos fills the table with photos of nobody, of which 2 in 1,000 share a word with words, as unrelated photographs do.
func manyPhotos(t testing.TB, c *coretest.Core, report civic.ReportID, photos int, words []int32) {
	t.Helper()
	random := mathrand.New(mathrand.NewPCG(1, 2))
	rows := make([][]any, photos)
	for n := range rows {
		own := make([]int32, 64)
		for i := range own {
			own[i] = random.Int32N(1 << 29)
		}
		if n%500 == 0 {
			own[n%64] = words[n%len(words)]
		}
		rows[n] = []any{newID().Bytes(), report.Bytes(), own, spots(random)}
	}
	c.Exec("ALTER TABLE photo_prints DROP CONSTRAINT photo_prints_media_id_fkey")
	if _, err := c.Admin.CopyFrom(t.Context(), pgx.Identifier{"photo_prints"}, []string{"media_id", "report_id", "words", "print"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	c.Exec("VACUUM ANALYZE photo_prints")
}

// someWords are what a photo is looked for by.
func someWords() []int32 {
	random, words := mathrand.New(mathrand.NewPCG(3, 4)), make([]int32, 128)
	for i := range words {
		words[i] = random.Int32N(1 << 29)
	}
	return words
}

// spots are a print of 40 spots anywhere.
func spots(random *mathrand.Rand) []byte {
	stored := make([]byte, 2+40*11)
	for i := range stored {
		stored[i] = byte(random.Uint32())
	}
	stored[0] = 1 // the version
	return stored
}

// Earlier photos are found by their index: the rows' own rules do not stand before it.
func TestPhotosAreFoundByTheirIndex(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	words := someWords()
	manyPhotos(t, c, c.File().ID, 5_000, words)
	conn, err := pgx.Connect(t.Context(), c.URL(roles.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	source, err := os.ReadFile("query/resolution.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(string(source), "-- name: ListLikePrints :many\n")
	query, _, _ = strings.Cut(query, ";")
	rows, err := conn.Query(t.Context(), "EXPLAIN "+strings.ReplaceAll(query, "@probes", "$1"), words)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if plan := strings.Join(lines, "\n"); err != nil || !strings.Contains(plan, "photo_prints_words") || strings.Contains(plan, "Seq Scan") {
		t.Errorf("%v\n%s", err, plan)
	}
}

// The look-up among 100,000 photos, and the comparison with what it finds.
func BenchmarkLikePrints(b *testing.B) {
	c := coretest.New(b)
	server, scope := c.Store(roles.Server), c.City.ScopeOf(c.Officer("jalan"))
	words := someWords()
	const photos = 100_000
	manyPhotos(b, c, c.File().ID, photos, words)
	look := must[fingerprint.Print](b)(fingerprint.Parse(spots(mathrand.New(mathrand.NewPCG(5, 6)))))
	for b.Loop() {
		err := server.Change(b.Context(), scope, func(ctx context.Context, tx *store.Tx) error {
			prints, err := tx.LikePrints(ctx, words)
			if err == nil && len(prints) < photos/500 {
				b.Errorf("%d prints", len(prints))
			}
			for _, kept := range prints {
				if fingerprint.Compare(must[fingerprint.Print](b)(fingerprint.Parse(kept.Print)), look).Same() {
					b.Error("chance is taken for a reuse")
				}
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
