package civic

import (
	"strconv"
	"time"
)

// The scores a reporter may give.
const (
	WorstScore = 1
	BestScore  = 5
)

// Rating is what a reporter thinks of how the report was dealt with.
type Rating struct {
	Report  ReportID
	Score   int // WorstScore to BestScore
	Comment string
	RatedAt time.Time
}

// CheckScore refuses what is no score.
func CheckScore(field string, score int) error {
	if score < WorstScore || score > BestScore {
		return Invalid(field, "rating.score", "min", strconv.Itoa(WorstScore), "max", strconv.Itoa(BestScore))
	}
	return nil
}
