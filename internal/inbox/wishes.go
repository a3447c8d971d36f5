package inbox

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Change is what somebody wants changed; nil stays as it is.
type Change struct {
	Email                 *string // the address of a citizen
	EmailOn, PushOn       bool
	Digest                *bool
	Language              *string
	QuietFrom, QuietUntil *string
	Muted                 []civic.Muted
	MutedSet              bool
}

// Wishes are the caller's.
func (b *Box) Wishes(ctx context.Context, p civic.Principal) (w civic.Wishes, err error) {
	account, err := accountOf(p)
	if err != nil {
		return w, err
	}
	if w.Preferences, err = b.preferences(ctx, account); err != nil {
		return w, err
	}
	if w.Address, err = b.contacts.Contact(ctx, account.ID); err != nil {
		return w, err
	}
	if w.Browsers, err = b.records.CountPush(ctx, account); err != nil {
		return w, err
	}
	w.CanEmail, w.PushKey, err = b.records.NotifierChannels(ctx)
	return w, err
}

func (b *Box) preferences(ctx context.Context, account civic.Account) (civic.Preferences, error) {
	found, said, err := b.records.Preferences(ctx, account)
	if err != nil || said {
		return found, err
	}
	found = civic.DefaultPreferences(account)
	found.Unsubscribe = make([]byte, 32)
	_, err = io.ReadFull(b.cfg.Random, found.Unsubscribe)
	return found, err
}

// Save changes the caller's wishes. E-mail can be asked for where there is an address, an officer's being that of the sign-in.
func (b *Box) Save(ctx context.Context, p civic.Principal, c Change) error {
	account, err := accountOf(p)
	if err != nil {
		return err
	}
	wishes, err := b.preferences(ctx, account)
	if err != nil {
		return err
	}
	if wishes, err = c.apply(wishes); err != nil {
		return err
	}
	newAddress, err := b.saveAddress(ctx, p, c)
	if err != nil {
		return err
	}
	return b.records.SavePreferences(ctx, wishes, newAddress)
}

func (c Change) apply(wishes civic.Preferences) (civic.Preferences, error) {
	wishes.Email, wishes.Push = c.EmailOn, c.PushOn
	if c.Digest != nil {
		wishes.Digest = *c.Digest
	}
	if c.Language != nil {
		if *c.Language != "id" && *c.Language != "en" {
			return wishes, civic.Invalid("language", "language.unknown")
		}
		wishes.Language = *c.Language
	}
	if c.QuietFrom != nil || c.QuietUntil != nil {
		quiet, err := civic.ParseQuietHours(text(c.QuietFrom), text(c.QuietUntil))
		if err != nil {
			return wishes, err
		}
		wishes.Quiet = quiet
	}
	if c.MutedSet {
		wishes.Muted = c.Muted
	}
	return wishes, nil
}

// saveAddress keeps a citizen's address with the identity service. What is given anew may be tried again where it was refused.
func (b *Box) saveAddress(ctx context.Context, p civic.Principal, c Change) (given bool, err error) {
	if c.Email != nil && *c.Email != "" {
		if !p.IsCitizen() {
			return false, civic.Invalid("email", "email.of_officer")
		}
		email, err := civic.CheckEmail("email", *c.Email)
		if err != nil {
			return false, err
		}
		return true, b.contacts.SaveContact(ctx, p.Citizen, email)
	}
	if c.Email != nil && p.IsCitizen() && !c.EmailOn {
		return true, b.contacts.SaveContact(ctx, p.Citizen, "")
	}
	if !c.EmailOn {
		return false, nil
	}
	account, _ := p.Account()
	known, err := b.contacts.Contact(ctx, account.ID)
	if err == nil && known == "" {
		err = civic.Invalid("email", "email.missing")
	}
	return false, err
}

// SavePush keeps a browser of the caller's, as its PushSubscription tells it.
func (b *Box) SavePush(ctx context.Context, p civic.Principal, endpoint, p256dh, auth string) error {
	account, err := accountOf(p)
	if err != nil {
		return err
	}
	if err := CheckEndpoint(endpoint, b.cfg.Private); err != nil {
		return err
	}
	key, err := decode(p256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	if err != nil {
		return civic.Invalid("p256dh", "push.key")
	}
	secret, err := decode(auth)
	if err != nil || len(secret) != 16 {
		return civic.Invalid("auth", "push.key")
	}
	return b.records.SavePush(ctx, civic.PushSubscription{
		ID: civic.NewUUIDv7(b.cfg.Now(), b.cfg.Random), Account: account, Endpoint: endpoint, Key: key, Auth: secret,
	})
}

// DropPush forgets a browser of the caller's; false where there is none such.
func (b *Box) DropPush(ctx context.Context, p civic.Principal, endpoint string) (bool, error) {
	account, err := accountOf(p)
	if err != nil {
		return false, err
	}
	return b.records.DropPush(ctx, account, endpoint)
}

// CheckEndpoint refuses what cannot be a push service: the server of the city must not be sent anywhere else. Names are looked at again
// when something is sent, since what they stand for may change.
func CheckEndpoint(endpoint string, private bool) error {
	refused := civic.Invalid("endpoint", "push.endpoint")
	parsed, err := url.Parse(endpoint)
	if err != nil || len(endpoint) > 1000 || parsed.Host == "" || parsed.User != nil || parsed.Fragment != "" {
		return refused
	}
	if private {
		return nil
	}
	if parsed.Scheme != "https" || parsed.Port() != "" && parsed.Port() != "443" {
		return refused
	}
	host := strings.ToLower(strings.TrimSuffix(parsed.Hostname(), "."))
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal") {
		return refused
	}
	return nil
}

// decode reads base64url with or without padding, as browsers and libraries differ.
func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "="))
}

// Alerts are the caller's area alerts.
func (b *Box) Alerts(ctx context.Context, p civic.Principal) ([]civic.AreaAlert, error) {
	if !p.IsCitizen() {
		return nil, civic.Forbidden("auth.role")
	}
	return b.records.Alerts(ctx, p.Citizen)
}

// SaveAlert adds one.
func (b *Box) SaveAlert(ctx context.Context, p civic.Principal, place civic.Place, radius int, categories []civic.CategoryID) (*civic.AreaAlert, error) {
	if !p.IsCitizen() {
		return nil, civic.Forbidden("auth.role")
	}
	alert, err := b.city().CheckAlert(place, radius, categories)
	if err != nil {
		return nil, err
	}
	alert.ID, alert.Citizen = civic.AreaAlertID{UUID: civic.NewUUIDv7(b.cfg.Now(), b.cfg.Random)}, p.Citizen
	alert.CreatedAt = b.cfg.Now().UTC().Truncate(time.Microsecond)
	return &alert, b.records.SaveAlert(ctx, alert)
}

// DropAlert forgets one of the caller's; NOT_FOUND for any other.
func (b *Box) DropAlert(ctx context.Context, p civic.Principal, id civic.AreaAlertID) error {
	if !p.IsCitizen() {
		return civic.Forbidden("auth.role")
	}
	dropped, err := b.records.DropAlert(ctx, p.Citizen, id)
	if err == nil && !dropped {
		err = civic.NotFound("alert.not_found")
	}
	return err
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
