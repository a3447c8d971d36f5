package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

// meets says whom a walled service may share a network with; everybody else would be able to knock at its door, or it at theirs.
var meets = map[string][]string{
	// The server hands reports over, the stream takes them, Prometheus counts. Neither a database nor identity.
	"anonymizer": {"server", "nats-1", "nats-2", "nats-3", "prometheus"},
	// The server asks who somebody is, the database keeps it, migrate makes the tables, Prometheus counts.
	"identity": {"server", "notifier", "postgres", "migrate", "prometheus"},
}

// runtimeVariables are read by the Go runtime in our programs, not by our code.
var runtimeVariables = map[string]bool{"GOMEMLIMIT": true, "GOGC": true}

// unhealthy services have no health check, each for its reason.
var unhealthy = map[string]string{
	"migrate":        "runs once and ends",
	"otel-collector": "its image holds no program that could ask; Prometheus sees whether it answers",
}

// check returns what is wrong, a sentence each, sorted.
func (d *deployment) check(ctx context.Context, known known) []string {
	var problems []string
	say := func(format string, arguments ...any) { problems = append(problems, fmt.Sprintf(format, arguments...)) }
	for _, service := range d.project.Services {
		d.checkRights(service, say)
		d.checkFiles(service, say)
		if service.Image == "" || !strings.Contains(service.Image, ":") || strings.HasSuffix(service.Image, ":latest") {
			say("%s: the image %q names no version", service.Name, service.Image)
		}
		if service.Build != nil {
			d.checkOurs(ctx, service, known, say)
		}
	}
	d.checkUse(say)
	d.checkWalls(say)
	d.checkPeers("prometheus", d.scraped, say)
	d.checkPeers("traefik", d.routed, say)
	d.checkSecrets(ctx, say)
	d.checkStream(known, say)
	d.checkMetrics(known, say)
	sort.Strings(problems)
	return problems
}

type sayer func(format string, arguments ...any)

// checkRights: nobody may do more than it needs, eat the machine, or be ill unseen.
func (d *deployment) checkRights(service types.ServiceConfig, say sayer) {
	if !service.ReadOnly {
		say("%s: the root file system can be written to", service.Name)
	}
	if !slices.Equal(service.CapDrop, []string{"ALL"}) || len(service.CapAdd) > 0 || service.Privileged {
		say("%s: keeps capabilities", service.Name)
	}
	if !slices.Contains(service.SecurityOpt, "no-new-privileges:true") {
		say("%s: may gain privileges", service.Name)
	}
	if service.Deploy == nil || service.Deploy.Resources.Limits == nil || service.Deploy.Resources.Limits.MemoryBytes == 0 {
		say("%s: has no limit of memory", service.Name)
	}
	_, excused := unhealthy[service.Name]
	if checked := service.HealthCheck != nil && !service.HealthCheck.Disable; checked == excused {
		say("%s: has a health check: %v, and an excuse for having none: %v", service.Name, checked, excused)
	}
}

// checkFiles: what is mounted from the checkout is there.
func (d *deployment) checkFiles(service types.ServiceConfig, say sayer) {
	for _, volume := range service.Volumes {
		if volume.Type != types.VolumeTypeBind {
			continue
		}
		if _, err := os.Stat(volume.Source); err != nil {
			say("%s: mounts %s, which is not there", service.Name, volume.Source)
		}
		if !volume.ReadOnly {
			say("%s: may write to %s", service.Name, volume.Source)
		}
	}
}

// checkOurs: the program, its command, its health check and its variables exist.
func (d *deployment) checkOurs(ctx context.Context, service types.ServiceConfig, known known, say sayer) {
	program, ok := known.programs[service.Build.Target]
	if !ok {
		say("%s: the Dockerfile has no target %q that starts a program", service.Name, service.Build.Target)
		return
	}
	commands := [][]string{service.Command}
	if health := service.HealthCheck; health != nil && !health.Disable {
		if len(health.Test) < 2 || health.Test[0] != "CMD" || health.Test[1] != "/"+program {
			say("%s: the health check %q does not ask /%s, and its image holds no other program", service.Name, health.Test, program)
		} else {
			commands = append(commands, health.Test[2:])
		}
	}
	for _, command := range commands {
		if reason := commandMissing(ctx, known, program, command); reason != "" {
			say("%s: `%s %s`: %s", service.Name, program, strings.Join(command, " "), reason)
		}
	}
	for name, value := range service.Environment {
		if !known.variables[name] && !runtimeVariables[name] {
			say("%s: no program reads the variable %s", service.Name, name)
		}
		if value != nil && strings.Contains(*value, "://") && strings.Contains(*value, "@") {
			say("%s: %s holds a password; use %s_FILE and a secret", service.Name, name, name)
		}
		if name == trace.EnvEndpoint && value != nil {
			d.checkPeers(service.Name, []string{host(*value)}, say)
		}
		d.checkSecretPath(service, name, value, say)
	}
}

