# Recipes for people and for CI; `./justw RECIPE` works where just and uv are not installed yet.

run := "uv run --no-sync"

# Two processes, whatever the machine has: some of the tests start servers and look at the clock.
pytest := "pytest -n 2 --dist worksteal"

# Containers like to forbid Python to keep its bytecode; each of the many processes here would then compile everything anew.
export PYTHONDONTWRITEBYTECODE := ""

# List the recipes.
default:
    @just --list --unsorted

# Show the whole journey of a sample clip on this machine.
demo: _programs _runtime
    {{ run }} telecine demo

# Run the API and a worker on the embedded defaults.
dev *options: _programs _runtime
    {{ run }} telecine dev {{ options }}

# Check and test everything; this is what CI runs. Coverage is taken where it is asked for: it doubles the time.
test: _servers _everything check
    {{ run }} coverage erase
    {{ run }} coverage run -m {{ pytest }} tests/architecture tests/unit tests/contract
    {{ run }} coverage combine --quiet
    {{ run }} coverage report --include='src/domain/*' --fail-under=100
    {{ run }} coverage report --include='src/adapters/*' --fail-under=95
    {{ run }} {{ pytest }} tests/integration tests/e2e tests/torture

# The tests that need nothing but Python.
test-unit *options: _everything
    {{ run }} pytest tests/unit tests/architecture {{ options }}

# One suite per port, over its fake and every real adapter.
test-contract *options: _servers _everything
    {{ run }} pytest tests/contract {{ options }}

# Several rooms together, and the real thing through HTTP.
test-e2e *options: _servers _everything
    {{ run }} pytest tests/integration tests/e2e {{ options }}

# The long proof: kills at every crash point, servers that fail, and what is left (half an hour).
torture *options: _servers _everything
    {{ run }} python -m tests.torture {{ options }}

# Benchmarks beside peers; they want an idle machine (a quarter of an hour).
bench *options: _servers _everything
    @sh scripts/install-system.sh wrk
    {{ run }} python -m benchmarks {{ options }}

# Run every checker; changes nothing, counts failures.
check: _everything
    #!/usr/bin/env bash
    failures=0
    run() { echo "» $*"; {{ run }} "$@" || failures=$((failures + 1)); }
    run ruff format --quiet --check
    run ruff check --quiet
    run mypy
    run basedpyright
    run lint-imports --no-logo
    run deptry src
    run python scripts/docs.py --check
    echo "checkers that failed: $failures"
    [ "$failures" -eq 0 ]

# Format, and mend what can be mended by itself.
fix: _everything
    {{ run }} ruff check --fix --quiet || true
    {{ run }} ruff format

# Write the generated pages again.
docs: _everything
    {{ run }} python scripts/docs.py

# Write a migration from what changed in the tables.
migration message: _everything
    {{ run }} python scripts/migration.py "{{ message }}"

_programs:
    @sh scripts/install-system.sh ffmpeg

_servers:
    @sh scripts/install-system.sh ffmpeg initdb redis-server

_runtime:
    @uv sync --locked --quiet --no-dev --extra local --inexact

_everything:
    @uv sync --locked --quiet --extra local
