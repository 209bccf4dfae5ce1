# Two commands: `make book` makes the book, `make test` proves it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
# auto: PyTorch's build without CUDA where its index answers and no GPU is seen;
# cpu and cuda force one or the other
TORCH ?= auto
WORKERS ?= 2

export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PYTHONHASHSEED := 0
export JUPYTER_PLATFORM_DIRS := 1

.PHONY: help install book notebooks serve test bench colab experiments mutants dist pdf epub lint lock clean

help: ## list these lines
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(INSTALLED) ## create .venv with everything pinned
$(INSTALLED): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) dlf/book/install.py --venv $(VENV) --torch $(TORCH)

book: install ## execute what changed, then write _build/html
	@$(PY) -m dlf.book execute --workers $(WORKERS)
	@$(PY) -m dlf.book build
	@echo "the book: _build/html/index.html (make serve shows it)"

notebooks: install ## execute what changed, then refresh the paired .ipynb
	@$(PY) -m dlf.book execute --workers $(WORKERS)
	@$(PY) -m dlf.book sync

serve: book ## serve the book on this machine and print the address
	@echo "http://127.0.0.1:8000 (Ctrl-C ends it)"
	@$(PY) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

test: book ## prove the book: lint, tests, gates, stored outputs, browser
	@$(MAKE) --no-print-directory lint
	$(PY) -m pytest tests -n $(WORKERS) --dist worksteal
	$(PY) -m pytest --doctest-modules dlf --ignore dlf/book/templates
	$(PY) -m dlf.book verify
	$(PY) -m pytest --nbval -n $(WORKERS) --dist loadfile --nbval-cell-timeout 300 $$($(PY) -m dlf.book pairs)

bench: install ## time this machine, and dlf and PyTorch on it
	@$(PY) -m dlf.bench

colab: install ## run every notebook from the wheel, beside Colab's versions
	@$(PY) -m dlf.book wheel --workers $(WORKERS)

experiments: install ## run the recorded claims that are stale or missing
	@$(PY) -m dlf.experiments run --stale --workers $(WORKERS)

mutants: install ## mutate dlf/scratch, count the killed (SAMPLE=1000: of so many)
	@$(PY) -m dlf.book mutants --sample $(or $(SAMPLE),0)

dist: book ## write notebooks, pages, wheel and source as archives into dist/
	@$(PY) -m dlf.book dist

pdf: book ## print the book into dist/dlf.pdf
	@$(PY) -m dlf.book pdf

epub: book ## write the e-book into dist/dlf.epub
	@$(PY) -m dlf.book epub

lint: install ## ruff, import-linter, basedpyright, codespell
	@mkdir -p _build
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/lint-imports --no-cache > _build/.imports 2>&1 || { cat _build/.imports; exit 1; }
	@$(VENV)/bin/basedpyright --pythonpath $(PY) > _build/.types 2>&1 || { cat _build/.types; exit 1; }
	@$(VENV)/bin/codespell
	@$(VENV)/bin/codespell --builtin clear,rare --skip '*.pyc' dlf/claims tests/claims

lock: ## resolve constraints.txt afresh, in public versions
	@$(PYTHON) -m venv _build/.lock
	@_build/.lock/bin/python -m pip install --quiet -r requirements.txt
	@_build/.lock/bin/python -m pip freeze --exclude-editable | sed -E 's/\+[a-z0-9.]+$$//; / @ /d' > constraints.txt

clean: ## remove what was built; `rm -r .venv` removes what was installed
	rm -rf _build .jupyter_cache .pytest_cache .ruff_cache mutants .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -exec rm -rf {} +
