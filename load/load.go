// Package load puts a running system to work, as its users would, over HTTP and nothing else: it talks to the one address it is given,
// sends a number of requests fixed beforehand, measures, and stops by itself. A scenario succeeds only if every single step of it did.
//
// It takes a system with the demo city, whose people it signs in as, and leaves behind what it has filed.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// longest bounds every scenario, whatever the system does.
const longest = 2 * time.Minute

// scenario is one way to put the system to work.
type scenario struct {
	about string
	run   func(ctx context.Context, on *target, out io.Writer) error
}

var scenarios = map[string]scenario{
	"hundred-anonymous": {"100 anonymous reports, 10 at a time, each filed and found again by its receipt", hundredAnonymous},
}

// Scenarios describes each in a line, sorted by name.
func Scenarios() []string {
	var lines []string
	for name, s := range scenarios {
		lines = append(lines, name+": "+s.about)
	}
	slices.Sort(lines)
	return lines
}

// Config is what a load needs.
type Config struct {
	URL      string // of the system: http://127.0.0.1:8080
	Scenario string
}

// Run plays a scenario and writes what it measured. The last line begins with ok when everything went well; otherwise the error tells
// what did not.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	s, known := scenarios[cfg.Scenario]
	if !known {
		return fmt.Errorf("unknown scenario %q; there are\n%s", cfg.Scenario, strings.Join(Scenarios(), "\n"))
	}
	on, err := newTarget(cfg.URL)
	if err != nil {
		return err
	}
	defer on.close()
	ctx, cancel := context.WithTimeoutCause(ctx, longest, errors.New("it took too long"))
	defer cancel()
	fmt.Fprintf(out, "%s: %s, on %s\n", cfg.Scenario, s.about, on.url)
	return s.run(ctx, on, out)
}
