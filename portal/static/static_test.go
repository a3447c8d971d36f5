package static_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/portal/static"
)

// A style sheet names what it needs by names that exist, and nothing of other hosts.
func TestStyleSheetsNameWhatIsThere(t *testing.T) {
	t.Parallel()
	handler := http.StripPrefix(static.Prefix, static.Handler())
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	for _, sheet := range []string{"style.css", "map.css"} {
		body := get(static.URL(sheet)).Body.String()
		for _, named := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(body, -1) {
			if !strings.HasPrefix(named[1], static.Prefix) || get(named[1]).Code != http.StatusOK {
				t.Errorf("%s names %s", sheet, named[1])
			}
		}
	}
	if w := get(static.Prefix + "style.css"); w.Code != http.StatusNotFound {
		t.Errorf("a name without a hash is %d", w.Code)
	}
}
