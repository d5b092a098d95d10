# shellcheck shell=bash
# Where Electron is, and whether it can open a window here. Sourced after bootstrap.sh, which sets $project.
# shellcheck disable=SC2154

# Prints the path of Electron: one that ELECTRON_OVERRIDE_DIST_PATH gives, or the npm package's, which downloads it when
# it is first wanted.
find_electron() {
  local package=$project/node_modules/electron
  local electron=${ELECTRON_OVERRIDE_DIST_PATH:-$package/dist}/electron
  [[ -x $electron ]] || node "$package/install.js" >/dev/null 2>&1 || true
  [[ -x $electron ]] && echo "$electron"
}

# Prints that an Electron has another major version than package.json says: an older one can't load the bundles. Nothing
# where it has the same, or doesn't tell.
why_electron_differs() {
  local found wanted
  found=$(cat "$(dirname "$1")/version" 2>/dev/null) || return 0
  found=${found#v}
  wanted=$(sed -n 's/^ *"electron": "\(.*\)",*$/\1/p' "$project/package.json")
  [[ ${found%%.*} == "${wanted%%.*}" ]] ||
    echo "Tinsmith needs Electron ${wanted%%.*}, and $1 is Electron $found. Unset ELECTRON_OVERRIDE_DIST_PATH, or set it to the folder of an Electron ${wanted%%.*}."
}

# Prints why an Electron can't open a window here, a reason a line; nothing where it can.
why_electron_fails() {
  local electron=$1 libraries
  why_electron_differs "$electron"
  ((EUID)) || echo "Electron's sandbox does not start as root. Run npm start as another user."
  [[ -n ${DISPLAY-}${WAYLAND_DISPLAY-} ]] || echo "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
  libraries=$(ldd "$electron" 2>/dev/null | sed -n 's/^\s*\(\S*\) => not found$/\1/p' | sort -u | paste -sd " ")
  [[ -z $libraries ]] ||
    echo "Electron needs libraries that are missing: $libraries. On Debian, install libnss3, libgtk-3-0, libgbm1 and libasound2."
}
