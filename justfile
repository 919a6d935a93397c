# Recipes for people and for CI; `./justw RECIPE` also works without an installed just and uv.

run := "uv run --no-sync"

# A tool of one dependency group, outside of .venv.
tool := "uv run --quiet --isolated --locked --only-group"

# The page's modules, whose types are checked.
web := "src/entrypoints/http/web"

# Examples of docs/frontend.md, which the tests build.
examples := "docs/examples/react docs/examples/vue docs/examples/svelte docs/examples/media-chrome"

# Two processes on every machine: some tests start servers and depend on timing.
pytest := "pytest -n 2 --dist worksteal"

# Tests that often wait for processes, servers and pages are run by one more.
waiting_pytest := "pytest -n 3 --dist worksteal"

# The tests that cover the domain and the adapters.
covering_tests := "tests/contract tests/unit/adapters tests/unit/model tests/unit/use_cases"

# All others; first those that take long, so that the last ones that run are short.
other_tests := "tests/e2e tests/browser tests/torture tests/integration tests/confinement tests/stateful tests/architecture" + \
    " tests/unit/benchmarks tests/unit/entrypoints tests/unit/scripts tests/unit/telecine_client" + \
    " tests/unit/test_environment.py"

# The tests that run ffmpeg.
media_tests := "tests/contract/test_transcoder.py" + \
    " tests/integration/http/test_imports.py::test_a_video_comes_from_a_real_site_to_the_player" + \
    " tests/integration/http/test_sniffed_containers.py" + \
    " tests/integration/test_media_corpus.py" + \
    " tests/integration/test_quiet_and_noisy_speech.py" + \
    " tests/integration/test_spoken_languages.py" + \
    " tests/integration/ytdlp/test_importer.py::test_streams_are_joined_to_one_mp4" + \
    " tests/unit/adapters/ffmpeg" + \
    " tests/unit/entrypoints/doctor/checks/test_ffmpeg.py"

# Tests in these files that prove the same with every ffmpeg are not repeated.
media_marks := "not external and not any_ffmpeg"

# The suites of Debian whose ffmpeg is tested, with its version.
ffmpegs := "bookworm:5.1 trixie:7.1 forky:9.0"

# Some containers disable Python's bytecode cache; then each of the many processes here compiles every module again.
export PYTHONDONTWRITEBYTECODE := ""

# List the recipes.
default:
    @just --list --unsorted

# Upload a sample, process it and print the result.
demo: _programs _runtime
    {{ run }} telecine demo

# Run the API and a worker on the embedded defaults.
dev *options: _programs _runtime
    {{ run }} telecine dev {{ options }}

# Check and test everything; CI runs this. Coverage doubles the time, so only the tests that it needs run under it.
test: _servers _everything check
    @sh scripts/node-packages.sh {{ examples }}
    {{ run }} coverage erase
    {{ run }} coverage run -m {{ pytest }} {{ covering_tests }}
    {{ run }} coverage combine --quiet
    {{ run }} coverage report --include='src/domain/*' --fail-under=100
    {{ run }} coverage report --include='src/adapters/*' --fail-under=95
    {{ run }} {{ waiting_pytest }} {{ other_tests }}
    @just test-media

# The tests that need only Python.
test-unit *options: _everything
    {{ run }} pytest tests/unit tests/stateful tests/architecture {{ options }}

# One suite per port, over its fake and every real adapter.
test-contract *options: _servers _everything
    {{ run }} pytest tests/contract {{ options }}

# Several packages together, and the real program over HTTP.
test-e2e *options: _servers _everything
    {{ run }} pytest tests/integration tests/e2e {{ options }}

