package integration

import (
	"net"
	"net/http"
	"strings"
	"testing"
)

// portalAlone runs the pages as a service of their own, which finds the API there.
func (s *System) portalAlone(t *testing.T, api string, env ...string) *System {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	launch(t, append(env, "JAGAWARGA_API="+api, "JAGAWARGA_SECRETS="+t.TempDir(), "JAGAWARGA_LISTEN="+address, "JAGAWARGA_METRICS_LISTEN=off"),
		"jagawarga", "serve", "portal")
	alone := &System{URL: "http://" + address}
	eventually(t, "the portal answers", func() error {
		response, err := outside.Get(alone.URL + "/healthz")
		if err != nil {
			return err
		}
		return response.Body.Close()
	})
	return alone
}

// thePortalAlone runs the pages as a service of their own: they find the API over HTTP and know nothing else of the city.
func thePortalAlone(t *testing.T, city *System) {
	alone := city.portalAlone(t, city.URL, "JAGAWARGA_TILES=https://tiles.example/{z}/{x}/{y}.png")
	v := alone.Visitor(t)
	v.SignsIn(41)
	last := writes(v, "jalan-rusak")
	if policy := last.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "https://tiles.example;") {
		t.Errorf("the tile server is not in the policy: %s", policy)
	}
	number := last.Presses("send", nil, photo(t, 400, 300)).Is(http.StatusOK, "sent").Says("number")
	var page *Page
	eventually(t, "the report is on its page", func() error {
		if page = v.Opens("/r/" + number); page.Status != http.StatusOK {
			return errNotYet
		}
		return nil
	})
	alone.keyIsPublished(t, alone.tokenKey(t, alone.Stranger()).At("keyId").Text()) // browsers that are nobody ask through the portal
	picture := page.Part("photos").Find("img").AttrOr("src", "")
	if response, _ := alone.Fetch(t, picture); response.StatusCode != http.StatusOK {
		t.Errorf("the picture is %d", response.StatusCode)
	}
}
