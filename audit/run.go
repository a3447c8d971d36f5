package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Config says what is audited.
type Config struct {
	Programs string // directory with the programs
	People   int
	Seed     uint64
	Out      io.Writer
}

// Run audits, and returns ErrLinked if anonymity does not hold.
func Run(ctx context.Context, cfg Config) (err error) {
	if cfg.People < minPeople {
		return fmt.Errorf("%d people are too few to hide among or to be told apart from chance: at least %d", cfg.People, minPeople)
	}
	began := time.Now()
	c, err := found(ctx, cfg.Programs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.destroy()) }()
	wires, err := c.listen()
	if err != nil {
		return err
	}
	all, err := c.play(ctx, cfg.People, rand.New(rand.NewPCG(cfg.Seed, 0)))
	if err != nil {
		return fmt.Errorf("the story: %w", err)
	}
	a := &audit{cfg: cfg, cast: all, out: tabwriter.NewWriter(cfg.Out, 0, 0, 2, ' ', 0)}
	if err := a.seize(ctx, c, wires); err != nil {
		return err
	}
	a.search()
	a.searchHashes()
	a.join()
	return a.verdict(time.Since(began))
}

// An audit is what was seized and what came of it.
type audit struct {
	cfg       Config
	cast      *cast
	seized    []evidence
	accounts  *trail
	reports   *trail
	keys      [][]byte
	out       *tabwriter.Writer
	findings  []string // what links
	blindness []string // what should have been found, and was not
}

// links, and whoever is blind proves nothing.
func (a *audit) links(format string, args ...any) {
	a.findings = append(a.findings, fmt.Sprintf(format, args...))
}
func (a *audit) blind(format string, args ...any) {
	a.blindness = append(a.blindness, fmt.Sprintf(format, args...))
}

func (a *audit) seize(ctx context.Context, c *city, wires *wiretap) (err error) {
	if a.seized, err = c.metricsAndProcesses(); err != nil {
		return err
	}
	for _, take := range []func(context.Context) ([]evidence, error){
		wires.evidence,
		func(ctx context.Context) ([]evidence, error) { return a.takeIdentity(ctx, c) },
		func(ctx context.Context) ([]evidence, error) { return a.takeCore(ctx, c) },
		c.openBlobs,
	} {
		taken, err := take(ctx)
		if err != nil {
			return err
		}
		a.seized = append(a.seized, taken...)
	}
	a.listenedTo(wires)
	if err := c.stop(); err != nil {
		return fmt.Errorf("the city ends badly: %w", err)
	}
	disk, err := c.disk()
	a.seized = append(a.seized, disk...)
	return err
}

func (a *audit) takeIdentity(ctx context.Context, c *city) ([]evidence, error) {
	d, err := c.openDatabase(ctx, "identity", "account_id")
	if err != nil {
		return nil, err
	}
	defer d.close(ctx)
	who, err := accountsOf(ctx, d.conn, a.cast.people)
	if err != nil {
		return nil, err
	}
	if a.accounts, err = traceTables(ctx, d.conn, d.tables, who); err != nil {
		return nil, err
	}
	if err := valuesOf(ctx, d.conn, d.tables, who, a.cast.people); err != nil {
		return nil, err
	}
	return d.dump(ctx, "identity database", identitySide)
}

func (a *audit) takeCore(ctx context.Context, c *city) ([]evidence, error) {
	d, err := c.openDatabase(ctx, "core", "report_id")
	if err != nil {
		return nil, err
	}
	defer d.close(ctx)
	who, err := reportsOf(ctx, d.conn, a.cast.people)
	if err != nil {
		return nil, err
	}
	if a.reports, err = traceTables(ctx, d.conn, d.tables, who); err != nil {
		return nil, err
	}
	rows, err := d.dump(ctx, "core database", reportSide)
	if err != nil {
		return nil, err
	}
	anonymous, err := d.anonymousRows(ctx)
	return append(rows, anonymous...), err
}

// listenedTo adds what the wires tell of order and time: exactly when each submission passed.
func (a *audit) listenedTo(wires *wiretap) {
	heard := sequence{by: "submissions as they passed"}
	for _, m := range wires.submissions() {
		for i, p := range a.cast.people {
			if bytes.Contains(m.whole, []byte(p.witness)) {
				heard.people = append(heard.people, i)
				a.reports.instants = append(a.reports.instants, instant{i, m.at})
			}
		}
	}
	a.reports.sequences = append(a.reports.sequences, heard)
	if correlation(a.cast.filing, heard.people) < beyondChance {
		a.blind("submissions were heard in another order than they were sent in")
	}
}

