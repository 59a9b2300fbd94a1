#!/usr/bin/env bash
# Installs what the tests need on top of tools/setup.sh: Debian packages (as root), locked Python and npm tools, the example block.
# Where it may not install a Debian package it says which line to run, and fails: no test is skipped for want of a tool.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/common.sh
source tools/common.sh

has_command() { command -v "$1" >/dev/null; }
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || has_command initdb; }

missing_packages() {
  has_postgresql || echo postgresql-15
  has_command chromium || echo chromium
  has_library libpango-1.0.so.0 || echo libpango-1.0-0
  has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
  has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
  has_library libatomic.so.1 || echo libatomic1 # for the Node.js inside Playwright
  has_command java || echo default-jre-headless
  has_command node || echo nodejs
  has_command npm || echo npm
  has_command git || echo git
  has_command shellcheck || echo shellcheck
}

install_packages() {
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  missing=${missing% }
  [[ -n $missing ]] || return 0
  local line="apt-get install -y --no-install-recommends $missing"
  if [[ $EUID -ne 0 ]] || ! has_command apt-get; then
    fail "the tests need packages that only an administrator can install. Run: sudo $line"
  fi
  say "Installing Debian packages for the tests: $missing ..."
  export DEBIAN_FRONTEND=noninteractive
  local output
  # shellcheck disable=SC2086 # a list of package names
  if ! output=$({ apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } 2>&1); then
    printf '%s\n' "$output" >&2
    fail "apt-get could not install them; its message stands above. The line was: $line"
  fi
}

install_python_tools() {
  local locked
  locked=$(digest requirements-test.lock)
  stamped .venv/.samen-test-lock "$locked" && return
  say "Installing the locked test tools ..."
  locked_test_tools
  printf '%s\n' "$locked" >.venv/.samen-test-lock
}

install_npm_tools() {
  local locked
  locked=$(digest tests/tools/package-lock.json)
  stamped tests/tools/node_modules/.samen-lock "$locked" && return
  say "Installing the npm test tools ..."
  npm ci --prefix tests/tools --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  printf '%s\n' "$locked" >tests/tools/node_modules/.samen-lock
}

# The example block is not installed, so that it does not turn up in the demonstration city: pytest finds it on its own path
# (setup.cfg), by the metadata that is written here.
describe_example_block() {
  local block=tests/example_block facts
  facts=$(digest $block/setup.cfg)
  stamped $block/src/samen_gereedschap.egg-info/samen-stamp "$facts" && return
  (cd $block && ../../.venv/bin/python -c 'import setuptools; setuptools.setup()' --quiet egg_info)
  printf '%s\n' "$facts" >$block/src/samen_gereedschap.egg-info/samen-stamp
}

install_packages
install_python_tools
install_npm_tools
describe_example_block
