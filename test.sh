#!/usr/bin/env bash
# Runs every check and test: ./test.sh [checks|unit|hard|tools|ui|shell|package|guest ...]; all of them when none is named. Twelve
# more measure, take long or need other servers, and run only when they are named: remote (TINSMITH_KILLS=4), looks, shell_more,
# guest_more, release, bench, bench_window,
# warm (TINSMITH_WARM_REBUILDS=20), kills (TINSMITH_KILLS=100), ui_more (TINSMITH_REPLAYS=1), fuzz (FUZZ_RUNS=1000 FUZZ_SEED=...) and long.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source scripts/bootstrap.sh
need_engine
need_guest_os_builder
need_packages lz4=lz4 zstd=zstd shellcheck=shellcheck mksquashfs=squashfs-tools e2fsck=e2fsprogs sfdisk=fdisk mkfs.vfat=dosfstools mcopy=mtools pgrep=procps ss=iproute2 socat=socat curl=curl openssl=openssl chromium-headless-shell=chromium-headless-shell
# Debian's own Go, beside the one that is there, builds the guest tools too.
need_packages /usr/lib/go/bin/go=golang-go
PATH=$PWD/node_modules/.bin:$PATH

checks() {
  tsc -b
  biome check --error-on-warnings
  knip
  shellcheck tinsmith ./*.sh scripts/*.sh packaging/deb/{tinsmith,tinsmith-desktop,postinst,postrm} .ci/run
  git ls-files -z '*.sh' | xargs -0 shellcheck
}
unit() {
  vitest run --project 'unit*'
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
  playwright test -c tests/ui/playwright.config.ts --project=real --project=scripted
}
# The rest of the tests of the window: rarer conditions, attacks, lost sessions, other windows and keyboards; and installations by
# hand, whose recordings are replayed so often, beside a busy processor if more than once.
ui_more() {
  export TINSMITH_REPLAYS=${TINSMITH_REPLAYS:-1}
  need_renderer
  playwright test -c tests/ui/playwright.config.ts --project=more
}
# Each scene of the window in each look: dark, in small windows and zoomed; ui has them in light only.
looks() {
  need_renderer
  TINSMITH_LOOKS=all playwright test -c tests/ui/playwright.config.ts --project=scripted screenshots.spec.ts
  node tests/ui/approval/compare-pictures.ts
}
# The desktop app on Electron; tests/shell/desktop.sh says on which.
shell() {
  need_package
  tests/shell/desktop.sh playwright test -c tests/shell/playwright.config.ts /{start,window,theme,menu,security,closing,journey}.spec.ts
}
# The rest of the desktop app: crashes, kills, a second instance, files that it opens, notifications, the deb.
shell_more() {
  need_package
  tests/shell/desktop.sh playwright test -c tests/shell/playwright.config.ts /{crash,killed,killed-recording,instance,opened,notices,deb}.spec.ts
}
# The npm package, and the unpacked desktop app.
package() {
  need_package
  need_packages desktop-file-validate=desktop-file-utils update-mime-database=shared-mime-info apparmor_parser=apparmor
  vitest run --project package --exclude tests/package/release.test.ts
}
# A release of a copy of the repository, with its packages and a signature.
release() {
  need_package
  vitest run --project package tests/package/release.test.ts
}
guest() {
  vitest run --project guest --exclude 'tests/guest/more/**'
}
# The rest of the guest tests: watches, checkpoints of builds, failed builds, kept work, pauses, images of other programs, killed processes.
guest_more() {
  # Their ISOs are booted, and the kernel of the installer.
  local debian
  debian=$(sed -n 's/^VERSION_ID="\(.*\)"$/\1/p' /etc/os-release)
  need_packages /usr/lib/grub-rescue/grub-rescue-cdrom.iso=grub-rescue-pc /usr/lib/ipxe/ipxe.iso=ipxe /usr/lib/memtest86+=memtest86+ \
    "/usr/lib/debian-installer/images/$debian/amd64=debian-installer-$debian-netboot-amd64"
  vitest run --project guest --exclude 'tests/guest/more/warm-*' tests/guest/more/
}
# A matrix is built over ssh. Images are published to a real registry and fetched from it, also by another client and by killed processes.
remote() {
  need_packages docker-registry=docker-registry ssh-keygen=openssh-client sshd=openssh-server parallel=parallel rsync=rsync jq=jq
  need_packages sbatch=slurm-client /usr/sbin/slurmctld=slurmctld /usr/sbin/slurmd=slurmd /usr/sbin/munged=munge
  need_oras
  vitest run --project remote
}
# Saved states that must not be restored or can't be saved, and so many rebuilds in a row that continue from one state, beside one that boots.
warm() {
  export TINSMITH_WARM_REBUILDS=${TINSMITH_WARM_REBUILDS:-20}
  vitest run --project guest tests/guest/more/warm-
}
# Each bench of the engine once, with doubled bars: this finds collapse, not noise.
bench() {
  export BENCH_BARS=doubled
  node bench/archives.ts 3
  node bench/contents.ts 3
  node bench/exchanges.ts 1
  node bench/meta-service.ts 1 5
  node bench/library.ts
  node bench/sessions.ts 1
  node bench/cli.ts 5
  node bench/checkpoints.ts 3
  node bench/watch.ts 3
  node bench/warm.ts 1
  node bench/matrix.ts 1
}
# The benches of the window and the desktop app, likewise.
bench_window() {
  need_packages jq=jq
  need_renderer
  need_package
  export BENCH_BARS=doubled
  node bench/exchanges-view.ts 1
  node bench/replay.ts
  node bench/long-run.ts
  node bench/window.ts 1 80
  node bench/screen.ts 1
  tests/shell/desktop.sh node bench/shell.ts 1
}
# Rebuilds (every second one from a saved state), runs, packs, extractions, builds and downloads of ISOs, images and states of the cache, and serve, each killed at so many random moments.
kills() {
  export TINSMITH_KILLS=${TINSMITH_KILLS:-100}
  vitest run --project guest tests/guest/more/kill.test.ts
  vitest run --project hard tests/hard/kills.test.ts tests/hard/serve-kills.test.ts
}
# So many archives of GNU tar, lz4 and zstd, and twice as many damaged ones of either kind; all hostile images.
fuzz() {
  export FUZZ_RUNS=${FUZZ_RUNS:-1000} FUZZ_SEED=${FUZZ_SEED:-$RANDOM} TINSMITH_HOSTILE=all
  vitest run --project hard tests/hard/fuzz.test.ts tests/hard/hostile-images.test.ts tests/hard/many-files.test.ts
}
# A newcomer's first steps on a fresh Debian 12 and 13, as root.
long() {
  need_packages debootstrap=debootstrap
  tests/long/fresh-debian.sh bookworm
  tests/long/fresh-debian.sh trixie
}

for part in "${@:-checks unit hard tools ui shell package guest}"; do
  for one in $part; do
    echo "== $one"
    "$one"
  done
done