// checkSecretPath: a variable that points to a secret points to one that the service has.
func (d *deployment) checkSecretPath(service types.ServiceConfig, name string, value *string, say sayer) {
	if value == nil || !strings.HasPrefix(*value, "/run/secrets/") {
		return
	}
	for _, secret := range service.Secrets {
		if secret.Target == *value || secret.Target == "" && "/run/secrets/"+secret.Source == *value {
			return
		}
	}
	say("%s: %s points to %s, a secret that it is not given", service.Name, name, *value)
}

// commandMissing says why program has no such command; empty: it has.
func commandMissing(ctx context.Context, known known, program string, command []string) string {
	for n, word := range command {
		follow, err := known.next(ctx, program, command[:n]...)
		if err != nil {
			return fmt.Sprintf("it does not tell its commands: %v", err)
		}
		if !slices.Contains(follow, word) {
			return fmt.Sprintf("it has no %q there", word)
		}
	}
	return ""
}

// checkUse: nothing is declared that nobody uses, and nobody falls onto the network that everybody shares.
func (d *deployment) checkUse(say sayer) {
	networks, volumes, secrets := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, service := range d.project.Services {
		for name := range service.Networks {
			networks[name] = true
		}
		for _, volume := range service.Volumes {
			volumes[volume.Source] = true
		}
		for _, secret := range service.Secrets {
			secrets[secret.Source] = true
		}
	}
	for name := range d.project.Networks {
		if name == "default" {
			say("a service names no network, and lands on the one that all share")
		} else if !networks[name] {
			say("network %s: nobody uses it", name)
		}
	}
	for name := range d.project.Volumes {
		if !volumes[name] {
			say("volume %s: nobody uses it", name)
		}
	}
	for name := range d.project.Secrets {
		if !secrets[name] {
			say("secret %s: nobody uses it", name)
		}
	}
}

// checkWalls: a walled service shares networks with those it must speak to alone, and has no way out of the machine.
func (d *deployment) checkWalls(say sayer) {
	for walled, allowed := range meets {
		service, err := d.project.GetService(walled)
		if err != nil {
			say("%s: not in docker-compose.yml", walled)
			continue
		}
		for name := range service.Networks {
			if !d.project.Networks[name].Internal {
				say("%s: network %s leads out of the machine", walled, name)
			}
		}
		for _, other := range d.project.Services {
			if other.Name != walled && !slices.Contains(allowed, other.Name) && d.meet(service, other) {
				say("%s shares a network with %s", walled, other.Name)
			}
		}
	}
}

// checkPeers: those that a service is configured to call exist and can be reached.
func (d *deployment) checkPeers(caller string, peers []string, say sayer) {
	from, err := d.project.GetService(caller)
	if err != nil {
		say("%s: not in docker-compose.yml", caller)
		return
	}
	for _, name := range peers {
		if name == "127.0.0.1" {
			continue
		}
		to, err := d.project.GetService(name)
		if err != nil {
			say("%s calls %s, which is not in docker-compose.yml", caller, name)
		} else if !d.meet(from, to) {
			say("%s calls %s, and shares no network with it", caller, name)
		}
	}
}

func (d *deployment) meet(a, b types.ServiceConfig) bool {
	for name := range a.Networks {
		if _, ok := b.Networks[name]; ok {
			return true
		}
	}
	return false
}

// checkMetrics: what the dashboards show is counted somewhere.
func (d *deployment) checkMetrics(known known, say sayer) {
	if len(d.metrics) == 0 {
		say("the dashboards show no metric of ours")
	}
	for _, name := range d.metrics {
		base := name
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			base = strings.TrimSuffix(base, suffix)
		}
		if !known.metrics[name] && !known.metrics[base] {
			say("a dashboard shows %s, which nothing counts", name)
		}
	}
}
