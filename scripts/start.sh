#!/usr/bin/env bash
# npm start: opens the desktop app from this checkout, or where Electron's binary can't be had the same window in a browser.
set -euo pipefail
# shellcheck source=scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

# Prints the path of Electron: one that ELECTRON_OVERRIDE_DIST_PATH gives, or the npm package's, which downloads it when
# it is first wanted.
find_electron() {
  local package=$project/node_modules/electron
  local electron=${ELECTRON_OVERRIDE_DIST_PATH:-$package/dist}/electron
  [[ -x $electron ]] || node "$package/install.js" >/dev/null 2>&1 || true
  [[ -x $electron ]] && echo "$electron"
}

if electron=$(find_electron); then
  need_desktop
  exec "$electron" "$project" "$@"
fi
echo "Electron's binary is not here and can't be downloaded: the window opens in a browser instead." >&2
exec "$project/tinsmith" serve --open "$@"
