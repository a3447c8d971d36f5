package store

import (
	"encoding/hex"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
)

// beginAs opens a transaction and tells row-level security who is asking, in one round trip. The values are written into the
// statement because a statement that begins a transaction takes no parameters; all of them are hexadecimal digits or words of ours.
func beginAs(begin string, scope civic.Scope) string {
	var sql strings.Builder
	sql.WriteString(begin)
	setting := func(name, value string) {
		sql.WriteString("; select set_config('app." + name + "', '" + value + "', true)")
	}
	if scope.Citizen != nil {
		setting("citizen", scope.Citizen.UUIDString())
	}
	if len(scope.Departments) > 0 {
		setting("departments", joined(uuids(scope.Departments)))
	}
	if len(scope.Receipt) > 0 {
		setting("receipt", hex.EncodeToString(scope.Receipt))
	}
	if scope.Auditor {
		setting("auditor", "yes")
	}
	if scope.Admin {
		setting("admin", "yes")
	}
	if scope.Partner != nil {
		setting("partner", scope.Partner.UUIDString())
	}
	if scope.Account != nil {
		setting("account", scope.Account.UUIDString())
	}
	return sql.String()
}

func isPublic(scope civic.Scope) bool {
	return scope.Citizen == nil && len(scope.Departments) == 0 && len(scope.Receipt) == 0 && !scope.Auditor && !scope.Admin && scope.Account == nil && scope.Partner == nil
}

func joined(ids []civic.UUID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.UUIDString()
	}
	return strings.Join(texts, ",")
}
