package civic

import "time"

// AuditLine is one act for the record: who, what, on which report, and where that left it. It never holds anybody's words.
type AuditLine struct {
	ID         UUID
	At         time.Time
	Actor      string // officer:<uuid>, partner:<uuid>, citizen, reporter (an anonymous one), system
	Action     string
	Report     ReportID
	Status     Status
	Department DepartmentID
	Other      *ReportID        // of lines about two reports: the one it goes on as, or the one it was split off
	Filing     *Filing          // of lines that give a report its text: the commitment to it
	Flags      []ResolutionFlag // of lines that resolve one: what somebody should look at
	Office     *OfficeChange    // of lines about the city itself
	Cause      *CauseID         // of lines that say what it came from
}

// OfficeChange is what an administrator did to the city: to which part of it, by its outside id or its day, and which of its values became
// what. Of an officer it tells department and role, and nothing that names the person.
type OfficeChange struct {
	Part    string               `json:"part"`
	Changes map[string][2]string `json:"changes,omitempty"` // before and after
}

// AuditEntry is a line of the audit as the ledger has it: at its position, for good.
type AuditEntry struct {
	Index  int64
	At     time.Time
	Actor  string
	Action string
	Report *ReportID
	// Where it left the report; empty where the line does not say.
	Status     Status
	Department *DepartmentID
	Flags      []ResolutionFlag
	Office     *OfficeChange
	Cause      *CauseID
}

// Arrival is everything that taking one report in writes.
type Arrival struct {
	Report      *Report
	ReceiptHash []byte // of an anonymous report
	Salt        []byte // of the commitment in Audit
	Partner     *PartnerID
	Said        *PartnerSaid // by the partner, besides the text
	Timeline    []TimelineRow
	Note        *Note  // what an officer noted at the counter; nil for nothing
	Event       *Event // nil for imported history: it is no news
	Audit       AuditLine
}

// TimelineRow is a timeline entry with its id.
type TimelineRow struct {
	ID    UUID
	Entry TimelineEntry
}

// Steps are what the city's own clock does to many reports at once.
type Steps struct {
	Reports  []*Report // as the steps leave them
	Timeline []TimelineRow
	Audit    []AuditLine
	Events   []Event
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
