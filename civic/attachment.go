package civic

import "time"

const (
	// MaxAttachment is how long a department's attachment may be, in bytes.
	MaxAttachment = 10 << 20
	// MaxAttachments is how many a report may have.
	MaxAttachments = 50
)

// Attachment is a paper or a picture that a department added to a report. Like its notes it is for the department alone.
type Attachment struct {
	ID          AttachmentID
	Report      ReportID
	Name        string // as the department calls it
	ContentType string
	ByteSize    int
	Blob        string // its name in the store of blobs
	Author      OfficerID
	CreatedAt   time.Time
}
