// Package blob keeps pictures and films: sealed, under random names, in a local directory or in a bucket of S3.
//
// What is kept is encrypted before it leaves the process (AES-256-GCM in segments, Tink's streaming AEAD) and bound to its name: a blob
// under another's name does not open. Name and size are all that the place learns; what kind of picture it is, and whose, stands in
// the database. A local blob is on disk when Put returns, and its time is the hour, so that nobody can tell from it who filed what; what
// the file system itself notes beside (the time of change of the inode) tells more, to whoever owns the machine.
//
// A Store is opened once, is safe for use by many goroutines, and lives until Close. Rights, and what becomes of blobs that nothing
// refers to, are left to the caller.
package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/memblob" // for tests
	_ "gocloud.dev/blob/s3blob"  // registers s3://
	"gocloud.dev/gcerrors"
)

// Config says where blobs are and under which key.
type Config struct {
	// URL is file:///directory, s3://bucket?region=... (credentials as the AWS tools find them) or mem://.
	URL string
	// KeyFile holds the 32 bytes that everything is sealed under; it is made when it is missing. Empty: names can be listed and
	// deleted, and nothing else.
	KeyFile string
	// Now is the clock that local files get their hour from. Default time.Now.
	Now func() time.Time
}

// Store keeps blobs.
type Store struct {
	bucket *blob.Bucket
	local  *directory // nil: elsewhere
	keys   tink.StreamingAEAD
	now    func() time.Time
}

// ErrNotFound says that there is no blob of that name.
var ErrNotFound = errors.New("blob: not found")

var errNoKey = errors.New("blob: opened without a key")

// Open makes a local directory that is missing; whether a bucket answers shows at its first use.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s := &Store{now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if cfg.KeyFile != "" {
		var err error
		if s.keys, err = openKeys(cfg.KeyFile); err != nil {
			return nil, fmt.Errorf("blob: key: %w", err)
		}
	}
	place, err := url.Parse(cfg.URL)
	if err != nil || place.Scheme == "" {
		return nil, errors.New("blob: the place of blobs must be file:///directory or an s3:// bucket with its region")
	}
	if place.Scheme == "file" {
		s.local, s.bucket, err = openDirectory(place.Path)
	} else {
		s.bucket, err = blob.OpenBucket(ctx, cfg.URL)
	}
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return s, nil
}

// Close lets go of connections.
func (s *Store) Close() error { return s.bucket.Close() }

// Put seals content and keeps it under name, a NewName. What was there under that name is replaced, whole or not at all.
func (s *Store) Put(ctx context.Context, name string, content []byte) error {
	if s.keys == nil {
		return errNoKey
	}
	if !IsName(name) {
		return fmt.Errorf("blob: put: %w", errName)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Close it drops what was written
	out, err := s.bucket.NewWriter(ctx, place(name), &blob.WriterOptions{
		ContentType: "application/octet-stream", DisableContentTypeDetection: true, BeforeWrite: private,
	})
	if err != nil {
		return fmt.Errorf("blob: put: %w", err)
	}
	if err := s.seal(out, name, content); err != nil {
		cancel()
		return fmt.Errorf("blob: put: %w", errors.Join(err, ignoreCanceled(out.Close())))
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("blob: put: %w", err)
	}
	if s.local == nil {
		return nil
	}
	if err := s.local.settle(place(name), s.now().Truncate(time.Hour)); err != nil {
		return fmt.Errorf("blob: put: %w", err)
	}
	return nil
}

func (s *Store) seal(out io.Writer, name string, content []byte) error {
	sealing, err := s.keys.NewEncryptingWriter(out, []byte(name))
	if err != nil {
		return err
	}
	_, err = io.Copy(sealing, bytes.NewReader(content))
	return errors.Join(err, sealing.Close())
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Open gives the content of a blob, to be closed by the caller; ErrNotFound without one.
func (s *Store) Open(ctx context.Context, name string) (*Reader, error) {
	if s.keys == nil {
		return nil, errNoKey
	}
	if !IsName(name) {
		return nil, ErrNotFound
	}
	sealed, err := s.bucket.NewReader(ctx, place(name), nil)
	if err != nil {
		return nil, found(err)
	}
	size, ok := plainSize(sealed.Size())
	if !ok {
		return nil, errors.Join(errCut, sealed.Close())
	}
	return &Reader{ctx: ctx, store: s, name: name, size: size, sealed: sealed}, nil
}

// Listed is a blob in a list.
type Listed struct {
	Name string // empty: the draft of a blob that was never finished
	// At is when it was put: for a local one the hour.
	At time.Time

	key string
}

// List gives everything that is kept in turn, in no order that tells anything, until each answers false.
func (s *Store) List(ctx context.Context, each func(Listed) bool) error {
	for list := s.bucket.List(nil); ; {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("blob: list: %w", err)
		}
		if !each(Listed{nameAt(object.Key), object.ModTime, object.Key}) {
			return nil
		}
	}
}

// Delete forgets what was listed; what is gone already is as well.
func (s *Store) Delete(ctx context.Context, listed Listed) error {
	if err := s.bucket.Delete(ctx, listed.key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("blob: delete: %w", err)
	}
	return nil
}

func found(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return fmt.Errorf("blob: open: %w", err)
}
