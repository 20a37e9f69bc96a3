# A fresh machine needs git, make, python3 (3.11 or newer) and pip, and nothing else.
#
#   PYTHON=python3.12     the interpreter that .venv is made with
#   VENV=.venv            where the libraries go; an existing one is adopted
#   PORT=8000             where `make run` listens
#   PIP_INDEX_URL=...     a mirror of the package index, honoured by pip and by uv
#   DATABASE_URL=..., REDIS_URL=...     real services instead of SQLite and eager tasks

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= auto
PYTEST_ARGS ?=

PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
PREPARE := $(MANAGE) migrate --verbosity 0 && $(MANAGE) load_reference --verbosity 0 && $(MANAGE) load_templates --verbosity 0
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
BENCH := $(VENV)/.bench-installed
LOCK := pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--no-strip-extras --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

export PORT
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

.DEFAULT_GOAL := help
.PHONY: help demo run worker test test-services lint format bench lock messages clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(RUN) ## Load the demonstration market, match it and print what was found
	@$(PREPARE)
	@$(MANAGE) seed_demo

run: $(RUN) ## Serve the market on PORT
	@$(PREPARE)
	@echo "Market     http://$(HOST):$(PORT)/"
	@echo "Workspace  http://$(HOST):$(PORT)/workspace/   (the web admin)"
	@echo "API        http://$(HOST):$(PORT)/api/v1/"
	@case "$${DJANGO_DEBUG:-on}" in on|1|true|True|yes) $(MANAGE) seed_demo --accounts ;; esac
	@$(MANAGE) runserver $(HOST):$(PORT)

worker: $(RUN) ## Work through the queue in REDIS_URL, with the clock beside it
	@test -n "$$REDIS_URL$$CELERY_BROKER_URL" || { echo "No queue to work on: set REDIS_URL, such as REDIS_URL=redis://127.0.0.1:6379/0. Without it tasks run at once, in the process that asks." >&2; exit 2; }
	@mkdir -p var
	@$(VENV)/bin/celery -A config worker --beat --schedule var/beat --loglevel INFO

test: $(DEV) ## The tests, on SQLite or on what DATABASE_URL and REDIS_URL name
	@$(PY) -m pytest -n $(WORKERS) $(PYTEST_ARGS)

test-services: $(DEV) ## The tests on real PostgreSQL, Redis and Chromium; a missing one is an error
	@test -n "$$DATABASE_URL" && test -n "$$REDIS_URL" || { echo "Set both, such as: make test-services DATABASE_URL=postgres://me:secret@127.0.0.1:5432/market REDIS_URL=redis://127.0.0.1:6379/0" >&2; exit 2; }
	@REQUIRE_SERVICES=1 $(PY) -m pytest -n $(WORKERS) $(PYTEST_ARGS)

lint: $(DEV) ## Style, types, the direction of imports, and that every test can be found
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo
	@found=$$($(PY) -m pytest -n 0 --collect-only -q 2>&1) || { echo "$$found" | grep -v '::'; exit 2; }

format: $(DEV) ## Lay the code out
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

bench: $(BENCH) ## Matching beside other libraries, contracts beside loading their rows, money beside inserting its rows
	@$(PY) -m benchmarks.matching --size $(or $(SIZE),100000)
	@$(PY) -m benchmarks.contracts_as_of
	@$(PY) -m benchmarks.settlement --obligations $(if $(filter full,$(SIZE)),100000,10000)

lock: pyproject.toml $(RUN) ## Resolve pyproject.toml anew into requirements/*.txt
	@command -v uv >/dev/null || test -x $(VENV)/bin/uv || $(PY) -m pip install --quiet uv
	@$(find_uv); "$$uv" $(LOCK) --upgrade -o requirements/run.txt
	@$(find_uv); "$$uv" $(LOCK) --upgrade --group dev -c requirements/run.txt -o requirements/dev.txt
	@$(find_uv); "$$uv" $(LOCK) --upgrade --group bench -c requirements/run.txt -o requirements/bench.txt

messages: $(DEV) ## Take up new sentences into the Chinese catalogue and compile it
	@$(PY) tools/messages.py

clean: ## Remove what tools left behind; .venv and the database stay
	@rm -rf .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage htmlcov var/static var/screenshots
	@find config marketplace matching tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Installing -----------------------------------------------------------------------------------------------

find_uv = uv=$$(command -v uv || { test -x $(VENV)/bin/uv && echo $(VENV)/bin/uv; } || true)

define check_version
$(1) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Python 3.11 or newer is needed; $(1) is $$($(1) -c 'import sys; print(sys.version.split()[0])'). Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12 VENV=.venv312" >&2; exit 2; }
endef

define install
@$(call check_version,$(PY))
@echo "Installing $(1) into $(VENV). The first time takes a minute or more." >&2
@$(find_uv); if test -n "$$uv"; then "$$uv" pip install --quiet --python $(PY) --require-hashes -r $(1); \
else $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
@touch $@
endef

$(PY):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name one: PYTHON=/path/to/python3" >&2; exit 2; }
	@$(call check_version,$(PYTHON))
	@$(find_uv); if test -n "$$uv"; then "$$uv" venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV); \
	else $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. On Debian and Ubuntu type: sudo apt-get install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 2; }; \
		$(PYTHON) -m venv $(VENV); fi

$(RUN): requirements/run.txt | $(PY)
	$(call install,requirements/run.txt)

$(DEV): requirements/dev.txt | $(PY)
	$(call install,requirements/dev.txt)

$(BENCH): requirements/bench.txt | $(PY)
	$(call install,requirements/bench.txt)
