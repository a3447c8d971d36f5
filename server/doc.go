// Package server is the face of the GraphQL process towards the network: HTTP, WebSocket and server-sent events on one
// port, in front of an executable schema that it knows nothing about.
//
// It finds out who is asking and in which language, bounds what a request may cost (bytes, tokens, depth, complexity, time,
// how many at once), gives every error its public form, counts and logs. What an operation means and who may do it is the
// schema's work; TLS and rates per address are the gateway's.
//
// Files come as multipart (graphql-multipart-request-spec) and stay in memory until the answer is out, within a budget for the whole
// process; they reach the schema as civic.Upload, without their names.
//
// Status codes follow GraphQL over HTTP: a request that could be read is answered with 200 when the client accepts
// application/json, whatever its errors; clients that ask for application/graphql-response+json get 400, 401 and so on when
// nothing was executed. A body that is no JSON is 400 for both, and is never repeated in an answer or a log.
//
// Logs and metrics hold no address, no query, no variable and no name that a client made up.
package server
