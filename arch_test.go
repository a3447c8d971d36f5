// Package jagawarga_test holds the walls of the house: which package may know which. It asks the go command for the imports, so run it
// with -count=1; the test cache does not see them change.
package jagawarga_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/jagawarga/jagawarga"

// floors lists every package of the module. A package imports from lower floors alone: never from its own, never from above. Who adds
// or renames a package says here where it lives.
var floors = [][]string{
	// The ground: nouns and rules, words, what files and generated code say. Nothing of ours is below.
	{
		"civic", "anonymizer/scrub", "notifier/mail", "identity/db", "internal/figures", "internal/fingerprint", "internal/locale", "internal/migrate", "internal/natstest", "internal/notary", "internal/pgtest",
		"internal/process", "internal/rpc/anonymizerrpc", "internal/rpc/errorrpc", "internal/rpc/generate", "internal/rpc/identityrpc",
		"migrations/core", "migrations/identity", "portal/client", "portal/locale", "portal/session", "portal/static", "server/internal/answer", "server/playground", "up/child",
	},
	// What speaks of the nouns: the verbs, the streams, the rights, the demo city, the parts that are started.
	{
		"anonymizer/strip", "bench/raw", "casework", "demo", "graph/model", "internal/auth", "internal/blindtoken", "internal/blob", "internal/events", "internal/guess", "internal/inbox", "internal/insight", "internal/ledger", "internal/observe", "internal/observe/trace",
		"internal/rpc", "internal/store/db", "internal/suggest", "internal/wording", "migrations/roles", "notifier/audience", "notifier/push", "portal/page", "server/fault", "up/broker", "up/postgres",
	},
	// The rows, the ways to other services, the walled flats.
	{
		"anonymizer", "audit", "deploy/check", "graph/generated", "graph/plan", "identity", "integration", "internal/anonymizerclient", "internal/blindtoken/testkey", "internal/export", "internal/identityclient", "internal/media",
		"internal/store", "load", "portal/citizen/account", "portal/citizen/anonymous", "portal/citizen/atlas", "portal/citizen/compose", "portal/citizen/follow", "portal/citizen/mine", "portal/citizen/notice", "portal/citizen/query", "portal/citizen/report", "portal/staff", "server/internal/sample", "server/ws",
	},
	// Pages that share a map and what a list is narrowed by.
	{"portal/citizen/city", "portal/citizen/feed", "portal/citizen/home"},
	// The faces, the workers, and what starts them.
	{
		"anonymizer/command", "casework/records", "escalator", "graph", "identity/command", "importer", "ingest", "portal/citizen", "internal/dossier", "internal/open311", "notifier", "rollups", "server", "up", "upkeep",
	},
	// Where all meet.
	{"bench/category", "internal/coretest", "portal"},
	{"service"},
	{"bench", "cmd/anonymizer", "cmd/identity", "cmd/jagawarga"},
}

// wall says what a package must never know, not even through others. A path stands for itself and everything below it.
type wall struct {
	from   []string
	never  []string
	except []string // of from: packages that live outside the wall
	why    string
}

const (
	postgres = "github.com/jackc/pgx"
	nats     = "github.com/nats-io"
)

var walls = []wall{
	{
		from: []string{"casework"}, never: []string{"internal/store", "internal/events", "graph", postgres, nats},
		except: []string{"casework/records"}, // the joint between the verbs and the rows, and nothing else
		why:    "the verbs decide; where rows and events go is said in interfaces, so that every face and worker acts by the same verbs",
	},
	{
		from: []string{"graph"}, never: []string{"internal/store", "internal/events", "identity", "anonymizer", postgres, nats},
		why: "the face asks; were the database or another service's inside in reach, a resolver would sooner or later pass the verbs by",
	},
	{
		from: []string{"server"}, never: []string{"internal/store", "internal/events", "casework", "graph", "identity", "anonymizer", postgres, nats},
		why: "HTTP and WebSocket carry any schema; they know nothing of reports",
	},
	{
		from:  []string{"anonymizer", "cmd/anonymizer"},
		never: []string{"identity", "internal/identityclient", "internal/auth", "internal/observe/trace", "internal/store", "casework", "graph", postgres},
		why:   "who reads a whistleblower's words must have no way to learn who wrote them: no accounts, no tokens, no traces, no database at all",
	},
	{
		from:  []string{"identity", "cmd/identity"},
		never: []string{"internal/events", "internal/store", "casework", "anonymizer", "internal/anonymizerclient", "graph", nats},
		why:   "who knows the people must have no way to learn what they reported",
	},
	{
		from: []string{"portal"}, never: []string{"graph", "casework", "civic", "internal", "server", "identity", "anonymizer", postgres, nats},
		why: "pages are a client of the API like any other: what they can do everybody can, and what they may not see they cannot reach",
	},
	{
		from: []string{"escalator"}, never: []string{"graph", "internal/store", "internal/events", postgres, nats},
		why: "it acts by the same verbs as an officer, so a climb leaves the same traces",
	},
	{
		from: []string{"notifier"}, never: []string{"graph", "casework", "identity", "anonymizer", "internal/anonymizerclient"},
		why: "it tells what happened and changes nothing of it; where somebody gets mail it asks, one address at a time",
	},
	{
		from: []string{"up"}, never: []string{"casework", "graph", "internal/store", "internal/events", "identity", "anonymizer", "service"},
		why: "it starts processes and stores; what they do is theirs",
	},
	{
		from: everywhere, never: []string{"up"}, except: []string{"up", "cmd/jagawarga"},
		why: "a service must run the same when nobody supervises it",
	},
	{
		from: everywhere, never: []string{"internal/pgtest", "internal/natstest", "internal/coretest", "internal/blindtoken/testkey"},
		except: []string{"internal/pgtest", "internal/natstest", "internal/coretest", "internal/blindtoken/testkey"},
		why:    "servers and keys of tests are for tests",
	},
	{
		from: everywhere, never: []string{"service"}, except: []string{"service", "cmd/jagawarga"},
		why: "the place where all meet is not a thing to lean on",
	},
}

