package casework_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// doors stands for the identity service: it can be away.
type doors struct {
	away    bool
	deleted []civic.CitizenID
}

func (d *doors) CheckPassword(_ context.Context, _ civic.CitizenID, password string) error {
	if password != "benar" {
		return civic.Unauthenticated("password.wrong")
	}
	return nil
}

func (d *doors) DeleteCitizen(_ context.Context, citizen civic.CitizenID) error {
	if d.away {
		return civic.Unavailable("identity.unavailable")
	}
	d.deleted = append(d.deleted, citizen)
	return nil
}

// traceOf looks for an id in every column of every table, as the administrator sees them.
func (o office) traceOf(t *testing.T, id string) (found []string) {
	t.Helper()
	rows, err := o.Admin.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, table := range tables {
		if n := o.Count("SELECT count(*) FROM "+table+" AS one WHERE one::text ILIKE '%' || $1 || '%'", id); n > 0 {
			found = append(found, table)
		}
	}
	return found
}

// Who goes is gone from every table, whatever fails on the way, and what they gave the city stays.
func TestACitizenIsForgotten(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	now := coretest.Monday
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	o.SetClock(clock)
	identity := &doors{away: true}
	server := casework.New(casework.Config{Now: clock}, casework.Ports{
		City: func() *civic.City { return o.City }, Records: records.Of{Store: o.rows}, Citizens: identity,
	})
	ingest := casework.New(casework.Config{Now: clock}, casework.Ports{
		City: func() *civic.City { return o.City }, Records: records.Of{Store: o.Store(roles.Ingest)},
	})
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	mine, hers := o.File(o.Of("pelayanan-puskesmas")).ID, o.File(coretest.By(siti)).ID
	private := o.File(coretest.Visibility(civic.Private)).ID
	for _, act := range []func() error{
		func() error { _, err := server.Comment(t.Context(), budi, hers, "setuju"); return err },
		func() error { _, err := server.Comment(t.Context(), budi, mine, "masih"); return err },
		func() error { _, err := server.Upvote(t.Context(), budi, hers, true); return err },
		func() error { _, err := server.Upvote(t.Context(), siti, hers, true); return err },
		func() error { _, err := server.Follow(t.Context(), budi, hers, true); return err },
		func() error { _, err := server.Withdraw(t.Context(), budi, private, "sudah"); return err },
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
	id := budi.Citizen.UUIDString()
	if found := o.traceOf(t, id); len(found) != 4 {
		t.Fatalf("before, the id is in %v", found)
	}
	refused(t, "a wrong password", server.DeleteAccount(t.Context(), budi, "salah"), civic.CodeUnauthenticated, "")
	refused(t, "an officer", server.DeleteAccount(t.Context(), o.Officer("jalan"), "benar"), civic.CodeForbidden, "")
	if n := o.Count("SELECT count(*) FROM departures"); n != 0 {
		t.Fatal("somebody goes who did not ask")
	}
	if err := server.DeleteAccount(t.Context(), budi, "benar"); err != nil {
		t.Fatal(err) // although the identity service is away
	}
	settled, asked := true, 0
	settle := func(context.Context) (bool, error) { asked++; return settled, nil }
	forget := func() {
		t.Helper()
		if err := ingest.ForgetDeparted(t.Context(), settle); err != nil {
			t.Fatal(err)
		}
	}
	forget()
	if found := strings.Join(o.traceOf(t, id), " "); found != "departures" || asked != 0 {
		t.Errorf("while the account is there the id is in %q", found)
	}
	if err := server.FinishDepartures(t.Context()); err == nil {
		t.Error("an account is gone that could not be reached")
	}
	identity.away = false
	if err := server.FinishDepartures(t.Context()); err != nil || len(identity.deleted) != 1 || identity.deleted[0] != budi.Citizen {
		t.Fatal(identity.deleted, err)
	}
	// Something that was on its way arrives, and is not settled yet.
	late := o.File().ID
	now, settled = now.Add(time.Minute), false
	forget()
	if found := strings.Join(o.traceOf(t, id), " "); found != "departures" || o.Report(late).Reporter != nil {
		t.Errorf("before all is settled the id is in %q", found)
	}
	settled = true
	forget()
	forget()
	if found := o.traceOf(t, id); len(found) != 0 {
		t.Errorf("the id is still in %v", found)
	}
	if err := server.FinishDepartures(t.Context()); err != nil || len(identity.deleted) != 1 {
		t.Error("it goes on for ever")
	}
	if r := o.Report(mine); r.Reporter != nil || r.Title != "Lubang di jalan" || r.Status != civic.Received {
		t.Errorf("%+v", r)
	}
	if n := o.Count("SELECT count(*) FROM comments WHERE author_id IS NULL"); n != 2 {
		t.Errorf("%d comments are nobody's", n)
	}
	if n := o.Count("SELECT count(*) FROM upvotes WHERE report_id = $1", hers.Bytes()); n != 2 || o.Report(hers).Upvotes != 2 {
		t.Error("a vote was lost")
	}
	if n := o.Count("SELECT count(*) FROM followers"); n != 0 {
		t.Error("nobody follows")
	}
	// A stream that cannot be asked holds up the end, and not the forgetting.
	if err := server.DeleteAccount(t.Context(), siti, "benar"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if err := ingest.ForgetDeparted(t.Context(), func(context.Context) (bool, error) { return true, errors.New("away") }); err == nil {
		t.Error("nobody was told")
	}
	if o.Report(hers).Reporter != nil {
		t.Error("who goes is not forgotten")
	}
}

// After their time, reports lose what is personal; the ledger knows of it and is sound.
func TestRetention(t *testing.T) {
	t.Parallel()
	p := newProver(t)
	now := coretest.Monday
	p.SetClock(func() time.Time { now = now.Add(time.Millisecond); return now })
	p.desk = p.Desk(p.rows, casework.Config{})
	ingest := p.Store(roles.Ingest)
	keeper := p.Desk(ingest, casework.Config{})
	budi, officer := coretest.Citizen("budi"), p.Officer("jalan")
	place := func(s *civic.Submission) {
		s.Place = &civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "Rumah Budi"}
	}
	salted := func(s *civic.Submission) {
		s.Salt = civic.NewSalt(strings.NewReader(strings.Repeat("s", civic.SaltSize)))
	}
	public := p.File(place, salted, p.kept(t, blank(t))).ID
	private := p.File(coretest.Visibility(civic.Private), place, salted, p.kept(t, blank(t))).ID
	anonymous := p.File(coretest.Visibility(civic.Anonymous), salted).ID
	young, open := p.File(salted).ID, p.File(salted).ID
	counter := p.File(salted, func(s *civic.Submission) {
		s.Reporter, s.FiledBy, s.Contact = nil, &officer.Officer, "Pak Budi, 0812"
	}).ID
	for _, id := range []civic.ReportID{public, private} {
		done[*civic.Comment](t)(p.desk.Comment(t.Context(), budi, id, "telepon saya 0812"))
		done[*civic.Note](t)(p.desk.AddNote(t.Context(), officer, id, "pelapor galak"))
	}
	if _, err := p.desk.ReplyAsAnonymous(t.Context(), coretest.ReceiptOf(anonymous), "saya di rumah"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []civic.ReportID{public, private, anonymous, counter, young} {
		done[*civic.Report](t)(p.desk.ChangeStatus(t.Context(), officer, id, civic.Rejected, "bukan urusan "+id.String()))
	}
	erase := func(want int) {
		t.Helper()
		if n := done[int](t)(keeper.EraseOld(t.Context(), 0)); n != want {
			t.Errorf("%d were erased, want %d", n, want)
		}
	}
	now = now.Add(364 * 24 * time.Hour)
	erase(0)
	p.Exec("UPDATE reports SET closed_at = $2 WHERE id = $1", young.Bytes(), now)
	now = now.Add(2 * 24 * time.Hour)
	erase(4)
	erase(0)
	if r := p.Report(public); r.Reporter != nil || r.Title != "Lubang di jalan" || r.Place.Address != "Rumah Budi" {
		t.Errorf("a public report: %+v", r)
	}
	for _, id := range []civic.ReportID{private, anonymous} {
		if r := p.Report(id); r.Reporter != nil || r.Title != "—" || r.Body != "—" || r.Place != nil {
			t.Errorf("%s: %+v", r.Visibility, r)
		}
	}
	for _, id := range []civic.ReportID{young, open} {
		if r := p.Report(id); r.Reporter == nil {
			t.Errorf("one that is not old enough lost its reporter: %+v", r)
		}
	}
	if _, err := p.rows.ReportByReceipt(t.Context(), coretest.ReceiptOf(anonymous)); err == nil {
		t.Error("the receipt still opens it")
	}
	for what, c := range map[string]struct {
		sql  string
		want int
	}{
		"words of closed conversations": {"SELECT count(*) FROM comments WHERE report_id <> '" + public.UUIDString() + "'", 0},
		"named authors":                 {"SELECT count(*) FROM comments WHERE author_id IS NOT NULL", 0},
		"the public conversation":       {"SELECT count(*) FROM comments WHERE body LIKE 'telepon%'", 1},
		"contacts":                      {"SELECT count(*) FROM internal_notes WHERE body LIKE '%0812%'", 0},
		"notes on public reports":       {"SELECT count(*) FROM internal_notes WHERE body LIKE '%galak%'", 1},
		"messages":                      {"SELECT count(*) FROM timeline WHERE message <> ''", 3}, // public, counter, young
		"pictures":                      {"SELECT count(*) FROM media", 1},
		"salts":                         {"SELECT count(*) FROM reports WHERE salt IS NULL", 2},
		"lines on texts":                {"SELECT count(*) FROM audit WHERE action = 'erase_text'", 2},
		"lines on reporters":            {"SELECT count(*) FROM audit WHERE action = 'erase_reporter'", 2},
	} {
		if n := p.Count(c.sql); n != c.want {
			t.Errorf("%s: %d, want %d", what, n, c.want)
		}
	}
	sequencer := done[*ledger.Sequencer](t)(ledger.NewSequencer(ledger.Config{}, make([]byte, ledger.KeySize), ingest))
	if err := sequencer.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	key := done[string](t)(ingest.LedgerVerifier(t.Context()))
	summary := done[ledger.Summary](t)(ledger.Verify(t.Context(), ingest, ledger.Options{Key: key}))
	if summary.Erased != 2 || summary.Reports != 6 {
		t.Errorf("%+v", summary)
	}
	p.Exec("UPDATE reports SET title = 'x' WHERE id = $1", public.Bytes())
	if _, err := ledger.Verify(t.Context(), ingest, ledger.Options{Key: key}); err == nil {
		t.Error("the text of a report that lost its reporter may be changed")
	}
}

// A report that goes on as another is kept as long as that one.
func TestRetentionWaitsForWhatAReportGoesOnAs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	now := coretest.Monday
	o.SetClock(func() time.Time { now = now.Add(time.Millisecond); return now })
	keeper := o.Desk(o.Store(roles.Ingest), casework.Config{})
	merged, into := o.File().ID, o.File().ID
	done[*civic.Report](t)(o.desk.Merge(t.Context(), o.Officer("jalan"), into, []civic.ReportID{merged}))
	now = now.Add(400 * 24 * time.Hour)
	if n := done[int](t)(keeper.EraseOld(t.Context(), 0)); n != 0 {
		t.Errorf("%d were erased", n)
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), o.Officer("jalan"), into, civic.Rejected, "x"))
	now = now.Add(31 * 24 * time.Hour)
	if n := done[int](t)(keeper.EraseOld(t.Context(), 30)); n != 2 {
		t.Errorf("%d were erased", n)
	}
}

func TestTheRetentionIsSet(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	if h.City.Retention() != civic.DefaultRetention {
		t.Error(h.City.Retention())
	}
	for _, days := range []int{0, -1, civic.MaxRetention + 1} {
		refused(t, "days", h.desk.SaveRetention(t.Context(), h.admin, days), civic.CodeInvalidInput, "days")
	}
	refused(t, "no administrator", h.desk.SaveRetention(t.Context(), h.Officer("walikota"), 30), civic.CodeForbidden, "")
	if err := h.desk.SaveRetention(t.Context(), h.admin, 30); err != nil || h.City.Retention() != 30 {
		t.Error(h.City.Retention(), err)
	}
}
