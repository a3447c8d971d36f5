package process_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/internal/process"
)

func from(environment map[string]string) (process.Config, error) {
	return process.FromEnv(func(name string) string { return environment[name] })
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	got, err := from(nil)
	want := process.Config{Listen: "127.0.0.1:8080", MetricsListen: "127.0.0.1:9090", Data: ".data", TimeScale: 1, Replicas: 1}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatEnvWritesFromEnvReads(t *testing.T) {
	t.Parallel()
	want := process.Config{
		Listen: "unix:///run/a.sock", MetricsListen: process.MetricsOff, Data: "/data", TimeScale: 3600, Demo: true,
		DatabaseURL: "postgres://a", PublicDatabaseURL: "postgres://b", NATSURL: "nats://c",
		Identity: "unix:///d", Anonymizer: "dns:///e:1", Secrets: "/secrets", Replicas: 3, TrustedProxies: "10.0.0.0/8,fd00::/8",
		Blobs: "s3://pictures?region=x", BlobKeyFile: "/secrets/blobs.key",
	}
	environment := map[string]string{}
	for _, variable := range want.Env() {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	if got, err := from(environment); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPasswordsMayComeFromFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(path, []byte("postgres://a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := from(map[string]string{"DATABASE_URL_FILE": path}); err != nil || got.DatabaseURL != "postgres://a" {
		t.Errorf("%q, %v", got.DatabaseURL, err)
	}
}

func TestBadValuesAreNamed(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, environment := range map[string]map[string]string{
		"JAGAWARGA_TIME_SCALE": {"JAGAWARGA_TIME_SCALE": "fast"},
		"above 0":              {"JAGAWARGA_TIME_SCALE": "0"},
		"at most 86400":        {"JAGAWARGA_TIME_SCALE": "NaN"},
		"JAGAWARGA_DEMO":       {"JAGAWARGA_DEMO": "perhaps"},
		"JAGAWARGA_REPLICAS":   {"JAGAWARGA_REPLICAS": "0"},
		"10.0.0.0/8,fd00::/8":  {"JAGAWARGA_TRUSTED_PROXIES": "10.0.0.1"},
		"not both":             {"NATS_URL": "nats://a", "NATS_URL_FILE": empty},
		"the file is empty":    {"NATS_URL_FILE": empty},
		"no such file":         {"DATABASE_URL_FILE": empty + ".missing"},
	} {
		if _, err := from(environment); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", environment, err)
		}
	}
}

func TestBlobsLieInTheDataDirectory(t *testing.T) {
	t.Parallel()
	place, key, err := process.Config{Data: "/data of a city"}.BlobPlace()
	if place != "file:///data%20of%20a%20city/blobs" || key != "/data of a city/secrets/blobs/blobs.key" || err != nil {
		t.Errorf("%s %s %v", place, key, err)
	}
	if _, _, err := (process.Config{BlobKeyFile: "/key"}).BlobPlace(); err == nil {
		t.Error("a place was found that nobody has named")
	}
	if place, key, err := (process.Config{Blobs: "s3://pictures"}).BlobPlace(); place != "s3://pictures" || key != "" || err != nil {
		t.Errorf("without a key: %s %s %v", place, key, err)
	}
	place, key, err = process.Config{Data: "/data", Blobs: "s3://pictures", BlobKeyFile: "/key"}.BlobPlace()
	if place != "s3://pictures" || key != "/key" || err != nil {
		t.Errorf("%s %s %v", place, key, err)
	}
}
