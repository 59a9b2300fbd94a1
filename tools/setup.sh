#!/usr/bin/env bash
# Makes .venv with the locked dependencies and every distribution of this workspace. Does nothing where nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/common.sh
source tools/common.sh

writable() {
  local probe
  probe=$(mktemp ./.write-test.XXXXXX 2>/dev/null) || fail "the folder $PWD is read-only; copy the project to a folder you may write to."
  rm -f -- "$probe"
}

# The Python to make .venv with: $PYTHON, else the first of these that is new enough.
find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed, but ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null || echo missing). On Debian 12: apt-get install python3 python3-venv"
}

make_venv() {
  local python
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "Python's venv module is missing. On Debian: apt-get install python3-venv"
  say "Making the Python environment in .venv ..."
  "$python" -m venv --clear .venv
}

# What the environment belongs to: this folder (scripts in it hold its path) and this Python.
venv_is_ours() { .venv/bin/python -c 'import pip' 2>/dev/null && stamped .venv/.samen-folder "$PWD"; }

main() {
  local locked workspace distributions=(.) manifest
  for manifest in blocks/*/setup.cfg; do
    [[ -f $manifest ]] && distributions+=("${manifest%/setup.cfg}")
  done

  writable
  if ! venv_is_ours; then
    make_venv
    printf '%s\n' "$PWD" >.venv/.samen-folder
  fi

  locked=$(digest requirements.lock)
  if ! stamped .venv/.samen-lock "$locked"; then
    say "Installing the locked dependencies (a minute or so, once) ..."
    locked_runtime
    printf '%s\n' "$locked" >.venv/.samen-lock
  fi

  workspace=$(digest samen_core/__init__.py pyproject.toml "${distributions[@]/%//setup.cfg}")
  if ! stamped .venv/.samen-workspace "$workspace ${distributions[*]}"; then
    say "Installing samen and its blocks in place ..."
    editable "${distributions[@]}"
    printf '%s\n' "$workspace ${distributions[*]}" >.venv/.samen-workspace
  fi
}

main
