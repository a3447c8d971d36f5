package page_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jagawarga/jagawarga/portal/page"
)

// A page of nobody learns its language from its address and passes it on there; it tells nobody that somebody was here.
func TestNobody(t *testing.T) {
	t.Parallel()
	for _, told := range []struct{ address, lang, next string }{
		{"/anonim", "id", "/lacak"}, {"/anonim?bahasa=en", "en", "/lacak?bahasa=en"}, {"/anonim?bahasa=xx", "id", "/lacak"},
	} {
		var frame page.Frame
		answer := httptest.NewRecorder()
		shown := site(t, nil).Handle(page.Nobody(func(v *page.Visit) error {
			frame = v.Frame("", "")
			return nil
		}))
		shown.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, told.address, nil))
		if frame.Lang != told.lang || frame.Among("/lacak") != told.next || !frame.Anonymous {
			t.Errorf("%s is %s and leads to %s", told.address, frame.Lang, frame.Among("/lacak"))
		}
		h := answer.Header()
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || h.Get("Set-Cookie") != "" {
			t.Errorf("%s comes with %v", told.address, h)
		}
	}
}
