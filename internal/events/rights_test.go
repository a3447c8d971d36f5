package events_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

// accounts is the file that gives each service its rights; the embedded server and the cluster both read it.
const accounts = "../../up/broker/accounts.conf"

// TestRightsSuffice walks a report's way with each service as its own NATS user.
func TestRightsSuffice(t *testing.T) {
	t.Parallel()
	password := "of-this-test"
	rights, err := os.ReadFile(accounts)
	if err != nil {
		t.Fatal(err)
	}
	head := ""
	for _, user := range []string{"SERVER", "INGEST", "ESCALATOR", "NOTIFIER", "ADMIN", "ANONYMIZER"} {
		head += "NATS_" + user + "_PASSWORD: " + password + "\n"
	}
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, append([]byte(head), rights...), 0o600); err != nil {
		t.Fatal(err)
	}
	natsServer := natstest.Start(t, func(options *server.Options) {
		configured, err := server.ProcessConfigFile(file)
		if err != nil {
			t.Fatal(err)
		}
		options.Accounts, options.Users, options.Nkeys = configured.Accounts, configured.Users, configured.Nkeys
	})
	as := func(user string) *events.Bus {
		return connect(t, events.Config{
			URL: "nats://" + user + ":" + password + "@" + natsServer.Address(), Name: user, InboxPrefix: "_INBOX_" + user,
		})
	}
	if err := as("admin").Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	front, worker, anonymizer := as("server"), as("ingest"), as("anonymizer")
	startIngest(t, worker)
	for bus, subject := range map[*events.Bus]string{front: events.SubmissionsPublic, anonymizer: events.SubmissionsAnonymous} {
		intake := startIntake(t, bus, events.IntakeConfig{Subject: subject, Wait: patience})
		if got, err := intake.Submit(t.Context(), submission(len(subject))); err != nil || got.State != civic.Stored {
			t.Errorf("%s: got %v, %v, want STORED", subject, got, err)
		}
	}
	submissions, err := worker.Submissions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "both are acknowledged", func() bool {
		lag, err := submissions.Pending(t.Context())
		return err == nil && lag == 0
	})
	if settled, err := worker.SubmissionsSettled(t.Context()); err != nil || !settled {
		t.Errorf("ingest cannot tell that all is taken in: %v, %v", settled, err)
	}
	if err := submissions.Tidy(t.Context()); err != nil {
		t.Errorf("ingest needs the right to publish $JS.API.STREAM.PURGE.%s: %v", events.StreamSubmissions, err)
	}
	publish(t, worker, outgoing(0, 50))
	publish(t, worker, outgoing(40, 60)) // looks at what is there
	if got := streamInfo(t, front, events.StreamEvents).State.Msgs; got != 2 {
		t.Errorf("the stream holds %d packs, want 2", got)
	}
	hub := startHub(t, front, events.HubConfig{Recent: 1})
	for _, topic := range topics()[:3] {
		next(t, watch(t, hub, t.Context(), topic, civic.EventCursor(0)))
	}
	woken := worker.Poked("outbox")
	eventually(t, "the escalator wakes the relay", func() bool {
		as("escalator").Poke("outbox")
		select {
		case <-woken:
			return true
		default:
			return false
		}
	})
	eventually(t, "the server leaves no consumer behind", func() bool { return consumers(t, as("admin"), events.StreamEvents) == 1 })
}
