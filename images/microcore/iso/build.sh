#!/bin/bash
# Builds the boot ISO of microcore from Debian packages: build.sh OUT.iso
#
# It needs Debian's package sources and the programs below, but no root: everything happens in a temporary folder.
# With TINSMITH_CACHE set, what was downloaded is kept in its folder debian/ and used again.
set -euo pipefail

# The programs that are used here, each with the Debian package that brings it.
host_programs=(apt-get:apt dpkg-deb:dpkg depmod:kmod xz:xz-utils cpio:cpio xorriso:xorriso)

# Ordinary users don't have the folder of depmod on their PATH.
export PATH="$PATH:/usr/sbin:/sbin"
# Same packages, same bytes: no date, order, mode or language of the host goes into the ISO.
export SOURCE_DATE_EPOCH=1735689600 LC_ALL=C TZ=UTC
umask 022

step() { echo "microcore: $*"; }

fail() {
  echo "microcore: $*" >&2
  exit 1
}

check_host_programs() {
  local entry missing=()
  for entry in "${host_programs[@]}"; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry#*:}")
  done
  ((${#missing[@]} == 0)) || fail "these Debian packages are missing: ${missing[*]} (apt-get install ${missing[*]})"
}

# Gives apt a state of its own, so that foreign architectures need no change to the host: ARCHITECTURE...
configure_apt() {
  mkdir -p "$downloads/lists/partial" "$downloads/archives/partial"
  touch "$work/dpkg-status"
  # The cleared settings would clean the host's caches after an update, or download more than the package lists.
  cat >"$work/apt.conf" <<END
APT::Architecture "$1";
#clear APT::Architectures;
APT::Architectures { $(printf '"%s"; ' "$@")};
#clear APT::Update;
#clear Acquire::IndexTargets::deb::DEP-11;
Acquire::Languages "none";
Acquire::Retries "3";
// Run as root, apt would drop to a user who may not write here.
APT::Sandbox::User "root";
Dir::State "$downloads";
Dir::State::lists "$downloads/lists";
Dir::State::status "$work/dpkg-status";
Dir::Cache "$downloads";
END
}

# One list among several fails now and then, and an older one, or another, has the packages too: so this never fails.
update_package_lists() {
  local try
  for try in 1 2 3; do
    ((try == 1)) || sleep 2
    apt-get -c "$work/apt.conf" -qq update 2>"$work/update-errors" && return
  done
  step "carrying on with the package lists that could be had: $(grep -m 1 '^[EW]:' "$work/update-errors" || true)"
}

# Prints the package of the newest kernel, or nothing where apt has none: META-PACKAGE
newest_kernel() {
  { apt-cache -c "$work/apt.conf" show --no-all-versions "$1" 2>/dev/null || true; } |
    sed -n 's/^Depends: \(linux-image-[^ ,]*\).*/\1/p'
}

# Sets $kernel. Up to Debian 12 it is the 32-bit one; from 13 on there is only the 64-bit one, which runs the same
# 32-bit programs.
choose_kernel() {
  configure_apt i386
  update_package_lists
  kernel=$(newest_kernel linux-image-686)
  [[ -z $kernel ]] || return 0
  configure_apt i386 amd64
  update_package_lists
  kernel=$(newest_kernel linux-image-amd64:amd64)
  [[ -n $kernel ]] || fail "apt offers no Debian kernel for i386 or amd64: check its sources and the network"
  kernel+=:amd64
}

# Unpacks packages to a folder: FOLDER PACKAGE...
unpack_packages() {
  local folder=$1 file files
  shift
  files=$(apt-get -c "$work/apt.conf" download --print-uris "$@" | cut -d ' ' -f 2)
  (cd "$downloads/archives" && apt-get -c "$work/apt.conf" -qq download "$@")
  for file in $files; do dpkg-deb -x "$downloads/archives/$file" "$folder"; done
  # From Debian 13 on packages have these below usr only.
  [[ -e $folder/bin ]] || ln -s usr/bin usr/lib "$folder/"
}

# Copies the drivers of modules/NAME, and those that they need, to lib/modules; NAME.order there lists them in the
# order in which they can be loaded: PACKAGES ROOT NAME
copy_modules() {
  local packages=$1 root=$2 name=$3 release module path
  release=$(basename "$packages"/lib/modules/*)
  while read -r module; do
    # An empty configuration instead of the host's.
    modprobe -C /dev/null -d "$packages" -S "$release" --show-depends "$module"
  done <"modules/$name" | while read -r kind path; do
    # The others are built into the kernel.
    [[ $kind == insmod ]] || continue
    module=$(basename "$path" .xz)
    if [[ $path == *.xz ]]; then xz -dc "$path"; else cat "$path"; fi >"$root/lib/modules/$module"
    echo "$module"
  done | awk '!seen[$0]++' >"$root/lib/modules/$name.order"
}

# Makes the root file system that the kernel unpacks into memory: PACKAGES ROOT
make_root() {
  local packages=$1 root=$2 name
  cp -R rootfs "$root"
  (
    cd "$root"
    mkdir -p bin dev etc/sysconfig home/tc/.X.d lib/modules mnt/sr{0,1} proc root run sys tmp usr/sbin var/log
    ln -s bin/busybox init
    ln -s poweroff sbin/reboot
    ln -s poweroff sbin/halt
  )
  cp "$packages/bin/busybox" "$root/bin/"
  depmod -b "$packages" "$(basename "$packages"/lib/modules/*)"
  for name in network storage input; do copy_modules "$packages" "$root" "$name"; done
  chmod -R u=rwX,go=rX "$root"
  chmod 1777 "$root/tmp"
  # For su, on which sudo rests. Busybox gives up root's rights for all other programs.
  chmod 4755 "$root/bin/busybox"
}

# Gives all that is in a folder the same date: FOLDER
set_dates() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

# Packs a folder as an initramfs, all of it owned by root: FOLDER
pack_root() {
  set_dates "$1"
  (cd "$1" && find . -mindepth 1 -print0 | sort -z | cpio --null -o -H newc --reproducible --owner=+0:+0 --quiet) |
    gzip -9n
}

# Lays out the CD: PACKAGES ROOT CD
make_cd_folder() {
  local packages=$1 root=$2 cd=$3
  mkdir -p "$cd/boot/isolinux"
  cp "$packages"/boot/vmlinuz-* "$cd/boot/vmlinuz"
  pack_root "$root" >"$cd/boot/core.gz"
  cp isolinux.cfg "$packages/usr/lib/ISOLINUX/isolinux.bin" \
    "$packages/usr/lib/syslinux/modules/bios/ldlinux.c32" "$cd/boot/isolinux/"
}

# Makes an ISO that also boots from a disk ("isohybrid"), since tc-install.sh copies it to one: PACKAGES CD OUT
make_iso() {
  set_dates "$2"
  # -r: Rock Ridge, all of it owned by root.
  xorriso -report_about WARNING -as mkisofs -quiet -V MICROCORE -r -J -no-pad \
    -b boot/isolinux/isolinux.bin -c boot/isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \
    -isohybrid-mbr "$1/usr/lib/ISOLINUX/isohdpfx.bin" -o "$3" "$2"
}

(($# == 1)) || fail "usage: build.sh OUT.iso"
out=$(realpath "$1")
check_host_programs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
downloads=$work/debian
[[ -z ${TINSMITH_CACHE:-} ]] || downloads=$(realpath -m "$TINSMITH_CACHE")/debian
cd "$(dirname "${BASH_SOURCE[0]}")"

step "reading the package lists"
choose_kernel
step "unpacking $kernel, busybox and isolinux"
unpack_packages "$work/packages" "$kernel" busybox-static isolinux syslinux-common
step "making the root file system"
make_root "$work/packages" "$work/root"
step "writing the ISO"
make_cd_folder "$work/packages" "$work/root" "$work/cd"
make_iso "$work/packages" "$work/cd" "$work/microcore.iso"
mv "$work/microcore.iso" "$out"
step "wrote $out, $(($(stat -c %s "$out") >> 10)) KiB"
