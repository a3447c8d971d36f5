package notifier_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/notifier"
	"github.com/jagawarga/jagawarga/notifier/mail"
	"github.com/jagawarga/jagawarga/notifier/push"
)

// postOffice is a mail server that keeps what it took; troubles are what it does to the next letters instead.
type postOffice struct {
	mu       sync.Mutex
	letters  []string
	troubles []error
}

var errDrop = errors.New("the connection is dropped")

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{p, c.Conn()}, nil
}

type session struct {
	office *postOffice
	conn   net.Conn
}

func (*session) Reset()                               {}
func (*session) Logout() error                        { return nil }
func (*session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if len(s.office.troubles) > 0 {
		if refused, ok := s.office.troubles[0].(*smtp.SMTPError); ok {
			s.office.troubles = s.office.troubles[1:]
			return refused
		}
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if len(s.office.troubles) > 0 {
		s.office.troubles = s.office.troubles[1:]
		_ = s.conn.Close()
		return errDrop
	}
	raw, err := io.ReadAll(r)
	s.office.letters = append(s.office.letters, string(raw))
	return err
}

func (p *postOffice) sender(t *testing.T) *mail.Sender {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(p)
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return must[*mail.Sender](t)(mail.New(mail.Config{URL: "smtp://" + listener.Addr().String(), From: "no-reply@kota.test"}))
}

// book tells addresses.
type book map[civic.UUID]string

func (b book) Contact(_ context.Context, account civic.UUID) (string, error) { return b[account], nil }

// pushes takes push messages, or answers what the test says.
type pushes struct {
	mu   sync.Mutex
	says error
	got  []string
}

func (p *pushes) Send(_ context.Context, to civic.PushSubscription, message []byte, _ string, _ bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.says != nil {
		return p.says
	}
	p.got = append(p.got, to.Endpoint+" "+string(message))
	return nil
}

// office is a town with a post.
type office struct {
	*town
	now    time.Time
	rows   *store.Store
	mails  *postOffice
	pushes *pushes
	post   *notifier.Post
}

func newOffice(t *testing.T) *office {
	t.Helper()
	w := newTown(t)
	o := &office{town: w, now: coretest.Monday, mails: &postOffice{}, pushes: &pushes{}}
	w.SetClock(func() time.Time { return o.now })
	o.rows = w.Store(roles.Notifier)
	addresses := book{coretest.Citizen("budi").Citizen.UUID: "budi@kota.test"}
	o.post = notifier.NewPost(notifier.PostConfig{PublicURL: "https://kota.test", Now: func() time.Time { return o.now }}, o.rows, addresses,
		func() *civic.City { return w.City }, o.mails.sender(t), o.pushes)
	return o
}

// tell runs the notifier until everything is told, at the present of the test.
func (o *office) tell() {
	o.t.Helper()
	now := o.now
	stop := run(o.t, notifier.New(notifier.Config{Now: func() time.Time { return now }}, o.rows, o.bus, func() *civic.City { return o.City }).Run)
	o.caughtUp()
	stop()
}

func (o *office) wishes(p civic.Principal, change func(*civic.Preferences)) {
	o.t.Helper()
	account, _ := p.Account()
	wishes := civic.DefaultPreferences(account)
	wishes.Unsubscribe = []byte(strings.Repeat("s", 32))
	change(&wishes)
	if err := o.inbox.SavePreferences(o.t.Context(), wishes, true); err != nil {
		o.t.Fatal(err)
	}
}

// later drains the post after a while.
func (o *office) later(d time.Duration) {
	o.t.Helper()
	o.now = o.now.Add(d)
	if err := o.post.Drain(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) letters(want int) {
	o.t.Helper()
	o.mails.mu.Lock()
	defer o.mails.mu.Unlock()
	if len(o.mails.letters) != want {
		o.t.Fatalf("%d letters, want %d", len(o.mails.letters), want)
	}
}

// Several changes within a minute are one letter, with numbers and nobody's words, in the reader's language; a muted kind is left out.
func TestChangesWithinAMinuteAreOneLetter(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	budi, officer := coretest.Citizen("budi"), o.Officer("jalan")
	o.wishes(budi, func(p *civic.Preferences) {
		p.Email, p.Language, p.Muted = true, "en", []civic.Muted{{Kind: civic.NotifyComment, Channel: civic.ChannelEmail}}
	})
	report := o.File(coretest.Visibility(civic.Private))
	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.Verified, "Rahasia kantor."))
	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""))
	must[*civic.Comment](t)(o.desk.Comment(t.Context(), officer, report.ID, "Rahasia kantor."))
	o.tell()
	o.later(30 * time.Second)
	o.letters(0)
	o.later(31 * time.Second)
	o.letters(1)
	letter := o.mails.letters[0]
	for _, holds := range []string{"News of report " + report.Number, "In progress", "Verified", "https://kota.test/saya", "List-Unsubscribe-Post", "/unsubscribe/"} {
		if !strings.Contains(letter, holds) {
			t.Errorf("the letter does not hold %q:\n%s", holds, letter)
		}
	}
	for _, never := range []string{report.Title, "Rahasia", "reply"} {
		if strings.Contains(strings.ReplaceAll(letter, "no-reply@", ""), never) {
			t.Errorf("the letter holds %q:\n%s", never, letter)
		}
	}
	o.later(time.Hour)
	o.letters(1)
}

