package service

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

const (
	keysTold     = 5 * time.Minute        // how often the log of token keys is handed over: tomorrow's key is there long before midnight
	keysRetry    = 500 * time.Millisecond // after a failure
	keysKnown    = time.Second            // how long a log that was handed over is surely the newest there is
	keysFailed   = 50 * time.Millisecond  // how long a failure stands for those who come meanwhile
	keysPatience = 3 * time.Second        // with identity and the anonymizer together
)

// unknownKey is the anonymizer's answer to a token whose key it has not heard of.
const unknownKey = "tokens.unknown_key"

// redeemer is the anonymizer, as the GraphQL face sees it, which is told of the issuer's keys: the two never speak with each other.
// While identity is away, tokens of keys that have been told are redeemed all the same.
type redeemer struct {
	*anonymizerclient.Client
	keys func(context.Context) (*blindtoken.Log, error)
	log  *slog.Logger

	mu     sync.Mutex
	last   time.Time // when the log was last asked for
	result error     // what came of it
}

// Submit files a report. A token with a key unknown to the anonymizer makes it learn the log, and is tried once more.
func (r *redeemer) Submit(ctx context.Context, report anonymizerclient.Report) (*anonymizerclient.Filed, error) {
	filed, err := r.Client.Submit(ctx, report)
	if refusal, ok := errors.AsType[*civic.Error](err); !ok || refusal.Key != unknownKey {
		return filed, err
	}
	if r.tell(context.Background()) != nil {
		return nil, civic.Unavailable("anonymizer.unavailable") // the token may well be good
	}
	return r.Client.Submit(ctx, report)
}

// tell hands the log over. Whoever sends tokens with invented keys makes that happen once a second at most. It is no part of any
// request: identity gets nothing that could tell which one it was for.
func (r *redeemer) tell(life context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := keysKnown
	if r.result != nil {
		fresh = keysFailed
	}
	if time.Since(r.last) < fresh {
		return r.result
	}
	ctx, cancel := context.WithTimeout(life, keysPatience)
	defer cancel()
	log, err := r.keys(ctx)
	if err == nil {
		err = r.LearnTokenKeys(ctx, log)
	}
	r.last, r.result = time.Now(), err
	return err
}

// Run keeps the anonymizer told until ctx ends.
func (r *redeemer) Run(ctx context.Context) error {
	for failing := false; ; {
		err := r.tell(ctx)
		pause := keysTold
		if err != nil {
			pause = keysRetry
		}
		if err != nil && !failing {
			r.log.Warn("the anonymizer has not been told the token keys", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// publish shows the log to everybody.
func (r *redeemer) publish(w http.ResponseWriter, request *http.Request) {
	log, err := r.keys(request.Context())
	if err != nil {
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	}
	shown := struct {
		Verifier   string   `json:"verifier"`
		Checkpoint string   `json:"checkpoint"`
		Entries    []string `json:"entries"`
		Keys       []string `json:"keys"`
	}{log.Verifier, log.Checkpoint, log.Entries, make([]string, len(log.Keys))}
	for i, der := range log.Keys {
		shown.Keys[i] = base64.RawURLEncoding.EncodeToString(der)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(shown)
}
