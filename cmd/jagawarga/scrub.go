package main

import (
	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
)

func scrubCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "scrub",
		Short: "Take out of texts what tells who wrote them",
		Long: "Reads JSON lines {\"id\",\"text\"} on standard input and writes {\"id\",\"text\",\"removed\":[{\"kind\",\"start\",\"end\",\"text\"}]}\n" +
			"on standard output. Offsets are Unicode code points of the original text.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return scrub.Command(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
}
