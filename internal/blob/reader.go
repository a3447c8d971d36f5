package blob

import (
	"context"
	"errors"
	"io"
)

// Reader reads a blob from any place on: http.ServeContent answers ranges with it. Going on costs what is skipped, going back begins
// anew. What has been read is what was put: a changed or shortened blob is an error, at the latest where it was changed.
type Reader struct {
	ctx    context.Context
	store  *Store
	name   string
	size   int64
	sealed io.ReadCloser // nil: to be opened
	plain  io.Reader     // opens sealed; nil: at its beginning
	at     int64         // where plain stands
	wanted int64         // where the next Read begins
}

// Size is the content's, in bytes.
func (r *Reader) Size() int64 { return r.size }

// Close may be called at any time.
func (r *Reader) Close() error {
	if r.sealed == nil {
		return nil
	}
	sealed := r.sealed
	r.sealed, r.plain = nil, nil
	return sealed.Close()
}

// Seek only notes the place.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.wanted
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("blob: seek before the beginning")
	}
	r.wanted = offset
	return offset, nil
}

func (r *Reader) Read(p []byte) (int, error) {
	if r.wanted >= r.size && r.at != r.wanted {
		return 0, io.EOF
	}
	if err := r.reach(); err != nil {
		return 0, err
	}
	n, err := r.plain.Read(p)
	r.at, r.wanted = r.at+int64(n), r.wanted+int64(n)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.EOF) && r.at != r.size {
		return n, errCut
	}
	return n, err
}

// reach brings plain to where it is wanted.
func (r *Reader) reach() (err error) {
	if r.plain != nil && r.at > r.wanted {
		if err := r.Close(); err != nil {
			return err
		}
	}
	if r.sealed == nil {
		if r.sealed, err = r.store.bucket.NewReader(r.ctx, place(r.name), nil); err != nil {
			return found(err)
		}
	}
	if r.plain == nil {
		if r.plain, err = r.store.keys.NewDecryptingReader(r.sealed, []byte(r.name)); err != nil {
			return err
		}
		r.at = 0
	}
	if r.at < r.wanted {
		skipped, err := io.CopyN(io.Discard, r.plain, r.wanted-r.at)
		r.at += skipped
		if err != nil {
			return errCut
		}
	}
	return nil
}

var errCut = errors.New("blob: it is not as it was put")

// Sizes of what is sealed: a header with the salt of the key and the beginning of nonces, then segments with a tag each, the first one
// short of the header.
const (
	headerSize = 1 + keySize + 7
	tagSize    = 16
)

// plainSize is the size of what was sealed.
func plainSize(sealed int64) (int64, bool) {
	segments := (sealed + segmentSize - 1) / segmentSize
	plain := sealed - headerSize - segments*tagSize
	return plain, plain >= 0
}
