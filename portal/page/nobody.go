package page

import "github.com/jagawarga/jagawarga/portal/locale"

// nameLanguage is how a page of nobody is told its language.
const nameLanguage = "bahasa"

// Nobody makes a page one on which nobody is known: it tells no other page that somebody was here, stays in no cache, and takes its language from
// its address, so that it needs no cookie and sets none. It must lie outside of session.Path.
func Nobody(shown Page) Page {
	return func(v *Visit) error {
		v.W.Header().Set("Referrer-Policy", "no-referrer")
		v.W.Header().Set("Cache-Control", "no-store")
		if lang := v.R.URL.Query().Get(nameLanguage); lang != "" {
			v.Words = locale.In(lang)
		}
		v.Anonymous = true
		return shown(v)
	}
}

// Among is the address of another page of nobody, in the language of this one.
func (f Frame) Among(path string) string {
	if f.Anonymous && f.Lang != locale.Indonesian {
		return path + "?" + nameLanguage + "=" + f.Lang
	}
	return path
}
