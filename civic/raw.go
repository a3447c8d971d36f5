package civic

import "log/slog"

const redacted = "[redacted]"

// Raw is text of a whistleblower that nobody has scrubbed yet. It prints as [redacted] wherever it is printed, logged or
// encoded; only the scrubber and the wire to the anonymizer open it.
type Raw struct{ text string }

// NewRaw wraps text.
func NewRaw(text string) Raw { return Raw{text} }

// Reveal opens it.
func (r Raw) Reveal() string { return r.text }

func (r Raw) String() string               { return redacted }
func (r Raw) GoString() string             { return redacted }
func (r Raw) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (r Raw) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (r Raw) MarshalText() ([]byte, error) { return []byte(redacted), nil }
