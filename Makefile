# Everything one does here, for people and for CI. GNU make and a POSIX shell; needs Python 3.11 or newer and nothing else.
# `make` alone lists the targets. Whatever is missing is installed into .venv first.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
OURS := contracts services/chassis services/registration services/matching services/notify services/evaluation deploy/local deploy/manifests
LOCAL_HOME ?= .local
export LOCAL_HOME
LOCAL := $(BIN)/python -m ipraktik_local

# Tests run in two processes, each with servers of its own; WORKERS=0 runs them one after the other in one.
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder

# Files that a linter of their own reads, as far as they exist.
YAML = $(shell find . \( -name .venv -o -name .local -o -name .git -o -name node_modules \) -prune -o -type f \( -name '*.yaml' -o -name '*.yml' \) -print)
DOCKERFILES = $(shell find deploy -type f \( -name Dockerfile -o -name '*.Dockerfile' \))
COMPOSE = $(wildcard deploy/compose*.yaml)
SCRIPTS = .ci/run $(shell find deploy -type f -name '*.sh')

.PHONY: help setup native demo up down status test test-long lint format docs pages texts gate bench bench-matching observe deploy-check deploy-check-api image-root inventory doctor psql topics agency lock lock-judges clean

help: ## list what one can do here (this list)
	@echo 'make TARGET, where TARGET is one of:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/setup-done ## install everything into .venv (the other targets do it when needed)

native: setup ## compile the solver's core in place (needs a C compiler; the same files run without)
	@$(BIN)/python deploy/native.py matching --compiler required

demo: setup ## play a whole season on a simulated clock (PARTICIPANTS=142 SEED=2018; KEEP=0: leave with the outcome; SECURE=1: with logins)
	@PARTICIPANTS='$(PARTICIPANTS)' SEED='$(SEED)' KEEP='$(KEEP)' SECURE='$(SECURE)' $(BIN)/python -m ipraktik_local.season

up: setup ## start Kafka, PostgreSQL, mail and the services in the background; addresses go to .local/env (SECURE=1: Kafka with logins and rights)
	@SECURE='$(SECURE)' $(LOCAL) up

down: setup ## stop what `make up` started; the data stays
	@$(LOCAL) down

status: setup ## show the running processes and the addresses
	@$(LOCAL) status

test: lint gate ## lint, hold the contract against what was released, then all tests that take seconds
	$(PYTEST) tests -m 'not long'

test-long: setup ## the tests that take minutes: whole seasons, chaos, browsers
	$(PYTEST) tests -m long

lint: setup ## check style, types, YAML and container files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(if $(strip $(YAML)),$(BIN)/yamllint --strict -c deploy/local/yamllint.yaml $(YAML))
	$(if $(strip $(DOCKERFILES)),$(BIN)/hadolint $(DOCKERFILES))
	$(if $(strip $(COMPOSE)),$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec $(COMPOSE))
	$(BIN)/shellcheck $(SCRIPTS)

format: setup ## put the code into its form and mend what mends itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## write what is generated from the events: schemas, AsyncAPI, diagrams, examples, and the site for subscribers
	@$(BIN)/python -m ipraktik_contracts.publish
	@echo 'Open contracts/site/index.html'

pages: setup ## picture every page in every state, at a phone's and a desk's width, into docs/pages (needs Chromium)
	$(BIN)/python -m pytest -q tests/browser/pictures.py

texts: setup ## list texts of the pages that have no English, or that nothing says any more
	@$(BIN)/python deploy/texts.py missing

gate: setup ## hold today's events against every released version of the contract
	@$(BIN)/python -m ipraktik_contracts.gate

bench: setup ## measure, and write the figures into docs/benchmarks.md (SIZE=small|normal|large; ROWS='relay memory', pages or operations)
	@SIZE='$(SIZE)' PYTHONPATH=tests $(BIN)/python -m bench $(ROWS)

