// Package casework holds the verbs: what citizens, officers and the city's own clock do to reports. Each verb is one file and one
// transaction: permission, state machine, rows, audit line and the event for the outbox stand or fall together; sending the event is
// the relay's work.
//
// The package knows no database and no stream. It says in interfaces what it needs, and internal/store and internal/events have it.
package casework

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Config has what the verbs need besides their ports; zero values are the defaults.
type Config struct {
	Now    func() time.Time // time.Now
	Random io.Reader        // crypto/rand
	// Guard is asked whether a principal may act for a department; the default is the city's own rule. Tests take it away to
	// show that row-level security alone holds.
	Guard func(city *civic.City, p civic.Principal, department civic.DepartmentID) bool
}

// Ports is what the verbs stand on.
type Ports struct {
	City    func() *civic.City // the present state of the city; never nil
	Records Records
	Intake  Intake
	Media   Media                       // may be nil where nobody uploads
	Guesser Guesser                     // may be nil: reports without a category are routed by keywords
	Renew   func(context.Context) error // reads the city anew after it was changed; may be nil
	// Accounts are officers' at the identity service; may be nil where nobody keeps any.
	Accounts Accounts
	Citizens Citizens // their accounts; may be nil like Accounts
	Poke     func()   // tells the relay that the outbox has something; may be nil
}

// Records changes rows. Everything that act does happens in one transaction, seeing the rows of scope alone; act may run
// again when the database asks for a retry, so it must not touch anything but the Tx.
type Records interface {
	Change(ctx context.Context, scope civic.Scope, act func(ctx context.Context, tx Tx) error) error
	// CountVotes writes votes and the counts they change in one transaction; one result for each vote, in order.
	CountVotes(ctx context.Context, votes []civic.Vote, at time.Time) ([]civic.VoteResult, error)
}

// Tx is one transaction.
type Tx interface {
	Joining
	Office
	Erasing

	// Report finds a report within the scope, NOT_FOUND otherwise; with lock nobody else changes it until the end.
	Report(ctx context.Context, id civic.ReportID, lock bool) (*civic.Report, error)
	// ReportByReceipt finds an anonymous report by the hash of its receipt, NOT_FOUND without one, and locks it.
	ReportByReceipt(ctx context.Context, hash []byte) (*civic.Report, error)
	// LastStep is when the latest step of the report's history was.
	LastStep(ctx context.Context, id civic.ReportID) (time.Time, error)
	// Widen lets the rest of the transaction see another department's rows: those it hands a report to.
	Widen(ctx context.Context, department civic.DepartmentID) error
	SaveReport(ctx context.Context, r *civic.Report) error
	// LockDue finds those of ids for which something is due by now and that nobody else is changing, by id, and locks them. It never waits.
	LockDue(ctx context.Context, ids []civic.ReportID, now time.Time) ([]*civic.Report, error)
	// SaveSteps writes what the city's own clock changes of locked reports, with all that tells of it, in one statement.
	SaveSteps(ctx context.Context, steps civic.Steps) error
	// SaveText writes title, body and place, and the salt of the commitment to them.
	SaveText(ctx context.Context, r *civic.Report, salt []byte) error
	AddTimeline(ctx context.Context, id civic.UUID, entry civic.TimelineEntry) error
	AddComment(ctx context.Context, comment civic.Comment, author civic.UUID) error
	AddNote(ctx context.Context, note civic.Note) error
	AddAudit(ctx context.Context, line civic.AuditLine) error
	AddEvent(ctx context.Context, event civic.Event) error

	// Refusals lists the departments that have refused the report, oldest first.
	Refusals(ctx context.Context, id civic.ReportID) ([]civic.DepartmentID, error)
	AddRefusal(ctx context.Context, id civic.ReportID, department civic.DepartmentID, at time.Time) error
	// OnDesk finds the open reports on an officer's desk, within the scope, and locks them.
	OnDesk(ctx context.Context, officer civic.OfficerID) ([]*civic.Report, error)
	Follow(ctx context.Context, id civic.ReportID, citizen civic.CitizenID, at time.Time) error
	Unfollow(ctx context.Context, id civic.ReportID, citizen civic.CitizenID) error
	SaveRating(ctx context.Context, rating civic.Rating) error

	// MediaOf reads what came with the report, and its proofs.
	MediaOf(ctx context.Context, id civic.ReportID) ([]*civic.Media, error)
	// AddMedia hangs pictures and films on a report.
	AddMedia(ctx context.Context, media []*civic.Media) error
	// LikePrints finds prints of earlier proofs that may be alike, by their index. Until the end nobody else looks or adds any.
	LikePrints(ctx context.Context, probes []int32) ([]civic.KeptPrint, error)
	// AddResolution writes a resolution of the locked report with its photos.
	AddResolution(ctx context.Context, resolution *civic.Resolution) error
	// AnswerResolution notes what the reporter thinks of the latest resolution.
	AnswerResolution(ctx context.Context, id civic.ReportID, confirmed bool) error

	// Template finds a template of the scope's departments, NOT_FOUND otherwise.
	Template(ctx context.Context, id civic.TemplateID) (*civic.Template, error)
	SaveTemplate(ctx context.Context, template *civic.Template) error
	SaveHoliday(ctx context.Context, day civic.Date, name string) error
	// Promised finds up to most reports that were promised something and are not over, by id after a given one, and locks them.
	Promised(ctx context.Context, after civic.ReportID, most int) ([]*civic.Report, error)
}

// Intake takes submissions durably; duplicate means that this very report was taken before.
type Intake interface {
	Submit(ctx context.Context, s civic.Submission) (state civic.SubmissionState, duplicate bool, err error)
}

// Desk does the verbs. It is safe for use by many goroutines.
type Desk struct {
	cfg   Config
	ports Ports
	votes voteBox
}

// New makes a desk.
func New(cfg Config, ports Ports) *Desk {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Guard == nil {
		cfg.Guard = (*civic.City).Handles
	}
	if ports.Guesser == nil {
		ports.Guesser = clueless{}
	}
	if ports.Renew == nil {
		ports.Renew = func(context.Context) error { return nil }
	}
	if ports.Accounts == nil {
		ports.Accounts = noAccounts{}
	}
	if ports.Citizens == nil {
		ports.Citizens = noCitizens{}
	}
	if ports.Poke == nil {
		ports.Poke = func() {}
	}
	return &Desk{cfg: cfg, ports: ports}
}

// now is the present at the precision the database keeps.
func (d *Desk) now() time.Time { return d.cfg.Now().UTC().Truncate(time.Microsecond) }

func (d *Desk) newID() civic.UUID { return civic.NewUUIDv7(d.cfg.Now(), d.cfg.Random) }

var errReportNotFound = civic.NotFound("report.not_found")
