# Two commands do it all on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run dev test
run: $(VENV)/runtime
	$(BIN)/python manage.py migrate -v 0 && $(BIN)/python manage.py setup_county

dev: $(VENV)/runtime
	DEBUG=1 $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: $(VENV)/testing
	$(BIN)/pytest

$(VENV)/runtime: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -r requirements.txt
	touch $@

$(VENV)/testing: $(VENV)/runtime requirements-dev.txt
	$(BIN)/pip install -q -r requirements-dev.txt
	touch $@
