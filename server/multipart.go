package server

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
)

// Uploads are the limits of requests with files (graphql-multipart-request-spec). Files are read into memory and nowhere else: what a
// whistleblower sends must not lie on a disk of ours, not even for the time of a request.
type Uploads struct {
	// MaxFiles is how many files a request may hold. Default 10.
	MaxFiles int
	// MaxFile is the size of the largest file in bytes. Default 50 MiB.
	MaxFile int64
	// MaxTotal bounds the files of one request together. Default 60 MiB.
	MaxTotal int64
	// Memory bounds the files of all requests together, in bytes; when it is used up, requests with files get 503. Default 192 MiB.
	Memory int64
	// Timeout is how long a request with files may take to arrive. Default 2 minutes: ten pictures on a bad mobile connection.
	Timeout time.Duration
}

func (u Uploads) withDefaults() Uploads {
	if u.MaxFiles == 0 {
		u.MaxFiles = 10
	}
	if u.MaxFile == 0 {
		u.MaxFile = 50 << 20
	}
	if u.MaxTotal == 0 {
		u.MaxTotal = 60 << 20
	}
	if u.Memory == 0 {
		u.Memory = 192 << 20
	}
	if u.Timeout == 0 {
		u.Timeout = 2 * time.Minute
	}
	return u
}

// The parts that come before the files, by their names in the spec.
const (
	partOperations = "operations"
	partMap        = "map"
)

// maxMap is far more than the map of the most files takes.
const maxMap = 16 << 10

func isMultipart(h http.Header) bool {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data" && parameters["boundary"] != "" && h.Get("Content-Encoding") == ""
}

// readMultipart takes an operation with files out of the request.
//
// Other sites' forms can send such a request without asking first. They gain nothing: who is asking stands in the Authorization header,
// which no form can set, and there are no cookies; so no header beyond the spec's is demanded, and plain curl works. A browser still
// says which page a form is on, and pages of strangers are turned away.
func (s *Server) readMultipart(w http.ResponseWriter, r *http.Request, held *lease) (*graphql.RawParams, int, error) {
	if !s.origins.allow(r) {
		return nil, http.StatusForbidden, civic.Forbidden("upload.origin")
	}
	limits, body := s.cfg.Uploads, r.Body
	// The slack is for the heads of parts. Twice the limit: a client that sends too much is told so once it has sent it all.
	most := limits.MaxTotal + s.cfg.MaxBody + maxMap + 64<<10
	body = http.MaxBytesReader(w, body, 2*most)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(limits.Timeout))
	_, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form := &form{
		parts: multipart.NewReader(io.LimitReader(body, most), parameters["boundary"]), limits: limits, maxOperations: s.cfg.MaxBody, held: held,
	}
	params, status, err := form.read()
	if err != nil {
		_, _ = io.Copy(io.Discard, body) // a client that is still sending would not read the answer
	}
	// Whatever the upload took, there is the usual time for the answer.
	_ = control.SetWriteDeadline(time.Now().Add(s.cfg.OperationTimeout + writeSlack))
	if err != nil {
		return nil, status, err
	}
	return complete(params, r)
}

// form is a request with files being read.
type form struct {
	parts         *multipart.Reader
	limits        Uploads
	maxOperations int64
	held          *lease

	slots map[string][]slot // of files that have not come yet, by part name
	total int64
}

func (f *form) read() (*graphql.RawParams, int, error) {
	params := &graphql.RawParams{}
	if err := f.json(partOperations, f.maxOperations, params); err != nil {
		return nil, http.StatusBadRequest, err
	}
	var places map[string][]string
	if err := f.json(partMap, maxMap, &places); err != nil {
		return nil, http.StatusBadRequest, err
	}
	var err error
	if f.slots, err = slotsOf(params.Variables, places, f.limits.MaxFiles); err != nil {
		return nil, http.StatusBadRequest, err
	}
	for {
		part, err := f.parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && len(f.slots) == 0:
			return params, 0, nil
		case errors.Is(err, io.EOF):
			return nil, http.StatusBadRequest, civic.Invalid(f.awaited(), "upload.missing")
		case err != nil:
			return nil, http.StatusBadRequest, civic.Invalid(f.awaited(), "upload.broken_off")
		}
		if status, err := f.file(part); err != nil {
			return nil, status, err
		}
	}
}

// json reads a part that must come next.
func (f *form) json(name string, most int64, into any) error {
	part, err := f.parts.NextPart()
	if err != nil || part.FormName() != name {
		return civic.Invalid(name, "input.required", "field", name)
	}
	raw, err := io.ReadAll(io.LimitReader(part, most+1))
	switch {
	case int64(len(raw)) > most:
		return civic.Invalid(name, "request.too_large", "limit", strconv.FormatInt(most, 10))
	case err != nil || !utf8.Valid(raw) || !decode(raw, into):
		return civic.Invalid(name, "request.malformed")
	}
	return nil
}

// file reads one file and puts it where the map says.
func (f *form) file(part *multipart.Part) (int, error) {
	slots := f.slots[part.FormName()]
	if len(slots) == 0 {
		return http.StatusBadRequest, civic.Invalid(partMap, "upload.unmapped")
	}
	delete(f.slots, part.FormName())
	field := slots[0].field
	content, err := io.ReadAll(&bounded{from: part, form: f})
	switch {
	case errors.Is(err, errFileTooLarge):
		return http.StatusRequestEntityTooLarge, civic.Invalid(field, "upload.too_large", "max", megabytes(f.limits.MaxFile))
	case errors.Is(err, errTotalTooLarge):
		return http.StatusRequestEntityTooLarge, civic.Invalid(field, "upload.total_too_large", "max", megabytes(f.limits.MaxTotal))
	case errors.Is(err, errMemory):
		return http.StatusServiceUnavailable, civic.Unavailable("upload.busy")
	case err != nil:
		return http.StatusBadRequest, civic.Invalid(field, "upload.broken_off")
	}
	upload := civic.NewUpload(content)
	for _, slot := range slots {
		slot.put(upload)
	}
	return 0, nil
}

// awaited is the input field of a file that has not come.
func (f *form) awaited() string {
	for _, slots := range f.slots {
		return slots[0].field
	}
	return ""
}

func megabytes(n int64) string { return strconv.FormatInt(n>>20, 10) }

var (
	errFileTooLarge  = errors.New("file too large")
	errTotalTooLarge = errors.New("files too large together")
	errMemory        = errors.New("no memory left for files")
)

// bounded reads a file within the limits.
type bounded struct {
	from io.Reader
	form *form
	size int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.size += int64(n)
	b.form.total += int64(n)
	switch {
	case b.size > b.form.limits.MaxFile:
		return 0, errFileTooLarge
	case b.form.total > b.form.limits.MaxTotal:
		return 0, errTotalTooLarge
	case !b.form.held.take(int64(n)):
		return 0, errMemory
	}
	return n, err
}
