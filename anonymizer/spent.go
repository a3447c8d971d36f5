package anonymizer

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

// SpentPrefix begins the names of the buckets of spent tokens, one for each day's key: ANON_SPENT_20261123.
const SpentPrefix = "ANON_SPENT_"

// spentLife outlasts every token of a day by a day. Buckets are deleted long before; it is for those that nobody is there to delete.
const spentLife = 72 * time.Hour

// Spend writes value unless key is there; then it returns what is there.
func (k *KeyValue) Spend(ctx context.Context, day blindtoken.Day, key string, value []byte) ([]byte, error) {
	return k.create(ctx, jetstream.KeyValueConfig{
		Bucket: SpentPrefix + day.Compact(), Description: "hashes of spent anonymous tokens", TTL: spentLife,
	}, key, value)
}

// Forget deletes the buckets of days before oldest.
func (k *KeyValue) Forget(ctx context.Context, oldest blindtoken.Day) error {
	names := k.stream.KeyValueStoreNames(ctx)
	var old []string
	for name := range names.Name() {
		if day, isSpent := strings.CutPrefix(name, SpentPrefix); isSpent && day < oldest.Compact() {
			old = append(old, name)
		}
	}
	err := names.Error()
	for _, name := range old {
		k.mu.Lock()
		delete(k.buckets, name)
		k.mu.Unlock()
		if deleteErr := k.stream.DeleteKeyValue(ctx, name); !errors.Is(deleteErr, jetstream.ErrBucketNotFound) { // a neighbour may be faster
			err = errors.Join(err, deleteErr)
		}
	}
	return err
}
