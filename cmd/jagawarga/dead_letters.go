package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/up"
)

func deadLettersCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "dead-letters",
		Short: "Submissions that could not be stored: list them, or send them in again",
	}
	command.AddCommand(deadLettersList(), deadLettersReplay())
	return command
}

func deadLettersList() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use: "list", Short: "Show each with its sequence, time, report and reason", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withAdminBus(cmd.Context(), data, func(bus *events.Bus) error {
				letters, err := bus.DeadLetters(cmd.Context())
				if err != nil {
					return err
				}
				table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				fmt.Fprintln(table, "SEQUENCE\tSET ASIDE\tREPORT\tREASON")
				for _, letter := range letters {
					fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", letter.Sequence, letter.At.Format(time.RFC3339), letter.Number, letter.Reason)
				}
				return table.Flush()
			})
		},
	}
	dataFlag(command, &data)
	return command
}

func deadLettersReplay() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use: "replay [SEQUENCE...]", Short: "Send all of them, or those named, in again",
		RunE: func(cmd *cobra.Command, args []string) error {
			sequences := make([]uint64, len(args))
			for i, arg := range args {
				var err error
				if sequences[i], err = strconv.ParseUint(arg, 10, 64); err != nil {
					return fmt.Errorf("%q is no sequence: see dead-letters list", arg)
				}
			}
			return withAdminBus(cmd.Context(), data, func(bus *events.Bus) error {
				if len(sequences) == 0 {
					letters, err := bus.DeadLetters(cmd.Context())
					if err != nil {
						return err
					}
					for _, letter := range letters {
						sequences = append(sequences, letter.Sequence)
					}
				}
				n, err := bus.ReplayDeadLetters(cmd.Context(), sequences...)
				fmt.Fprintf(cmd.OutOrStdout(), "replayed %d\n", n)
				return err
			})
		},
	}
	dataFlag(command, &data)
	return command
}

// withAdminBus connects to the broker of the system that runs on data.
func withAdminBus(ctx context.Context, data string, do func(*events.Bus) error) error {
	cfg, err := up.Admin(data)
	if err != nil {
		return err
	}
	bus, err := events.Connect(ctx, events.Config{URL: cfg.NATSURL, Name: "jagawarga-admin", InboxPrefix: "_INBOX_admin", Log: slog.Default()})
	if err != nil {
		return err
	}
	defer bus.Close()
	return do(bus)
}
