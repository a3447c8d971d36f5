package identityclient

import (
	"context"
	"path"

	"google.golang.org/grpc"

	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

// traced tells of each call beneath work that tracer follows: the method and the code. The other side is told nothing. Nil for a nil
// tracer.
func traced(tracer *trace.Tracer) grpc.UnaryClientInterceptor {
	if tracer == nil {
		return nil
	}
	return func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		if !trace.Followed(ctx) {
			return invoke(ctx, method, request, reply, conn, options...)
		}
		ctx, span := tracer.Within(ctx, trace.Client, "identity "+path.Base(method))
		err := invoke(ctx, method, request, reply, conn, options...)
		span.End(trace.CodeOf(err))
		return err
	}
}
