package anonymizer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// KeysBucket holds the entries of client keys; the first Create makes it if nobody has.
const KeysBucket = "ANON_KEYS"

// keysLife is how long a client key stays taken. A day's secret lives shorter, so a key whose receipt cannot be made again is refused.
const keysLife = 48 * time.Hour

// KeyValue is Keys in a JetStream key-value bucket, and so shared by all anonymizers.
type KeyValue struct {
	stream jetstream.JetStream

	mu     sync.Mutex
	bucket jetstream.KeyValue // nil until first used: the broker may come up later than this service
}

// NewKeyValue touches nothing yet.
func NewKeyValue(stream jetstream.JetStream) *KeyValue { return &KeyValue{stream: stream} }

// Create writes value unless key is there; then it returns what is there.
func (k *KeyValue) Create(ctx context.Context, key string, value []byte) ([]byte, error) {
	bucket, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	for range 2 { // an entry may die between the two questions
		if _, err = bucket.Create(ctx, key, value); err == nil {
			return nil, nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			break
		}
		entry, getErr := bucket.Get(ctx, key)
		if getErr == nil {
			return entry.Value(), nil
		}
		if !errors.Is(getErr, jetstream.ErrKeyNotFound) {
			err = getErr
			break
		}
	}
	return nil, fmt.Errorf("client key: %w", err)
}

func (k *KeyValue) open(ctx context.Context) (jetstream.KeyValue, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bucket != nil {
		return k.bucket, nil
	}
	bucket, err := k.stream.KeyValue(ctx, KeysBucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		bucket, err = k.stream.CreateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: KeysBucket, Description: "hashes that make retries of anonymous submissions safe",
			TTL: keysLife, History: 1, MaxValueSize: 1024, Storage: jetstream.FileStorage,
		})
		if errors.Is(err, jetstream.ErrBucketExists) { // another anonymizer was faster
			bucket, err = k.stream.KeyValue(ctx, KeysBucket)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("bucket of client keys: %w", err)
	}
	k.bucket = bucket
	return bucket, nil
}
