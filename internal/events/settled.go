package events

import "context"

// SubmissionsSettled tells whether ingest has taken in everything that was accepted up to now, and nothing was set aside.
func (b *Bus) SubmissionsSettled(ctx context.Context) (bool, error) {
	dead, err := b.CountDeadLetters(ctx)
	if err != nil || dead > 0 {
		return false, err
	}
	submissions, err := b.Submissions(ctx)
	if err != nil {
		return false, err
	}
	pending, err := submissions.Pending(ctx)
	return pending == 0, err
}

// ForgetSettled empties the stream of submissions where SubmissionsSettled is true: nothing of who wrote them is left in it then. Tidy leaves
// the very last, because an empty stream is dearer for the next one.
func (b *Bus) ForgetSettled(ctx context.Context) (settled bool, err error) {
	if settled, err = b.SubmissionsSettled(ctx); err != nil || !settled {
		return false, err
	}
	submissions, err := b.Submissions(ctx)
	if err != nil {
		return false, err
	}
	return true, submissions.purge(ctx, 1)
}
