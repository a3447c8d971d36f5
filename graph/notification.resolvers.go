package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/inbox"
)

// MarkNotificationsRead marks everything up to one notification.
func (r *mutationResolver) MarkNotificationsRead(ctx context.Context, upTo string) (*int, error) {
	id, err := civic.ParseNotificationID("upTo", upTo)
	if err != nil {
		return nil, err
	}
	marked, err := r.Inbox.MarkRead(ctx, auth.From(ctx), id)
	if err != nil {
		return nil, err
	}
	return &marked, nil
}

// SaveNotificationPreferences says how the caller wants to be told.
func (r *mutationResolver) SaveNotificationPreferences(ctx context.Context, email *string, emailEnabled bool, pushEnabled bool, language *string, quietFrom *string, quietUntil *string, digest *bool, muted []*civic.Muted) (*bool, error) {
	change := inbox.Change{
		Email: email, EmailOn: emailEnabled, PushOn: pushEnabled, Language: language, QuietFrom: quietFrom, QuietUntil: quietUntil, Digest: digest,
		MutedSet: muted != nil,
	}
	for _, m := range muted {
		change.Muted = append(change.Muted, *m)
	}
	return done(r.Inbox.Save(ctx, auth.From(ctx), change))
}

// SavePushSubscription keeps a browser.
func (r *mutationResolver) SavePushSubscription(ctx context.Context, endpoint string, p256dh string, auth string) (*bool, error) {
	return r.savePush(ctx, endpoint, p256dh, auth)
}

// RemovePushSubscription forgets a browser.
func (r *mutationResolver) RemovePushSubscription(ctx context.Context, endpoint string) (*bool, error) {
	dropped, err := r.Inbox.DropPush(ctx, auth.From(ctx), endpoint)
	if err != nil {
		return nil, err
	}
	return &dropped, nil
}

// SaveAreaAlert adds a circle.
func (r *mutationResolver) SaveAreaAlert(ctx context.Context, location model.LocationInput, radiusMeters int, categories []string) (*model.AreaAlert, error) {
	wanted, err := ids("categories", categories, civic.ParseCategoryID)
	if err != nil {
		return nil, err
	}
	saved, err := r.Inbox.SaveAlert(ctx, auth.From(ctx), *placeOf(&location), radiusMeters, wanted)
	if err != nil {
		return nil, err
	}
	return &model.AreaAlert{AreaAlert: saved, View: r.view(ctx)}, nil
}

// DeleteAreaAlert ends one.
func (r *mutationResolver) DeleteAreaAlert(ctx context.Context, id string) (*bool, error) {
	alert, err := civic.ParseAreaAlertID("id", id)
	if err != nil {
		return nil, err
	}
	return done(r.Inbox.DropAlert(ctx, auth.From(ctx), alert))
}

// ResendMessage has a message tried again.
func (r *mutationResolver) ResendMessage(ctx context.Context, id string) (*model.FailedMessage, error) {
	message, err := civic.ParseMessageID("id", id)
	if err != nil {
		return nil, err
	}
	again, err := r.Inbox.Resend(ctx, auth.From(ctx), message)
	if err != nil {
		return nil, err
	}
	return &model.FailedMessage{Message: again}, nil
}

// Notifications are what the caller was told.
func (r *queryResolver) Notifications(ctx context.Context, first *int, after *string, unreadOnly *bool) (*model.NotificationConnection, error) {
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	return r.inboxPage(ctx, value(unreadOnly), page)
}

// NotificationPreferences are how the caller wants to be told.
func (r *queryResolver) NotificationPreferences(ctx context.Context) (*model.NotificationPreferences, error) {
	wishes, err := r.Inbox.Wishes(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	return &model.NotificationPreferences{Wishes: wishes}, nil
}

// AreaAlerts are the caller's circles.
func (r *queryResolver) AreaAlerts(ctx context.Context) ([]*model.AreaAlert, error) {
	return r.areaAlerts(ctx)
}

// FailedMessages are what could not be sent.
func (r *queryResolver) FailedMessages(ctx context.Context, first *int, after *string) (*model.FailedMessageConnection, error) {
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	found, err := r.Inbox.FailedMessages(ctx, auth.From(ctx), page)
	if err != nil {
		return nil, err
	}
	return &model.FailedMessageConnection{
		Nodes:    shown(found.Items, func(m *civic.Message) *model.FailedMessage { return &model.FailedMessage{Message: m} }),
		PageInfo: model.NewPageInfo(found.Cursors, found.HasNext, found.HasPrev),
	}, nil
}

// NotificationReceived is what the caller is told from now on.
func (r *subscriptionResolver) NotificationReceived(ctx context.Context) (<-chan *model.Notification, error) {
	return r.watchInbox(ctx)
}
