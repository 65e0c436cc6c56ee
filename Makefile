# `make` shows shapecheck at work; `make check` is what CI runs. Both need Python 3.10 or later and nothing else.

PYTHON ?= python3
VENV ?= .venv
DEMO ?= fixtures/broken
BIN = $(VENV)/bin
# what runs in a minute or two and needs nothing else; tests/bench/README.md has the others
BENCHES = source_speed sizes_speed book_speed check_speed scaling
TORCH = 2.13.0
TORCHVISION = 0.28.0

.DEFAULT_GOAL := demo
.PHONY: demo test check format docs bench clean

# shapecheck exits with 1 when it finds something; that is what the demonstration is for
demo: $(VENV)/.ready
	@echo '$$ shapecheck $(DEMO)'
	@$(BIN)/shapecheck $(DEMO); status=$$?; echo; echo "exit status: $$status"; test $$status -eq 1

test: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.ready-to-test
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n auto

format: $(VENV)/.ready-to-test
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

# what is generated from the rules; a test fails where it is out of date
docs: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.docs

# everything that the tests ask of torch only in part; some minutes
oracle: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.oracle

bench: $(VENV)/.ready-to-test
	@for script in $(BENCHES); do echo "== $$script"; $(BIN)/python tests/bench/$$script.py || exit 1; done

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# torch first and by itself: the tests ask exactly this one, and what comes after must not choose another. torchvision only has models
# that are read and compared, so its compiled part need not fit.
$(VENV)/.ready-to-test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==$(TORCH)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	$(BIN)/python -m pip install --quiet --no-deps torchvision==$(TORCHVISION) pillow
	@touch $(VENV)/.ready $@
