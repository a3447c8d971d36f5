package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
)

// figured begins the names of the measurements of figures.
const figured = "insight"

// What the head authority asks: everything that two years tell.
const (
	analyticsQuery = `query ($from: Time!, $to: Time!) { analytics(from: $from, to: $to) { total series(bucket: WEEK) { at received resolved escalated }
		byCategory { key label count } byDistrict { key label count } byStatus { key count } byDepartment { key label count } backlogAge { key count }
		responseHours { count p50 p90 mean } resolutionHours { count p50 p90 mean } csvUrl } }`
	performanceQuery = `query ($from: Time!, $to: Time!) { performance(from: $from, to: $to) { department { name } received open overdue resolved escalated
		reopened withinSla responseHours { p50 p90 } resolutionHours { p50 p90 } rating officers { officer { name } handled rating resolutionHours { p50 } } } }`
)

// signInMayor gives the access token of who heads the city.
func signInMayor(ctx context.Context, address string) (string, error) {
	city, err := demo.Load()
	if err != nil {
		return "", err
	}
	for _, officer := range city.Officers {
		if officer.Role != civic.RoleHeadAuthority {
			continue
		}
		var data struct {
			SignIn struct{ AccessToken string }
		}
		err := ask(ctx, address, operation{Query: signInMutation, Variables: map[string]any{
			"input": map[string]any{"email": officer.Email, "password": city.Password},
		}}, &data)
		return data.SignIn.AccessToken, err
	}
	return "", fmt.Errorf("nobody heads the demo city")
}

// rebuild counts everything that was written past the services.
func rebuild(ctx context.Context, program, data string) (time.Duration, error) {
	begun := time.Now()
	command := exec.CommandContext(ctx, program, "rollups", "rebuild", "--data", data)
	command.Stderr = os.Stderr
	_, err := command.Output()
	return time.Since(begun), err
}

const (
	// What hangs on the seeded reports and is counted: steps up, and what reporters thought of the outcome.
	stirClimbs = `INSERT INTO timeline (id, report_id, kind, at, status)
		SELECT gen_random_uuid(), id, 'ESCALATED', created_at + interval '30 hours', 'ESCALATED' FROM reports WHERE escalation_level > 0`
	stirRatings = `INSERT INTO ratings SELECT id, 1 + upvotes % 5, '', resolved_at FROM reports WHERE closed_at IS NOT NULL AND upvotes % 3 = 0`
	// tidies brings the database to where one that has run for a while has come by itself.
	tidies = "VACUUM (ANALYZE) reports, timeline, ratings, rollups, rollup_facts"
)

func execute(ctx context.Context, super *pgxpool.Pool, statements ...string) error {
	for _, statement := range statements {
		if _, err := super.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) superuser(ctx context.Context) (*pgxpool.Pool, error) {
	core, err := core(b.data)
	if err != nil {
		return nil, err
	}
	return pool(ctx, core, superuser)
}

// countUp brings the figures up to what was seeded, and counts them again; once is enough. It gives a new token of the head authority.
func (b *bench) countUp(ctx context.Context) (mayor string, err error) {
	if b.countedUp {
		return signInMayor(ctx, b.ours.address)
	}
	super, err := b.superuser(ctx)
	if err != nil {
		return "", err
	}
	defer super.Close()
	if err := execute(ctx, super, stirClimbs, stirRatings, "ANALYZE timeline", "ANALYZE ratings"); err != nil {
		return "", err
	}
	took, err := rebuild(ctx, b.program, b.data)
	if err != nil {
		return "", fmt.Errorf("rebuild the figures: %w", err)
	}
	b.say("the figures were rebuilt in %s", took.Round(time.Second))
	if err := execute(ctx, super, tidies, "CHECKPOINT"); err != nil {
		return "", err
	}
	if mayor, err = signInMayor(ctx, b.ours.address); err != nil {
		return "", err
	}
	if err := b.recount(ctx, super, mayor); err != nil {
		return "", fmt.Errorf("recount: %w", err)
	}
	b.countedUp = true
	return mayor, nil
}

// figureTasks asks for two years, everything that they tell.
func (b *bench) figureTasks(ctx context.Context) ([]task, error) {
	mayor, err := b.countUp(ctx)
	if err != nil {
		return nil, err
	}
	to := time.Now().UTC()
	asked := func(query string) func(int, int) []byte {
		request := post("/graphql", mayor, operation{Query: query, Variables: map[string]any{
			"from": to.AddDate(-2, 0, 0).Format(time.RFC3339), "to": to.Format(time.RFC3339),
		}}.encode())
		return func(int, int) []byte { return request }
	}
	counted := func(path string) func(int, int) []byte {
		request := get(path)
		return func(int, int) []byte { return request }
	}
	return []task{
		{figured + ": analytics of two years, 1 client", 1, counted("/analytics"), asked(analyticsQuery)},
		{figured + ": performance of two years, 1 client", 1, counted("/performance"), asked(performanceQuery)},
	}, nil
}
