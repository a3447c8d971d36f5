package events

import (
	"bytes"
	"slices"

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
	// eventsSubject is that of every pack: in a flood a pack holds events of many reports and departments, so that subjects
	// would tell readers nothing when it matters.
	eventsSubject = eventsPrefix + "packs"
)

// maxSought is how many departments are worth looking for in a pack before it is read.
const maxSought = 8

// mayConcern says whether a pack can hold events of the topic, without reading it: ids stand in it as they are.
func mayConcern(topic civic.Topic, pack []byte) bool {
	departments := slices.Concat(topic.Departments, topic.Tasks)
	switch {
	case topic.Public || len(departments) > maxSought:
		return true
	case !topic.Report.IsZero():
		return bytes.Contains(pack, []byte(topic.Report.String()))
	}
	return slices.ContainsFunc(departments, func(department civic.DepartmentID) bool {
		return bytes.Contains(pack, []byte(department.String()))
	})
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
	return e.Task != nil && slices.Contains(topic.Tasks, e.Task.Department)
}

func isPublic(e *civic.Event) bool {
	return e.Visibility == civic.Public && !e.Hidden && !e.Kind.ForDepartments()
}
