// Package follow is for who has filed anonymously: with the receipt alone they see their case, talk with the department and say whether it is done.
// These pages lie outside of where sessions live, so the browser does not tell who is signed in, and the API is asked as a stranger. The receipt
// travels in the body of forms, never in an address, which histories and logs would keep.
package follow

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The names of the fields.
const (
	nameReceipt, nameText, nameAct, nameProof = "tanda", "isi", "aksi", "kerja"
)

type view struct {
	page.Frame
	page.Details
	Receipt  string
	Field    page.Field
	Reply    page.Field
	Reason   page.Field
	Messages []page.Word
	Unread   bool
	Problem  string
	Found    bool
	Judge    bool
	// Challenge and Difficulty are the work that a browser with scripts does before it asks again.
	Challenge, Difficulty string
}

// Ask shows the form for the receipt.
func Ask(v *page.Visit) error { return v.Show(http.StatusOK, content(blank(v, "", ""))) }

func blank(v *page.Visit, receipt, problem string) view {
	f := v.Frame(v.Words.T("follow.title"), "")
	f.Modules, f.Styles = []string{"report.js", "receipt.js"}, []string{"city.css", "anonymous.css"}
	return view{Frame: f, Receipt: receipt, Field: page.Field{
		Name: nameReceipt, ID: "tanda", Label: v.Words.T("follow.receipt"), Hint: v.Words.T("follow.receipt.hint"), Value: receipt, Problem: problem, Complete: "off", Most: 200, Required: true,
	}}
}

// Open shows the case, after doing what its reporter asks for.
func Open(v *page.Visit) error {
	form, err := v.Form()
	if err != nil {
		return err
	}
	receipt, text := form.Get(nameReceipt), form.Get(nameText)
	api := v.Site.API.As(client.Caller{Language: v.Words.Lang, From: v.R, Proof: form.Get(nameProof)})
	found, err := act(v, api, form.Get(nameAct), receipt, text)
	if work := asked(err); work != nil {
		return busy(v, receipt, *work)
	}
	problem := v.Sentence(err)
	if err != nil && problem == "" && client.Code(err) != "NOT_FOUND" {
		return err
	}
	if err != nil && form.Get(nameAct) != "" { // what was not done is said on the case itself
		shown, again := client.Follow(v.R.Context(), v.API(), receipt)
		if asked(again) != nil { // the work was good for the one try
			return busy(v, receipt, *asked(again))
		}
		if again == nil && shown.AnonymousReport != nil {
			return show(v, http.StatusUnprocessableEntity, *shown.AnonymousReport, receipt, text, problem)
		}
	}
	if err != nil || found == nil {
		if client.Code(err) == "NOT_FOUND" || problem == "" {
			problem = v.Words.T("follow.unknown")
		}
		status := http.StatusUnprocessableEntity
		if client.Code(err) == "UNAVAILABLE" { // a browser with scripts keeps the case, and what was typed, on the screen
			status = http.StatusServiceUnavailable
		}
		return v.Show(status, content(blank(v, receipt, problem)))
	}
	return show(v, http.StatusOK, *found, receipt, "", "")
}

// asked is the work that the API wants first, if it does.
func asked(err error) *client.Work {
	if fault := (*client.Fault)(nil); errors.As(err, &fault) {
		return fault.Work
	}
	return nil
}

// busy shows the form once more: many receipts fail just now, and who brings one has to work first. Scripts do that and send the form again;
// without them one has to wait.
func busy(v *page.Visit, receipt string, work client.Work) error {
	shown := blank(v, receipt, v.Words.T("follow.work.plain"))
	shown.Challenge, shown.Difficulty = work.Challenge, strconv.Itoa(work.Difficulty)
	return v.Show(http.StatusTooManyRequests, content(shown))
}

func act(v *page.Visit, api client.Speaker, do, receipt, text string) (*client.Case, error) {
	switch do {
	case "balas":
		answer, err := client.Reply(v.R.Context(), api, receipt, text)
		if err != nil {
			return nil, err
		}
		return answer.ReplyAsAnonymous, nil
	case "selesai", "belum":
		var reason *string
		if text != "" {
			reason = &text
		}
		answer, err := client.Judge(v.R.Context(), api, receipt, do == "selesai", reason)
		if err != nil {
			return nil, err
		}
		return answer.AnswerResolutionAsAnonymous, nil
	}
	answer, err := client.Follow(v.R.Context(), api, receipt)
	if err != nil {
		return nil, err
	}
	return answer.AnonymousReport, nil
}

func show(v *page.Visit, status int, c client.Case, receipt, text, problem string) error {
	t := v.Words.T
	shown := blank(v, receipt, "")
	shown.Found, shown.Problem, shown.Details, shown.Unread = true, problem, v.Details(c.Report), c.Unread > 0
	shown.Judge = shown.Judging
	shown.Reply = page.Field{Name: nameText, ID: "balasan", Label: t("follow.reply"), Hint: t("follow.reply.hint"), Value: text, Most: 10_000, Required: true}
	shown.Reason = page.Field{Name: nameText, ID: "alasan", Label: t("judge.why"), Most: 2000, Required: true}
	for _, m := range c.Messages {
		shown.Messages = append(shown.Messages, page.Word{Who: m.Author.Name, When: v.Moment(m.CreatedAt), Body: m.Body})
	}
	return v.Show(status, content(shown))
}
