#!/usr/bin/env bash
# Installs exactly what a lock file names, every file checked against its digest, then the project itself.
# Usage: install.sh FOLDER_OF_PYTHON LOCK
set -eu
bin=$1 lock=$2
"$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r "$lock"
"$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
