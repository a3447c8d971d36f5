package identityclient

import (
	"context"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// Person is what a citizen is known by; Phone is in international form, or empty.
type Person struct{ Name, Phone string }

// Person tells what a citizen is known by. Whoever has opened or refreshed a session through this client is remembered for as long as the
// access token lives: so the service seldom hears that somebody is about to need it, and need not be there.
func (c *Client) Person(ctx context.Context, id civic.CitizenID) (Person, error) {
	if known, ok := c.persons.find(id); ok {
		return known, nil
	}
	reply, err := c.rpc.Person(ctx, &identityrpc.PersonRequest{Citizen: id.UUID[:]})
	if err != nil {
		return Person{}, err
	}
	return Person{reply.GetName(), reply.GetPhone()}, nil
}

// opened reads a session and remembers whose it is.
func (c *Client) opened(reply *identityrpc.Session, err error) (Session, error) {
	session, err := readSession(reply, err)
	if err == nil && session.Principal.IsCitizen() {
		c.persons.keep(session.Principal.Citizen, Person{session.Name, reply.GetAccount().GetPhone()}, session.ExpiresAt)
	}
	return session, err
}

// personCache holds persons until their access tokens end, in memory alone; when it is full some other person has to go.
type personCache struct {
	now     func() time.Time
	most    int
	mu      sync.Mutex
	persons map[civic.CitizenID]cachedPerson
	swept   time.Time
}

type cachedPerson struct {
	Person
	until time.Time
}

// sweepEvery is how often persons whose tokens have ended are looked for.
const sweepEvery = time.Minute

func newPersonCache(cfg Config) *personCache {
	return &personCache{now: cfg.Now, most: cfg.MaxPersons, persons: map[civic.CitizenID]cachedPerson{}}
}

func (p *personCache) find(id civic.CitizenID) (Person, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.persons[id]
	return known.Person, ok && p.now().Before(known.until)
}

func (p *personCache) forget(id civic.CitizenID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.persons, id)
}

func (p *personCache) keep(id civic.CitizenID, person Person, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); now.Sub(p.swept) >= sweepEvery {
		p.swept = now
		for other, known := range p.persons {
			if !now.Before(known.until) {
				delete(p.persons, other)
			}
		}
	}
	if _, known := p.persons[id]; !known && len(p.persons) >= p.most {
		for other := range p.persons {
			delete(p.persons, other)
			break
		}
	}
	p.persons[id] = cachedPerson{person, until}
}
