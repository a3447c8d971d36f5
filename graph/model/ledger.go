package model

import (
	"maps"
	"slices"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// AuditConnection is a page of the audit.
type AuditConnection struct {
	Nodes    []*AuditEntry
	PageInfo *PageInfo
}

// AuditEntry is a line of the audit as the caller sees it.
type AuditEntry struct {
	*civic.AuditEntry
	View *View
}

// Index is the line's position in the ledger.
func (e *AuditEntry) Index() int { return int(e.AuditEntry.Index) }

// Actor is an officer's name, or what kind of actor it was: who of the citizens acted is nobody's business here.
func (e *AuditEntry) Actor() string {
	kind, id, _ := strings.Cut(e.AuditEntry.Actor, ":")
	if kind == "officer" {
		if uuid, ok := civic.ParseUUID(id); ok {
			if officer := e.View.City.Officer(civic.OfficerID{UUID: uuid}); officer != nil {
				return officer.Name
			}
		}
		return locale.Text(e.View.Language, "author.gone", nil)
	}
	if kind == "system" && id != "" {
		kind = id
	}
	key := "audit.actor." + kind
	if words := locale.Text(e.View.Language, key, nil); words != key {
		return words
	}
	return e.AuditEntry.Actor
}

// Detail is the status the act left the report in, the department that had it then, what somebody should look at, what it
// came from, and what became of the city.
func (e *AuditEntry) Detail() string {
	var words []string
	if e.Status != "" {
		words = append(words, locale.Text(e.View.Language, "audit.status."+string(e.Status), nil))
	}
	if department := e.View.DepartmentRef(e.Department); department != nil {
		words = append(words, department.Name())
	}
	for _, flag := range e.Flags {
		words = append(words, locale.Text(e.View.Language, "audit.flag."+string(flag), nil))
	}
	if cause := e.View.CauseRef(e.Cause); cause != nil {
		words = append(words, cause.Name())
	}
	if e.Office != nil {
		words = append(words, e.Office.Part)
		for _, value := range slices.Sorted(maps.Keys(e.Office.Changes)) {
			change := e.Office.Changes[value]
			words = append(words, value+": "+change[0]+" > "+change[1])
		}
	}
	return strings.Join(words, ", ")
}
