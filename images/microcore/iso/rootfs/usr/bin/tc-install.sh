#!/bin/sh
# Installs the CD in /dev/sr0 on a disk, all of which is overwritten: tc-install.sh DISK
set -e
[ "$(id -u)" = 0 ] || exec sudo "$0" "$@"
disk=${1:?usage: tc-install.sh DISK}
tce_partition=${disk}2
mount_point=/mnt/${tce_partition#/dev/}

# The ISO boots from a disk as well, so that its bytes are all that partition 1 needs.
dd if=/dev/sr0 of="$disk" bs=1M
# The rest of the disk, from 64 MiB on, becomes partition 2. fdisk asks for kind, number, first and last sector.
printf 'n\np\n2\n131072\n\nw\n' | fdisk "$disk"
mke2fs -L tce "$tce_partition"

mkdir -p "$mount_point"
mount -t ext4 "$tce_partition" "$mount_point"
mkdir "$mount_point/tce"
chown tc:staff "$mount_point/tce"
mount -o remount,ro "$mount_point"
ln -snf "$mount_point/tce" /etc/sysconfig/tcedir
echo "Installed on $disk"