# The tests that run ffmpeg, with each supported ffmpeg other than this system's; Debian's packages are unpacked.
test-media *options: _servers _everything
    #!/usr/bin/env bash
    failures=0
    # Ubuntu has the keys of Debian in a package of its own.
    ! command -v apt-get >/dev/null || sh scripts/install-system.sh debian-archive-keyring
    installed=$(ffmpeg -version | sed -n '1s/^ffmpeg version n\?\([0-9]*\.[0-9]*\).*/\1/p')
    for each in {{ ffmpegs }}; do
        suite=${each%:*} version=${each#*:}
        if [ "$installed" = "$version" ]; then
            echo "» ffmpeg $version is this system's: not repeated"
            continue
        fi
        if ! bin=$(sh scripts/other-ffmpeg.sh "$suite"); then
            echo "» NOT TESTED with ffmpeg $version, which could not be unpacked; see above." >&2
            [ -z "${CI:-}" ] || failures=$((failures + 1))
            continue
        fi
        echo "» media tests with $("$bin/ffmpeg" -version | head -n 1 | cut -d ' ' -f 1-3)"
        PATH=$bin:$PATH {{ run }} {{ pytest }} -m "{{ media_marks }}" {{ media_tests }} {{ options }} || failures=$((failures + 1))
    done
    echo "ffmpegs with failures: $failures"
    [ "$failures" -eq 0 ]

# Inject faults: kills at every crash point, failing servers, and a check of the results (half an hour).
torture *options: _servers _everything
    {{ run }} python -m tests.torture {{ options }}

# Benchmarks, compared with other projects; they need an idle machine (about twenty minutes).
bench *options: _servers _everything
    @sh scripts/install-system.sh wrk
    {{ run }} python -m benchmarks {{ options }}

# Run every checker; changes nothing, counts the failures.
check: _everything
    #!/usr/bin/env bash
    failures=0
    run() { echo "» $*"; {{ run }} "$@" || failures=$((failures + 1)); }
    # The slowest one takes as long as all others together, and one core.
    slowest=$(mktemp)
    trap 'rm -f "$slowest"' EXIT
    {{ run }} basedpyright >"$slowest" 2>&1 &
    run ruff format --quiet --check
    run ruff check --quiet
    run mypy
    run lint-imports --no-logo
    run {{ web }}/node_modules/.bin/tsc -p {{ web }}
    run python scripts/module_types.py --check
    run deptry src clients/python/src
    run python scripts/docs.py --check
    run python scripts/clients.py --check
    run check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*
    run check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/{bug,feature}.yml
    run check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
    run zizmor --quiet --offline --pedantic .
    wait $! || failures=$((failures + 1))
    echo "» basedpyright"
    cat "$slowest"
    echo "checkers that failed: $failures"
    [ "$failures" -eq 0 ]

# Format, and apply the linter's automatic fixes.
fix: _everything
    {{ run }} ruff check --fix --quiet || true
    {{ run }} ruff format

# Regenerate the generated pages and clients.
docs: _everything
    {{ run }} python scripts/docs.py
    {{ run }} python scripts/module_types.py
    {{ run }} python scripts/clients.py

# Generate a migration from the changes in the tables.
migration message: _everything
    {{ run }} python scripts/migration.py "{{ message }}"

# Check the workflows more closely than `check` does; the first run downloads actionlint from GitHub.
actionlint:
    {{ tool }} workflows actionlint

# Look up known vulnerabilities of the locked runtime dependencies; needs the internet.
audit:
    #!/usr/bin/env bash
    set -euo pipefail
    requirements=$(mktemp)
    trap 'rm -f "$requirements"' EXIT
    uv export --quiet --locked --no-dev --all-extras --no-emit-project --output-file "$requirements"
    {{ tool }} release pip-audit --strict --disable-pip --requirement "$requirements" || {
        echo "audit: FAILED. A dependency is vulnerable, or the vulnerability service could not be asked; see above." >&2
        exit 1
    }

# Build the wheels, install each into an empty environment, import the client, and run the demo in an empty folder.
wheel: _programs
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    uv build --quiet --out-dir "$folder/dist"
    uv venv --quiet "$folder/venv"
    wheel=$(echo "$folder"/dist/*.whl)
    uv pip install --quiet --python "$folder/venv" "$wheel[local]"
    mkdir "$folder/empty"
    uv build --quiet --out-dir "$folder/client" clients/python
    uv venv --quiet "$folder/client/venv"
    uv pip install --quiet --python "$folder/client/venv" "$folder"/client/*.whl
    cd "$folder/empty"
    "$folder/client/venv/bin/python" -c "import telecine_client.answers, telecine_client.rest.models"
    "$folder/venv/bin/telecine" --version
    "$folder/venv/bin/telecine" upload --help >/dev/null
    "$folder/venv/bin/telecine" demo

# Prepare a release: version, changelog, sdist, wheel and SBOM; `--tag` also commits and tags it.
release version *options: _everything check
    {{ run }} python scripts/release.py "{{ version }}" {{ options }}

_programs:
    @sh scripts/install-system.sh ffmpeg

_servers:
    @sh scripts/install-system.sh ffmpeg initdb redis-server curl jq chromium gcc

_runtime:
    @uv sync --locked --quiet --no-dev --extra local --inexact

_everything:
    @uv sync --locked --quiet --extra local
    @sh scripts/install-system.sh node npm
    @sh scripts/node-packages.sh {{ web }}