// In quiet hours nothing goes out; the inbox has it at once.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	budi, officer := coretest.Citizen("budi"), o.Officer("jalan")
	o.wishes(budi, func(p *civic.Preferences) { p.Email, p.Quiet = true, &civic.QuietHours{From: 8 * 60, Until: 10 * 60} }) // it is 09:00
	report := o.File()
	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""))
	o.tell()
	equal(t, "the inbox", o.told(budi, report.ID), civic.NotifyStatus)
	o.later(59 * time.Minute)
	o.letters(0)
	o.later(2 * time.Minute)
	o.letters(1)
}

// A server that drops in the middle or is full for now is tried again, and the letter goes out once; an unknown address is switched off, shown, and
// can be sent to again once it is given anew.
func TestTroubleWithMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	budi, officer := coretest.Citizen("budi"), o.Officer("jalan")
	account, _ := budi.Account()
	o.wishes(budi, func(p *civic.Preferences) { p.Email = true })
	report := o.File()
	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.Verified, ""))
	o.tell()
	o.mails.troubles = []error{errDrop, &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full"}}
	o.later(2 * time.Minute)
	o.later(time.Second)
	o.letters(0)
	o.later(time.Minute)
	o.later(2 * time.Minute)
	o.letters(1)
	o.later(time.Hour)
	o.letters(1)

	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""))
	o.tell()
	o.mails.troubles = []error{&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "budi@kota.test unknown"}}
	o.later(2 * time.Minute)
	wishes, _, err := o.inbox.Preferences(t.Context(), account)
	if err != nil || wishes.EmailRefused == nil {
		t.Fatalf("the address is not switched off: %v", err)
	}
	failed := must[civic.Page[*civic.Message]](t)(o.inbox.FailedMessages(t.Context(), civic.PageRequest{First: 10}))
	if len(failed.Items) != 1 || failed.Items[0].Error != "refused" || failed.Items[0].To != account {
		t.Fatalf("failed: %+v", failed.Items)
	}
	o.wishes(budi, func(p *civic.Preferences) { p.Email = true }) // the address is given anew
	must[*civic.Message](t)(o.inbox.ResendMessage(t.Context(), failed.Items[0].ID))
	o.later(time.Second)
	o.letters(2)
	if n := o.Count("SELECT count(*) FROM messages WHERE error LIKE '%budi%'"); n != 0 {
		t.Error("an address is kept")
	}
}

// A browser that is gone is forgotten, one that cannot be reached is tried again, and each gets a message once.
func TestBrowsers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	budi, officer := coretest.Citizen("budi"), o.Officer("jalan")
	account, _ := budi.Account()
	o.wishes(budi, func(p *civic.Preferences) { p.Push = true })
	for _, endpoint := range []string{"https://push.test/1", "https://push.test/2"} {
		err := o.inbox.SavePush(t.Context(), civic.PushSubscription{ID: civic.NamedUUID(endpoint), Account: account, Endpoint: endpoint, Key: []byte("key"), Auth: []byte("auth")})
		if err != nil {
			t.Fatal(err)
		}
	}
	report := o.File()
	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.InProgress, ""))
	o.tell()
	o.pushes.says = errors.New("away")
	o.later(2 * time.Minute)
	o.pushes.says = nil
	o.later(time.Minute)
	o.later(time.Hour)
	if len(o.pushes.got) != 2 || !strings.Contains(o.pushes.got[0], report.Number) || strings.Contains(o.pushes.got[0], report.Title) {
		t.Fatalf("browsers got %v", o.pushes.got)
	}
	must[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, report.ID, civic.Rejected, "Bukan wewenang kami."))
	o.tell()
	o.pushes.says = push.ErrGone
	o.later(2 * time.Minute)
	if n := o.Count("SELECT count(*) FROM push_subscriptions"); n != 0 {
		t.Errorf("%d browsers are left", n)
	}
}

// A link in a mail ends mail, and no other secret does.
func TestALinkEndsMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	budi := coretest.Citizen("budi")
	account, _ := budi.Account()
	o.wishes(budi, func(p *civic.Preferences) { p.Email = true })
	for secret, want := range map[string]bool{strings.Repeat("x", 32): false, strings.Repeat("s", 32): true} {
		if ended := must[bool](t)(o.inbox.EndEmail(t.Context(), []byte(secret))); ended != want {
			t.Errorf("%q: %v", secret[:1], ended)
		}
	}
	if wishes, _, err := o.inbox.Preferences(t.Context(), account); err != nil || wishes.Email {
		t.Errorf("mail goes on: %v", err)
	}
}

// The morning's digest comes once a working day, to who answers for the department.
func TestTheMorningsDigest(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.File()
	digests := notifier.NewDigest(notifier.Config{Now: func() time.Time { return o.now }}, o.rows, o.bus, func() *civic.City { return o.City })
	count := func() int {
		t.Helper()
		if err := digests.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return o.Count("SELECT count(*) FROM notifications WHERE kind = 'NEW_REPORT' AND report_id IS NULL AND detail ->> 'digest' = 'true'")
	}
	first := count()
	if first == 0 || count() != first {
		t.Fatalf("%d digests, then %d", first, count())
	}
	o.now = coretest.Monday.Add(18 * time.Hour) // at night
	if n := count(); n != first {
		t.Errorf("%d digests at night", n)
	}
	o.now = coretest.Monday.Add(24 * time.Hour)
	if n := count(); n != 2*first {
		t.Errorf("%d digests on the second day", n)
	}
}
