# The two commands: `make demo` shows a made-up council, `make test` checks everything quick.
# Nothing is installed outside .venv, except a browser for the tests where there is none.

PYTHON ?= $(firstword $(foreach name,python3.11 python3,$(shell command -v $(name))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALLED := $(VENV)/.installed
INSTALLED_FOR_TESTS := $(VENV)/.installed-for-tests
BROWSER := $(VENV)/.browser
SECRET := instance/secret-key

# What the caller's shell knows of other Pythons has no say here.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV
# Nor is a module compiled anew by every command that runs: hundreds of them do in the tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-full lint bench lock clean

demo: $(INSTALLED) $(SECRET) ## a made-up council at http://127.0.0.1:8000
	@CONSULT_SECRET_KEY="$$(cat $(SECRET))" CONSULT_COUNCIL_NAME="Abbeyford Council" $(BIN)/consult demo --serve

test: lint $(BROWSER) ## format, lint, types, import contracts, quick tests
	$(BIN)/pytest -m "not slow" -n 3 -q --durations=30

test-full: lint $(BROWSER) ## the same and every slow test
	$(BIN)/pytest -n 3 -q

lint: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED_FOR_TESTS) ## how fast, beside bare floors
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

# Every version and every hash; no address of where they come from.
LOCK := printf 'hatchling\neditables\n' | $(BIN)/uv pip compile pyproject.toml - --extra postgres \
	--generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
lock: $(INSTALLED_FOR_TESTS) ## newer versions into both lock files
	$(PIP) install uv
	$(LOCK) --upgrade --output-file requirements.lock
	$(LOCK) --upgrade --group dev --constraint requirements.lock --output-file tests/requirements.lock

clean: ## all that these commands made, but for instance/, which holds data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "$(PYTHON) is older than Python 3.11; name another with make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The package itself comes without an isolated build: that would fetch its builder without a hash.
$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_FOR_TESTS): tests/requirements.lock $(INSTALLED)
	$(PIP) install --require-hashes --requirement tests/requirements.lock
	@touch $@

$(BROWSER): $(INSTALLED_FOR_TESTS)
	$(BIN)/python -c "from tests.checkers.chromium import find_or_install_chromium; print('Browser:', find_or_install_chromium())"
	@touch $@

# Made once, for the sample on this machine; a real installation has its own (see README.md).
$(SECRET): | $(INSTALLED)
	@mkdir -p instance
	@umask 077 && $(BIN)/python -c "import secrets; print(secrets.token_urlsafe(48))" > $@.new && mv $@.new $@
