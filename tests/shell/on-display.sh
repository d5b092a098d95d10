#!/usr/bin/env bash
# Runs a command on an X display with a window manager, and with a temporary home: on-display.sh COMMAND [ARGUMENT...]
set -euo pipefail

work=$(mktemp -d)
started=()
clean_up() {
  kill "${started[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache} XDG_RUNTIME_DIR=$work/run
export HOME=$work/home GOMODCACHE=$XDG_CACHE_HOME/go-mod
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
# Settings of a person's own session must not be used.
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS

mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
started+=($!)
read -r number <"$work/display" || { cat "$work/xvfb.log" >&2; exit 1; }
export DISPLAY=:$number
openbox >"$work/openbox.log" 2>&1 &
started+=($!)
# The tray and notifications are asked for over a session bus.
dbus-run-session -- "$@"
