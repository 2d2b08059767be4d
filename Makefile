# Two commands do everything, each complete in itself: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REPLICATES ?= 20

.PHONY: demo test test-slow lint bench clean help

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/'

$(VENV)/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

demo: $(VENV)/run.stamp  ## compare every policy of the Chenzhou scenario; tables on screen, charts in results/demo
	$(BIN)/relocsim compare scenarios/chenzhou.yaml --replicates $(REPLICATES) $(SETTINGS) --out results/demo --force

test: $(VENV)/test.stamp lint  ## the fast suite, under two minutes
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/test.stamp  ## the statistical suite
	RELOCSIM_FINDINGS=docs/findings.json $(BIN)/python -m pytest -m slow

lint: $(VENV)/test.stamp  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/test.stamp  ## speed, as ratios in one run
	$(BIN)/python -m benchmarks

clean:  ## remove the environment and results
	rm -rf $(VENV) results build *.egg-info
