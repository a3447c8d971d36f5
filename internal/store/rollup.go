package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// rebuildPage is how many reports are counted at once where all are.
const rebuildPage = 20_000

// KeepRollups counts anew what has changed, and what time alone has changed, until about most reports are done; it answers how many were.
// What was counted of a report before is taken out in the same transaction, so it does not matter how often or in which order it is told
// of a change, or where it was broken off. Who keeps rollups side by side waits for each other. Where they were kept by other rules,
// all is counted.
func (s *Store) KeepRollups(ctx context.Context, zone *time.Location, most int) (counted int, err error) {
	if work, err := db.New(s.own).RollupsHaveWork(ctx, db.RollupsHaveWorkParams{Now: s.now(), Rules: insight.Rules}); err != nil || !work {
		return 0, border(err)
	}
	err = s.countTurn(ctx, zone, func(c *counting, rules int32) error {
		if rules != insight.Rules {
			counted, err = c.rebuild(ctx)
			return err
		}
		changed, err := c.changed(ctx, most)
		if err != nil {
			return err
		}
		counted = len(changed)
		facts, err := collectFacts(c.tx.Query(ctx, "-- name: FactsToCount\nSELECT "+factColumns+", "+climbColumn+factSource+" WHERE reports.id = ANY ($1)", changed))
		if err != nil {
			return err
		}
		return c.count(ctx, changed, facts)
	})
	return counted, border(err)
}

// RebuildRollups forgets what was counted and counts all reports. Who reads figures sees the earlier ones until it is done.
func (s *Store) RebuildRollups(ctx context.Context, zone *time.Location) (counted int, err error) {
	err = s.countTurn(ctx, zone, func(c *counting, _ int32) error {
		counted, err = c.rebuild(ctx)
		return err
	})
	return counted, border(err)
}

// countTurn runs count in a transaction while nobody else counts.
func (s *Store) countTurn(ctx context.Context, zone *time.Location, count func(c *counting, rules int32) error) error {
	var err error
	for range maxTries {
		err = pgx.BeginTxFunc(ctx, s.own, pgx.TxOptions{BeginQuery: beginTurn}, func(tx pgx.Tx) error {
			c := &counting{tx: tx, q: db.New(tx), zone: zone, now: s.now().Truncate(time.Microsecond)}
			turn, err := c.q.TakeRollupTurn(ctx)
			if err != nil {
				return err
			}
			c.version = turn.Version + 1
			if err := count(c, turn.Rules); err != nil {
				return err
			}
			return c.q.EndRollupTurn(ctx, db.EndRollupTurnParams{Version: c.version, Rules: insight.Rules})
		})
		if !wantsRetry(err) {
			break
		}
	}
	return err
}

// counting is one turn.
type counting struct {
	tx      pgx.Tx
	q       *db.Queries
	zone    *time.Location
	now     time.Time
	version int64
}

