package store_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// crowd files reports that differ in everything a list may sort or narrow by, with many ties.
func crowd(c *coretest.Core, n int) []civic.Submission {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(codes ...string) string { return codes[random.IntN(len(codes))] }
	submissions := make([]civic.Submission, n)
	for i := range submissions {
		submissions[i] = c.Submission(c.Of(pick("jalan-rusak", "trotoar", "banjir", "sampah", "wabah")), func(s *civic.Submission) {
			s.At = coretest.Monday.Add(-time.Duration(random.IntN(n/4+1)) * time.Hour)
			s.Title = pick("Lubang besar", "Banjir di pasar", "Sampah menumpuk") + fmt.Sprintf(" nomor %d", i)
			if random.IntN(5) > 0 {
				place, err := c.City.CheckPlace("location", civic.Place{
					Latitude: -6.98 + 0.14*random.Float64(), Longitude: 107.54 + 0.2*random.Float64(), Address: "Jalan Dago",
				})
				if err != nil {
					panic(err)
				}
				s.Place = place
			}
			if random.IntN(4) == 0 {
				s.Visibility = civic.Private
			}
		})
	}
	c.TakeIn(submissions...)
	c.Exec("UPDATE reports SET upvotes = abs(hashtext(title)) % 5, next_due_at = CASE WHEN abs(hashtext(title)) % 3 = 0 THEN NULL ELSE next_due_at END")
	c.Exec("UPDATE reports SET priority = (ARRAY['LOW', 'NORMAL', 'HIGH', 'URGENT'])[1 + abs(hashtext(title)) % 4]")
	c.Exec("UPDATE reports SET status = (ARRAY['RECEIVED', 'VERIFIED', 'RESOLVED'])[1 + abs(hashtext(body || title)) % 3]")
	c.Exec("UPDATE reports SET resolved_at = created_at WHERE status = 'RESOLVED'")
	c.Exec("UPDATE reports SET escalation_level = 1, escalated_to = $1 WHERE upvotes = 4", demo.DepartmentID("walikota").Bytes())
	c.Exec("UPDATE reports SET assignee_id = $1 WHERE upvotes = 3", c.Officer("jalan").Officer.Bytes())
	c.Exec("UPDATE reports SET hidden = true WHERE upvotes = 2 AND priority = 'LOW'")
	return submissions
}

// everything is what the mayor sees, read in one go.
func everything(t *testing.T, rows *store.Store, c *coretest.Core) []*civic.Report {
	t.Helper()
	var found []*civic.Report
	page := civic.PageRequest{First: civic.MaxPage}
	for {
		got, err := rows.DepartmentReports(t.Context(), mayor(c), mayor(c).Departments, civic.Filter{}, civic.Oldest, page)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, got.Items...)
		if !got.HasNext {
			return found
		}
		page.After = got.Cursors[len(got.Cursors)-1]
	}
}

func mayor(c *coretest.Core) civic.Scope {
	return civic.Scope{Departments: c.City.Below(c.City.Departments[0].ID)}
}

// orders says once more, in Go, how each order sorts.
var orders = map[civic.Order]func(a, b *civic.Report) int{
	civic.Newest: func(a, b *civic.Report) int { return -cmp.Or(a.CreatedAt.Compare(b.CreatedAt), byID(a, b)) },
	civic.Oldest: func(a, b *civic.Report) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), byID(a, b)) },
	civic.MostUpvoted: func(a, b *civic.Report) int {
		return -cmp.Or(cmp.Compare(a.Upvotes, b.Upvotes), byID(a, b))
	},
	civic.DueSoonest: func(a, b *civic.Report) int {
		x, y := a.Clock.NextDue, b.Clock.NextDue
		switch {
		case x == nil && y == nil:
			return byID(a, b)
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return cmp.Or(x.Compare(*y), byID(a, b))
	},
}

func byID(a, b *civic.Report) int { return slices.Compare(a.ID.UUID[:], b.ID.UUID[:]) }

