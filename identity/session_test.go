package identity_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

func TestReuseEndsTheFamily(t *testing.T) {
	t.Parallel()
	c := start(t)
	first := c.signUp(t)
	other, err := c.signIn(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Refresh(t.Context(), first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if second.Principal.Session != first.Principal.Session || second.Principal.Citizen != first.Principal.Citizen || second.RefreshToken == first.RefreshToken {
		t.Errorf("refreshed %+v to %+v", first, second)
	}
	for range 2 {
		_, err = c.Refresh(t.Context(), first.RefreshToken)
		wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	}
	_, err = c.Refresh(t.Context(), second.RefreshToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	if _, err := c.Refresh(t.Context(), other.RefreshToken); err != nil {
		t.Errorf("another session ended too: %v", err)
	}
}

func TestOneOfManyRefreshesWins(t *testing.T) {
	t.Parallel()
	c := start(t)
	session := c.signUp(t)
	var won atomic.Pointer[identityclient.Session]
	var wins atomic.Int32
	var racing sync.WaitGroup
	for range 24 {
		racing.Go(func() {
			fresh, err := c.Refresh(t.Context(), session.RefreshToken)
			if err == nil {
				wins.Add(1)
				won.Store(&fresh)
			}
		})
	}
	racing.Wait()
	if wins.Load() != 1 {
		t.Fatalf("%d refreshes won", wins.Load())
	}
	_, err := c.Refresh(t.Context(), won.Load().RefreshToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	c := start(t)
	session := c.signUp(t)
	for range 2 {
		if err := c.SignOut(t.Context(), session.Principal.Session); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Refresh(t.Context(), session.RefreshToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")

	old, err := c.signIn(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	c.clock.pass(29 * 24 * time.Hour)
	fresh, err := c.Refresh(t.Context(), old.RefreshToken)
	if err != nil {
		t.Fatalf("on the 29th day: %v", err)
	}
	c.clock.pass(30 * 24 * time.Hour)
	_, err = c.Refresh(t.Context(), fresh.RefreshToken)
	wantError(t, err, civic.CodeUnauthenticated, "session.ended")
	for _, token := range []string{"", "x", fresh.AccessToken, fresh.RefreshToken[:42] + "A", "\xff"} {
		if _, err := c.Refresh(t.Context(), token); err == nil {
			t.Errorf("token %q was taken", token)
		}
	}
}

func TestLockOutGrows(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.signUp(t)
	fail := func() {
		t.Helper()
		_, err := c.signIn(t.Context(), "not the one")
		wantError(t, err, civic.CodeUnauthenticated, "sign_in.wrong")
	}
	wantLocked := func(seconds int) {
		t.Helper()
		_, err := c.signIn(t.Context(), password)
		if border := wantError(t, err, civic.CodeRateLimited, "sign_in.locked"); border.Args["seconds"] != strconv.Itoa(seconds) {
			t.Fatalf("locked for %s s, want %d", border.Args["seconds"], seconds)
		}
	}
	for range 5 {
		fail()
	}
	for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		wantLocked(seconds)
		c = c.restart(t) // the database remembers
		c.clock.pass(time.Duration(seconds)*time.Second - time.Millisecond)
		wantLocked(1)
		c.clock.pass(time.Millisecond)
		fail()
	}
	c.clock.pass(15 * time.Minute)
	if _, err := c.signIn(t.Context(), password); err != nil {
		t.Fatalf("after the lock-out: %v", err)
	}
	for range 4 { // success has wiped the slate
		fail()
	}
	if _, err := c.signIn(t.Context(), password); err != nil {
		t.Fatal(err)
	}
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.signUp(t)
	for range 5 {
		_, _ = c.signIn(t.Context(), "not the one")
	}
	c.clock.pass(24*time.Hour + time.Second)
	for range 4 {
		_, err := c.signIn(t.Context(), "not the one")
		wantError(t, err, civic.CodeUnauthenticated, "sign_in.wrong")
	}
}

// Somebody who is not there is locked out like everybody else, and guesses sent all at once are counted one by one.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	c := start(t)
	var wrong, locked atomic.Int32
	var racing sync.WaitGroup
	for range 30 {
		racing.Go(func() {
			_, err := c.signIn(t.Context(), "not the one")
			switch {
			case err == nil:
				t.Error("signed in")
			case err.Error() == "RATE_LIMITED sign_in.locked":
				locked.Add(1)
			case err.Error() == "UNAUTHENTICATED sign_in.wrong":
				wrong.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	racing.Wait()
	if wrong.Load() != 5 || locked.Load() != 25 {
		t.Errorf("%d tried, %d locked out", wrong.Load(), locked.Load())
	}
}
