package anonymizer

import (
	"context"
	"errors"

	"github.com/jagawarga/jagawarga/anonymizer/scrub"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

const (
	outcomeFiled   = "filed"
	outcomeRefused = "refused" // the reporter can mend it
	outcomeFailed  = "failed"
)

// Submit anonymizes a report and files it. When it returns without an error the report cannot be lost, and the receipt in the reply is
// the only copy there is. A token is redeemed before anything is stored; from then on only the same client key may come with it again.
func (s *Service) Submit(ctx context.Context, request *anonymizerrpc.SubmitRequest) (*anonymizerrpc.SubmitReply, error) {
	reply, err := s.submit(ctx, request)
	outcome := outcomeFiled
	if refusal := (*civic.Error)(nil); errors.As(err, &refusal) && refusal.Code != civic.CodeUnavailable {
		outcome = outcomeRefused
	} else if err != nil {
		outcome, err = outcomeFailed, unavailable() // why is nobody's business: the error may hold what was sent
	}
	s.filed.WithLabelValues(outcome).Inc()
	return reply, err
}

func (s *Service) submit(ctx context.Context, request *anonymizerrpc.SubmitRequest) (*anonymizerrpc.SubmitReply, error) {
	f, err := readFiling(request)
	if err != nil {
		return nil, err
	}
	keep, err := s.admit(ctx, f)
	if err != nil {
		return nil, err
	}
	claim, err := s.claim(ctx, f)
	if err != nil {
		return nil, err
	}
	id := civic.ReportID{UUID: civic.NewUUIDv4(claim.random)}
	receipt, err := NewReceipt(claim.random)
	if err != nil {
		return nil, err
	}
	title := s.scrubber.Scrub(f.title.Reveal(), f.keep)
	body := s.scrubber.Scrub(f.body.Reveal(), f.keep)
	submission := civic.Submission{
		Report: id, Number: civic.NumberFrom(id.UUID[:]), Visibility: civic.Anonymous,
		Title: shortened(title.Text, civic.MaxTitle), Body: shortened(body.Text, civic.MaxBody),
		Category: f.category, Department: f.department,
		Place: s.anonymousPlace(f), Answers: s.anonymousAnswers(f), At: claim.hour,
		ResponseDue: roundedUp(f.responseDue, s.cfg.DueStep), ResolutionDue: roundedUp(f.resolutionDue, s.cfg.DueStep),
	}
	if submission.ReceiptHash, err = s.hasher.hash(ctx, receipt); err != nil {
		return nil, err
	}
	submission.Salt = civic.NewSalt(claim.random)
	if submission.Media, err = keep(ctx, claim.random); err != nil {
		return nil, err
	}
	civic.NameMedia(id, submission.Media)
	proof, err := prove(s.notary, submission.Filing(), submission.Salt)
	if err != nil {
		return nil, err
	}
	state, _, err := s.intake.Submit(ctx, submission)
	if err != nil {
		return nil, err
	}
	return &anonymizerrpc.SubmitReply{
		Receipt: receipt.Digits(), ReceiptWords: receipt.Words(), Number: submission.Number,
		Title: submission.Title, Body: submission.Body, Removed: spansOf(body), Proof: proof, Stored: state == civic.Stored,
	}, nil
}

// anonymousPlace keeps the place of the problem, which a report is useless without, and takes numbers that identify out of the address.
func (s *Service) anonymousPlace(f *filing) *civic.Place {
	if f.place == nil {
		return nil
	}
	place := *f.place
	if !f.exact {
		place = coarsened(place)
	}
	place.Address = shortened(s.scrubber.Numbers(f.address.Reveal()).Text, civic.MaxAddress)
	return &place
}

func (s *Service) anonymousAnswers(f *filing) []civic.Answer {
	var answers []civic.Answer
	for i, answer := range f.answers {
		text := s.scrubber.Scrub(answer.Reveal(), f.keep).Text
		answers = append(answers, civic.Answer{Question: f.questions[i], Answer: shortened(text, civic.MaxComment)})
	}
	return answers
}

// shortened cuts what a mark that is longer than what it replaces has pushed over the limit.
func shortened(text string, limit int) string {
	count := 0
	for i := range text {
		if count == limit {
			return text[:i]
		}
		count++
	}
	return text
}

// Preview shows what Submit would take out of a text. Nothing of it is kept.
func (s *Service) Preview(_ context.Context, request *anonymizerrpc.PreviewRequest) (*anonymizerrpc.PreviewReply, error) {
	if _, err := civic.CheckOptionalText("text", request.GetText(), civic.MaxBody); err != nil {
		return nil, err
	}
	if err := checkKeep(request.GetKeep()); err != nil {
		return nil, err
	}
	text := civic.NewRaw(request.GetText())
	result := s.scrubber.Scrub(text.Reveal(), request.GetKeep())
	return &anonymizerrpc.PreviewReply{Text: result.Text, Removed: spansOf(result), Warnings: result.Warnings}, nil
}

// OpenReceipt turns a receipt into the hash under which its case is found. A typing slip is told without any hashing.
func (s *Service) OpenReceipt(ctx context.Context, request *anonymizerrpc.OpenReceiptRequest) (*anonymizerrpc.OpenReceiptReply, error) {
	receipt, err := ParseReceipt(civic.NewRaw(request.GetReceipt()))
	if err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, receipt)
	if err != nil {
		return nil, unavailable()
	}
	return &anonymizerrpc.OpenReceiptReply{Hash: hash}, nil
}

// FilingKey is the public key that proofs are checked with.
func (s *Service) FilingKey(context.Context, *anonymizerrpc.FilingKeyRequest) (*anonymizerrpc.FilingKeyReply, error) {
	return &anonymizerrpc.FilingKeyReply{VerifierKey: s.notary.Verifier()}, nil
}

func spansOf(result scrub.Result) []*anonymizerrpc.Span {
	spans := make([]*anonymizerrpc.Span, len(result.Removed))
	for i, span := range result.Removed {
		spans[i] = &anonymizerrpc.Span{
			Kind: string(span.Kind), Start: int32(span.Start), End: int32(span.End), Text: span.Text, Replacement: span.Replacement,
		}
	}
	return spans
}
