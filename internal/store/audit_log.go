package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// AuditLog reads the audit as far as the ledger has it, newest first: all of it or one report's. Without the scope's Auditor there is none.
func (s *Store) AuditLog(ctx context.Context, scope civic.Scope, report *civic.ReportID, page civic.PageRequest) (found civic.Page[*civic.AuditEntry], err error) {
	if isPublic(scope) {
		return found, nil // the public role has no right to ask
	}
	before := int64(math.MaxInt64)
	if page.After != "" {
		if _, before, _, err = decodeCursor(page.After, orderByIndex); err != nil {
			return found, err
		}
	}
	var rows []db.ListAuditRow
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		q, most := db.New(tx), int32(page.First+1)
		if report == nil {
			rows, err = q.ListAudit(ctx, db.ListAuditParams{Before: before, Most: most})
			return err
		}
		own, err := q.ListAuditOfReport(ctx, db.ListAuditOfReportParams{ReportID: &report.UUID, Before: before, Most: most})
		for _, row := range own {
			rows = append(rows, db.ListAuditRow(row))
		}
		return err
	})
	if err != nil {
		return found, err
	}
	found.HasPrev, found.HasNext = page.After != "", len(rows) > page.First
	for _, row := range rows[:min(len(rows), page.First)] {
		entry, err := auditEntry(row)
		if err != nil {
			return found, err
		}
		found.Items, found.Cursors = append(found.Items, entry), append(found.Cursors, encodeCursor(orderByIndex, row.Leaf, civic.UUID{}))
	}
	return found, nil
}

func auditEntry(row db.ListAuditRow) (*civic.AuditEntry, error) {
	entry := &civic.AuditEntry{Index: row.Leaf, At: row.At, Actor: row.Actor, Action: row.Action}
	if row.ReportID != nil {
		entry.Report = &civic.ReportID{UUID: *row.ReportID}
	}
	var detail struct {
		Status     civic.Status           `json:"status"`
		Department *civic.DepartmentID    `json:"department"`
		Flags      []civic.ResolutionFlag `json:"flags"`
		Office     *civic.OfficeChange    `json:"office"`
		Cause      *civic.CauseID         `json:"cause"`
	}
	if err := json.Unmarshal(row.Detail, &detail); err != nil {
		return nil, fmt.Errorf("detail of audit line %d: %w", row.Leaf, err)
	}
	entry.Status, entry.Department, entry.Flags, entry.Office, entry.Cause = detail.Status, detail.Department, detail.Flags, detail.Office, detail.Cause
	return entry, nil
}

// Salt is what opens the commitment to the text of a report that scope may see; nil without one.
func (s *Store) Salt(ctx context.Context, scope civic.Scope, number string) (salt []byte, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		found, err := db.New(tx).FindSalt(ctx, number)
		if err == nil && len(found) > 0 {
			salt = found[0]
		}
		return err
	})
	return salt, err
}
