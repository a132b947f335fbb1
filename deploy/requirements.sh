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
node=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$node" -lt 20 ]; then
  say "需要 Node.js 20 或更新版本（现有：$(node -v 2>/dev/null || echo 无)）。见 https://nodejs.org 或 brew install node" \
    "Node.js 20 or newer is needed (found: $(node -v 2>/dev/null || echo none)). See https://nodejs.org or brew install node"
elif ! command -v npm >/dev/null; then
  say "缺少 npm。Debian：apt install npm" "npm is missing. Debian: apt install npm"
fi
exit $missing
