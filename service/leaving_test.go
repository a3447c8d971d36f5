package service_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// enter opens a session of an officer.
func (c *city) enter(email, password string) (token string) {
	c.t.Helper()
	var answer struct{ SignIn struct{ AccessToken string } }
	code := c.ask("", `mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { accessToken } }`,
		map[string]any{"e": email, "p": password}, &answer)
	if code != "" {
		c.t.Fatalf("sign in: %s", code)
	}
	return answer.SignIn.AccessToken
}

// tracesOf looks for words in all rows of both databases and in all messages of all streams.
func (c *city) tracesOf(words ...string) (found []string) {
	c.t.Helper()
	for _, role := range []string{roles.Owner, roles.IdentityOwner} {
		parsed, err := pgx.ParseConfig(c.database(role))
		if err != nil {
			c.t.Fatal(err)
		}
		admin := c.rows.Config().ConnConfig.Copy() // sees all rows
		admin.Database = parsed.Database
		conn, err := pgx.ConnectConfig(c.t.Context(), admin)
		if err != nil {
			c.t.Fatal(err)
		}
		rows, _ := conn.Query(c.t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
		tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(tables) < 5 {
			c.t.Fatal(tables, err)
		}
		for _, table := range tables {
			var dump strings.Builder
			if _, err := conn.PgConn().CopyTo(c.t.Context(), &dump, "COPY "+table+" TO STDOUT"); err != nil {
				c.t.Fatal(err)
			}
			for _, word := range words {
				if strings.Contains(strings.ToLower(dump.String()), strings.ToLower(word)) {
					found = append(found, table+": "+word)
				}
			}
		}
		_ = conn.Close(c.t.Context())
	}
	return append(found, c.inStreams(words...)...)
}

func (c *city) inStreams(words ...string) (found []string) {
	c.t.Helper()
	nc, err := nats.Connect(c.broker)
	if err != nil {
		c.t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		c.t.Fatal(err)
	}
	for info := range js.ListStreams(c.t.Context()).Info() {
		stream, err := js.Stream(c.t.Context(), info.Config.Name)
		if err != nil {
			c.t.Fatal(err)
		}
		for n := info.State.FirstSeq; n <= info.State.LastSeq && info.State.Msgs > 0; n++ {
			message, err := stream.GetMsg(c.t.Context(), n)
			if err != nil {
				continue // deleted
			}
			for _, word := range words {
				if strings.Contains(strings.ToLower(message.Subject+string(message.Data)), strings.ToLower(word)) {
					found = append(found, info.Config.Name+": "+word)
				}
			}
		}
	}
	return found
}

// Somebody fetches everything that is held about them, deletes the account and is nowhere any more; the case stays.
func TestSomebodyLeaves(t *testing.T) {
	t.Parallel()
	c := start(t, nil)
	people, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	// Somebody whose name nobody else has.
	person := people.Citizens[slices.IndexFunc(people.Citizens, func(one demo.Citizen) bool {
		return !slices.ContainsFunc(people.Officers, func(o demo.Officer) bool { return strings.Contains(o.Name, one.Name) }) &&
			!slices.ContainsFunc(people.Citizens, func(o demo.Citizen) bool { return o != one && strings.Contains(o.Name, one.Name) })
	})]
	token := c.signIn(person.NationalID, people.Password)
	var filed struct {
		SubmitReport struct {
			State  string
			Report struct{ ID, Number string }
		}
	}
	if code := c.ask(token, `mutation($in: SubmitReportInput!) { submitReport(input: $in) { state report { id number } } }`, map[string]any{
		"in": map[string]any{"title": "Lampu padam", "body": "Tiga lampu padam di depan pasar.", "visibility": "PUBLIC"},
	}, &filed); code != "" {
		t.Fatal(code)
	}
	report := filed.SubmitReport.Report
	c.until("the report is stored", func() bool {
		return c.ask(token, `mutation($r: ID!) { upvoteReport(report: $r) { id } }`, map[string]any{"r": report.ID}, &struct{}{}) == ""
	})
	for _, document := range []string{`mutation($r: ID!) { followReport(report: $r) { id } }`, `mutation($r: ID!) { commentOnReport(report: $r, body: "Masih padam") { id } }`} {
		if code := c.ask(token, document, map[string]any{"r": report.ID}, &struct{}{}); code != "" {
			t.Fatal(document, code)
		}
	}
	var viewer struct{ Viewer struct{ ID string } }
	if code := c.ask(token, `{ viewer { ... on Citizen { id } } }`, nil, &viewer); code != "" {
		t.Fatal(code)
	}
	var id string
	if err := c.rows.QueryRow(t.Context(), "SELECT reporter_id::text FROM reports WHERE number = $1", report.Number).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if found := c.tracesOf(id, person.Name); len(found) < 5 {
		t.Fatalf("before, there are traces in %v alone: the search is broken", found)
	}

	var own struct{ MyData struct{ ExportURL string } }
	if code := c.ask(token, `{ myData { exportUrl } }`, nil, &own); code != "" {
		t.Fatal(code)
	}
	response, err := http.Get(c.url + own.MyData.ExportURL)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	var held struct {
		Account                                    struct{ Name, NationalID string }
		Reports, Comments, Votes, Follows, Ratings []map[string]any
	}
	if err != nil || json.Unmarshal(raw, &held) != nil || held.Account.Name != person.Name || held.Account.NationalID != person.NationalID ||
		len(held.Reports) != 1 || len(held.Comments) != 1 || len(held.Votes) != 1 || len(held.Follows) != 1 {
		t.Errorf("%d %s, %v", response.StatusCode, raw, err)
	}

	const leave = `mutation($p: String!) { deleteMyAccount(password: $p) }`
	if code := c.ask(token, leave, map[string]any{"p": "salah sekali ini"}, &struct{}{}); code != "UNAUTHENTICATED" {
		t.Errorf("a wrong password: %q", code)
	}
	if code := c.ask(token, leave, map[string]any{"p": people.Password}, &struct{}{}); code != "" {
		t.Fatal(code)
	}
	if code := c.ask(token, `{ viewer { __typename } }`, nil, &struct{}{}); code != "UNAUTHENTICATED" {
		t.Errorf("the access token still opens something: %q", code)
	}
	var left []string
	defer func() {
		if t.Failed() {
			t.Logf("traces: %v", left)
		}
	}()
	c.until("nobody knows of them", func() bool { left = c.tracesOf(id, person.Name, viewer.Viewer.ID); return len(left) == 0 })
	if response, err := http.Get(c.url + own.MyData.ExportURL); err != nil || response.StatusCode != http.StatusNotFound {
		t.Errorf("the link still opens something: %v", err)
	} else {
		_ = response.Body.Close()
	}
	var kept struct {
		Report struct {
			Title       string
			UpvoteCount int
			Comments    struct{ Nodes []struct{ Body string } }
		}
	}
	if code := c.ask("", `query($r: ID!) { report(id: $r) { title upvoteCount comments { nodes { body } } } }`, map[string]any{"r": report.ID}, &kept); code != "" ||
		kept.Report.Title != "Lampu padam" || kept.Report.UpvoteCount != 1 || len(kept.Report.Comments.Nodes) != 1 {
		t.Errorf("of the case there is left: %+v %s", kept, code)
	}
}

// What an administrator changes is so on every server within moments, and who may do something no more cannot.
func TestTheOfficeOnTwoServers(t *testing.T) {
	t.Parallel()
	c := start(t, nil)
	first := c.url
	c.serve()
	admin := c.enter("admin@demo.jagawarga.test", "jagawarga-demo")
	at := func(url string) { c.url = url }
	second := c.url
	const hire = `mutation($in: OfficerInput!) { saveOfficer(input: $in) { id name role department { code } } }`
	input := map[string]any{"name": "Dewi Lestari", "email": "dewi@kota.test", "department": demo.DepartmentID("jalan").String(), "role": "DEPARTMENT_HEAD", "password": "kata sandi panjang"}
	var saved struct{ SaveOfficer struct{ ID string } }
	if code := c.ask(admin, hire, map[string]any{"in": input}, &saved); code != "" {
		t.Fatal(code)
	}
	if code := c.ask(admin, hire, map[string]any{"in": input}, &struct{}{}); code != "CONFLICT" {
		t.Errorf("the same address: %q", code)
	}
	at(first)
	dewi := c.enter("dewi@kota.test", "kata sandi panjang")
	const heads = `query { performance(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") { received } }`
	const who = `query($d: ID!) { officers(department: $d) { name } }`
	listed := func() bool {
		var found struct{ Officers []struct{ Name string } }
		code := c.ask(dewi, who, map[string]any{"d": demo.DepartmentID("jalan").String()}, &found)
		for _, officer := range found.Officers {
			if code == "" && officer.Name == "Dewi Lestari" {
				return true
			}
		}
		return false
	}
	c.until("the other server knows of the officer", listed)
	if code := c.ask(dewi, heads, nil, &struct{}{}); code != "" {
		t.Errorf("a head of department: %q", code)
	}
	at(second)
	input["id"], input["role"], input["password"] = saved.SaveOfficer.ID, "OFFICER", nil
	if code := c.ask(admin, hire, map[string]any{"in": input}, &struct{}{}); code != "" {
		t.Fatal(code)
	}
	at(first)
	began := time.Now()
	c.until("the token of the former role is worth nothing", func() bool { return c.ask(dewi, heads, nil, &struct{}{}) == "UNAUTHENTICATED" })
	figures.Tell(t, "rights: a token of a former role is worth nothing at another server after %v", time.Since(began).Round(time.Millisecond))
	at(second)
	if code := c.ask(admin, `mutation($d: ID!) { retireDepartment(department: $d) }`, map[string]any{"d": demo.DepartmentID("walikota").String()}, &struct{}{}); code != "CONFLICT" {
		t.Errorf("the root: %q", code)
	}
	if code := c.ask(admin, `mutation($c: ID!) { retireCategory(category: $c) }`, map[string]any{"c": demo.CategoryID("trotoar").String()}, &struct{}{}); code != "" {
		t.Fatal(code)
	}
	at(first)
	c.until("the other server lists the category no more", func() bool {
		var found struct{ Categories []struct{ ID string } }
		code := c.ask("", `{ categories { id } }`, nil, &found)
		for _, category := range found.Categories {
			if category.ID == demo.CategoryID("trotoar").String() {
				return false
			}
		}
		return code == "" && len(found.Categories) > 0
	})
}
