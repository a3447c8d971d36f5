// Package anonymizer takes raw anonymous reports and lets only what identifies nobody go on.
//
// It knows nothing about the person behind a request: callers hand over a text and a place, no id, no address, no user agent, no
// trace. Originals live in memory for as long as the request takes. What leaves is the scrubbed text, a place coarsened to the
// centre of a cell of about 150 m, times cut to the hour, an id that tells nothing, and the slow hash of a receipt that only the
// reporter has. A report comes with the word of the server that a verified citizen sent it, or with a token (internal/blindtoken) that
// proves as much and can be spent once. There is no database here: a report goes to the durable stream, and hashes of client keys and
// of spent tokens to key-value buckets that live for two days.
//
// A Service is made by New, which reads or makes its secret files, and lives until its Run returns; Run retires the secrets of past
// days. It logs nothing about requests and counts only what all requests have in common.
package anonymizer
