package civic

import "time"

// MaxTaskHours is the longest that a task may be given, in working hours: some two years.
const MaxTaskHours = 4000

// TaskState is how far a task has come.
type TaskState string

// The states of the public contract.
const (
	TaskOpen     TaskState = "OPEN"
	TaskDone     TaskState = "DONE"
	TaskDeclined TaskState = "DECLINED"
)

// Task is something that another department has to do for a report. It does not see the report: number and place are all that the task
// tells of it, besides its own words.
type Task struct {
	ID         TaskID
	Report     ReportID
	Number     string // of the report
	Department DepartmentID
	Title      string
	Body       string
	Place      *Place
	State      TaskState
	Answer     string // what the department said when it ended it
	DueAt      *time.Time
	CreatedAt  time.Time
	EndedAt    *time.Time
}
