# The words and what they do; `make check` is exactly what CI runs.
.PHONY: arm build test sim bench fuzz mutants format check demo

# The dashboard stays open after the demo; `make demo ONCE=1` ends by itself, STORY=1 tells only the
# story of one task, with its commands. DEMO_KILL=1 ends one of its validators with kill -9 in the
# middle, and brings it back.
ONCE ?=
DEMO_KILL ?=
STORY ?=
BUILD_FLAGS := --disable-index-store
DEBUG_FLAGS := -debug-info-format none
RELEASE := .build/release/althing
# Which commit it was built from is told by `althing status` and by every benchmark.
BUILD = $(QUIET) "building althing" swift build -c release $(BUILD_FLAGS) --product althing && \
	git describe --always --dirty > $(RELEASE).commit
QUIET := scripts/quiet
PYTEST := ALTHING=$(CURDIR)/$(RELEASE) .venv/bin/python -m pytest -q

build:
	@scripts/bootstrap
	@$(BUILD)

# Real processes on a busy machine now and then miss a deadline of the end-to-end tests: what failed is tried once more.
test:
	@scripts/bootstrap test
	@$(QUIET) "building the tests" swift build --build-tests $(DEBUG_FLAGS)
	@bash -o pipefail -c "swift test --skip-build $(DEBUG_FLAGS) 2>&1 | scripts/summary"
	@$(BUILD)
	$(RELEASE) simulate --seeds 1..200 --jobs 2
	scripts/same-trace 7 8
	cd clients/python && ../../.venv/bin/python -m pytest -q
	$(PYTEST) Tests/EndToEnd || $(PYTEST) --last-failed Tests/EndToEnd
	$(PYTEST) Tests/Dashboard
	promtool check rules deploy/prometheus/althing.rules.yml
	cd deploy/prometheus && promtool test rules althing.rules.test.yml

demo: build
	@$(RELEASE) demo $(if $(ONCE),--once) $(if $(STORY),--story) $(if $(DEMO_KILL),--kill)

bench: build
	@$(RELEASE) bench all

# Long rounds of what `make test` runs in short: thousands of seeds, 200 kills, every write failing once.
SEEDS ?= 1..4000
sim: build
	@scripts/bootstrap test
	$(RELEASE) simulate --seeds $(SEEDS) --jobs 2
	ALTHING_KILLS=200 ALTHING_FAULT_PLACES=$(shell seq -s, 1 3 90),3+,40+ $(PYTEST) Tests/EndToEnd
	scripts/soak --minutes 10

# SECONDS of fuzzing for each decoder.
SECONDS ?= 60
fuzz:
	@scripts/bootstrap
	@Fuzzing/run $(SECONDS)

# Seeded protocol bugs: what catches each, after how many seeds. None may survive.
mutants:
	@$(QUIET) "building the tests" swift build --build-tests $(DEBUG_FLAGS)
	@bash -o pipefail -c "ALTHING_MUTANTS=1 swift test --skip-build $(DEBUG_FLAGS) \
		--filter 'MutantTests/isCaught' 2>&1 | sed -n 's/^mutant  //p;/SURVIVES/q1'"

# The kernels for ARM against their portable twins, on an emulated processor.
arm:
	@scripts/arm-kernels

format:
	swift format --in-place --recursive Sources Tests Package.swift

check: test
