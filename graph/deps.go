// Package graph is the GraphQL face: schema, directives and resolvers. A resolver reads its arguments, calls a casework verb or the
// reader, and wraps the answer in a view; what it needs it says in interfaces. It knows no database, no stream and no other
// service's inside.
//
// Three walls keep one department's reports from another: the directive here is the door sign, the verb in casework checks again, and
// row-level security in the database checks last. Each holds alone.
package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

// Deps is what the face stands on.
type Deps struct {
	City       func() *civic.City // the present state of the city; never nil
	Desk       *casework.Desk
	Reader     Reader
	Accounts   Accounts
	Anonymizer Anonymizer
	Feed       Feed
	Guesses    Guesses // nil: trying receipts is not slowed down
}

// Reader finds rows that a scope may see; what it may not see is not there.
type Reader interface {
	Reports(ctx context.Context, scope civic.Scope, ids []civic.ReportID) ([]*civic.Report, error)
	ReportByNumber(ctx context.Context, scope civic.Scope, number string) (*civic.Report, error)
	ReportByReceipt(ctx context.Context, hash []byte) (*civic.Report, error)
	PublicReports(ctx context.Context, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error)
	CitizenReports(ctx context.Context, citizen civic.CitizenID, page civic.PageRequest) (civic.Page[*civic.Report], error)
	DepartmentReports(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error)
	Comments(ctx context.Context, scope civic.Scope, reports []civic.ReportID, page civic.PageRequest) (map[civic.ReportID]civic.Page[*civic.Comment], error)
	Timelines(ctx context.Context, scope civic.Scope, reports []civic.ReportID, page civic.PageRequest) (map[civic.ReportID]civic.Page[*civic.TimelineEntry], error)
	Notes(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Note, error)
	Upvoted(ctx context.Context, citizen civic.CitizenID, reports []civic.ReportID) (map[civic.ReportID]bool, error)
	Comment(ctx context.Context, scope civic.Scope, id civic.CommentID) (*civic.Comment, error)
	Note(ctx context.Context, scope civic.Scope, id civic.NoteID) (*civic.Note, error)
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

// Guesses slows down who tries receipts that open nothing. Who that is, the context may tell.
type Guesses interface {
	// Allow refuses, with RATE_LIMITED, who has failed too often.
	Allow(ctx context.Context) error
	// Failed counts a try that opened nothing.
	Failed(ctx context.Context)
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
