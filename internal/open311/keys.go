package open311

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/time/rate"

	"github.com/jagawarga/jagawarga/civic"
)

// keys knows partners by their keys. Who was known before is known while the database is away, too: what is accepted then waits in the stream.
type keys struct {
	cfg    Config
	reader Reader

	mu    sync.Mutex
	known map[string]*civic.Partner // by hash; as many as there are partners
	paces map[civic.PartnerID]*rate.Limiter
}

func newKeys(cfg Config, reader Reader) *keys {
	return &keys{cfg: cfg, reader: reader, known: map[string]*civic.Partner{}, paces: map[civic.PartnerID]*rate.Limiter{}}
}

// partner finds who has a key; nil if nobody has.
func (k *keys) partner(ctx context.Context, key string) (*civic.Partner, error) {
	hash := civic.HashPartnerKey(key)
	found, err := k.reader.PartnerOfKey(ctx, hash)
	k.mu.Lock()
	defer k.mu.Unlock()
	refusal := (*civic.Error)(nil)
	switch {
	case err == nil && found == nil:
		delete(k.known, string(hash))
	case err == nil:
		k.known[string(hash)] = found
	case errors.As(err, &refusal) && refusal.Code == civic.CodeUnavailable && k.known[string(hash)] != nil:
		return k.known[string(hash)], nil
	}
	return found, err
}

// turn refuses a partner that writes too fast.
func (k *keys) turn(partner civic.PartnerID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	pace := k.paces[partner]
	if pace == nil {
		pace = rate.NewLimiter(rate.Every(k.cfg.Every), k.cfg.Burst)
		k.paces[partner] = pace
	}
	if !pace.AllowN(k.cfg.Now(), 1) {
		return civic.RateLimited("open311.rate")
	}
	return nil
}

// caller is whose key came with the request; nil without one. A wrong key is refused even where none is needed: its owner would take
// what everybody sees for all there is.
func (c *call) caller() (*civic.Partner, error) {
	key := c.values.get("api_key")
	if key == "" {
		return nil, nil
	}
	ctx := c.r.Context()
	if err := c.ports.Guesses.Allow(ctx); err != nil {
		return nil, err
	}
	partner, err := c.keys.partner(ctx, key)
	if err == nil && partner == nil {
		c.ports.Guesses.Failed(ctx)
		err = civic.Forbidden("open311.api_key")
	}
	return partner, err
}

// writer is the partner that is about to write.
func (c *call) writer() (*civic.Partner, error) {
	partner, err := c.caller()
	if err == nil && partner == nil {
		err = civic.Forbidden("open311.api_key")
	}
	if err != nil {
		return nil, err
	}
	return partner, c.keys.turn(partner.ID)
}

// scope is what the database is told about the caller.
func (c *call) scope() (civic.Scope, error) {
	partner, err := c.caller()
	if err != nil || partner == nil {
		return civic.Scope{}, err
	}
	return civic.Scope{Partner: &partner.ID}, nil
}
