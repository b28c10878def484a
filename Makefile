# The targets are what CI runs; `make check` is all of it. CONTRIBUTING has the table.

GO        ?= go
TOOL      := $(GO) tool -modfile=.github/tools.mod
FUZZTIME  ?= 5s

.PHONY: help build demo test race policies docs golden fmt lint vuln tidy sarif fuzz fuzz-graph differential mutations bench check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./guestward
	$(GO) build -o guestward ./cmd/guestward

demo: ## build and scan the made-up tenant
	$(GO) run ./cmd/guestward scan --demo

test: ## run every test, offline
	$(GO) test ./...

race: ## run every test under the race detector, the long ones shortened
	$(GO) test -race -short ./...

policies: ## run the policy gate alone: format, schema, metadata, Rego tests, coverage
	$(GO) test ./policies

docs: ## write the generated pages
	$(GO) run ./cmd/gendocs

golden: ## rewrite the expected outputs; look at the diff
	$(GO) test ./report ./collector/imports ./cmd/guestward -update

fmt: ## format Go and Rego
	gofmt -w cmd collector policies report
	$(TOOL) opa fmt -w policies

lint: ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l cmd collector policies report)" || { gofmt -l cmd collector policies report; echo "run make fmt"; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

vuln: ## govulncheck, where its database can be reached
	@if $(TOOL) govulncheck ./... 2> vuln.log; then rm -f vuln.log; \
	elif grep -qE 'dial tcp|no such host|connection refused|Forbidden|timeout|context deadline|502|503' vuln.log; then \
		echo "vulnerability database out of reach: not checked"; rm -f vuln.log; \
	else cat vuln.log; rm -f vuln.log; exit 1; fi

tidy: ## fail when go.mod is not tidy
	$(GO) mod tidy -diff

sarif: ## validate SARIF of every tenant with the SARIF multitool
	.github/sarif/check.sh

# Package and target of every fuzzer. Those of collector/graph are left to `make fuzz-graph`: instrumenting Microsoft's
# SDK for the fuzzer takes minutes.
FUZZERS := ./collector/snapshot:FuzzOpen ./collector/snapshot:FuzzCanonical ./collector/snapshot:FuzzRedact \
	./collector/imports:FuzzScubaGear ./collector/imports:FuzzTeams ./collector/sharepoint:FuzzAnswers \
	./collector/signin:FuzzReadClaims ./collector:FuzzSpool ./policies:FuzzSettings \
	./policies/access:FuzzModel ./policies/access/crosstenant:FuzzRead ./policies/access/syntax:FuzzParse \
	./policies/access/device:FuzzParse ./policies/access/membership:FuzzParse ./policies/access/network:FuzzParseRange

# A run may end with "context deadline exceeded" and no failing input; one that found something fails again, by its input.
fuzz: ## fuzz every reader of untrusted bytes, $(FUZZTIME) each
	@for f in $(FUZZERS); do echo "$$f"; \
		$(GO) test $${f%%:*} -run '^$$' -fuzz "^$${f##*:}\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || \
		$(GO) test $${f%%:*} -run '^$$' -fuzz "^$${f##*:}\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || exit 1; done

fuzz-graph: ## fuzz the readers of Graph's answers
	$(GO) test ./collector/graph -run '^$$' -fuzz '^FuzzPage$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./collector/graph -run '^$$' -fuzz '^FuzzDomainLimit$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./collector/graph -run '^$$' -fuzz '^FuzzDomainName$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x

differential: ## compare the model of access with its specification in Rego on 100,000 sign-ins and more
	$(GO) test ./policies -run "TestModelAgreesWithSpecification|TestLosingAValue" -signins 120000 -v -timeout 30m

mutations: ## change every setting of the hardened tenant and see that a rule notices, or why none does
	$(GO) test ./policies -run TestMutationsAreNoticed -mutations -v -timeout 60m

bench: ## compare speed and memory with opa eval and with what paging allows, as ratios of one run
	$(GO) test ./cmd/guestward -run '^$$' -bench . -benchtime 1x -timeout 60m
	$(GO) test ./policies/access -run '^$$' -bench . -benchtime 3x -cpu 1

check: lint tidy race vuln sarif fuzz ## everything that CI runs
