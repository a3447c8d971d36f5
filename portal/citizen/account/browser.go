package account

import (
	"errors"
	"net/http"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// The fields of what a browser tells of itself, as PushSubscription names them.
const nameEndpoint, namePublic, nameSecret = "endpoint", "p256dh", "auth"

// Browser keeps the browser for push messages, and turns them on: it was asked for by a tap. A module sends this and is answered by the status alone.
func Browser(v *page.Visit) error {
	return browser(v, func(sent page.Form) error {
		if _, err := client.SaveBrowser(v.R.Context(), v.API(), sent.Get(nameEndpoint), sent.Get(namePublic), sent.Get(nameSecret)); err != nil {
			return err
		}
		held, err := preferences(v)
		if err != nil || held.PushEnabled {
			return err
		}
		_, err = client.SaveWishes(v.R.Context(), v.API(), nil, held.EmailEnabled, true, nil, nil, nil, nil)
		return err
	})
}

// NoBrowser forgets it.
func NoBrowser(v *page.Visit) error {
	return browser(v, func(sent page.Form) error {
		_, err := client.RemoveBrowser(v.R.Context(), v.API(), sent.Get(nameEndpoint))
		return err
	})
}

func browser(v *page.Visit, do func(page.Form) error) error {
	sent, err := v.Form()
	if err != nil {
		return err
	}
	sent.Release()
	err = do(sent)
	if fault := (*client.Fault)(nil); errors.As(err, &fault) && fault.Code == "INVALID_INPUT" {
		http.Error(v.W, fault.Message, http.StatusUnprocessableEntity)
		return nil
	}
	if err != nil {
		return err
	}
	v.W.WriteHeader(http.StatusNoContent)
	return nil
}
