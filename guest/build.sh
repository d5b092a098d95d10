#!/bin/sh
# Builds the guest tools, a static binary for 32-bit x86 Linux: build.sh OUT
# The same sources and the same Go give the same bytes, wherever the sources lie.
set -eu

if [ $# -ne 1 ]; then
	echo "usage: build.sh OUT" >&2
	exit 2
fi
case $1 in
/*) out=$1 ;;
*) out=$PWD/$1 ;;
esac

CDPATH='' cd -- "$(dirname -- "$0")"
# Settings of the person who builds (GOFLAGS, a workspace, another GO386) must not reach the bytes.
export CGO_ENABLED=0 GOOS=linux GOARCH=386 GO386=sse2
export GOFLAGS=-mod=readonly GOWORK=off GOTOOLCHAIN=local
exec go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o "$out" .
