package scrub_test

import (
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
)

// ordinary gives reports as they come in: those of the corpus, of which a good third hold nothing that identifies.
func ordinary(b *testing.B, clean bool) (texts []string, size int) {
	for _, a := range examples(b) {
		if !clean || len(a.Remove) == 0 {
			texts, size = append(texts, a.Text), size+len(a.Text)
		}
	}
	return texts, size
}

// processor is the time that this process had a processor: what a busy machine does besides stays out of the figure.
func processor() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func throughput(b *testing.B, clean bool, scrubOne func(string)) float64 {
	texts, size := ordinary(b, clean)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	start := processor()
	for b.Loop() {
		for _, text := range texts {
			scrubOne(text)
		}
	}
	rate := float64(b.N) * float64(size) / 1e6 / (processor() - start).Seconds()
	b.ReportMetric(rate, "cpu-MB/s")
	return rate
}

// BenchmarkScrub measures the scrubber and, beside it on the same machine in the same minute, what three regular expressions of the
// standard library (telephone, citizen number, mail address) do to the same texts.
func BenchmarkScrub(b *testing.B) {
	scrubOne := func(text string) { scrubber.Scrub(text, nil) }
	b.Run("reports", func(b *testing.B) { throughput(b, false, scrubOne) })
	b.Run("reports without identifiers", func(b *testing.B) { throughput(b, true, scrubOne) })
	patterns := []*regexp.Regexp{
		regexp.MustCompile(`(?:\+62|62|0)8[0-9]{1,3}[- .]?[0-9]{3,4}[- .]?[0-9]{3,5}`),
		regexp.MustCompile(`\b[0-9]{16}\b`),
		regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`),
	}
	b.Run("three regexps", func(b *testing.B) {
		throughput(b, false, func(text string) {
			for _, pattern := range patterns {
				text = pattern.ReplaceAllString(text, string(scrub.Phone))
			}
		})
	})
}
