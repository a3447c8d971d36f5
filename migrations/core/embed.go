// Package core holds the schema of the core database: the city, its reports and who may touch what.
// The files are goose migrations; they stay within the SQL that PostgreSQL 15 and CockroachDB 26.1 share.
package core

import "embed"

// FS holds the migrations, numbered in the order they run.
//
//go:embed *.sql
var FS embed.FS
