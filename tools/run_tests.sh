#!/usr/bin/env bash
# Runs pytest with the given arguments. Temporary files, the databases among them, are kept in memory where there is room for them:
# they are thrown away, and on a disk a third of the time goes into waiting for it.
set -euo pipefail
cd "$(dirname "$0")/.."

ROOM=6000000 # kB

has_room() {
  local free available
  [[ -w /dev/shm ]] || return 1
  free=$(df --output=avail -k /dev/shm | tail -1)
  available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  ((free > ROOM && available > ROOM))
}

if [[ -z ${TMPDIR:-} ]] && has_room; then
  export TMPDIR=/dev/shm
fi
exec .venv/bin/python -m pytest "$@"
