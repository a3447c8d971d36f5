package service

import (
	"context"
	"log/slog"
	"time"

	"github.com/jagawarga/jagawarga/upkeep"
)

// lettingGo is what ingest owes to people who are done with the city: those who delete their account are taken out of the rows, and reports
// that have been over long enough lose what is personal in them. Any number may run side by side.
func (b *base) lettingGo(log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		return upkeep.Run(ctx, log,
			upkeep.Chore{Name: "forget who left", Every: time.Second, Retry: 5 * time.Second, Do: func(ctx context.Context) error {
				return b.desk.ForgetDeparted(ctx, b.bus.ForgetSettled)
			}},
			upkeep.Chore{Name: "retention", First: time.Minute, Every: 24 * time.Hour, Retry: 10 * time.Minute, Do: func(ctx context.Context) error {
				erased, err := b.desk.EraseOld(ctx, 0)
				if erased > 0 {
					log.Info("what was personal in old reports is erased", "reports", erased)
				}
				return err
			}})
	}
}

// departing deletes the accounts of those whose departure was written down and then interrupted.
func (b *base) departing(log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		return upkeep.Run(ctx, log, upkeep.Chore{Name: "delete accounts", Every: 5 * time.Second, Do: b.desk.FinishDepartures})
	}
}