// changed are the reports to count anew, each once.
func (c *counting) changed(ctx context.Context, most int) ([]civic.UUID, error) {
	pending, err := c.q.TakePendingRollups(ctx, int32(most))
	if err != nil {
		return nil, err
	}
	turned, err := c.q.ListTurned(ctx, db.ListTurnedParams{Now: c.now, Most: int32(most)})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(append(pending, turned)...)
	slices.SortFunc(all, func(a, b civic.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(all), nil
}

// rebuild counts everything, in the order in which it came: neighbours share their days.
func (c *counting) rebuild(ctx context.Context) (counted int, err error) {
	if err := errors.Join(c.q.ForgetRollups(ctx), c.q.ForgetRollupFacts(ctx), c.q.ForgetRollupPending(ctx)); err != nil {
		return 0, err
	}
	const all = "-- name: FactsOfAll\nDECLARE facts CURSOR FOR SELECT " + factColumns + ", " + climbColumn + factSource + " ORDER BY created_at, id"
	if _, err := c.tx.Exec(ctx, all); err != nil {
		return 0, err
	}
	for {
		facts, err := collectFacts(c.tx.Query(ctx, "-- name: NextFacts\nFETCH "+strconv.Itoa(rebuildPage)+" FROM facts"))
		if err != nil {
			return counted, err
		}
		if err := c.count(ctx, nil, facts); err != nil {
			return counted, err
		}
		if counted += len(facts); len(facts) < rebuildPage {
			return counted, nil
		}
	}
}

// keptFact is a fact as it is written down.
type keptFact struct {
	Report string        `json:"report_id"`
	Fact   *insight.Fact `json:"fact"`
	Turns  *time.Time    `json:"turns_at,omitempty"`
}

// count takes out what was counted of the changed reports and counts the facts; a changed report without a fact is gone.
func (c *counting) count(ctx context.Context, changed []civic.UUID, facts []*insight.Fact) error {
	sheet := insight.Sheet{}
	before, err := c.q.ListRollupFacts(ctx, changed)
	if err != nil {
		return err
	}
	for _, row := range before {
		var fact insight.Fact
		if err := json.Unmarshal(row.Fact, &fact); err != nil {
			return err
		}
		sheet.Count(&fact, row.JudgedAt, c.zone, -1)
	}
	gone := make(map[civic.UUID]bool, len(before))
	for _, row := range before {
		gone[row.ReportID] = true
	}
	kept := make([]keptFact, len(facts))
	for i, fact := range facts {
		sheet.Count(fact, c.now, c.zone, 1)
		kept[i] = keptFact{fact.Report.UUIDString(), fact, fact.Turns(c.now)}
		delete(gone, fact.Report.UUID)
	}
	if len(gone) > 0 {
		lost := make([]civic.UUID, 0, len(gone))
		for id := range gone {
			lost = append(lost, id)
		}
		if err := c.q.DropRollupFacts(ctx, lost); err != nil {
			return err
		}
	}
	encoded, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := c.q.SaveRollupFacts(ctx, db.SaveRollupFactsParams{JudgedAt: c.now, Facts: encoded}); err != nil {
		return err
	}
	return c.save(ctx, sheet)
}

// save adds a sheet to what is kept.
func (c *counting) save(ctx context.Context, sheet insight.Sheet) error {
	sheet.Settle()
	departments := map[civic.UUID]bool{}
	keys := make([]rollupKey, 0, len(sheet))
	for key := range sheet {
		keys = append(keys, newRollupKey(key))
		if key.Department != insight.City {
			departments[key.Department] = true
		}
	}
	encoded, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	rows, err := c.q.ListRollups(ctx, encoded)
	if err != nil {
		return err
	}
	for _, row := range rows {
		key := insight.Key{
			Department: row.DepartmentID, Kind: insight.Kind(row.Kind), Grain: insight.Grain(row.Grain), Period: civic.DateOf(row.Period), Of: row.Key,
		}
		mergeRow(sheet[key], db.ReadTalliesRow{
			Received: row.Received, Anonymous: row.Anonymous, Statuses: row.Statuses, AnonymousStatuses: row.AnonymousStatuses,
			Overdue: row.Overdue, Resolved: row.Resolved, Escalated: row.Escalated, Reopened: row.Reopened, Due: row.Due, InTime: row.InTime,
			Ratings: row.Ratings, Scores: row.Scores, ResponseSum: row.ResponseSum, Response: row.Response,
			ResolutionSum: row.ResolutionSum, Resolution: row.Resolution, ResolvedThen: row.ResolvedThen, ClimbedThen: row.ClimbedThen,
		})
	}
	return c.write(ctx, sheet, departments)
}

func (c *counting) write(ctx context.Context, sheet insight.Sheet, departments map[civic.UUID]bool) error {
	full, empty := []rollupRow{}, []rollupKey{}
	for key, tally := range sheet {
		if tally.Empty() {
			empty = append(empty, newRollupKey(key))
		} else {
			full = append(full, newRollupRow(key, tally))
		}
	}
	rows, err := json.Marshal(full)
	if err != nil {
		return err
	}
	keys, err := json.Marshal(empty)
	if err != nil {
		return err
	}
	touched := make([]civic.UUID, 0, len(departments))
	for department := range departments {
		touched = append(touched, department)
	}
	if len(empty) > 0 {
		if err := c.q.DropRollups(ctx, keys); err != nil {
			return err
		}
	}
	return errors.Join(c.q.SaveRollups(ctx, rows),
		c.q.SaveRollupChanges(ctx, db.SaveRollupChangesParams{Version: c.version, Departments: touched}))
}
