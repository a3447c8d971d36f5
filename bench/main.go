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
	"strings"
	"syscall"
	"time"

	"github.com/jagawarga/jagawarga/bench/category"
	"github.com/jagawarga/jagawarga/bench/raw"
)

// How the program calls itself for the baseline.
const (
	rawCommand = "raw"
	rawReader  = "BENCH_READER_URL"
	rawWriter  = "BENCH_WRITER_URL"
	rawVoter   = "BENCH_VOTER_URL"
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
		return raw.Serve(ctx, os.Getenv(rawReader), os.Getenv(rawWriter), os.Getenv(rawVoter), stdin, stdout)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	program := flags.String("bin", "bin/jagawarga", "the program to measure")
	reports := flags.Int("reports", 100_000, "how many reports the database holds")
	rounds := flags.Int("rounds", 3, "how often each measurement is taken, in turns")
	duration := flags.Duration("duration", 5*time.Second, "how long each round takes")
	watchers := flags.Int("watchers", 1000, "how many watch the public feed")
	only := flags.String("only", "", "take the measurements alone whose name has this in it, e.g. submit")
	backlogged := flags.Int("open", 1_000_000, "how many reports are open before the escalator; a tenth of them falls due at once")
	history := flags.String("history", "importer/testdata/sf311.csv", "reports of the format sf311 from which categories are learned")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *reports < 1000 || *rounds < 1 || *duration < time.Second || *watchers < 1 || *backlogged < 10*few {
		return errors.New("at least 1,000 reports, 1 round, 1 s, 1 watcher and 100,000 open reports")
	}
	if strings.Contains(suggestions, *only) {
		if err := suggested(ctx, *history, stdout); err != nil || *only == suggestions {
			return err
		}
	}
	if strings.Contains(climbs, *only) {
		if err := climbed(ctx, *program, *backlogged, stdout, stderr); err != nil {
			return fmt.Errorf("%s: %w", climbs, err)
		}
		if *only == climbs {
			return nil
		}
	}
	b, err := open(ctx, *program, *reports, stderr)
	if err != nil {
		return err
	}
	defer b.close()
	if !strings.HasPrefix(*only, exporting) {
		pairs, err := b.measure(ctx, *rounds, *duration, *watchers, *only)
		if err != nil {
			return err
		}
		write(stdout, pairs, fmt.Sprintf("%d reports, %d rounds of %s", *reports, *rounds, *duration))
	}
	if concerns(exporting, *only) {
		if err := b.exports(ctx, stdout); err != nil {
			return fmt.Errorf("%s: %w", exporting, err)
		}
	}
	return nil
}

// suggestions is what -only calls the measurement of suggested categories, which needs no system.
const suggestions = "categories"

func suggested(ctx context.Context, history string, stdout io.Writer) error {
	file, err := os.Open(history)
	if err != nil {
		return err
	}
	defer file.Close()
	figures, err := category.Measure(ctx, file)
	if err != nil {
		return fmt.Errorf("categories: %w", err)
	}
	category.Write(stdout, figures)
	fmt.Fprintln(stdout)
	return nil
}
