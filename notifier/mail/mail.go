// Package mail hands letters to the city's mail server (SMTP). A letter has the same Message-ID each time it is handed over, so that where an
// answer got lost and it went out twice, mail programs can tell; SMTP promises no more. Errors never hold an address.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// What may become of a letter besides being taken; all else is worth another try.
var (
	// ErrNoSuchAddress: the mail server says that there is no such address.
	ErrNoSuchAddress = errors.New("there is no such address")
	// ErrRejected: the mail server will never take this letter.
	ErrRejected = errors.New("the mail server rejects the letter")
)

const timeout = 30 * time.Second

// Config says where the mail server is.
type Config struct {
	// URL is smtp://user:password@host:587 (STARTTLS where the server offers it, and always before a password) or smtps://host:465.
	URL string
	// From is what letters come from: an address, or "JagaWarga <no-reply@kota.go.id>".
	From string
	Now  func() time.Time // time.Now
	TLS  *tls.Config      // for tests
}

// Sender hands letters over.
type Sender struct {
	from    *mail.Address
	now     func() time.Time
	host    string
	options []gomail.Option
}

// Letter is one, to one address.
type Letter struct {
	To      string
	ID      string // the same each time it is handed over; without the host
	Subject string
	Text    string
	HTML    string
	// Unsubscribe is where a POST ends mail (RFC 8058); empty for none.
	Unsubscribe string
}

// New reads the configuration. It calls nobody.
func New(cfg Config) (*Sender, error) {
	server, err := url.Parse(cfg.URL)
	if err != nil || server.Hostname() == "" || server.Scheme != "smtp" && server.Scheme != "smtps" {
		return nil, errors.New("the mail server must be given as smtp://user:password@host:587 or smtps://host:465")
	}
	from, err := mail.ParseAddress(cfg.From)
	if err != nil {
		return nil, errors.New("the sender of mail must be an address like no-reply@kota.go.id")
	}
	s := &Sender{from: from, now: cfg.Now, host: server.Hostname()}
	if s.now == nil {
		s.now = time.Now
	}
	password, secret := server.User.Password()
	policy, port := gomail.TLSOpportunistic, 587
	if secret && !loopback(s.host) {
		policy = gomail.TLSMandatory
	}
	if server.Scheme == "smtps" {
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	}
	if server.Port() != "" {
		if port, err = strconv.Atoi(server.Port()); err != nil {
			return nil, errors.New("the mail server's port must be a number")
		}
	}
	s.options = append(s.options, gomail.WithTLSPolicy(policy), gomail.WithPort(port), gomail.WithTimeout(timeout))
	if secret {
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(server.User.Username()), gomail.WithPassword(password))
	}
	if cfg.TLS != nil {
		s.options = append(s.options, gomail.WithTLSConfig(cfg.TLS))
	}
	return s, nil
}

// Send hands a letter over. It is taken once the server has said so; what happens to the connection afterwards does not matter.
func (s *Sender) Send(ctx context.Context, letter Letter) error {
	message, err := s.compose(letter)
	if err != nil {
		return ErrNoSuchAddress
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() {
		return nil
	}
	return reasonOf(err)
}

func (s *Sender) compose(letter Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	if err := errors.Join(m.FromFormat(s.from.Name, s.from.Address), m.EnvelopeFrom(s.from.Address), m.To(letter.To)); err != nil {
		return nil, err
	}
	_, host, _ := strings.Cut(s.from.Address, "@")
	m.SetMessageIDWithValue(letter.ID + "@" + host)
	m.SetDateWithValue(s.now())
	m.Subject(letter.Subject)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if letter.Unsubscribe != "" {
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+letter.Unsubscribe+">")
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	return m, nil
}

// reasonOf keeps of an error what is said to administrators: no server's own words, which quote addresses.
func reasonOf(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return errors.New("the mail server cannot be reached")
	}
	code := refused.ErrorCode()
	switch {
	case code < 500:
		return fmt.Errorf("the mail server answers %d", code)
	case refused.Reason == gomail.ErrSMTPRcptTo && noSuchAddress(code, refused.EnhancedStatusCode()):
		return ErrNoSuchAddress
	default:
		return ErrRejected
	}
}

// noSuchAddress tells an address that does not exist from a server that does not like us (RFC 3463).
func noSuchAddress(code int, enhanced string) bool {
	if enhanced != "" {
		return strings.HasPrefix(enhanced, "5.1.") || enhanced == "5.2.1"
	}
	return code == 550 || code == 551 || code == 553
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
