# Everything a newcomer needs: `make refresh` and `make test`. Both build .venv first when it is not there.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SPARK := $(VENV)/.spark
# An older kaleido, apart from the one that Plotly uses: it draws charts where no browser is.
RENDERER := $(VENV)/share/zwgk/kaleido0

.PHONY: install spark refresh test lint bench notebooks generated readme lock clean
.DEFAULT_GOAL := refresh

install: $(STAMP)

$(STAMP): requirements.lock requirements-render.lock pyproject.toml
	test -x $(BIN)/python || $(shell command -v $(PYTHON) || echo python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	rm -rf $(RENDERER)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--target $(RENDERER) -r requirements-render.lock
	touch $(STAMP)

refresh: install
	$(BIN)/zwgk refresh
	$(BIN)/zwgk status

# What `--engine spark`, its types and its tests need beside Java; a refresh without it needs none.
spark: $(SPARK)

$(SPARK): $(STAMP) requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	touch $(SPARK)

test: install spark
	$(BIN)/pytest -n 2

lint: install spark
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install
	$(BIN)/python -m benchmarks

notebooks: refresh
	ZWGK_PICKERS=off PLOTLY_RENDERER=plotly_mimetype+notebook $(BIN)/jupyter nbconvert --execute --to html \
		--output-dir build/notebooks notebooks/*.ipynb

# The text that derives from forms, rules and marts; tests fail when it is stale.
generated: install
	$(BIN)/zwgk dictionary --format md > docs/dictionary.md
	$(BIN)/python -c "from pathlib import Path; from zwgk_analytics.quality.suites import write; write(Path('expectations'))"

readme: refresh
	$(BIN)/python docs/pictures.py

# Needs the network, and uv: run it when a dependency of pyproject.toml changes.
lock:
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock
	echo kaleido==0.2.1 | uv pip compile - --no-deps --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --quiet --output-file requirements-render.lock
	echo "pyspark>=4.3,<5" | uv pip compile - --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements-spark.lock

clean:
	rm -rf $(VENV) build
