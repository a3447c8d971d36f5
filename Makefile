# Everything a person or CI does here, by name. `make help` lists it.

GO   ?= go
DATA ?= .data
# Programs of ours hold no C, so that one file runs anywhere; the code generators that could use C do without it too.
export CGO_ENABLED = 0

# Go stamps the commit into the program by itself, and fails where git is there but will not answer: then it goes without.
BUILDVCS  := $(shell git rev-parse --verify --quiet HEAD >/dev/null 2>&1 && echo auto || echo false)
BUILD     := $(GO) build -trimpath -buildvcs=$(BUILDVCS)

# Packages that hold generated code alone: nobody writes there, so nobody is told how to.
GENERATED := graph/generated|identity/db|internal/store/db

# Packages whose own benchmarks `make bench` runs after the system's.
BENCHED   := ./anonymizer/scrub ./anonymizer/strip ./internal/blindtoken ./internal/blob ./internal/fingerprint ./internal/ledger ./internal/suggest

.DEFAULT_GOAL := help
.PHONY: help run build test race lint generate verify compose-check bench audit-anonymity deps clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up and run everything with demo data on http://127.0.0.1:8080 (data in DATA=.data)
	@scripts/ensure go postgresql
	@$(MAKE) --no-print-directory build
	@exec bin/jagawarga up --demo --data $(DATA)

build: ## bin/jagawarga, bin/anonymizer, bin/identity
	@mkdir -p bin
	$(BUILD) -o bin/ ./cmd/jagawarga ./cmd/anonymizer ./cmd/identity

deps: ## install what the tests need: PostgreSQL, Chromium, Node.js and its locked packages
	@scripts/ensure go postgresql node chromium exiftool
	@scripts/node-packages

test: deps ## set up and run every test, and print what they measured
	@mkdir -p bin && rm -f bin/figures
	JAGAWARGA_FIGURES=$(CURDIR)/bin/figures JAGAWARGA_SCREENS=$(CURDIR)/bin/screens $(GO) test -count=1 -timeout 60m ./...
	@echo; echo 'Measured:'; cat bin/figures

race: deps ## every test under the race detector (needs a C compiler; slow)
	CGO_ENABLED=1 $(GO) test -race -count=1 -timeout 90m ./...

lint: ## formatting, vet, staticcheck
	@scripts/formatted
	$(GO) vet ./...
	@$(GO) list ./... | grep -v -E '/($(GENERATED))$$' | xargs $(GO) tool staticcheck

generate: ## write all generated code anew: GraphQL and its client, SQL, gRPC, pages
	scripts/generate

verify: ## generated code, module files and the compose file are what they should be
	@scripts/fresh
	$(GO) mod verify
	$(GO) mod tidy -diff
	@$(MAKE) --no-print-directory compose-check

compose-check: build ## docker-compose.yml resolves, and every command, variable, file and metric in it exists
	$(GO) run ./deploy/check -bin bin

bench: build ## measure against raw handlers; prints a Markdown table
	@scripts/ensure go postgresql
	$(GO) run ./bench -bin bin/jagawarga
	$(GO) run ./bench -bin bin/jagawarga -only insight -reports 1000000
	$(GO) test -run '^$$' -bench . -benchtime 1s $(BENCHED)

audit-anonymity: build ## try to find out who wrote 200 anonymous reports, with all that a thief of the whole machine would have
	@scripts/ensure go postgresql
	$(GO) run ./audit -bin bin

clean: ## remove what was built; data stays
	rm -rf bin
