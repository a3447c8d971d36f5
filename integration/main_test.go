package integration

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// Stories mostly wait: for a due time, for a restart. More of them than there are processors may wait at once.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	remove, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	remove()
	os.Exit(code)
}
