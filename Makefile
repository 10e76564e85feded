# make run: the bot, from nothing; make test: the whole suite; make check: all that must be green.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check install lock words format bench soak mutants docs screenshots

run: install
	$(BIN)/python -m bot run

install: .venv/installed

.venv/installed: requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m compileall -q -j 0 bot
	touch $@

test: install
	$(BIN)/pytest -n auto

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The lock file is made from pyproject.toml; uv is needed for this alone.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock

# Collect every text of the code into the catalogues, for translation.
words: install
	$(BIN)/python -m bot.locales

# Pages of docs/ that are made from the program.
docs: install
	$(BIN)/python -m tests.documents

# The README's pictures of the page, by a real browser: chromium, fonts-noto-cjk and fonts-noto-color-emoji.
screenshots: install
	$(BIN)/python -m tests.screenshots

# Our bot's figures beside those of other libraries' bots: benchmarks/README.md.
bench: install .venv-bench/installed
	$(BIN)/python -m benchmarks

.venv-bench/installed: benchmarks/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	touch $@

# Killed again and again for ten minutes, each way; `make test` does the same for seconds.
soak: install
	KILL_SECONDS=600 $(BIN)/pytest -n auto tests/test_kill.py

# Each fault of docs/mutants.md written into a copy of the program: the test that is named there has to fail.
mutants: install
	$(BIN)/python -m tests.mutants
