package main

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A database is read as a thief does: as the superuser, past every right.
type database struct {
	conn   *pgx.Conn
	tables []table
}

type table struct {
	name    string
	columns []string
	times   []string // of columns
	// of is the column that says which account, or which report, a row belongs to; empty for none.
	of string
}

func (t *table) isTime(column string) bool { return slices.Contains(t.times, column) }

// openDatabase opens one of the two, with the password that lies in the data directory.
func (c *city) openDatabase(ctx context.Context, name, of string) (*database, error) {
	p, err := c.places()
	if err != nil {
		return nil, err
	}
	password, err := c.password("db", "postgres")
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(strings.Replace(p.Database, "/core?", "/"+name+"?", 1))
	if err != nil {
		return nil, err
	}
	config.User, config.Password = "postgres", password
	d := &database{}
	if d.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return nil, err
	}
	rows, err := d.conn.Query(ctx, `SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position),
			coalesce(array_agg(column_name::text) FILTER (WHERE data_type = 'timestamp with time zone'), '{}')
		FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name`)
	if err == nil {
		d.tables, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t table, err error) {
			err = row.Scan(&t.name, &t.columns, &t.times)
			if slices.Contains(t.columns, of) {
				t.of = of
			} else if t.name == strings.TrimSuffix(of, "_id")+"s" {
				t.of = "id"
			}
			return t, err
		})
	}
	if err != nil {
		d.close(ctx)
		return nil, err
	}
	return d, nil
}

func (d *database) close(ctx context.Context) { _ = d.conn.Close(ctx) } // it was only read

// dump is every row of every table.
func (d *database) dump(ctx context.Context, kind string, s side) ([]evidence, error) {
	return d.copied(ctx, kind, s, false, func(table) string { return "" })
}

// anonymousRows are what belongs to anonymous reports alone.
func (d *database) anonymousRows(ctx context.Context) ([]evidence, error) {
	return d.copied(ctx, "rows of anonymous reports", reportSide, true, func(t table) string {
		if t.of == "" {
			return " WHERE false"
		}
		return " WHERE " + pgx.Identifier{t.of}.Sanitize() + " IN (SELECT id FROM reports WHERE visibility = 'ANONYMOUS')"
	})
}

func (d *database) copied(ctx context.Context, kind string, s side, anonymous bool, where func(table) string) ([]evidence, error) {
	var all []evidence
	for _, t := range d.tables {
		var rows bytes.Buffer
		query := "COPY (SELECT * FROM " + pgx.Identifier{t.name}.Sanitize() + where(t) + ") TO STDOUT"
		if _, err := d.conn.PgConn().CopyTo(ctx, &rows, query); err != nil {
			return nil, err
		}
		all = append(all, said(kind, t.name, s, anonymous, rows.Bytes()))
	}
	return all, nil
}
