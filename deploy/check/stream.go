package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

var (
	shellExport = regexp.MustCompile(`(?m)^export ((?:.*\\\n)*.*)`)
	fromShell   = regexp.MustCompile(`\$(NATS_[A-Z0-9_]+)`)
)

// checkStream: the configuration of the NATS nodes is one that the server itself accepts, keeps what is acknowledged, and locks
// every door; and the nodes run the version that we test with.
func (d *deployment) checkStream(known known, say sayer) {
	for _, name := range []string{"nats-1", "nats-2", "nats-3"} {
		if service := d.project.Services[name]; !strings.HasPrefix(service.Image, "nats:"+known.natsVersion+"-") {
			say("%s: runs %s, and go.mod says NATS %s", name, service.Image, known.natsVersion)
		}
	}
	options, err := d.streamOptions(say)
	if err != nil {
		say("deploy/nats/nats.conf: %v", err)
		return
	}
	if !options.SyncAlways {
		say("deploy/nats/nats.conf: acknowledged messages may be lost: sync_interval is not always")
	}
	if options.JetStreamKey == "" {
		say("deploy/nats/nats.conf: the store is not encrypted")
	}
	if options.Cluster.Username == "" {
		say("deploy/nats/nats.conf: anybody may join the cluster")
	}
	if len(options.Users) == 0 {
		say("deploy/nats/nats.conf: anybody may connect")
	}
	for _, user := range options.Users {
		if user.Username != "admin" && (user.Permissions == nil || user.Permissions.Publish == nil || user.Permissions.Subscribe == nil) {
			say("deploy/nats/nats.conf: user %s may say or hear everything", user.Username)
		}
	}
}

// streamOptions reads the configuration of the first node as its container sees it, with the environment that deploy/nats/start
// gives it, but with values of no worth.
func (d *deployment) streamOptions(say sayer) (*server.Options, error) {
	folder, err := os.MkdirTemp("", "nats")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	contents := map[string]string{}
	for _, volume := range d.project.Services["nats-1"].Volumes {
		name, ok := strings.CutPrefix(volume.Target, "/etc/nats/")
		if !ok {
			continue
		}
		content, err := os.ReadFile(volume.Source)
		if err != nil {
			return nil, err
		}
		contents[name] = string(content)
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return nil, err
		}
	}
	exported := map[string]bool{}
	for _, match := range shellExport.FindAllStringSubmatch(contents["start"], -1) {
		for name := range strings.FieldsSeq(strings.ReplaceAll(match[1], "\\\n", " ")) {
			exported[name] = true
		}
	}
	for _, match := range fromShell.FindAllStringSubmatch(contents["nats.conf"]+contents["accounts.conf"], -1) {
		if !exported[match[1]] {
			say("deploy/nats/start does not set $%s", match[1])
		}
		if err := os.Setenv(match[1], worthless(match[1])); err != nil {
			return nil, err
		}
	}
	return server.ProcessConfigFile(filepath.Join(folder, "nats.conf"))
}

// worthless is a value of the right form.
func worthless(variable string) string {
	if strings.HasPrefix(variable, "NATS_ROUTE_") && variable != "NATS_ROUTE_PASSWORD" {
		return "'nats://route:p@127.0.0.1:1'"
	}
	return "p-" + strings.ToLower(variable)
}
