#!/usr/bin/env bash
# npm start: opens the desktop app from this checkout. If Electron can't open a window, it says why, and the same
# window opens in a browser.
set -euo pipefail
# shellcheck source=scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
# shellcheck source=scripts/electron.sh
source "$project/scripts/electron.sh"

if electron=$(find_electron); then
  reasons=$(why_electron_fails "$electron")
else
  reasons="Electron's binary is not here and can't be downloaded."
fi
if [[ -z $reasons ]]; then
  need_desktop
  exec "$electron" "$project" "$@"
fi
printf '%s\n' "$reasons" "The window opens in a browser instead." >&2
exec "$project/tinsmith" serve --open "$@"
