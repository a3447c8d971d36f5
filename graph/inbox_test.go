package graph_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/inbox"
	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// contacts are what the identity service knows of addresses.
type contacts struct{ known sync.Map }

func (c *contacts) SaveContact(_ context.Context, citizen civic.CitizenID, email string) error {
	c.known.Store(citizen.UUID, email)
	return nil
}

func (c *contacts) Contact(_ context.Context, account civic.UUID) (string, error) {
	email, _ := c.known.Load(account)
	text, _ := email.(string)
	return text, nil
}

// awake is always woken: the watch looks at the rows.
func awake(ctx context.Context, _ string) (<-chan struct{}, error) {
	woken := make(chan struct{})
	go func() {
		for {
			select {
			case woken <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return woken, nil
}

func newInbox(rows *store.Store, city func() *civic.City) *inbox.Box {
	return inbox.New(inbox.Config{}, rows, &contacts{}, city, awake)
}

// tell writes notifications about a report as the notifier does, and answers their ids.
func tell(t *testing.T, c *coretest.Core, to civic.Principal, report *civic.Report, names ...string) (ids []string) {
	t.Helper()
	rows := c.Store(roles.Notifier)
	account, _ := to.Account()
	for _, name := range names {
		place := must[uint64](t)(rows.NotifierPlace(t.Context()))
		n := civic.Notification{
			ID: civic.NotificationName(name, account), To: account, Kind: civic.NotifyStatus, Report: &report.ID,
			Detail: civic.NotificationDetail{Event: civic.EventStatusChanged, Status: civic.InProgress}, CreatedAt: coretest.Monday,
		}
		if _, ok, err := rows.Tell(t.Context(), place, place+1, store.Told{Notifications: []civic.Notification{n}}); err != nil || !ok {
			t.Fatal(ok, err)
		}
		ids = append(ids, n.ID.String())
	}
	return ids
}

const inboxQuery = `query($first: Int, $after: Cursor, $unread: Boolean) { notifications(first: $first, after: $after, unreadOnly: $unread) {
	nodes { id kind message readAt report { number } } pageInfo { hasNextPage endCursor } unreadCount } }`

// The inbox is its owner's: newest first, page by page, marked up to a place, and nobody else's, whatever they ask.
func TestAnInboxIsItsOwners(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	report := c.File()
	ids := tell(t, c, budi, report, "one", "two", "three")

	page := object(t, f.ask(t, budi, inboxQuery, map[string]any{"first": 2}), "notifications")
	nodes, _ := page["nodes"].([]any)
	first, _ := nodes[0].(map[string]any)
	if len(nodes) != 2 || first["id"] != ids[2] || page["unreadCount"] != 3.0 {
		t.Fatalf("the first page: %v", page)
	}
	if want := "Laporan " + report.Number + ": " + locale.Text(locale.Indonesian, "status.IN_PROGRESS", nil) + "."; first["message"] != want {
		t.Errorf("it says %q, want %q", first["message"], want)
	}
	info, _ := page["pageInfo"].(map[string]any)
	rest := object(t, f.ask(t, budi, inboxQuery, map[string]any{"after": info["endCursor"]}), "notifications")
	if nodes, _ := rest["nodes"].([]any); len(nodes) != 1 {
		t.Errorf("the second page: %v", rest)
	}
	if got := f.ask(t, budi, `mutation($id: ID!) { markNotificationsRead(upTo: $id) }`, map[string]any{"id": ids[1]}).Data["markNotificationsRead"]; got != 2.0 {
		t.Errorf("%v were marked", got)
	}
	unread := object(t, f.ask(t, budi, inboxQuery, map[string]any{"unread": true}), "notifications")
	if nodes, _ := unread["nodes"].([]any); len(nodes) != 1 || unread["unreadCount"] != 1.0 {
		t.Errorf("unread: %v", unread)
	}

	if others := object(t, f.ask(t, siti, inboxQuery, nil), "notifications"); len(others["nodes"].([]any)) != 0 || others["unreadCount"] != 0.0 {
		t.Errorf("somebody else sees %v", others)
	}
	for _, operation := range []string{`mutation($id: ID!) { markNotificationsRead(upTo: $id) }`, `query($id: ID!) { node(id: $id) { id } }`} {
		if got := f.ask(t, siti, operation, map[string]any{"id": ids[2]}); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "NOT_FOUND" {
			t.Errorf("somebody else asks %s: %v %v", operation, got.Data, got.Errors)
		}
	}
	if got := f.ask(t, civic.Principal{}, inboxQuery, nil); len(got.Errors) == 0 || got.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
		t.Errorf("a stranger: %v %v", got.Data, got.Errors)
	}
	if got := object(t, f.ask(t, budi, `query($id: ID!) { node(id: $id) { ... on Notification { kind } } }`, map[string]any{"id": ids[0]}), "node"); got["kind"] != "STATUS_CHANGED" {
		t.Errorf("its owner finds %v", got)
	}
}

// object is a field of an answer.
func object(t *testing.T, a answer, name string) map[string]any {
	t.Helper()
	found, ok := a.Data[name].(map[string]any)
	if !ok {
		t.Fatalf("no %s: %v %v", name, a.Data, a.Errors)
	}
	return found
}

// With the directive and the query's own condition taken away, the rows are still their owner's alone.
func TestRowsOfAnInboxAreTheirOwners(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	tell(t, c, budi, c.File(), "one")
	mine, _ := siti.Account()
	for _, table := range []string{"notifications", "notification_preferences", "push_subscriptions", "area_alerts", "messages"} {
		if n := seen(t, c, mine, "SELECT count(*) FROM "+table); n != 0 {
			t.Errorf("%s: somebody else sees %d rows", table, n)
		}
	}
	theirs, _ := budi.Account()
	if n := seen(t, c, theirs, "SELECT count(*) FROM notifications"); n != 1 {
		t.Errorf("the owner sees %d rows: the test sees nothing", n)
	}
}

// What became invisible is told without its number.
func TestWhatIsHiddenIsToldWithoutItsNumber(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	siti := coretest.Citizen("siti")
	report := c.File()
	tell(t, c, siti, report, "one")
	must[*civic.Report](t)(f.desk.Hide(t.Context(), c.Officer("jalan"), report.ID, true, "Memuat nama orang."))
	nodes, _ := object(t, f.ask(t, siti, inboxQuery, nil), "notifications")["nodes"].([]any)
	node, _ := nodes[0].(map[string]any)
	if node["report"] != nil || node["message"] != locale.Text(locale.Indonesian, "notification.gone", nil) {
		t.Errorf("it is told as %v", node)
	}
}

// A screen hears each notification once and in order.
func TestAScreenHearsWhatItsOwnerIsTold(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	budi, report := coretest.Citizen("budi"), c.File()
	tell(t, c, budi, report, "before")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	next := f.follow(t, ctx, budi, `subscription { notificationReceived { id message } }`, nil)
	told := make(chan []string, 1)
	go func() { told <- tell(t, c, budi, report, "one", "two", "three") }()
	var heard []any
	for range 3 {
		heard = append(heard, object(t, next(), "notificationReceived")["id"])
	}
	for i, id := range <-told {
		if heard[i] != id {
			t.Errorf("heard %v as number %d, want %s", heard[i], i, id)
		}
	}
}

// Wishes are kept, checked, and shown as they are.
func TestHowSomebodyWantsToBeTold(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	budi := coretest.Citizen("budi")
	refused := func(document, field string) {
		t.Helper()
		got := f.ask(t, budi, document, nil)
		if len(got.Errors) != 1 || got.Errors[0].Extensions["field"] != field {
			t.Errorf("%s: %v, want a word about %s", document, got.Errors, field)
		}
	}
	refused(`mutation { saveNotificationPreferences(emailEnabled: true, pushEnabled: false) }`, "email")
	refused(`mutation { saveNotificationPreferences(email: "budi", emailEnabled: true, pushEnabled: false) }`, "email")
	refused(`mutation { saveNotificationPreferences(emailEnabled: false, pushEnabled: false, quietFrom: "25:00", quietUntil: "06:00") }`, "quietFrom")
	refused(`mutation { saveNotificationPreferences(emailEnabled: false, pushEnabled: false, language: "fr") }`, "language")
	for _, endpoint := range []string{"http://push.test/x", "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://10.1.2.3:443/x", "https://push.test:8443/x", "file:///etc/passwd"} {
		refused(`mutation { savePushSubscription(endpoint: "`+endpoint+`", p256dh: "x", auth: "y") }`, "endpoint")
	}
	refused(`mutation { savePushSubscription(endpoint: "https://push.test/x", p256dh: "AAAA", auth: "AAAA") }`, "p256dh")

	saved := f.ask(t, budi, `mutation { saveNotificationPreferences(email: "budi@Kota.test", emailEnabled: true, pushEnabled: true, language: "en",
		quietFrom: "22:00", quietUntil: "06:00", muted: [{kind: COMMENTED, channel: PUSH}]) }`, nil)
	if saved.Data["saveNotificationPreferences"] != true {
		t.Fatal(saved.Errors)
	}
	if got := f.ask(t, budi, `mutation { savePushSubscription(endpoint: "https://push.test/x", p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "tBHItJI5svbpez7KI4CCXg") }`, nil); got.Errors != nil {
		t.Fatal(got.Errors)
	}
	got := object(t, f.ask(t, budi, `{ notificationPreferences { email emailEnabled emailAvailable pushAvailable pushEnabled pushBrowsers language quietFrom quietUntil digest
		muted { kind channel } } }`, nil), "notificationPreferences")
	for field, want := range map[string]any{
		"email": "budi@kota.test", "emailEnabled": true, "emailAvailable": false, "pushAvailable": false, "pushEnabled": true, "pushBrowsers": 1.0,
		"language": "en", "quietFrom": "22:00", "quietUntil": "06:00", "digest": true,
	} {
		if got[field] != want {
			t.Errorf("%s is %v, want %v", field, got[field], want)
		}
	}
	// The same browser with another account signed in is that account's.
	siti := coretest.Citizen("siti")
	f.ask(t, siti, `mutation { savePushSubscription(endpoint: "https://push.test/x", p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "tBHItJI5svbpez7KI4CCXg") }`, nil)
	if n := c.Count("SELECT count(*) FROM push_subscriptions WHERE account_id = $1", siti.Citizen.Bytes()); n != 1 || c.Count("SELECT count(*) FROM push_subscriptions") != 1 {
		t.Error("a browser is two people's")
	}
}

// Areas are their citizen's alone.
func TestAreasAreTheirCitizens(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	budi, siti := coretest.Citizen("budi"), coretest.Citizen("siti")
	saved := object(t, f.ask(t, budi, `mutation { saveAreaAlert(location: {latitude: -6.9, longitude: 107.6}, radiusMeters: 500) { id radiusMeters categories { id } } }`, nil), "saveAreaAlert")
	id, _ := saved["id"].(string)
	if got := f.ask(t, siti, `mutation { deleteAreaAlert(id: "`+id+`") }`, nil); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "NOT_FOUND" {
		t.Errorf("somebody else: %v %v", got.Data, got.Errors)
	}
	if got := f.ask(t, budi, `{ areaAlerts { id } }`, nil).Data["areaAlerts"].([]any); len(got) != 1 {
		t.Errorf("areas: %v", got)
	}
	if got := f.ask(t, budi, `mutation { deleteAreaAlert(id: "`+id+`") }`, nil); got.Data["deleteAreaAlert"] != true {
		t.Errorf("its citizen: %v", got.Errors)
	}
	if got := f.ask(t, budi, `mutation { saveAreaAlert(location: {latitude: -6.9, longitude: 107.6}, radiusMeters: 50) { id } }`, nil); len(got.Errors) != 1 || got.Errors[0].Extensions["field"] != "radiusMeters" {
		t.Errorf("a dot: %v", got.Errors)
	}
}

// seen is the one number that a query answers to the server's role where an account asks.
func seen(t *testing.T, c *coretest.Core, account civic.Account, query string) (n int) {
	t.Helper()
	tx, err := pgx.Connect(t.Context(), c.URL(roles.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close(context.Background()) //nolint:errcheck // the query's own error is the one that tells
	if _, err := tx.Exec(t.Context(), "SELECT set_config('app.account', $1, false), set_config('app.citizen', $1, false)", account.ID.UUIDString()); err != nil {
		t.Fatal(err)
	}
	if err := tx.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
