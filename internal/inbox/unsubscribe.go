package inbox

import (
	"encoding/base64"
	"html/template"
	"net/http"

	"github.com/jagawarga/jagawarga/internal/locale"
)

// Unsubscribe ends e-mail for whoever the secret in a mail belongs to: at once for a POST, which mail programs send (RFC 8058), and after a
// question for a GET, which programs that look at links beforehand send as well. It is mounted with the path value {secret}.
func (b *Box) Unsubscribe(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	secret, err := base64.RawURLEncoding.DecodeString(r.PathValue("secret"))
	if err != nil || len(secret) != 32 {
		answer(w, http.StatusNotFound, "unsubscribe.unknown", false)
		return
	}
	if r.Method != http.MethodPost {
		answer(w, http.StatusOK, "unsubscribe.question", true)
		return
	}
	ended, err := b.records.EndEmail(r.Context(), secret)
	switch {
	case err != nil:
		header.Set("Retry-After", "5")
		answer(w, http.StatusServiceUnavailable, "error.unavailable", true)
	case !ended:
		answer(w, http.StatusNotFound, "unsubscribe.unknown", false)
	default:
		answer(w, http.StatusOK, "unsubscribe.done", false)
	}
}

var question = template.Must(template.New("unsubscribe").Parse(`<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>JagaWarga</title></head>
<body><p>{{.ID}}</p><p lang="en">{{.EN}}</p>{{if .Ask}}<form method="post"><button>{{.ButtonID}} / {{.ButtonEN}}</button></form>{{end}}</body></html>
`))

// answer says it in both languages: who follows a link from a mail has told none.
func answer(w http.ResponseWriter, status int, key string, ask bool) {
	say := func(language, key string) string { return locale.Text(language, key, nil) }
	w.WriteHeader(status)
	_ = question.Execute(w, struct {
		ID, EN, ButtonID, ButtonEN string
		Ask                        bool
	}{say(locale.Indonesian, key), say(locale.English, key), say(locale.Indonesian, "unsubscribe.button"), say(locale.English, "unsubscribe.button"), ask})
}
