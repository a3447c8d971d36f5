package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/blindtoken/testkey"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/notary"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// openAnonymizer runs a real one, which knows no keys yet.
func openAnonymizer(t *testing.T) *anonymizerclient.Client {
	t.Helper()
	bus, err := events.Connect(t.Context(), events.Config{URL: natstest.Run(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	in, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsAnonymous, Wait: -1})
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	flat, err := anonymizer.New(anonymizer.Config{Secrets: t.TempDir(), Log: quiet}, intake{in}, anonymizer.NewKeyValue(bus.JetStream(), 1))
	if err != nil {
		t.Fatal(err)
	}
	server, err := rpc.NewServer(rpc.ServerConfig{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	anonymizerrpc.RegisterAnonymizerServer(server, flat)
	listener, err := rpc.Listen(t.Context(), "unix://"+filepath.Join(t.TempDir(), "a"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- in.Run(ctx) }()
	go func() { ended <- rpc.Serve(ctx, server, listener, time.Second) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
	})
	client, err := anonymizerclient.New(rpc.Address(listener))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// todaysLog holds the test key n alone.
func todaysLog(t *testing.T, n int) *blindtoken.Log {
	t.Helper()
	scribe, err := notary.New(bytes.Repeat([]byte{1}, 32), blindtoken.LogOrigin)
	if err != nil {
		t.Fatal(err)
	}
	key := testkey.Issuer(n).Public()
	entry := blindtoken.Entry{Day: blindtoken.DayOf(time.Now()), KeyID: key.ID()}
	checkpoint, err := blindtoken.SignLog(scribe, []blindtoken.Entry{entry})
	if err != nil {
		t.Fatal(err)
	}
	return &blindtoken.Log{Verifier: scribe.Verifier(), Checkpoint: checkpoint, Entries: []string{entry.String()}, Keys: [][]byte{key.DER()}}
}

// tokenReport is a report with a token of the test key n.
func tokenReport(t *testing.T, n int) anonymizerclient.Report {
	t.Helper()
	issuer := testkey.Issuer(n)
	message, err := issuer.Public().Prepare(rand.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	blinded, blinding, err := issuer.Public().Blind(rand.Reader, message)
	if err != nil {
		t.Fatal(err)
	}
	blindSignature, err := issuer.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := blinding.Finalize(blindSignature)
	if err != nil {
		t.Fatal(err)
	}
	return anonymizerclient.Report{
		Token: &anonymizerclient.Token{KeyID: issuer.Public().ID(), Message: message, Signature: signature},
		Title: civic.NewRaw("Pungli"), Body: civic.NewRaw("Petugas loket minta uang."),
		Category: civic.CategoryID{UUID: civic.NamedUUID("c")}, Department: civic.DepartmentID{UUID: civic.NamedUUID("d")},
	}
}

func TestAnUnknownKeyIsLearntOnTheWay(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	log, away := todaysLog(t, 0), true
	r := &redeemer{Client: openAnonymizer(t), log: slog.New(slog.DiscardHandler), keys: func(context.Context) (*blindtoken.Log, error) {
		asked.Add(1)
		if away {
			return nil, civic.Unavailable("identity.unavailable")
		}
		return log, nil
	}}
	_, err := r.Submit(t.Context(), tokenReport(t, 0))
	if refusal, ok := errors.AsType[*civic.Error](err); !ok || refusal.Code != civic.CodeUnavailable {
		t.Errorf("while nobody knows the keys: %v", err)
	}
	away = false
	for deadline := time.Now().Add(2 * time.Minute); ; { // a failure stands for a moment
		if _, err = r.Submit(t.Context(), tokenReport(t, 0)); err == nil || time.Now().After(deadline) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	away = true // from here on the issuer is needed no more
	if _, err := r.Submit(t.Context(), tokenReport(t, 0)); err != nil {
		t.Error(err)
	}
	away = false
	before := asked.Load()
	began := time.Now()
	for range 20 { // invented keys do not make us ask for each
		_, err := r.Submit(t.Context(), tokenReport(t, 1))
		if refusal, ok := errors.AsType[*civic.Error](err); !ok || refusal.Code != civic.CodeInvalidInput || refusal.Field != "token.keyId" {
			t.Fatalf("an invented key: %v", err)
		}
	}
	if n := asked.Load() - before; n > 1+int32(time.Since(began)/keysKnown) {
		t.Errorf("the log was asked for %d times", n)
	}
}

func TestTheAnonymizerIsToldAhead(t *testing.T) {
	t.Parallel()
	r := &redeemer{Client: openAnonymizer(t), log: slog.New(slog.DiscardHandler), keys: func(context.Context) (*blindtoken.Log, error) { return todaysLog(t, 0), nil }}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	report := tokenReport(t, 0)
	report.ClientKey = "mine"
	var err error
	for deadline := time.Now().Add(2 * time.Minute); ; {
		if _, err = r.Client.Submit(t.Context(), report); err == nil || time.Now().After(deadline) {
			break
		}
	}
	if err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
