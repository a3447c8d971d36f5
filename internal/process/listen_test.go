package process_test

import (
	"errors"
	"testing"

	"github.com/jagawarga/jagawarga/internal/process"
)

func TestABusyPort(t *testing.T) {
	t.Parallel()
	first, err := process.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = process.Listen(first.Addr().String())
	var busy *process.BusyError
	if !errors.As(err, &busy) || busy.Address != first.Addr().String() {
		t.Errorf("%v", err)
	}
	if _, err := process.Listen("nonsense"); err == nil || errors.As(err, &busy) {
		t.Errorf("%v", err)
	}
}
