package model

import "github.com/jagawarga/jagawarga/civic"

// AnonymousCase is an anonymous report as its reporter sees it, or the word that there will be no more of it.
type AnonymousCase struct {
	report   *Report
	messages []*Comment
	broken   error
}

// NewAnonymousCase shows a report and what was said on it, oldest first.
func NewAnonymousCase(report *Report, messages []*Comment) *AnonymousCase {
	return &AnonymousCase{report: report, messages: messages}
}

// NewBrokenCase is the last word of a watch that broke off.
func NewBrokenCase(reason error) *AnonymousCase { return &AnonymousCase{broken: reason} }

// Report is the report itself.
func (c *AnonymousCase) Report() (*Report, error) { return c.report, c.broken }

// Messages is the conversation with the department.
func (c *AnonymousCase) Messages() ([]*Comment, error) { return c.messages, c.broken }

// Unread counts what the department has said since the reporter last spoke: nothing has to be kept about reading.
func (c *AnonymousCase) Unread() (int, error) {
	count := 0
	for _, message := range c.messages {
		switch message.Kind {
		case civic.AuthorReporter:
			count = 0
		case civic.AuthorDepartment:
			count++
		}
	}
	return count, c.broken
}
