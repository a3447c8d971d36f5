package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// HTTPRegistryConfig says where the registry is.
type HTTPRegistryConfig struct {
	URL     string          // http or https; gets POST {"nationalId","name"} and answers {"result": a Match}
	Token   string          // sent as Authorization: Bearer; empty: none
	Timeout time.Duration   // of one try; default 2 s
	Pauses  []time.Duration // before the second try, the third...; default 100 ms, 400 ms
}

// HTTPRegistry asks a population registry over HTTP. It tries again after answers of the 5xx kind and broken connections, never after
// 4xx, follows no redirect, and puts neither id nor name into any error.
type HTTPRegistry struct {
	cfg    HTTPRegistryConfig
	client *http.Client
}

// NewHTTPRegistry checks the URL and asks nothing yet.
func NewHTTPRegistry(cfg HTTPRegistryConfig) (*HTTPRegistry, error) {
	target, err := url.Parse(cfg.URL)
	if err != nil || target.Host == "" || (target.Scheme != "http" && target.Scheme != "https") {
		return nil, errors.New("identity: the population registry's URL must be http:// or https://")
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 2 * time.Second
	}
	if cfg.Pauses == nil {
		cfg.Pauses = []time.Duration{100 * time.Millisecond, 400 * time.Millisecond}
	}
	return &HTTPRegistry{cfg: cfg, client: &http.Client{
		Timeout:       cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Verify is UNAVAILABLE when the registry is.
func (r *HTTPRegistry) Verify(ctx context.Context, id NationalID, name string) (Match, error) {
	body, err := json.Marshal(map[string]string{"nationalId": id.Digits(), "name": name})
	if err != nil {
		return "", err
	}
	for try := 0; ; try++ {
		match, again, err := r.ask(ctx, body)
		if err == nil || !again || try == len(r.cfg.Pauses) {
			return match, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(r.cfg.Pauses[try]):
		}
	}
}

const maxRegistryAnswer = 64 << 10

// ask tries once; again says whether another try may help.
func (r *HTTPRegistry) ask(ctx context.Context, body []byte) (match Match, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.cfg.URL, bytes.NewReader(body))
	if err != nil {
		return "", false, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	if r.cfg.Token != "" {
		request.Header.Set("Authorization", "Bearer "+r.cfg.Token)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return "", ctx.Err() == nil, registryDown(err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode >= 500:
		return "", true, registryDown(fmt.Errorf("status %d", response.StatusCode))
	case response.StatusCode == http.StatusTooManyRequests:
		return "", false, registryDown(errors.New("status 429"))
	case response.StatusCode != http.StatusOK:
		return "", false, fmt.Errorf("population registry: status %d", response.StatusCode)
	}
	var answer struct {
		Result Match `json:"result"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxRegistryAnswer)).Decode(&answer); err != nil {
		return "", false, errors.New("population registry: an answer that is not what was agreed") // err may quote the answer
	}
	switch answer.Result {
	case MatchYes, MatchNameDiffers, MatchUnknown, MatchDeceased:
		return answer.Result, false, nil
	}
	return "", false, errors.New("population registry: a result that is not what was agreed")
}

func registryDown(cause error) error {
	return fmt.Errorf("population registry: %w (%w)", civic.Unavailable("registry.unavailable"), cause)
}
