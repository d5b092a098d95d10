#!/usr/bin/env bash
# Builds the worker image, on whatever this machine still lacks for it: of images/tinycore when its setup image is
# there, or its recipe names an ISO and steps that install it, else of images/microcore, the embedded guest OS. Arguments are passed on to "tinsmith rebuild worker".
set -Eeuo pipefail
# A failure before Tinsmith runs is a failure of this host, whose exit status is 5: see cli/support/exit-status.ts.
trap 'exit 5' ERR
cd "$(dirname "${BASH_SOURCE[0]}")"
source scripts/bootstrap.sh
need_engine
need_guest_os_builder
recipe=images/microcore
if [[ -e images/tinycore/tinycore-setup.tar.lz4 ]] ||
  { grep -q '^iso:' images/tinycore/recipe.yaml && grep -Eq '^(steps|install):' images/tinycore/recipe.yaml; }; then
  recipe=images/tinycore
fi
exec ./tinsmith rebuild worker --recipe "$recipe" "$@"
