#!/usr/bin/env bash
# What the tests need beside Python and Node: Chromium, a Chinese font, an S3 server. The check of the Caddyfile runs
# where Caddy is installed, the app's other engines where Debian's webkit2gtk-driver, xvfb and firefox-esr are; .ci/run
# installs them, and the tests say so where they are not.
# On Debian as root missing packages are installed; elsewhere a sentence says what to install.
set -eu
cd "$(dirname "$0")/.."

chromium() {
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && return 0
  done
  [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] ||
    [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}
chinese_font() {
  [ "$(uname)" = Darwin ] || fc-list :lang=zh 2>/dev/null | grep -q .
}

packages=()
chromium || packages+=(chromium)
chinese_font || packages+=(fonts-noto-cjk fontconfig)
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${packages[@]}"
  else
    echo "测试需要 Chromium 和中文字体，请先安装：${packages[*]}（macOS：brew install --cask chromium）" >&2
    echo "The tests need Chromium and a Chinese font; install: ${packages[*]} (macOS: brew install --cask chromium)" >&2
    exit 1
  fi
fi

# Builds it on first use where Go is present, into a cache; the tests that need it say why they skip otherwise.
.venv/bin/python - <<'PYTHON'
from tests.media.minio_server import NoS3Server, s3_server_binary

try:
    print(s3_server_binary())
except NoS3Server as missing:
    print(missing)
PYTHON