var everywhere = []string{""}

func TestEveryPackageHasItsFloor(t *testing.T) {
	t.Parallel()
	house := survey(t)
	floor := map[string]int{}
	for level, packages := range floors {
		for _, name := range packages {
			if _, twice := floor[name]; twice {
				t.Errorf("%s lives on two floors", name)
			}
			floor[name] = level
			if !house.has(name) {
				t.Errorf("%s is in the table of floors and not in the module", name)
			}
		}
	}
	for _, name := range house.ours() {
		level, known := floor[name]
		if !known {
			t.Errorf("%s has no floor: add it to the table", name)
			continue
		}
		for _, imported := range house[name] {
			if below, ours := floor[imported]; ours && below >= level {
				t.Errorf("%s (floor %d) imports %s (floor %d): imports go down only", name, level, imported, below)
			}
		}
	}
}

func TestCivicStandsOnTheStandardLibraryAlone(t *testing.T) {
	t.Parallel()
	for _, imported := range survey(t)["civic"] {
		t.Errorf("civic imports %s: nouns and rules must be readable, and testable, without anything else", imported)
	}
}

func TestWalls(t *testing.T) {
	t.Parallel()
	house := survey(t)
	for _, w := range walls {
		for _, path := range slices.Concat(w.from, w.never, w.except) {
			if path != "" && !slices.ContainsFunc(slices.Collect(maps.Keys(house)), func(name string) bool { return within(name, path) }) {
				t.Errorf("a wall names %s, which does not exist (any more): the wall stands for nothing", path)
			}
		}
		for _, name := range house.ours() {
			if !withinAny(name, w.from) || withinAny(name, w.except) {
				continue
			}
			if way := house.way(name, w.never); way != nil {
				t.Errorf("%s\n\tbecause: %s", strings.Join(way, "\n\t  imports "), w.why)
			}
		}
	}
}

// The walls must be able to fall: a table that matches nothing would be green for ever.
func TestAWallIsSeen(t *testing.T) {
	t.Parallel()
	small := house{"a": {"b"}, "b": {"c/deep"}, "c/deep": {"d"}, "d": nil, "cc": nil, "x": {"cc"}}
	for _, c := range []struct {
		from, never string
		want        string
	}{
		{"a", "d", "a b c/deep d"}, {"a", "c", "a b c/deep"}, {"x", "c", ""}, {"d", "a", ""}, {"b", "b", ""},
	} {
		if got := strings.Join(small.way(c.from, []string{c.never}), " "); got != c.want {
			t.Errorf("from %s to %s: %q, want %q", c.from, c.never, got, c.want)
		}
	}
}

// house maps each package to what it imports, without the standard library; ours are named without the module.
type house map[string][]string

func survey(t *testing.T) house {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Imports,Standard", "./...")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	type listed struct {
		ImportPath string
		Imports    []string
		Standard   bool
	}
	standard, found := map[string]bool{"C": true}, house{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if standard[p.ImportPath] = p.Standard; p.Standard {
			continue
		}
		var imports []string
		for _, path := range p.Imports {
			if !standard[path] { // dependencies are listed first
				imports = append(imports, short(path))
			}
		}
		found[short(p.ImportPath)] = imports
	}
	return found
}

func short(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

func (h house) has(name string) bool { _, found := h[name]; return found }

// ours are the module's own packages but for this one, which holds tests alone. Paths of others begin with a host name.
func (h house) ours() []string {
	var names []string
	for name := range h {
		if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// way is the shortest chain of imports from a package to one that it must not know; nil if there is none.
func (h house) way(from string, never []string) []string {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range h[queue[0]] {
			if _, seen := came[next]; seen {
				continue
			}
			came[next] = queue[0]
			if !withinAny(next, never) {
				queue = append(queue, next)
				continue
			}
			var chain []string
			for step := next; step != ""; step = came[step] {
				chain = append(chain, step)
			}
			slices.Reverse(chain)
			return chain
		}
	}
	return nil
}

// within compares whole elements: internal/store is within internal, and storefront is not within store.
func within(name, path string) bool {
	return path == "" || name == path || strings.HasPrefix(name, path+"/")
}

func withinAny(name string, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return within(name, path) })
}
