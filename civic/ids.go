package civic

// One type for each kind of id, so that a department's id can never be taken for a report's.
type (
	ReportID       struct{ UUID }
	DepartmentID   struct{ UUID }
	CategoryID     struct{ UUID }
	DistrictID     struct{ UUID }
	CitizenID      struct{ UUID }
	OfficerID      struct{ UUID }
	CommentID      struct{ UUID }
	NoteID         struct{ UUID }
	MediaID        struct{ UUID }
	SessionID      struct{ UUID }
	TemplateID     struct{ UUID }
	AttachmentID   struct{ UUID }
	RoutingRuleID  struct{ UUID }
	TaskID         struct{ UUID }
	NotificationID struct{ UUID }
	AreaAlertID    struct{ UUID }
	MessageID      struct{ UUID }
)

const (
	reportPrefix       = "report_"
	departmentPrefix   = "dept_"
	categoryPrefix     = "cat_"
	districtPrefix     = "district_"
	citizenPrefix      = "citizen_"
	officerPrefix      = "officer_"
	commentPrefix      = "comment_"
	notePrefix         = "note_"
	mediaPrefix        = "media_"
	sessionPrefix      = "session_"
	templatePrefix     = "template_"
	attachmentPrefix   = "attachment_"
	routingRulePrefix  = "rule_"
	taskPrefix         = "task_"
	notificationPrefix = "notification_"
	alertPrefix        = "alert_"
	messagePrefix      = "message_"
)

// String gives the form the outside sees.
func (id ReportID) String() string       { return formatID(reportPrefix, id.UUID) }
func (id DepartmentID) String() string   { return formatID(departmentPrefix, id.UUID) }
func (id CategoryID) String() string     { return formatID(categoryPrefix, id.UUID) }
func (id DistrictID) String() string     { return formatID(districtPrefix, id.UUID) }
func (id CitizenID) String() string      { return formatID(citizenPrefix, id.UUID) }
func (id OfficerID) String() string      { return formatID(officerPrefix, id.UUID) }
func (id CommentID) String() string      { return formatID(commentPrefix, id.UUID) }
func (id NoteID) String() string         { return formatID(notePrefix, id.UUID) }
func (id MediaID) String() string        { return formatID(mediaPrefix, id.UUID) }
func (id SessionID) String() string      { return formatID(sessionPrefix, id.UUID) }
func (id TemplateID) String() string     { return formatID(templatePrefix, id.UUID) }
func (id AttachmentID) String() string   { return formatID(attachmentPrefix, id.UUID) }
func (id RoutingRuleID) String() string  { return formatID(routingRulePrefix, id.UUID) }
func (id TaskID) String() string         { return formatID(taskPrefix, id.UUID) }
func (id NotificationID) String() string { return formatID(notificationPrefix, id.UUID) }
func (id AreaAlertID) String() string    { return formatID(alertPrefix, id.UUID) }
func (id MessageID) String() string      { return formatID(messagePrefix, id.UUID) }

// MarshalText writes the outside form, so that JSON carries it.
func (id ReportID) MarshalText() ([]byte, error)      { return []byte(id.String()), nil }
func (id DepartmentID) MarshalText() ([]byte, error)  { return []byte(id.String()), nil }
func (id CategoryID) MarshalText() ([]byte, error)    { return []byte(id.String()), nil }
func (id DistrictID) MarshalText() ([]byte, error)    { return []byte(id.String()), nil }
func (id CitizenID) MarshalText() ([]byte, error)     { return []byte(id.String()), nil }
func (id OfficerID) MarshalText() ([]byte, error)     { return []byte(id.String()), nil }
func (id CommentID) MarshalText() ([]byte, error)     { return []byte(id.String()), nil }
func (id NoteID) MarshalText() ([]byte, error)        { return []byte(id.String()), nil }
func (id MediaID) MarshalText() ([]byte, error)       { return []byte(id.String()), nil }
func (id SessionID) MarshalText() ([]byte, error)     { return []byte(id.String()), nil }
func (id TemplateID) MarshalText() ([]byte, error)    { return []byte(id.String()), nil }
func (id AttachmentID) MarshalText() ([]byte, error)  { return []byte(id.String()), nil }
func (id RoutingRuleID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }
func (id TaskID) MarshalText() ([]byte, error)        { return []byte(id.String()), nil }

