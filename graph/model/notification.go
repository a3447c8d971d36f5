package model

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Notification is one thing that the caller was told, or the word that there will be no more.
type Notification struct {
	*civic.Notification
	report  *Report
	message string
	broken  error
}

// NewNotification shows one, said in the caller's language; report is nil where there is none that the caller may see.
func NewNotification(n *civic.Notification, report *Report, message string) *Notification {
	return &Notification{Notification: n, report: report, message: message}
}

// NewBrokenNotification is the last of a watch that broke off.
func NewBrokenNotification(reason error) *Notification {
	return &Notification{Notification: &civic.Notification{}, broken: reason}
}

// Report is what it is about, as the caller may see it now.
func (n *Notification) Report() (*Report, error) { return n.report, n.broken }

// Message says it in the caller's language.
func (n *Notification) Message() (string, error) { return n.message, n.broken }

// NotificationConnection is a page of notifications.
type NotificationConnection struct {
	Nodes       []*Notification
	PageInfo    *PageInfo
	UnreadCount int
}

// NotificationPreferences are how the caller wants to be told.
type NotificationPreferences struct{ civic.Wishes }

// EmailAvailable tells whether the city has a mail server.
func (p *NotificationPreferences) EmailAvailable() bool { return p.CanEmail }

// EmailEnabled tells whether mail goes out to the caller.
func (p *NotificationPreferences) EmailEnabled() bool { return p.Wishes.Email }

// Email is where to, or nil.
func (p *NotificationPreferences) Email() *string { return orNil(p.Address) }

// EmailRefusedAt is since when there is no such address, or nil.
func (p *NotificationPreferences) EmailRefusedAt() *time.Time { return p.EmailRefused }

// PushAvailable tells whether the city sends push messages.
func (p *NotificationPreferences) PushAvailable() bool { return p.Wishes.PushKey != "" }

// PushKey is what a browser subscribes with, or nil.
func (p *NotificationPreferences) PushKey() *string { return orNil(p.Wishes.PushKey) }

// PushEnabled tells whether push messages go out to the caller.
func (p *NotificationPreferences) PushEnabled() bool { return p.Push }

// PushBrowsers is how many browsers take them.
func (p *NotificationPreferences) PushBrowsers() int { return p.Browsers }

// QuietFrom is from when nothing goes out, or nil.
func (p *NotificationPreferences) QuietFrom() *string {
	if p.Quiet == nil {
		return nil
	}
	return orNil(civic.TimeOfDay(p.Quiet.From))
}

// QuietUntil is until when, or nil.
func (p *NotificationPreferences) QuietUntil() *string {
	if p.Quiet == nil {
		return nil
	}
	return orNil(civic.TimeOfDay(p.Quiet.Until))
}

// AreaAlert is a circle that the caller cares about.
type AreaAlert struct {
	*civic.AreaAlert
	View *View
}

// Location is its middle. Its district is not kept with it.
func (a *AreaAlert) Location() *Location {
	place := a.Place
	if district := a.View.City.DistrictAt(place.Latitude, place.Longitude); district != nil {
		place.District = &district.ID
	}
	return &Location{&place, a.View}
}

// RadiusMeters is how far it reaches.
func (a *AreaAlert) RadiusMeters() int { return a.Radius }

// Categories are what it is about.
func (a *AreaAlert) Categories() []*Category {
	wanted := []*Category{}
	for _, id := range a.AreaAlert.Categories {
		if category := a.View.Category(a.View.City.Category(id)); category != nil {
			wanted = append(wanted, category)
		}
	}
	return wanted
}

// FailedMessage is one that could not be sent.
type FailedMessage struct{ *civic.Message }

// Reason is why, in a word.
func (m *FailedMessage) Reason() string { return m.Error }

// FailedAt is when it was given up.
func (m *FailedMessage) FailedAt() *time.Time { return m.EndedAt }

// FailedMessageConnection is a page of them.
type FailedMessageConnection struct {
	Nodes    []*FailedMessage
	PageInfo *PageInfo
}
