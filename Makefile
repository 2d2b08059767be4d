# Two commands do everything, each complete in itself: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
VIZ := .venv-viz
APP := .venv-app
REPLICATES ?= 20
# processes among which tests are shared: WORKERS=0 for none
WORKERS ?= 2
FAST := -m "not slow" --ignore tests/slow --ignore tests/look --ignore tests/app -n $(WORKERS) --dist worksteal

.PHONY: demo test fast test-slow test-lowest test-look test-app lint messages pictures bench clean help

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/'

$(VENV)/run.stamp: pyproject.toml constraints.txt $(wildcard relocsim/kernels/*.[ch])
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

demo: $(VENV)/run.stamp  ## compare every policy of the Chenzhou scenario; tables on screen, charts in results/demo
	$(BIN)/relocsim compare scenarios/chenzhou.yaml --replicates $(REPLICATES) $(SETTINGS) --out results/demo --force

test: $(VENV)/test.stamp  ## the fast suite, with style and types beside it
	@$(MAKE) --no-print-directory -j2 lint fast

fast: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(FAST)

test-slow: $(VENV)/test.stamp  ## the statistical suite
	RELOCSIM_FINDINGS=docs/findings.json $(BIN)/python -m pytest -m slow

# style and types are for one version to judge: no lint here
test-lowest: $(LOWEST)/test.stamp  ## the fast suite on the lowest versions allowed (PYTHON=python3.11)
	$(LOWEST)/bin/python -m pytest $(FAST)

$(LOWEST)/test.stamp: pyproject.toml constraints-lowest.txt
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-lowest.txt -e ".[test]"
	@touch $@

test-look: $(VIZ)/test.stamp  ## Mesa's page of a run, built and stepped (extra viz), and in the system's Chromium where there is one
	$(VIZ)/bin/python -m pytest tests/look

$(VIZ)/test.stamp: pyproject.toml constraints.txt $(wildcard relocsim/kernels/*.[ch])
	$(PYTHON) -m venv $(VIZ)
	$(VIZ)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,viz]" playwright
	@touch $@

test-app: $(APP)/test.stamp  ## the planner's page in the system's Chromium (extras app and browser)
	$(APP)/bin/python -m pytest tests/app $(TESTED)

$(APP)/test.stamp: pyproject.toml constraints.txt $(wildcard relocsim/kernels/*.[ch])
	$(PYTHON) -m venv $(APP)
	$(APP)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,app,browser]"
	@touch $@

lint: $(VENV)/test.stamp  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

messages: $(VENV)/run.stamp  ## collect new messages of charts, reports and pages for translation (relocsim/language/zh)
	$(BIN)/pybabel -q extract --no-location --omit-header --no-default-keywords -k words -k message -k plural:1,2 -o build/messages.pot relocsim
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --omit-header -N -l zh -i build/messages.pot -o relocsim/language/zh/messages.po

pictures: $(VENV)/test.stamp $(APP)/test.stamp  ## draw the pictures of README, charts and briefings anew (chromium, pdftoppm, soffice)
	$(BIN)/python docs/draw_pictures.py
	$(APP)/bin/python docs/draw_app.py

bench: $(VENV)/test.stamp  ## speed, as ratios in one run
	$(BIN)/python -m benchmarks

clean:  ## remove the environments and results
	rm -rf $(VENV) $(LOWEST) $(VIZ) $(APP) results build *.egg-info
