#!/usr/bin/env bash
# Runs every check and test: ./test.sh [checks|unit|hard|tools|ui|shell|package|guest ...]; all of them when none is named. Two more take long,
# and run only when they are named: kills (TINSMITH_KILLS=100) and fuzz (FUZZ_RUNS=1000 FUZZ_SEED=...).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source scripts/bootstrap.sh
need_engine
need_guest_os_builder
need_packages lz4=lz4 zstd=zstd shellcheck=shellcheck e2fsck=e2fsprogs sfdisk=fdisk pgrep=procps ss=iproute2 socat=socat curl=curl chromium=chromium
# Debian's own Go, beside the one that is there, builds the guest tools too.
need_packages /usr/lib/go/bin/go=golang-go
PATH=$PWD/node_modules/.bin:$PATH

checks() {
  tsc -b
  biome check --error-on-warnings
  knip
  shellcheck tinsmith ./*.sh scripts/*.sh .ci/run
  git ls-files -z '*.sh' | xargs -0 shellcheck
}
unit() {
  vitest run --project unit
}
# Killed processes, full and closed disks, damaged archives.
hard() {
  vitest run --project hard
}
# The guest tools by themselves, and against the service.
tools() {
  vitest run --project protocol
  # Without C, as the guest tools are built: a fresh machine has no C compiler.
  (cd guest && export CGO_ENABLED=0 && go vet ./... && go test ./...)
}
ui() {
  need_renderer
  playwright test -c tests/ui/playwright.config.ts
}
# The desktop app's bundles: on Electron where one is installed, else on a stand-in for it.
shell() {
  need_package
  playwright test -c tests/shell/playwright.config.ts
}
# The npm package, and the unpacked desktop app.
package() {
  need_package
  need_packages desktop-file-validate=desktop-file-utils update-mime-database=shared-mime-info
  vitest run --project package
}
guest() {
  vitest run --project guest
}
# Rebuilds, runs, packs and extractions, each killed at so many random moments.
kills() {
  export TINSMITH_KILLS=${TINSMITH_KILLS:-100}
  vitest run --project guest tests/guest/kill.test.ts
  vitest run --project hard tests/hard/kills.test.ts
}
# So many archives of GNU tar, lz4 and zstd, and twice as many damaged ones of either kind.
fuzz() {
  export FUZZ_RUNS=${FUZZ_RUNS:-1000} FUZZ_SEED=${FUZZ_SEED:-$RANDOM}
  vitest run --project hard tests/hard/fuzz.test.ts
}

for part in "${@:-checks unit hard tools ui shell package guest}"; do
  for one in $part; do
    echo "== $one"
    "$one"
  done
done
