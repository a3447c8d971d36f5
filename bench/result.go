package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// result adds up the rounds of one system at one task.
type result struct {
	count     int // requests answered, or events heard by a watcher
	elapsed   time.Duration
	server    time.Duration // processor time
	database  time.Duration // processor time
	latencies []time.Duration
	// memory is bytes per watcher, one for each round. The first round tells most: later ones find room that was taken before.
	memory []int64
}

func (r *result) add(count int, elapsed time.Duration, used reading, latencies []time.Duration) {
	r.count += count
	r.elapsed += elapsed
	r.server += used.server
	r.database += used.database
	r.latencies = append(r.latencies, latencies...)
}

func (r *result) rate() float64 { return float64(r.count) / r.elapsed.Seconds() }

// perThousand is processor seconds for a thousand.
func (r *result) perThousand(used time.Duration) float64 {
	return used.Seconds() * 1000 / float64(r.count)
}

// pair is one task, done by both.
type pair struct {
	task      string
	raw, ours result
}

// write prints the results as a Markdown table.
func write(w io.Writer, pairs []*pair, about string) {
	fmt.Fprintf(w, "%s, %d processors shared by server, database and load, %s\n\n", about, runtime.NumCPU(), runtime.Version())
	fmt.Fprintln(w, "| task | system | per second | ours / raw | server CPU s per 1,000 | ours / raw | database CPU s per 1,000 | p50 ms | p95 ms | bytes per watcher |")
	fmt.Fprintln(w, "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	for _, p := range pairs {
		for _, one := range []struct {
			system string
			result *result
			// Of ours to raw: how much of the rate is left, and how many times the processor time it takes.
			rate, processor string
		}{
			{"raw", &p.raw, "", ""},
			{"ours", &p.ours, fmt.Sprintf("%.2f", p.ours.rate()/p.raw.rate()),
				fmt.Sprintf("%.1f", p.ours.perThousand(p.ours.server)/p.raw.perThousand(p.raw.server))},
		} {
			r := one.result
			memory := ""
			if len(r.memory) > 0 {
				memory = fmt.Sprint(slices.Max(r.memory))
			}
			half, most := "", ""
			if len(r.latencies) > 0 {
				half = fmt.Sprintf("%.2f", milliseconds(quantile(r.latencies, 0.5)))
				most = fmt.Sprintf("%.2f", milliseconds(quantile(r.latencies, 0.95)))
			}
			fmt.Fprintf(w, "| %s | %s | %.0f | %s | %.3f | %s | %.3f | %s | %s | %s |\n", p.task, one.system, r.rate(), one.rate,
				r.perThousand(r.server), one.processor, r.perThousand(r.database), half, most, memory)
		}
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
