#!/usr/bin/env bash
# A newcomer's first steps, in this checkout: builds the worker image, runs a command in it, opens a shell in the
# guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
worker=images/microcore/microcore-worker.tar.lz4
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

echo "-- rebuild"
./rebuild.sh

echo "-- run"
# shellcheck disable=SC2016 # expanded in the guest
./tinsmith run "$worker" --env NAME=world -- sh -c 'echo hello $NAME' | tee "$folder/run.log"
grep -q "hello world" "$folder/run.log"

echo "-- shell"
mkfifo "$folder/output"
./tinsmith run "$worker" --keep-alive -- echo ready >"$folder/output" &
run=$!
exec 3<"$folder/output"
read -r line <&3
[[ $line == ready* ]]
./tinsmith shell --no-tty -- echo from the guest | tee "$folder/shell.log"
grep -q "from the guest" "$folder/shell.log"
kill -INT "$run"
wait "$run" || echo "the run ended with exit status $?"
