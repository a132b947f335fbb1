#!/usr/bin/env bash
# Runs one step quietly: its name, then how long it took; its output only when it fails.
# Usage: step.sh NAME COMMAND [ARGUMENT…]
set -u
name=$1; shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
[ -t 2 ] && printf '  … %s' "$name" >&2
began=$(date +%s)
"$@" >"$log" 2>&1
status=$?
took=$(($(date +%s) - began))
[ -t 2 ] && printf '\r\033[K' >&2
if [ $status -eq 0 ]; then
  printf '  ✓ %s (%d s)\n' "$name" "$took" >&2
else
  printf '  ✗ %s (%d s)\n' "$name" "$took" >&2
  cat "$log" >&2
fi
exit $status
