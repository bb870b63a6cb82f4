# `make help` lists what there is.
SHELL := /bin/sh
BIN := .venv/bin
# In .venv is pip, what running needs, all.
MADE := .venv/.made
RUNS := .venv/.runs
ALL := .venv/.all
# Compiling all of it would take as long again; Python compiles what is imported. All that is needed is
# locked, so no package is asked what it depends on.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps \
    --require-hashes -r
NODE := node_modules/.installed
NPX := PATH="$(CURDIR)/$(BIN):$$PATH" npx --no-install
DOCS := functions/system/docs.html
TEST_PROCESSES ?= 3
SECURITY := .venv-security
export PYTHONPATH := functions:layers/nexus:.
export SAM_CLI_TELEMETRY := 0
# What is installed comes uncompiled. Where the environment forbids Python to keep what it compiles,
# each of the many processes that the tests start would compile it all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## What can be made
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUNS) $(DOCS) ## Serve the API on http://127.0.0.1:8000 with its own PostgreSQL
	@exec $(BIN)/python -m local

.PHONY: password
password: $(RUNS) ## Set a new password for an administrator of the local database
	@exec $(BIN)/python -m local.password

.PHONY: housekeeping
housekeeping: $(RUNS) ## Run a scheduled job on the local database: JOB=expire-sessions, DRY_RUN=1 to count only
	@exec $(BIN)/python -m local.job

.PHONY: test
test: ## All checks and all tests
	@# What installs the one need not wait for the other.
	@$(MAKE) --no-print-directory --jobs=4 --output-sync types lint document pgbouncer chromium
	@$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: check types lint document
check: ## Formatter, linter, types, templates, API document, generated files
	@# The types take as long as all others together.
	@$(MAKE) --no-print-directory --jobs=2 --output-sync types lint document

types: $(ALL)
	@$(BIN)/mypy

lint: $(ALL) $(DOCS)
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/cfn-lint
	@$(BIN)/python -m infra.generate --check

document: $(NODE)
	@$(NPX) redocly lint functions/system/openapi.json
	@$(NPX) spectral lint --fail-severity=hint functions/system/openapi.json

.PHONY: format
format: $(ALL) ## Format the code and repair what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: generate
generate: $(ALL) ## Write what follows from the apps: the gateway's definition, the API document, the rights
	$(BIN)/python -m infra.generate

.PHONY: build
build: $(ALL) $(DOCS) ## Build what is deployed
	PYTHON=$(CURDIR)/$(BIN)/python $(BIN)/sam build

.PHONY: deploy
deploy: $(ALL) ## Deploy to AWS and ask whether it answers: ENV=staging or production, see samconfig.toml
	@# Who may not is told so before a minute of building.
	@$(BIN)/python -m infra.deploy --look
	@$(MAKE) --no-print-directory build
	@exec $(BIN)/python -m infra.deploy

.PHONY: deploy-local
deploy-local: $(ALL) $(DOCS) ## Deploy to an AWS emulator on this machine with the SAM CLI
	@exec $(BIN)/python -m local.deploy

.PHONY: stop-local
stop-local: $(ALL) ## End that emulator and what is deployed there; its database stays
	@exec $(BIN)/python -m local.deploy --stop

.PHONY: docs-pictures
docs-pictures: $(ALL) $(DOCS) chromium ## Take the pictures of the docs page that are in docs/pictures
	@$(BIN)/python -m tests.local.docs_pictures

.PHONY: bench
bench: $(ALL) $(DOCS) ## Measure, each file of bench/ by itself
	@for file in $$(grep -l '^def main' bench/[a-z]*.py); do \
	    name=$$(basename $$file .py); echo "== $$name"; \
	    $(BIN)/python -m bench.$$name || exit 1; \
	done

.PHONY: soak
soak: $(ALL) $(DOCS) pgbouncer ## Faults at random under load, outside CI: MINUTES=3, SEED= of a run to repeat
	@$(BIN)/python -m tests.attack.soak

.PHONY: security
security: $(SECURITY)/.installed ## Look at the templates for weaknesses, outside CI
	@$(SECURITY)/bin/checkov --config-file .checkov.yaml

$(SECURITY)/.installed: requirements-security.txt
	@python=$$(sh local/find-python.sh) || exit 1; $$python -m venv --clear $(SECURITY)
	@$(SECURITY)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.PHONY: lock
lock: $(ALL) ## Pin the packages anew (see requirements-dev.in)
	$(BIN)/python -m local.lock

.PHONY: clean
clean: ## Remove what was built and installed; the data in .local stays
	rm -rf .venv node_modules $(SECURITY) .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis build $(DOCS)
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

.PHONY: .venv
.venv: $(ALL) ## Install the locked packages

$(MADE): requirements-dev.txt local/find-python.sh
	@# --clear would empty what a link leads to.
	@test ! -L .venv || { echo ".venv is a link: run make where it leads to." >&2; exit 1; }
	@python=$$(sh local/find-python.sh) || exit 1; $$python -m venv --clear .venv
	@# Python's own pip reads the index in twice the time.
	@sed -n '/^pip==/,/[^\\]$$/p' requirements-dev.txt > .venv/pip.txt
	@$(INSTALL) .venv/pip.txt
	@touch $@

$(RUNS): requirements-run.txt $(MADE)
	@echo "Installing what running needs into .venv (a minute or two, once) ..."
	@$(INSTALL) $<
	@touch $@

# At once, for pip begins slowly: what running needs is among it.
$(ALL): requirements-dev.txt $(MADE)
	@echo "Installing all packages into .venv (a few minutes, once) ..."
	@$(INSTALL) $<
	@touch $(RUNS) $@

# Node.js is one of the packages in .venv.
$(NODE): package-lock.json package.json $(ALL)
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent
	@touch $@

$(DOCS): $(MADE) docs/guide.md $(wildcard local/docs_page.*)
	@$(BIN)/python -m local.docs_page

.PHONY: pgbouncer chromium
chromium: pgbouncer # apt-get does one thing at a time
pgbouncer chromium:
	@sh local/install-package.sh $@
