#!/usr/bin/env bash
# Every check that reads the sources and runs nothing of them. Reports all that fail, not only the first.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# shellcheck source=tools/common.sh
source tools/common.sh

failed=()
types=$(mktemp)
trap 'rm -f "$types"' EXIT

check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    say "  ok      $name"
  else
    say "  failed  $name"
    printf '%s\n' "$output" | sed 's/^/    /'
    failed+=("$name")
  fi
}

# What the check of the types said, and its status.
said_of_types() {
  cat "$types"
  return "$typed"
}

sources=(samen_core)
for folder in citycontent blocks/*/src/* tests/example_block/src/samen_gereedschap; do
  [[ -f $folder/__init__.py ]] && sources+=("$folder")
done
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard -- '*.sh' '*.ci/run')

say "Checking the sources ..."
# The types take as long as all the rest, and one processor. Without its cache, which misses that a module was added to a package
# ("has no attribute").
.venv/bin/mypy --no-error-summary --cache-dir /dev/null "${sources[@]}" >"$types" 2>&1 &
typing=$!
check "layout (ruff format)" .venv/bin/ruff format --check --quiet .
check "style (ruff)" .venv/bin/ruff check --quiet --output-format concise .
check "import rules (import-linter)" .venv/bin/lint-imports --no-cache
# Not H025: a macro may open what another closes. Not J018: an address of the API is a fixed one. Not T041: comments come first.
check "templates (djlint)" .venv/bin/djlint --profile jinja --lint --ignore H025,J018,T041 --quiet "${sources[@]}"
check "size of modules and functions" .venv/bin/python tools/check_sizes.py
check "licences (reuse)" .venv/bin/reuse lint --quiet
check "scripts (shellcheck)" shellcheck --external-sources "${scripts[@]}"
wait "$typing"
typed=$?
check "types (mypy --strict)" said_of_types

((${#failed[@]} == 0)) || fail "these checks failed: $(IFS=,; printf '%s' "${failed[*]}")"
