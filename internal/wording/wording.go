// Package wording says a notification in a sentence, in the language of whoever reads it. A sentence names a report by its number and
// category alone, so it can go into mail and push messages as it is.
package wording

import (
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// Sentence says a notification; report is nil where it is about several, or where the reader may not see it any more.
func Sentence(city *civic.City, language string, n *civic.Notification, report *civic.Report) string {
	args := map[string]string{"count": strconv.Itoa(n.Detail.Count), "overdue": strconv.Itoa(n.Detail.Overdue)}
	if n.Detail.Department != nil {
		if department := city.Department(*n.Detail.Department); department != nil {
			args["department"] = department.Name.In(language)
		}
	}
	switch {
	case n.Detail.Digest:
		return locale.Text(language, "notification.digest", args)
	case n.Report == nil:
		return locale.Text(language, "notification.new_reports", args)
	case report == nil:
		return locale.Text(language, "notification.gone", nil)
	}
	args["number"], args["status"] = report.Number, locale.Text(language, "status."+string(n.Detail.Status), nil)
	if category := city.Category(report.Category); category != nil {
		args["category"] = category.Name.In(language)
	}
	return locale.Text(language, keyOf(n), args)
}

func keyOf(n *civic.Notification) string {
	if n.Kind == civic.NotifyStatus {
		switch n.Detail.Event {
		case civic.EventTransferred:
			return "notification.transferred"
		case civic.EventReopened:
			return "notification.reopened"
		}
	}
	return "notification." + string(n.Kind)
}
