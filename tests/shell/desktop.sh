#!/usr/bin/env bash
# Runs a command that starts the desktop app: tests/shell/desktop.sh COMMAND [ARGUMENT...]
#
# The command has a display and a home of its own, and ELECTRON_OVERRIDE_DIST_PATH names the Electron to start. Electron does not start as root, so
# root runs the command as another user.
set -euo pipefail
# shellcheck source=scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/bootstrap.sh"
# shellcheck source=scripts/electron.sh
source "$project/scripts/electron.sh"

# Nobody's number on most systems; it needs no account.
user=65534
groups=--clear-groups
[[ -e /dev/kvm ]] && groups=--groups=$(stat -c %g /dev/kvm)
as_user=(setpriv "--reuid=$user" "--regid=$user" "$groups")

# In a checkout that only root can read, such as one in root's home, runs this script again in a place where the user can.
run_where_user_can_read() {
  unshare --mount true 2>/dev/null ||
    fail "user $user can't read $project, and Electron does not start as root. Move the checkout, or let others enter the folders above it (chmod o+x)."
  local place
  place=$(mktemp -d)
  chmod 755 "$place"
  # Outside the mount namespace, these are empty folders and files.
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf --one-file-system '$place'" EXIT
  # shellcheck disable=SC2016 # expanded by the shell in there
  unshare --mount bash -euc '
    from=$1 place=$2
    shift 2
    shopt -s dotglob
    for entry in "$from"/*; do
      to=$place/${entry##*/}
      if [[ -d $entry ]]; then mkdir "$to"; else : >"$to"; fi
      mount --bind "$entry" "$to"
    done
    cd "$place"
    PATH=${PATH//"$from"/"$place"} exec tests/shell/desktop.sh "$@"
  ' bash "$project" "$place" "$@"
}
if ((EUID == 0)) && ! "${as_user[@]}" test -r "$project/package.json"; then
  run_where_user_can_read "$@"
  exit
fi

# Prints the folder of the Electron to test on: one that can be started and runs what is shipped, else the one for tests.
find_electron_to_test() {
  local electron
  if electron=$(find_electron) && [[ -z $(why_electron_differs "$electron") ]]; then
    dirname "$electron"
  else
    lay_out_test_electron
  fi
}
lay_out_test_electron() {
  mkdir -p "$project/.tools"
  {
    flock 9
    node "$project/tests/shell/test-electron/lay-out.ts" 9>&- || fail "the Electron for tests can't be fetched"
  } 9>"$project/.tools/.electron-lock"
}

library=/usr/lib/$(uname -m)-linux-gnu
need_packages Xvfb=xvfb openbox=openbox dbus-run-session=dbus-daemon unzip=unzip "$library/libnss3.so"=libnss3 "$library/libgtk-3.so.0"=libgtk-3-0 \
  "$library/libgbm.so.1"=libgbm1 "$library/libasound.so.2"=libasound2 "$library/libXss.so.1"=libxss1
need_desktop
ELECTRON_OVERRIDE_DIST_PATH=$(find_electron_to_test)
export ELECTRON_OVERRIDE_DIST_PATH
# The bundles for the test Electron; others run those that are shipped.
need_bundle test-electron cli core electron shared packaging/icons vite.cli.config.ts vite.electron.config.ts tests/shell/test-electron

((EUID == 0)) || exec "$project/tests/shell/on-display.sh" "$@"

# The files that tests write in the checkout; caches are kept.
mkdir -p "$project/.build/shell"
chown $user:$user "$project/.build/shell"
export XDG_CACHE_HOME=$project/.build/shell/cache
exec "${as_user[@]}" "$project/tests/shell/on-display.sh" "$@"
