# The commands of this project; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test-setup test soak bench lint format lock

PORT ?= 8000
export PORT

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv with the locked dependencies and every block (skips what is there)
	@tools/setup.sh

demo: setup ## start the demonstration city on http://127.0.0.1:8000 (PORT=9000 for another port)
	@exec .venv/bin/samen demo

demo-reset: ## throw the demonstration city away; the next `make demo` starts afresh
	@tools/demo_reset.sh

test-setup: setup ## install what the tests need (as root also the missing Debian packages)
	@tools/test_setup.sh

test: test-setup ## run the checks of `make lint` and all tests but the long ones
	@tools/lint.sh
	@tools/run_tests.sh -m 'not soak' -n 2 --dist loadfile --no-loadscope-reorder

soak: test-setup ## run the long tests: load, kills, hostile input, every page in a browser
	@tools/run_tests.sh -m soak -n 2 --dist worksteal

bench: test-setup ## measure speed and memory (see docs/performance.md)
	@.venv/bin/python -m bench

lint: test-setup ## check style, types, import rules, licences and scripts
	@tools/lint.sh

format: test-setup ## lay out all Python code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix-only --quiet .

lock: test-setup ## write requirements.lock and requirements-test.lock anew
	@tools/lock.sh
