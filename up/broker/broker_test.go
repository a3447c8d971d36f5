package broker_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/up/broker"
)

// fixture is a running broker with the streams of the city.
type fixture struct {
	*broker.Broker
	dir string
}

func start(t *testing.T, dir string, port int) (fixture, func()) {
	t.Helper()
	b, err := broker.New(broker.Config{Dir: filepath.Join(dir, "nats"), Secrets: filepath.Join(dir, "secrets"), Port: port,
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop := func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	for b.Ready(t.Context()) != nil {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
	return fixture{b, dir}, stop
}

func (f fixture) connect(t *testing.T, user string, options ...nats.Option) *nats.Conn {
	t.Helper()
	url, err := broker.URL(f.Address(), filepath.Join(f.dir, "secrets"), user)
	if err != nil {
		t.Fatal(err)
	}
	options = append(options, nats.CustomInboxPrefix(broker.InboxPrefix(user)),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // refusals are looked up, not printed
	conn, err := nats.Connect(url, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

func (f fixture) jetStream(t *testing.T, user string) jetstream.JetStream {
	t.Helper()
	conn := f.connect(t, user)
	stream, err := jetstream.New(conn, jetstream.WithDefaultTimeout(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func (f fixture) makeStreams(t *testing.T) jetstream.JetStream {
	t.Helper()
	admin := f.jetStream(t, broker.Admin)
	for name, subject := range map[string]string{"SUBMISSIONS": "submissions.>", "EVENTS": "events.>", "DEAD_LETTERS": "dead.>"} {
		if _, err := admin.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subject}}); err != nil {
			t.Fatal(err)
		}
	}
	return admin
}

// refuses says whether the server's last refusal is about subject. After a flush that is known: refusals come in order.
func refuses(conn *nats.Conn, subject string) bool {
	err := conn.LastError()
	return errors.Is(err, nats.ErrPermissionViolation) && strings.Contains(err.Error(), `"`+subject+`"`)
}

// Every user against every subject that matters: what is not marked is refused.
func TestEachUserPublishesItsOwnSubjectsAlone(t *testing.T) {
	t.Parallel()
	f, stop := start(t, t.TempDir(), 0)
	t.Cleanup(stop)
	f.makeStreams(t)
	subjects := []string{
		"submissions.public", "submissions.anonymous", "events.public.a.-.b", "dead.submissions.public", "poke.outbox",
		"_INBOX_server.x", "_INBOX_anonymizer.x", "_INBOX_admin.x", "$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.CREATE.COPY",
		"$JS.API.CONSUMER.CREATE.SUBMISSIONS.spy", "$JS.API.STREAM.MSG.GET.SUBMISSIONS", "$JS.API.CONSUMER.CREATE.EVENTS.reader",
	}
	allowed := map[string][]string{
		broker.Server: {"submissions.public", "poke.outbox", "$JS.API.CONSUMER.CREATE.EVENTS.reader"},
		broker.Ingest: {"events.public.a.-.b", "dead.submissions.public", "poke.outbox", "_INBOX_server.x", "_INBOX_anonymizer.x",
			"$JS.API.CONSUMER.CREATE.EVENTS.reader"},
		broker.Escalator: {"poke.outbox"},
		broker.Notifier:  {"poke.outbox", "$JS.API.CONSUMER.CREATE.EVENTS.reader"},
		// The JetStream API that the anonymizer reaches is that of its own account.
		broker.Anonymizer: {"submissions.anonymous", "$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.CREATE.COPY",
			"$JS.API.CONSUMER.CREATE.SUBMISSIONS.spy", "$JS.API.STREAM.MSG.GET.SUBMISSIONS", "$JS.API.CONSUMER.CREATE.EVENTS.reader"},
	}
	for user, mine := range allowed {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			conn := f.connect(t, user)
			for _, subject := range subjects {
				if err := conn.Publish(subject, []byte("{}")); err != nil {
					t.Fatal(err)
				}
				if err := conn.Flush(); err != nil {
					t.Fatal(err)
				}
				if got, want := refuses(conn, subject), !slices.Contains(mine, subject); got != want {
					t.Errorf("publish %s: refused %v, want %v", subject, got, want)
				}
			}
		})
	}
}

func TestEachUserListensToItsOwnSubjectsAlone(t *testing.T) {
	t.Parallel()
	f, stop := start(t, t.TempDir(), 0)
	t.Cleanup(stop)
	for user, foreign := range map[string][]string{
		broker.Server:     {"submissions.>", "_INBOX_ingest.>", "_INBOX.>", ">", "$JS.EVENT.>"},
		broker.Ingest:     {"submissions.>", "_INBOX_server.>", "_INBOX.>", ">"},
		broker.Notifier:   {"submissions.>", "events.>", "dead.>", "_INBOX_server.>", "_INBOX.>", ">"},
		broker.Escalator:  {"submissions.>", "events.>", "_INBOX_server.>", "_INBOX.>", ">"},
		broker.Anonymizer: {"submissions.>", "submissions.anonymous", "events.>", "dead.>", "poke.>", "_INBOX_server.>", "_INBOX.>", ">"},
	} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			conn := f.connect(t, user)
			for _, subject := range foreign {
				if _, err := conn.SubscribeSync(subject); err != nil {
					t.Fatal(err)
				}
				if err := conn.Flush(); err != nil {
					t.Fatal(err)
				}
				if !refuses(conn, subject) {
					t.Errorf("subscribe to %s was not refused", subject)
				}
			}
		})
	}
}

func TestTheAnonymizerHandsInAndKeepsKeysButReadsNothing(t *testing.T) {
	t.Parallel()
	f, stop := start(t, t.TempDir(), 0)
	t.Cleanup(stop)
	admin := f.makeStreams(t)
	ctx := t.Context()
	if _, err := admin.Publish(ctx, "events.public.a.-.b", []byte("an event")); err != nil {
		t.Fatal(err)
	}
	anonymizer := f.jetStream(t, broker.Anonymizer)

	// It hands in, with the acknowledgement of the city's stream, and a repeated message is known as such.
	for _, duplicate := range []bool{false, true} {
		ack, err := anonymizer.Publish(ctx, "submissions.anonymous", []byte("scrubbed"), jetstream.WithMsgID("one"))
		if err != nil {
			t.Fatal(err)
		}
		if ack.Stream != "SUBMISSIONS" || ack.Duplicate != duplicate {
			t.Errorf("acknowledgement %+v, want SUBMISSIONS, duplicate %v", ack, duplicate)
		}
	}
	stream, err := admin.Stream(ctx, "SUBMISSIONS")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := stream.GetMsg(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept.Data) != "scrubbed" || len(kept.Header) != 1 {
		t.Errorf("kept %q with headers %v, want nothing but the message id", kept.Data, kept.Header)
	}

	// Its buckets are its own.
	bucket, err := anonymizer.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "ANON_KEYS"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.Create(ctx, "key", []byte("value")); err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.Create(ctx, "key", []byte("other")); !errors.Is(err, jetstream.ErrKeyExists) {
		t.Errorf("a second create: %v, want ErrKeyExists", err)
	}
	// The buckets of spent tokens come and go with the days.
	if _, err := anonymizer.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "ANON_SPENT_20261123"}); err != nil {
		t.Fatal(err)
	}
	var names []string
	list := anonymizer.KeyValueStoreNames(ctx)
	for name := range list.Name() {
		names = append(names, name)
	}
	if slices.Sort(names); list.Error() != nil || !slices.Equal(names, []string{"ANON_KEYS", "ANON_SPENT_20261123"}) {
		t.Errorf("the anonymizer finds %v, %v", names, list.Error())
	}
	if err := anonymizer.DeleteKeyValue(ctx, "ANON_SPENT_20261123"); err != nil {
		t.Error(err)
	}
	if _, err := admin.KeyValue(ctx, "ANON_KEYS"); !errors.Is(err, jetstream.ErrBucketNotFound) {
		t.Errorf("the administrator of the city sees the anonymizer's bucket: %v", err)
	}

	// The city's streams are not there for it, and what it copies from their names stays empty.
	for _, name := range []string{"SUBMISSIONS", "EVENTS", "DEAD_LETTERS"} {
		if _, err := anonymizer.Stream(ctx, name); !errors.Is(err, jetstream.ErrStreamNotFound) {
			t.Errorf("the anonymizer opens %s: %v", name, err)
		}
	}
	spy, err := anonymizer.CreateStream(ctx, jetstream.StreamConfig{Name: "SPY", Subjects: []string{"events.>", "submissions.public"}})
	if err == nil {
		if _, err := admin.Publish(ctx, "events.public.a.-.b", []byte("another event")); err != nil {
			t.Fatal(err)
		}
		info, err := spy.Info(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if info.State.Msgs != 0 {
			t.Errorf("a stream of the anonymizer caught %d messages of the city", info.State.Msgs)
		}
	}
}