// UnmarshalText reads the outside form.
func (id *ReportID) UnmarshalText(text []byte) error {
	return unmarshalID(reportPrefix, text, &id.UUID)
}
func (id *DepartmentID) UnmarshalText(text []byte) error {
	return unmarshalID(departmentPrefix, text, &id.UUID)
}
func (id *CategoryID) UnmarshalText(text []byte) error {
	return unmarshalID(categoryPrefix, text, &id.UUID)
}
func (id *DistrictID) UnmarshalText(text []byte) error {
	return unmarshalID(districtPrefix, text, &id.UUID)
}
func (id *CitizenID) UnmarshalText(text []byte) error {
	return unmarshalID(citizenPrefix, text, &id.UUID)
}
func (id *OfficerID) UnmarshalText(text []byte) error {
	return unmarshalID(officerPrefix, text, &id.UUID)
}
func (id *CommentID) UnmarshalText(text []byte) error {
	return unmarshalID(commentPrefix, text, &id.UUID)
}
func (id *NoteID) UnmarshalText(text []byte) error  { return unmarshalID(notePrefix, text, &id.UUID) }
func (id *MediaID) UnmarshalText(text []byte) error { return unmarshalID(mediaPrefix, text, &id.UUID) }
func (id *SessionID) UnmarshalText(text []byte) error {
	return unmarshalID(sessionPrefix, text, &id.UUID)
}
func (id *TemplateID) UnmarshalText(text []byte) error {
	return unmarshalID(templatePrefix, text, &id.UUID)
}
func (id *AttachmentID) UnmarshalText(text []byte) error {
	return unmarshalID(attachmentPrefix, text, &id.UUID)
}
func (id *RoutingRuleID) UnmarshalText(text []byte) error {
	return unmarshalID(routingRulePrefix, text, &id.UUID)
}
func (id *TaskID) UnmarshalText(text []byte) error {
	return unmarshalID(taskPrefix, text, &id.UUID)
}

// The Parse functions read the outside form; anything else is INVALID_INPUT naming field.
func ParseReportID(field, text string) (ReportID, error) {
	u, err := parseIDField(reportPrefix, field, text)
	return ReportID{u}, err
}

func ParseDepartmentID(field, text string) (DepartmentID, error) {
	u, err := parseIDField(departmentPrefix, field, text)
	return DepartmentID{u}, err
}

func ParseCategoryID(field, text string) (CategoryID, error) {
	u, err := parseIDField(categoryPrefix, field, text)
	return CategoryID{u}, err
}

func ParseDistrictID(field, text string) (DistrictID, error) {
	u, err := parseIDField(districtPrefix, field, text)
	return DistrictID{u}, err
}

func ParseCitizenID(field, text string) (CitizenID, error) {
	u, err := parseIDField(citizenPrefix, field, text)
	return CitizenID{u}, err
}

func ParseOfficerID(field, text string) (OfficerID, error) {
	u, err := parseIDField(officerPrefix, field, text)
	return OfficerID{u}, err
}

func ParseCommentID(field, text string) (CommentID, error) {
	u, err := parseIDField(commentPrefix, field, text)
	return CommentID{u}, err
}

func ParseNoteID(field, text string) (NoteID, error) {
	u, err := parseIDField(notePrefix, field, text)
	return NoteID{u}, err
}

func ParseMediaID(field, text string) (MediaID, error) {
	u, err := parseIDField(mediaPrefix, field, text)
	return MediaID{u}, err
}

func ParseSessionID(field, text string) (SessionID, error) {
	u, err := parseIDField(sessionPrefix, field, text)
	return SessionID{u}, err
}

func ParseTemplateID(field, text string) (TemplateID, error) {
	u, err := parseIDField(templatePrefix, field, text)
	return TemplateID{u}, err
}

func ParseAttachmentID(field, text string) (AttachmentID, error) {
	u, err := parseIDField(attachmentPrefix, field, text)
	return AttachmentID{u}, err
}

func ParseRoutingRuleID(field, text string) (RoutingRuleID, error) {
	u, err := parseIDField(routingRulePrefix, field, text)
	return RoutingRuleID{u}, err
}

func ParseTaskID(field, text string) (TaskID, error) {
	u, err := parseIDField(taskPrefix, field, text)
	return TaskID{u}, err
}

func ParseNotificationID(field, text string) (NotificationID, error) {
	u, err := parseIDField(notificationPrefix, field, text)
	return NotificationID{u}, err
}

func ParseAreaAlertID(field, text string) (AreaAlertID, error) {
	u, err := parseIDField(alertPrefix, field, text)
	return AreaAlertID{u}, err
}

func ParseMessageID(field, text string) (MessageID, error) {
	u, err := parseIDField(messagePrefix, field, text)
	return MessageID{u}, err
}

func unmarshalID(prefix string, text []byte, into *UUID) (err error) {
	*into, err = parseIDField(prefix, "id", string(text))
	return err
}

func parseIDField(prefix, field, text string) (UUID, error) {
	u, ok := parseID(prefix, text)
	if !ok {
		return UUID{}, Invalid(field, "id.malformed")
	}
	return u, nil
}
