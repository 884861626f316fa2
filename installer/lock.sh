#!/bin/sh
# Pin every dependency of pyproject.toml with hashes, for all systems at once:
#   sh installer/lock.sh            keep what is pinned, add what is new
#   sh installer/lock.sh --upgrade  take the newest versions that pyproject.toml allows
# Afterwards: sh installer/test.sh
set -eu
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/python" -m pip --quiet --disable-pip-version-check install uv

# pip's own certificate setting serves uv too.
[ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="$PIP_CERT"

compile() {
    UV_CUSTOM_COMPILE_COMMAND='sh installer/lock.sh' "$tools/bin/uv" pip compile pyproject.toml \
        --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links "$@"
}
compile --output-file installer/requirements.lock "$@"
compile --extra dev --constraint installer/requirements.lock \
    --output-file installer/requirements-dev.lock "$@"
