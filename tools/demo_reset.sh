#!/usr/bin/env bash
# Throws the demonstration city in var/ away. Only a demonstration: an installation that says otherwise is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/common.sh
source tools/common.sh

# The process that has the demonstration's database open, if any.
running() {
  local link
  for link in /proc/[0-9]*/fd/*; do
    if [[ $(readlink -- "$link" 2>/dev/null) == "$PWD"/var/samen.db* ]]; then
      link=${link#/proc/}
      printf '%s' "${link%%/*}"
      return
    fi
  done
}

if [[ ! -e var ]]; then
  say "There is no demonstration city: 'make demo' makes one."
  exit
fi
if [[ -f var/samen.toml ]] && ! grep -Eq '^environment *= *"demo"' var/samen.toml; then
  fail "var/samen.toml is not of a demonstration (environment = \"demo\"); nothing was removed."
fi
process=$(running)
[[ -z $process ]] || fail "the demonstration is running (process $process): stop it with Ctrl-C first."
rm -rf -- var
say "The demonstration city is gone; 'make demo' makes a new one."
