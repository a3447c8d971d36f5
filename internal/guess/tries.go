package guess

import (
	"context"
	"net/http"
)

// Tries is all that guessers meet: a brake for each neighbourhood, and work for everybody while many fail.
type Tries struct {
	Brake *Brake
	Siege *Siege
}

// Mark tells the operations of a request whose they are, and what work was done for them.
func (t Tries) Mark(ctx context.Context, r *http.Request) context.Context {
	return t.Siege.Mark(t.Brake.Mark(ctx, r), r)
}

// Allow stands before receipts.
func (t Tries) Allow(ctx context.Context) error {
	if err := t.Brake.Allow(ctx); err != nil {
		return err
	}
	return t.Siege.Allow(ctx)
}

// Failed counts a receipt.
func (t Tries) Failed(ctx context.Context) {
	t.Brake.Failed(ctx)
	t.Siege.Failed()
}

// AllowToken stands before tokens. A neighbourhood is not held back for them: whoever tries them gains nothing by it but our work.
func (t Tries) AllowToken(ctx context.Context) error { return t.Siege.Allow(ctx) }

// FailedToken counts a token.
func (t Tries) FailedToken(context.Context) { t.Siege.Failed() }
