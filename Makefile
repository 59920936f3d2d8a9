# Two commands: `make run` and `make test`. Each installs what is missing, builds, and goes.

SWIFT ?= swift
export SWIFT
BIN = .build/release/clusterdns
# The program carries Swift's libraries: it runs where no Swift is, starts a tenth faster and takes 2 MiB less.
ALONE = --static-swift-stdlib -Xlinker --no-export-dynamic
DEPS = .build/.dependencies-installed
PACKAGES = libldns-dev libyaml-dev libssl-dev
FUZZ = WireFuzz ResponseFuzz DocumentFuzz CorefileFuzz
BENCH_PACKAGES = binutils gcc libc6-dev valgrind
# User-space instructions of a UDP query that CI allows; docs/benchmark.md says what is counted.
INSTRUCTION_BUDGET = 1000
TEST_PACKAGES = bind9-dnsutils busybox-static curl iproute2 knot-dnsutils ldnsutils musl-tools openssl prometheus \
	python3 unbound

.PHONY: run build test fuzz bench bench-instructions format lint clean

run: build
	$(BIN) serve zones/demo --listen 127.0.0.1:5300

build: $(DEPS)
	$(SWIFT) build -c release --product clusterdns $(ALONE)

test: $(DEPS)-test
	$(SWIFT) build --build-tests
	# In groups, one after the other, so that nobody waits for anybody: those that block threads on bare sockets, those
	# that start programs, those with clocks and sockets on event loops, and those that compute.
	Tests/run.sh --filter LinuxIOTests
	Tests/run.sh --filter ServingTests
	Tests/run.sh --filter ScenarioTests
	Tests/run.sh --filter PluginsTests
	Tests/run.sh --skip LinuxIOTests --skip ServingTests --skip ScenarioTests --skip PluginsTests
	for target in $(FUZZ); do Tests/Fuzz/run.sh $$target 60 5000 || exit 1; done

fuzz: $(DEPS)
	for target in $(FUZZ); do Tests/Fuzz/run.sh $$target 300 || exit 1; done

bench: build
	python3 Tests/Benchmark/bench.py --bin $(BIN) $(BENCH)

bench-instructions: build $(DEPS)-bench
	python3 Tests/Benchmark/bench.py --callgrind --only clusterdns --bin $(BIN) --budget $(INSTRUCTION_BUDGET)

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

clean:
	$(SWIFT) package clean

$(DEPS):
	.ci/install $(PACKAGES)
	@mkdir -p $(@D) && touch $@

$(DEPS)-test: $(DEPS)
	.ci/install $(TEST_PACKAGES)
	@touch $@

$(DEPS)-bench: $(DEPS)
	.ci/install $(BENCH_PACKAGES)
	@touch $@
