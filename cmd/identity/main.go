// Command identity is the identity service as a program of its own: accounts, sessions and keys behind gRPC.
package main

import (
	"context"
	"os"

	"github.com/jagawarga/jagawarga/identity/command"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
)

func main() {
	ctx, stop := process.UntilSignal(context.Background())
	program := observe.Program{
		Name: "identity", Getenv: os.Getenv, Out: os.Stdout, Err: os.Stderr,
		Serve: func(ctx context.Context) error { return command.Run(ctx, os.Getenv, os.Stderr) },
	}
	code := program.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
