package integration

import "testing"

// Follower is a screen as good clients build it: when its subscription breaks off it comes back with its last cursor.
type Follower struct {
	t         testing.TB
	caller    *Caller
	query     string
	variables Vars
	stream    *Stream
	// Breaks is how often it had to come back.
	Breaks int
}

// Follow begins after the cursor in variables.
func (c *Caller) Follow(t testing.TB, query string, variables Vars) *Follower {
	t.Helper()
	return &Follower{t: t, caller: c, query: query, variables: variables, stream: c.Dial(t).Subscribe(query, variables)}
}

// Happens is the next event, however often the subscription breaks off before it comes.
func (f *Follower) Happens() Happening {
	f.t.Helper()
	for {
		next := f.stream.any()
		if told, ok := happening(next); ok {
			f.variables["after"] = told.Text("cursor")
			return told
		}
		if code := next.code(); code != "UNAVAILABLE" {
			f.t.Fatalf("the subscription ended: %v", next.Errors)
		}
		f.Breaks++
		eventually(f.t, "it can come back", func() error {
			socket, err := f.caller.dial(f.t)
			if err == nil {
				f.stream.socket.Cut()
				f.stream = socket.Subscribe(f.query, f.variables)
			}
			return err
		})
	}
}
