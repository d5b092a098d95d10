#!/usr/bin/env bash
# Makes a deb by dpkg-deb, from the arguments that electron-builder gives to fpm: CUSTOM_FPM_PATH=scripts/dpkg-deb-for-fpm.sh electron-builder
# --linux deb. For hosts where electron-builder can't download fpm; the content is the same, but for the change log that fpm writes.
set -euo pipefail

# The settings of electron-builder, by fpm's names.
declare -A option=()
depends=() recommends=() files=()
while (($#)); do
  case $1 in
    --force) shift 1 ;;
    -d) depends+=("$2") && shift 2 ;;
    --deb-recommends) recommends+=("$2") && shift 2 ;;
    -*) option[$1]=$2 && shift 2 ;;
    *=/*) files+=("$1") && shift 1 ;;
    *) echo "dpkg-deb-for-fpm.sh does not know the argument $1 of electron-builder" >&2 && exit 1 ;;
  esac
done

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
for pair in "${files[@]}"; do
  target=$root/${pair#*=}
  # A folder's content is put into the target, as with rsync.
  if [[ ${pair%%=*} == */ ]]; then
    mkdir -p "$target"
    cp -a "${pair%%=*}." "$target"
  else
    mkdir -p "$(dirname "$target")"
    cp -aL "${pair%%=*}" "$target"
  fi
done
mkdir "$root/DEBIAN"
cp "${option[--after-install]}" "$root/DEBIAN/postinst"
cp "${option[--after-remove]}" "$root/DEBIAN/postrm"
chmod +x "$root"/DEBIAN/post*
# All users of the package can read it, whatever the umask here.
chmod -R u=rwX,go=rX "$root"

list() {
  printf '%s' "$1"
  (($# == 1)) || printf ', %s' "${@:2}"
}
# KiB, as Debian counts them: whatever blocks the file system here has, the same files give the same number.
installed_size=$(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' -o -printf '1\n' |
  awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
# The lines of a description after the first begin with a space.
cat >"$root/DEBIAN/control" <<CONTROL
Package: ${option[--name]}
Version: ${option[--version]}
License: ${option[--license]}
Vendor: ${option[--vendor]}
Architecture: ${option[--architecture]}
Maintainer: ${option[--maintainer]}
Installed-Size: $installed_size
Depends: $(list "${depends[@]}")
Recommends: $(list "${recommends[@]}")
Section: ${option[--category]}
Priority: ${option[--deb-priority]}
Homepage: ${option[--url]}
Description: ${option[--description]}
CONTROL
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group "-Z${option[--deb-compression]/gz/gzip}" --build "$root" "${option[--package]}" >&2
