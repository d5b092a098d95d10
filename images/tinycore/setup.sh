#!/bin/sh
# Turns the setup image into the worker image. The setup image runs this from the data CD, as the user tc. It posts
# its output to the build's log line by line; in the end the machine powers off, even after an error.

cd_folder=$(dirname "$0")
output=/tmp/setup-output
# The network may come up late, or never: so many seconds are spent waiting for it, over all lines.
seconds_left=30

# Posts lines to the build's log: TEXT
post() {
  echo "$1"
  until wget -q -O /dev/null --post-data "$1
" http://169.254.169.254/engine/v1/log; do
    [ "$seconds_left" -gt 0 ] || return
    seconds_left=$((seconds_left - 1))
    sleep 1
  done
}

# Says what is done and does it; a failure ends the setup: WHAT COMMAND [ARGUMENT...]
step() {
  what=$1
  shift
  post "setup: $what"
  if ! "$@" >"$output" 2>&1; then
    post "$(tail -n 20 "$output")"
    post "setup: failed: $what"
    sudo poweroff
    exit 1
  fi
}

post "setup: started on Linux $(uname -r)"
step "copy the guest tools to /opt" sudo cp "$cd_folder/guest-tools" "$cd_folder/start-guest-tools" /opt/
step "make them executable" sudo chmod 755 /opt/guest-tools /opt/start-guest-tools
step "start them at each boot from now on" cp "$cd_folder/worker.sh" "$HOME/.X.d/worker.sh"
step "run no setup at boot from now on" rm "$HOME/.X.d/setup.sh"
# With the date of the CD, which each build gives the same, two builds save the same bytes.
sudo touch -r "$cd_folder/worker.sh" /opt /opt/guest-tools /opt/start-guest-tools "$HOME/.X.d" "$HOME/.X.d/worker.sh" || true
step "save /opt and /home" filetool.sh -b
post "setup: done"
sudo poweroff
