package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
)

// read takes the operation out of the request. The status goes with the error: these requests are refused before there is
// anything to execute, and nothing of what they hold is repeated. What it needs to keep files in memory is held until the answer is out.
func (s *Server) read(w http.ResponseWriter, r *http.Request, held *lease) (*graphql.RawParams, int, error) {
	switch {
	case r.Method == http.MethodGet:
		return readURL(r)
	case isMultipart(r.Header):
		return s.readMultipart(w, r, held)
	case !isJSON(r.Header):
		return nil, http.StatusUnsupportedMediaType, civic.Invalid("", "request.content_type")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.cfg.MaxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		limit := strconv.FormatInt(s.cfg.MaxBody, 10)
		return nil, http.StatusRequestEntityTooLarge, civic.Invalid("", "request.too_large", "limit", limit)
	}
	params := &graphql.RawParams{}
	if err != nil || !utf8.Valid(raw) || !decode(raw, params) {
		return nil, http.StatusBadRequest, civic.Invalid("", "request.malformed")
	}
	return complete(params, r)
}

// readURL is for GET: the same parts as query parameters, variables and extensions as JSON.
func readURL(r *http.Request) (*graphql.RawParams, int, error) {
	values := r.URL.Query()
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := values.Get(name); text != "" && !decode([]byte(text), into) {
			return nil, http.StatusBadRequest, civic.Invalid(name, "request.malformed")
		}
	}
	return complete(params, r)
}

func complete(params *graphql.RawParams, r *http.Request) (*graphql.RawParams, int, error) {
	if params.Query == "" && params.Extensions == nil { // with extensions it may be a persisted query
		return nil, http.StatusBadRequest, civic.Invalid("query", "input.required", "field", "query")
	}
	params.Headers = r.Header
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	return params, 0, nil
}

// decode wants exactly one JSON value; numbers keep their digits.
func decode(raw []byte, into any) bool {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(into) != nil {
		return false
	}
	_, err := decoder.Token()
	return err == io.EOF
}

// isJSON also keeps other sites' forms out: they cannot send application/json without asking first.
func isJSON(h http.Header) bool {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := parameters["charset"]
	return err == nil && kind == "application/json" && (charset == "" || strings.EqualFold(charset, "utf-8")) &&
		h.Get("Content-Encoding") == ""
}
