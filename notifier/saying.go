package notifier

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/internal/wording"
	"github.com/jagawarga/jagawarga/notifier/mail"
)

// saying is what a message says to its receiver, in their language: sentences with numbers and categories, and nobody's own words.
type saying struct {
	wishes civic.Preferences
	report *civic.Report // nil for one about several
	lines  []string
	urgent bool
}

// compose says what a message carries, as far as its receiver still wants it, has not read it, and may see it; nil when nothing is left.
func (p *Post) compose(ctx context.Context, message store.Outbound) (*saying, error) {
	preferences, err := p.records.PreferencesOf(ctx, []civic.UUID{message.To.ID})
	if err != nil {
		return nil, err
	}
	wishes, said := preferences[message.To.ID]
	if !said {
		return nil, nil
	}
	carried, err := p.records.Carried(ctx, message.Message)
	if err != nil {
		return nil, err
	}
	s := &saying{wishes: wishes}
	if message.Report != nil {
		circles, err := p.records.Circles(ctx, []civic.ReportID{*message.Report}, nil, nil)
		if err != nil {
			return nil, err
		}
		if s.report = circles.Reports[*message.Report]; s.report == nil || !p.city().MayHear(message.To, s.report) {
			return nil, nil
		}
	}
	for _, n := range carried {
		if n.ReadAt != nil || !wishes.Wants(message.Channel, n.Kind) {
			continue
		}
		s.urgent = s.urgent || n.Kind == civic.NotifyDueSoon || n.Kind == civic.NotifyEscalated
		sentence := wording.Sentence(p.city(), wishes.Language, n, s.report)
		if len(s.lines) == 0 || s.lines[len(s.lines)-1] != sentence {
			s.lines = append(s.lines, sentence)
		}
	}
	if len(s.lines) == 0 {
		return nil, nil
	}
	return s, nil
}

func (s *saying) text(key string) string { return locale.Text(s.wishes.Language, key, nil) }

// link is where the report is to be seen; a report that not everybody may see is found from the inbox.
func (s *saying) link(publicURL string) string {
	switch {
	case publicURL == "":
		return ""
	case s.wishes.Account.Officer:
		return strings.TrimSuffix(publicURL, "/") + "/department"
	case s.report == nil || !s.report.PublicNow():
		return strings.TrimSuffix(publicURL, "/") + "/saya"
	}
	return strings.TrimSuffix(publicURL, "/") + "/r/" + s.report.Number
}

func (s *saying) title() string {
	if s.report == nil {
		return s.text("message.title")
	}
	return locale.Text(s.wishes.Language, "message.title_report", map[string]string{"number": s.report.Number})
}

func (s *saying) letter(id civic.MessageID, to, publicURL string) (mail.Letter, error) {
	text := mail.Text{
		Language: s.wishes.Language, Title: s.title(), Lines: s.lines, Link: s.link(publicURL), Open: s.text("message.open"),
		Why: s.text("message.why"), Stop: s.text("message.stop"),
	}
	if publicURL != "" {
		text.Unsubscribe = strings.TrimSuffix(publicURL, "/") + UnsubscribePath + base64.RawURLEncoding.EncodeToString(s.wishes.Unsubscribe)
	}
	plain, html, err := text.Write()
	return mail.Letter{To: to, ID: id.String(), Subject: text.Title, Text: plain, HTML: html, Unsubscribe: text.Unsubscribe}, err
}

// UnsubscribePath is where the server ends mail for who has the secret behind it.
const UnsubscribePath = "/unsubscribe/"

// note is a push message, as the page's service worker reads it. Of several about one report the last takes the others' place.
func (s *saying) note(id civic.MessageID, publicURL string) (payload []byte, topic string, urgent bool, err error) {
	about := id.UUID
	if s.report != nil {
		about = s.report.ID.UUID
	}
	topic = base64.RawURLEncoding.EncodeToString(about[:]) // at most 32 characters (RFC 8030)
	payload, err = json.Marshal(struct {
		Title string `json:"title"`
		Body  string `json:"body"`
		URL   string `json:"url,omitempty"`
		Tag   string `json:"tag"`
	}{"JagaWarga", shorten(strings.Join(s.lines, "\n")), s.link(publicURL), topic})
	return payload, topic, s.urgent, err
}

// maxNote is about what a screen shows, well within what a push message may hold.
const maxNote = 600

func shorten(text string) string {
	if len(text) <= maxNote {
		return text
	}
	return strings.ToValidUTF8(text[:maxNote], "") + "…"
}
