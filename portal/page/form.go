package page

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/jagawarga/jagawarga/portal/client"
)

// What a form may bring. The API has the same limits; here they keep the portal's own memory within bounds.
const (
	mostForm    = 256 << 10 // without files; also all words of a form with files
	mostFiles   = 60 << 20  // in one form
	mostCount   = 10
	mostUploads = 192 << 20 // in memory at once, of everybody
)

// Problems with a form as a whole.
var (
	ErrTooLarge = errors.New("form: too large")
	ErrBusy     = errors.New("form: too many uploads at once")
)

// Form is what somebody sent. Release it when its files have been handed on.
type Form struct {
	url.Values
	Files   []client.Upload
	Release func()
}

// Get is a value without the white space around it.
func (f Form) Get(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// Form reads a form. Files stay in memory and never reach a disk; their names are forgotten. With ErrTooLarge and ErrBusy the words that
// came before the files are in the form all the same, so that nobody has to type them again.
func (v *Visit) Form() (form Form, err error) {
	form = Form{Values: url.Values{}, Release: func() {}}
	if !strings.HasPrefix(v.R.Header.Get("Content-Type"), "multipart/form-data") {
		v.R.Body = http.MaxBytesReader(v.W, v.R.Body, mostForm)
		if err := v.R.ParseForm(); err != nil {
			return form, ErrTooLarge
		}
		form.Values = v.R.PostForm
		return form, nil
	}
	v.R.Body = http.MaxBytesReader(v.W, v.R.Body, mostFiles+mostForm)
	parts, err := v.R.MultipartReader()
	if err != nil {
		return form, ErrTooLarge
	}
	held := int64(0)
	form.Release = func() {
		if held > 0 {
			v.Site.uploads.Release(held)
			held = 0
		}
	}
	words := int64(mostForm)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return form, ErrTooLarge
		}
		if part.FileName() == "" && part.Header.Get("Content-Type") == "" {
			value, err := io.ReadAll(io.LimitReader(part, words+1))
			if words -= int64(len(value)); err != nil || words < 0 {
				return form, ErrTooLarge
			}
			form.Add(part.FormName(), string(value))
			continue
		}
		if held == 0 { // room for the whole request, once: two half-read ones must not wait for each other
			room := v.R.ContentLength
			if room < 0 || room > mostFiles+mostForm { // not told, or more than is read
				room = mostFiles + mostForm
			}
			if v.Site.uploads.TryAcquire(room) {
				held = room
			} else {
				return form, ErrBusy
			}
		}
		content, err := read(part)
		if err != nil {
			return form, ErrTooLarge
		}
		if len(content) > 0 { // a file field that was left empty sends an empty file
			form.Files = append(form.Files, client.Upload{Content: content})
		}
		if len(form.Files) > mostCount {
			return form, ErrTooLarge
		}
	}
}

func read(part *multipart.Part) ([]byte, error) { return io.ReadAll(io.LimitReader(part, mostFiles)) }
