package raw

import (
	"net/http"
)

// What figures cost where they are counted when somebody asks: one pass over the reports each, by the same parts as ours tells.
const (
	analyticsSQL = `SELECT json_build_object('total', sum(n), 'parts', json_agg(parts)) FROM (
		SELECT grouping(category_id, district_id, status, day) AS of, category_id, district_id, status, day, count(*) AS n, count(resolved_at) AS resolved,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - created_at)) AS half
		FROM (SELECT *, (created_at AT TIME ZONE 'Asia/Jakarta')::date AS day FROM reports WHERE created_at >= now() - interval '2 years') AS r
		GROUP BY GROUPING SETS ((category_id), (district_id), (status), (day), ())) AS parts`
	performanceSQL = `SELECT json_agg(parts) FROM (
		SELECT department_id, count(*) AS received, count(resolved_at) AS resolved,
			count(*) FILTER (WHERE status IN ('RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'AWAITING_REPORTER', 'ESCALATED')) AS open,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - created_at)) AS half,
			percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - created_at)) AS most
		FROM reports WHERE created_at >= now() - interval '2 years' GROUP BY department_id) AS parts`
)

// counted answers with what a query counts.
func (a *API) counted(sql string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		if err := a.reader.QueryRow(r.Context(), sql).Scan(&body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}
}
