package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/internal/notary"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/up"
)

func ledgerCommand() *cobra.Command {
	command := &cobra.Command{Use: "ledger", Short: "The audit that cannot be rewritten unseen"}
	command.AddCommand(ledgerVerify())
	return command
}

// ledgerOrder is what the flags of `ledger verify` say.
type ledgerOrder struct{ data, key, proof, filing, filingKey, checkpoint string }

func ledgerVerify() *cobra.Command {
	var order ledgerOrder
	command := &cobra.Command{
		Use:   "verify",
		Short: "Check that nothing in the audit was changed, deleted, inserted or reordered",
		Long: "Works the whole ledger out again from the rows of the system that runs on --data or, where DATABASE_URL is set and\n" +
			"--data is not given, of that database, which must be given as the role jagawarga_ingest. Names the first row that is not\n" +
			"what was signed, and then ends with exit code 1. With --checkpoint also holds it against a checkpoint that was kept earlier.\n" +
			"With --proof checks a proof of filing instead, without any database.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if order.proof != "" {
				return verifyProof(cmd, order)
			}
			return verifyLedger(cmd, order)
		},
	}
	flags := command.Flags()
	flags.StringVar(&order.key, "key", "", "the ledger's public key, or a file with it, as /.well-known/jagawarga-ledger-key shows it; default: that of --data")
	flags.StringVar(&order.checkpoint, "checkpoint", "", "file with an earlier checkpoint, which must be one of this ledger")
	flags.StringVar(&order.proof, "proof", "", "file with an answer of ledgerProof")
	flags.StringVar(&order.filing, "filing", "", "with --proof: file with the proof that was given at an anonymous filing; both must state the same")
	flags.StringVar(&order.filingKey, "filing-key", "", "the key of --filing, or a file with it, as /.well-known/jagawarga-filing-key shows it")
	flags.SortFlags = false
	dataFlag(command, &order.data)
	command.MarkFlagsMutuallyExclusive("proof", "checkpoint")
	return command
}

// verifyLedger checks the rows of a database.
func verifyLedger(cmd *cobra.Command, order ledgerOrder) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	address, err := ingestDatabase(cmd, order.data)
	if err != nil {
		return err
	}
	rows, err := store.New(ctx, store.Config{URL: address, MaxConns: 1})
	if err != nil {
		return err
	}
	defer rows.Close()
	key, err := keyText(order.key)
	if err == nil && key == "" && usesData(cmd) {
		key, err = keyOfData(order.data)
	} else if err == nil && key == "" {
		if key, err = keyOfDatabase(ctx, rows); err == nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "checked with the key that the database itself names; give --key to be sure of it: %s\n", key)
		}
	}
	if err != nil {
		return err
	}
	options := ledger.Options{Key: key}
	if order.checkpoint != "" {
		signed, err := os.ReadFile(order.checkpoint)
		if err != nil {
			return err
		}
		saved, err := ledger.OpenCheckpoint(string(signed), key)
		if err != nil {
			return fmt.Errorf("the saved checkpoint is not signed with the ledger's key: %w", err)
		}
		options.Saved = &saved
	}
	summary, err := ledger.Verify(ctx, rows, options)
	if err != nil {
		return fmt.Errorf("the ledger: %w", err)
	}
	fmt.Fprintf(out, "sound: %d lines, %d checkpoints, %d reports", summary.Checkpoint.Size, summary.Checkpoints, summary.Reports)
	for _, some := range []struct {
		n    int
		what string
	}{
		{summary.Erased, "with a text that was erased"}, {summary.Early, "from before the ledger, with no commitment"}, {summary.Waiting, "lines wait"},
	} {
		if some.n > 0 {
			fmt.Fprintf(out, ", %d %s", some.n, some.what)
		}
	}
	fmt.Fprintf(out, "\nroot: %s\n", summary.Checkpoint.Root)
	if options.Saved != nil {
		fmt.Fprintf(out, "the saved checkpoint of %d lines is part of it\n", options.Saved.Size)
	}
	return nil
}

// usesData tells whether --data says which system is meant, and not DATABASE_URL.
func usesData(cmd *cobra.Command) bool {
	return cmd.Flags().Changed("data") || os.Getenv(process.EnvDatabaseURL) == "" && os.Getenv(process.EnvDatabaseURL+"_FILE") == ""
}

// keyOfData is the public half of the running system's own key file.
func keyOfData(data string) (string, error) {
	instance, err := up.Attach(data)
	if err != nil {
		return "", err
	}
	cfg, err := instance.Config(up.ServiceIngest)
	if err != nil {
		return "", err
	}
	seed, err := os.ReadFile(filepath.Join(cfg.Secrets, ledger.KeyFile))
	if err == nil && len(seed) != ledger.KeySize {
		err = fmt.Errorf("it has %d bytes instead of %d", len(seed), ledger.KeySize)
	}
	if err != nil {
		return "", fmt.Errorf("the ledger's key: %w", err)
	}
	signer, err := notary.New(seed, ledger.Origin)
	if err != nil {
		return "", fmt.Errorf("the ledger's key: %w", err)
	}
	return signer.Verifier(), nil
}

// keyText reads a key that is given as it is, or as a file with it.
func keyText(given string) (string, error) {
	if given == "" {
		return "", nil
	}
	content, err := os.ReadFile(given)
	switch {
	case err == nil:
		return strings.TrimSpace(string(content)), nil
	case strings.Count(given, "+") >= 2: // name+hash+key
		return given, nil
	}
	return "", err
}

func keyOfDatabase(ctx context.Context, rows *store.Store) (string, error) {
	key, err := rows.LedgerVerifier(ctx)
	if err == nil && key == "" {
		err = errors.New("this ledger has not begun: no ingest with a key has run on this database")
	}
	return key, err
}

// verifyProof checks one proof offline.
func verifyProof(cmd *cobra.Command, order ledgerOrder) error {
	out := cmd.OutOrStdout()
	text, err := os.ReadFile(order.proof)
	if err != nil {
		return err
	}
	key, err := keyText(order.key)
	if err == nil && key == "" {
		if key, err = keyOfData(order.data); err != nil {
			err = fmt.Errorf("without --key: %w", err)
		}
	}
	if err != nil {
		return err
	}
	proof, err := ledger.ParseProof(string(text))
	if err != nil {
		return err
	}
	shown, checkpoint, err := proof.Check(key)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "sound: report %s was filed in the hour of %s\n", shown.Number, shown.Hour.Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(out, "line %d of a ledger of %d lines\ncommitment: %s\n", proof.Index, checkpoint.Size, shown.Commitment)
	if order.filing == "" {
		return nil
	}
	return compareFiling(cmd, order, shown)
}

// compareFiling holds what the ledger shows against what the anonymizer promised.
func compareFiling(cmd *cobra.Command, order ledgerOrder, shown ledger.Statement) error {
	if order.filingKey == "" {
		return errors.New("--filing needs --filing-key")
	}
	key, err := keyText(order.filingKey)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(order.filing)
	if err != nil {
		return err
	}
	filed, _, err := anonymizer.ReadProof(string(text), key)
	if err != nil {
		return fmt.Errorf("the proof of the filing: %w", err)
	}
	if filed.Number != shown.Number || !filed.Hour.Equal(shown.Hour) || filed.Commitment != shown.Commitment {
		return fmt.Errorf("the ledger shows another filing than %s at %s with the commitment %s", filed.Number, filed.Hour.Format("2006-01-02 15:04 MST"), filed.Commitment)
	}
	fmt.Fprintln(cmd.OutOrStdout(), "it is the filing that the proof of the receipt states")
	return nil
}
