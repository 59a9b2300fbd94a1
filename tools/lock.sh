#!/usr/bin/env bash
# Writes requirements.lock and requirements-test.lock: exact versions with hashes, the newest that the .in files admit.
set -euo pipefail
cd "$(dirname "$0")/.."

# The test lock is held to the versions of the runtime lock, so that what is tested is what is installed.
compile=(env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL .venv/bin/uv pip compile --quiet --no-config --universal
  --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade)
"${compile[@]}" --output-file requirements.lock requirements.in
"${compile[@]}" --constraint requirements.lock --output-file requirements-test.lock requirements-test.in
