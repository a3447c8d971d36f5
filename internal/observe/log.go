// Package observe shows a running program from inside: structured logs, metrics, and an internal listener for both people and
// machines that watch it. None of it carries personal data, and none of it is on the public port.
package observe

import (
	"fmt"
	"io"
	"log/slog"
)

// EnvLogLevel names the variable that sets the level: debug, info (the default), warn or error.
const EnvLogLevel = "JAGAWARGA_LOG_LEVEL"

// Logger writes JSON lines to w, each with the service's name. getenv is os.Getenv outside of tests.
func Logger(w io.Writer, service string, getenv func(string) string) (*slog.Logger, error) {
	level := slog.LevelInfo
	if text := getenv(EnvLogLevel); text != "" {
		if err := level.UnmarshalText([]byte(text)); err != nil {
			return nil, fmt.Errorf("%s must be debug, info, warn or error", EnvLogLevel)
		}
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})).With("service", service), nil
}
