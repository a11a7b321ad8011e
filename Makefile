# Every target works in .venv, which it makes and fills itself: needed are Python, make and git.
PYTHON   ?= python3
VENV     := .venv
RUN      := $(VENV)/bin/python
PIP      := $(RUN) -m pip install -qq --disable-pip-version-check
PEERS    := .peers
NOTEBOOK := notebooks/01_quickstart.ipynb

.PHONY: help quickstart notebooks binder lab test bench peers contract chromium
.NOTPARALLEL:  # one pip at a time in one .venv

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

quickstart: $(VENV)/.notebook ## run the first notebook, offline, into out/
	@$(RUN) notebooks/execute.py $(NOTEBOOK) --out out
	@echo "The speech in it is the sandbox's: made on this machine, without a key and without Cartesia."
	@echo "make lab opens the same notebook in JupyterLab."

notebooks: $(VENV)/.notebook ## run all notebooks, offline, into out/
	@$(RUN) notebooks/execute.py notebooks/*.ipynb --out out

binder: ## what Binder does, in a clean environment (ARGS=notebooks/02_*.ipynb)
	@binder/check $(ARGS)

lab: $(VENV)/.lab ## open the first notebook in JupyterLab
	@$(RUN) -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) $(NOTEBOOK) $(ARGS)

test: $(VENV)/.test ## ruff, mypy, pytest (ARGS="-k voices" goes to pytest)
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest $(ARGS)

bench: $(VENV)/.bench ## measure against the peers' packages
	@$(RUN) benchmarks $(ARGS)

peers: $(PEERS)/cartesia-2.0.17/.installed $(PEERS)/cartesia-js-4.2.0/.installed $(PEERS)/axe-core-4.14.1/.installed ## what judges: the official SDKs, and axe-core

contract: $(VENV)/.contract ## every call and answer against the published contract (SPEC=openapi.yaml)
	@PYTHONPATH=tests:tests/client $(RUN) tests/contract/check.py $(SPEC)

chromium: ## install Chromium for the browser tests, unless there is one
	@$(PYTHON) tests/browser/chromium.py

# $(VENV)/.NAME: the package, its sandbox and the dependency group NAME are installed as pyproject.toml
# says now. One call of pip for all three, so that they are resolved together.
$(VENV)/.%: pyproject.toml $(VENV)/.pip
	@echo "installing into $(VENV): cartesia_nb[sandbox] and what $* needs ..." >&2
	@$(PIP) --editable '.[sandbox]' --group $*
	@touch $@

# The official Python SDK of 2024-11-13 has the import name of the newest one: it lives alone.
$(PEERS)/cartesia-%/.installed:
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check cartesia==$*
	@touch $@

$(PEERS)/cartesia-js-%/.installed:
	@command -v npm >/dev/null || { echo "The JavaScript SDK needs Node.js 20 or newer, with npm." >&2; exit 1; }
	@mkdir -p $(@D)
	@npm install --silent --no-audit --no-fund --no-save --prefix $(@D) @cartesia/cartesia-js@$*
	@touch $@

# What judges the accessibility of forms, in the browser tests.
$(PEERS)/axe-core-%/.installed:
	@command -v npm >/dev/null || { echo "axe-core comes with npm, of Node.js 20 or newer." >&2; exit 1; }
	@mkdir -p $(@D)
	@npm install --silent --no-audit --no-fund --no-save --prefix $(@D) axe-core@$*
	@touch $@

# An environment whose pip knows dependency groups. One without a working pip is made anew.
$(VENV)/.pip:
	$(if $(shell $(PYTHON) -c 'import sys; sys.version_info < (3, 11) or print("yes")' 2>/dev/null),,\
		$(error $(PYTHON) is not Python 3.11 or newer: name one that is, as in make PYTHON=python3.12))
	$(if $(shell $(PYTHON) -c 'import ensurepip, venv; print("yes")' 2>/dev/null),,\
		$(error $(PYTHON) has no venv module: install it (Debian, Ubuntu: python3-venv)))
	@$(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --upgrade 'pip>=25.1'
	@touch $@
