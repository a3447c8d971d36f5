package page

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/session"
)

// How sessions are renewed. A refresh token is good for one use; used twice, the session ends for good. A browser that opens three tabs uses it
// three times at once, so the first asks and the others get what it got, also those that come a little later with the old cookie.
const (
	renewBefore   = 30 * time.Second // of the end of the access token
	renewalIsKept = time.Minute
)

type renewals struct {
	flight singleflight.Group
	mu     sync.Mutex
	recent map[[32]byte]renewal
}

type renewal struct {
	session *session.Session // nil: it was over
	at      time.Time
}

// renewed is the visitor's session, good for this request, or nil. While the API cannot be reached an old session is kept, not thrown away.
func (s *Site) renewed(v *Visit) *session.Session {
	held := v.Keeper.Of(v.R)
	if held == nil || s.Now().Before(held.Expires.Add(-renewBefore)) {
		return held
	}
	key := sha256.Sum256([]byte(held.Refresh))
	found, _, _ := s.renewals.flight.Do(string(key[:]), func() (any, error) {
		if earlier, known := s.renewals.find(key, s.Now()); known {
			return earlier, nil
		}
		// Whoever waits for this must not lose the session because the first one went away.
		answer, err := client.Refresh(context.WithoutCancel(v.R.Context()), v.API(), held.Refresh)
		if code := client.Code(err); code != "" && code != "UNAUTHENTICATED" {
			return held, nil
		}
		var fresh *session.Session
		if err == nil {
			fresh = Opened(answer.RefreshSession)
		}
		s.renewals.keep(key, renewal{fresh, s.Now()})
		return fresh, nil
	})
	fresh := found.(*session.Session)
	switch {
	case fresh == nil:
		v.Keeper.Clear(v.W)
	case fresh != held:
		if v.Keeper.Set(v.W, *fresh) != nil {
			return nil
		}
	}
	return fresh
}

func (r *renewals) find(key [32]byte, now time.Time) (*session.Session, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, known := r.recent[key]
	return found.session, known && now.Sub(found.at) < renewalIsKept
}

func (r *renewals) keep(key [32]byte, fresh renewal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.recent == nil {
		r.recent = map[[32]byte]renewal{}
	}
	for old, known := range r.recent {
		if fresh.at.Sub(known.at) >= renewalIsKept {
			delete(r.recent, old)
		}
	}
	r.recent[key] = fresh
}

// Opened is the session that the API gave; nil for nothing.
func Opened(signed *client.Signed) *session.Session {
	if signed == nil {
		return nil
	}
	opened := &session.Session{Access: signed.AccessToken, Refresh: signed.RefreshToken, Expires: signed.ExpiresAt}
	switch viewer := signed.Viewer.(type) {
	case *client.SignedViewerCitizen:
		opened.Name = viewer.Name
	case *client.SignedViewerOfficer:
		opened.Name, opened.Role, opened.Department = viewer.Name, string(viewer.Role), viewer.Department.Id
	}
	return opened
}
