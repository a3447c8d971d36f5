// Package ws carries GraphQL over WebSocket: the protocol graphql-transport-ws with its exact close codes
// (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), for queries and mutations as well as subscriptions.
//
// A socket costs one goroutine that reads, and one for each operation that runs on it. Operations write to the socket
// themselves, one at a time and always with a deadline: a client that does not read slows down its own operations alone, and
// is dropped after WriteTimeout. Pings and close frames have deadlines of their own and never wait behind a stuck write for
// longer. Nothing is queued here; what may wait for a slow client, and for how long, is the subscription's own bounded buffer.
//
// Who is asking comes in connection_init, {"Authorization": "Bearer ..."}; without it the socket belongs to a stranger. When
// the token ends the socket is closed with 4403 and "refresh and come back": the client gets a new token, connects again and
// resumes from its last cursor.
//
// No log line, error or metric holds what a client sent.
package ws
