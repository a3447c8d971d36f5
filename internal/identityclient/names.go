package identityclient

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// maxIDs is how many ids the service takes in one call.
const maxIDs = 1000

// Names tells the names of citizens; unknown ids are left out. What was told a short while ago is answered from memory.
func (c *Client) Names(ctx context.Context, ids []civic.CitizenID) (map[civic.CitizenID]string, error) {
	names, missing := c.names.find(ids)
	for some := range slices.Chunk(missing, maxIDs) {
		request := &identityrpc.NamesRequest{Citizens: make([][]byte, 0, len(some))}
		for _, id := range some {
			request.Citizens = append(request.Citizens, id.UUID[:])
		}
		reply, err := c.rpc.Names(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, told := range reply.GetNames() {
			if len(told.GetCitizen()) != len(civic.UUID{}) {
				return nil, errAnswer
			}
			id := civic.CitizenID{UUID: civic.UUID(told.GetCitizen())}
			names[id] = told.GetName()
			c.names.keep(id, told.GetName())
		}
	}
	return names, nil
}

// nameCache holds names for a while; when it is full some other name has to go.
type nameCache struct {
	now      func() time.Time
	lifetime time.Duration
	most     int
	mu       sync.Mutex
	names    map[civic.CitizenID]cachedName
}

type cachedName struct {
	name  string
	until time.Time
}

func newNameCache(cfg Config) *nameCache {
	return &nameCache{now: cfg.Now, lifetime: cfg.NameLifetime, most: cfg.MaxNames, names: map[civic.CitizenID]cachedName{}}
}

func (n *nameCache) find(ids []civic.CitizenID) (found map[civic.CitizenID]string, missing []civic.CitizenID) {
	now := n.now()
	found = make(map[civic.CitizenID]string, len(ids))
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, id := range ids {
		if cached, ok := n.names[id]; ok && now.Before(cached.until) {
			found[id] = cached.name
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing
}

func (n *nameCache) forget(id civic.CitizenID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.names, id)
}

func (n *nameCache) keep(id civic.CitizenID, name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.names) >= n.most {
		for other := range n.names {
			delete(n.names, other)
			break
		}
	}
	n.names[id] = cachedName{name: name, until: n.now().Add(n.lifetime)}
}
