package civic

import "time"

// Submission is a report on its way in: validated, numbered and routed, durable in the stream before it is in the database.
// Its fields are the wire format of the SUBMISSIONS stream; add fields, never change what one means.
type Submission struct {
	Report     ReportID     `json:"id"`
	Number     string       `json:"number"`
	Title      string       `json:"title"`
	Body       string       `json:"body"`
	Visibility Visibility   `json:"visibility"`
	Category   CategoryID   `json:"category"`
	Department DepartmentID `json:"department"`
	Place      *Place       `json:"place,omitempty"`
	Answers    []Answer     `json:"answers,omitempty"`
	Media      []MediaRef   `json:"media,omitempty"`
	At         time.Time    `json:"at"`
	// Reporter is nil for an anonymous report, and for one that was filed at a counter.
	Reporter *CitizenID `json:"reporter,omitempty"`
	// FiledBy is the officer who filed it at a counter, and Contact how to reach whom it was filed for.
	FiledBy *OfficerID `json:"filedBy,omitempty"`
	Contact string     `json:"contact,omitempty"`
	// Partner is who filed it over Open311, and Said what it gave besides the text.
	Partner *PartnerID   `json:"partner,omitempty"`
	Said    *PartnerSaid `json:"said,omitempty"`
	// ReceiptHash finds an anonymous report again; nil for the others.
	ReceiptHash []byte `json:"receipt,omitempty"`
	// Salt hides the text in its commitment (Filing); nil in what was submitted before there was a ledger.
	Salt []byte `json:"salt,omitempty"`
	// ResponseDue and ResolutionDue are fixed at filing: a later change of the calendar is a decision, not an accident of queueing.
	ResponseDue   time.Time `json:"responseDue"`
	ResolutionDue time.Time `json:"resolutionDue"`
}

// AsReport is the report as it will stand when the submission has been taken in.
func (s *Submission) AsReport() *Report {
	due := s.ResponseDue
	return &Report{
		ID: s.Report, Number: s.Number, Title: s.Title, Body: s.Body, Visibility: s.Visibility,
		Status: Received, Priority: PriorityNormal, Category: s.Category, Department: s.Department,
		Place: s.Place, Reporter: s.Reporter, CreatedAt: s.At, UpdatedAt: s.At, Answers: s.Answers,
		Clock: Clock{ResponseDue: s.ResponseDue, ResolutionDue: s.ResolutionDue, NextDue: &due}, Media: s.media(),
	}
}

// Filing commits to the text.
func (s *Submission) Filing() Filing { return NewFiling(s.Number, s.At, s.Salt, s.Title, s.Body) }

// SubmissionState is how far an acknowledged submission has come.
type SubmissionState string

// The states of the public contract.
const (
	Stored SubmissionState = "STORED"
	Queued SubmissionState = "QUEUED"
)
