package main

import (
	"context"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/internal/events"
)

// TestCluster runs three nodes with the very configuration of docker-compose.yml, their addresses apart, and loses one.
func TestCluster(t *testing.T) {
	d, _ := fixture(t)
	nodes := startCluster(t, d)

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	admin := connect(ctx, t, nodes, "admin")
	until(ctx, t, "the streams are made", func(ctx context.Context) error { return admin.Prepare(ctx, events.Limits{Replicas: 3}) })
	stream, err := admin.JetStream().Stream(ctx, events.StreamSubmissions)
	if err != nil {
		t.Fatal(err)
	}
	if replicas := stream.CachedInfo().Config.Replicas; replicas != 3 {
		t.Errorf("submissions are kept %d times", replicas)
	}

	anonymizer := connect(ctx, t, nodes, "anonymizer")
	send := func(ctx context.Context, subject string) error {
		_, err := anonymizer.JetStream().Publish(ctx, subject, []byte("{}"), jetstream.WithRetryAttempts(0))
		return err
	}
	until(ctx, t, "the anonymizer hands in", func(ctx context.Context) error { return send(ctx, events.SubmissionsAnonymous) })
	patient, enough := context.WithTimeout(ctx, time.Second)
	defer enough()
	if send(patient, events.SubmissionsPublic) == nil {
		t.Error("the anonymizer may use the door of others")
	}

	nodes[2].Shutdown()
	nodes[2].WaitForShutdown()
	until(ctx, t, "the anonymizer hands in with one node down", func(ctx context.Context) error { return send(ctx, events.SubmissionsAnonymous) })
}

// until tries again while a cluster elects its leaders: it leaves requests of that time without an answer. Each try waits longer, because
// on a busy machine the answer itself takes its time.
func until(ctx context.Context, t *testing.T, what string, try func(context.Context) error) {
	t.Helper()
	for wait := 2 * time.Second; ; wait *= 2 {
		patient, cancel := context.WithTimeout(ctx, wait)
		err := try(patient)
		cancel()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func startCluster(t *testing.T, d *deployment) []*server.Server {
	t.Helper()
	names := []string{"nats-1", "nats-2", "nats-3"}
	ports := freePorts(t, len(names))
	var nodes []*server.Server
	for n, name := range names {
		options, err := d.streamOptions(t.Errorf)
		if err != nil {
			t.Fatal(err)
		}
		options.ServerName, options.Host, options.Port = name, "127.0.0.1", server.RANDOM_PORT
		options.HTTPPort, options.StoreDir = 0, filepath.Join(t.TempDir(), name)
		options.Cluster.Host, options.Cluster.Port, options.Routes = "127.0.0.1", ports[n], nil
		for _, port := range ports {
			options.Routes = append(options.Routes, &url.URL{
				Scheme: "nats", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
				User: url.UserPassword(options.Cluster.Username, options.Cluster.Password),
			})
		}
		options.NoLog, options.NoSigs = true, true
		node, err := server.NewServer(options)
		if err != nil {
			t.Fatal(err)
		}
		node.Start()
		t.Cleanup(func() {
			node.Shutdown()
			node.WaitForShutdown()
		})
		nodes = append(nodes, node)
	}
	for n, node := range nodes {
		if !node.ReadyForConnections(2 * time.Minute) {
			t.Fatalf("%s does not start", names[n])
		}
	}
	return nodes
}

// freePorts are ports that nobody listens on; the nodes must know each other's before they start.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// connect opens a service's connection, as deploy/secrets/make writes its address: all nodes, each with the password.
func connect(ctx context.Context, t *testing.T, nodes []*server.Server, user string) *events.Bus {
	t.Helper()
	address := ""
	for n, node := range nodes {
		if n > 0 {
			address += ","
		}
		u := url.URL{Scheme: "nats", User: url.UserPassword(user, worthless("NATS_"+strings.ToUpper(user)+"_PASSWORD")), Host: node.Addr().String()}
		address += u.String()
	}
	bus, err := events.Connect(ctx, events.Config{URL: address, Name: user, InboxPrefix: "_INBOX_" + user})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	return bus
}
