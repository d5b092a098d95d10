#!/usr/bin/env bash
# npm run dist: the desktop app's packages, a deb and an AppImage. electron-builder downloads the tools for them; where it can't,
# dpkg-deb makes the deb, and there is no AppImage.
# npm run dist:dir: the unpacked app alone, in dist/app. With ELECTRON_DIST, the folder of an unpacked Electron, nothing is downloaded.
set -euo pipefail
# shellcheck source=scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
[[ $(uname -s) == Linux ]] || fail "Tinsmith runs on Linux alone: build its packages there"
need_package
cd "$project"

# Whether electron-builder has one of its tools, or can download it.
has_tool() {
  node --eval "require('app-builder-lib/out/toolsets/linux').$1.catch(() => process.exit(1))" >/dev/null 2>&1
}

electron=${ELECTRON_DIST:-$project/node_modules/electron/dist}
options=(--publish never --linux)
if [[ $* != *--dir* ]]; then
  if ! has_tool "getFpmPath()"; then
    echo "fpm can't be downloaded: dpkg-deb makes the deb." >&2
    export CUSTOM_FPM_PATH=$project/scripts/dpkg-deb-for-fpm.sh
  fi
  options+=(deb)
  if has_tool "getAppImageTools('0.0.0', 1)"; then options+=(AppImage); else
    echo "The tool for AppImages can't be downloaded: no AppImage is made." >&2
  fi
fi
[[ -d $electron ]] && options+=("-c.electronDist=$electron")
exec node_modules/.bin/electron-builder "${options[@]}" "$@"
