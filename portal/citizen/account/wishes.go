package account

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The names of the form.
const (
	nameEmail, nameByEmail, nameByPush, nameLanguage, nameFrom, nameUntil, nameKinds = "surel", "lewat_surel", "lewat_perangkat", "bahasa_kabar", "dari", "sampai", "jenis"
)

// kinds are what a citizen is told of; the others are for officers.
var kinds = []client.NotificationKind{
	client.NotificationKindResolved, client.NotificationKindStatusChanged, client.NotificationKindCommented, client.NotificationKindEscalated,
	client.NotificationKindMerged, client.NotificationKindAreaAlert,
}

// told is a kind, and by which ways it goes out.
type told struct {
	Label string
	Ways  []page.Choice
}

type wishes struct {
	page.Frame
	Email, From, Until page.Field
	HasEmail, HasPush  bool // the city sends by that way
	ByEmail, ByPush    bool
	Key                string // that a browser subscribes with
	Browsers           string // how many of them take messages, in a sentence
	Languages          []page.Choice
	Kinds              []told
	Problem            string
	Saved              bool
}

// Wishes shows how somebody is told outside their inbox.
func Wishes(v *page.Visit) error {
	held, err := preferences(v)
	if err != nil {
		return err
	}
	shown := show(v, held)
	shown.Saved = v.R.URL.Query().Has("tersimpan")
	return v.Show(http.StatusOK, tellMe(shown))
}

func preferences(v *page.Visit) (*client.WishesNotificationPreferences, error) {
	answer, err := client.Wishes(v.R.Context(), v.API())
	if err != nil {
		return nil, err
	}
	if answer.NotificationPreferences == nil {
		return nil, page.NotFound
	}
	return answer.NotificationPreferences, nil
}

// SaveWishes takes the form. The address is told the API only where it is another, or where one that was refused is to be tried again.
func SaveWishes(v *page.Visit) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	held, err := preferences(v)
	if err != nil {
		return err
	}
	asked := *held
	asked.Language = sent.Get(nameLanguage)
	if held.EmailAvailable {
		asked.EmailEnabled = sent.Get(nameByEmail) != ""
	}
	if held.PushAvailable {
		asked.PushEnabled = sent.Get(nameByPush) != ""
	}
	email, from, until := sent.Get(nameEmail), sent.Get(nameFrom), sent.Get(nameUntil)
	asked.Email, asked.QuietFrom, asked.QuietUntil = &email, &from, &until
	asked.Muted = muted(held, sent.Values[nameKinds])
	var changed *string
	if held.EmailAvailable && (email != text(held.Email) || held.EmailRefusedAt != nil && asked.EmailEnabled) {
		changed = &email
	}
	if held.EmailAvailable && asked.EmailEnabled && email == "" {
		return amend(v, asked, &client.Fault{Field: "email", Message: v.Words.T("wishes.email.needed")})
	}
	if _, err = client.SaveWishes(v.R.Context(), v.API(), changed, asked.EmailEnabled, asked.PushEnabled, &asked.Language, &from, &until, inputs(asked.Muted)); err != nil {
		return amend(v, asked, err)
	}
	v.Go(wishesPath + "?tersimpan")
	return nil
}

// amend shows the form again as it was sent, with what is wrong beside its field.
func amend(v *page.Visit, asked client.WishesNotificationPreferences, err error) error {
	fault := (*client.Fault)(nil)
	if !errors.As(err, &fault) || fault.Message == "" {
		return err
	}
	shown := show(v, &asked)
	switch fault.Field {
	case "email":
		shown.Email.Problem = fault.Message
	case "quietFrom":
		shown.From.Problem = fault.Message
	case "quietUntil":
		shown.Until.Problem = fault.Message
	default:
		shown.Problem = fault.Message
	}
	return v.Show(http.StatusUnprocessableEntity, tellMe(shown))
}

type muting = client.WishesNotificationPreferencesMutedMutedNotification

// channels are the ways that the city has.
func channels(held *client.WishesNotificationPreferences) (open []client.NotificationChannel) {
	if held.EmailAvailable {
		open = append(open, client.NotificationChannelEmail)
	}
	if held.PushAvailable {
		open = append(open, client.NotificationChannelPush)
	}
	return open
}

// muted is what was not ticked, and what is muted on ways that the form does not show.
func muted(held *client.WishesNotificationPreferences, ticked []string) []muting {
	open, all := channels(held), []muting{}
	for _, m := range held.Muted {
		if !slices.Contains(open, m.Channel) || !slices.Contains(kinds, m.Kind) {
			all = append(all, m)
		}
	}
	for _, kind := range kinds {
		for _, channel := range open {
			if m := (muting{Kind: kind, Channel: channel}); !slices.Contains(ticked, name(m)) {
				all = append(all, m)
			}
		}
	}
	return all
}

func name(m muting) string { return string(m.Channel) + "." + string(m.Kind) }

func inputs(all []muting) []client.MutedNotificationInput {
	asked := make([]client.MutedNotificationInput, len(all))
	for i, m := range all {
		asked[i] = client.MutedNotificationInput(m)
	}
	return asked
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func show(v *page.Visit, held *client.WishesNotificationPreferences) wishes {
	t := v.Words.T
	shown := wishes{
		Frame: v.Frame(t("wishes.title"), ""), HasEmail: held.EmailAvailable, HasPush: held.PushAvailable, ByEmail: held.EmailEnabled, ByPush: held.PushEnabled,
		Key: text(held.PushKey), Browsers: t("wishes.browsers", "count", strconv.Itoa(held.PushBrowsers)),
	}
	shown.Modules, shown.Styles = append(shown.Modules, "push.js"), append(shown.Styles, "account.css")
	shown.Email = page.Field{Name: nameEmail, ID: "surel", Label: t("wishes.email"), Hint: t("wishes.email.hint"), Value: text(held.Email), Type: "email", Complete: "email"}
	if held.EmailRefusedAt != nil {
		shown.Email.Problem = t("wishes.email.refused", "when", v.Day(*held.EmailRefusedAt))
	}
	shown.From = page.Field{Name: nameFrom, ID: "dari", Label: t("wishes.from"), Value: text(held.QuietFrom), Type: "time"}
	shown.Until = page.Field{Name: nameUntil, ID: "sampai", Label: t("wishes.until"), Value: text(held.QuietUntil), Type: "time"}
	for _, lang := range []string{"id", "en"} {
		shown.Languages = append(shown.Languages, page.Choice{Value: lang, Label: t("wishes.language." + lang), Chosen: cmp.Or(held.Language, v.Words.Lang) == lang})
	}
	for _, kind := range kinds {
		line := told{Label: t("wishes.kind." + string(kind))}
		for _, channel := range channels(held) {
			m := muting{Kind: kind, Channel: channel}
			line.Ways = append(line.Ways, page.Choice{Value: name(m), Label: t("wishes.short." + string(channel)), Chosen: !slices.Contains(held.Muted, m)})
		}
		shown.Kinds = append(shown.Kinds, line)
	}
	return shown
}
