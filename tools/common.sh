# Shared by the scripts beside it (sourced, from the project's root).
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }

fail() {
  printf 'samen: %s\n' "$*" >&2
  exit 1
}

# Whether the stamp file holds exactly this text.
stamped() { [[ -f $1 && $(<"$1") == "$2" ]]; }

digest() { cat -- "$@" | sha256sum | cut -d ' ' -f 1; }

# locked_runtime: installs requirements.lock, checked by hash. Setuptools goes first: sources are built with it, not with a
# fresh one that pip would fetch unchecked.
locked_runtime() {
  local build
  build=$(mktemp)
  awk '/^setuptools==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock >"$build"
  install --require-hashes -r "$build"
  rm -f -- "$build"
  install --require-hashes --no-build-isolation --use-pep517 -r requirements.lock
}

# locked_test_tools: installs requirements-test.lock, checked by hash. A few tools come as sources with build backends of their own.
locked_test_tools() { install --require-hashes -r requirements-test.lock; }

# editable FOLDER...: installs these distributions of the workspace in place.
editable() {
  local folder arguments=()
  for folder in "$@"; do arguments+=(--editable "$folder"); done
  install --no-deps --no-build-isolation --config-settings editable_mode=compat "${arguments[@]}"
}

# pip install, silent but for errors.
install() {
  .venv/bin/python -m pip --disable-pip-version-check --no-input install -qq "$@" \
    || fail "pip could not install; its message stands above. Try again when the package index can be reached."
}
