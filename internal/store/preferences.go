package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// PreferencesOf are the preferences of those accounts that have said any, as the notifier sees them.
func (s *Store) PreferencesOf(ctx context.Context, accounts []civic.UUID) (map[civic.UUID]civic.Preferences, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	rows, err := db.New(s.own).ListPreferences(ctx, accounts)
	if err != nil {
		return nil, border(err)
	}
	return preferencesOf(rows)
}

// Preferences are an account's own; false where it has said none.
func (s *Store) Preferences(ctx context.Context, account civic.Account) (found civic.Preferences, said bool, err error) {
	err = s.read(ctx, inboxOf(account), func(tx db.DBTX) error {
		rows, err := db.New(tx).ListPreferences(ctx, []civic.UUID{account.ID})
		if err != nil {
			return err
		}
		all, err := preferencesOf(rows)
		found, said = all[account.ID]
		return err
	})
	return found, said, err
}

func preferencesOf(rows []db.ListPreferencesRow) (map[civic.UUID]civic.Preferences, error) {
	all := make(map[civic.UUID]civic.Preferences, len(rows))
	for _, row := range rows {
		p := civic.Preferences{
			Account: civic.Account{ID: row.AccountID, Officer: row.Officer}, Language: row.Language, Email: row.Email, Push: row.Push,
			Digest: row.Digest, EmailRefused: row.EmailRefusedAt, Unsubscribe: row.Unsubscribe,
		}
		if row.QuietFrom != nil && row.QuietUntil != nil {
			p.Quiet = &civic.QuietHours{From: int(*row.QuietFrom), Until: int(*row.QuietUntil)}
		}
		if err := json.Unmarshal(row.Muted, &p.Muted); err != nil {
			return nil, err
		}
		all[row.AccountID] = p
	}
	return all, nil
}

// SavePreferences writes an account's own; newAddress forgets that the one before was refused.
func (s *Store) SavePreferences(ctx context.Context, p civic.Preferences, newAddress bool) error {
	muted, err := json.Marshal(append([]civic.Muted{}, p.Muted...))
	if err != nil {
		return err
	}
	params := db.SavePreferencesParams{
		AccountID: p.Account.ID, Officer: p.Account.Officer, Language: p.Language, Email: p.Email, Push: p.Push, Digest: p.Digest,
		Muted: muted, Unsubscribe: p.Unsubscribe, At: s.now(), NewAddress: newAddress,
	}
	if p.Quiet != nil {
		from, until := int32(p.Quiet.From), int32(p.Quiet.Until)
		params.QuietFrom, params.QuietUntil = &from, &until
	}
	return s.write(ctx, inboxOf(p.Account), func(tx pgx.Tx) error { return db.New(tx).SavePreferences(ctx, params) })
}

// SavePush keeps a browser for an account. A browser that was another account's is this one's from now on.
func (s *Store) SavePush(ctx context.Context, p civic.PushSubscription) error {
	return s.write(ctx, inboxOf(p.Account), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "-- name: AsBrowser\nSELECT set_config('app.endpoint', $1, true)", p.Endpoint); err != nil {
			return err
		}
		q := db.New(tx)
		if err := q.TakePushSubscription(ctx, p.Endpoint); err != nil {
			return err
		}
		err := q.AddPushSubscription(ctx, db.AddPushSubscriptionParams{
			ID: p.ID, AccountID: p.Account.ID, Officer: p.Account.Officer, Endpoint: p.Endpoint, P256dh: p.Key, Auth: p.Auth, CreatedAt: s.now(),
		})
		if err != nil {
			return err
		}
		return q.TrimPushSubscriptions(ctx, db.TrimPushSubscriptionsParams{AccountID: p.Account.ID, Most: civic.MaxPushSubscriptions})
	})
}

// DropPush forgets one of an account's browsers.
func (s *Store) DropPush(ctx context.Context, account civic.Account, endpoint string) (dropped bool, err error) {
	err = s.write(ctx, inboxOf(account), func(tx pgx.Tx) error {
		rows, err := db.New(tx).DropPushEndpoint(ctx, db.DropPushEndpointParams{Endpoint: endpoint, AccountID: account.ID})
		dropped = rows > 0
		return err
	})
	return dropped, err
}

// CountPush is how many browsers of an account take push messages.
func (s *Store) CountPush(ctx context.Context, account civic.Account) (n int, err error) {
	err = s.read(ctx, inboxOf(account), func(tx db.DBTX) error {
		count, err := db.New(tx).CountPushSubscriptions(ctx, account.ID)
		n = int(count)
		return err
	})
	return n, err
}

// Alerts are a citizen's area alerts, oldest first.
func (s *Store) Alerts(ctx context.Context, citizen civic.CitizenID) (alerts []civic.AreaAlert, err error) {
	err = s.read(ctx, civic.Scope{Citizen: &citizen}, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListAreaAlerts(ctx, citizen.UUID)
		for _, row := range rows {
			alerts = append(alerts, alertOf(row))
		}
		return err
	})
	return alerts, err
}

// SaveAlert adds one; CONFLICT when the citizen has civic.MaxAlerts.
func (s *Store) SaveAlert(ctx context.Context, alert civic.AreaAlert) error {
	return s.write(ctx, civic.Scope{Citizen: &alert.Citizen}, func(tx pgx.Tx) error {
		q := db.New(tx)
		rows, err := q.ListAreaAlerts(ctx, alert.Citizen.UUID)
		if err != nil {
			return err
		}
		if len(rows) >= civic.MaxAlerts {
			return civic.Conflict("alert.too_many")
		}
		return q.AddAreaAlert(ctx, db.AddAreaAlertParams{
			ID: alert.ID.UUID, CitizenID: alert.Citizen.UUID, Latitude: alert.Place.Latitude, Longitude: alert.Place.Longitude,
			Address: alert.Place.Address, Radius: int32(alert.Radius), Categories: uuids(alert.Categories), CreatedAt: alert.CreatedAt,
		})
	})
}

// DropAlert forgets one of a citizen's.
func (s *Store) DropAlert(ctx context.Context, citizen civic.CitizenID, id civic.AreaAlertID) (dropped bool, err error) {
	err = s.write(ctx, civic.Scope{Citizen: &citizen}, func(tx pgx.Tx) error {
		rows, err := db.New(tx).DropAreaAlert(ctx, id.UUID)
		dropped = rows > 0
		return err
	})
	return dropped, err
}