func TestWalkingAllPagesGivesEveryReportOnceInOrder(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	crowd(c, 120)
	rows := c.Store(roles.Server)
	all := everything(t, rows, c)
	if len(all) != 120 {
		t.Fatalf("%d reports", len(all))
	}
	for order, compare := range orders {
		want := slices.SortedFunc(slices.Values(all), compare)
		for _, first := range []int{1, 7, 60, 100} {
			var walked []*civic.Report
			page := civic.PageRequest{First: first}
			for {
				got, err := rows.DepartmentReports(t.Context(), mayor(c), mayor(c).Departments, civic.Filter{}, order, page)
				if err != nil {
					t.Fatal(err)
				}
				walked = append(walked, got.Items...)
				if got.HasPrev != (page.After != "") || len(got.Cursors) != len(got.Items) || got.HasNext != (len(walked) < len(all)) {
					t.Fatalf("%s by %d: page %+v after %d", order, first, got.HasNext, len(walked))
				}
				if !got.HasNext {
					break
				}
				page.After = got.Cursors[len(got.Cursors)-1]
			}
			if !slices.EqualFunc(walked, want, func(a, b *civic.Report) bool { return a.ID == b.ID }) {
				t.Errorf("%s by %d: %d reports, out of order or not once each", order, first, len(walked))
			}
		}
	}
}

