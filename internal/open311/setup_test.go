package open311_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/ingest"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/guess"
	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/internal/media"
	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/open311"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// demoKey is the demo city's partner's; otherKey is somebody else's.
const (
	demoKey  = "demo-open311-key"
	otherKey = "the key of another partner"
)

// counter is the face with everything behind it, reached over HTTP.
type counter struct {
	*coretest.Core
	t    *testing.T
	url  string
	desk *casework.Desk
	away atomic.Bool // the database, for this face
}

func open(t *testing.T, changes ...func(*open311.Config)) *counter {
	t.Helper()
	c := &counter{Core: coretest.New(t), t: t}
	c.Exec("INSERT INTO partners (id, name, key_hash, created_at) VALUES (gen_random_uuid(), 'Other', $1, now())", civic.HashPartnerKey(otherKey))
	c.City.Category(demo.CategoryID("jalan-rusak")).Questions = questions
	bus, err := events.Connect(t.Context(), events.Config{URL: natstest.Run(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	in, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsPublic})
	if err != nil {
		t.Fatal(err)
	}
	c.run(in.Run)
	quiet, rows := slog.New(slog.DiscardHandler), c.Store(roles.Ingest)
	c.run(ingest.New(ingest.Config{Log: quiet}, c.Desk(rows, casework.Config{}), rows, bus, func() {}).Run)
	c.desk = casework.New(casework.Config{Now: func() time.Time { return coretest.Monday }}, casework.Ports{
		City: func() *civic.City { return c.City }, Records: records.Of{Store: c.Store(roles.Server)}, Intake: intake{in}, Media: keeper(t),
	})
	guesses, err := guess.New(guess.Config{})
	if err != nil {
		t.Fatal(err)
	}
	cfg := open311.Config{Now: func() time.Time { return coretest.Monday.Add(time.Minute) }, Log: quiet, Settle: time.Minute}
	for _, change := range changes {
		change(&cfg)
	}
	handler := open311.New(cfg, open311.Ports{
		City: func() *civic.City { return c.City }, Desk: c.desk, Reader: reader{c.reader(), &c.away}, Links: media.NewLinks([]byte("key"), nil), Guesses: guesses,
	})
	mux := http.NewServeMux()
	mux.HandleFunc(open311.Path, func(w http.ResponseWriter, r *http.Request) { // the server knows the language of every request
		handler.ServeHTTP(w, r.WithContext(locale.With(r.Context(), locale.Accepted(r.Header.Get("Accept-Language")))))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c.url = server.URL + open311.Path
	return c
}

// reader is the store, which can be away for this face alone.
type reader struct {
	*store.Store
	away *atomic.Bool
}

func (r reader) PartnerOfKey(ctx context.Context, keyHash []byte) (*civic.Partner, error) {
	if r.away.Load() {
		return nil, civic.Unavailable("database.unavailable")
	}
	return r.Store.PartnerOfKey(ctx, keyHash)
}

func (c *counter) reader() *store.Store { return c.Store(roles.Server) }

var questions = []civic.Question{
	{Code: "lebar", Label: civic.Words{ID: "Seberapa lebar?", EN: "How wide?"}},
	{Code: "bahaya", Label: civic.Words{ID: "Berbahaya?", EN: "Dangerous?"}, Required: true, Choices: []civic.Choice{
		{Value: "tidak", Label: civic.Words{ID: "Tidak", EN: "No"}},
		{Value: "korban", Label: civic.Words{ID: "Ada korban", EN: "Somebody is hurt"}, Stop: &civic.Words{ID: "Telepon 112.", EN: "Call 112."}},
	}},
}

type intake struct{ *events.Intake }

func (i intake) Submit(ctx context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	receipt, err := i.Intake.Submit(ctx, s)
	return receipt.State, receipt.Duplicate, err
}

func keeper(t *testing.T) casework.Media {
	t.Helper()
	blobs, err := blob.Open(t.Context(), blob.Config{URL: "mem://", KeyFile: t.TempDir() + "/key"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	return media.NewKeeper(media.Config{Log: slog.New(slog.DiscardHandler)}, blobs)
}

// run runs a task until the test ends.
func (c *counter) run(task func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- task(ctx) }()
	c.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			c.t.Errorf("a task ended with %v", err)
		}
	})
}

// answer is what came back.
type answer struct {
	status int
	kind   string
	body   string
}

func (c *counter) do(r *http.Request) answer {
	c.t.Helper()
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "en")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Content-Type"), string(body)}
}

func (c *counter) get(path string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(r)
}

func (c *counter) send(path, kind, body string, header ...string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return c.do(r)
}

const urlencoded = "application/x-www-form-urlencoded"

// post sends a form; pairs are names and values, and the last one of a name counts.
func (c *counter) post(path string, pairs ...string) answer {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if form.Del(pairs[i]); pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return c.send(path, urlencoded, form.Encode())
}

// good is a form that is accepted, with changes; an empty value takes one out.
func good(changes ...string) []string {
	return append([]string{
		"api_key", demoKey, "service_code", "jalan-rusak", "lat", "-6.9147", "long", "107.6098", "attribute[bahaya]", "tidak",
		"description", "Lubang besar & dalam <di> depan pasar.\nSudah seminggu.",
	}, changes...)
}

// read reads an answer in JSON.
func read[T any](t *testing.T, a answer) (read T) {
	t.Helper()
	if a.status != http.StatusOK || a.kind != "application/json; charset=utf-8" {
		t.Fatalf("%d %s: %s", a.status, a.kind, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &read); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return read
}

type row = map[string]any

// filed posts a request and gives its id.
func (c *counter) filed(changes ...string) string {
	c.t.Helper()
	rows := read[[]row](c.t, c.post("requests.json", good(changes...)...))
	if len(rows) != 1 {
		c.t.Fatalf("%v", rows)
	}
	id, _ := rows[0]["service_request_id"].(string)
	return id
}

// ids are the requests that a list shows, in its order.
func (c *counter) ids(query string) string {
	c.t.Helper()
	var ids []string
	for _, r := range read[[]row](c.t, c.get("requests.json?"+query)) {
		ids = append(ids, r["service_request_id"].(string))
	}
	return strings.Join(ids, " ")
}
