package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/up"
)

func partnerCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "partner",
		Short: "Who may file reports over Open311",
		Long: "Works on the system that runs on --data or, where DATABASE_URL is set and --data is not given, on that database, which must be given\n" +
			"as the role jagawarga_owner.",
	}
	command.AddCommand(partnerAdd(), partnerList(), partnerRevoke())
	return command
}

// open311Command is the same by the name of what the keys are for.
func open311Command() *cobra.Command {
	command := &cobra.Command{Use: "open311", Short: "The face to other systems"}
	key := partnerCommand()
	key.Use, key.Short = "key", "Keys of partners; the same as jagawarga partner"
	command.AddCommand(key)
	return command
}

func partnerAdd() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "add NAME",
		Short: "Give a partner a key; it is shown this once",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := civic.CheckText("name", args[0], civic.MaxName)
			if err != nil {
				return fmt.Errorf("the name: %w", err)
			}
			secret := make([]byte, 32)
			if _, err := rand.Read(secret); err != nil {
				return err
			}
			key, now := base64.RawURLEncoding.EncodeToString(secret), time.Now()
			partner := civic.Partner{ID: civic.PartnerID{UUID: civic.NewUUIDv7(now, rand.Reader)}, Name: name, CreatedAt: now}
			err = withPartners(cmd, data, func(ctx context.Context, rows *store.Store) error {
				return rows.AddPartner(ctx, partner, civic.HashPartnerKey(key))
			})
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "the key cannot be shown again")
			_, err = fmt.Fprintln(cmd.OutOrStdout(), key)
			return err
		},
	}
	dataFlag(command, &data)
	return command
}

func partnerList() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "list",
		Short: "List partners: id, since when, until when, name",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPartners(cmd, data, func(ctx context.Context, rows *store.Store) error {
				partners, err := rows.Partners(ctx)
				for _, p := range partners {
					until := "-"
					if p.RevokedAt != nil {
						until = p.RevokedAt.UTC().Format(time.RFC3339)
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%s\t%s\n", p.ID, p.CreatedAt.UTC().Format(time.RFC3339), until, p.Name)
				}
				return err
			})
		},
	}
	dataFlag(command, &data)
	return command
}

func partnerRevoke() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "revoke ID",
		Short: "End a partner's key at once, for good; what it filed stays",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var id civic.PartnerID
			if err := id.UnmarshalText([]byte(args[0])); err != nil {
				return fmt.Errorf("%q is no id of a partner", args[0])
			}
			return withPartners(cmd, data, func(ctx context.Context, rows *store.Store) error {
				revoked, err := rows.RevokePartner(ctx, id)
				if err == nil && !revoked {
					err = fmt.Errorf("there is no partner %s with a key", id)
				}
				return err
			})
		},
	}
	dataFlag(command, &data)
	return command
}

// withPartners opens the core database as its owner: no service may give keys.
func withPartners(cmd *cobra.Command, data string, do func(context.Context, *store.Store) error) error {
	cfg, _, err := setup("partner")
	if err != nil {
		return err
	}
	address := cfg.DatabaseURL
	if address == "" || cmd.Flags().Changed("data") {
		instance, err := up.Attach(data)
		if err != nil {
			return err
		}
		databases, err := instance.Databases()
		if err != nil {
			return err
		}
		if address, err = databases.URL(roles.Owner); err != nil {
			return err
		}
	}
	rows, err := store.New(cmd.Context(), store.Config{URL: address, MaxConns: 1})
	if err != nil {
		return err
	}
	defer rows.Close()
	return do(cmd.Context(), rows)
}
