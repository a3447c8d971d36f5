// Command anonymizer is the anonymizer as a program of its own: it takes raw anonymous reports and lets only what identifies nobody go on.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jagawarga/jagawarga/anonymizer/command"
	"github.com/jagawarga/jagawarga/internal/process"
)

func main() {
	ctx, stop := process.UntilSignal(context.Background())
	defer stop()
	if err := command.Run(ctx, os.Getenv, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
