# Eight words and what they do; `make check` is exactly what CI runs.
.PHONY: build test sim bench fuzz format check demo

# The dashboard stays open after the demo; `make demo ONCE=1` ends by itself.
ONCE ?=
BUILD_FLAGS := --disable-index-store
DEBUG_FLAGS := $(BUILD_FLAGS) -debug-info-format none
RELEASE := .build/release/althing
QUIET := scripts/quiet

build:
	@scripts/bootstrap
	@$(QUIET) "building althing" swift build -c release $(BUILD_FLAGS) --product althing

test:
	@scripts/bootstrap test
	@$(QUIET) "building the tests" swift build --build-tests $(DEBUG_FLAGS)
	@bash -o pipefail -c "swift test --skip-build $(DEBUG_FLAGS) 2>&1 | scripts/summary"
	@$(QUIET) "building althing" swift build -c release $(BUILD_FLAGS) --product althing
	ALTHING=$(CURDIR)/$(RELEASE) .venv/bin/python -m pytest -q clients/python/tests Tests/EndToEnd Tests/Dashboard

demo: build
	@$(RELEASE) demo $(if $(ONCE),--once)

bench: build
	@$(RELEASE) bench all

# Long rounds of what `make test` runs in short: 200 kills, every write failing once.
sim: build
	@scripts/bootstrap test
	ALTHING=$(CURDIR)/$(RELEASE) ALTHING_KILLS=200 ALTHING_FAULTS=all \
		.venv/bin/python -m pytest -q Tests/EndToEnd

# SECONDS of fuzzing for each decoder.
SECONDS ?= 60
fuzz:
	@scripts/bootstrap
	@Fuzzing/run $(SECONDS)

format:
	swift format --in-place --recursive Sources Tests Package.swift

check: test
