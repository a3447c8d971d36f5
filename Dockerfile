# One small image for each walled service: nothing in it but the program, time zones and certificate authorities; no shell, no
# user that may become another. `docker build --target anonymizer .`
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/ ./cmd/jagawarga ./cmd/anonymizer ./cmd/identity
# A volume takes over the owner of the folder it is laid on: without these the services could not write to theirs.
RUN mkdir -p /out/data /out/blobs

FROM scratch AS base
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/blobs /blobs
USER 65532:65532

FROM base AS identity
COPY --from=build /out/identity /identity
ENTRYPOINT ["/identity"]

FROM base AS anonymizer
COPY --from=build /out/anonymizer /anonymizer
ENTRYPOINT ["/anonymizer"]

FROM base AS jagawarga
COPY --from=build /out/jagawarga /jagawarga
ENTRYPOINT ["/jagawarga"]
