package graph

import (
	"context"
	"errors"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// opened is a case that a receipt has opened.
type opened struct {
	report *civic.Report
	hash   []byte
}

// openCase finds the case of a receipt, as somebody typed it. It must not come with an account, and who tries receipts that open nothing
// is slowed down. A slip of the pen, which the check digit shows, is no try: it tells nothing about any receipt.
func (r *Resolver) openCase(ctx context.Context, receipt string) (*opened, error) {
	if auth.From(ctx).SignedIn() {
		return nil, civic.Invalid("receipt", "receipt.signed_in")
	}
	if err := r.Guesses.Allow(ctx); err != nil {
		return nil, err
	}
	hash, err := r.Anonymizer.OpenReceipt(ctx, civic.NewRaw(receipt))
	if err != nil {
		return nil, err
	}
	report, err := r.Reader.ReportByReceipt(ctx, hash)
	if refusal := (*civic.Error)(nil); errors.As(err, &refusal) && refusal.Code == civic.CodeNotFound {
		r.Guesses.Failed(ctx)
	}
	if err != nil {
		return nil, err
	}
	return &opened{report, hash}, nil
}

// showCase shows a case with its conversation.
func (r *Resolver) showCase(ctx context.Context, o *opened) (*model.AnonymousCase, error) {
	report := model.NewReport(r.view(ctx), civic.Scope{Receipt: o.hash}, o.report)
	page, err := r.comments(ctx, report, civic.PageRequest{First: civic.MaxPage})
	if err != nil {
		return nil, err
	}
	return model.NewAnonymousCase(report, r.showComments(ctx, page.Items)), nil
}

// changedCase shows a case after its reporter's act.
func (r *Resolver) changedCase(ctx context.Context, hash []byte, changed *civic.Report, err error) (*model.AnonymousCase, error) {
	if err != nil {
		return nil, err
	}
	return r.showCase(ctx, &opened{changed, hash})
}

// readWords checks what a reporter typed, before anything is done with it. From here on it goes nowhere but to the anonymizer.
func readWords(field, typed string, limit int, required bool) (civic.Raw, error) {
	check := civic.CheckOptionalText
	if required {
		check = civic.CheckText
	}
	typed, err := check(field, typed, limit)
	return civic.NewRaw(typed), err
}

// watchCase shows a case at once and after each of its events, as it stands then. It is loaded with the receipt's own right each time.
func (r *Resolver) watchCase(ctx context.Context, o *opened) (<-chan *model.AnonymousCase, error) {
	watching, err := r.Feed.Watch(ctx, civic.Topic{Report: o.report.ID}, "")
	if err != nil {
		return nil, err
	}
	out := make(chan *model.AnonymousCase)
	tell := func() (goesOn bool) {
		found, err := patiently(ctx, func(ctx context.Context) (*model.AnonymousCase, error) { return r.reload(ctx, o.hash) })
		if err != nil {
			found = model.NewBrokenCase(err)
		}
		return handOn(ctx, out, found) && err == nil
	}
	go func() {
		defer close(out)
		if !tell() { // the watch had begun before this was loaded, so nothing falls between them
			return
		}
		for event := range watching.Events() {
			if event.Kind.ForDepartments() {
				continue
			}
			if !tell() {
				return
			}
		}
		if err := watching.Err(); err != nil {
			handOn(ctx, out, model.NewBrokenCase(err))
		}
	}()
	return out, nil
}

func (r *Resolver) reload(ctx context.Context, hash []byte) (*model.AnonymousCase, error) {
	report, err := r.Reader.ReportByReceipt(ctx, hash)
	return r.changedCase(ctx, hash, report, err)
}

// unhurried slows nobody down.
type unhurried struct{}

func (unhurried) Allow(context.Context) error      { return nil }
func (unhurried) Failed(context.Context)           {}
func (unhurried) AllowToken(context.Context) error { return nil }
func (unhurried) FailedToken(context.Context)      {}
