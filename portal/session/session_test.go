package session_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/portal/session"
)

func keeper(t *testing.T, key byte, secure bool) *session.Keeper {
	t.Helper()
	k, err := session.NewKeeper(session.Citizen, bytes.Repeat([]byte{key}, session.KeySize), secure)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func with(cookie *http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, session.Path, nil)
	r.AddCookie(cookie)
	return r
}

func TestASessionComesBackAndNobodyElseReadsIt(t *testing.T) {
	t.Parallel()
	mine, other := keeper(t, 1, true), keeper(t, 2, true)
	want := session.Session{Access: "access", Refresh: "refresh", Expires: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Name: "Siti"}
	w := httptest.NewRecorder()
	if err := mine.Set(w, want); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != session.Path {
		t.Errorf("the cookie is %v", cookie)
	}
	if strings.Contains(cookie.Value, "refresh") || strings.Contains(cookie.Value, "Siti") {
		t.Error("the cookie can be read")
	}
	if got := mine.Of(with(cookie)); got == nil || *got != want {
		t.Errorf("it comes back as %v", got)
	}
	if other.Of(with(cookie)) != nil {
		t.Error("another key opens it")
	}
	for i, changed := range []string{"", "x" + cookie.Value, cookie.Value[:len(cookie.Value)-2], "AAAA"} {
		if mine.Of(with(&http.Cookie{Name: cookie.Name, Value: changed})) != nil {
			t.Errorf("change %d is believed", i)
		}
	}
	w = httptest.NewRecorder()
	mine.Clear(w)
	if gone := w.Result().Cookies()[0]; gone.MaxAge >= 0 || gone.Path != session.Path {
		t.Errorf("it is taken back as %v", gone)
	}
}

func TestAKeyHasItsSize(t *testing.T) {
	t.Parallel()
	if _, err := session.NewKeeper(session.Citizen, []byte("short"), true); err == nil {
		t.Error("a short key is taken")
	}
}
