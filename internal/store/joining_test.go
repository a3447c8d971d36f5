package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// newJoined is a walled city in which everything hangs together: the private report of the roads unit was merged into its hidden one, the
// anonymous one was split off the private one of the drains unit, and each has a task for the other, a paper, and a rule of its house.
func newJoined(t *testing.T) walled {
	w := newWalled(t)
	officer := w.Officer("jalan").Officer.Bytes()
	for _, side := range []string{"own", "other"} {
		private, helper, house := w.reports["private-"+side].Bytes(), "drainase", "jalan"
		if side == "other" {
			helper, house = house, helper
		}
		w.Exec("INSERT INTO merges VALUES ($1, $2, 'RECEIVED', now())", private, w.reports["hidden-"+side].Bytes())
		w.Exec("INSERT INTO parts VALUES ($1, $2, 0)", w.reports["anonymous-"+side].Bytes(), private)
		w.Exec(`INSERT INTO tasks (id, report_id, number, department_id, title, body, state, created_at) VALUES ($1, $2, 'x', $3, 'x', 'x', 'OPEN', now())`,
			newID().Bytes(), private, demo.DepartmentID(helper).Bytes())
		w.Exec("INSERT INTO attachments VALUES ($1, $2, 'x', 'application/pdf', 1, $3, $4, now())", newID().Bytes(), private, side, officer)
		w.Exec("INSERT INTO routing_rules (id, department_id, name, position, enabled, unit_id, updated_at) VALUES ($1, $2, 'x', 1, true, $2, now())",
			newID().Bytes(), demo.DepartmentID(house).Bytes())
	}
	return w
}

func TestWhoSeesHowReportsHangTogether(t *testing.T) {
	t.Parallel()
	w := newJoined(t)
	of := func(sees ...string) string { return strings.Join(sees, " ") }
	for name, p := range people(w) {
		if strings.Contains(name, "lying") || p.role == roles.Escalator || p.role == roles.Ingest {
			continue
		}
		db := w.as(t, p)
		seen := func(table, column string) string {
			var found []string
			for report, id := range w.reports {
				if db.rows("SELECT 1 FROM "+table+" WHERE "+column+" = $1", id.Bytes()) == 1 {
					found = append(found, report)
				}
			}
			slices.Sort(found)
			return of(found...)
		}
		want := map[string]string{}
		switch name {
		case "an officer of the unit":
			want = map[string]string{"merges": "private-own", "parts": "anonymous-own", "tasks": "private-other private-own", "attachments": "private-own"}
		case "an officer above":
			both := "private-other private-own"
			want = map[string]string{"merges": both, "parts": "anonymous-other anonymous-own", "tasks": both, "attachments": both}
		case "the reporter":
			want = map[string]string{"merges": "private-other private-own"}
		case "an anonymous reporter":
			want = map[string]string{"parts": "anonymous-own"}
		}
		for table, column := range map[string]string{"merges": "report_id", "parts": "part_id", "tasks": "report_id", "attachments": "report_id"} {
			if got := seen(table, column); got != want[table] {
				t.Errorf("%s sees %s of %q, want %q", name, table, got, want[table])
			}
		}
	}
}

