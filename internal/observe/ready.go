package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// checkTimeout is how long one part may take to answer before it counts as down.
const checkTimeout = 2 * time.Second

// A Check tells whether a part can do its work: nil means it can.
type Check func(ctx context.Context) error

// Checks answer /readyz: 200 when every part is ready, otherwise 503, and in both cases each part by name. Error texts are
// for the internal listener; they hold no personal data, as no error does.
type Checks map[string]Check

// Failing runs all checks side by side and returns the errors of those that failed.
func (c Checks) Failing(ctx context.Context) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	failing := map[string]error{}
	var mu sync.Mutex
	var running sync.WaitGroup
	for name, check := range c {
		running.Go(func() {
			if err := check(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failing[name] = err
			}
		})
	}
	running.Wait()
	return failing
}

func (c Checks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	failing := c.Failing(r.Context())
	answer := struct {
		Ready bool              `json:"ready"`
		Parts map[string]string `json:"parts"`
	}{Ready: len(failing) == 0, Parts: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(c)) {
		answer.Parts[name] = "ready"
		if err := failing[name]; err != nil {
			answer.Parts[name] = err.Error()
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // a caller that went away is no concern of ours
}

// Probe asks a /readyz address and returns an error with its answer unless that is 200. It is what `health` commands do.
func Probe(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout+time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d: %s", url, response.StatusCode, answer)
	}
	return nil
}
