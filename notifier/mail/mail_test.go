package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	ourmail "github.com/jagawarga/jagawarga/notifier/mail"
)

// postOffice is a mail server; what it does at each step the test says.
type postOffice struct {
	atRcpt func(to string) error
	atData func(conn net.Conn) error // after the letter was read

	mu      sync.Mutex
	letters []string
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{p, c.Conn()}, nil
}

type session struct {
	office *postOffice
	conn   net.Conn
}

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.office.atRcpt != nil {
		return s.office.atRcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.office.mu.Lock()
	s.office.letters = append(s.office.letters, string(raw))
	s.office.mu.Unlock()
	if s.office.atData != nil {
		return s.office.atData(s.conn)
	}
	return nil
}

func (p *postOffice) open(t *testing.T) *ourmail.Sender {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(p)
	server.Domain = "mail.kota.test"
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	sender, err := ourmail.New(ourmail.Config{URL: "smtp://" + listener.Addr().String(), From: "JagaWarga <no-reply@kota.test>",
		Now: func() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

var text = ourmail.Text{
	Language: "id", Title: "Laporan JW-7KQ4-M2XD", Lines: []string{"Laporan JW-7KQ4-M2XD: Dikerjakan.", "<b>bukan</b> HTML & aman"},
	Link: "https://kota.test/laporan/JW-7KQ4-M2XD", Open: "Buka laporan", Why: "Anda meminta kabar.", Unsubscribe: "https://kota.test/unsubscribe/abc", Stop: "Berhenti",
}

func letter(t *testing.T) ourmail.Letter {
	t.Helper()
	plain, html, err := text.Write()
	if err != nil {
		t.Fatal(err)
	}
	return ourmail.Letter{To: "budi@kota.test", ID: "message_1", Subject: text.Title, Text: plain, HTML: html, Unsubscribe: text.Unsubscribe}
}

// A letter arrives as text and as HTML, with headers by which one ends it and by which a repeat is known.
func TestALetterArrives(t *testing.T) {
	t.Parallel()
	office := &postOffice{}
	sender := office.open(t)
	for range 2 {
		if err := sender.Send(t.Context(), letter(t)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := mail.ReadMessage(strings.NewReader(office.letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<message_1@kota.test>", "List-Unsubscribe": "<https://kota.test/unsubscribe/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"To": "<budi@kota.test>", "From": `"JagaWarga" <no-reply@kota.test>`, "Subject": "Laporan JW-7KQ4-M2XD", "Auto-Submitted": "auto-generated",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
		}
	}
	again, err := mail.ReadMessage(strings.NewReader(office.letters[1]))
	if err != nil || again.Header.Get("Message-Id") != got.Header.Get("Message-Id") {
		t.Errorf("a repeat is another letter: %v", err)
	}
	_, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(got.Body, params["boundary"])
	for _, want := range []struct{ kind, holds string }{{"text/plain", "Laporan JW-7KQ4-M2XD: Dikerjakan."}, {"text/html", "&lt;b&gt;bukan&lt;/b&gt; HTML &amp; aman"}} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part) // quoted-printable is read by the part
		if err != nil || !strings.HasPrefix(part.Header.Get("Content-Type"), want.kind) || !strings.Contains(string(body), want.holds) {
			t.Errorf("%s: %v\n%s", part.Header.Get("Content-Type"), err, body)
		}
	}
}

// What the mail server says tells what becomes of the letter, and no error tells the address.
func TestWhatAMailServerSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says *smtp.SMTPError
		want error // nil: worth another try
	}{
		"unknown address": {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "budi@kota.test unknown"}, ourmail.ErrNoSuchAddress},
		"we are blocked":  {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "blocked"}, ourmail.ErrRejected},
		"full for now":    {&smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "budi@kota.test is full"}, nil},
	} {
		office := &postOffice{atRcpt: func(string) error { return c.says }}
		err := office.open(t).Send(t.Context(), letter(t))
		if err == nil || strings.Contains(err.Error(), "budi") {
			t.Errorf("%s: %v", name, err)
		}
		for _, lasting := range []error{ourmail.ErrNoSuchAddress, ourmail.ErrRejected} {
			if errors.Is(err, lasting) != errors.Is(c.want, lasting) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
	}
}

// A server that drops in the middle leaves a letter that is worth another try.
func TestAServerThatDrops(t *testing.T) {
	t.Parallel()
	office := &postOffice{atData: func(conn net.Conn) error {
		_ = conn.Close()
		return errors.New("gone")
	}}
	err := office.open(t).Send(t.Context(), letter(t))
	if err == nil || errors.Is(err, ourmail.ErrRejected) || errors.Is(err, ourmail.ErrNoSuchAddress) {
		t.Errorf("the answer is %v", err)
	}
}

func TestWhatIsNoMailServer(t *testing.T) {
	t.Parallel()
	for _, cfg := range []ourmail.Config{
		{URL: "https://kota.test", From: "a@kota.test"}, {URL: "smtp://", From: "a@kota.test"}, {URL: "smtp://kota.test", From: "nobody"},
		{URL: "smtp://user:geheim@kota.test:x", From: "a@kota.test"},
	} {
		if _, err := ourmail.New(cfg); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}
