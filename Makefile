# Overtime: everything a developer needs. "make" alone lists the targets.

GO   ?= go
ADDR ?= localhost:8080

# All is compiled in one way, as the programs are shipped, so that it is compiled
# once. The race detector alone has another: it needs C. The version is given by
# hand (STAMP): Go's own stamping fails in a checkout that belongs to another
# user, as in most containers.
export CGO_ENABLED := 0
export GOFLAGS     := $(strip $(shell $(GO) env GOFLAGS) -buildvcs=false -trimpath)
RACE               := CGO_ENABLED=1 $(GO) test -race

# The programs that the checks take from npm (.ci/npm, installed by .ci/tools).
# None of them may phone anywhere.
NPM := .ci/npm/node_modules/.bin
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true
export NO_UPDATE_NOTIFIER := 1

# What `overtime version` says. Where there is no repository, as in an archive of
# one, it stays unknown.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)
DATE    := $(shell git show -s --format=%cI HEAD 2>/dev/null)
STAMP    = $(foreach v,version=$(VERSION) commit=$(COMMIT) date=$(DATE),-X overtime/internal/build.$(v))
GOROOT  := $(shell $(GO) env GOROOT)

# The packages of the browser program, and those of them that are tested as
# WebAssembly too: numbers and times are as they are in a browser there.
JS       := GOOS=js GOARCH=wasm
JS_TESTS := ./internal/meeting ./internal/protocol ./internal/layout ./internal/words ./internal/client ./internal/browser

# The most that the browser program may weigh on its way to a person: some two
# seconds at 8 Mbit/s.
WASM_BUDGET := 1650000

# What the script for portals must stay below, in gzip: it is in pages that are
# not ours.
EMBED_BUDGET := 10000

# What `make upgrade` comes from and goes back to: a commit or a tag.
PREVIOUS ?= 29506c6

.PHONY: help build wasm wasm-quick server run dev example portal test test-unit test-js test-browser test-portal proxies \
	model upgrade sleepers \
	kill lint format-check tidy-check vet staticcheck rules size embed-size openapi embed-package fuzz bench cover tools clean

## help: this list (the default)
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

## build: everything in one file, bin/overtime
build: wasm server

## wasm: the browser program, web/app.wasm, and its compressed forms
wasm: program
	@$(GO) run ./internal/httpd/precompress build/app.wasm web/app.wasm

wasm-quick: program
	@$(GO) run ./internal/httpd/precompress -quick build/app.wasm web/app.wasm

# The program has go-app without its server (app/fence). What only looks at its
# packages, or tests some of them, has go-app as it is published.
#
# Go's own build cache knows what changed, so this always asks it. The script
# that starts the program must be of the Go release that compiled it; a comment
# in it that names another host is left out.
.PHONY: program
program:
	@$(GO) run ./app/fence build/browser
	$(JS) $(GO) build -modfile=build/browser/browser.mod -ldflags '-s -w' -o build/app.wasm ./app
	@sed '\,^[[:space:]]*//.*https*://,d' '$(GOROOT)/lib/wasm/wasm_exec.js' > web/wasm_exec.js

server:
	$(GO) build -ldflags '-s -w $(STAMP)' -o bin/overtime .

## run: build, then serve on http://localhost:8080 (data in ./data)
run: build
	@echo 'Overtime is at http://$(ADDR)'
	bin/overtime --addr $(ADDR) --data data

## dev: the same with a quick build, for trying a change
dev: wasm-quick server
	@echo 'Overtime is at http://$(ADDR)'
	bin/overtime --addr $(ADDR) --data data --log-level debug

example:
	$(GO) build -o build/portal ./examples/portal

## portal: the example of a portal and a server beside it; PORTAL_MINUTE=1s makes its minutes short
portal: build example
	@OVERTIME_HOST='$(ADDR)' examples/portal/run.sh

## test: every test, with the race detector, as WebAssembly, in browsers
test: tools test-unit test-js test-portal proxies test-browser

# Most tests wait more than they compute, so more packages run at once than there
# are processors. Those that take longest come first, and the others beside them.
LONGEST := ./internal/edge ./internal/sfu ./internal/rooms ./internal/api ./internal/bus ./test/disk

## test-unit: all that needs no built server, with the race detector
test-unit: tools
	$(RACE) -p $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN)))) -timeout 20m $(LONGEST) $$($(GO) list ./... | grep -vE '/test/(browser|portal|proxies)')

## test-js: the packages of the browser program, compiled to WebAssembly
test-js: tools
	$(JS) $(GO) test -exec '$(GOROOT)/lib/wasm/go_js_wasm_exec' $(JS_TESTS)

# All stories may run at once; test/browser itself says how many do.
## test-browser: stories in a real Chromium and Firefox, against bin/overtime
test-browser: tools build example
	$(GO) test -count=1 -timeout 50m -parallel 1000 -skip '^TestWhoSleeps$$' ./test/browser/...

## sleepers: five people of whom four sleep in different ways; wants a machine with nothing else to do
sleepers: tools build
	$(GO) test -count=1 -timeout 20m -v -run '^TestWhoSleeps$$' ./test/browser

## model: ten thousand random histories of a room and two hundred of a node, held against their promises
model:
	HISTORIES=10000 $(GO) test -count=1 -timeout 30m -v -run '^TestModel$$' ./internal/room
	HISTORIES=200 $(GO) test -count=1 -timeout 30m -v -run '^TestModel$$' ./internal/rooms

