#!/usr/bin/env bash
# npm run dist: the desktop app's packages for this system, of which electron-builder downloads the tools.
# npm run dist:dir: the unpacked app alone, in dist/app. With ELECTRON_DIST, the folder of an unpacked Electron, nothing is downloaded.
set -euo pipefail
# shellcheck source=scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
need_package
cd "$project"
electron=${ELECTRON_DIST:-$project/node_modules/electron/dist}
from=()
[[ -d $electron ]] && from=("-c.electronDist=$electron")
exec node_modules/.bin/electron-builder --publish never "${from[@]}" "$@"
