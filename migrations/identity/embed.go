// Package identity holds the schema of the identity database: accounts, sessions and who may touch what.
// The files are goose migrations; they stay within the SQL that PostgreSQL 15 and CockroachDB 26.1 share.
package identity

import "embed"

// FS holds the migrations, numbered in the order they run.
//
//go:embed *.sql
var FS embed.FS
