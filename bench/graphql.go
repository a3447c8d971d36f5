package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/jagawarga/jagawarga/demo"
)

// What the benchmark asks of the system: the same fields that package raw answers with.
const (
	reportFields = `id number title status priority createdAt upvoteCount category { name } department { name } location { latitude longitude district { name } }`

	feedQuery      = `{ publicReports(first: 20) { nodes { ` + reportFields + ` } } }`
	reportQuery    = `query ($number: String!) { report(number: $number) { ` + reportFields + ` } }`
	submitMutation = `mutation ($input: SubmitReportInput!) { submitReport(input: $input) { report { id number } state } }`
	signInMutation = `mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }`
	watchQuery     = `subscription { publicFeed { cursor kind at report { id number title status } } }`
)

type operation struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
}

// encode never fails: an operation holds nothing that JSON cannot say.
func (o operation) encode() []byte {
	body, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return body
}

func submission(title string) operation {
	return operation{Query: submitMutation, Variables: map[string]any{"input": map[string]any{
		"title": title, "body": "Lampu jalan di depan sekolah sudah padam tiga malam, anak-anak pulang dalam gelap.",
		"visibility": "PUBLIC", "category": demo.CategoryID("jalan-rusak").String(),
	}}}
}

// ask sends one operation as a stranger and reads the data of its answer.
func ask(ctx context.Context, address string, o operation, data any) error {
	return askAs(ctx, address, "", o, data)
}

// askAs sends it as whose token it is.
func askAs(ctx context.Context, address, token string, o operation, data any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(o.encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := struct {
		Data   any
		Errors []struct{ Message string }
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return errors.New(answer.Errors[0].Message)
	}
	return nil
}

// signIn gives the access tokens of n citizens of the demo city.
func signIn(ctx context.Context, address string, n int) ([]string, error) {
	city, err := demo.Load()
	if err != nil {
		return nil, err
	}
	tokens := make([]string, 0, n)
	for _, citizen := range city.Citizens[:min(n, len(city.Citizens))] {
		var data struct {
			SignIn struct{ AccessToken string }
		}
		err := ask(ctx, address, operation{Query: signInMutation, Variables: map[string]any{
			"input": map[string]any{"nationalId": citizen.NationalID, "password": city.Password},
		}}, &data)
		if err != nil {
			return nil, fmt.Errorf("sign in: %w", err)
		}
		tokens = append(tokens, data.SignIn.AccessToken)
	}
	return tokens, nil
}
