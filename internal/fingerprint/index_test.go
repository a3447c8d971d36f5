package fingerprint_test

import (
	"context"
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/internal/fingerprint"
	"github.com/jagawarga/jagawarga/internal/pgtest"
)

// find looks for pictures that have a word in common with the probes.
const find = `SELECT p.id, p.fingerprint FROM unnest($1::int[]) AS probe JOIN picture AS p ON p.words @> ARRAY[probe] ORDER BY p.id`

type row struct {
	ID          int
	Fingerprint []byte
}

// album is a table of others made-up pictures and, as number 0, the photograph that it answers with.
func album(t testing.TB, others int) (*pgx.Conn, *image.RGBA) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	fill := fmt.Sprintf(`
		CREATE TABLE picture (id int PRIMARY KEY, fingerprint bytea NOT NULL, words int[] NOT NULL);
		INSERT INTO picture SELECT n, '\x0100', (SELECT array_agg((random() * 536870911)::int) FROM generate_series(1, 64) WHERE n > 0)
		FROM generate_series(1, %d) AS n;
		CREATE INDEX picture_words ON picture USING gin (words);
		ANALYZE picture`, others)
	if _, err := db.Exec(t.Context(), fill); err != nil {
		t.Fatal(err)
	}
	photo := photographs(t)["picosdeeuropa.jpg"]
	own := fingerprint.Of(photo)
	if _, err := db.Exec(t.Context(), `INSERT INTO picture VALUES (0, $1, $2)`, own.Bytes(), own.Words()); err != nil {
		t.Fatal(err)
	}
	return db, photo
}

// What the package says of SQL, in a database: a reuse among 20,000 others is found by the index, without reading the table.
func TestAReuseIsFoundInATable(t *testing.T) {
	t.Parallel()
	db, photo := album(t, 20_000)
	again := fingerprint.Of(saved(mirrored(cropped(photo, 0.2, 0.1, 0, 0.1)), 50))
	rows, err := db.Query(t.Context(), find, again.Probes())
	if err != nil {
		t.Fatal(err)
	}
	candidates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil || len(candidates) == 0 || candidates[0].ID != 0 || len(candidates) > 100 {
		t.Fatalf("%d candidates (%v), want the picture, once for each word, and few others", len(candidates), err)
	}
	stored, err := fingerprint.Parse(candidates[0].Fingerprint)
	if err != nil || !fingerprint.Compare(stored, again).Same() {
		t.Errorf("the picture is not known again (%v)", err)
	}
	plan, err := db.Query(t.Context(), "EXPLAIN "+find, again.Probes())
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(plan, pgx.RowTo[string])
	if err != nil || !strings.Contains(strings.Join(lines, "\n"), "picture_words") || strings.Contains(strings.Join(lines, "\n"), "Seq Scan") {
		t.Errorf("the index is not used (%v):\n%s", err, strings.Join(lines, "\n"))
	}
}

// BenchmarkLookUp finds a picture that was used again among 100,000 others: the query, and the comparison with the one that it is.
func BenchmarkLookUp(b *testing.B) {
	db, photo := album(b, 100_000)
	again := fingerprint.Of(saved(mirrored(cropped(photo, 0.2, 0.1, 0, 0.1)), 50))
	for b.Loop() {
		rows, err := db.Query(b.Context(), find, again.Probes())
		if err != nil {
			b.Fatal(err)
		}
		candidates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil || len(candidates) == 0 || candidates[0].ID != 0 {
			b.Fatalf("%d candidates, %v", len(candidates), err)
		}
		stored, err := fingerprint.Parse(candidates[0].Fingerprint)
		if err != nil || !fingerprint.Compare(stored, again).Same() {
			b.Fatalf("the picture is not known again (%v)", err)
		}
	}
}
