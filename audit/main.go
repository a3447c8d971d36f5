// Command audit tries to find out who wrote anonymous reports, with everything that an attacker would have who took the whole machine:
// `make audit-anonymity`. It starts the system, lets people who carry canaries file anonymous reports on both paths, takes all the system
// has kept or said, and searches it for every canary in every encoding it can think of; then it tries to join reports to people through
// shared values, hashes, order and time. It prints what it did and fails when anything links.
//
// It is an outsider: it speaks to the API as a browser does, and reads the data directory as a thief would. Before it believes that
// nothing is there it makes sure that it would have found it: what must be there (the witness words in the reports, the order in which
// they came) has to turn up in the same search.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	cfg := Config{Out: os.Stdout}
	flag.StringVar(&cfg.Programs, "bin", "bin", "directory with jagawarga, identity and anonymizer")
	flag.IntVar(&cfg.People, "people", 200, "how many people file a report")
	flag.Uint64Var(&cfg.Seed, "seed", 1, "what people are called and when each of them does what")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := Run(ctx, cfg)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

// ErrLinked says that something told who wrote a report.
var ErrLinked = errors.New("anonymity does not hold: see above")

// minPeople is how few there may be for an order to stand out from chance.
const minPeople = 12
