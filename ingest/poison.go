package ingest

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
)

// takeSingly takes a batch in entry by entry after it was refused whole: the good ones go in, the poisonous ones are set aside. A
// refused entry counts as not new: whoever waits for it looks it up and is told that it is not there.
func (i *Ingest) takeSingly(ctx context.Context, batch []events.Delivery) (fresh []bool, err error) {
	for d := range batch {
		for _, submission := range batch[d].Submissions {
			isNew, err := i.takeOne(ctx, &batch[d], submission)
			if err != nil {
				return nil, err
			}
			fresh = append(fresh, isNew)
		}
	}
	return fresh, nil
}

// renumberings is how often a number that is taken is replaced: numbers have 40 bits, so once is rare.
const renumberings = 3

func (i *Ingest) takeOne(ctx context.Context, delivery *events.Delivery, submission civic.Submission) (bool, error) {
	var refusal error
	for attempt := range renumberings {
		if attempt > 0 {
			submission.Number = civic.NumberFrom(append(submission.Report.UUID[:], byte(attempt)))
		}
		fresh, err := i.records.TakeIn(ctx, i.desk.TakeIn([]civic.Submission{submission}))
		switch {
		case err == nil:
			return fresh[0], nil
		case !poison(err):
			return false, err
		}
		refusal = err
	}
	i.log.Error("a submission was set aside", "reason", reasonOf(refusal))
	return false, delivery.DeadLetter(ctx, submission, reasonOf(refusal))
}
