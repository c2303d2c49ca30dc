# make run     the service with demo people, on http://localhost:8080
# make build   bin/samkonsult
# make test    everything: what CI runs
# make lint    formatting and static checks
# make gen     what is generated from Go
# make kills   200 kills on each database, and the table of what they left (15 minutes)
# make bookings  a million bookings at random, killed again and again, and their table (an hour)
# make bench-booking  common times and bookings among a million appointments, and their table
# make shown          200 values, from the nurse's press to the others' pages, and their table
# make trend          a trend of 100,000 values in a browser, and its table
# make bench-clinical  a panel, a bundle and a trend among ten million measurements
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build test lint gen fuzz kills bookings bench-booking bench-clinical trend shown loadtest packages web static image deploy-check clean FORCE

help:
	@sed -n 's/^# //p' Makefile

run: build
	@mkdir -p var
	# Media on every address of this machine: Firefox uses no loopback address for it.
	exec bin/samkonsult serve --demo --udp :8080 --links var/links.json

build: bin/samkonsult

# Go knows best what has changed; -trimpath keeps builders' paths out of the program.
bin/samkonsult: web FORCE
	@mkdir -p bin
	go build -trimpath -o $@ ./cmd/samkonsult

# The same without anything from the machine it runs on: for images and other machines.
static: web
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/samkonsult-static ./cmd/samkonsult

# ---------------------------------------------------------------- the page

validators := internal/fhir/validate

packages: web/node_modules/.package-lock.json $(validators)/node_modules/.package-lock.json
web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	npm --prefix web ci --no-audit --no-fund </dev/null
	@touch $@

# FHIR's validators, for the tests of internal/fhir alone: nothing of them is in the page or the program.
$(validators)/node_modules/.package-lock.json: $(validators)/package.json $(validators)/package-lock.json
	npm --prefix $(validators) ci --no-audit --no-fund --loglevel error </dev/null
	@touch $@

page_sources := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/e2e -prune \
	-o -path web/docs -prune -o -path web/test-results -prune -o -type f -not -name '*.go' -not -name '*.test.ts' -not -name '*.test.tsx' -print)

web: web/dist/index.html
web/dist/index.html: web/node_modules/.package-lock.json $(page_sources)
	npm --prefix web run build </dev/null
	@touch $@

# ---------------------------------------------------------------- tests

test:
	@scripts/test.sh

lint: packages
	@unformatted=$$(gofmt -l $$(find . -name node_modules -prune -o -name '*.go' -print)); [ -z "$$unformatted" ] || { echo "gofmt -w $$unformatted" >&2; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	npm --prefix web run typecheck

gen:
	go generate ./cmd/gents

# Every decoder for as long as FUZZ_SECONDS says, shared among them.
fuzz:
	@FUZZ_ONLY=1 FUZZ_SECONDS=$${FUZZ_SECONDS:-600} scripts/test.sh

# The short form of it is in the store's tests. KILLS_SEED=N has the same chances again.
kills:
	KILLS=$${KILLS:-200} KILLS_TABLE=testdata/kills.md go test -count=1 -v -timeout 2h -run WhenTheServiceIsKilled ./internal/store

# The short form of it is in the store's tests. BOOKINGS_SEED=N has the same chances again.
bookings:
	BOOKINGS=$${BOOKINGS:-500000} BOOKINGS_TABLE=testdata/bookings.md go test -count=1 -v -timeout 4h -run NobodyIsBookedTwice ./internal/store

bench-booking:
	BOOKING_APPOINTMENTS=$${BOOKING_APPOINTMENTS:-1000000} go test -run '^$$' -timeout 4h -bench 'Booking$$' -benchtime 3000x ./internal/store

bench-clinical:
	OBSERVATIONS=$${OBSERVATIONS:-10000000} go test -run '^$$' -timeout 4h -bench 'Clinical$$' -benchtime 1000x ./internal/store

shown: build
	cd web && SHOWN=write node --test --test-reporter=spec e2e/shown.test.mjs

trend: build
	cd web && TREND=write node --test --test-reporter=spec e2e/trend.test.mjs

# 20 rooms for half a minute against a service of its own, beside the floor of this machine.
loadtest: build
	bin/samkonsult loadtest --serve bin/samkonsult --rooms 20 --seconds 30 --floor

deploy-check: static
	deploy/check.sh bin/samkonsult-static

# ---------------------------------------------------------------- deploy

# The folder that an image is built from, and the image where there is a builder.
image: static
	rm -rf bin/image && mkdir -p bin/image/data
	cp bin/samkonsult-static bin/image/samkonsult
	$(or $(BUILDER),buildah bud) --tag samkonsult -f deploy/Containerfile bin/image

clean:
	rm -rf bin web/node_modules $(validators)/node_modules
	find web/dist -mindepth 1 -not -name .gitkeep -delete
