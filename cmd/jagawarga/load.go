package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/load"
	"github.com/jagawarga/jagawarga/up"
)

func loadCommand() *cobra.Command {
	var cfg load.Config
	var data string
	command := &cobra.Command{
		Use:   "load --scenario NAME",
		Short: "Put a running demo system to work and measure it",
		Long: "Talks to --url, or to the system that runs on --data, and to nobody else. Scenarios:\n\n  " +
			strings.Join(load.Scenarios(), "\n  "),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("data") && !cmd.Flags().Changed("url") {
				instance, err := up.Attach(data)
				if err != nil {
					return err
				}
				cfg.URL = "http://" + instance.Listen
			}
			return load.Run(cmd.Context(), cfg, cmd.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVar(&cfg.Scenario, "scenario", "", "what to play")
	flags.StringVar(&cfg.URL, "url", "http://127.0.0.1:8080", "address of the system")
	dataFlag(command, &data)
	if err := command.MarkFlagRequired("scenario"); err != nil {
		panic(err) // the flag is defined above
	}
	return command
}
