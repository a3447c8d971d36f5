package ingest

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// reasonOf says why the database refused an entry without repeating what stands in it: details of a database error may quote a
// value.
func reasonOf(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return "database refused: " + pg.Code + " " + pg.ConstraintName
	}
	return "cannot be stored"
}
