package casework

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Joining is what merging, splitting, tasks, attachments and routing need of a transaction.
type Joining interface {
	// Together finds reports within the scope and locks them all in one order; what is not within the scope is missing.
	Together(ctx context.Context, ids []civic.ReportID) ([]*civic.Report, error)
	// AddMerge writes that a report goes on as another, together with all that went on as it.
	AddMerge(ctx context.Context, report civic.ReportID, into *civic.Report, at time.Time) error
	// GatherSupport gives a report the supporters of others, each citizen once, and makes their followers and reporters its followers. It
	// answers how many supporters came.
	GatherSupport(ctx context.Context, into civic.ReportID, from []civic.ReportID, at time.Time) (int, error)
	// AddPart writes a new report that was split off origin.
	AddPart(ctx context.Context, origin civic.ReportID, part *civic.Report, salt []byte) error

	AddTask(ctx context.Context, task *civic.Task) error
	// Task finds and locks a task of the scope's departments, NOT_FOUND otherwise.
	Task(ctx context.Context, id civic.TaskID) (*civic.Task, error)
	EndTask(ctx context.Context, task *civic.Task) error
	// ReportOfTask finds the report of a task that Task has found; the scope need not see it.
	ReportOfTask(ctx context.Context, task *civic.Task) (*civic.Report, error)

	// AddAttachment writes one; CountAttachments is how many the report has.
	AddAttachment(ctx context.Context, attachment *civic.Attachment) error
	CountAttachments(ctx context.Context, id civic.ReportID) (int, error)

	SaveRoutingRule(ctx context.Context, rule *civic.RoutingRule) error
	// DropRoutingRule deletes a rule of the scope's departments and answers whose it was.
	DropRoutingRule(ctx context.Context, id civic.RoutingRuleID) (civic.DepartmentID, error)
}
