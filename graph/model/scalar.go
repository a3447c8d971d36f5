package model

import (
	"fmt"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
)

// MarshalTime writes an instant in UTC.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var buf [len(time.RFC3339Nano) + 2]byte
		_, _ = w.Write(t.UTC().AppendFormat(buf[:0], `"`+time.RFC3339Nano+`"`))
	})
}

// UnmarshalTime reads RFC 3339.
func UnmarshalTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("a time is a string as in RFC 3339")
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("a time is written as in RFC 3339: 2026-11-23T08:00:00Z")
	}
	return t, nil
}

// Ids go out in their outside form; coming in they are strings, which resolvers parse knowing the field's name.

// MarshalReportID writes the outside form.
func MarshalReportID(id civic.ReportID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalReportID reads the outside form.
func UnmarshalReportID(v any) (civic.ReportID, error) {
	text, _ := v.(string)
	return civic.ParseReportID("id", text)
}

// MarshalDepartmentID writes the outside form.
func MarshalDepartmentID(id civic.DepartmentID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalDepartmentID reads the outside form.
func UnmarshalDepartmentID(v any) (civic.DepartmentID, error) {
	text, _ := v.(string)
	return civic.ParseDepartmentID("id", text)
}

// MarshalCategoryID writes the outside form.
func MarshalCategoryID(id civic.CategoryID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalCategoryID reads the outside form.
func UnmarshalCategoryID(v any) (civic.CategoryID, error) {
	text, _ := v.(string)
	return civic.ParseCategoryID("id", text)
}

// MarshalDistrictID writes the outside form.
func MarshalDistrictID(id civic.DistrictID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalDistrictID reads the outside form.
func UnmarshalDistrictID(v any) (civic.DistrictID, error) {
	text, _ := v.(string)
	return civic.ParseDistrictID("id", text)
}

// MarshalCitizenID writes the outside form.
func MarshalCitizenID(id civic.CitizenID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalCitizenID reads the outside form.
func UnmarshalCitizenID(v any) (civic.CitizenID, error) {
	text, _ := v.(string)
	return civic.ParseCitizenID("id", text)
}

// MarshalOfficerID writes the outside form.
func MarshalOfficerID(id civic.OfficerID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalOfficerID reads the outside form.
func UnmarshalOfficerID(v any) (civic.OfficerID, error) {
	text, _ := v.(string)
	return civic.ParseOfficerID("id", text)
}

// MarshalCommentID writes the outside form.
func MarshalCommentID(id civic.CommentID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalCommentID reads the outside form.
func UnmarshalCommentID(v any) (civic.CommentID, error) {
	text, _ := v.(string)
	return civic.ParseCommentID("id", text)
}

// MarshalNoteID writes the outside form.
func MarshalNoteID(id civic.NoteID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalNoteID reads the outside form.
func UnmarshalNoteID(v any) (civic.NoteID, error) {
	text, _ := v.(string)
	return civic.ParseNoteID("id", text)
}

// MarshalMediaID writes the outside form.
func MarshalMediaID(id civic.MediaID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalMediaID reads the outside form.
func UnmarshalMediaID(v any) (civic.MediaID, error) {
	text, _ := v.(string)
	return civic.ParseMediaID("id", text)
}

// MarshalUpload is for gqlgen: files do not go out.
func MarshalUpload(civic.Upload) graphql.Marshaler { return graphql.Null }

// UnmarshalUpload takes a file that came with the request; nothing written in JSON is one.
func UnmarshalUpload(v any) (civic.Upload, error) {
	upload, ok := v.(civic.Upload)
	if !ok {
		return civic.Upload{}, civic.Invalid("", "upload.not_a_file")
	}
	return upload, nil
}

// MarshalTemplateID writes the outside form.
func MarshalTemplateID(id civic.TemplateID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalTemplateID reads the outside form.
func UnmarshalTemplateID(v any) (civic.TemplateID, error) {
	text, _ := v.(string)
	return civic.ParseTemplateID("id", text)
}

// MarshalTaskID writes the outside form.
func MarshalTaskID(id civic.TaskID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalTaskID reads the outside form.
func UnmarshalTaskID(v any) (civic.TaskID, error) {
	text, _ := v.(string)
	return civic.ParseTaskID("id", text)
}

// MarshalAttachmentID writes the outside form.
func MarshalAttachmentID(id civic.AttachmentID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalAttachmentID reads the outside form.
func UnmarshalAttachmentID(v any) (civic.AttachmentID, error) {
	text, _ := v.(string)
	return civic.ParseAttachmentID("id", text)
}

// MarshalRoutingRuleID writes the outside form.
func MarshalRoutingRuleID(id civic.RoutingRuleID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalRoutingRuleID reads the outside form.
func UnmarshalRoutingRuleID(v any) (civic.RoutingRuleID, error) {
	text, _ := v.(string)
	return civic.ParseRoutingRuleID("id", text)
}

// MarshalNotificationID writes the outside form.
func MarshalNotificationID(id civic.NotificationID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalNotificationID reads the outside form.
func UnmarshalNotificationID(v any) (civic.NotificationID, error) {
	text, _ := v.(string)
	return civic.ParseNotificationID("id", text)
}

// MarshalAreaAlertID writes the outside form.
func MarshalAreaAlertID(id civic.AreaAlertID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalAreaAlertID reads the outside form.
func UnmarshalAreaAlertID(v any) (civic.AreaAlertID, error) {
	text, _ := v.(string)
	return civic.ParseAreaAlertID("id", text)
}

// MarshalMessageID writes the outside form.
func MarshalMessageID(id civic.MessageID) graphql.Marshaler { return marshalID(id.String()) }

// UnmarshalMessageID reads the outside form.
func UnmarshalMessageID(v any) (civic.MessageID, error) {
	text, _ := v.(string)
	return civic.ParseMessageID("id", text)
}

// marshalID quotes without escaping: the outside form holds letters, digits, - and _ alone.
func marshalID(text string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+text+`"`) })
}
