package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

var errRuleNotFound = civic.NotFound("routing.not_found")

// SaveRoutingRule writes a rule, new or changed; a rule does not change departments.
func (t *Tx) SaveRoutingRule(ctx context.Context, rule *civic.RoutingRule) error {
	rows, err := t.q.SaveRoutingRule(ctx, db.SaveRoutingRuleParams{
		ID: rule.ID.UUID, DepartmentID: rule.Department.UUID, Name: rule.Name, Position: int32(rule.Position), Enabled: rule.Enabled,
		CategoryID: plain(rule.Category), DistrictID: plain(rule.District), Question: orNull(rule.Question), Answer: orNull(rule.Answer),
		Hours: orNull(string(rule.Hours)), UnitID: plain(rule.Unit), OfficerID: plain(rule.Officer), UpdatedAt: rule.UpdatedAt,
	})
	var refusal *pgconn.PgError
	if err == nil && rows == 0 || errors.As(err, &refusal) && refusal.Code == insufficientPrivilege { // not of the scope's departments
		return errRuleNotFound
	}
	return err
}

const insufficientPrivilege = "42501"

// DropRoutingRule deletes a rule of the scope's departments and answers whose it was; NOT_FOUND without.
func (t *Tx) DropRoutingRule(ctx context.Context, id civic.RoutingRuleID) (civic.DepartmentID, error) {
	whose, err := t.q.DropRoutingRule(ctx, id.UUID)
	if err == nil && len(whose) == 0 {
		err = errRuleNotFound
	}
	if err != nil {
		return civic.DepartmentID{}, err
	}
	return civic.DepartmentID{UUID: whose[0]}, nil
}

// rules reads all of them, in no order that counts.
func (r cityReader) rules() ([]*civic.RoutingRule, error) {
	rows, err := r.q.ListRoutingRules(r.ctx)
	rules := make([]*civic.RoutingRule, len(rows))
	for i, row := range rows {
		rule := &civic.RoutingRule{
			ID: civic.RoutingRuleID{UUID: row.ID}, Department: civic.DepartmentID{UUID: row.DepartmentID}, Name: row.Name,
			Position: int(row.Position), Enabled: row.Enabled, Unit: departmentRef(row.UnitID), Question: orEmpty(row.Question),
			Answer: orEmpty(row.Answer), Hours: civic.RoutingHours(orEmpty(row.Hours)), UpdatedAt: row.UpdatedAt,
		}
		if row.CategoryID != nil {
			rule.Category = &civic.CategoryID{UUID: *row.CategoryID}
		}
		if row.DistrictID != nil {
			rule.District = &civic.DistrictID{UUID: *row.DistrictID}
		}
		if row.OfficerID != nil {
			rule.Officer = &civic.OfficerID{UUID: *row.OfficerID}
		}
		rules[i] = rule
	}
	return rules, err
}

// ToRoute lists what routing looks at of the reports of departments that came in the time before now, newest first, as far as scope may see
// them.
func (s *Store) ToRoute(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, back time.Duration, most int) (came []*civic.Report, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListToRoute(ctx, db.ListToRouteParams{Departments: uuids(departments), Since: s.now().Add(-back), Most: int32(most)})
		if err != nil {
			return err
		}
		came = make([]*civic.Report, len(rows))
		for i, row := range rows {
			report := &civic.Report{ID: civic.ReportID{UUID: row.ID}, Category: civic.CategoryID{UUID: row.CategoryID}, CreatedAt: row.CreatedAt}
			if row.DistrictID != nil {
				report.Place = &civic.Place{District: &civic.DistrictID{UUID: *row.DistrictID}}
			}
			if err := json.Unmarshal(row.Answers, &report.Answers); err != nil {
				return fmt.Errorf("answers of a report: %w", err)
			}
			came[i] = report
		}
		return nil
	})
	return came, err
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
