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

// KeyValue is Memory in JetStream key-value buckets, and so shared by all anonymizers.
type KeyValue struct {
	stream   jetstream.JetStream
	replicas int

	mu      sync.Mutex
	buckets map[string]jetstream.KeyValue // those used so far: the broker may come up later than this service
}

// NewKeyValue touches nothing yet. Replicas is how many nodes of the broker keep each bucket.
func NewKeyValue(stream jetstream.JetStream, replicas int) *KeyValue {
	return &KeyValue{stream: stream, replicas: max(1, replicas), buckets: map[string]jetstream.KeyValue{}}
}

// Create writes value unless key is there; then it returns what is there.
func (k *KeyValue) Create(ctx context.Context, key string, value []byte) ([]byte, error) {
	return k.create(ctx, jetstream.KeyValueConfig{
		Bucket: KeysBucket, Description: "hashes that make retries of anonymous submissions safe", TTL: keysLife,
	}, key, value)
}

func (k *KeyValue) create(ctx context.Context, wanted jetstream.KeyValueConfig, key string, value []byte) ([]byte, error) {
	bucket, err := k.open(ctx, wanted)
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
	return nil, fmt.Errorf("bucket %s: %w", wanted.Bucket, err)
}

// open finds a bucket, or makes it if nobody has.
func (k *KeyValue) open(ctx context.Context, wanted jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if bucket := k.buckets[wanted.Bucket]; bucket != nil {
		return bucket, nil
	}
	bucket, err := k.stream.KeyValue(ctx, wanted.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		wanted.History, wanted.MaxValueSize, wanted.Storage, wanted.Replicas = 1, 1024, jetstream.FileStorage, k.replicas
		bucket, err = k.stream.CreateKeyValue(ctx, wanted)
		if errors.Is(err, jetstream.ErrBucketExists) { // another anonymizer was faster
			bucket, err = k.stream.KeyValue(ctx, wanted.Bucket)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", wanted.Bucket, err)
	}
	k.buckets[wanted.Bucket] = bucket
	return bucket, nil
}
