# Suivi. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# the compiled bytecode halves every start; LANG=C must not break French names
RUN := env -u PYTHONDONTWRITEBYTECODE PYTHONUTF8=1

.PHONY: help run up setup setup-dev test lint docs lock clean secrets bench-reading bench-registers bench-sheets bench-nights bench-region bench-ors

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

run: setup  ## tonight's run on the sample drive, with embedded services; prints what it did
	@$(RUN) $(BIN)/python -m stack run

up: setup  ## stay up: Airflow UI, sheet viewer, dashboard (Ctrl-C stops)
	@$(RUN) $(BIN)/python -m stack up

setup: $(VENV)/.runtime  ## the environment that `run` needs

setup-dev: $(VENV)/.development  ## the environment that `test` needs

test: setup-dev  ## all tests, style and types
	@$(RUN) $(BIN)/ruff check . && $(RUN) $(BIN)/ruff format --check . && $(RUN) $(BIN)/lint-imports --no-logo \
	  && $(RUN) $(BIN)/mypy && $(RUN) $(BIN)/python -m pytest -n $${TEST_WORKERS:-2} --dist loadscope

lint: setup-dev  ## mend style, show what is left
	@$(RUN) $(BIN)/ruff check --fix . ; $(RUN) $(BIN)/ruff format .

bench-reading: setup-dev  ## reading and extraction against their floors
	@$(RUN) $(BIN)/python -m suivi.documents.bench

bench-registers: setup  ## rebuilding the registers of 100, 300 and 1,000 meetings
	@$(RUN) $(BIN)/python -m suivi.registers.bench

bench-sheets: setup-dev  ## publishing against clear-and-write and gspread-dataframe
	@$(RUN) $(BIN)/python -m suivi.publish.bench

bench-nights: setup  ## a no-change night beside an empty DAG of the same tasks
	@$(RUN) $(BIN)/python -m stack.bench

bench-region: setup  ## a hundred clusters: parsing them, and one no-change night of each in two processes
	@$(RUN) $(BIN)/python -m stack.bench_region

bench-ors: setup-dev  ## pushing to and reading from the ORS service
	@$(RUN) $(BIN)/python -m ors.bench

secrets: setup  ## random passwords and keys for docker compose, as files under secrets/
	@$(RUN) $(BIN)/python -m stack.secrets

docs: setup-dev  ## renew what the README generates: data dictionary, routes of the ORS
	@$(RUN) $(BIN)/python -m suivi.dictionary README.md

lock: setup-dev  ## resolve the lock files anew from pyproject.toml
	@$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
	  -o requirements.lock
	@$(BIN)/uv pip compile -q pyproject.toml --group dev -c requirements.lock --generate-hashes --no-emit-index-url \
	  --universal --python-version 3.11 -o requirements-dev.lock
	@$(BIN)/uv pip compile -q pyproject.toml requirements-region.in -c requirements-dev.lock --generate-hashes \
	  --no-emit-index-url --universal --python-version 3.11 -o requirements-region.lock

clean:  ## remove the environment and all run-time state (var/)
	rm -rf $(VENV) var

$(BIN)/uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Suivi needs Python 3.11 or newer; set PYTHON=/path/to/python3.11 (make run PYTHON=…)." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "No virtual environment could be made; on Debian: apt-get install python3-venv." >&2; exit 2; }
	@echo "Setting up: uv"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $(BIN)/uv

# `sync` removes what the lock does not name, so the larger environment is kept once it is there
$(VENV)/.runtime: $(BIN)/uv requirements.lock pyproject.toml
	@echo "Setting up: what Suivi needs to run"
	@if test -f $(VENV)/.development; then $(MAKE) --no-print-directory setup-dev; else \
	  $(RUN) $(BIN)/uv pip install -q --system-certs --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock; fi
	@$(RUN) $(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --no-index -e .
	@touch $(VENV)/.runtime

$(VENV)/.development: $(BIN)/uv requirements-dev.lock pyproject.toml
	@echo "Setting up: what the tests need"
	@$(RUN) $(BIN)/uv pip sync -q --system-certs --python $(BIN)/python --require-hashes --compile-bytecode requirements-dev.lock
	@$(RUN) $(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --no-index -e .
	@touch $(VENV)/.development $(VENV)/.runtime
