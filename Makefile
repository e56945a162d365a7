# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
DATABASE ?= sqlite
VENV := .venv
BIN := $(VENV)/bin
# Where the demonstration keeps its SQLite file; removed by `make clean`.
DEMO := DEMO=1 PORT=$(PORT) $(BIN)/python manage.py
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: help setup run test lint types bench fuzz races messages lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run       the portal with its demonstration on http://127.0.0.1:$(PORT)/ (PORT=8001 make run)"
	@echo "make test      the whole test suite on SQLite (make test DATABASE=postgresql: on PostgreSQL)"
	@echo "make lint      style, templates, types, migrations"
	@echo "make format    what lint would change by itself"
	@echo "make fuzz      the long form of the tests on invented input"
	@echo "make races     1,000 visits sent from several sides at once (RACES=…; DATABASE=postgresql as above)"
	@echo "make bench     measurements at the size of a province"
	@echo "make screenshots  the pictures of docs/field.md anew (needs Chromium)"
	@echo "make messages  gather and compile the Vietnamese catalogue (needs gettext)"
	@echo "make lock      write the lock files anew"
	@echo "make setup     the environment alone"
	@echo "make clean     remove the environment and the demonstration's database"

# The stamps stand for "what the lock file names is installed".
$(BIN)/python:
	@echo "Environment: making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed."; exit 1)
	@$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); echo "On Debian: apt install python3-venv"; exit 1)

$(VENV)/.run: requirements.lock | $(BIN)/python
	@echo "Environment: installing what the portal needs"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(BIN)/python
	@echo "Environment: installing what the tests need as well"
	@$(INSTALL) -r requirements-dev.lock
	@touch $(VENV)/.run $@

setup: $(VENV)/.run

run: $(VENV)/.run
	@echo "Database: bringing var/gandan.sqlite3 up to date"
	@mkdir -p var
	@$(DEMO) migrate --verbosity 0
	@echo "Demonstration: loading the territory and its invented people"
	@$(DEMO) demo
	@echo "Server: starting the web server and the worker"
	@# In place of the shell, so that whoever stops make stops the server too.
	@exec env $(DEMO) serve

# By file: some build a world once for all their tests.
test: $(VENV)/.dev
	@DATABASE=$(DATABASE) $(BIN)/python -m pytest -q -n auto --dist loadscope $(ARGS)

# All of it is tried before it fails; -k lets `make` go on to the next.
lint: $(VENV)/.dev
	@$(MAKE) --no-print-directory --keep-going style templates migrations types

.PHONY: style templates migrations
style:
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .

templates:
	@$(BIN)/djlint --lint --quiet templates && $(BIN)/djade --check $$(find templates -name "*.html")

migrations:
	@DEMO=1 DATABASE_URL=sqlite:///:memory: $(BIN)/python manage.py makemigrations --check --dry-run

.PHONY: format
format: $(VENV)/.dev
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	@$(BIN)/djade $$(find templates -name "*.html")

# Words, questions and actions: the list is the one the law test keeps.
types: $(VENV)/.dev
	@DEMO=1 $(BIN)/mypy $$($(BIN)/python -m tests.typed)

# Another seed every time, told when something breaks; SEED=… tries the same once more.
FUZZ_FILES ?= 10000
KILLS ?= 50
fuzz: SEED := $(or $(SEED),$(shell date +%s))
fuzz: $(VENV)/.dev
	@echo "Fuzz: $(FUZZ_FILES) files and $(KILLS) kills of SEED=$(SEED), and the long form of every invented history"
	@HYPOTHESIS_PROFILE=long FUZZ_FILES=$(FUZZ_FILES) KILLS=$(KILLS) FUZZ_SEED=$(SEED) DATABASE=$(DATABASE) \
	$(BIN)/python -m pytest -q -n auto --dist loadscope -m "hypothesis or fuzz" $(ARGS)

# One after another, in one process: what races are the threads of each. SEED=1:17 runs race 17 of seed 1 again.
RACES ?= 1000
races: SEED := $(or $(SEED),$(shell date +%s))
races: $(VENV)/.dev
	@echo "Races: $(RACES) of SEED=$(SEED) on $(DATABASE)"
	@RACES=$(RACES) RACE_SEED=$(SEED) DATABASE=$(DATABASE) $(BIN)/python -m pytest -q tests/test_races.py $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench $(ARGS)

# Of the demonstration as it is today, in a database of its own.
.PHONY: screenshots
screenshots: $(VENV)/.dev
	@$(BIN)/python -m tests.screenshots

messages: $(VENV)/.dev
	@DEMO=1 $(BIN)/python manage.py makemessages -l vi --no-location --ignore "$(VENV)/*" --ignore "var/*" --ignore "tests/*"
	@msgcat --sort-output -o locale/vi/LC_MESSAGES/django.po locale/vi/LC_MESSAGES/django.po
	@DEMO=1 $(BIN)/python manage.py compilemessages -l vi --ignore $(VENV)

# pip-tools writes the lock; its own environment keeps it out of ours.
LOCK := $(VENV)/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: | $(BIN)/python
	@test -x $(VENV)/lock/bin/pip-compile || ($(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install -q pip-tools)
	@$(LOCK) -o requirements.lock pyproject.toml
	@$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	@rm -rf $(VENV) var/gandan.sqlite3*
