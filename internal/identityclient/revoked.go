package identityclient

import (
	"context"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// revokedEvery is how soon a server knows of what another had revoked.
const revokedEvery = time.Second

// revocations are the sessions that are over before their access tokens are. While the service is away nobody can revoke anything, and
// what is known stays known.
type revocations struct {
	rpc identityrpc.IdentityClient

	mu       sync.Mutex
	sessions map[civic.SessionID]bool
	watchers map[civic.SessionID]map[*func()]bool
}

func newRevocations(rpc identityrpc.IdentityClient) *revocations {
	return &revocations{rpc: rpc, sessions: map[civic.SessionID]bool{}, watchers: map[civic.SessionID]map[*func()]bool{}}
}

// look asks the service once.
func (r *revocations) look(ctx context.Context) {
	reply, err := r.rpc.Revoked(ctx, &identityrpc.RevokedRequest{})
	if err != nil {
		return // asked again in a second
	}
	now := make(map[civic.SessionID]bool, len(reply.GetSessions()))
	for _, raw := range reply.GetSessions() {
		if len(raw) == len(civic.UUID{}) {
			now[civic.SessionID{UUID: civic.UUID(raw)}] = true
		}
	}
	var over []func()
	r.mu.Lock()
	for session := range now {
		for tell := range r.watchers[session] {
			over = append(over, *tell)
		}
		delete(r.watchers, session)
	}
	r.sessions = now
	r.mu.Unlock()
	for _, tell := range over {
		tell()
	}
}

// Run keeps up with what is revoked until ctx ends.
func (c *Client) Run(ctx context.Context) error {
	tick := time.NewTicker(revokedEvery)
	defer tick.Stop()
	for {
		c.revoked.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Revoked reports whether a session is over although its access token is not; it answers from memory.
func (c *Client) Revoked(session civic.SessionID) bool {
	c.revoked.mu.Lock()
	defer c.revoked.mu.Unlock()
	return c.revoked.sessions[session]
}

// OnRevoked calls over, once at most, as soon as a session is revoked: at once where it is already. forget ends the watch.
func (c *Client) OnRevoked(session civic.SessionID, over func()) (forget func()) {
	r, watch := c.revoked, new(over)
	r.mu.Lock()
	if r.sessions[session] {
		r.mu.Unlock()
		over()
		return func() {}
	}
	defer r.mu.Unlock()
	if r.watchers[session] == nil {
		r.watchers[session] = map[*func()]bool{}
	}
	r.watchers[session][watch] = true
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if delete(r.watchers[session], watch); len(r.watchers[session]) == 0 {
			delete(r.watchers, session)
		}
	}
}
