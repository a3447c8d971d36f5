package graph

import (
	"context"
	"errors"
	"strconv"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
)

const maxKeep = 200

// anonymousReport checks and routes a draft; its words become Raw here and are not looked at again.
func (r *Resolver) anonymousReport(in model.SubmitAnonymousReportInput) (anonymizerclient.Report, error) {
	var none anonymizerclient.Report
	category, err := optionalID("category", in.Category, civic.ParseCategoryID)
	if err != nil {
		return none, err
	}
	key, err := civic.CheckOptionalText("clientKey", value(in.ClientKey), civic.MaxClientID)
	if err != nil {
		return none, err
	}
	if err := checkKeep(in.Keep); err != nil {
		return none, err
	}
	token, err := tokenOf(in.Token)
	if err != nil {
		return none, err
	}
	prepared, err := r.Desk.PrepareAnonymous(casework.Draft{
		Title: in.Title, Body: in.Body, Category: category, Place: placeOf(in.Location), Answers: answersOf(in.Answers), Media: uploadsOf(in.Media),
	})
	if err != nil {
		return none, err
	}
	return anonymizerclient.Report{
		ClientKey: key, Token: token, Title: civic.NewRaw(prepared.Title), Body: civic.NewRaw(prepared.Body), Keep: in.Keep,
		Category: prepared.Category, Department: prepared.Department, Place: prepared.Place, ExactLocation: value(in.ExactLocation),
		Answers: prepared.Answers, ResponseDue: prepared.ResponseDue, ResolutionDue: prepared.ResolutionDue,
		Media: uploadsOf(in.Media),
	}, nil
}

// fileAnonymously hands a report on. Who tries tokens that are worth nothing is slowed down.
func (r *Resolver) fileAnonymously(ctx context.Context, report anonymizerclient.Report) (*anonymizerclient.Filed, error) {
	if report.Token == nil {
		return r.Anonymizer.Submit(ctx, report)
	}
	if err := r.Guesses.AllowToken(ctx); err != nil {
		return nil, err
	}
	filed, err := r.Anonymizer.Submit(ctx, report)
	if refusal, ok := errors.AsType[*civic.Error](err); ok && worthless[refusal.Key] {
		r.Guesses.FailedToken(ctx)
	}
	return filed, err
}

// worthless are the answers to tokens that no issuer has signed, or that somebody has spent; one that has only grown old is not among them.
var worthless = map[string]bool{"tokens.forged": true, "tokens.unknown_key": true, "token.spent": true}

func checkPreview(text string, keep []string) error {
	if _, err := civic.CheckOptionalText("text", text, civic.MaxTitle+civic.MaxBody); err != nil {
		return err
	}
	return checkKeep(keep)
}

func checkKeep(keep []string) error {
	if len(keep) > maxKeep {
		return civic.Invalid("keep", "keep.too_many", "max", strconv.Itoa(maxKeep))
	}
	for _, stretch := range keep {
		if _, err := civic.CheckOptionalText("keep", stretch, civic.MaxBody); err != nil {
			return err
		}
	}
	return nil
}

func spanOf(s anonymizerclient.Span) *model.ScrubbedSpan {
	return &model.ScrubbedSpan{Kind: s.Kind, Start: s.Start, End: s.End, Text: s.Text, Replacement: s.Replacement}
}
