package importer

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store"
)

// flush writes the batch and tells how far the import has come.
func (i *Importer) flush(ctx context.Context, read int64) error {
	batch := i.batch
	i.batch = i.batch[:0]
	if len(batch) > 0 {
		if err := i.write(ctx, batch); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	i.cfg.Progress(read, i.counts)
	return nil
}

// write tries the batch whole and, if the database refuses what stands in it, row by row.
func (i *Importer) write(ctx context.Context, batch []entry) error {
	arrivals := make([]civic.Arrival, len(batch))
	for n := range batch {
		arrivals[n] = batch[n].arrival
	}
	fresh, err := i.records.TakeIn(ctx, arrivals)
	if _, fault := store.RowFault(err); fault {
		return i.writeSingly(ctx, batch)
	}
	if err != nil {
		return err
	}
	for n := range batch {
		i.written(&batch[n], fresh[n])
	}
	return nil
}

// numbers is how many numbers a report is tried with: they have 40 bits, so that one is taken already is rare, and twice is rarer.
const numbers = 3

func (i *Importer) writeSingly(ctx context.Context, batch []entry) error {
	for n := range batch {
		e := &batch[n]
		var reason string
		refused := true
		for attempt := 0; refused && attempt < numbers; attempt++ {
			if attempt > 0 {
				id := e.arrival.Report.ID
				e.arrival.Report.Number = civic.NumberFrom(append(id.UUID[:], byte(attempt)))
			}
			fresh, err := i.records.TakeIn(ctx, []civic.Arrival{e.arrival})
			if reason, refused = store.RowFault(err); refused {
				continue
			}
			if err != nil {
				return err
			}
			i.written(e, fresh[0])
		}
		if refused {
			if err := i.reject(e.line, e.key, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *Importer) written(e *entry, fresh bool) {
	if !fresh {
		i.counts.Skipped++
		return
	}
	i.counts.Imported++
	if e.redated {
		i.counts.Redated++
	}
}
