package raw

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
)

// connections of each pool: as many as the system under test has.
const connections = 10

// Serve runs the API and the hub on a free port of 127.0.0.1, which it prints, until stdin ends: a parent that dies takes it along.
func Serve(ctx context.Context, readerURL, writerURL, voterURL string, stdin io.Reader, stdout io.Writer) error {
	reader, err := pool(ctx, readerURL)
	if err != nil {
		return err
	}
	defer reader.Close()
	writer, err := pool(ctx, writerURL)
	if err != nil {
		return err
	}
	defer writer.Close()
	voter, err := pool(ctx, voterURL)
	if err != nil {
		return err
	}
	defer voter.Close()
	api, err := New(ctx, reader, writer, voter)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: api.Handler(NewHub())}
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		server.Close()
	}()
	fmt.Fprintln(stdout, listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func pool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	return pgxpool.NewWithConfig(ctx, config)
}

// fresh makes an id, ordered by time like those of the system under test, and a number.
func fresh() (civic.UUID, string) {
	id := civic.NewUUIDv7(time.Now(), rand.Reader)
	return id, "RAW-" + hex.EncodeToString(id[8:])
}
