#!/usr/bin/env bash
# Tries a newcomer's first steps on a fresh Debian, as root: tests/long/fresh-debian.sh SUITE (bookworm, trixie).
# It makes a minimal system with git in a temporary folder, and clones this checkout's last commit into it.
set -euo pipefail
suite=${1:?usage: fresh-debian.sh SUITE}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
((EUID == 0)) || { echo "error: run this as root: it makes a system to chroot into" >&2; exit 1; }

# The mirror of this system's own packages.
# shellcheck disable=SC2016 # apt's own variable
mirror=$(apt-get indextargets --format '$(SITE)' | sed -n 1p)
root=$(mktemp -d /var/tmp/fresh-debian.XXXXXX)
trap 'rm -rf --one-file-system "$root" "$root.log"' EXIT
chmod 755 "$root"

echo "-- $suite: installing a minimal system"
debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
  { tail -n 20 "$root.log" >&2; exit 1; }

# How this host reaches its package registries: names, certificates, settings of apt, npm and Go.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
for settings in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf.d/99* /etc/npmrc ~/.npmrc ~/.config/go/env; do
  [[ ! -f $settings ]] || install -D -m 644 "$settings" "$root$settings"
done
git clone --quiet "$checkout" "$root/root/tinsmith"

# Mounts and processes of its own, which end with it.
# shellcheck disable=SC2016 # expanded by the shell in there
unshare --mount --pid --fork --kill-child bash -euc '
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
  exec chroot "$1" /root/tinsmith/tests/long/first-steps.sh
' bash "$root"
echo "-- $suite: passed"
