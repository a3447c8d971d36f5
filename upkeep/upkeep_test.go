package upkeep_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jagawarga/jagawarga/upkeep"
)

// Each chore has its own pace, a failed one its own patience, and the log tells of it once.
func TestChores(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told strings.Builder
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		var daily, hourly []time.Duration
		broken := true
		done := make(chan error)
		go func() {
			done <- upkeep.Run(ctx, slog.New(slog.NewTextHandler(&told, nil)),
				upkeep.Chore{Name: "daily", First: time.Minute, Every: 24 * time.Hour, Retry: time.Hour, Do: func(context.Context) error {
					daily = append(daily, time.Since(start))
					if len(daily) > 3 {
						broken = false
					}
					if broken {
						return errors.New("broken")
					}
					return nil
				}},
				upkeep.Chore{Name: "hourly", Every: time.Hour, Do: func(context.Context) error {
					hourly = append(hourly, time.Since(start))
					return nil
				}})
		}()
		time.Sleep(48 * time.Hour)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if len(hourly) < 48 || len(daily) != 5 || daily[0] != time.Minute || daily[3] != time.Minute+3*time.Hour || daily[4] != daily[3]+24*time.Hour {
			t.Errorf("%v, %d hourly", daily, len(hourly))
		}
		if n := strings.Count(told.String(), "WARN"); n != 1 || !strings.Contains(told.String(), "is done again") {
			t.Errorf("%s", told.String())
		}
	})
}
