package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	readers    = 16 // clients that ask
	submitters = 64 // clients that report
	warmUp     = time.Second
)

// task is one thing that both systems are asked to do, request by request.
type task struct {
	name      string
	clients   int
	raw, ours func(client, number int) []byte
}

func (b *bench) tasks() []task {
	rawFeed, ourFeed := get("/feed"), post("/graphql", "", operation{Query: feedQuery}.encode())
	var rawOne, ourOne [][]byte
	for _, number := range b.numbers {
		rawOne = append(rawOne, get("/report?number="+number))
		ourOne = append(ourOne, post("/graphql", "", operation{Query: reportQuery, Variables: map[string]any{"number": number}}.encode()))
	}
	same := func(request []byte) func(int, int) []byte {
		return func(int, int) []byte { return request }
	}
	oneOf := func(requests [][]byte) func(int, int) []byte {
		return func(client, number int) []byte { return requests[(client*61+number)%len(requests)] }
	}
	var serial atomic.Int64
	newTitle := func() string { return "Lampu jalan padam di gang " + strconv.FormatInt(serial.Add(1), 10) }
	return []task{
		{"feed page of 20", readers, same(rawFeed), same(ourFeed)},
		{"the same, raw joining names in SQL", readers, same(get("/joined")), same(ourFeed)},
		{"one report", readers, oneOf(rawOne), oneOf(ourOne)},
		{fmt.Sprintf("submit, %d clients", submitters), submitters,
			func(int, int) []byte { return post("/report", "", rawSubmission(newTitle())) },
			func(client, _ int) []byte {
				return post("/graphql", b.tokens[client%len(b.tokens)], submission(newTitle()).encode())
			}},
	}
}

// rawSubmission says to the baseline what submission says to ours.
func rawSubmission(title string) []byte {
	body, err := json.Marshal(submission(title).Variables["input"])
	if err != nil {
		panic(err) // it is a map of strings
	}
	return body
}

// measure takes every measurement whose name holds only, in turns: raw and ours right after one another, and each first as often
// as the other.
func (b *bench) measure(ctx context.Context, rounds int, duration time.Duration, watchers int, only string) ([]*pair, error) {
	var pairs []*pair
	// The watchers come first: what they weigh shows best in processes that have done little else.
	if p := (&pair{task: fmt.Sprintf("%d watchers, %d events a second (heard)", watchers, eventRate)}); strings.Contains(p.task, only) {
		err := inTurns(rounds,
			func() error { return b.watch(ctx, &p.raw, b.rawStage(), watchers, duration) },
			func() error { return b.watch(ctx, &p.ours, b.ourStage(), watchers, duration) })
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.task, err)
		}
		pairs = append(pairs, p)
	}
	tasks := b.tasks()
	if concerns(figured, only) {
		figures, err := b.figureTasks(ctx)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, figures...)
	}
	votesAreExact := func(context.Context) error { return nil }
	if concerns(voting, only) {
		votes, check, err := b.voteTask(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", voting, err)
		}
		tasks, votesAreExact = append(tasks, votes), check
	}
	for _, task := range tasks {
		if !strings.Contains(task.name, only) {
			continue
		}
		p := &pair{task: task.name}
		err := inTurns(rounds,
			func() error {
				return b.round(ctx, &p.raw, b.raw, load{b.raw.address, task.clients, task.raw}, duration)
			},
			func() error {
				return b.round(ctx, &p.ours, b.ours, load{b.ours.address, task.clients, task.ours}, duration)
			})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", task.name, err)
		}
		b.say("%s: raw %.0f/s, ours %.0f/s", task.name, p.raw.rate(), p.ours.rate())
		pairs = append(pairs, p)
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("no measurement has %q in its name", only)
	}
	return pairs, votesAreExact(ctx)
}

// concerns says whether any measurement whose name begins with part may be meant.
func concerns(part, only string) bool {
	return strings.Contains(part, only) || strings.HasPrefix(only, part)
}

func inTurns(rounds int, first, second func() error) error {
	for range rounds {
		if err := first(); err != nil {
			return err
		}
		if err := second(); err != nil {
			return err
		}
		first, second = second, first
	}
	return nil
}

// round lets the machine come to rest, warms up, and measures once.
func (b *bench) round(ctx context.Context, into *result, on *server, l load, duration time.Duration) error {
	if err := b.settle(ctx); err != nil {
		return err
	}
	if _, err := l.run(ctx, warmUp); err != nil {
		return err
	}
	before, err := b.meter(on)
	if err != nil {
		return err
	}
	outcome, err := l.run(ctx, duration)
	if err != nil {
		return err
	}
	if outcome.failed > 0 {
		return fmt.Errorf("%d of %d requests failed, one with %s", outcome.failed, outcome.failed+outcome.answered, outcome.failure)
	}
	// What was put off is part of the work: rows still to be written, events still to be sent.
	if err := b.settle(ctx); err != nil {
		return err
	}
	after, err := b.meter(on)
	if err != nil {
		return err
	}
	into.add(outcome.answered, outcome.elapsed, after.since(before), outcome.latencies)
	return nil
}
