// Package raw is what JagaWarga is measured against: the least that Go, pgx and gorilla/websocket can do the same work with. No
// GraphQL, no rights, no limits; the city held in memory, JSON from structs, one durable INSERT for each report.
package raw

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
)

// Report is a report as the benchmark asks for it, in the shape of the GraphQL answer.
type Report struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Title       string    `json:"title"`
	Status      string    `json:"status"`
	Priority    string    `json:"priority"`
	CreatedAt   time.Time `json:"createdAt"`
	UpvoteCount int       `json:"upvoteCount"`
	Category    named     `json:"category"`
	Department  named     `json:"department"`
	Location    *location `json:"location"`
}

type named struct {
	Name string `json:"name"`
}

type location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	District  *named  `json:"district"`
}

// API answers GET /feed (names from memory), GET /joined (names joined in SQL), GET /report?number=, GET /analytics and /performance (counted
// from the reports), POST /report, and POST /vote.
type API struct {
	reader, writer, voter *pgxpool.Pool
	names                 map[[16]byte]string
	category              [16]byte
	department            [16]byte
}

// New reads the city once. reader sees public rows alone; writer may insert reports and sees all of them; voter may vote.
func New(ctx context.Context, reader, writer, voter *pgxpool.Pool) (*API, error) {
	a := &API{reader: reader, writer: writer, voter: voter, names: map[[16]byte]string{}}
	rows, err := reader.Query(ctx, `SELECT id, name_id FROM categories UNION ALL SELECT id, name_id FROM departments UNION ALL SELECT id, name FROM districts`)
	if err != nil {
		return nil, err
	}
	var id [16]byte
	var name string
	if _, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		a.names[id] = name
		return nil
	}); err != nil {
		return nil, err
	}
	err = reader.QueryRow(ctx, `SELECT id, department_id FROM categories ORDER BY code LIMIT 1`).Scan(&a.category, &a.department)
	return a, err
}

// Handler serves the API and, under /ws and /publish, the hub.
func (a *API) Handler(hub *Hub) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed", a.feed)
	mux.HandleFunc("GET /joined", a.joined)
	mux.HandleFunc("GET /report", a.report)
	mux.HandleFunc("POST /report", a.submit)
	mux.HandleFunc("POST /vote", a.vote)
	mux.HandleFunc("GET /analytics", a.counted(analyticsSQL))
	mux.HandleFunc("GET /performance", a.counted(performanceSQL))
	mux.HandleFunc("GET /ws", hub.watch)
	mux.HandleFunc("POST /publish", hub.publish)
	return mux
}

const columns = `SELECT id, number, title, status, priority, created_at, upvotes, category_id, department_id, latitude, longitude, district_id FROM reports `

// LIMIT is a literal: with a parameter PostgreSQL plans anew at each call.
const feedQuery = columns + `WHERE visibility = 'PUBLIC' AND NOT hidden ORDER BY created_at DESC, id DESC LIMIT 20`

const reportQuery = columns + `WHERE number = $1`

const joinedQuery = `SELECT r.id, r.number, r.title, r.status, r.priority, r.created_at, r.upvotes, c.name_id, d.name_id, r.latitude, r.longitude, a.name
	FROM reports r JOIN categories c ON c.id = r.category_id JOIN departments d ON d.id = r.department_id LEFT JOIN districts a ON a.id = r.district_id
	WHERE r.visibility = 'PUBLIC' AND NOT r.hidden ORDER BY r.created_at DESC, r.id DESC LIMIT 20`

func (a *API) feed(w http.ResponseWriter, r *http.Request) { a.page(w, r, feedQuery, a.scan) }

func (a *API) joined(w http.ResponseWriter, r *http.Request) { a.page(w, r, joinedQuery, scanJoined) }

func (a *API) page(w http.ResponseWriter, r *http.Request, query string, scan func(pgx.Row) (Report, error)) {
	rows, err := a.reader.Query(r.Context(), query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	page := make([]Report, 0, 20)
	for rows.Next() {
		report, err := scan(rows)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		page = append(page, report)
	}
	if err := rows.Err(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, page)
}

func (a *API) report(w http.ResponseWriter, r *http.Request) {
	report, err := a.scan(a.reader.QueryRow(r.Context(), reportQuery, r.URL.Query().Get("number")))
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		http.NotFound(w, r)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		answer(w, report)
	}
}

func (a *API) scan(row pgx.Row) (Report, error) {
	var report Report
	var id, category, department [16]byte
	var district *[16]byte
	var latitude, longitude *float64
	err := row.Scan(&id, &report.Number, &report.Title, &report.Status, &report.Priority, &report.CreatedAt, &report.UpvoteCount,
		&category, &department, &latitude, &longitude, &district)
	if err != nil {
		return Report{}, err
	}
	report.Category.Name, report.Department.Name = a.names[category], a.names[department]
	var name *string
	if district != nil {
		known := a.names[*district]
		name = &known
	}
	return report.at(id, latitude, longitude, name), nil
}

func scanJoined(row pgx.Row) (Report, error) {
	var report Report
	var id [16]byte
	var latitude, longitude *float64
	var district *string
	err := row.Scan(&id, &report.Number, &report.Title, &report.Status, &report.Priority, &report.CreatedAt, &report.UpvoteCount,
		&report.Category.Name, &report.Department.Name, &latitude, &longitude, &district)
	return report.at(id, latitude, longitude, district), err
}

// at fills in what both ways of reading have in common.
func (r Report) at(id [16]byte, latitude, longitude *float64, district *string) Report {
	r.ID = civic.ReportID{UUID: id}.String()
	if latitude != nil && longitude != nil {
		r.Location = &location{Latitude: *latitude, Longitude: *longitude}
		if district != nil {
			r.Location.District = &named{Name: *district}
		}
	}
	return r
}

const insertQuery = `INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, answers, created_at, updated_at)
	VALUES ($1, $2, $3, $4, 'PUBLIC', 'RECEIVED', 'NORMAL', $5, $6, '[]', $7, $7)`

func (a *API) submit(w http.ResponseWriter, r *http.Request) {
	var input struct{ Title, Body string }
	if err := json.NewDecoder(r.Body).Decode(&input); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	id, number := fresh()
	if _, err := a.writer.Exec(r.Context(), insertQuery, id, number, input.Title, input.Body, a.category, a.department, time.Now()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, struct {
		ID     string `json:"id"`
		Number string `json:"number"`
	}{civic.ReportID{UUID: id}.String(), number})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // a caller that went away is no concern of ours
}
