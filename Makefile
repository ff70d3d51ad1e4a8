# `make chat` and `make test` do all of their own set-up: Python 3.10+ and make are enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INDEX  ?= .dateline/index
export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM = false

.PHONY: chat test lint check baseline screenshots clean

chat: $(VENV)/.runtime
	$(BIN)/dateline index --index $(INDEX) corpus/articles
	$(BIN)/dateline serve --index $(INDEX)

test: lint check

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/.dev
	$(BIN)/pytest

# Renews what tests/test_gate.py holds the answers to; say in the CHANGELOG why.
baseline: $(VENV)/.dev
	$(BIN)/dateline index --rebuild --prune --index .dateline/baseline corpus/articles
	mkdir -p benchmarks/baseline
	set -e; for name in $(notdir $(basename $(wildcard corpus/questions/*.jsonl))); do \
	  $(BIN)/dateline eval corpus/questions/$$name.jsonl --index .dateline/baseline --today 2026-01-01 --json > .dateline/$$name.json; \
	  mv .dateline/$$name.json benchmarks/baseline/$$name.json; \
	done

# Makes the README's pictures anew; needs Chromium.
screenshots: $(VENV)/.dev
	$(BIN)/dateline index --index .dateline/baseline corpus/articles
	$(BIN)/python benchmarks/screenshots.py --index .dateline/baseline --out docs

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "Dateline needs Python 3.10 or newer; name one with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.runtime

clean:
	rm -rf $(VENV) .dateline build dist *.egg-info
