package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// load is a closed loop: each client has one connection, and sends the next request when the answer to the last is there.
type load struct {
	address string
	clients int
	// request returns the bytes of the next HTTP request of a client; it may use them again afterwards.
	request func(client, number int) []byte
}

// outcome is what a round of load was answered.
type outcome struct {
	answered  int
	failed    int
	failure   string // one of them
	elapsed   time.Duration
	latencies []time.Duration
}

// run loads for the time given and ends by itself.
func (l load) run(ctx context.Context, duration time.Duration) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	outcomes := make([]outcome, l.clients)
	errs := make([]error, l.clients)
	begun := time.Now()
	var clients sync.WaitGroup
	for client := range l.clients {
		clients.Go(func() { outcomes[client], errs[client] = l.client(ctx, client) })
	}
	clients.Wait()
	all := outcome{elapsed: time.Since(begun)}
	for client, one := range outcomes {
		if errs[client] != nil {
			return outcome{}, errs[client]
		}
		all.answered += one.answered
		all.failed += one.failed
		all.latencies = append(all.latencies, one.latencies...)
		if one.failure != "" {
			all.failure = one.failure
		}
	}
	return all, nil
}

func (l load) client(ctx context.Context, client int) (outcome, error) {
	conn, err := dial(l.address)
	if err != nil {
		return outcome{}, err
	}
	defer conn.close()
	var o outcome
	for number := 0; ctx.Err() == nil; number++ {
		request := l.request(client, number)
		begun := time.Now()
		status, body, err := conn.ask(request)
		if err != nil {
			return o, err
		}
		o.latencies = append(o.latencies, time.Since(begun))
		if good(status, body) {
			o.answered++
		} else {
			o.failed++
			o.failure = fmt.Sprintf("%d %.300s", status, body)
		}
	}
	return o, nil
}

// quantile sorts the times.
func quantile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(int(float64(len(times))*q), len(times)-1)]
}
