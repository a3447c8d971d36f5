// Package push sends messages to browsers through their push services (RFC 8030), encrypted so that only the browser can read them (RFC 8291)
// and signed as this city (RFC 8292). It follows no redirect and calls no private address, whatever a name stands for at that moment.
package push

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/jagawarga/jagawarga/civic"
)

// What may become of a message besides being taken; all else is worth another try.
var (
	ErrGone     = errors.New("the browser takes no messages any more")
	ErrRejected = errors.New("the push service will never take this message")
)

const (
	timeout = 10 * time.Second
	// TTL is how long a push service keeps a message for a browser that is away.
	TTL = 24 * time.Hour
	// recordSize keeps messages below what push services must take (4,096 bytes), and all of one length.
	recordSize = 3072
)

// Config is what a Sender may be told; zero values are the defaults.
type Config struct {
	// Subject is whom a push service may turn to: an address or an https URL. Default the city's own.
	Subject string
	Private bool        // allows private addresses and http, for tests
	TLS     *tls.Config // for tests
}

// Sender sends.
type Sender struct {
	cfg    Config
	key    Key
	client *http.Client
}

// New makes a sender.
func New(cfg Config, key Key) *Sender {
	if cfg.Subject == "" {
		cfg.Subject = "https://jagawarga.invalid"
	}
	dialer := &net.Dialer{Timeout: timeout}
	if !cfg.Private {
		dialer.Control = publicAlone
	}
	return &Sender{cfg: cfg, key: key, client: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: cfg.TLS, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
			MaxResponseHeaderBytes: 16 << 10,
		},
	}}
}

// PublicKey is what browsers subscribe with.
func (s *Sender) PublicKey() string { return s.key.Public }

// Close ends idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Send hands a message over. Of several with one topic that wait for a browser the last takes the place of the others.
func (s *Sender) Send(ctx context.Context, to civic.PushSubscription, message []byte, topic string, urgent bool) error {
	options := &webpush.Options{
		HTTPClient: s.client, Subscriber: s.cfg.Subject, VAPIDPublicKey: s.key.Public, VAPIDPrivateKey: s.key.Private,
		TTL: int(TTL.Seconds()), Topic: topic, Urgency: webpush.UrgencyNormal, RecordSize: recordSize,
	}
	if urgent {
		options.Urgency = webpush.UrgencyHigh
	}
	response, err := webpush.SendNotificationWithContext(ctx, message, &webpush.Subscription{
		Endpoint: to.Endpoint, Keys: webpush.Keys{Auth: base64.RawURLEncoding.EncodeToString(to.Auth), P256dh: base64.RawURLEncoding.EncodeToString(to.Key)},
	}, options)
	if err != nil {
		return errUnreachable // the error itself may hold the endpoint
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, 4<<10) // so that the connection can be used again
	switch status := response.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusNotFound || status == http.StatusGone:
		return ErrGone
	case status == http.StatusTooManyRequests || status >= 500:
		return fmt.Errorf("the push service answers %d", status)
	default:
		return ErrRejected
	}
}

var errUnreachable = errors.New("the push service cannot be reached")

var errPrivate = errors.New("a private address is not called")

// shared are addresses that are neither private by their own kind nor anybody's on the Internet.
var shared = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("64:ff9b::/96"),
}

// publicAlone looks at the very address that is about to be called.
func publicAlone(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return errPrivate
	}
	ip := target.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return errPrivate
	}
	for _, network := range shared {
		if network.Contains(ip) {
			return errPrivate
		}
	}
	return nil
}
