package raw

import (
	"net/http"
)

// What figures cost where they are counted when somebody asks, in the plainest way: one pass over the reports of two years, and means where
// ours tells percentiles.
const (
	analyticsSQL = `SELECT json_agg(parts) FROM (
		SELECT category_id, count(*) AS received, count(resolved_at) AS resolved, avg(resolved_at - created_at) AS took
		FROM reports WHERE created_at >= now() - interval '2 years' GROUP BY category_id) AS parts`
	performanceSQL = `SELECT json_agg(parts) FROM (
		SELECT department_id, count(*) AS received, count(resolved_at) AS resolved, avg(answered_at - created_at) AS answer,
			avg(resolved_at - created_at) AS took
		FROM reports WHERE created_at >= now() - interval '2 years' GROUP BY department_id) AS parts`
)

// counted answers with what a query counts.
func (a *API) counted(sql string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		if err := a.writer.QueryRow(r.Context(), sql).Scan(&body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}
}