func TestIngestTellsTheAnonymizerWhatIsStored(t *testing.T) {
	t.Parallel()
	f, stop := start(t, t.TempDir(), 0)
	t.Cleanup(stop)
	ingest := f.connect(t, broker.Ingest)
	anonymizer := f.connect(t, broker.Anonymizer)
	inbox := anonymizer.NewInbox()
	notices, err := anonymizer.SubscribeSync(inbox + ".*")
	if err != nil {
		t.Fatal(err)
	}
	if err := anonymizer.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := ingest.Publish(inbox+".batch", []byte("stored")); err != nil {
		t.Fatal(err)
	}
	notice, err := notices.NextMsg(2 * time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if string(notice.Data) != "stored" {
		t.Errorf("notice %q", notice.Data)
	}
}

func TestARestartKeepsTheEncryptedStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, stop := start(t, dir, 0)
	f.makeStreams(t)
	const marker = "a pothole in front of the school"
	if _, err := f.jetStream(t, broker.Server).Publish(t.Context(), "submissions.public", []byte(marker)); err != nil {
		t.Fatal(err)
	}
	stop()
	found := 0
	err := filepath.WalkDir(filepath.Join(dir, "nats"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found += len(content)
		if bytes.Contains(content, []byte(marker)) {
			t.Errorf("%s holds the text in clear", path)
		}
		return err
	})
	if err != nil || found == 0 {
		t.Fatalf("reading the store: %v, %d bytes", err, found)
	}

	again, stop := start(t, dir, f.Port())
	t.Cleanup(stop)
	if again.Port() != f.Port() {
		t.Errorf("port %d after the restart, %d before", again.Port(), f.Port())
	}
	stream, err := again.jetStream(t, broker.Admin).Stream(t.Context(), "SUBMISSIONS")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := stream.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept.Data) != marker {
		t.Errorf("kept %q", kept.Data)
	}
}

