package graph

import (
	"context"
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
		Title: in.Title, Body: in.Body, Category: category, Place: placeOf(in.Location), Answers: answersOf(in.Answers),
	})
	if err != nil {
		return none, err
	}
	return anonymizerclient.Report{
		ClientKey: key, Token: token, Title: civic.NewRaw(prepared.Title), Body: civic.NewRaw(prepared.Body), Keep: in.Keep,
		Category: prepared.Category, Department: prepared.Department, Place: prepared.Place, ExactLocation: value(in.ExactLocation),
		Answers: prepared.Answers, ResponseDue: prepared.ResponseDue, ResolutionDue: prepared.ResolutionDue,
	}, nil
}

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

// anonymousCase is the report with this receipt and its conversation.
func (r *Resolver) anonymousCase(ctx context.Context, hash []byte) (*model.AnonymousCase, error) {
	report, err := r.Reader.ReportByReceipt(ctx, hash)
	if err != nil {
		return nil, err
	}
	found := model.NewReport(r.view(ctx), civic.Scope{Receipt: hash}, report)
	page, err := r.comments(ctx, found, civic.PageRequest{First: civic.MaxPage})
	if err != nil {
		return nil, err
	}
	return &model.AnonymousCase{Report: found, Messages: r.showComments(ctx, page.Items), Unread: unread(page.Items)}, nil
}

// unread counts what the department has said since the reporter last wrote.
func unread(comments []*civic.Comment) int {
	count := 0
	for _, comment := range comments {
		switch comment.Kind {
		case civic.AuthorReporter:
			count = 0
		case civic.AuthorDepartment:
			count++
		}
	}
	return count
}

func spanOf(s anonymizerclient.Span) *model.ScrubbedSpan {
	return &model.ScrubbedSpan{Kind: s.Kind, Start: s.Start, End: s.End, Text: s.Text, Replacement: s.Replacement}
}
