// Package answer writes GraphQL responses. The data in a response is JSON already; encoding/json would scan and copy it once
// more, which is a good part of what an answer costs.
package answer

import (
	"encoding/json"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Append adds the response to dst: errors first, as the specification advises, and no data at all when nothing was executed.
// Only extensions that cannot be encoded give an error.
func Append(dst []byte, response *graphql.Response) ([]byte, error) {
	dst = append(dst, '{')
	start := len(dst)
	if len(response.Errors) > 0 {
		dst = append(dst, `"errors":`...)
		var err error
		if dst, err = AppendErrors(dst, response.Errors); err != nil {
			return dst, err
		}
	}
	if len(response.Data) > 0 {
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, `"data":`...)
		dst = append(dst, response.Data...)
	}
	if len(response.Extensions) > 0 {
		raw, err := json.Marshal(response.Extensions)
		if err != nil {
			return dst, err
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, `"extensions":`...)
		dst = append(dst, raw...)
	}
	return append(dst, '}'), nil
}

// AppendErrors adds the list of errors to dst.
func AppendErrors(dst []byte, errors gqlerror.List) ([]byte, error) {
	raw, err := json.Marshal(errors)
	return append(dst, raw...), err
}

// keep is the largest buffer worth keeping: one huge page must not stay in memory for ever.
const keep = 256 << 10

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Buffer lends an empty buffer; give it back with Return when its bytes are no longer used.
func Buffer() *[]byte {
	return buffers.Get().(*[]byte)
}

// Return takes a buffer back.
func Return(buffer *[]byte) {
	if cap(*buffer) <= keep {
		*buffer = (*buffer)[:0]
		buffers.Put(buffer)
	}
}
