package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/Khan/genqlient/graphql"
)

const eventStream = "text/event-stream"

// mostTold bounds one event of a subscription, in bytes.
const mostTold = 1 << 20

// Listen follows a subscription, one of the generated operations, and hands each result on until ctx ends, the API has told everything (nil),
// refuses (a Fault), or is cut off (io.ErrUnexpectedEOF): then the caller comes back with the last cursor. What each returns as an error ends it.
func Listen[T any](ctx context.Context, as Speaker, operation string, variables any, each func(*T) error) error {
	return as.listen(ctx, &graphql.Request{Query: operation, Variables: variables}, func(raw io.Reader) error {
		told := new(T)
		if err := decode(raw, &graphql.Response{Data: told}); err != nil {
			return err
		}
		return each(told)
	})
}

// listen reads server-sent events as the graphql-sse protocol has them in its distinct connections mode.
func (s Speaker) listen(ctx context.Context, asked *graphql.Request, each func(io.Reader) error) error {
	raw, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	request, err := s.request(ctx, "application/json", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	request.Header.Set("Accept", eventStream)
	response, err := s.send(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.Header.Get("Content-Type") != eventStream+"; charset=utf-8" {
		if err := decode(io.LimitReader(response.Body, mostAnswered), &graphql.Response{Data: new(any)}); err != nil {
			return err
		}
		return &Fault{Code: "UNAVAILABLE"}
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, mostTold)
	for kind := ""; lines.Scan(); {
		switch line := lines.Bytes(); {
		case bytes.Equal(line, []byte("event: complete")):
			return nil
		case bytes.HasPrefix(line, []byte("event: ")):
			kind = string(line[len("event: "):])
		case kind == "next" && bytes.HasPrefix(line, []byte("data: ")):
			if err := each(bytes.NewReader(line[len("data: "):])); err != nil {
				return err
			}
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return io.ErrUnexpectedEOF
}
