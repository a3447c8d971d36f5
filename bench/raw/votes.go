package raw

import (
	"encoding/json"
	"net/http"

	"github.com/jackc/pgx/v5"
)

const (
	asVoter  = `SELECT set_config('app.voters', $1, true)`
	giveVote = `INSERT INTO upvotes (report_id, citizen_id, created_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING`
	takeVote = `DELETE FROM upvotes WHERE report_id = $1 AND citizen_id = $2`
	countOne = `UPDATE reports SET upvotes = upvotes + $2 WHERE id = $1`
)

// vote writes a vote and the report's count in one transaction: every voter waits for the same row.
func (a *API) vote(w http.ResponseWriter, r *http.Request) {
	var input struct {
		Report, Citizen string
		Give            bool
	}
	if err := json.NewDecoder(r.Body).Decode(&input); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	ctx := r.Context()
	err := pgx.BeginFunc(ctx, a.voter, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, asVoter, input.Citizen); err != nil {
			return err
		}
		sql, delta := giveVote, 1
		if !input.Give {
			sql, delta = takeVote, -1
		}
		changed, err := tx.Exec(ctx, sql, input.Report, input.Citizen)
		if err != nil || changed.RowsAffected() == 0 {
			return err
		}
		_, err = tx.Exec(ctx, countOne, input.Report, delta)
		return err
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, input)
}