bench-matching: native $(VENV)/judges/done ## measure the solver against other solvers, and write the figures into docs/benchmarks.md (SIZE=small|normal|large; ROWS='core exact')
	@SIZE='$(SIZE)' PYTHONPATH='tests:$(VENV)/judges' $(BIN)/python -m bench_matching $(ROWS)

observe: setup ## run Prometheus with every alert rule against `make up` or `make demo`, and show the season passing through (needs Debian's prometheus)
	@$(BIN)/python -m ipraktik_local.watching.observe

deploy-check: setup ## check manifests, images, compose, rules and dashboards, without a cluster (OWN=1: yours are written in, no examples are left)
	$(BIN)/python -m pytest tests/deploy -m 'not long$(if $(OWN), and not as_delivered)' --ignore tests/deploy/local

deploy-check-api: setup ## apply the manifests to the empty cluster that KUBECONFIG names; it is filled and emptied again
	KUBECONFIG='$(KUBECONFIG)' $(BIN)/python -m pytest tests/deploy/k8s_api/on_a_cluster.py

image-root: setup ## build what an image would contain as a plain folder, and start it once (SERVICE=notify)
	@$(BIN)/python -m deploy.image_root '$(SERVICE)'

inventory: setup ## write what is in an image and under which licences (SERVICE=notify)
	@$(BIN)/python -m deploy.inventory '$(SERVICE)'

doctor: setup ## let every service of the stack look around and say what to do (SERVICE=matching: one)
	@$(LOCAL) doctor $(SERVICE) || [ $$? -eq 1 ] # a warning, as here LOCAL_STACK always is, is no error

psql: setup ## open a service's database: make psql SERVICE=matching
	@$(if $(SERVICE),$(LOCAL) psql '$(SERVICE)',echo 'Which service? make psql SERVICE=registration|matching|notify|evaluation' >&2; exit 2)

agency: setup ## on a secured stack: give an outside agency a login for the public topics (NAME=skat; REVOKE=1: take it back)
	@$(if $(NAME),$(LOCAL) agency '$(NAME)' $(if $(REVOKE),--revoke),echo 'Which agency? make agency NAME=skat (REVOKE=1 takes its login back)' >&2; exit 2)

topics: setup ## show the topics: partitions, how long they keep, how many records
	@$(LOCAL) topics

lock: setup ## resolve requirements.in anew into requirements.lock (UPGRADE=1: to the newest that fit)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		$(foreach package,$(notdir $(OURS)),--no-emit-package ipraktik-$(package)) \
		$(if $(UPGRADE),--upgrade) --group dev requirements.in --output-file requirements.lock

lock-judges: setup ## resolve the solvers of `make bench-matching` anew into requirements-judges.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--constraint requirements.lock --no-emit-package numpy --group judges --output-file requirements-judges.lock

clean: ## stop the stack and remove its data and what tools left (not .venv)
	@if [ -x $(BIN)/python ]; then $(LOCAL) down; fi
	rm -rf $(LOCAL_HOME) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +

# The first interpreter that is new enough: the one called python3, else one that carries its version in its name.
FIND_PYTHON = for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then break; fi; python=; done

$(BIN)/uv: Makefile
	@$(FIND_PYTHON); \
	if [ -z "$$python" ]; then \
		echo 'Python 3.11 or newer is needed. Install it (Debian, Ubuntu: sudo apt install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3' >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo 'This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv' >&2; exit 1; fi; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'
	@touch $@

$(VENV)/setup-done: $(BIN)/uv requirements.lock $(OURS:%=%/pyproject.toml)
	@echo 'Installing into $(VENV) ...'
	@VIRTUAL_ENV='$(CURDIR)/$(VENV)' $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV='$(CURDIR)/$(VENV)' $(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(OURS:%=--editable ./%)
	@touch $@

# Beside the packages, not among them: nothing but the benchmark may find them.
$(VENV)/judges/done: requirements-judges.lock $(VENV)/setup-done
	@echo 'Installing the judges into $(VENV)/judges ...'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps --target $(VENV)/judges -r requirements-judges.lock
	@touch $@
