// Package command runs the identity service as a program: configuration from the environment, logs to a writer, until a context ends.
// Both cmd/identity and `jagawarga serve identity` are this.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/jagawarga/jagawarga/identity"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
)

// EnvRegistryURL names the variable with the population registry's URL. Unset: the demo registry, which no city should rely on.
const EnvRegistryURL = "JAGAWARGA_POPULATION_REGISTRY_URL"

// EnvTokensPerDay names the variable with how many anonymous tokens a citizen may draw a day. Unset: 5.
const EnvTokensPerDay = "JAGAWARGA_IDENTITY_TOKENS_PER_DAY"

// registryTokenFile, in the secrets directory, holds what the registry wants as bearer token, if it wants one.
const registryTokenFile = "registry.token"

// Run serves until ctx ends. getenv is os.Getenv outside of tests. Read from the environment: JAGAWARGA_IDENTITY (where it listens),
// DATABASE_URL (its own role), JAGAWARGA_SECRETS, JAGAWARGA_DEMO, JAGAWARGA_METRICS_LISTEN (unset or "off": no metrics listener),
// JAGAWARGA_LOG_LEVEL, EnvTokensPerDay and EnvRegistryURL. A database that is away is waited for.
func Run(ctx context.Context, getenv func(string) string, logs io.Writer) error {
	cfg, err := process.FromEnv(getenv)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		process.EnvIdentity: cfg.Identity, process.EnvDatabaseURL: cfg.DatabaseURL, process.EnvSecrets: cfg.Secrets,
	} {
		if value == "" {
			return fmt.Errorf("identity: %s must be set", name)
		}
	}
	log, err := observe.Logger(logs, "identity", getenv)
	if err != nil {
		return err
	}
	tokens, err := tokensPerDay(getenv(EnvTokensPerDay))
	if err != nil {
		return err
	}
	registry, err := openRegistry(getenv(EnvRegistryURL), cfg.Secrets)
	if err != nil {
		return err
	}
	pool, err := identity.OpenPool(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	metrics := observe.NewMetrics()
	service, err := identity.New(identity.Config{
		Secrets: cfg.Secrets, Demo: cfg.Demo, TokensPerDay: tokens, Log: log, Registerer: metrics.Part("identity"),
	}, pool, registry)
	if err != nil {
		return err
	}
	group, working := errgroup.WithContext(ctx)
	group.Go(func() error { return service.Serve(working, cfg.Identity) })
	if getenv(process.EnvMetricsListen) != "" && cfg.MetricsListen != process.MetricsOff {
		listener, err := observe.NewListener(observe.ListenerConfig{
			Listen:  func() (net.Listener, error) { return process.Listen(cfg.MetricsListen) },
			Metrics: metrics, Ready: observe.Checks{"identity": service.Ready}, Pprof: getenv(observe.EnvPprof) == "1", Log: log,
		})
		if err != nil {
			return err
		}
		group.Go(func() error { return listener.Run(working) })
	}
	return group.Wait()
}

// tokensPerDay reads a whole number from 1 to 1000; 0, the default, for nothing.
func tokensPerDay(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1000 {
		return 0, fmt.Errorf("identity: %s must be a number from 1 to 1000", EnvTokensPerDay)
	}
	return n, nil
}

// openRegistry returns nil, the demo registry, without a URL.
func openRegistry(url, secrets string) (identity.PopulationRegistry, error) {
	if url == "" {
		return nil, nil
	}
	token, err := os.ReadFile(filepath.Join(secrets, registryTokenFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("identity: %w", err)
	}
	return identity.NewHTTPRegistry(identity.HTTPRegistryConfig{URL: url, Token: strings.TrimSpace(string(token))})
}
