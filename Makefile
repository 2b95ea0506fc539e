# What a developer and CI run; `make` alone lists it.
#
# Needs GNU make, git and Python 3.11 or later; everything else goes into .venv, from
# pinned hashes. Only `system-deps` (for `test-full`) touches the machine.

PYTHON ?= python3
WORKERS ?= auto
UV ?= uv==0.13.9

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
BUILD_TOOLS := deploy/container/build-requirements.txt
FAST := not slow and not system
SPREAD := -n $(WORKERS) --dist worksteal
# prometheus is for promtool; where systemd runs, its server starts: systemctl disable --now prometheus
SYSTEM_PACKAGES := systemd buildah podman runc mmdebstrap nodejs npm chromium prometheus

# The tool that pins: its universal resolution holds for every platform and Python >= 3.11,
# and what is pinned already stays unless UPGRADE is given. No header: it would name a path.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	--no-annotate --python-version 3.11 $(if $(UPGRADE),--upgrade)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start hundreds of processes: without kept bytecode each compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup check test test-full system-deps demo bench lock docs clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP)  ## Install everything into .venv (PYTHON=python3.12 chooses another Python)

# Build tools come first and builds are not isolated, so that nothing unpinned ever runs:
# sdnotify is published as source only.
$(STAMP): constraints.txt $(BUILD_TOOLS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'syncd needs Python 3.11 or later; name one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12' >&2; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r $(BUILD_TOOLS)
	$(BIN)/pip install --quiet --require-hashes --no-build-isolation -r constraints.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

check: $(STAMP)  ## Lint, types, import contracts, and whether the generated reference is current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/syncd reference --check

test: check  ## check, then the fast tests; core/ and domain/ stay 95 % branch-covered
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SPREAD) -m "$(FAST)" tests/unit
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='syncd/core/*,syncd/domain/*' --skip-covered --fail-under=95
	$(BIN)/pytest $(SPREAD) -m "$(FAST)" --ignore=tests/unit

test-full: system-deps test  ## test, then what takes minutes or needs more than Python
	$(BIN)/pytest $(SPREAD) -m "slow or system"

system-deps:  ## Debian packages that the system tests need (asks for root)
	@command -v apt-get >/dev/null || { \
		echo 'no apt-get here: install yourself: $(SYSTEM_PACKAGES)' >&2; exit 1; }
	@dpkg -s $(SYSTEM_PACKAGES) >/dev/null 2>&1 || { \
		sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
		$$sudo apt-get update --quiet && \
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get install --yes --quiet --no-install-recommends \
			$(SYSTEM_PACKAGES); }

demo: $(STAMP)  ## Watch the whole job being done on a pair of CRMs in a box
	$(BIN)/syncd demo

bench: $(STAMP)  ## Measure; nothing is gated
	$(BIN)/python -m tests.benchmarks.run

lock: $(STAMP)  ## Pin the dependencies anew from pyproject.toml (UPGRADE=1: newest versions)
	$(BIN)/pip install --quiet '$(UV)'
	$(COMPILE) --extra dev pyproject.toml --output-file constraints.txt
	$(COMPILE) --constraint constraints.txt pyproject.toml --output-file deploy/container/requirements.txt
	printf '%s\n' hatchling setuptools | $(COMPILE) --constraint constraints.txt - --output-file $(BUILD_TOOLS)

docs: $(STAMP)  ## Write docs/METRICS.md from the definitions
	$(BIN)/python -c 'from syncd.measure.metrics_page import page; print(page(), end="")' > docs/METRICS.md

clean:  ## Remove .venv and everything generated that is not checked in
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find syncd tests -name __pycache__ -type d -prune -exec rm -rf {} +
