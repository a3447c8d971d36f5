// Command check proves, without a container engine, that docker-compose.yml and what it mounts hold together: the file resolves,
// every command, variable, file, secret, network and metric in it exists, and the walls between the services stand.
//
//	go run ./deploy/check -bin bin
//
// It prints one line for each thing that is wrong, and exits 1 when there is any. It needs our built programs, and asks them which
// commands they have.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "compose-check:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	root := flags.String("root", ".", "the checkout")
	bin := flags.String("bin", "bin", "directory of the built programs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	known, err := gather(*root, *bin)
	if err != nil {
		return err
	}
	deployment, err := read(ctx, *root)
	if err != nil {
		return err
	}
	problems := deployment.check(ctx, known)
	for _, problem := range problems {
		fmt.Fprintln(stdout, problem)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d problems in docker-compose.yml and deploy/", len(problems))
	}
	fmt.Fprintf(stdout, "docker-compose.yml: %d services, %d networks, %d secrets, %d metrics on the dashboards: all of it exists\n",
		len(deployment.project.Services), len(deployment.project.Networks), len(deployment.project.Secrets), len(deployment.metrics))
	return nil
}
