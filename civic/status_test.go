package civic_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

// allowed is the status machine once more, written from the words of the contract and not from the code: who may take a report from
// the row's status to which others. What is not in a row is forbidden.
var allowed = []struct {
	from civic.Status
	by   civic.Actor
	to   []civic.Status
}{
	{civic.Received, civic.ByDepartment, []civic.Status{civic.Verified, civic.InProgress, civic.AwaitingReporter, civic.Rejected}},
	{civic.Received, civic.ByReporter, []civic.Status{civic.Withdrawn}},
	{civic.Received, civic.BySystem, []civic.Status{civic.Escalated, civic.Merged}},

	{civic.Verified, civic.ByDepartment, []civic.Status{civic.InProgress, civic.AwaitingReporter, civic.Resolved, civic.Rejected}},
	{civic.Verified, civic.ByReporter, []civic.Status{civic.Withdrawn}},
	{civic.Verified, civic.BySystem, []civic.Status{civic.Escalated, civic.Merged}},

	{civic.InProgress, civic.ByDepartment, []civic.Status{civic.AwaitingReporter, civic.Resolved, civic.Rejected}},
	{civic.InProgress, civic.ByReporter, []civic.Status{civic.Withdrawn}},
	{civic.InProgress, civic.BySystem, []civic.Status{civic.Escalated, civic.Merged}},

	{civic.AwaitingReporter, civic.ByDepartment, []civic.Status{civic.Verified, civic.InProgress, civic.Resolved, civic.Rejected}},
	{civic.AwaitingReporter, civic.ByReporter, []civic.Status{civic.InProgress, civic.Withdrawn}},
	{civic.AwaitingReporter, civic.BySystem, []civic.Status{civic.Escalated, civic.Merged}},

	{civic.Escalated, civic.ByDepartment, []civic.Status{civic.Verified, civic.InProgress, civic.AwaitingReporter, civic.Resolved, civic.Rejected}},
	{civic.Escalated, civic.ByReporter, []civic.Status{civic.Withdrawn}},
	{civic.Escalated, civic.BySystem, []civic.Status{civic.Escalated, civic.Merged}},

	{civic.Resolved, civic.ByDepartment, []civic.Status{civic.InProgress}},
	{civic.Resolved, civic.ByReporter, []civic.Status{civic.Closed, civic.InProgress}},
	{civic.Resolved, civic.BySystem, []civic.Status{civic.Closed}},
}

func TestEveryTransition(t *testing.T) {
	t.Parallel()
	statuses := []civic.Status{
		civic.Received, civic.Verified, civic.InProgress, civic.AwaitingReporter, civic.Escalated,
		civic.Resolved, civic.Closed, civic.Rejected, civic.Withdrawn, civic.Merged,
	}
	if !slices.Equal(statuses, civic.Statuses) {
		t.Fatalf("the statuses are %v", civic.Statuses)
	}
	tried := 0
	for _, from := range statuses {
		for _, by := range []civic.Actor{civic.ByDepartment, civic.ByReporter, civic.BySystem} {
			want := next(from, by)
			if got := from.Next(by); !slices.Equal(got, want) {
				t.Errorf("from %s by the %s: next is %v, want %v", from, by, got, want)
			}
			for _, to := range append(slices.Clone(statuses), "", "NONSENSE") {
				tried++
				err := from.Move(by, to)
				if slices.Contains(want, to) {
					if err != nil {
						t.Errorf("%s by the %s to %s: %v", from, by, to, err)
					}
					continue
				}
				wantConflict(t, err, want)
			}
		}
	}
	if tried != 10*3*12 {
		t.Errorf("%d transitions tried", tried)
	}
}

func next(from civic.Status, by civic.Actor) []civic.Status {
	for _, row := range allowed {
		if row.from == from && row.by == by {
			return row.to
		}
	}
	return nil
}

func wantConflict(t *testing.T, err error, allowed []civic.Status) {
	t.Helper()
	var refusal *civic.Error
	if !errors.As(err, &refusal) || refusal.Code != civic.CodeConflict || refusal.Field != "to" {
		t.Fatalf("want a CONFLICT on to, got %v", err)
	}
	got := make([]civic.Status, len(refusal.Allowed))
	for i, name := range refusal.Allowed {
		got[i] = civic.Status(name)
	}
	if !slices.Equal(got, allowed) {
		t.Errorf("the conflict allows %v, want %v", got, allowed)
	}
}

// Nobody may change the machine through what Next hands out.
func TestNextIsACopy(t *testing.T) {
	t.Parallel()
	civic.Received.Next(civic.ByDepartment)[0] = civic.Merged
	if civic.Received.Next(civic.ByDepartment)[0] != civic.Verified {
		t.Error("the status machine was changed from outside")
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	open := []civic.Status{civic.Received, civic.Verified, civic.InProgress, civic.AwaitingReporter, civic.Escalated}
	for _, status := range civic.Statuses {
		if status.Open() != slices.Contains(open, status) {
			t.Errorf("%s open: %v", status, status.Open())
		}
		// Whoever is open can be withdrawn, and whoever is not open cannot.
		if withdrawable := status.Move(civic.ByReporter, civic.Withdrawn) == nil; withdrawable != status.Open() {
			t.Errorf("%s can be withdrawn: %v", status, withdrawable)
		}
	}
	if civic.Status("NONSENSE").Known() || civic.Status("").Open() || !civic.Merged.Known() {
		t.Error("unknown statuses are known, or the other way round")
	}
}
