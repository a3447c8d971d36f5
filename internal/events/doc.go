// Package events is the post office between the processes: NATS JetStream on one side, the nouns of civic on the other.
//
//	SUBMISSIONS   reports on their way in      Intake → durable stream → Submissions → ingest
//	EVENTS        what happened to reports     Publisher (the outbox relay) → packs → stream → Hub → watchers
//	DEAD_LETTERS  what ingest could not take   Delivery.DeadLetter → DeadLetters, ReplayDeadLetters
//
// A Bus is one connection. It reconnects for ever and never buffers while the server is away: a publish either has the
// stream's acknowledgement or has failed. What is acknowledged is on disk (the server runs with sync_interval: always).
// Repeating a batch of submissions with the same id doubles nothing within the stream's window of ten minutes; a Publisher looks
// at the stream itself, and doubles nothing ever.
//
// An Intake and a Hub live as long as their Run. Rights are the caller's: a Watcher hands on every event of its topic, and
// whoever shows one asks again whether the viewer may see it.
package events
