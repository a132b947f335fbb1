#!/usr/bin/env bash
# Says clearly what is missing before anything is installed. Usage: requirements.sh PYTHON
python=${1:-}
missing=0
say() { printf '  ✗ %s\n    %s\n' "$1" "$2" >&2; missing=1; }

if [ -z "$python" ]; then
  say "需要 Python 3.11 或更新版本。Debian：apt install python3 python3-venv；macOS：brew install python" \
    "Python 3.11 or newer is needed. Debian: apt install python3 python3-venv; macOS: brew install python"
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  say "Python 缺少 venv 模块。Debian：apt install python3-venv" \
    "Python's venv module is missing. Debian: apt install python3-venv"
fi
# The one place that says which Node is pwa/package.json ("engines").
wanted=$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' "$(dirname "$0")/../pwa/package.json")
found=$(node -v 2>/dev/null)
older() { # older A B: whether version A comes before version B
  [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n | head -n1)" = "$1" ]
}
if [ -z "$found" ] || older "$(printf %s "${found#v}" | cut -d. -f1,2)" "$wanted"; then
  say "需要 Node.js $wanted 或更新版本（现有：${found:-无}）。见 https://nodejs.org 或 brew install node" \
    "Node.js $wanted or newer is needed (found: ${found:-none}). See https://nodejs.org or brew install node"
elif ! command -v npm >/dev/null; then
  say "缺少 npm。Debian：apt install npm" "npm is missing. Debian: apt install npm"
fi
exit $missing
