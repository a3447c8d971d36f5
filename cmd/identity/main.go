// Command identity is the identity service as a program of its own: accounts, sessions and keys behind gRPC.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jagawarga/jagawarga/identity/command"
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
