package up

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/up/broker"
)

// An Instance is a running system, as run/up.json in its data directory tells it. Passwords are not in that file but beside
// it, among the secrets.
type Instance struct {
	Pid           int    `json:"pid"`
	Listen        string `json:"listen"`
	MetricsListen string `json:"metricsListen"`
	// Database is the core database without user; Private says that the server is ours.
	Database string `json:"database"`
	Private  bool   `json:"private"`
	// NATS is without user, unless one was given with it.
	NATS       string  `json:"nats"`
	Identity   string  `json:"identity"`
	Anonymizer string  `json:"anonymizer"`
	TimeScale  float64 `json:"timeScale"`
	Demo       bool    `json:"demo"`
	Replicas   int     `json:"replicas"`
	Blobs      string  `json:"blobs,omitempty"` // where pictures and films are kept; empty: in the data directory

	data string
}

// Attach finds the system that runs on a data directory, for command line tools. Where none runs it says so.
func Attach(data string) (*Instance, error) {
	path, err := canonical(data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notRunning(data)
	}
	if err != nil {
		return nil, err
	}
	running, err := locked(path)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	content, err := os.ReadFile(filepath.Join(runIn(path), "up.json"))
	if !running || errors.Is(err, fs.ErrNotExist) {
		return nil, notRunning(data)
	}
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	instance := &Instance{data: path}
	if err := json.Unmarshal(content, instance); err != nil {
		return nil, fmt.Errorf("data directory: up.json: %w", err)
	}
	return instance, nil
}

// Admin is the configuration for command line tools: the owner of the core database, the administrator of NATS.
func Admin(data string) (process.Config, error) {
	instance, err := Attach(data)
	if err != nil {
		return process.Config{}, err
	}
	return instance.Config(ServiceAdmin)
}

func notRunning(data string) error {
	return fmt.Errorf("no system runs on %s: start it with jagawarga up --data %s", data, data)
}

// Databases are its databases.
func (i *Instance) Databases() (roles.Databases, error) {
	if i.Private {
		return roles.Private(i.Database, secretsIn(i.data))
	}
	return roles.At(i.Database, secretsIn(i.data))
}

// The names of the services, and that of the command line tools.
const (
	ServiceServer     = "server"
	ServiceIngest     = "ingest"
	ServiceEscalator  = "escalator"
	ServiceNotifier   = "notifier"
	ServiceIdentity   = "identity"
	ServiceAnonymizer = "anonymizer"
	ServiceAdmin      = "admin"
)

// access is what a service gets: the wall between them, as seen from here. What is empty it does not get.
type access struct {
	role, publicRole string // in the databases
	user             string // of NATS
	blobs            bool   // pictures and films
}

var accesses = map[string]access{
	ServiceServer:     {role: roles.Server, publicRole: roles.Public, user: broker.Server, blobs: true},
	ServiceIngest:     {role: roles.Ingest, user: broker.Ingest, blobs: true},
	ServiceEscalator:  {role: roles.Escalator, user: broker.Escalator},
	ServiceNotifier:   {role: roles.Notifier, user: broker.Notifier},
	ServiceIdentity:   {role: roles.Identity},
	ServiceAnonymizer: {user: broker.Anonymizer, blobs: true},
	ServiceAdmin:      {role: roles.Owner, user: broker.Admin},
}

// Config is what the service is given, and nothing that is another's.
func (i *Instance) Config(service string) (process.Config, error) {
	rights, known := accesses[service]
	if !known {
		return process.Config{}, fmt.Errorf("unknown service %q", service)
	}
	databases, err := i.Databases()
	if err != nil {
		return process.Config{}, err
	}
	cfg := process.Config{
		MetricsListen: process.MetricsOff, // one listener shows the metrics of all
		TimeScale:     i.TimeScale, Demo: i.Demo, Replicas: i.Replicas,
		Secrets: filepath.Join(secretsIn(i.data), service),
	}
	switch service {
	case ServiceServer:
		cfg.Listen, cfg.Data, cfg.Identity, cfg.Anonymizer = i.Listen, i.data, i.Identity, i.Anonymizer
	case ServiceNotifier:
		cfg.Listen, cfg.Identity = i.Listen, i.Identity
	case ServiceIdentity:
		cfg.Listen, cfg.Identity = i.Identity, i.Identity
	case ServiceAnonymizer:
		cfg.Listen, cfg.Anonymizer = i.Anonymizer, i.Anonymizer
	case ServiceAdmin:
		cfg.Listen, cfg.MetricsListen, cfg.Data, cfg.Secrets = i.Listen, i.MetricsListen, i.data, secretsIn(i.data)
		cfg.Identity, cfg.Anonymizer = i.Identity, i.Anonymizer
	}
	if rights.blobs {
		place := process.Config{Data: i.data, Blobs: i.Blobs}
		if cfg.Blobs, cfg.BlobKeyFile, err = place.BlobPlace(); err != nil {
			return cfg, err
		}
	}
	if service == ServiceIngest {
		cfg.BlobKeyFile = "" // it clears away what nobody refers to, and opens none
	}
	if rights.role != "" {
		cfg.DatabaseURL, err = databases.URL(rights.role)
	}
	if rights.publicRole != "" && err == nil {
		cfg.PublicDatabaseURL, err = databases.URL(rights.publicRole)
	}
	if rights.user != "" && err == nil {
		cfg.NATSURL, err = broker.URL(i.NATS, secretsIn(i.data), rights.user)
	}
	return cfg, err
}

// save writes run/up.json, whole or not at all.
func (i *Instance) save() error {
	content, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(runIn(i.data), "up.json")
	if err := os.WriteFile(path+".new", append(content, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// forget removes what an earlier run told, and returns the port that its broker had, for whoever remembers that; 0 if unknown.
func forget(data string) (natsPort int) {
	path := filepath.Join(runIn(data), "up.json")
	content, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	var earlier Instance
	if json.Unmarshal(content, &earlier) == nil {
		if address, err := url.Parse(earlier.NATS); err == nil && address.Hostname() == "127.0.0.1" {
			natsPort, _ = strconv.Atoi(address.Port())
		}
	}
	_ = os.Remove(path) // it is written anew before anybody is told that we are ready
	return natsPort
}
