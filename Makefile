# Every chore. `make` alone lists them; it needs Python 3.11 or newer, and nothing else that is not on this page.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= var
# Starts whole cities and kills their parts: half a minute each time that nothing else has to wait for.
WHOLE := tests/deploy/test_up.py
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet --no-deps --only-binary :all: --require-hashes
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help run manage rehearse test lint format messages smoke journeys picture faults bench lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: $(VENV)/.runtime ## Run a whole demonstration city until Ctrl-C: make run PORT=8123 DATA=../city
	@PORT="$(PORT)" DATA="$(DATA)" exec $(BIN)/python -m deploy.up

manage: $(VENV)/.runtime ## Run Django's command line against the running city: make manage ARGS="showmigrations"
	@DATA="$(DATA)" exec $(BIN)/python -m deploy.manage_running $(ARGS)

rehearse: $(VENV)/.runtime ## A city's dress rehearsal on this machine: make rehearse ARGS="--people 100000"
	@exec $(BIN)/python -m deploy.rehearse $(ARGS)

test: lint ## Check the style, then run every test against a real PostgreSQL and Valkey
	$(BIN)/python -m pytest -n 3 --dist loadfile -q --ignore=$(WHOLE) $(ARGS)

journeys: $(VENV)/.dev ## Make everybody's journeys in a real browser: make journeys ARGS="-k elder"
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -c tests/browser/pytest.ini tests/browser -q --output test-artifacts/failures $(ARGS)

picture: $(VENV)/.dev ## Take the README's picture anew: choosing a time, and the confirmation
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m tests.browser.picture

lint: $(VENV)/.dev ## Check style, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Put the source into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

smoke: $(VENV)/.dev ## Start a city from nothing, as a newcomer would, and walk through a booking
	$(BIN)/python -m tests.smoke
	$(BIN)/python -m pytest -q $(WHOLE)

faults: $(VENV)/.dev ## Break things in the middle of a rush and check that nothing is lost or oversold
	$(BIN)/python -m tests.faults $(ARGS)

bench: $(VENV)/.dev ## Measure the booking rush: make bench ARGS="--help"
	$(BIN)/python -m tests.bench $(ARGS)

messages: $(VENV)/.dev ## Gather the strings to translate and compile the catalogue
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m deploy.messages

lock: $(VENV)/.dev ## Write the lock files anew from pyproject.toml
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## Remove the virtual environment and what tools left behind; data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache tests/browser/.pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/it …")'
	$(PYTHON) -m venv $(VENV)

# The stamps say which lock file was installed last.
$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "Installing what requirements.lock names"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(BIN)/python
	@echo "Installing what requirements-dev.lock names"
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime
