package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

const (
	maxRuleName     = 120
	maxRulePosition = 1_000_000
)

// SaveRoutingRule writes where new reports go within a department: a new rule where draft has no id, or another wording of one. It counts
// in this process at once and in the others as soon as they read the city anew.
func (d *Desk) SaveRoutingRule(ctx context.Context, p civic.Principal, draft civic.RoutingRule) (*civic.RoutingRule, error) {
	city, now := d.ports.City(), d.now()
	rule, err := d.CheckRoutingRule(p, draft)
	if err != nil {
		return nil, err
	}
	name := "change_routing_rule"
	if rule.UpdatedAt = now; rule.ID.IsZero() {
		rule.ID.UUID, name = d.newID(), "save_routing_rule"
	}
	err = d.ports.Records.Change(ctx, routingScope(city, p), func(ctx context.Context, tx Tx) error {
		if err := tx.SaveRoutingRule(ctx, rule); err != nil {
			return err
		}
		return tx.AddAudit(ctx, civic.AuditLine{ID: d.newID(), At: now, Actor: actorOf(p), Action: name, Department: rule.Department})
	})
	if err == nil {
		err = d.ports.Renew(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("save routing rule: %w", err)
	}
	return rule, nil
}

// CheckRoutingRule holds a draft against the city and against what p may decide.
func (d *Desk) CheckRoutingRule(p civic.Principal, draft civic.RoutingRule) (*civic.RoutingRule, error) {
	city := d.ports.City()
	if err := d.mayRoute(city, p, draft.Department); err != nil {
		return nil, err
	}
	var err error
	if draft.Name, err = civic.CheckText("name", draft.Name, maxRuleName); err != nil {
		return nil, err
	}
	if draft.Position < 0 || draft.Position > maxRulePosition {
		return nil, civic.Invalid("position", "routing.position")
	}
	if draft.Question, err = civic.CheckOptionalText("question", draft.Question, civic.MaxComment); err != nil {
		return nil, err
	}
	if draft.Answer, err = civic.CheckOptionalText("answer", draft.Answer, civic.MaxComment); err != nil {
		return nil, err
	}
	if err := city.CheckRule(&draft); err != nil {
		return nil, err
	}
	return &draft, nil
}

// DeleteRoutingRule takes a rule away.
func (d *Desk) DeleteRoutingRule(ctx context.Context, p civic.Principal, id civic.RoutingRuleID) error {
	city, now := d.ports.City(), d.now()
	err := d.ports.Records.Change(ctx, routingScope(city, p), func(ctx context.Context, tx Tx) error {
		whose, err := tx.DropRoutingRule(ctx, id)
		if err != nil {
			return err
		}
		if d.mayRoute(city, p, whose) != nil {
			return civic.NotFound("routing.not_found")
		}
		return tx.AddAudit(ctx, civic.AuditLine{ID: d.newID(), At: now, Actor: actorOf(p), Action: "delete_routing_rule", Department: whose})
	})
	if err == nil {
		err = d.ports.Renew(ctx)
	}
	if err != nil {
		return fmt.Errorf("delete routing rule: %w", err)
	}
	return nil
}

// mayRoute is for heads of the department or of one above it, and for administrators everywhere.
func (d *Desk) mayRoute(city *civic.City, p civic.Principal, department civic.DepartmentID) error {
	if !civic.HasRole(p, []civic.Role{civic.RoleDepartmentHead, civic.RoleAdmin}) {
		return civic.Forbidden("auth.role")
	}
	if p.Role != civic.RoleAdmin && !d.cfg.Guard(city, p, department) {
		return civic.NotFound("department.not_found")
	}
	return nil
}

// routingScope is what the database is told: an administrator decides for the whole city, wherever their desk is.
func routingScope(city *civic.City, p civic.Principal) civic.Scope {
	if p.Role == civic.RoleAdmin && len(city.Departments) > 0 {
		return civic.Scope{Departments: city.Below(city.Departments[0].ID)}
	}
	return city.ScopeOf(p)
}
