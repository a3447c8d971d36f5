package pgtest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// RolePassword is what As needs for a role made by Roles.
const RolePassword = "test"

// Roles makes login roles without any right, unless they are there already: other tests share the cluster, and may be making them now.
func Roles(ctx context.Context, adminURL string, names ...string) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // the statements' own errors are the ones that tell
	for _, name := range names {
		statement := fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s'", pgx.Identifier{name}.Sanitize(), RolePassword)
		if _, err := conn.Exec(ctx, statement); err != nil && !isThereAlready(err) {
			return fmt.Errorf("pgtest: role %s: %w", name, err)
		}
	}
	return nil
}

// isThereAlready also knows the error of two who make the same role at the same moment.
func isThereAlready(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains([]string{"42710", "23505"}, pg.Code)
}
