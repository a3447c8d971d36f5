//go:build race

package scrub_test

func init() { slowed = 20 }
