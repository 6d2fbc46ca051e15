# Needs Python 3.11 or newer and make, nothing else: every target first makes its own .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
TESTS := $(BIN)/python -m pytest --quiet

.DEFAULT_GOAL := help
.PHONY: help run test test-slow lint bench bench-quick install clean

help:
	@echo "make run        compare the investments of the giga-casting plant; table here, report in out/"
	@echo "make test       all tests but the slow ones"
	@echo "make test-slow  the slow tests"
	@echo "make lint       ruff and mypy"
	@echo "make bench      speed, as ratios; some minutes, compared with earlier runs"
	@echo "make bench-quick  the same small, a minute; only wrong answers fail"
	@echo "make install    only the virtual environment"
	@echo "make clean      removes what the others made"

run: $(STAMP)
	@$(BIN)/factory-sim study layouts/giga_casting_study.toml --out out

test: $(STAMP)
	@$(TESTS) -n 2

test-slow: $(STAMP)
	@$(TESTS) -m slow

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(STAMP)
	@$(BIN)/python benchmarks/kernels.py --history benchmarks/history/kernels.jsonl
	@$(BIN)/python benchmarks/first_use.py
	@$(BIN)/python benchmarks/event_loop.py
	@$(BIN)/python benchmarks/scaling.py
	@$(BIN)/python benchmarks/runner.py

# A minute; fails on a wrong answer, never on the clock.
bench-quick: $(STAMP)
	@$(BIN)/python benchmarks/kernels.py --quick
	@$(BIN)/python benchmarks/first_use.py --quick

install: $(STAMP)

# The stamp is younger than what it depends on if the environment is complete; an old one is made again from nothing.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		f"Python 3.11 or newer is needed, but $(PYTHON) is {sys.version.split()[0]}; try: make PYTHON=python3.11")'
	@echo "Making the virtual environment $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the packages of requirements.lock (a minute or two the first time) ..."
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true  # on all cores; pip uses one
	@touch $@

clean:
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find factory_sim processes tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