// What the server may write of it, it may write for the department alone; and what nobody may, it may not.
func TestWhoJoinsReports(t *testing.T) {
	t.Parallel()
	w := newJoined(t)
	everyone := people(w)
	own, public, foreign := w.reports["anonymous-own"].Bytes(), w.reports["public-own"].Bytes(), w.reports["public-other"].Bytes()
	house, helper := demo.DepartmentID("jalan").Bytes(), demo.DepartmentID("drainase").Bytes()
	const task = "INSERT INTO tasks (id, report_id, number, department_id, title, body, state, created_at) VALUES (gen_random_uuid(), $1, 'x', $2, 'x', 'x', 'OPEN', now())"
	const rule = "INSERT INTO routing_rules (id, department_id, name, position, enabled, unit_id, updated_at) VALUES (gen_random_uuid(), $1, 'x', 1, true, $1, now())"
	const part = `INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, answers, created_at, updated_at)
		SELECT gen_random_uuid(), 'x', 'x', 'x', 'PUBLIC', 'RECEIVED', 'NORMAL', category_id, $1, '[]', now(), now() FROM reports WHERE id = $2`
	joining := map[string]string{"app.joining": w.reports["public-own"].UUIDString()}
	for key, value := range everyone["an officer of the unit"].settings {
		joining[key] = value
	}
	stranger := map[string]string{"app.joining": joining["app.joining"], "app.departments": demo.DepartmentID("kesehatan").UUIDString()}
	for what, c := range map[string]struct {
		who  who
		sql  string
		args []any
		want int // rows; -1 is refused
	}{
		"merge its own":                 {everyone["an officer of the unit"], "INSERT INTO merges VALUES ($1, $2, 'RECEIVED', now())", []any{own, public}, 1},
		"merge another's":               {everyone["an officer of the unit"], "INSERT INTO merges VALUES ($1, $2, 'RECEIVED', now())", []any{foreign, public}, -1},
		"merge into another's":          {everyone["an officer of the unit"], "INSERT INTO merges VALUES ($1, $2, 'RECEIVED', now())", []any{own, foreign}, -1},
		"merge as the reporter":         {everyone["the reporter"], "INSERT INTO merges VALUES ($1, $2, 'RECEIVED', now())", []any{public, foreign}, -1},
		"link a part of its own":        {everyone["an officer of the unit"], "INSERT INTO parts VALUES ($1, $2, 0)", []any{public, own}, 1},
		"link a part of another's":      {everyone["an officer of the unit"], "INSERT INTO parts VALUES ($1, $2, 0)", []any{public, foreign}, -1},
		"make a report of its own":      {everyone["an officer of the unit"], part, []any{house, public}, 1},
		"make a report for others":      {everyone["an officer of the unit"], part, []any{helper, public}, -1},
		"make a report as a citizen":    {everyone["the reporter"], part, []any{house, public}, -1},
		"give a report a receipt":       {everyone["an officer of the unit"], "INSERT INTO reports (id, receipt_hash) VALUES (gen_random_uuid(), '\\x00')", nil, -1},
		"move a receipt":                {everyone["an officer of the unit"], "UPDATE reports SET origin_receipt = '\\x00'", nil, -1},
		"ask for work on its own":       {everyone["an officer of the unit"], task, []any{public, helper}, 1},
		"ask for work on another's":     {everyone["an officer of the unit"], task, []any{foreign, helper}, -1},
		"ask for work as the reporter":  {everyone["the reporter"], task, []any{public, helper}, -1},
		"end its task, not its asking":  {everyone["an officer of the unit"], "UPDATE tasks SET state = 'DONE'", nil, 1},
		"end a task as the reporter":    {everyone["the reporter"], "UPDATE tasks SET state = 'DONE'", nil, 0},
		"reword a task":                 {everyone["an officer above"], "UPDATE tasks SET title = 'x'", nil, -1},
		"forget a task":                 {everyone["an officer above"], "DELETE FROM tasks", nil, -1},
		"undo a merge":                  {everyone["an officer above"], "DELETE FROM merges", nil, -1},
		"unlink a part":                 {everyone["an officer above"], "DELETE FROM parts", nil, -1},
		"forget a paper":                {everyone["an officer above"], "DELETE FROM attachments", nil, -1},
		"make a rule":                   {everyone["an officer of the unit"], rule, []any{house}, 1},
		"make a rule for others":        {everyone["an officer of the unit"], rule, []any{helper}, -1},
		"drop its rules":                {everyone["an officer of the unit"], "DELETE FROM routing_rules", nil, 1},
		"drop rules as nobody":          {everyone["a stranger"], "DELETE FROM routing_rules", nil, 0},
		"drop rules as ingest":          {everyone["ingest"], "DELETE FROM routing_rules", nil, -1},
		"bring supporters along":        {told(joining), "INSERT INTO upvotes VALUES ($1, gen_random_uuid(), now())", []any{public}, 1},
		"bring followers along":         {told(joining), "INSERT INTO followers VALUES ($1, gen_random_uuid(), now())", []any{public}, 1},
		"bring them to another report":  {told(joining), "INSERT INTO upvotes VALUES ($1, gen_random_uuid(), now())", []any{own}, -1},
		"bring them to another's":       {told(stranger), "INSERT INTO upvotes VALUES ($1, gen_random_uuid(), now())", []any{public}, -1},
		"see another's supporters":      {told(stranger), "SELECT 1 FROM upvotes WHERE report_id = $1", []any{public}, 0},
		"see supporters outside of it":  {everyone["an officer of the unit"], "SELECT 1 FROM upvotes WHERE report_id = $1", []any{public}, 0},
		"everybody reads tasks":         {everyone["the public pool"], "SELECT 1 FROM tasks", nil, -1},
		"everybody reads papers":        {everyone["the public pool"], "SELECT 1 FROM attachments", nil, -1},
		"ingest reads papers' names":    {everyone["ingest"], "SELECT name FROM attachments", nil, -1},
		"ingest reads where they lie":   {everyone["ingest"], "SELECT blob FROM attachments", nil, 2},
		"the escalator follows a merge": {everyone["the escalator"], "UPDATE merges SET status = 'ESCALATED' WHERE into_id IS NOT NULL", nil, 2},
		"the escalator leads elsewhere": {everyone["the escalator"], "UPDATE merges SET into_id = into_id", nil, -1},
	} {
		if got := w.as(t, c.who).rows(c.sql, c.args...); got != c.want {
			t.Errorf("%s: %d rows, want %d", what, got, c.want)
		}
	}
	for _, table := range []string{"merges", "parts", "tasks", "attachments", "routing_rules"} {
		if n := w.as(t, who{role: roles.Owner}).rows("SELECT 1 FROM " + table); n != 0 {
			t.Errorf("the owner sees %d rows of %s", n, table)
		}
	}
}

func told(settings map[string]string) who { return who{role: roles.Server, settings: settings} }
