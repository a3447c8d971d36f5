// Command bench measures JagaWarga against the least that can do the same work (package raw), both on the same machine, database
// and data, in turns within one run, and prints a Markdown table.
//
//	go run ./bench -bin bin/jagawarga
//
// It starts a system of its own on a temporary data directory, loads it from 127.0.0.1, and leaves nothing behind. Figures of one
// run compare with each other; from machine to machine only the ratios do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jagawarga/jagawarga/bench/raw"
)

// How the program calls itself for the baseline.
const (
	rawCommand = "raw"
	rawReader  = "BENCH_READER_URL"
	rawWriter  = "BENCH_WRITER_URL"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 1 && args[0] == rawCommand {
		return raw.Serve(ctx, os.Getenv(rawReader), os.Getenv(rawWriter), stdin, stdout)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	program := flags.String("bin", "bin/jagawarga", "the program to measure")
	reports := flags.Int("reports", 100_000, "how many reports the database holds")
	rounds := flags.Int("rounds", 3, "how often each measurement is taken, in turns")
	duration := flags.Duration("duration", 5*time.Second, "how long each round takes")
	watchers := flags.Int("watchers", 1000, "how many watch the public feed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *reports < 1000 || *rounds < 1 || *duration < time.Second || *watchers < 1 {
		return errors.New("at least 1,000 reports, 1 round, 1 s and 1 watcher")
	}
	b, err := open(ctx, *program, *reports, stderr)
	if err != nil {
		return err
	}
	defer b.close()
	pairs, err := b.measure(ctx, *rounds, *duration, *watchers)
	if err != nil {
		return err
	}
	write(stdout, pairs, fmt.Sprintf("%d reports, %d rounds of %s", *reports, *rounds, *duration))
	return nil
}
