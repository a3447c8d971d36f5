package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/store"
)

func rollupsCommand() *cobra.Command {
	command := &cobra.Command{Use: "rollups", Short: "The figures that are kept of reports"}
	command.AddCommand(rollupsRebuild())
	return command
}

func rollupsRebuild() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "rebuild",
		Short: "Count all reports anew",
		Long: "Works on the system that runs on --data or, where DATABASE_URL is set and --data is not given, on that database, which must be\n" +
			"given as the role jagawarga_ingest. The earlier figures are shown until it is done. Nothing but a change of rows behind the\n" +
			"system's back should make the numbers differ.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			address, err := ingestDatabase(cmd, data)
			if err != nil {
				return err
			}
			rows, err := store.New(ctx, store.Config{URL: address, MaxConns: 1})
			if err != nil {
				return err
			}
			defer rows.Close()
			city, err := rows.City(ctx, 1)
			if err != nil {
				return err
			}
			counted, err := rows.RebuildRollups(ctx, city.Calendar.Zone)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "counted %d\n", counted)
			return nil
		},
	}
	dataFlag(command, &data)
	return command
}
