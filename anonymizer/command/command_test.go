package command_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer/command"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// program runs the anonymizer until stop is called.
func program(t *testing.T, environment map[string]string) (logs *lockedBuffer, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	logs = &lockedBuffer{}
	done := make(chan error, 1)
	go func() { done <- command.Run(ctx, func(name string) string { return environment[name] }, logs) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return logs, stop
}

func report() anonymizerclient.Report {
	return anonymizerclient.Report{
		ClientKey: "one", Title: civic.NewRaw("Pungli"), Body: civic.NewRaw("Nama saya Kanarius Rahasiawan. Petugas minta Rp 50.000."),
		Category: civic.CategoryID{UUID: civic.NamedUUID("c")}, Department: civic.DepartmentID{UUID: civic.NamedUUID("d")},
	}
}

// until tries for as long as a test may take; it fails when nothing helps.
func until(t *testing.T, try func() error) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestItServesBeforeTheBrokerIsThereAndAfterACrash(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	bus, err := events.Connect(t.Context(), events.Config{URL: nats.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	bus.Close()
	url := nats.URL()
	nats.Stop()

	dir := t.TempDir()
	address := "unix://" + filepath.Join(dir, "a.sock")
	environment := map[string]string{"JAGAWARGA_ANONYMIZER": address, "NATS_URL": url, "JAGAWARGA_SECRETS": filepath.Join(dir, "secrets"),
		"JAGAWARGA_BLOBS": "file://" + filepath.Join(dir, "blobs"), "JAGAWARGA_BLOB_KEY_FILE": filepath.Join(dir, "blobs.key")}
	logs, stop := program(t, environment)
	client, err := anonymizerclient.New(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })

	until(t, func() error {
		_, err := client.Preview(t.Context(), civic.NewRaw("Nama saya Kanarius."), nil)
		return err
	})
	_, err = client.Submit(t.Context(), report())
	refusal := (*civic.Error)(nil)
	if !errors.As(err, &refusal) || refusal.Code != civic.CodeUnavailable {
		t.Errorf("without a broker: %v", err)
	}

	nats.Restart()
	var first *anonymizerclient.Filed
	until(t, func() (err error) { first, err = client.Submit(t.Context(), report()); return err })

	stop()
	if _, err := client.Preview(t.Context(), civic.NewRaw("x"), nil); err == nil {
		t.Error("a stopped anonymizer answered")
	}
	again, _ := program(t, environment)
	started := time.Now()
	var second *anonymizerclient.Filed
	until(t, func() (err error) { second, err = client.Submit(t.Context(), report()); return err })
	figures.Tell(t, "anonymizer: a client is back %v after another start", time.Since(started).Round(time.Millisecond))
	if first.Receipt != second.Receipt {
		t.Error("the same client key gave another receipt after a start")
	}
	for _, log := range []*lockedBuffer{logs, again} {
		if strings.Contains(log.String(), "Kanarius") {
			t.Error("the log names the reporter")
		}
	}
}

func TestItSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	err := command.Run(t.Context(), func(string) string { return "" }, &lockedBuffer{})
	if err == nil || !strings.Contains(err.Error(), "must be set") {
		t.Errorf("%v", err)
	}
}
