package anonymizer_test

import (
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

// A reply goes through the same scrubber as a report, stays within its limit, and leaves nothing behind.
func TestAReplyIsScrubbed(t *testing.T) {
	t.Parallel()
	f := open(t)
	preview, err := f.client.Preview(t.Context(), civic.NewRaw("Nama saya Siti Rahayu, HP 0812-8522-6035. Petugas Joko minta Rp50.000 di Jalan Riau."), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := f.client.Scrub(t.Context(), civic.NewRaw("Nama saya Siti Rahayu, HP 0812-8522-6035. Petugas Joko minta Rp50.000 di Jalan Riau."))
	if err != nil || text != preview.Text || strings.Contains(text, "Rahayu") || strings.Contains(text, "8522") || !strings.Contains(text, "Petugas Joko minta Rp50.000 di Jalan Riau") {
		t.Errorf("%q, %v; a report would read %q", text, err, preview.Text)
	}
	long := strings.Repeat("a@b.id ", civic.MaxComment/7)
	if text, err = f.client.Scrub(t.Context(), civic.NewRaw(long)); err != nil || len([]rune(text)) > civic.MaxComment || strings.Contains(text, "@") {
		t.Errorf("%d code points, %v", len([]rune(text)), err)
	}
	if _, err := f.client.Scrub(t.Context(), civic.NewRaw(strings.Repeat("a", civic.MaxComment+1))); err == nil || strings.Contains(err.Error(), "aaa") {
		t.Errorf("a text that is too long: %v", err)
	}
	if strings.Contains(f.log.String(), "Rahayu") {
		t.Error("it is in the log")
	}
}
