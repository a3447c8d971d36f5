// Command anonymizer is the anonymizer as a program of its own: it takes raw anonymous reports and lets only what identifies nobody go on.
package main

import (
	"context"
	"os"

	"github.com/jagawarga/jagawarga/anonymizer/command"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
)

func main() {
	ctx, stop := process.UntilSignal(context.Background())
	program := observe.Program{
		Name: "anonymizer", Getenv: os.Getenv, Out: os.Stdout, Err: os.Stderr,
		Serve: func(ctx context.Context) error { return command.Run(ctx, os.Getenv, os.Stderr) },
	}
	code := program.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
