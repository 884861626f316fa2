#!/bin/sh
# Set up what is missing and run every check, stopping at the first that fails:
#   sh installer/test.sh              all checks
#   sh installer/test.sh --setup      the set-up alone
#   sh installer/test.sh PYTEST ARGS  all checks, the arguments go to pytest
set -eu
cd "$(dirname "$0")/.."
. installer/setup.sh
set_up test
[ "${1:-}" != --setup ] || exit 0

# 1: the coverage gates count (core and printing 100 %, the rest 85 %).
coverage_gate=${PACKSTATION_COVERAGE_GATE:-0}

PATH=$PWD/.venv/bin:$PATH
export PATH
# A display that happens to be there must not change what the tests see; pytest-xvfb starts its own.
unset DISPLAY WAYLAND_DISPLAY QT_QPA_PLATFORM

check() {
    title=$1
    shift
    printf '\n== %s ==\n' "$title"
    "$@" </dev/null || {
        code=$?
        printf '\nFAILED: %s (%s)\n' "$title" "$*"
        exit "$code"
    }
}

check "Format" ruff format --check .
check "Lint" ruff check .
check "Types" mypy
check "Doors between the rooms" lint-imports
if [ "$coverage_gate" = 0 ]; then
    check "Tests" python -m pytest -q "$@"
else
    check "Tests" python -m pytest -q --cov --cov-report= "$@"
    check "Coverage of core and printing" coverage report --skip-covered --show-missing --fail-under=100 \
        --include='packstation/core/*,packstation/printing/*'
    check "Coverage of the rest" coverage report --skip-covered --show-missing --fail-under=85 \
        --omit='packstation/core/*,packstation/printing/*'
fi
printf '\nAll checks passed.\n'
