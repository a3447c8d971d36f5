package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// secret stands in everything that hangs on the report of this test.
const secret = "Rahasiabening"

// aboutNoReport are the root fields that this test leaves out, because no report is behind them: accounts, and what is done with a receipt
// or a token and has no roles. Whatever else the schema has is tried.
var aboutNoReport = []string{"signUp", "signIn", "refreshSession", "signOut", "anonym"}

// matrix makes an operation for each root field out of the schema alone: arguments by their types, and a selection of what can be selected.
type matrix struct {
	schema *ast.Schema
	ids    map[string]string // by the name of the argument
}

func (m matrix) operation(kind string, field *ast.FieldDefinition) string {
	var arguments []string
	for _, argument := range field.Arguments {
		if argument.Type.NonNull || argument.Name == "id" || argument.Name == "report" || argument.Name == "input" {
			arguments = append(arguments, argument.Name+": "+m.value(argument.Name, argument.Type))
		}
	}
	text := field.Name
	if len(arguments) > 0 {
		text += "(" + strings.Join(arguments, ", ") + ")"
	}
	return kind + " { " + text + m.selection(field.Type, 3) + " }"
}

func (m matrix) value(name string, of *ast.Type) string {
	if of.Elem != nil {
		return "[" + m.value(strings.TrimSuffix(name, "s"), of.Elem) + "]"
	}
	switch of.NamedType {
	case "ID":
		if id := m.ids[name]; id != "" {
			return `"` + id + `"`
		}
		return `"` + m.ids["report"] + `"`
	case "Int", "Float":
		return "1"
	case "Boolean":
		return "true"
	case "Time":
		return `"2026-11-23T00:00:00Z"`
	case "String", "Cursor", "Upload":
		if name == "date" {
			return `"2026-12-01"`
		}
		if name == "number" {
			return `"` + m.ids["number"] + `"`
		}
		return `"x"`
	}
	definition := m.schema.Types[of.NamedType]
	if definition.Kind == ast.Enum {
		if definition.EnumValues.ForName("VERIFIED") != nil {
			return "VERIFIED"
		}
		return definition.EnumValues[0].Name
	}
	if of.NamedType == "LocationInput" {
		return "{latitude: -6.9, longitude: 107.6}"
	}
	if of.NamedType == "BoundsInput" {
		return "{south: -6.98, west: 107.54, north: -6.84, east: 107.74}"
	}
	var fields []string
	for _, field := range definition.Fields {
		if field.Type.NonNull || field.Name == "title" {
			fields = append(fields, field.Name+": "+m.value(field.Name, field.Type))
		}
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func (m matrix) selection(of *ast.Type, depth int) string {
	definition := m.schema.Types[of.Name()]
	switch definition.Kind {
	case ast.Scalar, ast.Enum:
		return ""
	case ast.Union:
		return " { __typename }"
	case ast.Interface: // Node
		return " { ... on Report { id title body internalNotes { body } } __typename }"
	}
	var fields []string
	for _, field := range definition.Fields {
		if strings.HasPrefix(field.Name, "__") || field.Type.Name() == "Media" {
			continue
		}
		leaf := m.schema.Types[field.Type.Name()].IsLeafType()
		if leaf || depth > 0 && !needs(field) {
			fields = append(fields, field.Name+m.selection(field.Type, depth-1))
		}
	}
	if len(fields) == 0 {
		fields = []string{"__typename"}
	}
	return " { " + strings.Join(fields, " ") + " }"
}

// needs reports whether a field cannot be asked without arguments.
func needs(field *ast.FieldDefinition) bool {
	for _, argument := range field.Arguments {
		if argument.Type.NonNull && argument.DefaultValue == nil {
			return true
		}
	}
	return false
}

// Every query and mutation that the schema has is tried by everybody who has no business with another department's report. None shows
// anything of it, and none changes it. Its own people, asking the same, see it; so the test would notice.
func TestEverythingAgainstAnothersReport(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{intake: newDoor(t)})
	own, budi := c.Officer("jalan"), coretest.Citizen("budi")
	report := c.File(coretest.Visibility(civic.Private), func(s *civic.Submission) {
		s.Title, s.Body = secret+" title", secret+" body"
		s.Place, _ = c.City.CheckPlace("location", civic.Place{Latitude: -6.9, Longitude: 107.6, Address: secret + " address"})
	})
	must[*civic.Note](t)(f.desk.AddNote(t.Context(), own, report.ID, secret+" note"))
	must[*civic.Comment](t)(f.desk.Comment(t.Context(), own, report.ID, secret+" comment"))
	template := must[*civic.Template](t)(f.desk.SaveTemplate(t.Context(), own, civic.Template{
		Department: own.Department, Title: secret + " template", Body: secret,
	}))
	m := matrix{generated.NewExecutableSchema(generated.Config{}).Schema(), map[string]string{
		"report": report.ID.String(), "number": report.Number, "department": own.Department.String(), "officer": own.Officer.String(),
		"from": own.Officer.String(), "to": c.Officer("infrastruktur").Officer.String(), "category": demo.CategoryID("trotoar").String(),
		"categorie": demo.CategoryID("trotoar").String(), "template": template.ID.String(),
	}}
	outsiders := map[string]civic.Principal{
		"a stranger": {}, "another citizen": coretest.Citizen("siti"), "another department's officer": c.Officer("puskesmas"),
		"another department's head":          {Role: civic.RoleDepartmentHead, Officer: c.Officer("kesehatan").Officer, Department: demo.DepartmentID("kesehatan")},
		"another department's administrator": {Role: civic.RoleAdmin, Officer: c.Officer("air").Officer, Department: demo.DepartmentID("air")},
		"a head authority elsewhere":         {Role: civic.RoleHeadAuthority, Officer: c.Officer("inspektorat").Officer, Department: demo.DepartmentID("inspektorat")},
	}
	state := func() string {
		r := c.Report(report.ID)
		return fmt.Sprint(r.Status, r.UpdatedAt, r.Department, r.Hidden, r.Priority, r.Category, r.Title, r.Assignee,
			c.Count("SELECT count(*) FROM timeline WHERE report_id = $1", report.ID.Bytes()),
			c.Count("SELECT count(*) FROM audit WHERE report_id = $1", report.ID.Bytes()),
			c.Count("SELECT count(*) FROM followers")+c.Count("SELECT count(*) FROM ratings")+c.Count("SELECT count(*) FROM upvotes"),
			c.Count("SELECT count(*) FROM response_templates WHERE department_id = $1", own.Department.Bytes()))
	}
	before, shown := state(), 0
	tell := func(data map[string]any) string {
		text, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for kind, root := range map[string]*ast.Definition{"query": m.schema.Query, "mutation": m.schema.Mutation} {
		for _, field := range root.Fields {
			if strings.HasPrefix(field.Name, "__") || leftOut(field.Name) {
				continue
			}
			operation := m.operation(kind, field)
			for name, p := range outsiders {
				got := f.ask(t, p, operation, nil)
				for _, fault := range got.Errors {
					switch fault.Extensions["code"] {
					case nil, "INTERNAL", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED":
						t.Fatalf("%s asks %s: %v", name, operation, fault)
					}
				}
				if strings.Contains(tell(got.Data), secret) {
					t.Errorf("%s is shown it by %s: %s", name, field.Name, tell(got.Data))
				}
				if now := state(); now != before {
					t.Errorf("%s changes it by %s: %s after %s", name, field.Name, now, before)
					before = now
				}
			}
			if kind == "query" {
				for _, p := range []civic.Principal{own, budi} {
					if strings.Contains(tell(f.ask(t, p, operation, nil).Data), secret) {
						shown++
					}
				}
			}
		}
	}
	if shown < 6 {
		t.Errorf("its own people are shown it by %d queries: the test sees nothing", shown)
	}
}

func leftOut(name string) bool {
	for _, about := range aboutNoReport {
		if strings.Contains(strings.ToLower(name), strings.ToLower(about)) {
			return true
		}
	}
	return false
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
