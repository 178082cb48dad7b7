# make ask q="..."   set up and answer a question        make ui      set up and open the chat page
# make test          set up and pass the quick tests     make bench   measure speed and growth of times
# make test-all      set up and pass all tests           make check   format, lint and types
# make evals         ask the golden questions; fails where answers are worse than before
# make load          hold the page under load: 100 users at once, 2,000 visits, 10,000 calls
# make soak          read, write and kill for an hour (MINUTES=15); writes build/soak.md and soak.html
# make kills         kill 500 writers (N=100), some at system calls; writes build/kills.md
# make fuzz          give every reader of files inputs that atheris finds, SECONDS=60 each; build/fuzz
# make measure       golden questions: search, answers, abstention; the check of claims
# make docs          write the generated parts of the documents
# make audit         look up known weaknesses of the locked packages
# make sbom          write build/sbom.json and build/licences.md of the locked packages
# make lock          lock packages again after a change in pyproject.toml (UPGRADE=--upgrade: newest)

PYTHON ?= python3
BIN := .venv/bin
# Modules are compiled when they are first imported: most of them never are.
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check
# Only the files that the locks name by their hashes are installed, wherever they are fetched from.
LOCKED := requirements.txt
LOCKED_DEV := $(LOCKED) requirements-dev.txt
SUPPLY := build/supply/bin
PYTEST := $(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: ask ui check docs test test-all evals chromium bench load soak kills fuzz measure lock audit sbom clean
.DELETE_ON_ERROR:

ask: .venv/installed
	@$(BIN)/assistant ask -- "$(q)"

ui: .venv/installed
	@$(BIN)/assistant ui

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@# mypy cannot follow an editable install to a package whose folder has another name.
	@mkdir -p build/types
	@ln -sfn ../../evals build/types/assistant_evals && ln -sfn ../../ui build/types/assistant_ui
	MYPYPATH=build/types $(BIN)/mypy -p assistant -p assistant_evals -p assistant_ui

docs: .venv/installed-dev
	$(BIN)/python docs/generate.py

# A worker of the tests has one core: threads of NumPy would take those of the other workers.
test test-all: export OPENBLAS_NUM_THREADS = 1
# The tests start a hundred processes: what one of them has compiled, the others only read.
test test-all evals: export PYTHONDONTWRITEBYTECODE =
test: .venv/installed-dev chromium
	$(PYTEST) -m "not slow"

test-all: .venv/installed-dev chromium
	$(PYTEST)

# The tests of the page need a browser, that of what leaves the machine strace: Debian's, where this
# user may install them.
chromium:
	@if { command -v chromium || command -v chromium-browser; } >/dev/null && command -v strace >/dev/null; then :; \
	  elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium and strace for the tests" >&2; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium strace >/dev/null; \
	  else \
	    echo "There is no Chromium or no strace: the tests that need it are skipped" >&2; \
	  fi

# Both suites are asked, also where the first fails: a change is seen on every field at once.
evals: .venv/installed
	@failed=0; for suite in gate sciences; do \
	  $(BIN)/assistant eval run $$suite --gate --llm none --report build/evals/$$suite || failed=1; \
	done; exit $$failed

bench: .venv/installed-dev chromium
	$(BIN)/python -m assistant_evals.lab.bench --output build/bench.json
	$(BIN)/python -m assistant_evals.lab.page_bench --output build/page_bench.json
	$(BIN)/python -m assistant_evals.lab.growth

# Half an hour on two cores.
load: .venv/installed-dev
	$(BIN)/python -m assistant_evals.lab.page_load --output build/page_load.json

MINUTES ?= 60
soak: .venv/installed-dev
	$(BIN)/python -m assistant_evals.lab.soak --minutes $(MINUTES)

N ?= 500
kills: .venv/installed-dev
	$(BIN)/python -m tests.whole.kills --kills $(N)

# Its own environment would miss ours: atheris is put beside it. FORMATS="ris csv" takes only these.
SECONDS ?= 60
fuzz: .venv/installed-dev build/fuzz/site/atheris
	@failed=; for format in $${FORMATS:-$$($(BIN)/python -c 'from assistant.ingest import FORMATS; print(*FORMATS)')}; do \
	  echo "$$format: $(SECONDS) seconds" >&2; \
	  PYTHONPATH=build/fuzz/site $(BIN)/python -m tests.fuzz.fuzz_reader $$format $(SECONDS) \
	    2>build/fuzz/$$format.log || failed="$$failed $$format"; \
	  grep -h number_of_executed_units build/fuzz/$$format.log >&2; \
	done; if [ "$$failed" ]; then echo "Failed, see build/fuzz/*.log:$$failed" >&2; exit 1; fi

build/fuzz/site/atheris: tests/fuzz/requirements.txt | .venv/installed-dev
	@$(INSTALL) --upgrade --no-deps --target build/fuzz/site --require-hashes --requirement $<
	@touch $@

measure: .venv/installed-dev
	$(BIN)/python -m assistant_evals.lab.measure
	$(BIN)/python -m assistant_evals.lab.grounding

# For every system and Python at once; what is locked already stays where it is.
LOCK = $(SUPPLY)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-annotate --custom-compile-command 'make lock' $(UPGRADE)
lock: $(SUPPLY)/installed
	echo 'setuptools>=80' | $(LOCK) pyproject.toml - --output-file requirements.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements.txt --output-file requirements-dev.txt \
	  $$(sed -n 's/^\([a-z0-9.-]*\)==.*/--no-emit-package \1/p' requirements.txt)
	$(LOCK) --group supply --output-file requirements-supply.txt

# pip-audit writes a report only where it could look up every package.
audit: $(SUPPLY)/installed
	@rm -f build/audit.json
	@$(SUPPLY)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
	  $(LOCKED_DEV:%=--requirement %) --format json --output build/audit.json 2>build/audit.log; \
	failed=$$?; if [ ! -s build/audit.json ]; then \
	  tail -n 1 build/audit.log >&2; \
	  echo "Nothing was audited: no database of known weaknesses could be had, see build/audit.log" >&2; \
	  exit 3; \
	fi; cat build/audit.log; exit $$failed

sbom: .venv/installed $(SUPPLY)/installed
	@$(SUPPLY)/cyclonedx-py requirements $(LOCKED) --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON --output-file build/sbom.json 2>build/sbom.log \
	  || { cat build/sbom.log >&2; exit 1; }
	@$(SUPPLY)/pip-licenses --python $(BIN)/python --from mixed --format markdown --with-urls \
	  --packages $$(sed -n 's/^\([a-z0-9.-]*\)==.*/\1/p' $(LOCKED)) --output-file build/licences.md
	@echo "Written: build/sbom.json, build/licences.md"

clean:
	rm -rf .venv build dist *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Setting up .venv (some minutes, once)" >&2
	@$(PYTHON) -m venv .venv

$(SUPPLY)/installed: requirements-supply.txt
	@$(PYTHON) -m venv build/supply
	@$(SUPPLY)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.venv/installed: pyproject.toml $(LOCKED) | .venv/bin/python
	@$(INSTALL) --require-hashes $(LOCKED:%=--requirement %)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: pyproject.toml $(LOCKED_DEV) | .venv/bin/python
	@$(INSTALL) --require-hashes $(LOCKED_DEV:%=--requirement %)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch .venv/installed $@
