// Package graph is the GraphQL face: schema, directives and resolvers. A resolver reads its arguments, calls a casework verb or the
// reader, and wraps the answer in a view; what it needs it says in interfaces. It knows no database, no stream and no other
// service's inside.
//
// Three walls keep one department's reports from another: the directive here is the door sign, the verb in casework checks again, and
// row-level security in the database checks last. Each holds alone.
package graph

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/ledger"
)

// Deps is what the face stands on.
type Deps struct {
	City        func() *civic.City // the present state of the city; never nil
	Desk        *casework.Desk
	Reader      Reader
	Accounts    Accounts
	Inbox       Inbox
	Anonymizer  Anonymizer
	Links       Links
	Dossiers    Dossiers
	Feed        Feed
	Suggestions Suggestions
	Analyst     *insight.Analyst
	Figures     Figures
	Exports     Exports
	Guesses     Guesses // nil: trying receipts is not slowed down
}

// Reader finds rows that a scope may see; what it may not see is not there.
type Reader interface {
	Reports(ctx context.Context, scope civic.Scope, ids []civic.ReportID) ([]*civic.Report, error)
	ReportByNumber(ctx context.Context, scope civic.Scope, number string) (*civic.Report, error)
	ReportByReceipt(ctx context.Context, hash []byte) (*civic.Report, error)
	PublicReports(ctx context.Context, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error)
	PublicClusters(ctx context.Context, box civic.Bounds, zoom int, categories []civic.CategoryID, filter civic.Filter) ([]civic.Cluster, error)
	// CitizenReports is a page of what a citizen reported; nil statuses ask for all.
	CitizenReports(ctx context.Context, citizen civic.CitizenID, statuses []civic.Status, page civic.PageRequest) (civic.Page[*civic.Report], error)
	FollowedReports(ctx context.Context, citizen civic.CitizenID, page civic.PageRequest) (civic.Page[*civic.Report], error)
	DepartmentReports(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error)
	Comments(ctx context.Context, scope civic.Scope, reports []civic.ReportID, page civic.PageRequest) (map[civic.ReportID]civic.Page[*civic.Comment], error)
	Timelines(ctx context.Context, scope civic.Scope, reports []civic.ReportID, page civic.PageRequest) (map[civic.ReportID]civic.Page[*civic.TimelineEntry], error)
	Notes(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Note, error)
	Upvoted(ctx context.Context, citizen civic.CitizenID, reports []civic.ReportID) (map[civic.ReportID]bool, error)
	Followed(ctx context.Context, citizen civic.CitizenID, reports []civic.ReportID) (map[civic.ReportID]bool, error)
	Ratings(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]*civic.Rating, error)
	Resolutions(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]*civic.Resolution, error)
	PhotoChecks(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.PhotoCheck, error)
	// Similar finds what may be about the same thing, best first; nil departments ask for public reports.
	Similar(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, like civic.Likeness) ([]*civic.Report, error)
	Templates(ctx context.Context, scope civic.Scope, department civic.DepartmentID) ([]*civic.Template, error)
	Template(ctx context.Context, scope civic.Scope, id civic.TemplateID) (*civic.Template, error)
	Comment(ctx context.Context, scope civic.Scope, id civic.CommentID) (*civic.Comment, error)
	Note(ctx context.Context, scope civic.Scope, id civic.NoteID) (*civic.Note, error)
	AuditLog(ctx context.Context, scope civic.Scope, report *civic.ReportID, page civic.PageRequest) (civic.Page[*civic.AuditEntry], error)
	LedgerCheckpoint(ctx context.Context) (string, error)
	// LedgerProof proves the filing of the report with that number; nil where the ledger has none.
	LedgerProof(ctx context.Context, number string) (*ledger.Proof, error)
	// Salt opens the commitment to the text of a report that scope may see.
	Salt(ctx context.Context, scope civic.Scope, number string) ([]byte, error)
	Media(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Media, error)
	OneMedia(ctx context.Context, scope civic.Scope, id civic.MediaID) (*civic.Media, error)
	Merges(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]civic.Merge, error)
	Parts(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]civic.ReportID, error)
	Origins(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID]civic.ReportID, error)
	Tasks(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Task, error)
	// DepartmentTasks is a page of what departments have to do; nil asks for every state.
	DepartmentTasks(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, state *civic.TaskState, page civic.PageRequest) (civic.Page[*civic.Task], error)
	OneTask(ctx context.Context, scope civic.Scope, id civic.TaskID) (*civic.Task, error)
	Attachments(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Attachment, error)
	OneAttachment(ctx context.Context, scope civic.Scope, id civic.AttachmentID) (*civic.Attachment, error)
	// ToRoute lists what routing looks at of the reports that came in the time before now, newest first.
	ToRoute(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, back time.Duration, most int) ([]*civic.Report, error)
}

