package load

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

const (
	hundred        = 100
	hundredAtOnce  = 10
	insistFor      = 4 * time.Minute
	insistAgain    = 250 * time.Millisecond
	failuresShown  = 3
	reporterPhone  = "0812-3456-7890" // invented; must not be there any more when the report is found
	anonymousTitle = "Pungutan liar di loket pelayanan"
	anonymousBody  = "Petugas loket meminta Rp50.000 di luar tarif resmi untuk setiap berkas, sejak awal bulan ini. " +
		"Hubungi saya di " + reporterPhone + " bila perlu keterangan."

	submitAnonymous = `mutation ($input: SubmitAnonymousReportInput!) {
  submitAnonymousReport(input: $input) { receipt number state }
}`
	findAnonymous = `query ($receipt: String!) { anonymousReport(receipt: $receipt) { report { number body } } }`
)

// hundredAnonymous is the founding test of this idea: a verified citizen files without a name, and finds the case again with nothing
// but the receipt.
func hundredAnonymous(ctx context.Context, on *target, out io.Writer) error {
	token, err := on.citizen(ctx)
	if err != nil {
		return err
	}
	var filing, finding latencies
	begun := time.Now()
	failures := inParallel(ctx, hundred, hundredAtOnce, func(ctx context.Context, n int) error {
		return fileAndFind(ctx, on, token, n, &filing, &finding)
	})
	elapsed := time.Since(begun)
	fmt.Fprintf(out, "acknowledged: %s\n", &filing)
	fmt.Fprintf(out, "found again:  %s\n", &finding)
	fmt.Fprintf(out, "rate:         %.0f reports a second filed and found\n", float64(hundred-len(failures))/elapsed.Seconds())
	for _, failure := range failures[:min(len(failures), failuresShown)] {
		fmt.Fprintf(out, "failed:       %v\n", failure)
	}
	result := fmt.Sprintf("%d of %d filed and found", hundred-len(failures), hundred)
	if len(failures) > 0 {
		return errors.New(result)
	}
	fmt.Fprintln(out, "ok", result)
	return nil
}

// fileAndFind files one report and looks for it as a stranger.
func fileAndFind(ctx context.Context, on *target, token string, n int, filing, finding *latencies) error {
	var filed struct {
		SubmitAnonymousReport struct{ Receipt, Number string }
	}
	input := map[string]any{"clientKey": rand.Text(), "title": fmt.Sprintf("%s %d", anonymousTitle, n+1), "body": anonymousBody}
	begun := time.Now()
	err := insist(ctx, func() error { return on.ask(ctx, token, submitAnonymous, map[string]any{"input": input}, &filed) }, "UNAVAILABLE")
	if err != nil {
		return fmt.Errorf("report %d was not acknowledged: %w", n+1, err)
	}
	filing.add(time.Since(begun))
	begun = time.Now()
	number, body, err := find(ctx, on, filed.SubmitAnonymousReport.Receipt)
	switch {
	case err != nil:
		return fmt.Errorf("report %d was not found: %w", n+1, err)
	case number != filed.SubmitAnonymousReport.Number:
		return fmt.Errorf("report %d: its receipt leads to another report", n+1)
	case strings.Contains(body, reporterPhone):
		return fmt.Errorf("report %d still holds the reporter's telephone number", n+1)
	}
	finding.add(time.Since(begun))
	return nil
}

// find asks until the report is stored: one that is queued is not found, and who asks too early looks like a guesser.
func find(ctx context.Context, on *target, receipt string) (number, body string, err error) {
	var found struct {
		AnonymousReport struct {
			Report struct{ Number, Body string }
		}
	}
	err = insist(ctx, func() error { return on.ask(ctx, "", findAnonymous, map[string]any{"receipt": receipt}, &found) },
		"NOT_FOUND", "RATE_LIMITED", "UNAVAILABLE")
	return found.AnonymousReport.Report.Number, found.AnonymousReport.Report.Body, err
}

// insist asks again, as a good client does, while the answer is one of these codes: a system that has too much to do says UNAVAILABLE.
func insist(ctx context.Context, ask func() error, codes ...string) error {
	ctx, cancel := context.WithTimeout(ctx, insistFor)
	defer cancel()
	for {
		err := ask()
		var refused *refusal
		if !errors.As(err, &refused) || !slices.Contains(codes, refused.Code) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(insistAgain):
		}
	}
}
