# Everything a person does with a checkout. `make` alone shows what there is.
#
#   make run                  set up, build the index, serve the page
#   make PYTHON=… VENV=… run  with another interpreter, or another place for the virtual environment

SHELL := /bin/sh
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 7860
# As typed: a dollar sign in a question is not make's.
export QUESTION := $(value Q)

# The first Python of at least 3.11 on the PATH (a pyenv shim without a version behind it fails the -c).
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v $$p; break; }; done)
TORCH := $(shell sed -n 's/^torch==.*/&/p' constraints.txt)
BIN := $(VENV)/bin
INDEX := $(or $(YINJU_INDEX),index)

# Packages that come as source are built with pinned tools as well (pip 25.3 and later read this).
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_BUILD_CONSTRAINT=constraints.txt $(BIN)/python -m pip install
# Stamps: a step is done again only when what it depends on has changed.
CREATED := $(VENV)/.created
TORCHED := $(VENV)/.torch
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run build ask question eval gate test check

help: ## this list
	@echo "Targets:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

run: build ## set up, build index/ from seeds/, serve the page on 127.0.0.1:7860
	@echo "==> Serving the page on http://$(HOST):$(PORT) (Ctrl-C stops it)"
	@exec $(BIN)/yinju serve --host $(HOST) --port $(PORT)

build: $(INSTALLED) ## index seeds/ into index/ (files that have not changed are not done again)
	@echo "==> Building $(INDEX)/ (unchanged files are skipped)"
	@$(BIN)/yinju build

ask: question $(INSTALLED) ## one answer on the command line: make ask Q="2024年南山區GDP是多少?"
	@ls "$(INDEX)" 2>/dev/null | grep -qv '^README' || $(MAKE) --no-print-directory build
	@$(BIN)/yinju ask $(ARGS) -- "$$QUESTION"

# Before anything is installed for it.
question:
	@test -n "$$QUESTION" || { echo 'make ask needs a question: make ask Q="2024年南山區GDP是多少?"' >&2; exit 2; }

eval: build ## score the evaluation sets (ARGS="--split all", ARGS="evals/nanshan.jsonl" …)
	@$(BIN)/yinju eval $(ARGS)

gate: build ## the evaluation gate: fails below the thresholds of evals/thresholds.toml
	@$(BIN)/yinju eval --gate $(ARGS)

test: $(DEVELOPED) ## set up and run the tests (ARGS="-k figures" …)
	@echo "==> Running the tests"
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEVELOPED) ## lint, formatting and types
	@echo "==> ruff check"
	@$(BIN)/ruff check .
	@echo "==> ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "==> mypy"
	@$(BIN)/mypy

$(CREATED):
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later on the PATH. Install one (Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3 run" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments. Install its venv package (Debian: apt install python3-venv), or name another: make PYTHON=/path/to/python3 run" >&2; exit 1; }
	@echo "==> Making a virtual environment in $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

# torch first and alone: resolved together with the rest, another build of it may be chosen.
$(TORCHED): $(CREATED) constraints.txt
	@echo "==> Installing $(TORCH) (about 200 MB: a few minutes)"
	@$(PIP) $(TORCH) -c constraints.txt
	@touch $@

$(INSTALLED): $(TORCHED) pyproject.toml
	@echo "==> Installing yinju and its pinned dependencies (a few minutes)"
	@$(PIP) -c constraints.txt -e .
	@touch $@

$(DEVELOPED): $(INSTALLED)
	@echo "==> Installing what tests and checks need"
	@$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@
