#!/bin/sh
# Saves (-b) what /opt/.filetool.lst names to the disk, as TinyCore's filetool.sh does; it is restored at each boot.
[ "$(id -u)" = 0 ] || exec sudo "$0" "$@"
[ "$*" = -b ] || {
  echo "usage: filetool.sh -b" >&2
  exit 1
}
tce=$(readlink /etc/sysconfig/tcedir) || {
  echo "filetool.sh: no disk to save to: install first (tc-install.sh)" >&2
  exit 1
}
mount_point=${tce%/tce}
# Not compressed: here gzip would take two seconds to save the guest tools, and more than one at each boot.
backup=$tce/mydata.tar

save() {
  # One name a line; busybox's tar can't read them from a file.
  # shellcheck disable=SC2046
  tar -C / -cf "$backup.partial" $(cat /opt/.filetool.lst) && mv "$backup.partial" "$backup"
}

echo "Backing up files to $backup"
mount -o remount,rw "$mount_point" || exit 1
save
status=$?
rm -f "$backup.partial"
mount -o remount,ro "$mount_point" || exit 1
[ "$status" = 0 ] && echo Done. || echo "filetool.sh: saving failed" >&2
exit "$status"
