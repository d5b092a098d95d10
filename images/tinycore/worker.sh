#!/bin/sh
# Starts the guest tools of a worker image. The session sources this file at each boot and has more to do: hence the &.
(
  # Tinsmith removes this file before it kills the guest tools to replace them: then they are started again.
  running=/tmp/guest-tools-running
  rm -f "$running"
  until [ -e "$running" ]; do
    touch "$running"
    # The log is tc's, not root's.
    # shellcheck disable=SC2024
    sudo /opt/start-guest-tools >/tmp/guest-tools.log 2>&1
    status=$?
  done
  # They exit only when something is wrong. The task's log gets to know what, and the machine doesn't linger.
  wget -q -O /dev/null --post-data "worker: the guest tools exited with status $status
$(tail -n 20 /tmp/guest-tools.log)
" http://169.254.169.254/engine/v1/log
  sudo poweroff
) &
