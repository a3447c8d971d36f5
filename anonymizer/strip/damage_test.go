package strip_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
	"github.com/jagawarga/jagawarga/civic"
)

// Whatever is cut off or flipped, the answer is a clean medium or a coded error, soon.
func TestDamagedFilesAreAnswered(t *testing.T) {
	t.Parallel()
	for _, path := range fixtures(t) {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			tries := 200
			if len(raw) > 50_000 {
				tries = 12
			}
			if len(raw) > 500_000 {
				tries = 4
			}
			random := rand.New(rand.NewPCG(1, uint64(len(raw))))
			for i := range tries {
				answered(t, raw[:len(raw)*i/tries])
				flipped := bytes.Clone(raw)
				reach := len(raw)
				if i%2 == 0 { // most of what is read is at the beginning
					reach = min(reach, 600)
				}
				for range 1 + i%8 {
					flipped[random.IntN(reach)] ^= 1 << random.IntN(8)
				}
				answered(t, flipped)
			}
		})
	}
}

func answered(t testing.TB, raw []byte) {
	t.Helper()
	began := time.Now()
	clean, err := strip.Strip(raw, strip.DefaultLimits)
	var border *civic.Error
	if err != nil && (clean != nil || !errors.As(err, &border) || border.Code != civic.CodeInvalidInput || border.Field != "media") {
		t.Errorf("%v", err)
	}
	if err == nil && (clean == nil || len(clean.Body) == 0 || clean.Width <= 0 || clean.Height <= 0) {
		t.Errorf("%+v", clean)
	}
	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
}

func FuzzStrip(f *testing.F) {
	for _, path := range fixtures(f) {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(raw) < 25_000 {
			f.Add(raw)
		}
	}
	limits := strip.DefaultLimits
	limits.Pixels = 100_000
	f.Fuzz(func(t *testing.T, raw []byte) {
		clean, err := strip.Strip(raw, limits)
		if err != nil {
			return
		}
		again, err := strip.Strip(clean.Body, limits)
		if err != nil {
			t.Fatalf("what is clean is refused: %v", err)
		}
		if again.Facts != (strip.Facts{}) || again.Width != clean.Width || again.Height != clean.Height || again.Kind != clean.Kind {
			t.Fatalf("%+v became %+v", clean.Facts, again.Facts)
		}
	})
}