// Reports that come while somebody pages through the newest do not push others in twice or out.
func TestPagesOfTheNewestStandStillWhileReportsCome(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	crowd(c, 40)
	rows := c.Store(roles.Server)
	before := slices.SortedFunc(slices.Values(everything(t, rows, c)), orders[civic.Newest])
	var walked []civic.ReportID
	page := civic.PageRequest{First: 6}
	for {
		got, err := rows.DepartmentReports(t.Context(), mayor(c), mayor(c).Departments, civic.Filter{}, civic.Newest, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got.Items {
			walked = append(walked, r.ID)
		}
		if !got.HasNext {
			break
		}
		page.After = got.Cursors[len(got.Cursors)-1]
		c.File(coretest.At(coretest.Monday.Add(time.Minute)))
	}
	if !slices.EqualFunc(walked, before, func(id civic.ReportID, r *civic.Report) bool { return id == r.ID }) {
		t.Errorf("%d reports walked, %d were there", len(walked), len(before))
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	crowd(c, 150)
	now := coretest.Monday.Add(30 * 24 * time.Hour)
	c.SetClock(func() time.Time { return now })
	c.Exec("UPDATE reports SET clock_stopped_at = now() WHERE upvotes = 1 AND priority = 'HIGH'")
	c.Exec("UPDATE reports SET answered_at = created_at, resolution_due_at = $1 WHERE upvotes = 0", now.Add(time.Hour))
	rows := c.Store(roles.Server)
	all := everything(t, rows, c)
	yes, no, jalan := true, false, c.Officer("jalan").Officer
	middle := coretest.Monday.Add(-18 * time.Hour)
	box := civic.Bounds{South: -6.93, West: 107.58, North: -6.90, East: 107.66}
	district := demo.DistrictID("Coblong")
	overdue := func(r *civic.Report) bool {
		return r.ResolvedAt == nil && r.ClosedAt == nil && r.Clock.StoppedAt == nil &&
			(!r.Clock.ResolutionDue.After(now) || r.Clock.AnsweredAt == nil && !r.Clock.ResponseDue.After(now))
	}
	for name, f := range map[string]struct {
		filter civic.Filter
		want   func(r *civic.Report) bool
	}{
		"nothing":  {civic.Filter{}, func(*civic.Report) bool { return true }},
		"one word": {civic.Filter{Text: "banjir"}, func(r *civic.Report) bool { return strings.Contains(r.Title, "Banjir") }},
		// "Lubang besar di depan pasar" is in every body.
		"two words, any case": {civic.Filter{Text: "PASAR besar"}, func(r *civic.Report) bool { return true }},
		"words of no report":  {civic.Filter{Text: "gunung"}, func(*civic.Report) bool { return false }},
		"signs alone":         {civic.Filter{Text: "!?&|:*"}, func(*civic.Report) bool { return false }},
		"a quote":             {civic.Filter{Text: "'; DROP TABLE reports; --"}, func(*civic.Report) bool { return false }},
		"statuses":            {civic.Filter{Statuses: []civic.Status{civic.Received, civic.Resolved}}, func(r *civic.Report) bool { return r.Status != civic.Verified }},
		"no status at all":    {civic.Filter{Statuses: []civic.Status{}}, func(*civic.Report) bool { return false }},
		"a category": {civic.Filter{Categories: []civic.CategoryID{demo.CategoryID("sampah")}},
			func(r *civic.Report) bool { return r.Category == demo.CategoryID("sampah") }},
		"a department": {civic.Filter{Departments: []civic.DepartmentID{demo.DepartmentID("jalan")}},
			func(r *civic.Report) bool { return r.Department == demo.DepartmentID("jalan") }},
		"a district": {civic.Filter{Districts: []civic.DistrictID{district}},
			func(r *civic.Report) bool {
				return r.Place != nil && r.Place.District != nil && *r.Place.District == district
			}},
		"a priority": {civic.Filter{Priorities: []civic.Priority{civic.PriorityUrgent}}, func(r *civic.Report) bool { return r.Priority == civic.PriorityUrgent }},
		"from":       {civic.Filter{CreatedFrom: &middle}, func(r *civic.Report) bool { return !r.CreatedAt.Before(middle) }},
		"to":         {civic.Filter{CreatedTo: &middle}, func(r *civic.Report) bool { return r.CreatedAt.Before(middle) }},
		"a box":      {civic.Filter{Within: &box}, func(r *civic.Report) bool { return r.Place != nil && box.Contains(r.Place.Latitude, r.Place.Longitude) }},
		"the Earth": {civic.Filter{Within: &civic.Bounds{South: -90, West: -180, North: 90, East: 180}},
			func(r *civic.Report) bool { return r.Place != nil }},
		"the wide half of it": {civic.Filter{Within: &civic.Bounds{South: -80, West: -100, North: 80, East: 150}},
			func(r *civic.Report) bool { return r.Place != nil }},
		"overdue":     {civic.Filter{Overdue: &yes}, overdue},
		"not overdue": {civic.Filter{Overdue: &no}, func(r *civic.Report) bool { return !overdue(r) }},
		"escalated":   {civic.Filter{Escalated: &yes}, func(r *civic.Report) bool { return r.Escalation.Level > 0 }},
		"at its desk": {civic.Filter{Escalated: &no}, func(r *civic.Report) bool { return r.Escalation.Level == 0 }},
		"unassigned":  {civic.Filter{Unassigned: &yes}, func(r *civic.Report) bool { return r.Assignee == nil }},
		"assigned":    {civic.Filter{Unassigned: &no}, func(r *civic.Report) bool { return r.Assignee != nil }},
		"on a desk":   {civic.Filter{AssignedTo: &jalan}, func(r *civic.Report) bool { return r.Assignee != nil && *r.Assignee == jalan }},
		"several at once": {civic.Filter{Text: "lubang", Unassigned: &yes, Statuses: []civic.Status{civic.Received}, CreatedTo: &middle},
			func(r *civic.Report) bool {
				return r.Assignee == nil && r.Status == civic.Received && r.CreatedAt.Before(middle)
			}},
	} {
		want := map[civic.ReportID]bool{}
		for _, r := range all {
			if f.want(r) {
				want[r.ID] = true
			}
		}
		got := map[civic.ReportID]bool{}
		page := civic.PageRequest{First: 100}
		for {
			found, err := rows.DepartmentReports(t.Context(), mayor(c), mayor(c).Departments, f.filter, civic.DueSoonest, page)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, r := range found.Items {
				got[r.ID] = true
			}
			if !found.HasNext {
				break
			}
			page.After = found.Cursors[len(found.Cursors)-1]
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d reports, want %d", name, len(got), len(want))
		}
		// Everybody's list is narrowed by the same conditions, among what is public.
		shown := 0
		for page := (civic.PageRequest{First: 100}); ; {
			found, err := rows.PublicReports(t.Context(), f.filter, civic.Newest, page)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if shown += len(found.Items); !found.HasNext {
				break
			}
			page.After = found.Cursors[len(found.Cursors)-1]
		}
		public := 0
		for _, r := range all {
			if r.PublicNow() && f.want(r) {
				public++
			}
		}
		if shown != public {
			t.Errorf("%s: everybody is shown %d reports, want %d", name, shown, public)
		}
		for id := range want {
			if !got[id] {
				t.Errorf("%s: a report is missing", name)
			}
		}
	}
}

// Boxes of any size and place find what lies in them: the index ranges never lose a report that the edges would keep.
func TestBoxes(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	crowd(c, 100)
	rows := c.Store(roles.Server)
	all := everything(t, rows, c)
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		size := []float64{0, 0.0001, 0.01, 0.05, 1, 60}[random.IntN(6)]
		corner := all[random.IntN(len(all))].Place
		if corner == nil {
			continue
		}
		box := civic.Bounds{South: corner.Latitude, West: corner.Longitude, North: corner.Latitude + size, East: corner.Longitude + size}
		want := 0
		for _, r := range all {
			if r.Place != nil && box.Contains(r.Place.Latitude, r.Place.Longitude) {
				want++
			}
		}
		got, err := rows.DepartmentReports(t.Context(), mayor(c), mayor(c).Departments, civic.Filter{Within: &box}, civic.Newest, civic.PageRequest{First: 100})
		if err != nil || len(got.Items) != want {
			t.Errorf("%+v: %d reports, want %d, %v", box, len(got.Items), want, err)
		}
	}
}

func TestThePublicListHoldsWhatIsPublic(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	crowd(c, 60)
	rows := c.Store(roles.Server)
	want := 0
	for _, r := range everything(t, rows, c) {
		if r.PublicNow() {
			want++
		}
	}
	for order := range orders {
		got, err := rows.PublicReports(t.Context(), civic.Filter{}, order, civic.PageRequest{First: 100})
		if err != nil || len(got.Items) != want {
			t.Errorf("%s: %d, want %d, %v", order, len(got.Items), want, err)
		}
	}
	mine, err := rows.CitizenReports(t.Context(), coretest.Citizen("budi").Citizen, nil, civic.PageRequest{First: 100})
	if err != nil || len(mine.Items) != 60 {
		t.Errorf("%d of 60 own reports, %v", len(mine.Items), err)
	}
	// A scope sees no more of a department than it may, whatever department it asks for.
	other := civic.Scope{Departments: c.City.Below(demo.DepartmentID("kesehatan"))}
	got, err := rows.DepartmentReports(t.Context(), other, mayor(c).Departments, civic.Filter{}, civic.Newest, civic.PageRequest{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got.Items {
		if !r.PublicNow() && !c.City.Within(r.Department, demo.DepartmentID("kesehatan")) {
			t.Errorf("a %s report of another department was listed", r.Visibility)
		}
	}
}

func TestCursorsThatAreNone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	report := c.File()
	c.Exec("UPDATE reports SET next_due_at = NULL WHERE upvotes = 99")
	rows := c.Store(roles.Server)
	list := func(order civic.Order, after string) (string, error) {
		got, err := rows.DepartmentReports(t.Context(), mayor(c), mayor(c).Departments, civic.Filter{}, order, civic.PageRequest{First: 1, After: after})
		if err != nil || len(got.Cursors) == 0 {
			return "", err
		}
		return got.Cursors[0], nil
	}
	foreign := map[civic.Order][]civic.Order{
		civic.Newest: {civic.MostUpvoted, civic.DueSoonest}, civic.MostUpvoted: {civic.Newest, civic.DueSoonest}, civic.DueSoonest: {civic.Newest, civic.MostUpvoted},
	}
	for order, others := range foreign {
		cursor := must[string](t)(list(order, ""))
		for _, other := range others {
			_, err := list(other, cursor)
			wantCode(t, fmt.Sprintf("%s's cursor for %s", order, other), err, civic.CodeInvalidInput)
		}
	}
	extreme := func(kind byte, fill byte) string {
		raw := make([]byte, 25)
		raw[0] = kind
		for i := 1; i < 9; i++ {
			raw[i] = fill
		}
		if fill == 0x7f {
			for i := 2; i < 9; i++ {
				raw[i] = 0xff
			}
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	made := []string{"x", "nonsense", strings.Repeat("A", 34), strings.Repeat("A", 1000), "\x00", "🕳"}
	for _, kind := range []byte("tcd") {
		made = append(made, extreme(kind, 0x7f), extreme(kind, 0x80))
	}
	for order := range orders {
		for _, cursor := range made {
			_, err := list(order, cursor)
			wantCode(t, fmt.Sprintf("%s after %q", order, cursor), err, civic.CodeInvalidInput)
		}
	}
	for _, cursor := range append(made, must[string](t)(list(civic.MostUpvoted, ""))) {
		page := civic.PageRequest{First: 10, After: cursor}
		_, err := rows.Comments(context.Background(), mayor(c), []civic.ReportID{report.ID}, page)
		wantCode(t, "comments", err, civic.CodeInvalidInput)
		_, err = rows.Timelines(context.Background(), mayor(c), []civic.ReportID{report.ID}, page)
		wantCode(t, "timelines", err, civic.CodeInvalidInput)
	}
}
