// Package anonymizerclient is how the server talks with the anonymizer: civic's types in and out. It passes on the report and nothing
// about the caller: metadata that sits in the context stays here. A Client lives until Close; calls while the anonymizer is down fail
// at once with UNAVAILABLE, and it is used again within a second of its return.
package anonymizerclient

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// Client is safe for use by many at once.
type Client struct {
	conn  *grpc.ClientConn
	calls anonymizerrpc.AnonymizerClient

	// patient is for reports with pictures, which take longer to clean than anything else may take.
	patient      *grpc.ClientConn
	patientCalls anonymizerrpc.AnonymizerClient
}

// mediaTimeout is how long a report with pictures may take; the server's own limit for an operation is no longer.
const mediaTimeout = 30 * time.Second

// New does not connect yet. address is unix:///path.sock or dns:///host:port.
func New(address string) (*Client, error) {
	conn, err := rpc.Dial(rpc.ClientConfig{Address: address, Unavailable: "anonymizer.unavailable"})
	if err != nil {
		return nil, err
	}
	patient, err := rpc.Dial(rpc.ClientConfig{Address: address, Unavailable: "anonymizer.unavailable", Timeout: mediaTimeout})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &Client{conn, anonymizerrpc.NewAnonymizerClient(conn), patient, anonymizerrpc.NewAnonymizerClient(patient)}, nil
}

// Close ends the connections.
func (c *Client) Close() error { return errors.Join(c.conn.Close(), c.patient.Close()) }

// Report is an anonymous report as somebody wrote it. Category, Department and the due times were checked and chosen by the server.
type Report struct {
	ClientKey     string // "": none
	Token         *Token // nil: the caller has made sure that a verified citizen is asking
	Title, Body   civic.Raw
	Keep          []string // stretches the reporter wants left in
	Category      civic.CategoryID
	Department    civic.DepartmentID
	Place         *civic.Place
	ExactLocation bool
	Answers       []civic.Answer
	Media         []civic.Upload
	ResponseDue   time.Time
	ResolutionDue time.Time
}

// Token is the right to file one report, drawn by a verified citizen whom it does not tell.
type Token struct {
	KeyID              string
	Message, Signature []byte
}

// Span is a stretch that was taken out; offsets are Unicode code points of the original text, End is exclusive.
type Span struct {
	Kind        string
	Start, End  int
	Text        string
	Replacement string
}

// Filed is what the reporter is told, once.
type Filed struct {
	Receipt      string // 16 digits
	ReceiptWords string
	Number       string
	Title, Body  string // as stored
	Removed      []Span // in the body
	Proof        string // signed note; checked with FilingKey
	State        civic.SubmissionState
}

// Preview is what Submit would store of a text. Warnings are message keys.
type Preview struct {
	Text     string
	Removed  []Span
	Warnings []string
}

// Submit files a report. With a client key it may be called again after any error, and gives the same Filed.
func (c *Client) Submit(ctx context.Context, r Report) (*Filed, error) {
	request := &anonymizerrpc.SubmitRequest{
		ClientKey: r.ClientKey, Title: r.Title.Reveal(), Body: r.Body.Reveal(), Keep: r.Keep,
		Category: r.Category.UUID[:], Department: r.Department.UUID[:], ExactLocation: r.ExactLocation,
		ResponseDue: r.ResponseDue.Unix(), ResolutionDue: r.ResolutionDue.Unix(),
	}
	if r.Token != nil {
		request.Token = &anonymizerrpc.Token{KeyId: r.Token.KeyID, Message: r.Token.Message, Signature: r.Token.Signature}
	}
	if r.Place != nil {
		request.Place = &anonymizerrpc.Place{Latitude: r.Place.Latitude, Longitude: r.Place.Longitude, Address: r.Place.Address}
		if r.Place.District != nil {
			request.Place.District = r.Place.District.UUID[:]
		}
	}
	for _, answer := range r.Answers {
		request.Answers = append(request.Answers, &anonymizerrpc.Answer{Question: answer.Question, Answer: answer.Answer})
	}
	calls := c.calls
	for _, upload := range r.Media {
		calls, request.Media = c.patientCalls, append(request.Media, upload.Reveal())
	}
	reply, err := calls.Submit(silent(ctx), request)
	if err != nil {
		return nil, err
	}
	state := civic.Queued
	if reply.GetStored() {
		state = civic.Stored
	}
	return &Filed{
		Receipt: reply.GetReceipt(), ReceiptWords: reply.GetReceiptWords(), Number: reply.GetNumber(),
		Title: reply.GetTitle(), Body: reply.GetBody(), Removed: spans(reply.GetRemoved()), Proof: reply.GetProof(), State: state,
	}, nil
}

// Preview scrubs a text; nothing of it is kept.
func (c *Client) Preview(ctx context.Context, text civic.Raw, keep []string) (*Preview, error) {
	reply, err := c.calls.Preview(silent(ctx), &anonymizerrpc.PreviewRequest{Text: text.Reveal(), Keep: keep})
	if err != nil {
		return nil, err
	}
	return &Preview{reply.GetText(), spans(reply.GetRemoved()), reply.GetWarnings()}, nil
}

// OpenReceipt turns a receipt, as somebody typed it, into the hash under which its case is found.
func (c *Client) OpenReceipt(ctx context.Context, receipt civic.Raw) ([]byte, error) {
	reply, err := c.calls.OpenReceipt(silent(ctx), &anonymizerrpc.OpenReceiptRequest{Receipt: receipt.Reveal()})
	return reply.GetHash(), err
}

// FilingKey is the verifier key of filing proofs, for everybody to know.
func (c *Client) FilingKey(ctx context.Context) (string, error) {
	reply, err := c.calls.FilingKey(silent(ctx), &anonymizerrpc.FilingKeyRequest{})
	return reply.GetVerifierKey(), err
}

// LearnTokenKeys hands over the log of token keys.
func (c *Client) LearnTokenKeys(ctx context.Context, log *blindtoken.Log) error {
	_, err := c.calls.LearnTokenKeys(silent(ctx), &anonymizerrpc.TokenKeyLog{
		Verifier: log.Verifier, Checkpoint: log.Checkpoint, Entries: log.Entries, Keys: log.Keys,
	})
	return err
}

// silent drops whatever metadata others have put into the context for outgoing calls.
func silent(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, metadata.MD{})
}

func spans(from []*anonymizerrpc.Span) []Span {
	to := make([]Span, len(from))
	for i, s := range from {
		to[i] = Span{s.GetKind(), int(s.GetStart()), int(s.GetEnd()), s.GetText(), s.GetReplacement()}
	}
	return to
}
