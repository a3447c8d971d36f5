// Package command runs the anonymizer as a program: configuration from the environment, logs to a writer, until a context ends. Both
// cmd/anonymizer and `jagawarga serve anonymizer` are this.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/media"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

const (
	// largestRequest is beyond what the longest report takes with the largest pictures and films that the server lets through.
	largestRequest = 64 << 20
	// grace is how long calls under way may take when the service stops; longer than a publish.
	grace = 8 * time.Second
)

// EnvTokenLogKey names the variable with the verifier key of the log of token keys. Unset: the key that comes first is pinned.
const EnvTokenLogKey = "JAGAWARGA_TOKEN_LOG_KEY"

// Run serves until ctx ends. getenv is os.Getenv outside of tests. Read from the environment: JAGAWARGA_ANONYMIZER (where it listens),
// NATS_URL (its own user), JAGAWARGA_SECRETS, JAGAWARGA_BLOBS, JAGAWARGA_BLOB_KEY_FILE, EnvTokenLogKey, JAGAWARGA_TIME_SCALE, JAGAWARGA_REPLICAS, JAGAWARGA_METRICS_LISTEN (unset or "off": no metrics listener)
// and JAGAWARGA_LOG_LEVEL. While the broker is away previews and receipts work and submissions are UNAVAILABLE.
func Run(ctx context.Context, getenv func(string) string, logs io.Writer) error {
	if err := forbidDumps(); err != nil {
		return fmt.Errorf("anonymizer: forbid memory dumps: %w", err)
	}
	cfg, err := process.FromEnv(getenv)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		process.EnvAnonymizer: cfg.Anonymizer, process.EnvNATSURL: cfg.NATSURL, process.EnvSecrets: cfg.Secrets,
		process.EnvBlobs: cfg.Blobs, process.EnvBlobKeyFile: cfg.BlobKeyFile,
	} {
		if value == "" {
			return fmt.Errorf("anonymizer: %s must be set", name)
		}
	}
	log, err := observe.Logger(logs, "anonymizer", getenv)
	if err != nil {
		return err
	}
	metrics := observe.NewMetrics()
	broker := newBroker(cfg.NATSURL, cfg.Replicas, log, metrics.Part("events"))
	blobs, err := blob.Open(ctx, blob.Config{URL: cfg.Blobs, KeyFile: cfg.BlobKeyFile})
	if err != nil {
		return err
	}
	defer blobs.Close()
	service, err := anonymizer.New(anonymizer.Config{
		Media:   media.NewKeeper(media.Config{Log: log}, blobs),
		Secrets: cfg.Secrets, TokenLog: getenv(EnvTokenLogKey), DueStep: dueStep(cfg.TimeScale), Log: log, Registerer: metrics.Part("anonymizer"),
	}, broker, broker)
	if err != nil {
		return err
	}
	server, err := rpc.NewServer(rpc.ServerConfig{Log: log, Registerer: metrics.Part("rpc"), MaxReceive: largestRequest})
	if err != nil {
		return err
	}
	anonymizerrpc.RegisterAnonymizerServer(server, service)
	listener, err := rpc.Listen(ctx, cfg.Anonymizer)
	if err != nil {
		return err
	}
	log.Info("the anonymizer is listening", "address", rpc.Address(listener))

	// The broker goes last, so that calls under way can end: its context outlives the others'.
	lingering, release := context.WithCancel(context.WithoutCancel(ctx))
	defer release()
	brokerDone := make(chan struct{})
	var brokerErr error
	go func() {
		defer close(brokerDone)
		brokerErr = broker.Run(lingering)
	}()

	group, working := errgroup.WithContext(ctx)
	group.Go(func() error {
		select {
		case <-brokerDone: // it has given up: no address that could ever work
			return errNoBroker
		case <-working.Done():
			return nil
		}
	})
	group.Go(func() error { return service.Run(working) })
	group.Go(func() error { return rpc.Serve(working, server, listener, grace) })
	if getenv(process.EnvMetricsListen) != "" && cfg.MetricsListen != process.MetricsOff {
		listener, err := observe.NewListener(observe.ListenerConfig{
			Listen:  func() (net.Listener, error) { return process.Listen(cfg.MetricsListen) },
			Metrics: metrics, Ready: observe.Checks{"broker": broker.Ready}, Log: log,
		})
		if err != nil {
			return err
		}
		group.Go(func() error { return listener.Run(working) })
	}
	err = group.Wait()
	release()
	<-brokerDone
	return errors.Join(err, brokerErr)
}

var errNoBroker = errors.New("anonymizer: no broker")

// dueStep is one hour of the SLA clock: on a demonstration's fast clock due times must not be rounded far away.
func dueStep(scale float64) time.Duration {
	return max(time.Duration(float64(time.Hour)/scale), time.Second)
}
