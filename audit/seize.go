package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// metricsAndProcesses is what the programs show of themselves.
func (c *city) metricsAndProcesses() ([]evidence, error) {
	response, err := http.Get(c.metrics + "/metrics")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	metrics, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	all := []evidence{said("metrics", "/metrics", reportSide, true, metrics)}
	processes, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	for _, process := range processes {
		for _, file := range []string{"cmdline", "environ"} {
			content, err := os.ReadFile(filepath.Join("/proc", process.Name(), file))
			if err == nil && bytes.Contains(content, []byte(c.place)) {
				all = append(all, said("command lines and environments", process.Name()+"/"+file, reportSide, true, content))
			}
		}
	}
	return all, nil
}

// disk is what is left when the city has stopped.
func (c *city) disk() ([]evidence, error) {
	all := []evidence{
		said("logs", "standard error", reportSide, true, c.log.bytes()),
		said("traces", "spans", reportSide, true, c.spans.bytes()),
	}
	for _, part := range []struct {
		kind, dir string
		side      side
		anonymous bool
	}{
		{"raw files of the databases, with their log of changes", filepath.Join("data", "postgres"), bothSides, false},
		{"raw files of the streams", filepath.Join("data", "nats"), reportSide, true},
		{"raw blobs", filepath.Join("data", "blobs"), reportSide, true},
		{"keys and passwords", filepath.Join("data", "secrets"), reportSide, true},
		{"temporary files", "tmp", reportSide, true},
	} {
		found, err := files(part.kind, filepath.Join(c.place, part.dir), part.side, part.anonymous)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
