package push_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/notifier/push"
)

// browser has the two secrets of a subscription.
type browser struct {
	key  *ecdh.PrivateKey
	auth []byte
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, 16)
	rand.Read(auth)
	return browser{key, auth}
}

func (b browser) at(endpoint string) civic.PushSubscription {
	return civic.PushSubscription{Endpoint: endpoint, Key: b.key.PublicKey().Bytes(), Auth: b.auth}
}

// open decrypts a message as RFC 8291 and RFC 8188 say a browser does.
func (b browser) open(t *testing.T, body []byte) string {
	t.Helper()
	salt, idLength := body[:16], int(body[20])
	recordSize := binary.BigEndian.Uint32(body[16:20])
	sender, sealed := body[21:21+idLength], body[21+idLength:]
	if int(recordSize) < len(sealed) {
		t.Fatalf("a record of %d bytes in a size of %d", len(sealed), recordSize)
	}
	point, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := b.key.ECDH(point)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, size int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, size)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	ikm := derive(secret, b.auth, "WebPush: info\x00"+string(b.key.PublicKey().Bytes())+string(sender), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(bytes.TrimRight(plain, "\x00"), []byte{2}))
}

// service is a push service that answers with status and keeps what it got.
func service(t *testing.T, status int) (endpoint string, got chan *http.Request, bodies chan []byte, trust *tls.Config) {
	t.Helper()
	got, bodies = make(chan *http.Request, 10), make(chan []byte, 10)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- r
		bodies <- body
		w.Header().Set("Location", "https://127.0.0.1:1/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/push/abc", got, bodies, &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
}

func newKey(t *testing.T) push.Key {
	t.Helper()
	key, err := push.LoadKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Only the browser can read a message; the push service can check who sends it.
func TestABrowserReadsWhatWasSent(t *testing.T) {
	t.Parallel()
	key, browser := newKey(t), newBrowser(t)
	endpoint, requests, bodies, trust := service(t, http.StatusCreated)
	sender := push.New(push.Config{Private: true, TLS: trust, Subject: "admin@kota.test"}, key)
	defer sender.Close()
	const message = `{"title":"JagaWarga","body":"Laporan JW-7KQ4-M2XD: Dikerjakan."}`
	if err := sender.Send(t.Context(), browser.at(endpoint), []byte(message), "topic1", true); err != nil {
		t.Fatal(err)
	}
	request, body := <-requests, <-bodies
	if got := browser.open(t, body); got != message {
		t.Errorf("the browser reads %q", got)
	}
	if len(body) > 4096 || bytes.Contains(body, []byte("JW-7KQ4")) {
		t.Errorf("%d bytes on the way, in clear: %v", len(body), bytes.Contains(body, []byte("JW-7KQ4")))
	}
	for name, want := range map[string]string{"TTL": "86400", "Urgency": "high", "Topic": "topic1", "Content-Encoding": "aes128gcm"} {
		if got := request.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(request.Header.Get("Authorization"), "vapid t="), ", k=")
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(text, claims, func(*jwt.Token) (any, error) { return publicKey(t, sender.PublicKey()), nil },
		jwt.WithValidMethods([]string{"ES256"})); err != nil {
		t.Fatalf("the signature: %v", err)
	}
	if aud, _ := claims.GetAudience(); len(aud) != 1 || !strings.HasPrefix(endpoint, aud[0]) {
		t.Errorf("it is meant for %v", aud)
	}
}

// What a push service answers tells what becomes of the browser and of the message.
func TestWhatAPushServiceAnswers(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		http.StatusCreated: nil, http.StatusGone: push.ErrGone, http.StatusNotFound: push.ErrGone, http.StatusRequestEntityTooLarge: push.ErrRejected,
		http.StatusForbidden: push.ErrRejected, http.StatusFound: push.ErrRejected,
	} {
		endpoint, _, _, trust := service(t, status)
		err := push.New(push.Config{Private: true, TLS: trust}, newKey(t)).Send(t.Context(), newBrowser(t).at(endpoint), []byte("x"), "", false)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusInternalServerError} {
		endpoint, _, _, trust := service(t, status)
		err := push.New(push.Config{Private: true, TLS: trust}, newKey(t)).Send(t.Context(), newBrowser(t).at(endpoint), []byte("x"), "", false)
		if err == nil || errors.Is(err, push.ErrGone) || errors.Is(err, push.ErrRejected) {
			t.Errorf("%d: %v, want one that is worth another try", status, err)
		}
	}
}

// A private address is not called, and no error tells the endpoint.
func TestAPrivateAddressIsNotCalled(t *testing.T) {
	t.Parallel()
	endpoint, requests, _, trust := service(t, http.StatusCreated)
	err := push.New(push.Config{TLS: trust}, newKey(t)).Send(context.Background(), newBrowser(t).at(endpoint), []byte("x"), "", false)
	if err == nil || strings.Contains(err.Error(), "push/abc") {
		t.Errorf("the answer is %v", err)
	}
	if len(requests) != 0 {
		t.Error("it was called")
	}
}

// The key is made once.
func TestTheKeyStays(t *testing.T) {
	t.Parallel()
	secrets := t.TempDir()
	first, err := push.LoadKey(secrets)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := push.LoadKey(secrets); err != nil || again != first {
		t.Errorf("another key: %v", err)
	}
	if raw, err := base64.RawURLEncoding.DecodeString(first.Public); err != nil || len(raw) != 65 {
		t.Errorf("the public key has %d bytes, %v", len(raw), err)
	}
}
