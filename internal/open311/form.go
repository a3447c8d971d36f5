package open311

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Limits of a form. Files stay in memory, as everywhere.
const (
	maxText     = 128 << 10 // all values together
	maxFields   = 200
	maxFile     = 20 << 20
	maxFiles    = 24 << 20 // of one form together
	filesAtOnce = 4        // forms with files
	fileTime    = 2 * time.Minute
)

// form is what a partner sent.
type form struct {
	values values
	files  []civic.Upload
}

// form reads the body, and who sent it. A key in the address, or ahead of the files, spares reading files of strangers.
func (c *call) form() (*civic.Partner, *form, error) {
	query, err := readQuery(c.r)
	if err != nil {
		return nil, nil, err
	}
	kind, parameters, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || c.r.Header.Get("Content-Encoding") != "" {
		return nil, nil, civic.Invalid("", "open311.content_type")
	}
	switch {
	case kind == "application/x-www-form-urlencoded":
		return c.plain(query)
	case kind == "multipart/form-data" && parameters["boundary"] != "":
		var partner *civic.Partner
		var read *form
		err := c.within(c.files, func() (err error) {
			partner, read, err = c.parts(query, parameters["boundary"])
			return err
		})
		return partner, read, err
	}
	return nil, nil, civic.Invalid("", "open311.content_type")
}

// plain reads a form without files.
func (c *call) plain(query values) (*civic.Partner, *form, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxText))
	if err != nil {
		return nil, nil, brokenOff(err)
	}
	parsed, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, nil, civic.Invalid("", "open311.form")
	}
	if c.values, err = merged(query, parsed); err != nil {
		return nil, nil, err
	}
	partner, err := c.writer()
	return partner, &form{values: c.values}, err
}

// merged is the form with what the address says besides.
func merged(query values, form url.Values) (values, error) {
	if len(form) > maxFields {
		return nil, civic.Invalid("", "open311.form")
	}
	all, err := checked(form)
	for name, given := range query {
		if _, there := all[name]; !there && err == nil {
			all[name] = given
		}
	}
	return all, err
}

// parts reads a form with files. Before the first file is read the key must be known, so it stands in the address or ahead of the files.
func (c *call) parts(query values, boundary string) (partner *civic.Partner, read *form, err error) {
	control := http.NewResponseController(c.w)
	_ = control.SetReadDeadline(time.Now().Add(fileTime))
	_ = control.SetWriteDeadline(time.Now().Add(fileTime + 30*time.Second))
	reader := multipart.NewReader(http.MaxBytesReader(c.w, c.r.Body, maxFiles+2*maxText), boundary)
	fields, room, files := url.Values{}, int64(maxText), int64(maxFiles)
	read = &form{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, brokenOff(err)
		}
		if part.FileName() == "" {
			value, err := io.ReadAll(io.LimitReader(part, room+1))
			if room -= int64(len(value)); err != nil || room < 0 || len(fields) > maxFields {
				return nil, nil, civic.Invalid("", "open311.too_large")
			}
			fields.Add(part.FormName(), string(value))
			continue
		}
		if partner == nil {
			if partner, err = c.known(query, fields); err != nil {
				return nil, nil, err
			}
		}
		content, err := io.ReadAll(io.LimitReader(part, min(maxFile, files)+1))
		if files -= int64(len(content)); err != nil || len(content) > maxFile || files < 0 || len(read.files) == civic.MaxMedia {
			return nil, nil, civic.Invalid("media", "open311.too_large")
		}
		if len(content) > 0 {
			read.files = append(read.files, civic.NewUpload(content))
		}
	}
	if partner == nil {
		partner, err = c.known(query, fields)
	} else {
		c.values, err = merged(query, fields)
	}
	read.values = c.values
	return partner, read, err
}

// known is the partner that the values so far name.
func (c *call) known(query values, fields url.Values) (_ *civic.Partner, err error) {
	if c.values, err = merged(query, fields); err != nil {
		return nil, err
	}
	return c.writer()
}

// brokenOff tells what is too large from what did not come.
func brokenOff(err error) error {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) || strings.Contains(err.Error(), "too large") {
		return civic.Invalid("", "open311.too_large")
	}
	return civic.Invalid("", "open311.form")
}
