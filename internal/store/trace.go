package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

// Traced tells tracer of each query beneath work that it follows: the query's name, and the code of its end. Never the SQL, which
// may have ids written into it (beginAs), nor the arguments. Nil for a nil tracer: pgx then asks nobody.
func Traced(tracer *trace.Tracer) pgx.QueryTracer {
	if tracer == nil {
		return nil
	}
	return queryTracer{tracer}
}

type queryTracer struct{ *trace.Tracer }

func (t queryTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	ctx, _ = t.Within(ctx, trace.Client, queryName(query.SQL))
	return ctx
}

// TraceQueryEnd gets the context of TraceQueryStart: its span is the query's own, or one that is not followed and cannot be ended.
func (t queryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryEndData) {
	trace.Of(ctx).End(queryCode(query.Err))
}

// queryName is the name that the query's first line gives it, or the word that begins or ends a transaction.
func queryName(sql string) string {
	if named, ok := strings.CutPrefix(sql, "-- name: "); ok {
		if end := strings.IndexAny(named, " \n"); end > 0 {
			return named[:end]
		}
	}
	for _, word := range []string{"begin", "commit", "rollback"} {
		if strings.HasPrefix(sql, word) {
			return word
		}
	}
	return "query"
}

// queryCode is the SQLSTATE of what the database refused.
func queryCode(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return trace.CodeOf(border(err))
}
