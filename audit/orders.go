package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A sequence is an order in which people appear on one side, and what put them into it.
type sequence struct {
	by     string
	people []int
}

// An instant is when something about a person happened, on one side.
type instant struct {
	person int
	at     time.Time
}

// A trail is what one side knows about whom, if one knew who is who.
type trail struct {
	sequences []sequence
	instants  []instant
}

// traceTables reads all orders and times of the rows that belong to somebody. who tells whose they are: an attacker does not know it
// for reports, we do, and so can say what an attacker's guess would be worth.
func traceTables(ctx context.Context, conn *pgx.Conn, of []table, who map[string]int) (*trail, error) {
	var found trail
	for _, t := range of {
		if t.of == "" {
			continue
		}
		for _, column := range append([]string{"ctid"}, t.columns...) { // ctid is where the row lies
			s, err := orderBy(ctx, conn, t, column, who)
			if err != nil {
				return nil, err
			}
			if s != nil {
				found.sequences = append(found.sequences, *s)
			}
		}
		for _, column := range t.times {
			rows, err := conn.Query(ctx, fmt.Sprintf("SELECT %s::text, %s FROM %s WHERE %[2]s IS NOT NULL",
				pgx.Identifier{t.of}.Sanitize(), pgx.Identifier{column}.Sanitize(), pgx.Identifier{t.name}.Sanitize()))
			if err != nil {
				return nil, err
			}
			var (
				owner string
				at    time.Time
			)
			if _, err := pgx.ForEachRow(rows, []any{&owner, &at}, func() error {
				if person, known := who[owner]; known {
					found.instants = append(found.instants, instant{person, at})
				}
				return nil
			}); err != nil {
				return nil, err
			}
		}
	}
	return &found, nil
}

const undefinedFunction = "42883" // a type that has no order

// orderBy is nil where a column says nothing: too many rows have the same value.
func orderBy(ctx context.Context, conn *pgx.Conn, t table, column string, who map[string]int) (*sequence, error) {
	by := column
	if column != "ctid" {
		by = pgx.Identifier{column}.Sanitize()
	}
	rows, err := conn.Query(ctx, fmt.Sprintf("SELECT %s::text, %s::text FROM %s ORDER BY %[2]s", pgx.Identifier{t.of}.Sanitize(), by, pgx.Identifier{t.name}.Sanitize()))
	if err != nil {
		return nil, err
	}
	s := &sequence{by: t.name + " by " + column}
	values, seen := map[string]bool{}, map[int]bool{}
	var (
		owner string
		value *string
	)
	_, err = pgx.ForEachRow(rows, []any{&owner, &value}, func() error {
		person, known := who[owner]
		if known && value != nil {
			values[*value] = true
			if !seen[person] {
				seen[person] = true
				s.people = append(s.people, person)
			}
		}
		return nil
	})
	if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) && refusal.Code == undefinedFunction {
		return nil, nil
	}
	if err != nil || len(values)*4 < len(s.people)*3 || len(s.people) < minPeople/2 {
		return nil, err
	}
	return s, nil
}

// accountsOf tells which account is whose, and reportsOf which anonymous report: by the one word that stays.
func accountsOf(ctx context.Context, conn *pgx.Conn, people []*person) (map[string]int, error) {
	return owners(ctx, conn, "SELECT id::text, name FROM accounts", people, func(p *person, name string) bool { return name == p.name })
}

func reportsOf(ctx context.Context, conn *pgx.Conn, people []*person) (map[string]int, error) {
	return owners(ctx, conn, "SELECT id::text, body FROM reports WHERE visibility = 'ANONYMOUS'", people,
		func(p *person, body string) bool { return strings.Contains(body, p.witness) })
}

func owners(ctx context.Context, conn *pgx.Conn, query string, people []*person, is func(p *person, text string) bool) (map[string]int, error) {
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	who := map[string]int{}
	var id, text string
	_, err = pgx.ForEachRow(rows, []any{&id, &text}, func() error {
		for i, p := range people {
			if is(p, text) {
				who[id] = i
			}
		}
		return nil
	})
	if err == nil && len(who) != len(people) {
		err = fmt.Errorf("%d of %d people are found: the audit looks in the wrong place", len(who), len(people))
	}
	return who, err
}

// valuesOf is every value that the rows of an account hold and that is long enough to be somebody's: none may be near an anonymous report.
func valuesOf(ctx context.Context, conn *pgx.Conn, of []table, who map[string]int, people []*person) error {
	const someones = 16 // letters
	for _, t := range of {
		if t.of == "" {
			continue
		}
		rows, err := conn.Query(ctx, fmt.Sprintf("SELECT %s::text, to_jsonb(t) FROM %s t", pgx.Identifier{t.of}.Sanitize(), pgx.Identifier{t.name}.Sanitize()))
		if err != nil {
			return err
		}
		var (
			owner string
			row   map[string]any
		)
		if _, err := pgx.ForEachRow(rows, []any{&owner, &row}, func() error {
			person, known := who[owner]
			for column, value := range row {
				text, isText := value.(string)
				if !known || !isText || len(text) < someones || column == "name" || t.isTime(column) || column == "department_id" {
					continue
				}
				people[person].account = append(people[person].account, accountValue(t.name+"."+column, text)...)
			}
			row = nil
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// accountValue is a value as the database shows it, and the bytes it stands for.
func accountValue(column, text string) []secret {
	values := []secret{{column, text}}
	if digits := strings.TrimPrefix(strings.ReplaceAll(text, "-", ""), `\x`); len(digits) >= 2*shortest {
		if raw, err := hex.DecodeString(digits); err == nil {
			values = append(values, secret{column, string(raw)}, secret{column, base64.RawURLEncoding.EncodeToString(raw)})
		}
	}
	return values
}
