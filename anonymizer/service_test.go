package anonymizer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// intake shows the service what the adapter of the running program shows it.
type intake struct{ *events.Intake }

func (i intake) Submit(ctx context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	receipt, err := i.Intake.Submit(ctx, s)
	return receipt.State, receipt.Duplicate, err
}

// flat is the anonymizer behind its socket, on a broker of its own, with a clock that the test sets.
type flat struct {
	client  *anonymizerclient.Client
	nats    *natstest.Server
	bus     *events.Bus
	log     *lockedBuffer
	secrets string
	store   string
	intake  anonymizer.Intake
	given   string // key of the log of token keys
	media   anonymizer.Media

	mu  sync.Mutex
	now time.Time
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (f *flat) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *flat) setClock(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = now
}

var filedAt = time.Date(2026, 11, 23, 9, 41, 13, 0, time.UTC)

func open(t *testing.T) *flat {
	t.Helper()
	return openFor(t, time.Minute)
}

// openFor opens a flat that waits so long for the broker.
func openFor(t *testing.T, patience time.Duration) *flat {
	t.Helper()
	f := &flat{now: filedAt, log: &lockedBuffer{}, secrets: t.TempDir()}
	f.nats = natstest.Start(t, func(o *server.Options) { f.store = o.StoreDir })
	bus, err := events.Connect(t.Context(), events.Config{URL: f.nats.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	f.bus = bus
	in, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsAnonymous, Wait: -1, Patience: patience})
	if err != nil {
		t.Fatal(err)
	}
	run(t, in.Run)
	f.intake = intake{in}
	f.serve(t, f.intake)
	return f
}

// beside starts another anonymizer next to the first, and returns the way to it.
func (f *flat) beside(t *testing.T) *anonymizerclient.Client {
	t.Helper()
	first := f.client
	f.serve(t, f.intake)
	second := f.client
	f.client = first
	return second
}

