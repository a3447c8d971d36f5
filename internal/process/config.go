package process

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The environment variables that FromEnv reads, in one place so that whoever starts a program writes the same names.
const (
	EnvListen            = "JAGAWARGA_LISTEN"
	EnvMetricsListen     = "JAGAWARGA_METRICS_LISTEN"
	EnvData              = "JAGAWARGA_DATA"
	EnvTimeScale         = "JAGAWARGA_TIME_SCALE"
	EnvDemo              = "JAGAWARGA_DEMO"
	EnvDatabaseURL       = "DATABASE_URL"
	EnvPublicDatabaseURL = "JAGAWARGA_PUBLIC_DATABASE_URL"
	EnvNATSURL           = "NATS_URL"
	EnvIdentity          = "JAGAWARGA_IDENTITY"
	EnvAnonymizer        = "JAGAWARGA_ANONYMIZER"
	EnvSecrets           = "JAGAWARGA_SECRETS"
	EnvReplicas          = "JAGAWARGA_REPLICAS"
	EnvTrustedProxies    = "JAGAWARGA_TRUSTED_PROXIES"
	EnvBlobs             = "JAGAWARGA_BLOBS"
	EnvBlobKeyFile       = "JAGAWARGA_BLOB_KEY_FILE"
	EnvAPI               = "JAGAWARGA_API"
	EnvPublicURL         = "JAGAWARGA_PUBLIC_URL"
	EnvMapCenter         = "JAGAWARGA_MAP_CENTER"
	EnvTiles             = "JAGAWARGA_TILES"
	EnvTilesAttribution  = "JAGAWARGA_TILES_ATTRIBUTION"
	EnvSMTPURL           = "JAGAWARGA_SMTP_URL"
	EnvMailFrom          = "JAGAWARGA_MAIL_FROM"
)

// MetricsOff as Config.MetricsListen means no metrics listener.
const MetricsOff = "off"

// Config is how a program finds the others. Each service gets its own: only the addresses and passwords it needs.
type Config struct {
	// Listen is the public address, host:port; for identity and anonymizer the gRPC address, which may also be
	// unix:///path.sock. Default 127.0.0.1:8080.
	Listen string
	// MetricsListen is the internal address of /metrics, host:port, or "off". Default 127.0.0.1:9090.
	MetricsListen string
	// Data is the data directory. Default ".data".
	Data string
	// TimeScale makes the clock of due times run faster: one working hour passes in 3600/TimeScale seconds. Default 1.
	TimeScale float64
	// Demo loads the demo city and its people.
	Demo bool
	// DatabaseURL is the service's own role in its own database; for `jagawarga up`, an administrator's URL that takes the
	// place of the private cluster. Empty: none.
	DatabaseURL string
	// PublicDatabaseURL is the role that sees public rows alone. Only the server has one.
	PublicDatabaseURL string
	// NATSURL is the broker, with the service's own user and password. Empty: none.
	NATSURL string
	// Identity and Anonymizer are the gRPC addresses that the server calls, unix:///path.sock or dns:///host:port.
	Identity   string
	Anonymizer string
	// Secrets is the directory with the service's own secret files.
	Secrets string
	// Replicas is how many nodes of the broker keep each stream. Default 1.
	Replicas int
	// TrustedProxies are the networks of gateways whose X-Forwarded-For the server believes, as ParseNetworks reads them. Default none.
	TrustedProxies string
	// Blobs is where pictures and films are kept: file:///directory or s3://bucket?region=.... Empty: the folder blobs of Data.
	Blobs string
	// BlobKeyFile holds the key that they are sealed under, the same for server and anonymizer; it is made when it is missing. Empty:
	// among the secrets of Data.
	BlobKeyFile string
	// Portal is for the pages.
	Portal Portal
	// Mail is for the notifier.
	Mail Mail
}

// Mail is how letters go out.
type Mail struct {
	// URL is the mail server, smtp://user:password@host:587 or smtps://host:465. Empty: no mail goes out.
	URL string
	// From is what letters come from. Default no-reply@localhost.
	From string
}

// Portal is what the pages are told.
type Portal struct {
	// API is the server's address, http://host:port, for a portal that runs alone.
	API string
	// PublicURL is how people reach the pages, https://host. With https, cookies go over TLS alone. Empty: as requests name it.
	PublicURL string
	// MapCenter is the middle of the city's map as latitude,longitude in degrees. Empty: the demo city's.
	MapCenter string
	// Tiles is a tile server for maps, https://host/{z}/{x}/{y}.png, and TilesAttribution what it asks to be said. Empty: a plain grid.
	Tiles, TilesAttribution string
}

// BlobPlace is Blobs and BlobKeyFile with their defaults. Without a data directory there is no default: no place is an error, and no key
// means a service that opens nothing.
func (c Config) BlobPlace() (place, keyFile string, err error) {
	place, keyFile = c.Blobs, c.BlobKeyFile
	if c.Data == "" {
		if place == "" {
			err = errors.New("nobody has said where pictures and films are kept")
		}
		return place, keyFile, err
	}
	data, err := filepath.Abs(c.Data)
	if place == "" {
		place = (&url.URL{Scheme: "file", Path: filepath.Join(data, "blobs")}).String()
	}
	if keyFile == "" {
		keyFile = filepath.Join(data, "secrets", "blobs", "blobs.key")
	}
	return place, keyFile, err
}