## kill: 150 kills -9 while people extend; then without compare-and-set, which must fail
kill:
	@mkdir -p build
	KILLS=150 $(GO) test -count=1 -timeout 30m -v -run '^TestKill$$' ./test/kill
	@echo 'the same without compare-and-set, which must fail:'
	@if KILLS=60 $(GO) test -count=1 -timeout 10m -v -run '^TestKill$$' -tags plainput ./test/kill >build/plainput.txt 2>&1; then \
		echo 'it passed: the test cannot see a broken promise' >&2; exit 1; fi
	@grep -oE 'promise broken: .*(granted|linearizable)' build/plainput.txt || { cat build/plainput.txt; exit 1; }

## test-portal: a portal's whole day by curl, and the example's, against bin/overtime
test-portal: tools build example
	$(GO) test -count=1 -timeout 15m ./test/portal

## proxies: connections that share their requests, by hand and behind nginx and HAProxy, against bin/overtime
proxies: tools build
	$(GO) test -count=1 -timeout 10m ./test/proxies

## upgrade: a meeting that the previous version began, through this one and back
upgrade: server
	@rm -rf build/previous && mkdir -p build/previous
	git archive $(PREVIOUS) | tar -x -C build/previous
	cd build/previous && $(GO) build -o bin/overtime .
	UPGRADE_PREVIOUS='$(CURDIR)/build/previous/bin/overtime' UPGRADE_CURRENT='$(CURDIR)/bin/overtime' \
		$(GO) test -count=1 -timeout 10m -v -tags upgrade ./test/upgrade

## lint: format, go.mod, vet, staticcheck, the rules of the house, the API's description, the portals' package, the programs' sizes
lint: tools format-check tidy-check vet staticcheck rules openapi size embed-size embed-package

format-check:
	@wrong=$$(gofmt -l $$(find . -name '*.go' -not -path './build/*' -not -path './.ci/npm/*')); \
	if [ -n "$$wrong" ]; then echo "not formatted, run gofmt -w on: $$wrong" >&2; exit 1; fi

tidy-check:
	@$(GO) mod tidy -diff || { echo 'go.mod or go.sum is not tidy, run go mod tidy' >&2; exit 1; }

vet:
	$(GO) vet ./...
	$(GO) vet -tags upgrade ./test/upgrade
	$(JS) $(GO) vet $$($(JS) $(GO) list -deps ./app | grep '^overtime/')

staticcheck:
	@mkdir -p build
	$(GO) build -o build/staticcheck honnef.co/go/tools/cmd/staticcheck
	build/staticcheck ./...
	$(JS) build/staticcheck $$($(JS) $(GO) list -deps ./app | grep '^overtime/')

## rules: who may import whom, and what else archtest holds; the ten largest types
rules:
	$(GO) test ./internal/archtest
	@$(GO) test -v -run '^TestLargestTypes$$' ./internal/archtest | sed -n 's/.*go:[0-9]*: /  /p'

# With links at a public origin, and at whichever a request comes to.
## openapi: the API's description, by three programs that know what OpenAPI is
openapi: tools
	@mkdir -p build
	@for origin in '' https://meet.example.org; do \
		$(GO) run ./internal/api/describe $$origin > build/openapi.json && \
		$(NPM)/redocly lint --config .ci/npm/redocly.yaml --format=stylish build/openapi.json && \
		$(NPM)/spectral lint --ruleset .ci/npm/spectral.yaml --fail-severity=hint build/openapi.json && \
		$(NPM)/validate-api build/openapi.json || exit 1; \
	done

## size: the browser program within its budget
size: wasm
	@size=$$(wc -c < web/app.wasm.br); \
	echo "the browser program: $$size bytes of $(WASM_BUDGET) in brotli"; \
	if [ $$size -gt $(WASM_BUDGET) ]; then \
		echo "too large: see what it links with: $(JS) go list -deps ./app" >&2; exit 1; fi

## embed-size: the script for portals within its budget
embed-size:
	@size=$$(gzip -9 -n < web/embed/embed.js | wc -c); \
	echo "the script for portals: $$size bytes of $(EMBED_BUDGET) in gzip"; \
	if [ $$size -ge $(EMBED_BUDGET) ]; then \
		echo "too large: web/embed/embed.js is in pages that are not ours; leave to the frame what it can do" >&2; exit 1; fi

# It is for bundlers, so that nothing has to require() it.
## embed-package: the package for portals: what npm and TypeScript make of it, in React and Vue too
embed-package: tools
	@mkdir -p build
	$(NPM)/publint --strict web/embed
	@NO_COLOR=1 $(NPM)/attw --pack web/embed --profile esm-only --no-emoji > build/attw.txt || { cat build/attw.txt; exit 1; }
	$(NPM)/tsc -p .ci/npm/types

# Inputs that are only interesting are not minimised for long: with large seeds
# that would take all of the time.
## fuzz: every fuzz test, 30 seconds each
fuzz:
	@grep -rlE --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		grep -oE '^func Fuzz[A-Za-z0-9_]*' $$file | sed 's/func //' | while read -r name; do \
			$(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime 30s -fuzzminimizetime 10x ./$$(dirname $$file) || exit 1; \
		done || exit 1; \
	done

## bench: every benchmark
bench:
	$(GO) test -run '^$$' -bench . -benchmem $$($(GO) list ./... | grep -vE '/test/(browser|portal|proxies)')

## cover: how much of each package the tests run; the whole in build/cover.html
cover:
	@mkdir -p build
	$(GO) test -coverprofile build/cover.out $$($(GO) list ./... | grep -vE '/test/(browser|portal|proxies)')
	$(GO) tool cover -html build/cover.out -o build/cover.html

## tools: install what the tests need, if this user may (Debian)
tools:
	@.ci/tools

## clean: remove what was built; data stays
clean:
	rm -rf bin build web/app.wasm web/app.wasm.br web/app.wasm.gz web/wasm_exec.js