// search looks for every canary in everything. The witnesses, which must be there, are looked for along with them.
func (a *audit) search() {
	var outside, inside []pattern // inside: what an account holds, looked for only where anonymous reports are
	witnesses := map[*canary]bool{}
	for i, p := range a.cast.people {
		for _, c := range p.canaries() {
			outside = append(outside, c.patterns(i)...)
		}
		witness := canary{kind: "witness", value: p.witness}
		witnesses[&witness] = true
		outside = append(outside, pattern{&witness, i, "plain", []byte(p.witness)})
		for _, s := range p.account {
			value := canary{kind: s.kind, value: s.value}
			inside = append(inside, value.patterns(i)...)
		}
	}
	everywhere, nearAnonymous := newFinder(outside), newFinder(inside)
	seen := map[int]bool{}
	told := map[string]bool{}
	fmt.Fprintf(a.out, "searched for %d forms of %d people's canaries\tpieces\tbytes\tfound\n", len(outside)+len(inside), len(a.cast.people))
	for _, kind := range a.kinds() {
		pieces, size, hits := 0, 0, 0
		for _, e := range a.seized {
			if e.kind != kind {
				continue
			}
			data, err := e.read()
			if err != nil {
				a.blind("%s, %s: %v", e.kind, e.name, err)
				continue
			}
			pieces, size = pieces+1, size+len(data)
			if strings.HasPrefix(kind, "keys") {
				a.keys = append(a.keys, keysIn(data)...)
			}
			report := func(p pattern, _ int) {
				if witnesses[p.canary] {
					seen[p.owner] = seen[p.owner] || e.kind == "rows of anonymous reports"
					return
				}
				if p.canary.identityMay && e.side != reportSide {
					return
				}
				hits++
				if where := fmt.Sprintf("%s (%s) is in %s, %s", p.canary.kind, p.encoding, e.kind, e.name); !told[where] {
					told[where] = true
					a.links("%s", where)
				}
			}
			for _, content := range append([][]byte{data}, opened(data)...) {
				everywhere.find(content, report)
				if e.anonymous {
					nearAnonymous.find(content, report)
				}
			}
		}
		fmt.Fprintf(a.out, "  %s\t%d\t%d\t%d\n", kind, pieces, size, hits)
		if pieces == 0 || size == 0 {
			a.blind("there is nothing of %s", kind)
		}
	}
	if len(seen) != len(a.cast.people) {
		a.blind("the witnesses of %d reports were not found", len(a.cast.people)-len(seen))
	}
}

// kinds are the kinds of evidence, in the order in which they were taken.
func (a *audit) kinds() []string {
	var kinds []string
	for _, e := range a.seized {
		if !slices.Contains(kinds, e.kind) {
			kinds = append(kinds, e.kind)
		}
	}
	return kinds
}

// searchHashes looks for what is known of people, hashed in every usual way and with every key that was found.
func (a *audit) searchHashes() {
	var patterns []pattern
	for i, p := range a.cast.people {
		for _, c := range p.known() {
			patterns = append(patterns, c.hashed(i, a.keys)...)
		}
	}
	f, told := newFinder(patterns), map[string]bool{}
	for _, e := range a.seized {
		if e.side != reportSide || strings.HasPrefix(e.kind, "keys") {
			continue
		}
		data, err := e.read()
		if err != nil {
			a.blind("%s, %s: %v", e.kind, e.name, err)
			continue
		}
		f.find(data, func(p pattern, _ int) {
			if where := fmt.Sprintf("a hash of %s (%s) is in %s, %s", p.canary.kind, p.encoding, e.kind, e.name); !told[where] {
				told[where] = true
				a.links("%s", where)
			}
		})
	}
	fmt.Fprintf(a.out, "searched for %d hashes, plain and with %d seized keys\t\t\t%d\n", len(patterns), len(a.keys), len(told))
}

// join tries to put accounts and reports side by side.
func (a *audit) join() {
	compared, alike := joinOrders(a.accounts.sequences, a.reports.sequences)
	fmt.Fprintf(a.out, "compared %d pairs of orders\t\t\t%d\n", compared, len(alike))
	a.findings = append(a.findings, alike...)
	times := exact(a.reports.instants)
	guesses, right, finding := joinTimes(a.accounts.instants, times, len(a.cast.people))
	fmt.Fprintf(a.out, "guessed %d times who it was by when it was (right by chance: %d)\t\t\t%d\n", guesses, guesses/len(a.cast.people), right)
	if finding != "" {
		a.links("%s", finding)
	}
	if compared == 0 || guesses == 0 {
		a.blind("there were no orders or no times to compare")
	}
}

func (a *audit) verdict(took time.Duration) error {
	for _, finding := range a.findings {
		fmt.Fprintf(a.out, "LINKS: %s\n", finding)
	}
	for _, blindness := range a.blindness {
		fmt.Fprintf(a.out, "BLIND: %s\n", blindness)
	}
	word := "nothing links a report to a person"
	if len(a.findings)+len(a.blindness) > 0 {
		word = "FAILED"
	}
	fmt.Fprintf(a.out, "%d anonymous reports, half of them with a token and half signed in: %s (%v)\n", len(a.cast.people), word, took.Round(time.Second))
	if err := a.out.Flush(); err != nil {
		return err
	}
	if word == "FAILED" {
		return ErrLinked
	}
	return nil
}
