# Two commands do it all on a fresh machine: `make run` serves the demo county, `make test` proves that it works.
#   make run    PORT=8000  DATABASE_URL=sqlite:///… or postgres://…  VAR_DIR=var  DEMO=1 (0: an empty county)
#   make test   ARGS="tests/portfolio -k import"
PYTHON ?= python3
PORT ?= 8000
VAR_DIR ?= var
DEMO ?= 1
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
STATIC := $(VAR_DIR)/static/.collected
export PORT

.PHONY: run dev test browser lint bench clean database prepared
.DELETE_ON_ERROR:

run: $(VENV)/runtime database
	@exec $(BIN)/gunicorn

dev: $(VENV)/testing
	DEBUG=1 $(MANAGE) migrate -v 0 && DEBUG=1 $(MANAGE) setup_county
	DEBUG=1 $(MANAGE) runserver 127.0.0.1:$(PORT)

test: $(VENV)/testing browser
	@$(BIN)/pytest -n auto $(ARGS)

lint: $(VENV)/testing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --lint templates

bench: $(VENV)/runtime
	@$(BIN)/python -m benchmarks $(ARGS)

# What can be made again goes; the database, uploaded files and the key in $(VAR_DIR) stay.
clean:
	rm -rf $(VENV) $(VAR_DIR)/static $(VAR_DIR)/bench $(VAR_DIR)/screenshots .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One at a time, should two first starts meet.
database: $(VENV)/runtime
	@mkdir -p $(VAR_DIR) && exec flock $(VAR_DIR)/.prepare $(MAKE) -s prepared

prepared:
	@$(MANAGE) migrate -v 0
	@$(MANAGE) setup_county
	@test "$(DEMO)" = 0 || $(MANAGE) seed_demo || echo "不载入演示数据，继续启动。"
	@$(MAKE) -s $(STATIC)

browser:
	@tests/browser/install.sh

$(STATIC): $(VENV)/runtime $(shell find static -type f)
	@$(MANAGE) collectstatic --noinput -v 0
	@touch $@

# Debian keeps venv in a package of its own; where it is missing, virtualenv from the registry does the same.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更高版本（$(PYTHON) 不是）。请安装后执行：make PYTHON=python3.11 …" >&2; exit 1; }
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
	  rm -rf $(VENV) && $(PYTHON) -m pip install -qq --root-user-action=ignore --target $(VENV)-maker virtualenv && \
	  PYTHONPATH=$(VENV)-maker $(PYTHON) -m virtualenv -q $(VENV) && rm -rf $(VENV)-maker; }

$(VENV)/runtime: requirements.txt | $(BIN)/python
	@echo "正在安装运行所需的软件包……"
	@$(BIN)/pip install -qq --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements.txt
	@touch $@

$(VENV)/testing: requirements-dev.txt $(VENV)/runtime
	@echo "正在安装测试所需的软件包……"
	@$(BIN)/pip install -qq --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements-dev.txt
	@touch $@