// Links says where pictures and films can be fetched.
type Links interface {
	// Of is where a medium and its thumbnail are: for everybody a link that lasts, which is good as long as everybody may see the report;
	// otherwise one that is signed and soon over.
	Of(media *civic.Media, everybody bool) (url, thumbnail string)
}

// Dossiers says where citizens find what is held about them.
type Dossiers interface {
	Of(citizen civic.CitizenID) (link string, err error)
}

// Accounts is the identity service.
type Accounts interface {
	SignUp(ctx context.Context, in identityclient.SignUpInput) (identityclient.Session, error)
	SignIn(ctx context.Context, in identityclient.SignInInput) (identityclient.Session, error)
	Refresh(ctx context.Context, refreshToken string) (identityclient.Session, error)
	SignOut(ctx context.Context, session civic.SessionID) error
	TokenKey(ctx context.Context, citizen *civic.CitizenID) (identityclient.TokenKey, error)
	IssueTokens(ctx context.Context, citizen civic.CitizenID, blinded [][]byte) (identityclient.IssuedTokens, error)
	Names(ctx context.Context, citizens []civic.CitizenID) (map[civic.CitizenID]string, error)
}

// Anonymizer is the anonymizer service. Nothing about the caller goes to it.
type Anonymizer interface {
	Submit(ctx context.Context, report anonymizerclient.Report) (*anonymizerclient.Filed, error)
	Preview(ctx context.Context, text civic.Raw, keep []string) (*anonymizerclient.Preview, error)
	// Scrub takes out of a text whatever tells who wrote it.
	Scrub(ctx context.Context, text civic.Raw) (string, error)
	OpenReceipt(ctx context.Context, receipt civic.Raw) (hash []byte, err error)
}

// Suggestions knows what texts are about.
type Suggestions interface {
	// Suggest gives up to most categories, the likeliest first. It keeps nothing of the text.
	Suggest(text string, most int) []*civic.Category
}

// mostSuggested is how many categories are suggested: more is no help to who has to choose.
const mostSuggested = 5

// Guesses slows down who tries receipts that open nothing, and tokens that are worth nothing. Who that is, the context may tell.
type Guesses interface {
	// Allow refuses, with RATE_LIMITED, who has failed too often; and while many fail, who has not done the work asked for.
	Allow(ctx context.Context) error
	// Failed counts a receipt that opened nothing.
	Failed(ctx context.Context)
	// AllowToken refuses who has not done the work asked for.
	AllowToken(ctx context.Context) error
	// FailedToken counts a token that was worth nothing.
	FailedToken(ctx context.Context)
}

// Feed follows live events.
type Feed interface {
	// Watch gives events of topic after the cursor, or from now on if it is empty, until ctx ends.
	Watch(ctx context.Context, topic civic.Topic, after string) (Watching, error)
}

// Watching is one watcher of a feed.
type Watching interface {
	// Events closes when the watch is over. The events are shared: they must not be changed.
	Events() <-chan *civic.Event
	// Err says why it is over; nil when the watcher's own context ended.
	Err() error
}
