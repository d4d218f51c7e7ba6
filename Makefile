# make run: serve the bot; make test: all tests; make check: format, lint, types, arrows and the fast tests
PYTHON ?= python3
BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false

.PHONY: setup run dev test check bench evaluate safety-report clean

setup:
	@$(PYTHON) ops/setup.py

run: setup
	@$(BIN)/comeback run

dev:
	@$(PYTHON) ops/setup.py --dev

test: dev
	@$(BIN)/python -m pytest -q tests

check: dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/steering tests/test_catalogue.py tests/test_architecture.py

safety-report: dev
	@$(BIN)/python benchmarks/safety_report.py

# BENCH=--quick shows in a few minutes that it works; the full run takes two hours or more
bench: dev
	@$(BIN)/python -m benchmarks.talk $(BENCH)
	@$(BIN)/python benchmarks/sessions.py

# EVALUATE=--peers trains Rasa's default pipeline again
evaluate: dev
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.evaluate $(EVALUATE)

clean:
	rm -rf .venv .uv .cache models/*.tar.gz
