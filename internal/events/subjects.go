package events

import (
	"strings"

	"github.com/jagawarga/jagawarga/civic"
)

// The streams, and the durable consumer that all ingest processes share.
const (
	StreamSubmissions = "SUBMISSIONS"
	StreamEvents      = "EVENTS"
	StreamDeadLetters = "DEAD_LETTERS"
	ConsumerIngest    = "ingest"
)

// The two doors into SUBMISSIONS. They differ so that the anonymizer can be given the right to its own door alone.
const (
	SubmissionsPublic    = "submissions.public" // public and private reports
	SubmissionsAnonymous = "submissions.anonymous"
)

const (
	submissionsPrefix = "submissions."
	eventsPrefix      = "events."
	deadPrefix        = "dead."
	pokePrefix        = "poke."
	allEvents         = eventsPrefix + ">"
	publicEvents      = eventsPrefix + "public.>"
	// noDepartment stands where a former department would.
	noDepartment = "-"
)

// eventSubject is events.<visibility>.<department>.<former department>.<report>. The former department has a token of its
// own because a transferred report must reach the screens it leaves: without it a replay for one department would have to
// read the whole stream to find the few events that left.
func eventSubject(e *civic.Event) string {
	former := noDepartment
	if e.FormerDepartment != nil {
		former = e.FormerDepartment.UUIDString()
	}
	return eventsPrefix + strings.ToLower(string(e.Visibility)) + "." + e.Department.UUIDString() + "." + former + "." + e.Report.UUIDString()
}

// maxDepartmentFilters is how many departments a replay names to the server one by one; for more it is cheaper to read
// everything and match here.
const maxDepartmentFilters = 8

// eventFilters gives subjects that contain every event of the topic; matches decides about each event.
func eventFilters(topic civic.Topic) []string {
	switch {
	case topic.Public:
		return []string{publicEvents}
	case !topic.Report.IsZero():
		return []string{eventsPrefix + "*.*.*." + topic.Report.UUIDString()}
	case len(topic.Departments) > maxDepartmentFilters:
		return []string{allEvents}
	}
	var filters []string
	for department := range setOf(topic.Departments) {
		filters = append(filters,
			eventsPrefix+"*."+department.UUIDString()+".*.*",
			eventsPrefix+"*.*."+department.UUIDString()+".*")
	}
	return filters
}

// matches is the one rule of who hears what; the hub's indexes are the same rule turned around.
func matches(topic civic.Topic, e *civic.Event) bool {
	switch {
	case topic.Public:
		return isPublic(e)
	case !topic.Report.IsZero():
		return e.Report == topic.Report
	}
	for _, department := range topic.Departments {
		if e.Department == department || e.FormerDepartment != nil && *e.FormerDepartment == department {
			return true
		}
	}
	return false
}

func isPublic(e *civic.Event) bool { return e.Visibility == civic.Public && !e.Hidden }

func setOf[T comparable](items []T) map[T]struct{} {
	set := make(map[T]struct{}, len(items))
	for _, item := range items {
		set[item] = struct{}{}
	}
	return set
}
