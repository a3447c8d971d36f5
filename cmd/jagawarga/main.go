// Command jagawarga is every service and tool of JagaWarga: `jagawarga up` runs the whole system, `jagawarga serve SERVICE` one part
// of it, and the other commands work on a system that runs.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jagawarga/jagawarga/internal/process"
)

func main() {
	ctx, stop := process.UntilSignal(context.Background())
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "jagawarga:", err)
		os.Exit(1)
	}
}
