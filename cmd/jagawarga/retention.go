package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store"
)

func retentionCommand() *cobra.Command {
	command := &cobra.Command{Use: "retention", Short: "What is personal in reports that are over"}
	command.AddCommand(retentionRun())
	return command
}

func retentionRun() *cobra.Command {
	var data string
	days := 0
	command := &cobra.Command{
		Use:   "run",
		Short: "Erase what is personal of reporters from reports that have been over long enough",
		Long: "Does at once what ingest does every day, in the system that runs on --data or, where DATABASE_URL is set and --data is not given,\n" +
			"in that database, which must be given as the role jagawarga_ingest. The ledger is told of each report and stays verifiable. It may be\n" +
			"run again; what is erased is erased for good.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("days") && (days < 1 || days > civic.MaxRetention) {
				return fmt.Errorf("--days is from 1 to %d", civic.MaxRetention)
			}
			database, err := ingestDatabase(cmd, data)
			if err != nil {
				return err
			}
			erased, err := eraseOld(cmd.Context(), database, days)
			if err == nil || erased > 0 {
				_, told := fmt.Fprintf(cmd.OutOrStdout(), "erased %d\n", erased)
				err = errors.Join(err, told)
			}
			return err
		},
	}
	command.Flags().IntVar(&days, "days", 0, "how long they must have been over; default: what the city has set, or 365")
	dataFlag(command, &data)
	return command
}

func eraseOld(ctx context.Context, database string, days int) (erased int, err error) {
	rows, err := store.New(ctx, store.Config{URL: database, MaxConns: 1})
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	city, err := rows.City(ctx, 1)
	if err != nil {
		return 0, fmt.Errorf("read the city: %w", err)
	}
	desk := casework.New(casework.Config{}, casework.Ports{City: func() *civic.City { return city }, Records: records.Of{Store: rows}})
	return desk.EraseOld(ctx, days)
}
