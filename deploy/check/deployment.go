package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"
)

// deployment is docker-compose.yml with everything that it mounts.
type deployment struct {
	root    string
	project *types.Project
	// metrics are the names that the dashboards ask for.
	metrics []string
	// scraped are the hosts that Prometheus asks.
	scraped []string
	// routed are the hosts that the gateway sends requests to.
	routed []string
}

// read resolves the compose file the way the engine does, and what it mounts. It fails where one does not parse.
func read(ctx context.Context, root string) (*deployment, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	project, err := loader.LoadWithContext(ctx, types.ConfigDetails{
		WorkingDir:  root,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(root, "docker-compose.yml")}},
	})
	if err != nil {
		return nil, fmt.Errorf("docker-compose.yml does not resolve: %w", err)
	}
	d := &deployment{root: root, project: project}
	for _, step := range []func() error{d.readDashboards, d.readScrapes, d.readRoutes, d.readOthers} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// ourMetric finds the metrics of ours that an expression names.
var ourMetric = regexp.MustCompile(`\bjagawarga_[a-z0-9_]+`)

func (d *deployment) readDashboards() error {
	files, err := filepath.Glob(filepath.Join(d.root, "deploy/grafana/dashboards/*.json"))
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var dashboard struct {
			Panels []struct {
				Targets []struct{ Expr string }
			}
		}
		if err := json.Unmarshal(content, &dashboard); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, panel := range dashboard.Panels {
			for _, target := range panel.Targets {
				for _, name := range ourMetric.FindAllString(target.Expr, -1) {
					if !seen[name] {
						seen[name] = true
						d.metrics = append(d.metrics, name)
					}
				}
			}
		}
	}
	return nil
}

func (d *deployment) readScrapes() error {
	var config struct {
		ScrapeConfigs []struct {
			DNS []struct {
				Names []string
			} `yaml:"dns_sd_configs"`
			Static []struct {
				Targets []string
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := d.readYAML("deploy/prometheus/prometheus.yml", &config); err != nil {
		return err
	}
	for _, scrape := range config.ScrapeConfigs {
		for _, dns := range scrape.DNS {
			d.scraped = append(d.scraped, dns.Names...)
		}
		for _, static := range scrape.Static {
			for _, target := range static.Targets {
				d.scraped = append(d.scraped, host(target))
			}
		}
	}
	return nil
}

func (d *deployment) readRoutes() error {
	var config struct {
		HTTP struct {
			Routers map[string]struct {
				Service string
			}
			Services map[string]struct {
				LoadBalancer struct {
					Servers []struct{ URL string }
				} `yaml:"loadBalancer"`
			}
		} `yaml:"http"`
	}
	if err := d.readYAML("deploy/traefik/routes.yml", &config); err != nil {
		return err
	}
	for name, router := range config.HTTP.Routers {
		if _, ok := config.HTTP.Services[router.Service]; !ok {
			return fmt.Errorf("deploy/traefik/routes.yml: router %s leads to service %q, which is not there", name, router.Service)
		}
	}
	for _, service := range config.HTTP.Services {
		for _, server := range service.LoadBalancer.Servers {
			d.routed = append(d.routed, host(server.URL))
		}
	}
	return nil
}

// readOthers makes sure of the files that are only to parse.
func (d *deployment) readOthers() error {
	for _, file := range []string{
		"deploy/traefik/traefik.yml", "deploy/otel/collector.yml", "deploy/grafana/datasources.yml", "deploy/grafana/dashboards.yml",
	} {
		var anything map[string]any
		if err := d.readYAML(file, &anything); err != nil {
			return err
		}
	}
	return nil
}

func (d *deployment) readYAML(file string, into any) error {
	content, err := os.ReadFile(filepath.Join(d.root, file))
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

var hostOf = regexp.MustCompile(`^(?:[a-z]+://)?([^:/]+)`)

// host is the host of a URL or of host:port.
func host(address string) string {
	if match := hostOf.FindStringSubmatch(address); match != nil {
		return match[1]
	}
	return ""
}
