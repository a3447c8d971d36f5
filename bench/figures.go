package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
)

// insight begins the names of the measurements of figures.
const insight = "insight"

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

// tidy brings the database to where one that has run for a while has come by itself.
func tidy(ctx context.Context, data string) error {
	core, err := core(data)
	if err != nil {
		return err
	}
	super, err := pool(ctx, core, superuser)
	if err != nil {
		return err
	}
	defer super.Close()
	for _, statement := range []string{"VACUUM (ANALYZE) reports, rollups, rollup_facts", "CHECKPOINT"} {
		if _, err := super.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// figureTasks brings the figures up to what was seeded.
func (b *bench) figureTasks(ctx context.Context) ([]task, error) {
	mayor, err := signInMayor(ctx, b.ours.address)
	if err != nil {
		return nil, err
	}
	took, err := rebuild(ctx, b.program, b.data)
	if err != nil {
		return nil, fmt.Errorf("rebuild the figures: %w", err)
	}
	b.say("the figures were rebuilt in %s", took.Round(time.Second))
	if err := tidy(ctx, b.data); err != nil {
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
		{insight + ": analytics of two years, 1 client", 1, counted("/analytics"), asked(analyticsQuery)},
		{insight + ": performance of two years, 1 client", 1, counted("/performance"), asked(performanceQuery)},
	}, nil
}
