# make ask q="..."   set up and answer a question        make test    set up and pass the tests
# make check         format, lint and types              make bench   measure speed, write build/bench.json
# make measure       golden questions: search, answers, abstention; the check of claims

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: ask check test bench measure clean
.DELETE_ON_ERROR:

ask: .venv/installed
	@$(BIN)/assistant ask -- "$(q)"

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@# mypy cannot follow an editable install to a package whose folder has another name.
	@mkdir -p build/types
	@ln -sfn ../../evals build/types/assistant_evals && ln -sfn ../../prompts build/types/assistant_prompts
	@ln -sfn ../../ui build/types/assistant_ui
	MYPYPATH=build/types $(BIN)/mypy -p assistant -p assistant_evals -p assistant_prompts -p assistant_ui

test: .venv/installed-dev
	$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile

bench: .venv/installed-dev
	$(BIN)/python -m assistant_evals.bench --output build/bench.json

measure: .venv/installed-dev
	$(BIN)/python -m assistant_evals.measure
	$(BIN)/python -m assistant_evals.grounding

clean:
	rm -rf .venv build dist *.egg-info

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Setting up .venv (about a minute, once)" >&2
	@$(PYTHON) -m venv .venv
	@$(INSTALL) --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(INSTALL) --editable '.[dev]'
	@touch $@
