package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// RowFault tells whether the database refused rows for what stands in them, and why, without repeating any of it: the details of a
// database error may quote a value. Everything else that can go wrong would go wrong with other rows too.
func RowFault(err error) (reason string, is bool) {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return "", false
	}
	switch pg.Code[:2] {
	case "22", "23": // data exception, integrity constraint violation
		return "the database refuses it: " + pg.Code + " " + pg.ConstraintName, true
	}
	return "", false
}
