package anonymizer

import (
	"context"
	"runtime"

	"golang.org/x/crypto/argon2"
)

// Cost of one hash (RFC 9106, parameters of the OWASP cheat sheet): 19 MiB, two passes, one lane; about 20 ms.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashSize   = 32
)

// hasher turns receipts into the hashes under which their cases are found. The salt is the same for all, so that a receipt alone
// finds its case; what stands in for a salt of its own is the pepper, which never leaves this service.
type hasher struct {
	pepper, salt []byte
	seats        chan struct{} // how many hash at once: memory and processor stay bounded when receipts are guessed
}

func newHasher(pepper []byte) *hasher {
	return &hasher{
		pepper: derive(pepper, "receipt pepper"),
		salt:   derive(pepper, "receipt salt")[:16],
		seats:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}
}

// hash waits for a seat, at most as long as ctx lasts.
func (h *hasher) hash(ctx context.Context, receipt Receipt) ([]byte, error) {
	select {
	case h.seats <- struct{}{}:
		defer func() { <-h.seats }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey(derive(h.pepper, "receipt", []byte(receipt.digits)), h.salt, hashPasses, hashMemory, hashLanes, hashSize), nil
}
