package report

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// An act is what somebody does with a report.
type act func(ctx context.Context, v *page.Visit, report string, form page.Form) error

// simple is an act that says nothing.
func simple[T any](do func(context.Context, client.Speaker, string) (*T, error)) act {
	return func(ctx context.Context, v *page.Visit, report string, _ page.Form) error {
		_, err := do(ctx, v.API(), report)
		return err
	}
}

// acts are the acts by the last part of the address that they are sent to.
var acts = map[string]act{
	"dukung": simple(func(ctx context.Context, s client.Speaker, id string) (*client.SupportResponse, error) {
		return client.Support(ctx, s, id)
	}),
	"batal-dukung": simple(func(ctx context.Context, s client.Speaker, id string) (*client.UnsupportResponse, error) {
		return client.Unsupport(ctx, s, id)
	}),
	"ikuti": simple(func(ctx context.Context, s client.Speaker, id string) (*client.WatchResponse, error) {
		return client.Watch(ctx, s, id)
	}),
	"berhenti-ikuti": simple(func(ctx context.Context, s client.Speaker, id string) (*client.UnwatchResponse, error) {
		return client.Unwatch(ctx, s, id)
	}),
	"selesai": simple(func(ctx context.Context, s client.Speaker, id string) (*client.ConfirmResponse, error) {
		return client.Confirm(ctx, s, id)
	}),
	"komentar": func(ctx context.Context, v *page.Visit, report string, form page.Form) error {
		_, err := client.Say(ctx, v.API(), report, form.Get("isi"))
		return err
	},
	"belum": func(ctx context.Context, v *page.Visit, report string, form page.Form) error {
		_, err := client.Reopen(ctx, v.APIWith("photos", form.Files), report, form.Get("isi"), form.Files)
		return err
	},
	"nilai": func(ctx context.Context, v *page.Visit, report string, form page.Form) error {
		score, _ := strconv.Atoi(form.Get("nilai")) // the API refuses what is no score
		_, err := client.Rate(ctx, v.API(), report, score, optional(form.Get("isi")))
		return err
	},
	"tarik": func(ctx context.Context, v *page.Visit, report string, form page.Form) error {
		_, err := client.Withdraw(ctx, v.API(), report, optional(form.Get("isi")))
		return err
	},
	"ubah": func(ctx context.Context, v *page.Visit, report string, form page.Form) error {
		title, body := form.Get("judul"), form.Get("isi")
		_, err := client.Edit(ctx, v.APIWith("input.addMedia", form.Files), report, client.EditReportInput{Title: &title, Body: &body, AddMedia: form.Files})
		return err
	},
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// where says to which part of the page somebody comes back after an act.
var where = map[string]string{"komentar": "#bicara", "dukung": "#dukungan", "batal-dukung": "#dukungan", "ikuti": "#dukungan", "berhenti-ikuti": "#dukungan"}

// Act does it and shows the report. What cannot be done is said on the page, beside what was typed. A stranger who supports or follows a report
// signs in first, and is then asked once more.
func Act(v *page.Visit) error {
	name := v.R.PathValue("act")
	do, known := acts[name]
	if !known {
		return page.NotFound
	}
	number := v.R.PathValue("number")
	if v.Session == nil {
		back := own(number)
		if asking[name] != "" {
			back += "/" + name
		}
		v.Go(session.Path + "/masuk?kembali=" + url.QueryEscape(back))
		return nil
	}
	form, err := v.Form()
	defer form.Release()
	if err != nil {
		return refused(v, name, form.Values, err)
	}
	found, err := find(v, number)
	if err != nil {
		return err
	}
	if err = do(v.R.Context(), v, found.Id, form); err != nil {
		return refused(v, name, form.Values, err)
	}
	v.Go(own(found.Number) + "?sudah=" + name + where[name])
	return nil
}

// refused shows the page on which it was tried.
func refused(v *page.Visit, name string, typed url.Values, err error) error {
	problem := v.Sentence(err)
	if problem == "" || client.Code(err) == "UNAUTHENTICATED" {
		return err
	}
	if form := asking[name]; form == "own" {
		return ask(v, http.StatusUnprocessableEntity, name, typed, problem)
	}
	return show(v, http.StatusUnprocessableEntity, name, typed, problem)
}

// asking are the acts that have a page of their own: "own" for those whose form stands there and nowhere else, "again" for those that a stranger
// is asked for after signing in.
var asking = map[string]string{"ubah": "own", "tarik": "own", "dukung": "again", "ikuti": "again"}

// Ask is the page of an act.
func Ask(v *page.Visit) error {
	name := strings.ToLower(v.R.PathValue("act"))
	if asking[name] == "" {
		return page.NotFound
	}
	return ask(v, http.StatusOK, name, nil, "")
}

func ask(v *page.Visit, status int, name string, typed url.Values, problem string) error {
	found, err := find(v, v.R.PathValue("number"))
	if err != nil {
		return err
	}
	shown := signed(v, *found)
	shown.Act, shown.Typed, shown.Problem = name, typed, problem
	shown.Frame.Title = v.Words.T("act." + name + ".title")
	switch {
	case name == "ubah" && !shown.Editable && problem == "", name == "tarik" && !shown.Withdrawable && problem == "":
		return &client.Fault{Code: "CONFLICT", Message: v.Words.T("act." + name + ".late")}
	case name == "ubah":
		if typed == nil {
			shown.Typed = url.Values{"judul": {found.Title}, "isi": {found.Body}}
		}
		return v.Show(status, edit(shown))
	case name == "tarik":
		return v.Show(status, withdraw(shown))
	case name == "dukung" && shown.Supported, name == "ikuti" && shown.Followed:
		v.Go(shown.Own)
		return nil
	}
	return v.Show(status, again(shown))
}
