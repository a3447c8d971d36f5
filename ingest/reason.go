package ingest

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// poison tells "the database refuses this entry" from everything else that can go wrong: what is wrong with an entry is its data (class
// 22 of SQLSTATE), a constraint (23) or its size (54), or it cannot even be written down. Whatever else the database says is about the
// database, and setting submissions aside for it would empty the stream into the dead letters.
func poison(err error) bool {
	if unavailable(err) {
		return false
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return true
	}
	switch pg.Code[:2] {
	case "22", "23", "54":
		return true
	}
	return false
}

// reasonOf says why the database refused an entry without repeating what stands in it: details of a database error may quote a
// value.
func reasonOf(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return "database refused: " + pg.Code + " " + pg.ConstraintName
	}
	return "cannot be stored"
}
