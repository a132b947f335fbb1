#!/usr/bin/env bash
# Installs exactly what a lock file names, every file checked against its digest, then the project itself.
# Without build isolation: what comes as source is built with the locked tool, not with whatever is newest.
# Usage: install.sh FOLDER_OF_PYTHON LOCK
set -eu
bin=$1 lock=$2
pip() { "$bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"; }
pip --require-hashes -r requirements-build.lock
pip --require-hashes --no-build-isolation -r "$lock"
pip --no-deps --no-build-isolation --editable .