func TestTasksOfThisProcessConnectWithoutASocket(t *testing.T) {
	t.Parallel()
	f, stop := start(t, t.TempDir(), 0)
	t.Cleanup(stop)
	conn := f.connect(t, broker.Server, nats.InProcessServer(f))
	if address := conn.ConnectedAddr(); !strings.Contains(address, "pipe") {
		t.Errorf("connected over %s", address)
	}
	if _, err := nats.Connect(strings.Replace(f.Address(), "//", "//server:wrong@", 1)); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestATakenPortIsLeftToItsOwner(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	f, stop := start(t, t.TempDir(), port)
	t.Cleanup(stop)
	if f.Port() == 0 || f.Port() == port {
		t.Errorf("it listens on %d, preferred was %d", f.Port(), port)
	}
	f.makeStreams(t)
}

func TestURL(t *testing.T) {
	t.Parallel()
	secrets := t.TempDir()
	if err := os.MkdirAll(filepath.Join(secrets, "nats"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(secrets, "nats", "ingest"), []byte("pass\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"nats://a:4222":               "nats://ingest:pass@a:4222",
		"a:4222":                      "nats://ingest:pass@a:4222",
		"nats://me:mine@a:4222":       "nats://me:mine@a:4222",
		"nats://a:4222,nats://b:4222": "nats://ingest:pass@a:4222,nats://ingest:pass@b:4222",
	} {
		if got, err := broker.URL(address, secrets, broker.Ingest); err != nil || got != want {
			t.Errorf("URL(%s) = %s, %v, want %s", address, got, err, want)
		}
	}
}
