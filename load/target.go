package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/demo"
)

const (
	requestTimeout = time.Minute // a system that has too much to do says so after half of it
	maxAnswer      = 1 << 20     // bytes
)

// target is the system under load.
type target struct {
	url  string
	http *http.Client
}

func newTarget(address string) (*target, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the system's address must be like http://127.0.0.1:8080")
	}
	return &target{url: strings.TrimRight(address, "/"), http: &http.Client{
		Timeout: requestTimeout,
		// No proxy and no redirection: nobody but the address given is ever asked.
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (t *target) close() { t.http.CloseIdleConnections() }

// refusal is an error of the GraphQL answer.
type refusal struct{ Code, Message string }

func (r *refusal) Error() string { return r.Code + ": " + r.Message }

// answer is what GraphQL over HTTP gives back.
type answer struct {
	Data   any `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Extensions struct {
			Code string `json:"code"`
		} `json:"extensions"`
	} `json:"errors"`
}

// ask sends one operation and reads the data of its answer. Without a token nothing tells who asks.
func (t *target) ask(ctx context.Context, token, query string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Language", "en")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := t.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answered := answer{Data: data}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&answered); err != nil {
		return fmt.Errorf("HTTP %d is no GraphQL answer", response.StatusCode)
	}
	if len(answered.Errors) > 0 {
		first := answered.Errors[0]
		return &refusal{Code: first.Extensions.Code, Message: first.Message}
	}
	return nil
}

const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }`

// citizen signs in the first citizen of the demo city.
func (t *target) citizen(ctx context.Context) (token string, err error) {
	city, err := demo.Load()
	if err != nil {
		return "", err
	}
	var data struct {
		SignIn struct{ AccessToken string }
	}
	err = t.ask(ctx, "", signIn, map[string]any{
		"input": map[string]any{"nationalId": city.Citizens[0].NationalID, "password": city.Password},
	}, &data)
	if err != nil {
		return "", fmt.Errorf("sign in a citizen of the demo city: %w", err)
	}
	return data.SignIn.AccessToken, nil
}
