package civic

import "time"

// AuditLine is one act for the record: who, what, on which report, and where that left it. It never holds anybody's words.
type AuditLine struct {
	ID         UUID
	At         time.Time
	Actor      string // officer:<uuid>, citizen:<uuid>, reporter (an anonymous one), system
	Action     string
	Report     ReportID
	Status     Status
	Department DepartmentID
}

// Arrival is everything that taking one report in writes.
type Arrival struct {
	Report      *Report
	ReceiptHash []byte // of an anonymous report
	Timeline    []TimelineRow
	Event       *Event // nil for imported history: it is no news
	Audit       AuditLine
}

// TimelineRow is a timeline entry with its id.
type TimelineRow struct {
	ID    UUID
	Entry TimelineEntry
}

// Vote is a citizen's support for a report, given or taken back.
type Vote struct {
	Report  ReportID
	Citizen CitizenID
	Give    bool
}

// VoteResult is the report after the vote; nil when there is no such public report. Changed is false when the vote was
// already so.
type VoteResult struct {
	Report  *Report
	Changed bool
}
