package rpc

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc/errorrpc"
)

var grpcCodes = map[civic.Code]codes.Code{
	civic.CodeUnauthenticated: codes.Unauthenticated,
	civic.CodeForbidden:       codes.PermissionDenied,
	civic.CodeNotFound:        codes.NotFound,
	civic.CodeInvalidInput:    codes.InvalidArgument,
	civic.CodeConflict:        codes.FailedPrecondition,
	civic.CodeRateLimited:     codes.ResourceExhausted,
	civic.CodeTooComplex:      codes.OutOfRange,
	civic.CodeUnavailable:     codes.Unavailable,
	civic.CodeInternal:        codes.Internal,
}

// ToStatus makes of a *civic.Error anywhere in err's chain a gRPC status that carries all of it, of the end of a context the status for
// that, and of everything else an INTERNAL that says nothing. nil stays nil.
func ToStatus(err error) error {
	if err == nil {
		return nil
	}
	if border, ok := errors.AsType[*civic.Error](err); ok {
		plain := status.New(grpcCodes[border.Code], border.Error())
		detailed, detailErr := plain.WithDetails(&errorrpc.Error{
			Code: string(border.Code), Field: border.Field, Key: border.Key, Args: border.Args, Allowed: border.Allowed,
		})
		if detailErr != nil { // text that is not UTF-8
			return plain.Err()
		}
		return detailed.Err()
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return status.FromContextError(err).Err()
	}
	return status.Error(codes.Internal, "internal error")
}

// FromStatus gives back the *civic.Error that ToStatus put in, and err itself if there is none.
func FromStatus(err error) error {
	for _, detail := range status.Convert(err).Details() {
		sent, ok := detail.(*errorrpc.Error)
		if !ok {
			continue
		}
		if _, known := grpcCodes[civic.Code(sent.GetCode())]; known {
			return &civic.Error{
				Code: civic.Code(sent.GetCode()), Field: sent.GetField(), Key: sent.GetKey(), Args: sent.GetArgs(), Allowed: sent.GetAllowed(),
			}
		}
	}
	return err
}
