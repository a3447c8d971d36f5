package service

import (
	"context"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

// unknowing is the anonymizer, as the GraphQL face sees it, which never learns who is asking. What a signed-in citizen is known by is
// taken out here, and the anonymizer gets blanks in its place; what it then says of the text is said again of the original. Nothing of it
// is kept. A report with a token comes from nobody, so there is nothing to take out.
//
// When it cannot be found out what the citizen is known by, the report is refused: it must not go on with the name in it, silently.
type unknowing struct {
	*redeemer
	person func(context.Context, civic.CitizenID) (identityclient.Person, error)
}

// Submit files a report.
func (u unknowing) Submit(ctx context.Context, report anonymizerclient.Report) (*anonymizerclient.Filed, error) {
	known, err := u.known(ctx)
	if err != nil {
		return nil, err
	}
	if report.Token != nil || known == nil {
		return u.redeemer.Submit(ctx, report)
	}
	body := known.Blank(report.Body.Reveal(), report.Keep)
	report.Body = civic.NewRaw(body.Text)
	report.Title = civic.NewRaw(known.Blank(report.Title.Reveal(), report.Keep).Text)
	if report.Place != nil {
		place := *report.Place
		place.Address = known.Blank(place.Address, nil).Text
		report.Place = &place
	}
	answers := make([]civic.Answer, len(report.Answers))
	for i, answer := range report.Answers {
		answers[i] = civic.Answer{Question: answer.Question, Answer: known.Blank(answer.Answer, report.Keep).Text}
	}
	report.Answers = answers
	filed, err := u.redeemer.Submit(ctx, report)
	if err != nil {
		return nil, err
	}
	told := *filed
	told.Removed = original(body, filed.Removed)
	return &told, nil
}

// Preview shows what Submit would store of a text.
func (u unknowing) Preview(ctx context.Context, text civic.Raw, keep []string) (*anonymizerclient.Preview, error) {
	known, err := u.known(ctx)
	if err != nil {
		return nil, err
	}
	if known == nil {
		return u.redeemer.Preview(ctx, text, keep)
	}
	blanked := known.Blank(text.Reveal(), keep)
	preview, err := u.redeemer.Preview(ctx, civic.NewRaw(blanked.Text), keep)
	if err != nil {
		return nil, err
	}
	told := *preview
	told.Removed = original(blanked, preview.Removed)
	return &told, nil
}

// known is what a signed-in citizen is known by; nil for everybody else.
func (u unknowing) known(ctx context.Context) (*scrub.Known, error) {
	p := auth.From(ctx)
	if !p.IsCitizen() {
		return nil, nil
	}
	person, err := u.person(ctx, p.Citizen)
	if err != nil {
		return nil, err
	}
	return &scrub.Known{Name: person.Name, Phone: person.Phone}, nil
}

func original(blanked scrub.Blanked, spans []anonymizerclient.Span) []anonymizerclient.Span {
	told := make([]anonymizerclient.Span, len(spans))
	for i, span := range spans {
		told[i] = span
		told[i].Start, told[i].End, told[i].Text = blanked.Original(span.Start, span.End)
	}
	return told
}
