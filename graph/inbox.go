package graph

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/inbox"
	"github.com/jagawarga/jagawarga/internal/wording"
)

// Inbox is what the caller was told, and how they want to be told.
type Inbox interface {
	Page(ctx context.Context, p civic.Principal, unread bool, page civic.PageRequest) (civic.Page[*civic.Notification], int, error)
	One(ctx context.Context, p civic.Principal, id civic.NotificationID) (*civic.Notification, error)
	MarkRead(ctx context.Context, p civic.Principal, upTo civic.NotificationID) (int, error)
	End(ctx context.Context, p civic.Principal) (int64, error)
	After(ctx context.Context, p civic.Principal, place int64, most int) ([]*civic.Notification, error)
	Woken(ctx context.Context, p civic.Principal) (<-chan struct{}, error)
	Wishes(ctx context.Context, p civic.Principal) (civic.Wishes, error)
	Save(ctx context.Context, p civic.Principal, change inbox.Change) error
	SavePush(ctx context.Context, p civic.Principal, endpoint, p256dh, auth string) error
	DropPush(ctx context.Context, p civic.Principal, endpoint string) (bool, error)
	Alerts(ctx context.Context, p civic.Principal) ([]civic.AreaAlert, error)
	SaveAlert(ctx context.Context, p civic.Principal, place civic.Place, radius int, categories []civic.CategoryID) (*civic.AreaAlert, error)
	DropAlert(ctx context.Context, p civic.Principal, id civic.AreaAlertID) error
	FailedMessages(ctx context.Context, p civic.Principal, page civic.PageRequest) (civic.Page[*civic.Message], error)
	Resend(ctx context.Context, p civic.Principal, id civic.MessageID) (*civic.Message, error)
}

const (
	inboxPiece = 100
	// inboxLook is how often a screen looks although nobody woke it.
	inboxLook = 15 * time.Second
)

// notifications shows what the caller was told, with the reports as they may see them now, found together.
func (r *Resolver) notifications(ctx context.Context, told []*civic.Notification) ([]*model.Notification, error) {
	var ids []civic.ReportID
	asked := map[civic.ReportID]bool{}
	for _, n := range told {
		if n.Report != nil && !asked[*n.Report] {
			asked[*n.Report] = true
			ids = append(ids, *n.Report)
		}
	}
	view, seen := r.view(ctx), map[civic.ReportID]*model.Report{}
	if len(ids) > 0 {
		found, err := r.Reader.Reports(ctx, r.scope(ctx), ids)
		if err != nil {
			return nil, err
		}
		for _, report := range model.NewReports(view, r.scope(ctx), found) {
			if view.City.MayRead(view.Principal, report.Report) {
				seen[report.ID] = report
			}
		}
	}
	return shown(told, func(n *civic.Notification) *model.Notification {
		if n.Report == nil || seen[*n.Report] == nil {
			return model.NewNotification(n, nil, wording.Sentence(view.City, view.Language, n, nil))
		}
		report := seen[*n.Report]
		return model.NewNotification(n, report, wording.Sentence(view.City, view.Language, n, report.Report))
	}), nil
}

func (r *Resolver) inboxPage(ctx context.Context, unread bool, page civic.PageRequest) (*model.NotificationConnection, error) {
	found, count, err := r.Inbox.Page(ctx, auth.From(ctx), unread, page)
	if err != nil {
		return nil, err
	}
	nodes, err := r.notifications(ctx, found.Items)
	if err != nil {
		return nil, err
	}
	return &model.NotificationConnection{
		Nodes: nodes, PageInfo: model.NewPageInfo(found.Cursors, found.HasNext, found.HasPrev), UnreadCount: count,
	}, nil
}

// watchInbox tells the caller what they are told, until ctx ends: each once and in order, also where a word that there is something new got
// lost, because it looks at the rows and goes on after the last.
func (r *Resolver) watchInbox(ctx context.Context) (<-chan *model.Notification, error) {
	woken, err := r.Inbox.Woken(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	place, err := r.Inbox.End(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	out := make(chan *model.Notification)
	go func() {
		defer close(out)
		tick := time.NewTicker(inboxLook)
		defer tick.Stop()
		for {
			told, err := patiently(ctx, func(ctx context.Context) (*[]*model.Notification, error) { return r.inboxAfter(ctx, place) })
			if err != nil {
				if ctx.Err() == nil {
					handOn(ctx, out, model.NewBrokenNotification(err))
				}
				return
			}
			for _, n := range *told {
				if !handOn(ctx, out, n) {
					return
				}
				place = n.Place
			}
			if len(*told) == inboxPiece {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-woken:
			case <-tick.C:
			}
		}
	}()
	return out, nil
}

func (r *Resolver) inboxAfter(ctx context.Context, place int64) (*[]*model.Notification, error) {
	told, err := r.Inbox.After(ctx, auth.From(ctx), place, inboxPiece)
	if err != nil {
		return nil, err
	}
	nodes, err := r.notifications(ctx, told)
	return &nodes, err
}

func (r *Resolver) notificationNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseNotificationID("id", text)
	if err != nil {
		return nil, err
	}
	found, err := r.Inbox.One(ctx, auth.From(ctx), id)
	if err != nil {
		return nil, err
	}
	nodes, err := r.notifications(ctx, []*civic.Notification{found})
	if err != nil {
		return nil, err
	}
	return asNode(nodes[0], nil)
}

func (r *Resolver) alertNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseAreaAlertID("id", text)
	if err != nil {
		return nil, err
	}
	if !auth.From(ctx).IsCitizen() {
		return nil, errNodeNotFound
	}
	alerts, err := r.areaAlerts(ctx)
	for _, alert := range alerts {
		if alert.ID == id {
			return alert, nil
		}
	}
	return asNode[model.AreaAlert](nil, err)
}

func (r *Resolver) areaAlerts(ctx context.Context) ([]*model.AreaAlert, error) {
	alerts, err := r.Inbox.Alerts(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	view := r.view(ctx)
	return shown(alerts, func(a civic.AreaAlert) *model.AreaAlert { return &model.AreaAlert{AreaAlert: &a, View: view} }), nil
}

func (r *Resolver) savePush(ctx context.Context, endpoint, p256dh, secret string) (*bool, error) {
	return done(r.Inbox.SavePush(ctx, auth.From(ctx), endpoint, p256dh, secret))
}

// done answers true where nothing went wrong.
func done(err error) (*bool, error) {
	if err != nil {
		return nil, err
	}
	return new(true), nil
}
