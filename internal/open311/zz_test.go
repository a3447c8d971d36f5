package open311_test

import (
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	c := open(t)
	s := c.Submission()
	c.TakeIn(s)
	c.Exec(`INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude, cell, answers, created_at, updated_at)
	SELECT gen_random_uuid(), 'N' || i, title, body, visibility, status, priority, category_id, department_id, -6.9, 107.6, 3344474339000000000 + i, answers, created_at - make_interval(secs => i*100), updated_at - make_interval(secs => i*100) FROM reports, generate_series(1, 200000) AS i WHERE number = $1`, s.Number)
	c.Exec(`INSERT INTO timeline (id, report_id, kind, at, status, message) SELECT gen_random_uuid(), id, 'STATUS_CHANGED', created_at + interval '1 hour', 'IN_PROGRESS', 'Sedang dikerjakan' FROM reports`)
	c.Exec("ANALYZE")
	for _, path := range []string{"requests.json", "requests.json?page_size=50", "requests.json?api_key=" + demoKey, "requests.json?updated_after=2026-11-20", "requests.json?lat=-6.9&long=107.6&radius=300", "servicerequestupdates.json", "servicerequestupdates.json?api_key=" + demoKey, "requests/" + s.Number + ".json?api_key=" + demoKey, "requests.csv?start_date=2026-06-01"} {
		for range 2 {
			b := time.Now()
			a := c.get(path)
			t.Log(path, a.status, len(a.body), time.Since(b))
		}
	}
}