// FromEnv reads the configuration; getenv is os.Getenv outside of tests. What is unset or empty gets its default. The URLs,
// which carry passwords, may also come from a file: DATABASE_URL_FILE names one that holds what DATABASE_URL would.
func FromEnv(getenv func(string) string) (Config, error) {
	or := func(name, fallback string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return fallback
	}
	cfg := Config{
		Listen:        or(EnvListen, "127.0.0.1:8080"),
		MetricsListen: or(EnvMetricsListen, "127.0.0.1:9090"),
		Data:          or(EnvData, ".data"),
		Identity:      getenv(EnvIdentity),
		Anonymizer:    getenv(EnvAnonymizer),
		Secrets:       getenv(EnvSecrets),

		TrustedProxies: getenv(EnvTrustedProxies),
		Blobs:          getenv(EnvBlobs),
		BlobKeyFile:    getenv(EnvBlobKeyFile),
		Mail:           Mail{From: getenv(EnvMailFrom)},
		Portal: Portal{
			API: getenv(EnvAPI), PublicURL: getenv(EnvPublicURL), MapCenter: getenv(EnvMapCenter), Tiles: getenv(EnvTiles), TilesAttribution: getenv(EnvTilesAttribution),
		},
	}
	var err error
	for name, field := range map[string]*string{
		EnvDatabaseURL: &cfg.DatabaseURL, EnvPublicDatabaseURL: &cfg.PublicDatabaseURL, EnvNATSURL: &cfg.NATSURL, EnvSMTPURL: &cfg.Mail.URL,
	} {
		if *field, err = valueOrFile(getenv, name); err != nil {
			return Config{}, err
		}
	}
	if cfg.TimeScale, err = ParseTimeScale(or(EnvTimeScale, "1")); err != nil {
		return Config{}, fmt.Errorf("%s: %w", EnvTimeScale, err)
	}
	if cfg.Demo, err = strconv.ParseBool(or(EnvDemo, "0")); err != nil {
		return Config{}, fmt.Errorf("%s must be 1 or 0", EnvDemo)
	}
	if cfg.Replicas, err = strconv.Atoi(or(EnvReplicas, "1")); err != nil || cfg.Replicas < 1 || cfg.Replicas > 5 {
		return Config{}, fmt.Errorf("%s must be a number from 1 to 5", EnvReplicas)
	}
	if _, err := ParseNetworks(cfg.TrustedProxies); err != nil {
		return Config{}, fmt.Errorf("%s: %w", EnvTrustedProxies, err)
	}
	return cfg, nil
}

// valueOrFile reads the variable, or the file that the variable with _FILE behind its name names.
func valueOrFile(getenv func(string) string, name string) (string, error) {
	value, path := getenv(name), getenv(name+"_FILE")
	if path == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("set either %s or %s_FILE, not both", name, name)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	if value = strings.TrimSpace(string(content)); value == "" {
		return "", fmt.Errorf("%s_FILE: the file is empty", name)
	}
	return value, nil
}

// ParseTimeScale reads a time scale: a number above 0 and at most 86,400, where a working hour passes in 42 milliseconds.
func ParseTimeScale(text string) (float64, error) {
	scale, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(scale) || scale <= 0 || scale > 86_400 {
		return 0, fmt.Errorf("the time scale must be a number above 0 and at most 86400")
	}
	return scale, nil
}

// ParseNetworks reads networks with commas between them, like 10.0.0.0/8,fd00::/8; none from an empty text.
func ParseNetworks(text string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, errors.New("networks must look like 10.0.0.0/8,fd00::/8")
		}
		networks = append(networks, network)
	}
	return networks, nil
}

// Env writes the configuration as environment for a program started from scratch: what is empty is left out.
func (c Config) Env() []string {
	var env []string
	set := func(name, value string) {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	set(EnvListen, c.Listen)
	set(EnvMetricsListen, c.MetricsListen)
	set(EnvData, c.Data)
	if c.TimeScale != 0 {
		set(EnvTimeScale, strconv.FormatFloat(c.TimeScale, 'g', -1, 64))
	}
	if c.Demo {
		set(EnvDemo, "1")
	}
	set(EnvDatabaseURL, c.DatabaseURL)
	set(EnvPublicDatabaseURL, c.PublicDatabaseURL)
	set(EnvNATSURL, c.NATSURL)
	set(EnvIdentity, c.Identity)
	set(EnvAnonymizer, c.Anonymizer)
	set(EnvSecrets, c.Secrets)
	if c.Replicas != 0 {
		set(EnvReplicas, strconv.Itoa(c.Replicas))
	}
	set(EnvTrustedProxies, c.TrustedProxies)
	set(EnvBlobs, c.Blobs)
	set(EnvBlobKeyFile, c.BlobKeyFile)
	set(EnvAPI, c.Portal.API)
	set(EnvPublicURL, c.Portal.PublicURL)
	set(EnvMapCenter, c.Portal.MapCenter)
	set(EnvTiles, c.Portal.Tiles)
	set(EnvTilesAttribution, c.Portal.TilesAttribution)
	set(EnvSMTPURL, c.Mail.URL)
	set(EnvMailFrom, c.Mail.From)
	return env
}
