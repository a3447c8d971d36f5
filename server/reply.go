package server

import (
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server/internal/answer"
)

const (
	plainJSON    = "application/json"
	responseJSON = "application/graphql-response+json"
)

// accepted is the media type of the answer: the newer one only for clients that name it first.
func accepted(r *http.Request) string {
	accept := r.Header.Get("Accept")
	newer, older := strings.Index(accept, responseJSON), strings.Index(accept, plainJSON)
	if newer >= 0 && (older < 0 || newer < older) {
		return responseJSON
	}
	return plainJSON
}

// reply writes the answer of an operation.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, response *graphql.Response) {
	status := http.StatusOK
	if len(response.Data) == 0 && accepted(r) == responseJSON {
		status = statusOf(response.Errors)
	}
	s.write(w, r, status, response)
}

// refuse answers a request that never became an operation; the status tells why whatever the media type.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	s.write(w, r, status, &graphql.Response{Errors: gqlerror.List{s.faults.Present(r.Context(), err)}})
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, response *graphql.Response) {
	buffer := answer.Buffer()
	defer answer.Return(buffer)
	raw, err := answer.Append(*buffer, response)
	if err != nil {
		status = http.StatusInternalServerError
		raw, _ = answer.Append((*buffer)[:0], &graphql.Response{Errors: gqlerror.List{s.faults.Present(r.Context(), err)}})
	}
	*buffer = raw
	w.Header().Set("Content-Type", accepted(r)+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

func statusOf(errors gqlerror.List) int {
	if len(errors) == 0 {
		return http.StatusOK
	}
	code, _ := errors[0].Extensions["code"].(string)
	switch civic.Code(code) {
	case civic.CodeUnauthenticated:
		return http.StatusUnauthorized
	case civic.CodeForbidden:
		return http.StatusForbidden
	case civic.CodeRateLimited:
		return http.StatusTooManyRequests
	case civic.CodeUnavailable:
		return http.StatusServiceUnavailable
	case civic.CodeInternal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
