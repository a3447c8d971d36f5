package report

import (
	"context"
	"net/http"

	"github.com/Khan/genqlient/graphql"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// An act is what somebody does with a report; text is what they typed.
type act func(ctx context.Context, api graphql.Client, report, text string) error

// acts are the acts by the last part of the address that they are sent to.
var acts = map[string]act{
	"dukung": func(ctx context.Context, api graphql.Client, report, _ string) error {
		_, err := client.Support(ctx, api, report)
		return err
	},
	"batal-dukung": func(ctx context.Context, api graphql.Client, report, _ string) error {
		_, err := client.Unsupport(ctx, api, report)
		return err
	},
	"komentar": func(ctx context.Context, api graphql.Client, report, text string) error {
		_, err := client.Say(ctx, api, report, text)
		return err
	},
	"selesai": func(ctx context.Context, api graphql.Client, report, _ string) error {
		_, err := client.Confirm(ctx, api, report)
		return err
	},
	"belum": func(ctx context.Context, api graphql.Client, report, text string) error {
		_, err := client.Reopen(ctx, api, report, text)
		return err
	},
}

// Act does it and shows the report. What cannot be done is said on the page, beside what was typed.
func Act(v *page.Visit) error {
	do, known := acts[v.R.PathValue("act")]
	if !known {
		return page.NotFound
	}
	form, err := v.Form()
	if err != nil {
		return err
	}
	found, err := find(v, v.R.PathValue("number"))
	if err != nil {
		return err
	}
	err = do(v.R.Context(), v.API(), found.Id, form.Get("isi"))
	switch problem := v.Sentence(err); {
	case err == nil:
		v.Go(own(found.Number))
		return nil
	case problem != "" && client.Code(err) != "UNAUTHENTICATED":
		return show(v, http.StatusUnprocessableEntity, form.Get("isi"), problem)
	}
	return err
}