func (f *flat) serve(t *testing.T, in anonymizer.Intake) {
	t.Helper()
	log := slog.New(slog.NewJSONHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	service, err := anonymizer.New(anonymizer.Config{
		Media: f.media, Secrets: f.secrets, TokenLog: f.given, RetireEvery: 10 * time.Millisecond, Now: f.clock, Log: log,
	}, in, anonymizer.NewKeyValue(f.bus.JetStream(), 1))
	if err != nil {
		t.Fatal(err)
	}
	grpcServer, err := rpc.NewServer(rpc.ServerConfig{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	anonymizerrpc.RegisterAnonymizerServer(grpcServer, service)
	listener, err := rpc.Listen(t.Context(), "unix://"+filepath.Join(t.TempDir(), "a.sock"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, service.Run)
	run(t, func(ctx context.Context) error { return rpc.Serve(ctx, grpcServer, listener, time.Second) })
	if f.client, err = anonymizerclient.New(rpc.Address(listener)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.client.Close() })
}

// run runs a task until the test ends, and waits for it.
func run(t *testing.T, task func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- task(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("a task ended with %v", err)
		}
	})
}

// canaries are what must not be found anywhere afterwards.
var canaries = []string{"Kanarius Rahasiawan", "Kanarius", "3273015005980001", "081298765432", "kanari.rahasia@gmail.com"}

func report() anonymizerclient.Report {
	district := civic.DistrictID{UUID: civic.NamedUUID("coblong")}
	return anonymizerclient.Report{
		Title:    civic.NewRaw("Pungli di loket 3"),
		Body:     civic.NewRaw("Nama saya Kanarius Rahasiawan, NIK 3273015005980001, hp 081298765432. Petugas Joko minta Rp 50.000 di Jl. Dago No. 5."),
		Category: civic.CategoryID{UUID: civic.NamedUUID("pungli")}, Department: civic.DepartmentID{UUID: civic.NamedUUID("inspektorat")},
		Place:       &civic.Place{Latitude: -6.88512, Longitude: 107.61357, Address: "depan Jl. Dago No. 5, hub 081298765432", District: &district},
		Answers:     []civic.Answer{{Question: "kapan", Answer: "kemarin, email saya kanari.rahasia@gmail.com"}},
		ResponseDue: filedAt.Add(24 * time.Hour), ResolutionDue: filedAt.Add(72 * time.Hour),
	}
}

// stored reads everything in the stream of submissions.
func (f *flat) stored(t *testing.T) []civic.Submission {
	t.Helper()
	stream, err := f.bus.JetStream().Stream(t.Context(), "SUBMISSIONS")
	if err != nil {
		t.Fatal(err)
	}
	info, err := stream.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []civic.Submission
	for seq := max(info.State.FirstSeq, 1); seq <= info.State.LastSeq; seq++ {
		message, err := stream.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		var batch []civic.Submission
		if err := json.Unmarshal(message.Data, &batch); err != nil {
			t.Fatal(err)
		}
		all = append(all, batch...)
	}
	return all
}

func TestAFilingTellsTheCaseAndNotTheReporter(t *testing.T) {
	t.Parallel()
	f := open(t)
	filed, err := f.client.Submit(t.Context(), report())
	if err != nil {
		t.Fatal(err)
	}
	all := f.stored(t)
	if len(all) != 1 {
		t.Fatalf("%d submissions in the stream", len(all))
	}
	s := all[0]
	if s.Number != filed.Number || s.Body != filed.Body || s.Title != filed.Title || filed.State != civic.Queued || s.Reporter != nil || s.Visibility != civic.Anonymous {
		t.Errorf("filed %+v, stored %+v", filed, s)
	}
	if !strings.Contains(s.Body, "Petugas Joko minta Rp 50.000 di Jl. Dago No. 5") || !strings.Contains(s.Place.Address, "Jl. Dago No. 5") {
		t.Errorf("the evidence did not survive: %q, %q", s.Body, s.Place.Address)
	}
	if len(filed.Removed) != 3 || filed.Removed[0].Text != "Kanarius Rahasiawan" {
		t.Errorf("removed %+v", filed.Removed)
	}
	if !s.At.Equal(filedAt.Truncate(time.Hour)) {
		t.Errorf("filed at %s", s.At)
	}
	for _, due := range []time.Time{s.ResponseDue, s.ResolutionDue} {
		if !due.Equal(due.Truncate(time.Hour)) {
			t.Errorf("a due time %s tells the moment of filing", due)
		}
	}
	if s.ResponseDue.Before(report().ResponseDue) {
		t.Errorf("due at %s, before what was promised", s.ResponseDue)
	}
	moved := math.Hypot((s.Place.Latitude+6.88512)*111_000, (s.Place.Longitude-107.61357)*110_000)
	if moved == 0 || moved > 130 {
		t.Errorf("the place moved %.0f m", moved)
	}
	if version := s.Report.UUID[6] >> 4; version != 4 {
		t.Errorf("the id is a UUIDv%d", version)
	}
	f.searchEverything(t)
}

// searchEverything looks for the canaries in the broker's files, the secrets and the log.
func (f *flat) searchEverything(t *testing.T) {
	t.Helper()
	heap := map[string][]byte{"log": f.log.Bytes()}
	for _, dir := range []string{f.store, f.secrets} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			heap[path] = content
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(heap) < 5 {
		t.Fatalf("only %d files were searched", len(heap))
	}
	for path, content := range heap {
		for _, canary := range canaries {
			if bytes.Contains(content, []byte(canary)) {
				t.Errorf("%s holds %q", path, canary)
			}
		}
	}
}

func TestAReceiptOpensItsCase(t *testing.T) {
	t.Parallel()
	f := open(t)
	filed, err := f.client.Submit(t.Context(), report())
	if err != nil {
		t.Fatal(err)
	}
	want := f.stored(t)[0].ReceiptHash
	for _, typed := range []string{filed.Receipt, filed.ReceiptWords, strings.ToUpper(filed.ReceiptWords), filed.Receipt[:8] + " - " + filed.Receipt[8:]} {
		hash, err := f.client.OpenReceipt(t.Context(), civic.NewRaw(typed))
		if err != nil || !bytes.Equal(hash, want) {
			t.Errorf("%q opens %x, %v", typed, hash, err)
		}
	}
	if _, err := f.client.OpenReceipt(t.Context(), civic.NewRaw("1234 5678")); !malformed(err) {
		t.Errorf("a broken receipt: %v", err)
	}
}

func TestAProofStatesNumberHourAndText(t *testing.T) {
	t.Parallel()
	f := open(t)
	filed, err := f.client.Submit(t.Context(), report())
	if err != nil {
		t.Fatal(err)
	}
	key, err := f.client.FilingKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, salt, err := anonymizer.ReadProof(filed.Proof, key)
	if err != nil || got.Number != filed.Number || !got.Hour.Equal(filedAt.Truncate(time.Hour)) {
		t.Errorf("the proof states %+v, %v", got, err)
	}
	if !got.Fits(salt, filed.Title, filed.Body) || got.Fits(salt, filed.Title, filed.Body+".") || got.Fits(nil, filed.Title, filed.Body) {
		t.Error("the commitment opens with another text or without its salt, or not at all")
	}
	forged := strings.Replace(filed.Proof, "JW-", "JX-", 1)
	if _, _, err := anonymizer.ReadProof(forged, key); err == nil {
		t.Error("a changed proof was taken")
	}
}

func TestPreviewKeepsWhatTheReporterWants(t *testing.T) {
	t.Parallel()
	f := open(t)
	const text = "Nama saya Kanarius Rahasiawan, hp 081298765432."
	preview, err := f.client.Preview(t.Context(), civic.NewRaw(text), []string{"081298765432"})
	if err != nil || strings.Contains(preview.Text, "Kanarius") || !strings.Contains(preview.Text, "081298765432") || len(preview.Removed) != 1 {
		t.Errorf("%+v, %v", preview, err)
	}
}

func TestBadInputIsRefusedAndStoresNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	for name, c := range map[string]struct {
		spoil func(*anonymizerclient.Report)
		field string
		key   string
	}{
		"a NUL in the body":           {func(r *anonymizerclient.Report) { r.Body = civic.NewRaw("a\x00b") }, "body", "text.control_character"},
		"a body too long":             {func(r *anonymizerclient.Report) { r.Body = civic.NewRaw(strings.Repeat("é", civic.MaxBody+1)) }, "body", "text.too_long"},
		"a title too long":            {func(r *anonymizerclient.Report) { r.Title = civic.NewRaw(strings.Repeat("x", civic.MaxTitle+1)) }, "title", "text.too_long"},
		"no title":                    {func(r *anonymizerclient.Report) { r.Title = civic.NewRaw("  ") }, "title", "text.empty"},
		"zero-width characters alone": {func(r *anonymizerclient.Report) { r.Body = civic.NewRaw(strings.Repeat("\u200b", 50)) }, "body", "text.empty"},
		"a place that is nowhere":     {func(r *anonymizerclient.Report) { r.Place.Latitude = math.NaN() }, "location", "location.not_a_number"},
		"an endless client key":       {func(r *anonymizerclient.Report) { r.ClientKey = strings.Repeat("k", 1000) }, "clientKey", "text.too_long"},
		"a hundred and one keeps":     {func(r *anonymizerclient.Report) { r.Keep = make([]string, 101) }, "keep", "keep.too_many"},
	} {
		r := report()
		c.spoil(&r)
		_, err := f.client.Submit(t.Context(), r)
		refusal := (*civic.Error)(nil)
		if !errors.As(err, &refusal) || refusal.Code != civic.CodeInvalidInput || refusal.Field != c.field || refusal.Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all := f.stored(t); len(all) != 0 {
		t.Errorf("%d were stored", len(all))
	}
}

func TestTheBrokerMayGoAndComeBack(t *testing.T) {
	t.Parallel()
	f := openFor(t, 2*time.Second)
	f.nats.Stop()
	r := report()
	r.ClientKey = "retry"
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := f.client.Submit(ctx, r)
	refusal := (*civic.Error)(nil)
	if !errors.As(err, &refusal) || refusal.Code != civic.CodeUnavailable || refusal.Key != "anonymizer.unavailable" {
		t.Fatalf("without a broker: %v", err)
	}
	f.nats.Restart()
	for deadline := time.Now().Add(2 * time.Minute); ; {
		if _, err = f.client.Submit(t.Context(), r); err == nil || time.Now().After(deadline) {
			break
		}
	}
	if err != nil {
		t.Fatalf("with the broker back: %v", err)
	}
	f.searchEverything(t)
}
