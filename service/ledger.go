package service

import (
	"context"
	"io"
	"net/http"

	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/internal/process"
)

// sequencing puts the audit into the ledger, with the key among the service's secrets. Without secrets it is left to another ingest.
func (b *base) sequencing(cfg process.Config, deps Deps) (func(context.Context) error, error) {
	if cfg.Secrets == "" {
		deps.Log.Warn("no directory for secrets, so no key: this process puts nothing into the ledger")
		return func(context.Context) error { return nil }, nil
	}
	seed, err := process.Secret(cfg.Secrets, ledger.KeyFile, ledger.KeySize)
	if err != nil {
		return nil, err
	}
	sequencer, err := ledger.NewSequencer(ledger.Config{Log: deps.Log, Metrics: deps.Metrics}, seed, b.store)
	if err != nil {
		return nil, err
	}
	return sequencer.Run, nil
}

// ledgerKey publishes the key that checkpoints and proofs of the ledger are checked with.
func (b *base) ledgerKey(w http.ResponseWriter, r *http.Request) {
	key, err := b.store.LedgerVerifier(r.Context())
	if err != nil || key == "" {
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, key+"\n")
}
