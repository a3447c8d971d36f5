package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jagawarga/jagawarga/migrations/roles"
)

// exporting is how the measurement of files is called.
const exporting = figured + ": exports"

const (
	// mostGrowth is by how much writing a file may let the server's memory grow, whatever the number of reports.
	mostGrowth = 96 << 20
	// enough of a file to be in the middle of it, and more than buffers hold on the way.
	enough = 8 << 20
)

// exported is one file of all reports.
type exported struct {
	name         string
	lines        int // or features
	bytes        int64
	took         time.Duration
	processor    time.Duration
	before, most int64 // the server's memory
}

// exports fetches all reports as files and holds them against the figures, and the server's memory against its bound. A file that is broken
// off in the middle has to end with an error.
func (b *bench) exports(ctx context.Context, stdout io.Writer) error {
	mayor, err := b.countUp(ctx)
	if err != nil {
		return err
	}
	var data struct {
		Analytics struct {
			Total              int
			CsvURL, GeoJSONURL string
		}
	}
	now := time.Now().UTC()
	query := fmt.Sprintf("{ analytics(from: %q, to: %q) { total csvUrl geoJsonUrl } }", now.AddDate(-3, 0, 0).Format(time.RFC3339), now.Format(time.RFC3339))
	if err := askAs(ctx, b.ours.address, mayor, operation{Query: query}, &data); err != nil {
		return err
	}
	var files []*exported
	for _, file := range []struct {
		name, url string
		count     func(io.Reader) (reports, lines int, err error)
	}{{"CSV", data.Analytics.CsvURL, countCSV}, {"GeoJSON", data.Analytics.GeoJSONURL, countGeoJSON}} {
		e := &exported{name: file.name}
		reports, err := b.export(ctx, e, file.url, file.count)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", file.name, err)
		case reports != data.Analytics.Total:
			return fmt.Errorf("%s holds %d reports of %d", file.name, reports, data.Analytics.Total)
		case e.most-e.before > mostGrowth:
			return fmt.Errorf("%s took %d MB of memory", file.name, (e.most-e.before)>>20)
		}
		files = append(files, e)
		if e.bytes < 2*enough {
			continue // it would be on its way before anything could break it off
		}
		if err := b.breakOff(ctx, file.url, file.count); err != nil {
			return fmt.Errorf("%s, broken off: %w", file.name, err)
		}
	}
	fmt.Fprintf(stdout, "\n| file | lines | MB | s | lines per second | server CPU s | server memory before, MB | at most, MB |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, e := range files {
		fmt.Fprintf(stdout, "| %s | %d | %d | %.1f | %.0f | %.1f | %d | %d |\n", e.name, e.lines, e.bytes>>20, e.took.Seconds(), float64(e.lines)/e.took.Seconds(),
			e.processor.Seconds(), e.before>>20, e.most>>20)
	}
	return nil
}

// export fetches one file and watches the server meanwhile.
func (b *bench) export(ctx context.Context, e *exported, url string, count func(io.Reader) (reports, lines int, err error)) (reports int, err error) {
	if err := b.settle(ctx); err != nil {
		return 0, err
	}
	if e.before, err = resident(b.ours.pid); err != nil {
		return 0, err
	}
	before, err := b.meter(b.ours)
	if err != nil {
		return 0, err
	}
	watching, stop := context.WithCancel(ctx)
	most := make(chan int64)
	go func() { most <- mostResident(watching, b.ours.pid) }()
	began := time.Now()
	body := &counted{}
	if err = body.fetch(ctx, "http://"+b.ours.address+url); err == nil {
		reports, e.lines, err = count(body)
		body.Close()
	}
	e.took, e.bytes = time.Since(began), body.bytes.Load()
	stop()
	e.most = <-most
	after, failed := b.meter(b.ours)
	e.processor = after.since(before).server
	return reports, errors.Join(err, failed)
}

// breakOff takes the database away from the server while a file is written, until the client notices.
func (b *bench) breakOff(ctx context.Context, url string, count func(io.Reader) (reports, lines int, err error)) error {
	super, err := b.superuser(ctx)
	if err != nil {
		return err
	}
	defer super.Close()
	body := &counted{}
	if err := body.fetch(ctx, "http://"+b.ours.address+url); err != nil {
		return err
	}
	defer body.Close()
	breaking, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for breaking.Err() == nil {
			if body.bytes.Load() > enough {
				_, _ = super.Exec(breaking, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", roles.Server)
			}
			time.Sleep(time.Millisecond)
		}
	}()
	reports, _, err := count(body)
	stop()
	<-done
	if err == nil {
		return fmt.Errorf("a file of %d reports looks whole", reports)
	}
	b.say("a file that was broken off after %d MB ends with: %v", body.bytes.Load()>>20, err)
	return nil
}

// mostResident is the most memory that a process has until ctx ends.
func mostResident(ctx context.Context, pid int) (most int64) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if now, err := resident(pid); err == nil {
			most = max(most, now)
		}
		select {
		case <-ctx.Done():
			return most
		case <-tick.C:
		}
	}
}

// counted is a body whose bytes are counted.
type counted struct {
	io.ReadCloser
	bytes atomic.Int64
}

func (c *counted) fetch(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	c.ReadCloser = response.Body
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

func (c *counted) Read(into []byte) (int, error) {
	n, err := c.ReadCloser.Read(into)
	c.bytes.Add(int64(n))
	return n, err
}

func countCSV(body io.Reader) (reports, lines int, err error) {
	reader := csv.NewReader(body)
	reader.ReuseRecord = true
	for {
		line, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			return reports, lines, nil
		case err != nil:
			return reports, lines, err
		case strings.HasSuffix(line[0], "count"):
			continue // the names of the columns
		}
		n, err := strconv.Atoi(line[0])
		if err != nil {
			return reports, lines, err
		}
		reports, lines = reports+n, lines+1
	}
}

func countGeoJSON(body io.Reader) (reports, lines int, err error) {
	decoder := json.NewDecoder(body)
	for range 5 { // { "type" "FeatureCollection" "features" [
		if _, err := decoder.Token(); err != nil {
			return 0, 0, err
		}
	}
	for decoder.More() {
		var feature struct{ Properties struct{ Count int } }
		if err := decoder.Decode(&feature); err != nil {
			return reports, lines, err
		}
		reports, lines = reports+feature.Properties.Count, lines+1
	}
	for _, want := range []string{"]", "}"} {
		if token, err := decoder.Token(); err != nil || fmt.Sprint(token) != want {
			return reports, lines, fmt.Errorf("no end: %v, %v", token, err)
		}
	}
	return reports, lines, nil
}
