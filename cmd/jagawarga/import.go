package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/importer"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/up"
)

func importCommand() *cobra.Command {
	var format, rejects, data string
	command := &cobra.Command{
		Use:   "import --format FORMAT FILE",
		Short: "Take in what an older system has kept, as public history",
		Long: "Works on the system that runs on --data or, where DATABASE_URL is set and --data is not given, on that database, which\n" +
			"must be given as the role jagawarga_ingest. What was imported before is skipped. Records that cannot be taken in go to\n" +
			"FILE.rejects.csv with line and reason, and the rest goes on. Ends with `imported N skipped N rejected N`.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if rejects == "" {
				rejects = args[0] + ".rejects.csv"
			}
			address, err := ingestDatabase(cmd, data)
			if err != nil {
				return err
			}
			return importFile(cmd, importOrder{file: args[0], format: format, rejects: rejects, database: address})
		},
	}
	flags := command.Flags()
	flags.StringVar(&format, "format", "", "what the file is: "+strings.Join(importer.Formats(), ", "))
	flags.StringVar(&rejects, "rejects", "", "where rejected records are named (default FILE.rejects.csv)")
	dataFlag(command, &data)
	if err := command.MarkFlagRequired("format"); err != nil {
		panic(err) // the flag is defined above
	}
	return command
}

// ingestDatabase is the core database as the role that takes reports in.
func ingestDatabase(cmd *cobra.Command, data string) (string, error) {
	cfg, _, err := setup("import")
	if err != nil || cfg.DatabaseURL != "" && !cmd.Flags().Changed("data") {
		return cfg.DatabaseURL, err
	}
	instance, err := up.Attach(data)
	if err != nil {
		return "", err
	}
	cfg, err = instance.Config(up.ServiceIngest)
	return cfg.DatabaseURL, err
}

type importOrder struct{ file, format, rejects, database string }

func importFile(cmd *cobra.Command, order importOrder) (err error) {
	ctx, stderr := cmd.Context(), cmd.ErrOrStderr()
	file, err := os.Open(order.file)
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := store.New(ctx, store.Config{URL: order.database, MaxConns: 1})
	if err != nil {
		return err
	}
	defer rows.Close()
	city, err := rows.City(ctx, 1)
	if err != nil {
		return fmt.Errorf("read the city: %w", err)
	}
	rejects := importer.NewRejectFile(order.rejects)
	progress := importer.NewProgress(stderr, isTerminal(stderr), sizeOf(file), time.Now)
	counts, err := runImport(ctx, order.format, file, city, rows, rejects, progress)
	progress.End()
	err = errors.Join(err, rejects.Close())
	if counts.Redated > 0 {
		fmt.Fprintf(stderr, "%d were closed before they were filed: they stand as closed when they were filed\n", counts.Redated)
	}
	if counts.Rejected > 0 && err == nil {
		fmt.Fprintf(stderr, "what was rejected, and why, is in %s\n", order.rejects)
	}
	fmt.Fprintln(cmd.OutOrStdout(), counts)
	return err
}

func runImport(ctx context.Context, format string, file io.Reader, city *civic.City, rows *store.Store,
	rejects *importer.RejectFile, progress *importer.Progress) (importer.Counts, error) {
	desk := casework.New(casework.Config{}, casework.Ports{City: func() *civic.City { return city }, Records: records.Of{Store: rows}})
	task, err := importer.New(importer.Config{Format: format, Reject: rejects.Add, Progress: progress.Show}, city, desk, rows)
	if err != nil {
		return importer.Counts{}, err
	}
	return task.Run(ctx, file)
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// sizeOf is 0 where nobody can tell, as of a pipe.
func sizeOf(file *os.File) int64 {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
