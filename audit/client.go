package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
)

type vars map[string]any

// A request is what somebody's browser sends. It tells all that a careless browser tells.
type request struct {
	from    *person // nil: an officer, who hides nothing
	token   string
	query   string
	vars    vars
	picture []byte // goes where vars has input.media
}

// ask sends a request and reads the data of the answer.
func (c *city) ask(ctx context.Context, r request, data any) error {
	body, kind, err := r.body()
	if err != nil {
		return err
	}
	sent, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/graphql", body)
	if err != nil {
		return err
	}
	sent.Header.Set("Content-Type", kind)
	if p := r.from; p != nil {
		sent.Header.Set("X-Forwarded-For", p.address)
		sent.Header.Set("Forwarded", `for="[`+p.address+`]"`)
		sent.Header.Set("User-Agent", p.agent)
		sent.Header.Set("Cookie", p.cookie)
		sent.Header.Set("X-Request-Id", p.requestID)
		sent.Header.Set("Traceparent", "00-"+p.traceID+"-"+p.traceID[:16]+"-01")
	}
	if r.token != "" {
		sent.Header.Set("Authorization", "Bearer "+r.token)
	}
	answered, err := http.DefaultClient.Do(sent)
	if err != nil {
		return err
	}
	defer answered.Body.Close()
	answer := struct {
		Data   any
		Errors []struct{ Message string }
	}{Data: data}
	if err := json.NewDecoder(io.LimitReader(answered.Body, mostOfAnswer)).Decode(&answer); err != nil {
		return fmt.Errorf("HTTP %d: %w", answered.StatusCode, err)
	}
	if len(answer.Errors) > 0 {
		operation, _, _ := strings.Cut(r.query, "{")
		return fmt.Errorf("%s: %s", operation, answer.Errors[0].Message)
	}
	return nil
}

// body is JSON, or with a picture the form of the GraphQL multipart request specification.
func (r *request) body() (io.Reader, string, error) {
	operations, err := json.Marshal(vars{"query": r.query, "variables": r.vars})
	if err != nil || r.picture == nil {
		return bytes.NewReader(operations), "application/json", err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, part := range []struct{ name, value string }{{"operations", string(operations)}, {"map", `{"0":["variables.input.media.0"]}`}} {
		if err := form.WriteField(part.name, part.value); err != nil {
			return nil, "", err
		}
	}
	file, err := form.CreateFormFile("0", r.from.file)
	if err == nil {
		_, err = file.Write(r.picture)
	}
	if err == nil {
		err = form.Close()
	}
	return &body, form.FormDataContentType(), err
}
